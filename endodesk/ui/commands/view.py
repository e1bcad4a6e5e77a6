"""What the View menu does; part of the main window."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from endodesk.app.language import tr
from endodesk.app.session import Session
from endodesk.ui.frame.overlays import FrameOverlays
from endodesk.ui.frame.panel import FrameView
from endodesk.ui.gallery.panel import Gallery
from endodesk.ui.review.answer_panel import AnswerPanel

if TYPE_CHECKING:
    from endodesk.ui.frame.compare_view import CompareView

_ZOOM = 1.25
_PAN = 0.2
"""Of what is in view, a key."""


class ViewMenu:
    """To be mixed into a window that has these panels."""

    session: Session
    view: FrameView
    answer: AnswerPanel
    gallery: Gallery
    overlays: FrameOverlays
    actions_by_name: dict[str, QAction]
    compared: "CompareView | None" = None
    """Frames side by side in the frame's place."""
    _hidden: tuple[QWidget, ...] = ()
    """What full screen has taken away."""
    _lent: tuple[QAction, ...] = ()
    """Entries that the window itself holds meanwhile."""

    def toggle_heat(self) -> None:
        """On or off."""
        self.answer.heat_box.toggle()

    def show_frame(self) -> None:
        """Back from full screen, from a comparison, from an enlarged step; from the frame itself to all frames."""
        if self._hidden:
            self.turn_full_screen()
        elif self.compared:
            self.end_comparison()
        else:
            if not self.view.shows_step:
                self.gallery.bar.clear()
            self.view.show_step(None)
            self.answer.tell_heat()

    def fit(self) -> None:
        """The whole frame."""
        (self.compared or self.view).fit()

    def actual_size(self) -> None:
        """Pixel for pixel."""
        (self.compared or self.view).actual_size()

    def zoom_in(self) -> None:
        """Around the middle."""
        (self.compared or self.view).zoom(_ZOOM)

    def zoom_out(self) -> None:
        """Around the middle."""
        (self.compared or self.view).zoom(1 / _ZOOM)

    def pan_left(self) -> None:
        """See what lies there."""
        (self.compared or self.view).pan(-_PAN, 0)

    def pan_right(self) -> None:
        """See what lies there."""
        (self.compared or self.view).pan(_PAN, 0)

    def pan_up(self) -> None:
        """See what lies there."""
        (self.compared or self.view).pan(0, -_PAN)

    def pan_down(self) -> None:
        """See what lies there."""
        (self.compared or self.view).pan(0, _PAN)

    # --- over the frame ---------------------------------------------------------------------------------------------

    def turn_outlines(self) -> None:
        """Of what the steps found: on or off."""
        self.overlays.turn_outlines()

    def turn_wipe(self) -> None:
        """Between the frame and what preprocessing makes of it: on or off."""
        self.overlays.turn_wipe()
        self.answer.tell_heat()

    def wipe_left(self) -> None:
        """A step."""
        self.overlays.move_wipe(-1)

    def wipe_right(self) -> None:
        """A step."""
        self.overlays.move_wipe(+1)

    # --- side by side -----------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """The frames selected in the gallery."""
        from endodesk.ui.frame.compare_view import LEAST, MOST, CompareView

        if self.compared:
            self.end_comparison()
            return
        rows = self.gallery.selected_rows()
        if not LEAST <= len(rows) <= MOST:
            words = tr("Select two to four frames in the gallery first: Ctrl and click. {n} are selected.")
            self.session.message.emit(words.format(n=len(rows)))
            return
        self.compared = CompareView(self.session, rows, self._opacity)
        self.view.stage.addWidget(self.compared)
        self.view.stage.setCurrentWidget(self.compared)
        self.view.title.setText(tr("{n} frames side by side. Esc comes back to the frame.").format(n=len(rows)))

    def end_comparison(self) -> None:
        """Back to the frame."""
        if self.compared is None:
            return
        self.compared.leave()
        self.view.stage.removeWidget(self.compared)
        self.compared.deleteLater()
        self.compared = None
        self.view.show_again()
        self.answer.tell_heat()

    def tell_comparison_heat(self) -> None:
        """Heat maps are on, off, or have another opacity."""
        if self.compared:
            self.compared.show_heat(self._opacity)

    @property
    def _opacity(self) -> float | None:
        return self.answer.opacity.value() / 100 if self.answer.heat_box.isChecked() else None

    # --- full screen ------------------------------------------------------------------------------------------------

    def turn_full_screen(self) -> None:
        """The frame alone, or all panels again. Keys work as ever."""
        window = cast("QMainWindow", self)
        if self._hidden:
            for widget in self._hidden:
                widget.show()
            self._hidden = ()
            for action in self._lent:
                window.removeAction(action)
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
            return
        around = [window.menuBar(), window.statusBar(), *window.findChildren(QToolBar), self.gallery, *self.beside_frame()]
        self._hidden = tuple(widget for widget in around if widget.isVisibleTo(window))
        self._lent = tuple(action for action in self.actions_by_name.values() if action not in window.actions())
        window.addActions(self._lent)  # entries of a menu that is hidden hear no key
        for widget in self._hidden:
            widget.hide()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)

    def leave_full_screen(self) -> None:
        """Whatever takes its panels away must find them there."""
        if self._hidden:
            self.turn_full_screen()

    def beside_frame(self) -> list[QWidget]:
        """The window's own: panels other than frame and gallery."""
        raise NotImplementedError
