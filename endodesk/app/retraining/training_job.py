"""TrainingJob: one retraining, started from a worker thread as a child process, told by signals."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.jobs import Jobs
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.review.since_training import note_trained
from endodesk.domain.runs import RunEvent
from endodesk.system.task import Progress, TaskContext
from training.plan.wishes import GO_ON, PAUSE, stop_wish

if TYPE_CHECKING:  # the window starts without anything of training
    from endodesk.app.retraining.retraining import LabelSnapshot


class JobState(StrEnum):
    """Where a training stands; the last three say how the last one ended, until the next one begins."""

    IDLE = "idle"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


_WHOLE = 1000
"""Of so many parts is a run's progress told."""
_STOP_S = 25.0
"""`launch` asks, terminates and kills its child within this."""


class TrainingJob(QObject):
    """At most one run at a time. The active model is not touched: promoting is the reader's decision."""

    reading = Signal(object)
    """Progress of reading the frames before the child starts."""
    warning = Signal(str)
    """Worth telling; the run goes on."""
    happened = Signal(object)
    """A RunEvent of the child."""
    progressed = Signal(object)
    """Progress of the whole run, as its child computes it: the one number, whoever shows it."""
    ended = Signal()
    """`state` and, by it, `result`, `model_folder` or `reason` are set."""
    decided = Signal()
    """The reader has dealt with how the last run ended: there is nothing more to tell of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self, threads=1, close_s=_STOP_S)  # of its own: it is taken for as long as the training lasts
        self._task: TaskContext | None = None
        self._wishes: SimpleQueue[str] = SimpleQueue()
        self.state = JobState.IDLE
        self.result: RunEvent | None = None
        self.model_folder: Path | None = None
        self.reason = ""
        self.run_folder: Path | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.state is JobState.RUNNING

    def start(self, project: Project, labels: "LabelSnapshot", preset: str, classes: Sequence[str]) -> None:
        """Train on the labels of these classes; everything happens off the GUI thread."""

        def make_job(task: TaskContext) -> Path:
            from endodesk.app.retraining.retraining import make_run

            self._warn(labels.notes())  # before anything is refused: it may say why
            run, warnings = make_run(project, labels.files(classes), preset, classes, task, left_out=labels.left_out())
            self._warn(warnings)
            return run

        self._begin(project, make_job, resume=False)

    def resume(self, project: Project, run: Path) -> None:
        """Go on with a run that was interrupted, on the labels as they were when it began."""
        self._begin(project, lambda _: run, resume=True)

    def _begin(self, project: Project, made: Callable[[TaskContext], Path], *, resume: bool) -> None:
        if self.running:
            return
        newest = project.database.corrections.newest_id()  # as the labels were taken: those given from now on are for the next training
        self.state, self.result, self.model_folder, self.reason, self.run_folder = JobState.RUNNING, None, None, "", None

        wishes = self._wishes = SimpleQueue()  # what was wished of the last run is not wished of this one

        def train_job(task: TaskContext) -> tuple[RunEvent, Path]:
            from endodesk.app.retraining.proof_signing import sign_run
            from training.plan.launch import launch

            run = made(task)
            self._jobs.post(lambda: setattr(self, "run_folder", run))  # on the GUI thread, which reads it
            heard = lambda event: self._jobs.post(lambda: self._hear(event))  # noqa: E731
            result = launch(run, on_event=heard, task=task, resume=resume, polite=True, wishes=wishes)
            if unsigned := sign_run(project, run):
                self._warn([unsigned])
            kept = keep_bundle(project, Path(result.bundle), task)
            if not resume:  # a run that was gone on with has the labels of when it began
                note_trained(project, newest)
            return result, kept

        self._task = self._jobs.submit(
            train_job, done=self._done, failed=self._failed, cancelled=lambda: self._end(JobState.CANCELLED), progress=self._reading
        )

    def cancel(self) -> None:
        """Ask the run to stop; `ended` follows."""
        if self._task:
            self._task.cancel()

    def pause(self, *, on: bool) -> None:
        """Let the run wait at its next step, or go on; it tells PAUSED and GOES_ON."""
        self._wishes.put(PAUSE if on else GO_ON)

    def stop(self, reader: str) -> None:
        """Ask the run to begin no epoch any more: the best so far becomes the new model, and who asked goes on its record."""
        self._wishes.put(stop_wish(reader))

    def put_aside(self) -> None:
        """The reader has seen how the last run ended, and decided."""
        if not self.running:
            self.state = JobState.IDLE
            self.decided.emit()

    def close(self) -> None:
        """Stop whatever runs, and wait until it has stopped."""
        self._jobs.close()

    def _warn(self, warnings: Sequence[str]) -> None:
        """From the job's thread."""
        for warning in warnings:
            # bound now: the loop goes on before it is called
            self._jobs.post(lambda text=warning: self.warning.emit(text))  # type: ignore[misc]

    def _hear(self, event: RunEvent) -> None:
        self.happened.emit(event)
        if event.left >= 0:
            self.progressed.emit(Progress(round(_WHOLE * event.share), _WHOLE, "", event.seconds, event.left))

    def _reading(self, progress: Progress) -> None:
        self.reading.emit(progress)

    def _done(self, outcome: tuple[RunEvent, Path]) -> None:
        self.result, self.model_folder = outcome
        self._end(JobState.FINISHED)

    def _failed(self, reason: str) -> None:
        self.reason = reason
        self._end(JobState.FAILED)

    def _end(self, state: JobState) -> None:
        self.state = state
        self.ended.emit()
