"""The case of the open frame: counts, the frames that matter, and what the reader concludes."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from endodesk.app.browsing.frame_columns import NOTHING
from endodesk.app.browsing.navigation import Navigation
from endodesk.app.cases.case_review import CaseReview, Notable
from endodesk.app.cases.case_words import counts_in_words
from endodesk.app.cases.earlier_cases import in_words
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace, shown_name
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.ui.review.side_page import SidePage
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import GRID_PX, NARROWEST_BOX_PX, line, text_label

_PICTURE = QSize(88, 66)
_WORDS_PX = 110  # else the longest figure would say how wide the window is
_OLDER = 6
_SOON_MS = 150  # rows and labels change in bursts: the page follows once for all of them


class CasePanel(SidePage):
    """Follows the workspace while it is in sight. What was typed is kept before anything else becomes of it."""

    report_asked = Signal()

    def __init__(
        self, workspace: Workspace, review: CaseReview, navigation: Navigation, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._review, self._navigation, self._thumbnails = workspace, review, navigation, thumbnails
        self._case, self._name = NOTHING, ""
        self._pictures: dict[int, FrameButton] = {}
        self._shown: list[Notable] | None = None
        self._unsaved: dict[str, tuple[str, str]] = {}
        """What could not be saved, by the name of the case: text and finding. Both stay typed until they are."""
        self.title, self.counts = text_label("", "large", wrap=True), text_label("", "quiet", wrap=True)
        self.frames = QVBoxLayout()
        self.finding, self.text = QComboBox(), Conclusions()
        self.message, self.older = text_label("", "quiet", wrap=True), text_label("", "quiet", wrap=True)
        self.report = push_button(tr("Case &report ..."), self.report_asked, tip=tr("One page as PDF for the file"))
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.show_case)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.finding.setAccessibleName(tr("Finding of the case"))
        self.finding.setMinimumWidth(NARROWEST_BOX_PX)
        self.text.setAccessibleName(tr("Conclusion"))
        self.text.setPlaceholderText(tr("What you conclude of this case (Ctrl+Return keeps it; it is kept by itself when you go on)"))
        fill(self.column, self.title, self.counts, line(), text_label(tr("Frames that matter"), "heading"), self.frames, line())
        fill(self.column, text_label(tr("Conclusion"), "heading"), self.finding, self.text, self.message, self.report, self.older)
        self.finish()

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.frame_chosen.connect(self._chosen)
        workspace.frames_listed.connect(self._relisted)
        workspace.thumbnail_arrived.connect(self._arrived)
        for signal in (workspace.rows_changed, workspace.label_changed, workspace.model_changed, workspace.blind_changed):
            signal.connect(self._later)
        workspace.classes_changed.connect(self._list_findings)
        self.text.left.connect(self.keep)
        self.finding.activated.connect(lambda _: self.keep())  # by the reader: currentIndexChanged also comes when another case is shown
        self._review.concluded.connect(lambda _: self._tell_history())
        self._list_findings()
        self._read_conclusion()
        self.show_case()

    # --- what happens -----------------------------------------------------------------------------------------------

    def _chosen(self, _row: int) -> None:
        if self._review.case != self._case:
            self.keep()
            self.show_case()

    def _relisted(self) -> None:
        self.keep()
        self.show_case()

    def _later(self, *_what: object) -> None:
        if self.isVisible() and not self._soon.isActive():  # not begun anew: else a steady stream would put it off for ever
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Brings the page up to date: while it is out of sight it follows nothing."""
        super().showEvent(event)
        self.show_case()

    def show_case(self) -> None:
        """Show the case of the open frame; out of sight, only its conclusion is taken over."""
        case = self._review.case
        if case != self._case or self._name != self._review.name:
            self._case, self._name = case, self._review.name
            self._read_conclusion()
        if not self.isVisible():  # counting a case goes through its frames: nobody would see it
            return
        figures = self._review.figures(case)
        self.title.setText(printable(figures.name) or tr("No case"))
        self.counts.setText("\n".join(counts_in_words(figures)))
        self._show_frames(self._review.notable(case))

    # --- the frames -------------------------------------------------------------------------------------------------

    def _show_frames(self, frames: list[Notable]) -> None:
        if frames == self._shown:
            return  # else each answer that comes in would take the buttons from under the mouse
        self._shown = frames
        # the keyboard stays where it was, if its frame is still among them
        held = next((row for row, button in self._pictures.items() if button.hasFocus()), None)
        empty_layout(self.frames)
        self._pictures.clear()
        if not frames:
            self.frames.addWidget(text_label(tr("None yet: they come with the model's answers."), "quiet", wrap=True))
        for one in frames:
            self.frames.addWidget(self._picture(one))
        if held in self._pictures:
            self._pictures[held].setFocus()

    def _picture(self, one: Notable) -> "FrameButton":
        said = one.said
        answer = tr("{answer} {percent} %").format(answer=said.answer, percent=round(100 * said.confidence))
        label = tr("label: {label}").format(label=said.label) if said.label else tr("no label")
        button = FrameButton("\n".join((tr(one.why), answer, label)))
        button.setToolTip(tip_text(printable(shown_name(self._workspace, said.row))))
        button.setAccessibleName(f"{tr(one.why)}: {printable(shown_name(self._workspace, said.row))}, {answer}, {label}")
        button.clicked.connect(partial(self._navigation.choose, said.row))
        self._pictures[said.row] = button
        self._draw(said.row)
        return button

    def _arrived(self, row: int) -> None:
        if row in self._pictures:
            self._draw(row)

    def _draw(self, row: int) -> None:
        frames = self._workspace.frames
        picture = self._thumbnails.get(frames.path(row), frames.sha256s[row])
        if isinstance(picture, QImage):
            self._pictures[row].show_picture(picture)

    # --- the conclusion ---------------------------------------------------------------------------------------------

    def _list_findings(self) -> None:
        held = self.finding.currentData()  # classes change while a finding is chosen
        self.finding.clear()
        self.finding.addItem(tr("no finding chosen"), "")
        for name in self._workspace.classes:
            self.finding.addItem(printable(name), name)
        self._choose_finding(held or "")

    def _choose_finding(self, name: str) -> None:
        if name and self.finding.findData(name) < 0:
            self.finding.addItem(printable(name), name)  # a class that the project had then
        self.finding.setCurrentIndex(max(0, self.finding.findData(name)))

    def _read_conclusion(self) -> None:
        history = self._review.history(self._name) if self._name else []
        kept = (history[-1].text, history[-1].finding) if history else ("", "")
        text, finding = self._unsaved.get(self._name, kept)  # what could not be saved comes before what was
        self.text.setPlainText(text)
        self._choose_finding(finding)
        for widget in (self.finding, self.text, self.report):
            widget.setEnabled(bool(self._name))
        self._tell_history(history)

    def _tell_history(self, history: list[Conclusion] | None = None) -> None:
        history = self._review.history(self._name) if history is None and self._name else history or []
        words = (
            ""
            if self._name
            else tr("Frames in a folder of their own, within a class folder or not, are a case; Data > Check splits says what is.")
        )
        self.message.setText(tr("Kept: {who}").format(who=_who(history[-1])) if history else words)
        older = [f"{_who(one)}: {printable(one.finding)}  {one.text}" for one in reversed(history[-_OLDER - 1 : -1])]
        older += map(in_words, reversed(self._review.of_folders(self._name) if self._name else []))
        self.older.setText("\n\n".join([tr("Earlier conclusions"), *older]) if older else "")
        self.older.setVisible(bool(older))

    def keep(self) -> bool:
        """Put on disk what was typed or chosen; whether nothing is left unsaved.

        A failure is told, and the words stay typed, also when the reader comes back to the case.
        """
        if not self._name:
            return not self._unsaved
        text, finding = self.text.toPlainText(), str(self.finding.currentData() or "")
        try:
            self._review.conclude(self._name, text, finding)
        except EndoDeskError as error:
            told_before = self._unsaved.get(self._name) == (text, finding)  # leaving the field again must not bring the same box again
            self._unsaved[self._name] = text, finding
            if not told_before:
                self._workspace.warning.emit(tr("The conclusion was not saved. {reason}").format(reason=error))
        else:
            self._unsaved.pop(self._name, None)
        return not self._unsaved


class FrameButton(QPushButton):
    """A frame that matters: a small picture, and beside it why, in words that wrap."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.words = text_label(), text_label(words, wrap=True)
        self.picture.setFixedSize(_PICTURE)
        self.words.setMinimumWidth(_WORDS_PX)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX // 2, GRID_PX // 2, GRID_PX // 2, GRID_PX // 2)
        for widget in (self.picture, self.words):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # a click on picture or words is one on the button
            row.addWidget(widget, 1 if widget is self.words else 0)

    def show_picture(self, picture: QImage) -> None:
        """Show the picture as large as there is room for it."""
        ratio, smooth = self.devicePixelRatioF(), Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(picture.scaled(_PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)

    def sizeHint(self) -> QSize:
        """Asks the layout on the button: Qt would go by text and icon, of which it has none."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Asks the layout on the button, as `sizeHint` does."""
        return self._row.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Makes the button as high as its words are when they wrap."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._row.totalHeightForWidth(self.width()))
        self._row.setGeometry(self.rect())  # Qt leaves the words as low as they were before they wrapped: one could not read them


class Conclusions(QPlainTextEdit):
    """A text of a few lines; Tab goes on to the next control."""

    left = Signal()
    """The keyboard went elsewhere, or Ctrl+Return was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)  # else Tab would be typed, and the keyboard could not leave
        self.setMinimumHeight(5 * self.fontMetrics().lineSpacing() + 2 * GRID_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Takes Ctrl+Return as the wish to keep the text; a plain Return begins a line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the text was left: what is typed is kept without being asked to."""
        super().focusOutEvent(event)
        self.left.emit()


def _who(conclusion: Conclusion) -> str:
    return tr("{reader}, {when}").format(reader=conclusion.reader, when=f"{conclusion.at.astimezone():%Y-%m-%d %H:%M}")
