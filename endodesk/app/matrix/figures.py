"""MatrixFigures: how far the two sides of the matrix agree, with intervals, measured in the background."""

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.matrix.pairs import Pairs
from endodesk.dataset.agreement import PairAgreement, measure_pairs
from endodesk.system.task import TaskContext

_PAUSE_MS = 400  # who gives one label after the other waits for no figure


class MatrixFigures(QObject):
    """One measurement at a time; of what was asked for meanwhile the last is measured next. Main thread."""

    measured = Signal(object)
    """A PairAgreement; None where there is nothing to measure."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._wanted: Pairs | None = None
        self._task: TaskContext | None = None
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._begin)

    def want(self, pairs: Pairs) -> None:
        """Measure these soon, or what is asked for until then; `measured` follows."""
        self._wanted = pairs
        if not self._pause.isActive():
            self._pause.start()

    def forget(self) -> None:
        """Nobody waits for a figure any more, also not for the one that is being measured."""
        self._pause.stop()
        self._wanted = None
        if self._task:
            self._task.cancel()

    def _begin(self) -> None:
        pairs = self._wanted
        if pairs is None or self._task:
            return
        self._wanted = None

        def measure_job(_: TaskContext) -> PairAgreement | None:
            from threadpoolctl import threadpool_limits

            # Why: docs/decisions/app.md 26
            with threadpool_limits(1, "blas"):
                return next(measure_pairs(pairs.ratings(("", ""))), None)

        task = self._task = self._jobs.submit(
            measure_job,
            done=lambda found: self._ended(task, found),
            failed=lambda _: self._ended(task, None),
            cancelled=lambda: self._ended(task, None),
            urgency=Urgency.LATER,
        )

    def _ended(self, task: TaskContext, found: PairAgreement | None) -> None:
        self._task = None
        if not task.cancelled:
            self.measured.emit(found)
        self._begin()
