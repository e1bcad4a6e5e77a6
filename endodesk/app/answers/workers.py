"""InferenceWorkers: the threads that ask one model about the frames of one list."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from endodesk.app.answers.classifier import BatchWriter, ClassifiedFrame, FrameClassifier
from endodesk.app.answers.row_queue import RowQueue
from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.jobs import Jobs
from endodesk.app.project.project import Project
from endodesk.domain.errors import BadBundle
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores

_LET_PASS_S = 0.25


# Why: docs/decisions/app.md 21
class InferenceWorkers:
    """First the stored answers, then the frames. Callbacks arrive on the GUI thread, and none after `stop`."""

    def __init__(
        self,
        jobs: Jobs,
        project: Project,
        frames: FrameRows,
        predictor: Predictor,
        *,
        overrides: ActiveOverrides,
        others: Jobs,
        stored: Callable[[list[Sha256], Floats], None],
        prepared: Callable[[], None],
        classified: Callable[[list[ClassifiedFrame]], None],
        finished: Callable[[], None],
        failed: Callable[[str], None],
        broken: Callable[[str], None],
    ) -> None:
        """`jobs` are the workers' alone; `others` go first; of `frames` the paths are asked.

        `finished` is called whenever there is nothing left to do; `broken` if the model gives no answer for a frame that can be read.
        """
        self._jobs, self._project, self._frames, self._others = jobs, project, frames, others
        self._predictor, self._overrides = predictor, overrides
        self._stored, self._prepared, self._classified, self._finished, self._failed = stored, prepared, classified, finished, failed
        self._broken = broken
        self._queue = RowQueue()
        self._writer: BatchWriter | None = None
        self._running: set[TaskContext] = set()
        self._paused = self._stopped = False
        self._stale: set[Sha256] = set()
        """What is stored of these is of another picture: they were shown otherwise."""
        self.classifier: FrameClassifier | None = None
        """The loaded model; None until then, and no frame is asked about before."""
        self._submit(self._prepare_job, self._ready)

    def add(self, rows: Iterable[tuple[int, Sha256 | None]]) -> None:
        """Add rows that the model is to be asked about, each with its content as far as it is known."""
        self._queue.add(rows)
        self._start_threads()

    def learn(self, rows: Iterable[int], image: Sha256) -> None:
        """These have this content now; those that wait are looked at with it, not with what they held when they were added."""
        self._queue.learn(rows, image)

    def forget_features(self, images: Iterable[Sha256]) -> None:
        """Nothing holds of what was stored of these frames, answers and features; they are to be answered again."""
        self._stale.update(images)
        if self.classifier:
            self.classifier.features.file.forget(images)
            self.classifier.forget(images)

    @property
    def stopped(self) -> bool:
        """Whether others have taken their place, or nobody is asked any more. Any thread may ask."""
        return self._stopped

    def want(self, rows: Iterable[int]) -> None:
        """Let those of these rows that wait come first, in this order; the wish before is forgotten."""
        self._queue.want(rows)

    def is_done(self, image: Sha256) -> bool:
        """Whether nothing is left to do for a frame."""
        return self.classifier is not None and self.classifier.is_done(image)

    @property
    def idle(self) -> bool:
        """Whether nobody is at work, and nothing is left to do."""
        return not self._running and not len(self._queue)

    def pause(self, paused: bool) -> None:
        """Finish the frames in work, then wait; or go on."""
        self._paused = paused
        self._queue.pause(paused)
        self._start_threads()

    def stop(self) -> None:
        """Finish and store the frames in work, and tell nothing any more."""
        self._stopped = True
        self._queue.pause(True)
        for task in self._running:
            task.cancel()

    # --- threads ----------------------------------------------------------------------------------------------------

    def _prepare_job(self, task: TaskContext) -> FrameClassifier:
        database, bundle = self._project.database, self._predictor.bundle
        database.overrides.drop_stale()  # a rule may have been made just before the program ended
        known: set[Sha256] = set()
        for images, values in database.predictions.pieces_of(bundle.id, len(bundle.classes)):
            task.raise_if_cancelled()
            known.update(images)
            self._post(self._tell_stored, images, values)  # piece by piece: they are on show before the model is loaded
        cache = self._project.cache_folder if self._project.keeps_pictures else None
        return FrameClassifier.prepare(database, self._overrides, cache, self._predictor.folder, known)

    def _ready(self, classifier: FrameClassifier) -> None:
        self.classifier = classifier
        self.forget_features(self._stale)  # the files may have been read before it was known
        self._writer = BatchWriter(self._project.database, classifier, lambda batch: self._post(self._classified, batch))
        self._prepared()
        self._start_threads()

    def _tell_stored(self, images: list[Sha256], values: Floats) -> None:
        kept = [place for place, image in enumerate(images) if image not in self._stale]
        self._stored([images[place] for place in kept], values[kept])

    def _start_threads(self) -> None:
        """Start as many threads as there are cores, while there is something to do."""
        if self.classifier and not self._paused and not self._stopped:
            while len(self._queue) and len(self._running) < cores():
                self._submit(self._work_job, lambda _: self._went())

    def _work_job(self, task: TaskContext) -> None:
        classifier, writer = self.classifier, self._writer
        if classifier is None or writer is None:
            raise RuntimeError("no worker starts before the model is loaded")
        try:
            while not task.cancelled and (taken := self._queue.take()) is not None:
                self._others.let_pass(_LET_PASS_S)
                row, image = taken
                writer.put(classifier.classify(row, self._frames.path(row), image))
        except BadBundle as error:
            self._post(self._broken, str(error))
        finally:
            writer.flush()  # also when it was cancelled: the frames in work are kept

    def _went(self) -> None:
        """A thread found nothing to do any more; what came in meanwhile it has not seen."""
        self._start_threads()
        if not self._running and not self._paused:
            self._finished()

    def _submit(self, work: Callable[[TaskContext], Any], done: Callable[[Any], None]) -> None:
        def ended(callback: Callable[..., None], *told: Any) -> None:
            self._running.discard(task)
            if not self._stopped:
                callback(*told)

        task = self._jobs.submit(
            work,
            done=partial(ended, done),
            failed=partial(ended, self._failed),
            cancelled=partial(ended, lambda: None),  # only so that it counts as running no more
        )
        self._running.add(task)

    def _post(self, callback: Callable[..., None], *told: Any) -> None:
        self._jobs.post(lambda: None if self._stopped else callback(*told))
