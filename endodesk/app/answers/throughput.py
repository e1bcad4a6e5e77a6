"""Throughput: how many frames a second are answered, of late."""

import time
from collections import deque

_WINDOW_S, _LEAST_S = 5.0, 0.5


class Throughput:
    """Counts what was done in the last five seconds; a pause does not count as slowness."""

    def __init__(self) -> None:
        self._done: deque[tuple[float, int]] = deque()
        self._began = time.monotonic()

    def restart(self) -> None:
        """Begin to measure anew: the time in which nothing was to be done does not count."""
        self._done.clear()
        self._began = time.monotonic()

    def add(self, frames: int) -> None:
        """Note that so many more frames are done by now."""
        now = time.monotonic()
        self._done.append((now, frames))
        while self._done[0][0] < now - _WINDOW_S:
            self._began = self._done.popleft()[0]

    @property
    def a_second(self) -> float:
        """Frames a second; 0 in the first half second, which would tell nothing yet."""
        seconds = self._done[-1][0] - self._began if self._done else 0.0
        return sum(frames for _, frames in self._done) / seconds if seconds >= _LEAST_S else 0.0
