"""How it was at a date: folded below the history, whose heading holds the fold, and read only when it is unfolded."""

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QToolButton, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.review.as_of import AsOf
from endodesk.app.workspace import Workspace
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, NARROWEST_BOX_PX, text_label

_TYPED_MS = 300  # whoever turns the hours is not answered for each


class AsOfPanel(QWidget):
    """A date and a time by the clock of this PC; below it what stood then, of the chosen frame and in all."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._as_of = workspace, AsOf(workspace, jobs)
        self.fold = QToolButton()
        self.fold.setText(tr("As it was on a date"))
        self.fold.setCheckable(True)
        self.fold.setAutoRaise(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keyboard stays with the cards
        self.when = QDateTimeEdit()
        self.when.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.when.setCalendarPopup(True)
        self.when.setAccessibleName(tr("Date and time"))
        self.reader = QComboBox()
        self.reader.setAccessibleName(tr("Whose words"))
        self.reader.setMinimumWidth(NARROWEST_BOX_PX)
        self.reader.addItem(tr("All readers"), "")
        self.of_frame, self.of_all = text_label("", "quiet", wrap=True), text_label("", "quiet", wrap=True)
        self.body = QWidget()
        fill(QVBoxLayout(self.body), self.when, self.reader, self.of_frame, self.of_all, edge_px=0, gap_px=GRID_PX // 2)
        self.body.hide()
        fill(QVBoxLayout(self), self.body, edge_px=0)
        self._soon = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._soon.timeout.connect(self._ask)
        self.fold.toggled.connect(self._unfold)
        self.when.dateTimeChanged.connect(lambda _: self._soon.start())
        self.reader.activated.connect(lambda _: self._ask())
        self._as_of.read.connect(self._show)

    def _unfold(self, unfolded: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self.body.setVisible(unfolded)
        if unfolded:
            self.when.setDateTime(QDateTime.currentDateTime())
            self._ask()

    def _ask(self) -> None:
        minute = self.when.dateTime().toSecsSinceEpoch() // 60  # up to its end: what was done in it is meant, too
        self._as_of.ask(datetime.fromtimestamp(60 * (minute + 1), UTC), self.reader.currentData())

    def _show(self) -> None:
        for name in self._as_of.readers:
            if self.reader.findData(name) < 0:
                self.reader.addItem(button_text(name), name)
        self.show_frame()

    def show_frame(self) -> None:
        """What stood of the frame that is chosen now."""
        if self.body.isHidden():
            return
        entry = self._workspace.entry
        frame, everything = self._as_of.told_of(entry.sha256 if entry else None)
        self.of_frame.setText(frame)
        self.of_all.setText(everything)
