"""TaskContext: how long work tells its progress and hears that it was cancelled."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from endodesk.domain.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of long work is; `total` is 0 while it is not known."""

    done: int
    total: int
    text: str
    seconds: float
    left: float | None = None
    """Seconds left, where the work knows better than its pace so far."""

    @property
    def seconds_left(self) -> float | None:
        """What the work said of it, else an estimate from the mean pace so far; None before there is one."""
        if self.left is not None:
            return self.left
        if self.done <= 0 or self.total <= 0:
            return None
        return self.seconds / self.done * (self.total - self.done)

    @property
    def rounded_left(self) -> tuple[int, str] | None:
        """The time left as it is told, such as (40, "s") or (3, "min"); None where nobody knows it, and under two seconds."""
        left = self.seconds_left
        if left is None or left < 2:
            return None
        return (round(left), "s") if left < 100 else (round(left / 60), "min")

    @property
    def percent(self) -> int:
        """0..100; 0 while the total is not known."""
        return 0 if self.total <= 0 else min(100, 100 * self.done // self.total)


_here: ContextVar["TaskContext | None"] = ContextVar("task", default=None)


def raise_if_cancelled_here() -> None:
    """Raise Cancelled if the task that this thread works for was cancelled: for what waits far below those that have the task."""
    if (task := _here.get()) is not None:
        task.raise_if_cancelled()


class TaskContext:
    """Given to a long-running function. Thread-safe; progress is told at most every `interval` seconds."""

    def __init__(self, on_progress: Callable[[Progress], None] | None = None, *, interval: float = 0.1) -> None:
        self._on_progress = on_progress
        self._interval = interval
        self._cancelled = threading.Event()
        self._may_go_on = threading.Event()
        self._may_go_on.set()
        self._started = time.monotonic()  # not the time of day, which may be set meanwhile
        self._told = 0.0

    def cancel(self) -> None:
        """Ask the work to stop at its next `raise_if_cancelled`."""
        self._cancelled.set()
        self._may_go_on.set()

    def hold(self) -> None:
        """Let the work wait at its next `raise_if_cancelled` or `report`, in whatever threads it is, until `go_on` or `cancel`."""
        if not self.cancelled:
            self._may_go_on.clear()

    def go_on(self) -> None:
        """Let work that was held go on."""
        self._may_go_on.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop. It may still go on: it hears of it at its next `raise_if_cancelled` or `report`."""
        return self._cancelled.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled if the work was asked to stop; wait here while it is held."""
        self._may_go_on.wait()
        if self._cancelled.is_set():
            raise Cancelled

    @contextmanager
    def worked_on(self) -> Iterator[None]:
        """Within the block this thread works for this task."""
        token = _here.set(self)
        try:
            yield
        finally:
            _here.reset(token)

    def report(self, done: int, total: int, text: str = "", left: float | None = None) -> None:
        """Tell progress (the first and the last always) and check for cancellation; `left` are seconds, if the work knows."""
        # whether or not anybody listens to the progress: most work hears of a cancellation here alone
        self.raise_if_cancelled()
        now = time.monotonic()
        if self._on_progress and (done >= total or now - self._told >= self._interval):
            self._told = now
            self._on_progress(Progress(done, total, text, now - self._started, left))

    def part(self, start: int, total: int) -> "TaskContext":
        """A task for one piece of this one's `total`, from `start` on: it tells its progress and hears of a cancel through this one."""

        def tell(progress: Progress) -> None:
            self.report(start + progress.done, total, progress.text)

        piece = TaskContext(tell, interval=0)  # this one tells seldom enough
        piece._cancelled, piece._may_go_on = self._cancelled, self._may_go_on
        return piece
