"""TrainingJob: one retraining, started from a worker thread as a child process, told by signals."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.review.since_training import note_trained
from endodesk.domain.errors import Cancelled, EndoDeskError, TrainingFailed
from endodesk.domain.runs import DETACH, GO_ON, PAUSE, RunEvent, RunEventKind, stop_wish
from endodesk.system.task import Progress, TaskContext

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
_PASSING = (RunEventKind.PROGRESS, RunEventKind.ALIVE)
_LEAVE_S = 10.0
"""A child that loads TensorFlow hears late."""
_LOOK_S = 0.1
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
    began = Signal()
    """A run is about to begin."""
    closed = Signal()
    """There will be no more."""
    ended = Signal()
    """`state` and, by it, `result`, `model_folder` or `reason` are set."""
    decided = Signal()
    """The reader has dealt with how the last run ended: there is nothing more to tell of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self, threads=1, close_s=_STOP_S)  # of its own: it is taken for as long as the training lasts
        self._task: TaskContext | None = None
        self._wishes: SimpleQueue[str] = SimpleQueue()
        self._detached = threading.Event()
        self._newest: int | None = None
        self.goes_on_alone = False
        """Whether the reader wants the run to go on when the window closes."""
        self.told: list[RunEvent] = []
        """What the run has told so far but for progress, for whoever begins to look now."""
        self.state = JobState.IDLE
        self.result: RunEvent | None = None
        self.model_folder: Path | None = None
        self.reason = ""
        self.run_folder: Path | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.state is JobState.RUNNING

    def start(self, project: Project, labels: "LabelSnapshot", preset: str, classes: Sequence[str], *, candidate: bool = False) -> None:
        """Train on the labels of these classes; everything happens off the GUI thread.

        A `candidate` is no model of the project yet: it stays in the folder of its run.
        """

        def make_job(task: TaskContext) -> Path:
            from endodesk.app.retraining.retraining import make_run

            self._warn(labels.notes())  # before anything is refused: it may say why
            run, warnings = make_run(project, labels.files(classes), preset, classes, task, left_out=labels.left_out(), candidate=candidate)
            self._warn(warnings)
            if not candidate:  # from here on: a window that dies, too, leaves a training that the next one is to tell of
                from training.plan.background import note_left

                note_left(run, json.dumps(newest))
            return run

        newest = project.database.corrections.newest_id()  # as the labels were taken: those given from now on are for the next training
        self._begin(project, lambda task: self._launch(make_job(task), task, resume=False), newest, keeps=not candidate)

    def resume(self, project: Project, run: Path) -> None:
        """Go on with a run that was interrupted, on the labels as they were when it began."""

        def noted(task: TaskContext) -> RunEvent:
            from training.plan.background import note_left

            note_left(run, json.dumps(None))
            return self._launch(run, task, resume=True)

        self._begin(project, noted, None)

    # Why: docs/decisions/training.md 38
    def find(self, project: Project) -> None:
        """Take up the project's training that an earlier window left or died over, under way or ended since; nothing if there is none."""
        from endodesk.app.project.project_runs import left_run

        found = None
        with contextlib.suppress(EndoDeskError):  # a record that cannot be read tells so elsewhere
            found = left_run(project)
        if found:
            run, newest = found

            def attached(task: TaskContext) -> RunEvent:
                from training.plan.background import Detached, attach

                try:
                    return attach(run, on_event=self._heard, task=task, wishes=self._wishes)
                except Detached:
                    raise
                except Cancelled as error:
                    if task.cancelled:
                        raise
                    raise TrainingFailed(tr("EndoDesk ended while this training ran, and so it was interrupted.")) from error

            self._begin(project, attached, newest)
            self.run_folder = run

    def _launch(self, run: Path, task: TaskContext, *, resume: bool) -> RunEvent:
        from training.plan.launch import launch

        self._jobs.post(lambda: setattr(self, "run_folder", run))  # on the GUI thread, which reads it
        return launch(run, on_event=self._heard, task=task, resume=resume, polite=True, wishes=self._wishes)

    def _begin(self, project: Project, followed: Callable[[TaskContext], RunEvent], newest: int | None, *, keeps: bool = True) -> None:
        """`newest` is the last word among the labels of the training; None if it has those of an earlier moment."""
        if self.running:
            return
        self.began.emit()
        self.state, self.result, self.model_folder, self.reason, self.run_folder = JobState.RUNNING, None, None, "", None
        self._wishes, self._detached = SimpleQueue(), threading.Event()  # what was wished of the last run is not wished of this one
        self.told, self.goes_on_alone, self._newest = [], False, newest

        def train_job(task: TaskContext) -> tuple[RunEvent, Path]:
            from endodesk.app.retraining.proof.proof_signing import sign_run
            from training.plan.background import Detached

            try:
                result = followed(task)
            except Detached:
                self._detached.set()
                raise
            if unsigned := sign_run(project, Path(result.bundle).parent):
                self._warn([unsigned])
            if not keeps:
                return result, Path(result.bundle)
            kept = keep_bundle(project, Path(result.bundle), task)
            if newest is not None:
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
            self._forget()
            self.state = JobState.IDLE
            self.decided.emit()

    @property
    def can_go_on_alone(self) -> bool:
        """Whether a child has begun that could outlive this window."""
        return self.running and bool(self.told) and self.run_folder is not None

    def close(self) -> None:
        """Stop whatever runs, and wait until it has stopped; but leave it to itself if it `goes_on_alone`."""
        leaves = self.goes_on_alone and self.can_go_on_alone and self._leave()
        stops = self.running and not leaves
        self._jobs.close()
        if stops:
            self._forget()  # it was asked to stop: nobody is to be told
        self.closed.emit()

    # Why: docs/decisions/training.md 30
    def _leave(self) -> bool:
        """Whether it was left to itself; else it is to be stopped."""
        from training.plan.background import is_running, note_left

        assert self.run_folder is not None  # noqa: S101  (for mypy: it can go on alone)
        note_left(self.run_folder, json.dumps(self._newest))  # first: whatever happens from now on, the next window looks for it
        self._wishes.put(DETACH)
        until = time.monotonic() + _LEAVE_S
        while not self._detached.wait(_LOOK_S) and is_running(self.run_folder):  # one that has just ended is found by the next window
            if time.monotonic() > until:  # it does not hear: it is stopped, as by any closing
                return False
        return True

    def _heard(self, event: RunEvent) -> None:
        self._jobs.post(lambda: self._hear(event))

    def _warn(self, warnings: Sequence[str]) -> None:
        """From the job's thread."""
        for warning in warnings:
            # bound now: the loop goes on before it is called
            self._jobs.post(lambda text=warning: self.warning.emit(text))  # type: ignore[misc]

    def _hear(self, event: RunEvent) -> None:
        if event.kind not in _PASSING:
            self.told.append(event)
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

    def _forget(self) -> None:
        if self.run_folder:
            from training.plan.background import forget_left

            forget_left(self.run_folder)

    def _end(self, state: JobState) -> None:
        self.state = state
        if state is not JobState.FINISHED:  # what it came to is offered until the reader has decided, also at the next start
            self._forget()
        self.ended.emit()
