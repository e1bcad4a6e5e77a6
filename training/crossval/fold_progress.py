"""FoldProgress: how far all folds are, from what the training of one of them tells."""

from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import TaskContext

PERCENT = 100
_BEFORE, _AFTER = 0.1, 0.95
"""Shares of a fold's time after which its epochs begin and end, nearly."""


class FoldProgress:
    """Reports to a task in percent of all folds; it never goes back."""

    def __init__(self, task: TaskContext, number: int, total: int, *, fine_tunes: bool) -> None:
        """Begin with the fold `number` (from 0) of `total`, and report where all folds are by then."""
        self._task, self._number, self._total = task, number, total
        middle = (_BEFORE + _AFTER) / 2 if fine_tunes else _AFTER
        self._spans = {
            "frozen": (_BEFORE, middle),
            "fine-tuning": (middle, _AFTER),
            "exporting": (_AFTER, 1.0),
            "evaluating": (_AFTER, 1.0),
        }
        self._share, self._text = 0.0, "starting"
        self._tell()

    def heard(self, event: RunEvent) -> None:
        """Take in one event of the fold's training; its phases and epochs move the progress on."""
        if event.kind is RunEventKind.PHASE:
            self._share, self._text = max(self._share, self._spans.get(event.phase, (0.0, 0.0))[0]), event.phase
        elif event.kind is RunEventKind.EPOCH and event.total:
            begin, end = self._spans.get(event.phase, (self._share, self._share))
            self._share = max(self._share, begin + (end - begin) * event.done / event.total)
            self._text = f"{event.phase} {event.done}/{event.total}"
        else:
            return
        self._tell()

    def _tell(self) -> None:
        done = int(PERCENT * (self._number + self._share) / self._total)
        # the frames of the last fold are still to be asked about
        self._task.report(min(done, PERCENT - 1), PERCENT, f"fold {self._number + 1} of {self._total}: {self._text}")
