"""RowQueue: which row is looked at next. What is on screen first, the rest in the order of the rows, each once."""

import heapq
import threading
from collections import deque
from collections.abc import Iterable


class RowQueue:
    """Rows to do. One thread fills it, several take from it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heap: list[int] = []
        self._waiting: set[int] = set()
        self._wanted: deque[int] = deque()
        self._paused = False

    def add(self, rows: Iterable[int]) -> None:
        """These are to be done; rows that wait already stay as they are."""
        with self._lock:
            for row in rows:
                if row not in self._waiting:
                    self._waiting.add(row)
                    heapq.heappush(self._heap, row)

    def want(self, rows: Iterable[int]) -> None:
        """Those of these that wait come first, in this order; what was wanted before is so no more."""
        with self._lock:
            self._wanted = deque(rows)

    def drop(self, rows: Iterable[int]) -> None:
        """These need not be done any more."""
        with self._lock:
            self._waiting.difference_update(rows)

    def take(self) -> int | None:
        """The next row, which then waits no more; None if there is none, or while it is paused."""
        with self._lock:
            while not self._paused and (self._wanted or self._heap):
                row = self._wanted.popleft() if self._wanted else heapq.heappop(self._heap)
                if row in self._waiting:
                    self._waiting.remove(row)
                    return row
            return None

    def pause(self, paused: bool) -> None:
        """Give nothing out, or go on."""
        with self._lock:
            self._paused = paused

    def __len__(self) -> int:
        return len(self._waiting)
