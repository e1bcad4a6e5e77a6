"""RowQueue: which row is looked at next. What is on screen first, the rest in the order of the rows, each once."""

import heapq
import threading
from collections import deque
from collections.abc import Iterable

from endodesk.domain.images import Sha256


class RowQueue:
    """Rows to do. One thread fills it, several take from it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heap: list[int] = []
        self._waiting: dict[int, Sha256 | None] = {}
        self._wanted: deque[int] = deque()
        self._paused = False

    def add(self, rows: Iterable[tuple[int, Sha256 | None]]) -> None:
        """Add rows that are to be done, each with its content as far as it is known; those that wait already keep their turn."""
        with self._lock:
            for row, image in rows:
                if row not in self._waiting:
                    heapq.heappush(self._heap, row)
                self._waiting[row] = image

    def learn(self, rows: Iterable[int], image: Sha256) -> None:
        """Those of these that wait have this content now."""
        with self._lock:
            self._waiting.update((row, image) for row in rows if row in self._waiting)

    def want(self, rows: Iterable[int]) -> None:
        """Let those of these rows that wait come first, in this order; what was wanted before is so no more."""
        with self._lock:
            self._wanted = deque(rows)

    def take(self) -> tuple[int, Sha256 | None] | None:
        """The next row and its content, which then waits no more; None if there is none, or while it is paused."""
        with self._lock:
            while not self._paused and (self._wanted or self._heap):
                row = self._wanted.popleft() if self._wanted else heapq.heappop(self._heap)
                if row in self._waiting:  # a wanted row stands in the heap too, and may have been taken by then
                    return row, self._waiting.pop(row)
            return None

    def pause(self, paused: bool) -> None:
        """Give nothing out, or go on."""
        with self._lock:
            self._paused = paused

    def __len__(self) -> int:
        return len(self._waiting)
