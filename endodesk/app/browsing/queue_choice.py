"""QueueChoice: the queues that a reader can choose beside the orders, and how one comes to be shown."""

from collections.abc import Callable, Sequence

from endodesk.app.browsing.reading_list import ReadingList
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.queues.queue_maker import QueueMaker
from endodesk.app.queues.queues import QUEUES, READING_LIST, Queue, QueueItem
from endodesk.system.task import Progress


class QueueChoice:
    """Makes a queue in the background and shows it; what was asked for last wins."""

    def __init__(
        self,
        maker: QueueMaker,
        shown: ShownFrames,
        reading: ReadingList,
        *,
        failed: Callable[[str], None],
        progressed: Callable[[Progress | None], None],
    ) -> None:
        self._maker, self._shown, self.reading, self._failed, self._progressed = maker, shown, reading, failed, progressed

    @property
    def queues(self) -> Sequence[Queue]:
        """The queues that can be chosen, in the order in which they are offered."""
        return QUEUES

    def choose(self, key: str) -> None:
        """Make the queue of all frames as they are now, or the reader's list, and show it."""
        self._maker.cancel()
        self.reading.cancel()
        if key == READING_LIST:
            self.reading.show(failed=self._fail, progressed=self._progressed)
            return
        queue = next(queue for queue in self.queues if queue.key == key)
        self._maker.make(queue, done=lambda items: self._show(key, items), failed=self._fail, progress=self._progressed)

    def leave(self) -> None:
        """Nobody waits for a queue any more: an order was chosen."""
        self._maker.cancel()
        self.reading.cancel()
        self._progressed(None)

    def _show(self, key: str, items: Sequence[QueueItem]) -> None:
        self._progressed(None)
        self._shown.show_queue(key, [item.row for item in items], {item.row: item.reason for item in items})

    def _fail(self, reason: str) -> None:
        self._progressed(None)
        self._failed(reason)
