"""QueueMaker: gathers what the queues need of the open project, and makes them in the background."""

from collections.abc import Callable
from dataclasses import dataclass

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.frames.current_reviews import Label
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.queues.queues import Queue, QueueItem
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.inference.predictor import Predictor
from endodesk.system.task import Progress, TaskContext


@dataclass(frozen=True, slots=True, eq=False)
class QueueSource:
    """What the queues are made of, as the session has it."""

    project: Project
    frames: FrameList
    answers: BackgroundAnswers
    label_of: Callable[[int], Label | None]
    """Of a row: the reader's, else the folder's."""
    predictor: Predictor | None
    """The active model."""
    unfit: Callable[[Sha256], bool] = lambda _: False
    """Whether readers have set a frame aside as excluded or of poor quality."""
    blind: bool = False
    """Whether readers are not to know what the model says: every queue tells that, by its order alone."""


class QueueMaker:
    """`session.queues`. To be called on the GUI thread; what was asked for last wins."""

    def __init__(self, jobs: Jobs, source: Callable[[], QueueSource]) -> None:
        self._jobs, self._source = jobs, source
        self._making: TaskContext | None = None

    def make(
        self,
        queue: Queue,
        *,
        done: Callable[[list[QueueItem]], None],
        failed: Callable[[str], None],
        progress: Callable[[Progress], None] | None = None,
    ) -> TaskContext:
        """Make a queue of all frames of the folder; exactly one of `done` and `failed` (a sentence) follows, neither if it is cancelled."""
        self.cancel()
        source = self._source()

        def alone(callback: Callable[..., None]) -> Callable[..., None]:
            return lambda *told: callback(*told) if task is self._making and not task.cancelled else None

        task = self._making = self._jobs.submit(
            lambda t: _ranked(queue, source, t),
            done=alone(done),
            failed=alone(failed),
            progress=alone(progress) if progress else None,
            urgency=Urgency.LATER,
        )
        return task

    def cancel(self) -> None:
        """Nobody waits for the queue any more."""
        if self._making:
            self._making.cancel()


def _ranked(queue: Queue, source: QueueSource, task: TaskContext) -> list[QueueItem]:
    from threadpoolctl import threadpool_limits

    from endodesk.app.queues.queue_input import gather  # brings the grouping of training: nobody waits for it at the start

    if source.blind:
        raise BadRequest(tr("A queue tells what the model thinks. Turn View > Blind first off to see one."))
    given = gather(source, task)
    # Why: docs/decisions/app.md 26
    with threadpool_limits(1, "blas"):  # on cores that others use too, its threads wait for each other: 40 times slower, measured
        return queue.rank(given, task)
