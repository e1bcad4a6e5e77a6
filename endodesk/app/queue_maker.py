"""QueueMaker: gathers what the queues need of the open project, and makes them in the background."""

from collections.abc import Callable

from endodesk.app.queues import Queue, QueueItem
from endodesk.domain.ticket import Progress, Ticket


class QueueMaker:
    """`session.queues`. To be called on the GUI thread; what was asked for last wins."""

    def make(
        self,
        queue: Queue,
        *,
        done: Callable[[list[QueueItem]], None],
        failed: Callable[[str], None],
        progress: Callable[[Progress], None] | None = None,
    ) -> Ticket:
        """Make a queue of all frames of the folder; exactly one of `done` and `failed` (a sentence) follows, neither if it is cancelled."""
        raise NotImplementedError
