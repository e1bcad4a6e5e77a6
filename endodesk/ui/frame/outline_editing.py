"""Drawing box or field by hand: brings together the frame, the bar above the steps, and what the reader's keys do meanwhile."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from endodesk.app.language import tr
from endodesk.app.review.overriding import Overriding, size_of
from endodesk.app.viewing.outline_shapes import FIRST, SHAPES, Shape, drawn_as, edges_of, found_outline, moved, part_name, resized, shape_of
from endodesk.app.workspace import Workspace
from endodesk.domain.overrides import Outline, Part
from endodesk.ui.dialogs.questions import ask
from endodesk.ui.frame.outline_bar import OutlineBar
from endodesk.ui.frame.panel import FrameView

if TYPE_CHECKING:
    from endodesk.ui.frame.outline_editor import OutlineEditor

_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_LARGE = 10  # pixels that Ctrl and an arrow go at once
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OutlineEditing(QObject):
    """At most one outline of the open frame is drawn at a time; going to another frame leaves it as it was."""

    def __init__(self, workspace: Workspace, overriding: Overriding, view: FrameView, bar: OutlineBar, window: QWidget) -> None:
        super().__init__(bar)  # it goes with the panels
        self._workspace, self._overriding, self._view, self._bar, self._window = workspace, overriding, view, bar, window
        self._part: Part | None = None
        self.editor: OutlineEditor | None = None
        """The outline on the frame; None while nothing is drawn."""
        bar.shape_chosen.connect(self._take_shape)
        bar.kept.connect(self.keep)
        bar.none_chosen.connect(lambda: self._draw((), tr("{part}: there is none")))
        bar.automatic_chosen.connect(lambda: self._draw(None, tr("{part}: as the program finds it")))
        bar.all_asked.connect(self._ask_for_all)
        bar.rule_ended.connect(self._end_rule)
        bar.left.connect(self.leave)
        workspace.frame_chosen.connect(lambda _: self.leave())
        workspace.frame_opened.connect(lambda _: self.leave())  # the same frame may come anew, by another recipe or model
        workspace.frames_listed.connect(self.leave)
        view.picture_shown.connect(self._picture_shown)

    def begin(self, part: Part) -> None:
        """Begin to draw a part, from what is drawn already, else from what the program found."""
        self.leave()
        if self._view.shows_step:
            self._view.show_step(None)
        frame = self._workspace.open_frame
        if frame is None or self._view.box is None:
            self._workspace.message.emit(tr("Wait until the frame is shown, then draw on it."))
            return
        from endodesk.ui.frame.outline_editor import OutlineEditor

        known, size = self._overriding.of_frame(part, frame), size_of(frame)
        outline = (known.outline if known else None) or found_outline(part, frame.steps, size)
        shape = shape_of(outline) if outline else SHAPES[part][0]
        self._part, self.editor = part, OutlineEditor(self._view.box, QSize(*size), self)
        self.editor.show_outline(outline or drawn_as(shape, FIRST[part]), shape if shape in SHAPES[part] else Shape.RECTANGLE)
        own, rule = self._overriding.own(part, frame.record.sha256), self._overriding.rule(part, size)
        self._bar.open_for(part, self.editor.shape, size, own=own is not None, ruled=rule is not None)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # arrows are the menu's otherwise, wherever the focus is

    def keep(self) -> None:
        """Store the outline as it is drawn now, for the open frame alone, and end drawing."""
        if self.editor:
            self._draw(self.editor.outline, tr("{part}: drawn by hand"))

    def leave(self) -> None:
        """End drawing and change nothing of what is stored."""
        if self.editor is None:
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.editor.remove()
        self.editor.deleteLater()
        self._part = self.editor = None
        focus = QApplication.focusWidget()
        self._bar.hide()  # only now: hiding it moves the focus
        if focus is not None and (focus is self._bar or self._bar.isAncestorOf(focus)):
            self._window.setFocus()  # else Qt gives the keyboard to whatever control comes next

    # --- how --------------------------------------------------------------------------------------------------------

    def _draw(self, outline: Outline | None, told: str) -> None:
        part = self._part
        if part is None:
            return
        self.leave()
        if self._overriding.draw(part, outline):
            self._tell(part, told)

    def _tell(self, part: Part, told: str) -> None:
        self._workspace.message.emit(told.format(part=part_name(part)))

    def _take_shape(self, shape: Shape) -> None:
        if self.editor and shape is not self.editor.shape:
            self.editor.show_outline(drawn_as(shape, edges_of(self.editor.outline)), shape)
            self._bar.setFocus()

    def _ask_for_all(self) -> None:
        frame, part = self._workspace.open_frame, self._part
        if self.editor is None or frame is None or part is None:
            return
        outline, size = self.editor.outline, size_of(frame)
        self._overriding.count(size, part, lambda number: self._ask(part, outline, size, number))

    def _ask(self, part: Part, outline: Outline, size: tuple[int, int], number: int) -> None:
        frame = self._workspace.open_frame
        if self.editor is None or self._part is not part or frame is None or size_of(frame) != size:
            return  # the reader has gone on since
        words = tr(
            "{part}: use this outline on all {number} frames of {width} x {height} pixels in this folder, and on those that come later?\n\n"
            "EndoDesk takes frames of one size to be of one device. Frames that were drawn on themselves keep their own outline. "
            "The model is asked about the others again. Ctrl+Z takes it back."
        )
        text = words.format(part=part_name(part), number=f"{number:,}", width=size[0], height=size[1])
        ask(self._window, tr("All frames of a size"), text, yes=tr("Use on all"), then=lambda: self._draw_for_all(part, outline))

    def _draw_for_all(self, part: Part, outline: Outline) -> None:
        self.leave()
        if self._overriding.draw_for_size(part, outline):
            self._tell(part, tr("{part}: drawn by hand for all frames of this size"))

    def _end_rule(self) -> None:
        part = self._part
        self.leave()
        if part and self._overriding.draw_for_size(part, None):
            self._tell(part, tr("{part}: the rule for this size has ended"))

    def _picture_shown(self, size: QSize) -> None:
        if size.isEmpty():
            self.leave()

    # --- keys -------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of drawing before menus and panels get them."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()  # an override accepted keeps Qt from making a shortcut of the key; the press itself follows
            if event.type() == QEvent.Type.KeyPress:
                self._act(event)
            return True
        return super().eventFilter(watched, event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        # a question over the window has its own Enter and Esc
        if QApplication.activeModalWidget() is not None or QApplication.activeWindow() not in (None, self._window):
            return False
        if isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit | QComboBox | QAbstractSpinBox):
            return event.key() == Qt.Key.Key_Escape  # who types keeps the keys, Delete and arrows above all
        # Enter on the number pad carries a modifier of its own
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)  # with Alt, arrows move the view, also while one draws
        return (event.key() in _STEPS and not alt) or (plain and event.key() in (*_ENTER, Qt.Key.Key_Delete, Qt.Key.Key_Escape))

    def _act(self, event: QKeyEvent) -> None:
        focus, key = QApplication.focusWidget(), event.key()
        if key in _ENTER and isinstance(focus, QPushButton) and self._bar.isAncestorOf(focus):
            focus.click()  # who went to a button by Tab means that button
        elif key in _ENTER:
            self.keep()
        elif key == Qt.Key.Key_Delete:
            self._bar.none_chosen.emit()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            self._nudge(event)

    def _nudge(self, event: QKeyEvent) -> None:
        frame = self._workspace.open_frame
        if self.editor is None or frame is None:
            return
        far = _LARGE if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        x, y = _STEPS[Qt.Key(event.key())]
        change = resized if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else moved
        width, height = size_of(frame)
        self.editor.show_outline(change(self.editor.outline, far * x / width, far * y / height), self.editor.shape)
