"""Data > Check splits: what the next training would learn from and be tested on, before it starts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from endodesk.app.browsing.navigation import Navigation
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.retraining.split_checker import SplitChecker
from endodesk.app.retraining.splits import BEYOND, SplitCheck
from endodesk.app.workspace import Workspace
from endodesk.dataset.near_duplicates import MOST_PAIRS
from endodesk.ui.splits.conflicts_page import ConflictsPage
from endodesk.ui.splits.grouping_bar import GroupingBar
from endodesk.ui.splits.leaks_page import LeaksPage
from endodesk.ui.splits.pairs_page import PairsPage
from endodesk.ui.splits.parts_page import PartsPage
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import GRID_PX, text_label

_PAUSE_MS = 300
_NAMES = (marked("&Parts"), marked("La&bel conflicts"), marked("Near &duplicates"), marked("Lea&ks"))
_CHECKING, _LOOKING = marked("Checking the split"), marked("Looking for leaks")
"""The names of its long jobs in the status bar."""


class SplitsDialog(FittingDialog):
    """What the next training would learn from. Not modal: one can open a frame in the window, label it, and come back."""

    def __init__(
        self,
        checker: SplitChecker,
        workspace: Workspace,
        navigation: Navigation,
        thumbnails: Thumbnails,
        jobs: Jobs,
        stops: dict[str, Callable[[], None]],
        parent: QWidget | None = None,
    ) -> None:
        """`stops` as the Session has them: how to end a long job, by its name."""
        super().__init__(parent)
        self._workspace, self._navigation, self._stops = workspace, navigation, stops
        self.checker = checker
        checker.setParent(self)  # it ends with the dialog
        self.setWindowTitle(tr("Check splits"))
        self.ask_for(1160, 700)
        self.grouping = GroupingBar()
        self.grouping.show_grouping(self.checker.grouping)
        self.parts, self.conflicts = PartsPage(), ConflictsPage(workspace, thumbnails)
        self.pairs = PairsPage(workspace, jobs, thumbnails, tr("Pairs of near duplicates"))
        self.leaks = LeaksPage(PairsPage(workspace, jobs, thumbnails, tr("Pairs of frames in different parts")))
        self.tabs = QTabWidget()
        for page, name in zip((self.parts, self.conflicts, self.pairs, self.leaks), _NAMES, strict=True):
            self.tabs.addTab(page, tr(name))
        self.message, self.work = text_label("", "quiet", wrap=True), LongWork()
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        below = fill(QHBoxLayout(), (self.message, 1), self.work)
        fill(QVBoxLayout(self.page), self.grouping, (self.tabs, 1), below, gap_px=GRID_PX)
        self.tabs.tabBar().setFocus()  # not the first field, whose bits the arrow keys would change

    def _connect(self) -> None:
        checker, pages = self.checker, (self.parts, self.conflicts, self.pairs, self.leaks)
        checker.checked.connect(self._show)
        checker.refused.connect(self._refuse)
        checker.warning.connect(self.message.setText)
        checker.not_compared.connect(self.leaks.note.setText)
        checker.reading.connect(lambda progress: self.work.tell(tr("Reading frames"), progress))
        tell = self._workspace.progressed.emit
        self._stops.update({_CHECKING: checker.stop, _LOOKING: checker.cancel})  # so that the status bar can end them too, as any long job
        checker.reading.connect(lambda progress: tell(_CHECKING, progress))
        checker.measuring.connect(lambda progress: tell(_LOOKING, progress))
        checker.measuring.connect(self.leaks.show_progress)
        self.grouping.changed.connect(self._wish)
        self._pause.timeout.connect(self._use)
        self.tabs.tabBarClicked.connect(lambda place: pages[place].setFocus())
        self.tabs.currentChanged.connect(self._leave_fields)
        self.leaks.compare.clicked.connect(checker.compare)
        self.leaks.cancel.clicked.connect(checker.cancel)
        for pairs in (self.pairs, self.leaks.pairs):
            pairs.joining.connect(lambda pair, joined: checker.join(pair, joined=joined))
        for wishes in (self.conflicts, self.pairs, self.leaks.pairs):
            wishes.frame_wanted.connect(self._open)
        for changed in (self._workspace.frames_listed, self._workspace.classes_changed):
            changed.connect(lambda: self.checker.look_again() if self.isVisible() else None)  # out of sight it looks when it comes back

    def come_back(self) -> None:
        """Check the labels, and the parts of earlier runs, as they are now, before the dialog is shown again."""
        self.message.setText("")
        self.checker.look()

    def changeEvent(self, event: QEvent) -> None:
        """Looks again when the dialog becomes the active window: the reader may have labelled meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.isVisible():
            self.checker.look_again()

    def _leave_fields(self, _place: int) -> None:
        """Give the keyboard to the page: arrow keys shall go through it, not change the bits."""
        if not self.tabs.tabBar().hasFocus():
            self.tabs.currentWidget().setFocus()

    def _wish(self) -> None:
        if self.grouping.chosen:
            self._pause.start()  # who types 12 does not wait for 1
        else:
            self._pause.stop()
            self.tabs.setEnabled(False)  # what it shows is not what is being asked for

    def _use(self) -> None:
        if self.grouping.chosen:
            self.checker.use(self.grouping.chosen)

    def _refuse(self, reason: str) -> None:
        self.grouping.tell(reason)
        self.tabs.setEnabled(False)  # what it shows is not what was asked for

    def _show(self, check: SplitCheck) -> None:
        if check.grouping == self.grouping.chosen:  # else a pattern is being written, and why it cannot be used stays
            self.grouping.tell("")
        self.tabs.setEnabled(self.grouping.chosen is not None)
        self.parts.show_check(check)
        self.conflicts.show_check(check)
        self.pairs.show_pairs(check, check.pairs, _told(check))
        self.leaks.show_check(check)
        for place, n in ((1, len(check.conflicts)), (2, check.near), (3, len(check.leaks))):
            self.tabs.setTabText(place, f"{tr(_NAMES[place])} ({n:,})")

    def _open(self, path: Path) -> None:
        row = self._workspace.frames.row_of(path)
        if row is not None:
            self._navigation.choose(row)
            self.message.setText(tr("{frame} is open in the main window.").format(frame=self._workspace.frames[row].name))


def _told(check: SplitCheck) -> str:
    near, bits, n = check.near, check.grouping.near, len(check.rows)
    one = tr(
        "1 pair differs in at most {bits} bits: each pair is in one group (n = {n:,} frames). {more:,} more follow, of up to"
        " {most} bits or joined by a reader: say which of them belong together."
    )
    many = tr(
        "{near:,} pairs differ in at most {bits} bits: each pair is in one group (n = {n:,} frames). {more:,} more follow, of up to"
        " {most} bits or joined by a reader: say which of them belong together."
    )
    told = (one if near == 1 else many).format(near=near, bits=bits, n=n, more=len(check.pairs) - near, most=bits + BEYOND)
    # docs/decisions/dataset.md 4
    return " ".join([told, *([tr("These are the closest; there are more.")] if len(check.pairs) >= MOST_PAIRS else [])])
