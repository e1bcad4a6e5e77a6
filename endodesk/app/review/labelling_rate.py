"""LabellingRate: how many frames a minute a reader does, pauses left out."""

from collections import deque

# Why: docs/decisions/app.md 19
PAUSE_S = 60.0
"""A reader who does nothing for longer than that is not at work: a phone call, a coffee."""
WINDOW_S = 300.0
"""The pace is that of the last so many seconds of work."""


class LabellingRate:
    """Frames a minute, from the times at which frames were done."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._spans: deque[tuple[float, int]] = deque()  # seconds of work, frames done at their end

    def add(self, now_s: float, frames: int) -> None:
        """So many frames are done at this time (of a clock that never goes back). The first after a pause only starts the clock."""
        before, self._last_s = self._last_s, now_s
        if before is None or now_s - before > PAUSE_S:
            return
        self._spans.append((now_s - before, frames))
        while len(self._spans) > 1 and sum(seconds for seconds, _ in self._spans) > WINDOW_S:
            self._spans.popleft()

    @property
    def per_minute(self) -> float | None:
        """Frames a minute; None before two were done without a pause between them."""
        seconds = sum(seconds for seconds, _ in self._spans)
        return 60 * sum(frames for _, frames in self._spans) / seconds if seconds > 0 else None
