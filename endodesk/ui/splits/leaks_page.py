"""Leaks: pairs of frames in different parts that are one picture, by their hashes or by what the model sees."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.retraining.splits import SplitCheck
from endodesk.system.task import Progress
from endodesk.ui.splits.pairs_page import PairsPage
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import GRID_PX, text_label


class LeaksPage(QWidget):
    """A button that starts the comparison, how far it is, and the pairs found."""

    def __init__(self, pairs: PairsPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.compare, self.cancel = QPushButton(tr("Co&mpare by what the model sees")), QPushButton(tr("Canc&el"))
        self.work = LongWork()
        self.note = text_label("", "warning", wrap=True)
        self._all_compared = False
        self.pairs = pairs
        for button in (self.compare, self.cancel):
            button.setAutoDefault(False)  # else Enter anywhere in the dialog would press one of them
        row = (self.compare, (self.note, 1), self.work, self.cancel)
        bar = fill(QHBoxLayout(), *row, edge_px=(GRID_PX, 0, GRID_PX, 0), gap_px=2 * GRID_PX)
        self.setFocusProxy(self.pairs)
        fill(QVBoxLayout(self), bar, (self.pairs, 1), edge_px=(0, GRID_PX, 0, 0), gap_px=0)
        self.show_progress(None)

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the comparison is; None when it ended."""
        self.compare.setEnabled(progress is None and not self._all_compared)
        self.cancel.setVisible(progress is not None)
        self.work.tell(tr("Looking at the frames"), progress)

    def show_check(self, check: SplitCheck) -> None:
        """Show the leaks of a new check; frames that were not compared yet can be."""
        self._all_compared = check.measured == len(check.rows)
        # not isVisible: that is False for all of a page out of sight
        self.compare.setEnabled(self.cancel.isHidden() and not self._all_compared)
        self.pairs.show_pairs(check, check.leaks, _told(check))


def _told(check: SplitCheck) -> str:
    if check.leaks:
        one = tr(
            "{n:,} pair stands in different parts and looks alike, the closest first ({how}). Say which belong together:"
            " their groups then move into one part, and the page Near duplicates takes them apart again."
        )
        many = tr(
            "{n:,} pairs stand in different parts and look alike, the closest first ({how}). Say which belong together:"
            " their groups then move into one part, and the page Near duplicates takes them apart again."
        )
        return (one if len(check.leaks) == 1 else many).format(n=len(check.leaks), how=_how(check))
    none = tr("No leaks: a group stands in one part, so no two frames within {bits} bits can be in different parts (n = {n:,} frames).")
    alike = tr("Nor do any two look alike to the model ({how}).").format(how=_how(check))
    unseen = tr("Frames that look alike to the model although their hashes differ are found by comparing what it sees.")
    return " ".join([none.format(bits=check.grouping.near, n=len(check.rows)), alike if check.measured else unseen])


def _how(check: SplitCheck) -> str:
    n = len(check.rows)
    if not check.measured:
        return tr("n = {n:,} frames, by their hashes").format(n=n)
    seen = tr("{measured:,} of n = {n:,} frames compared by what the model sees; to it, frames at distance 0 are the same")
    return seen.format(measured=check.measured, n=n)
