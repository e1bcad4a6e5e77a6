"""QueueMaker: makes queues of the open project in the background, of a snapshot taken when one is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.queues.queues import Queue, QueueItem
from endodesk.domain.errors import BadRequest
from endodesk.system.collector import collector_paused
from endodesk.system.task import Progress, TaskContext

if TYPE_CHECKING:  # brings the grouping of training: nobody waits for it at the start
    from endodesk.app.queues.queue_snapshot import QueueSnapshot


class QueueMaker:
    """`session.queues`. To be called on the GUI thread; what was asked for last wins."""

    def __init__(self, jobs: Jobs, snapshot: Callable[[], "QueueSnapshot"]) -> None:
        self._jobs, self._snapshot = jobs, snapshot
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
        taken = self._snapshot()

        def alone(callback: Callable[..., None]) -> Callable[..., None]:
            return lambda *told: callback(*told) if task is self._making and not task.cancelled else None

        task = self._making = self._jobs.submit(
            lambda t: _ranked_job(queue, taken, t),
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


def _ranked_job(queue: Queue, taken: "QueueSnapshot", task: TaskContext) -> list[QueueItem]:
    from threadpoolctl import threadpool_limits

    from endodesk.app.queues.queue_snapshot import gather

    if taken.blind and queue.of_model:
        raise BadRequest(tr("A queue tells what the model thinks. Turn View > Blind first off to see one."))
    if taken.only_of and not queue.of_model:
        raise BadRequest(tr("This queue tells what other readers say. Turn View > Only my own labels off to see it."))
    with collector_paused():
        given = gather(taken, task)
    # Why: docs/decisions/app.md 26
    with threadpool_limits(1, "blas"):  # on cores that others use too, its threads wait for each other: 40 times slower, measured
        return queue.rank(given, task)
