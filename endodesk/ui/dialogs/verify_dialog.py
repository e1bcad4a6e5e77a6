"""Whether the record is as readers made it: looked through at once, in the background; and by an anchor, kept or chosen."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.record_check import check_chain
from endodesk.data.chain.chain_store import ChainStore
from endodesk.system.task import Progress, TaskContext
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import GRID_PX, text_label

_WIDTH_PX, _HEIGHT_PX = 620, 320
_ANCHORS = "*.json"


class VerifyDialog(FittingDialog):
    """Verifies when it opens. Closing it stops what runs."""

    def __init__(self, chain: ChainStore, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chain, self._jobs = chain, jobs
        self._task: TaskContext | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Verify the record"))
        self.told, self.work = text_label("", wrap=True), LongWork()
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.keep_button = push_button(tr("&Keep an anchor ..."), self._keep, tip=tr("A small file with count and digest, for another PC"))
        self.check_button = push_button(tr("&By an anchor ..."), self._check, tip=tr("Whether all that it knows is still there"))
        words = tr(
            "Each label, mark, note, outline, conclusion and choice is chained to the one before it. Rows that another program changed, "
            "deleted, swapped or inserted are found. That the end was cut off, or all made anew, only an anchor kept elsewhere shows."
        )
        buttons = fill(QHBoxLayout(), self.work, SPACE, self.keep_button, self.check_button, push_button(tr("&Close"), self.reject))
        fill(QVBoxLayout(self.page), text_label(words, "quiet", wrap=True), self.told, SPACE, buttons, gap_px=GRID_PX)
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        self.finished.connect(self._stop)
        self._begin(None)

    def _keep(self) -> None:
        if file := QFileDialog.getSaveFileName(self, tr("Keep an anchor"), "", _ANCHORS)[0]:
            Path(file).unlink(missing_ok=True)  # the user agreed to that: what is there would be checked, not written
            self._begin(Path(file))

    def _check(self) -> None:
        if file := QFileDialog.getOpenFileName(self, tr("By an anchor"), "", _ANCHORS)[0]:
            self._begin(Path(file))

    def _begin(self, anchor: Path | None) -> None:
        self._tell("", ready=False)
        self._task = self._jobs.submit(
            lambda task: check_chain(self._chain, anchor, task),
            done=lambda check: self._ended(check.told),
            failed=self._ended,
            progress=self._progress,
            urgency=Urgency.NOW,
        )

    def _progress(self, progress: Progress) -> None:
        if self._task:
            self.work.tell(tr("Verifying"), progress)

    def _ended(self, told: str) -> None:
        if self._task:  # else the dialog is gone
            self._task = None
            self.work.tell("", None)
            self._tell(told, ready=True)

    def _tell(self, text: str, *, ready: bool) -> None:
        self.told.setText(text)
        for button in (self.keep_button, self.check_button):
            button.setEnabled(ready)

    def _stop(self) -> None:
        if self._task:
            self._task.cancel()
            self._task = None
