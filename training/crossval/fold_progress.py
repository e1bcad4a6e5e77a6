"""FoldProgress: how far all folds are, from what the training of one of them tells."""

from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import TaskContext

PERCENT = 100


class FoldProgress:
    """Reports to a task in percent of all folds; it never goes back."""

    def __init__(self, task: TaskContext, number: int, total: int) -> None:
        """Begin with the fold `number` (from 0) of `total`, and report where all folds are by then."""
        self._task, self._number, self._total = task, number, total
        self._share, self._text = 0.0, "starting"
        self._tell()

    def heard(self, event: RunEvent) -> None:
        """Take in one event of the fold's training, which says how far that is."""
        if event.kind is RunEventKind.PHASE:
            self._text = event.phase
        elif event.kind is RunEventKind.EPOCH:
            self._text = f"{event.phase} {event.done}/{event.total}"
        self._share = max(self._share, event.share)
        self._tell()

    def _tell(self) -> None:
        done = int(PERCENT * (self._number + self._share) / self._total)
        # the frames of the last fold are still to be asked about
        self._task.report(min(done, PERCENT - 1), PERCENT, f"fold {self._number + 1} of {self._total}: {self._text}")
