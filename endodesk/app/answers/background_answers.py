"""Answers: the active model is asked about every frame of the folder in the background, and what it said is kept."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from endodesk.app.answers.answers_progress import AnswersProgress, AnswersState
from endodesk.app.answers.classifier import ClassifiedFrame
from endodesk.app.answers.opened_frame import keep_opened
from endodesk.app.answers.probability_table import AnswerInClasses, Probabilities, ProbabilityTable
from endodesk.app.answers.refused_rows import RefusedRows
from endodesk.app.answers.throughput import Throughput
from endodesk.app.answers.workers import InferenceWorkers
from endodesk.app.frames.active_overrides import ActiveOverrides, CurrentFeatures
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.imaging.pixels import Floats
from endodesk.inference.predictor import Predictor
from endodesk.system.threads import cores, main_thread_only

_PIECE = 400
"""Rows gone through between two looks at the event loop: a millisecond or two."""


class BackgroundAnswers(QObject):
    """`session.answers`. All methods are for the main thread; jobs get a `snapshot`."""

    answered = Signal(object)
    """Rows (list of int) whose frame has another answer than before, or turned out to be unreadable."""
    forgotten = Signal()
    """All answers are gone: another model is active, or none."""
    progressed = Signal()
    """State or progress is another one."""
    message = Signal(str)
    """How many files of the folder cannot be read: told again when they are more."""
    failed = Signal(str)
    """The model cannot be asked about further frames; a sentence that says why."""
    model_failed = Signal(str)
    """The model itself is at fault, and of no use for any frame; a sentence that says why."""

    def __init__(
        self,
        project: Project,
        others: Jobs,
        parent: QObject | None = None,
        *,
        overrides: ActiveOverrides,
        label_set: Callable[[], LabelSet],
    ) -> None:
        """`others` are jobs that the reader waits for: they go first. `overrides` is what holds by hand."""
        super().__init__(parent)
        self._project, self._others, self._overrides, self._label_set = project, others, overrides, label_set
        self._jobs = Jobs(self, threads=cores())  # of their own: the jobs that the reader waits for have other threads
        self._frames = FrameList(project.source or project.folder, [])
        self._refused = RefusedRows()
        self._on_screen: list[int] = []
        self._predictor: Predictor | None = None
        self._workers: InferenceWorkers | None = None
        self._meant: AnswerInClasses | None = None  # made when it is needed first, of the classes as they are then
        self.state = AnswersState.IDLE
        self._on_request = False
        """Only what the reader opens is answered."""
        self._begin()

    # --- what was said ----------------------------------------------------------------------------------------------

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes of the model that answers, in order; empty without a model."""
        return self._table.classes

    @main_thread_only
    def said_of(self, row: int) -> tuple[str, float] | None:
        """The model's answer for a row, as the project's class that it means, and its probability; None while there is none."""
        said = self._table.get(self._frames.sha256s[row])
        if said is None:
            return None
        if self._meant is None or self._meant.label_set is not self._label_set():
            self._meant = AnswerInClasses(self._label_set(), self.classes)
        return self._meant.of(said)

    @main_thread_only
    def snapshot(self) -> Probabilities:
        """What was said until now, by the model that answers now: for jobs."""
        return self._table.snapshot()

    @property
    def features(self) -> CurrentFeatures | None:
        """The features behind the answers; None while the model is not loaded. Any thread may ask it."""
        return self._workers.classifier.features if self._workers and self._workers.classifier else None

    @property
    def progress(self) -> AnswersProgress:
        """How many of the folder's readable frames are answered by now, and how fast more are."""
        return AnswersProgress(self._count, len(self._frames) - len(self._refused), self._throughput.a_second)

    @property
    def idle(self) -> bool:
        """Whether no thread is at work."""
        return self._jobs.idle

    # --- what the window asks for -----------------------------------------------------------------------------------

    @main_thread_only
    def wanted(self, rows: Iterable[int]) -> None:
        """Rows that are on screen now: they come first, in this order. What was on screen before does not any more."""
        self._on_screen = list(rows)
        if self._workers:
            open_rows = [row for row in self._on_screen if not self._has[row] and row not in self._refused]
            self._workers.want(open_rows)
            self._workers.add((row, None) for row in open_rows if self._frames.sha256s[row] is None)  # not known by content yet: read now

    @main_thread_only
    def pause(self) -> None:
        """Stop for a while; the frames in work are finished and kept."""
        if self.state is AnswersState.RUNNING:
            self._change(AnswersState.PAUSED)

    @main_thread_only
    def hold(self) -> None:
        """Answer only what the reader opens, for this list and those to come, until it is released or asked to go on."""
        self._on_request = True
        self.pause()

    def release(self) -> None:
        """Answer all frames again, as before `hold`."""
        self._on_request = False
        self.go_on()

    @main_thread_only
    def cancel(self) -> None:
        """Stop until it is asked for again, or until there is another list or model; a pause outlasts these."""
        if self.state in (AnswersState.RUNNING, AnswersState.PAUSED):
            self._change(AnswersState.STOPPED)

    @main_thread_only
    def go_on(self) -> None:
        """Answer the frames that are left, after a pause, a stop or a failure."""
        self._on_request = False
        if self.state in (AnswersState.PAUSED, AnswersState.STOPPED):
            if self._workers is None:
                self._begin()
            else:
                self._throughput.restart()
                self._change(AnswersState.RUNNING)
                if self._workers.classifier and self._workers.idle:  # the last frames were in work when it was paused
                    self._finished()

    def _change(self, state: AnswersState) -> None:
        self.state = state
        if self._workers:
            self._workers.pause(state is not AnswersState.RUNNING)
        self.progressed.emit()

    # --- what happens around it -------------------------------------------------------------------------------------

    @main_thread_only
    def use(self, predictor: Predictor | None) -> None:
        """Another model answers from now on, or none. Its stored answers come at once."""
        self._predictor = predictor
        self._begin()
        self.forgotten.emit()

    @main_thread_only
    def relist(self, frames: FrameList) -> None:
        """Another list of frames; what is stored of them is known as soon as their content is."""
        self._frames, self._refused, self._on_screen = frames, RefusedRows(), []
        self._begin()

    @main_thread_only
    def learned(self, rows: Iterable[int]) -> None:
        """The content of these rows is known now, or that they cannot be read."""
        known, due = [], []
        for row in rows:
            if self._frames.is_unreadable(row):
                self._refused.add(row)
                continue
            self._refused.discard(row)  # a file may be readable again
            image = self._frames.sha256s[row]
            if self._mark(row, image in self._table):
                known.append(row)
            if image and self._workers and not self._workers.is_done(image):
                due.append((row, image))
        if known:
            self.answered.emit(known)
        # nothing is left to be done that would end with the message
        if self.state is AnswersState.IDLE and self._predictor and (news := self._refused.news(self._frames)):
            self.message.emit(news)
        if due and self._workers and self._workers.classifier:  # else all rows are gone through once the model is loaded
            if self.state is AnswersState.IDLE:
                self._throughput.restart()
                self._change(AnswersState.RUNNING)
            self._workers.add(due)

    @main_thread_only
    def opened(self, frame: OpenFrame) -> None:
        """The reader opened a frame, and so the model was asked: its answer is shown everywhere."""
        if self._workers:
            self._workers.learn(self._frames.rows_with(frame.record.sha256), frame.record.sha256)
        # it may have been opened with the model before, or before something was drawn on it
        if frame.predictor is self._predictor and frame.answer and self._overrides.hold(frame.given, frame.record):
            self._say([frame.record.sha256], np.array([frame.answer.probabilities], np.float32))

    def keeper(self, frame: OpenFrame) -> tuple[Callable[[], InferenceWorkers | None], Callable[[InferenceWorkers | None], None]]:
        """A job that stores what the model said of an opened frame, and who gets its result on the main thread. EndoDeskError."""
        image = frame.record.sha256

        def kept(workers: InferenceWorkers | None) -> None:
            # not if it was forgotten, or all has begun anew meanwhile: it would count as done, and have no answer
            holds = image in self._table and self._overrides.hold(frame.given, frame.record)
            if holds and workers and workers is self._workers and workers.classifier:
                workers.classifier.note(image)

        return partial(keep_opened, frame, self._project.database, self._workers, self._overrides), kept

    @main_thread_only
    def forget(self, images: Sequence[Sha256], *, features: bool = False) -> None:
        """Something else holds of these frames: what was said of them is gone, and the model is asked again, in the background.

        With `features` what it saw of them is gone too: an older program showed them otherwise.
        """
        workers = self._workers
        if workers and features:
            workers.forget_features(images)
        elif workers and workers.classifier is None:  # it may just be telling what was stored before
            self._begin()
            return
        for start in range(0, len(images), _PIECE):  # a rule for a size may be about every frame of the folder
            self._jobs.post(partial(self._forget_some, workers, images[start : start + _PIECE]))

    def _forget_some(self, workers: InferenceWorkers | None, images: Sequence[Sha256]) -> None:
        if workers is not self._workers:
            return  # all has begun anew since
        self._table.drop(images)
        if workers and workers.classifier:
            workers.classifier.forget(images)
        rows = [row for image in images for row in self._frames.rows_with(image)]
        for row in rows:
            self._mark(row, False)
        if rows:
            self.answered.emit(rows)
            self.learned(rows)
        self.progressed.emit()

    def close(self) -> None:
        """Stop, and wait for the frames in work; what was said of them is kept."""
        if self._workers:
            self._workers.stop()
        self._jobs.close()

    # --- the work ---------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Forget what was said, and ask anew; what is stored is not asked again."""
        if self._workers:
            self._workers.stop()
        predictor = self._predictor
        self._meant = None
        self._throughput, self._table = Throughput(), ProbabilityTable(predictor.bundle.classes.names if predictor else ())
        self._has, self._count = bytearray(len(self._frames)), 0
        paused, self._workers, self.state = self._on_request or self.state is AnswersState.PAUSED, None, AnswersState.IDLE
        if predictor and len(self._frames):
            self.state = AnswersState.PAUSED if paused else AnswersState.RUNNING
            self._workers = InferenceWorkers(
                self._jobs,
                self._project,
                self._frames.snapshot(),
                predictor,
                overrides=self._overrides,
                others=self._others,
                stored=self._say,
                prepared=lambda: self._go_through(0),
                classified=self._classified,
                finished=self._finished,
                failed=self._failed,
                broken=self.model_failed.emit,
            )
            self._workers.pause(paused)
            self.wanted(self._on_screen)  # else it would come in its turn where the model is loaded later
        self.progressed.emit()

    def _go_through(self, start: int, workers: InferenceWorkers | None = None) -> None:
        """Take in all rows whose content is known, some at a time: the event loop gets its turn between them."""
        if workers is not None and workers is not self._workers:
            return  # all has begun anew since
        end = min(start + _PIECE, len(self._frames))
        self.learned(row for row in range(start, end) if self._frames.sha256s[row])
        if end < len(self._frames):
            workers = self._workers
            self._jobs.post(lambda: self._go_through(end, workers))
        elif self._workers and self._workers.idle and self.state is AnswersState.RUNNING:  # no thread was started, so none will tell
            self._finished()

    def _say(self, images: list[Sha256], values: Floats) -> None:
        self._table.put(images, values)
        rows = [row for image in images for row in self._frames.rows_with(image)]
        for row in rows:
            self._mark(row, True)
        if rows:
            self.answered.emit(rows)
            self.progressed.emit()

    def _mark(self, row: int, has: bool) -> bool:
        """Note whether a row has an answer; whether it has one now and had none before."""
        new, self._has[row] = has - self._has[row], has
        self._count += new
        return new > 0

    def _classified(self, batch: list[ClassifiedFrame]) -> None:
        """Take in a batch of what threads found: contents of frames, their answers, and files that cannot be read."""
        changed = []
        for found in batch:
            path = self._frames.path(found.row)
            if found.image is None:
                self._frames.refuse(path, found.reason)
                self._refused.add(found.row)
                changed.append(found.row)
            else:
                new = self._frames.learn(path, found.image) is not None
                if self._mark(found.row, found.image in self._table) or new:  # of a copy another row has the answer
                    changed.append(found.row)
        # not those answered with outlines that hold no more: they are asked again
        said = [found for found in batch if found.image and found.probabilities and found.given == self._overrides.of_known(found.image)]
        if said:
            values = np.array([found.probabilities for found in said], np.float32)
            self._say([found.image for found in said if found.image], values)
        self._throughput.add(len(batch))
        if changed:
            self.answered.emit(changed)
        self.progressed.emit()

    def _finished(self) -> None:
        self.state = AnswersState.IDLE
        if news := self._refused.news(self._frames):
            self.message.emit(news)
        self.progressed.emit()

    def _failed(self, reason: str) -> None:
        if self._workers:
            self._workers.stop()
        self._workers, self.state = None, AnswersState.STOPPED  # None: going on begins anew
        self.progressed.emit()
        self.failed.emit(tr("The model cannot be asked about all frames. {reason}").format(reason=reason))
