"""QueueChoice: the queues that a reader can choose beside the orders, and how one comes to be shown."""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from endodesk.app.frame_view import ShownFrames
from endodesk.domain.ticket import Progress


class OfferedQueue(Protocol):
    """A queue as `endodesk.app.queues` declares it."""

    @property
    def key(self) -> str:
        """Its name in the program."""

    @property
    def title(self) -> str:
        """Its name for the eye."""

    @property
    def tooltip(self) -> str:
        """What it is for."""


def offered() -> Sequence[OfferedQueue]:
    """All queues; none in a program without them."""
    name = "endodesk.app.queues"
    return import_module(name).QUEUES if find_spec(name) else ()


class QueueChoice:
    """Makes a queue in the background and shows it; what was asked for last wins."""

    def __init__(
        self,
        maker: Any,
        shown: ShownFrames,
        *,
        failed: Callable[[str], None],
        progressed: Callable[[Progress | None], None],
    ) -> None:
        """`maker` is the session's QueueMaker; None in a program without queues."""
        self._maker, self._shown, self._failed, self._progressed = maker, shown, failed, progressed

    @property
    def queues(self) -> Sequence[OfferedQueue]:
        """Those that can be made here."""
        return offered() if self._maker is not None else ()

    def choose(self, key: str) -> None:
        """Make the queue of all frames as they are now, and show it."""
        queue = next(queue for queue in self.queues if queue.key == key)
        self._maker.make(queue, done=lambda items: self._show(key, items), failed=self._fail, progress=self._progressed)

    def leave(self) -> None:
        """Nobody waits for a queue any more: an order was chosen."""
        if self._maker is not None:
            self._maker.cancel()
            self._progressed(None)

    def _show(self, key: str, items: Sequence[Any]) -> None:
        self._progressed(None)
        self._shown.show_queue(key, [item.row for item in items], {item.row: item.reason for item in items})

    def _fail(self, reason: str) -> None:
        self._progressed(None)
        self._failed(reason)
