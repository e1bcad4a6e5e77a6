"""In which order a film's frames are shown, and by which of their times one tells them apart."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_MOST_HELD_BACK = 16  # frames: what H.264 and H.265 allow


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """Frames from 0, as presentation gives them."""

    times: Sequence[int]
    """In ticks, when each is shown; their numbers where the file has no times of use."""
    keys: Sequence[int]
    """The numbers of those that decoding can begin at, as far as the file says."""
    depth: int
    """How many frames may be shown before one that is decoded before them."""
    is_timed: bool
    """Whether no two have the same time, so that a frame is known by it however it was reached."""
    clock: Sequence[int] = ()
    """In ticks, when each is shown, where that is no time to know it by (AVI with frames that are held back); else empty."""

    @classmethod
    def of_packets(cls, times: Sequence[int | None], keys: Sequence[bool]) -> "ShownOrder | None":
        """From what packets say, in the file's order; None if some have no time of their own."""
        known = [time for time in times if time is not None]
        if not known or len(set(known)) < len(times):
            return None
        places = np.argsort(np.asarray(known, np.int64), kind="stable")
        ranks = np.empty_like(places)
        ranks[places] = np.arange(len(places))
        depth = int(np.abs(ranks - np.arange(len(places))).max())
        return cls(sorted(known), sorted(ranks[np.asarray(keys, bool)].tolist()), min(depth, _MOST_HELD_BACK), True)

    @classmethod
    def of_frames(
        cls, times: Sequence[int | None], clocks: Sequence[int | None], keys: Sequence[bool], *, step: int, holds_back: bool
    ) -> "ShownOrder":
        """From all frames, decoded in a row: the times they are known by, and when each is shown (usually a `step` after the last)."""
        known = [time for time in times if time is not None]
        is_timed = len(known) == len(times) and all(a < b for a, b in pairwise(known))  # else only counting from the start is exact
        numbers = [number for number, is_key in enumerate(keys) if is_key]
        clock = list[int]()
        for time in clocks:  # those that the decoder gave at the end have none
            clock.append(clock[-1] + step if time is None and clock else time or 0)
        if is_timed or not all(a < b for a, b in pairwise(clock)):
            clock = []
        return cls(known if is_timed else range(len(times)), numbers, _MOST_HELD_BACK if holds_back else 0, is_timed, clock)

    @property
    def shown_at(self) -> Sequence[int]:
        """In ticks, when each frame is shown; empty where nobody knows."""
        return self.times if self.is_timed else self.clock

    def beginning_at(self, time: int) -> "ShownOrder":
        """Without the frames before a time: some that need a frame that was cut away."""
        first = bisect_left(self.times, time)
        return ShownOrder(self.times[first:], [key - first for key in self.keys if key >= first], self.depth, self.is_timed)

    def number(self, time: int | None) -> int | None:
        """Of the frame that is shown then; None if none is."""
        if time is None:
            return None
        number = bisect_left(self.times, time)
        return number if number < len(self.times) and self.times[number] == time else None

    def keys_before(self, number: int) -> Sequence[int]:
        """Where to begin decoding for a frame, the nearest first, then ever further back."""
        last = bisect_right(self.keys, number) - 1
        return [self.keys[last - back] for back in (0, 1, 3, 10, 30) if back <= last]

    def is_near(self, start: int, number: int, steps: int) -> bool:
        """Whether a frame is sooner reached by decoding on from another than by a jump."""
        return start <= number and (number - start <= steps or bisect_right(self.keys, number) == bisect_right(self.keys, start))

    def fits(self, seen: Sequence[int | None], failed: int, *, is_all: bool) -> bool:
        """Whether the first decoded frames have these times, but for as many as failed to be decoded."""
        known = [time for time in seen if time is not None]
        wanted = self.times[: len(seen) + failed]
        if len(known) < len(seen) or not all(a < b for a, b in pairwise(known)) or not set(known) <= set(wanted):
            return False
        return (not is_all or len(self.times) <= len(seen) + failed) and (failed > 0 or list(wanted) == known)
