"""Decoding from one place of a film on: which frame is which, and which are proven."""

from collections.abc import Iterator

from endodesk.imaging.reading.video_order import ShownOrder
from endodesk.imaging.reading.video_stream import Decoded


class DecodingRun:
    """Keeps the proven frames that were decoded last.

    A frame is proven when decoding came from a key frame to it without a fault, and no fault shows in those decoded before it but
    shown after it. After a fault nothing is believed up to the next key frame, for all of it is predicted from what is damaged.
    """

    # Why: docs/decisions/imaging.md 18
    def __init__(self, frames: Iterator[Decoded | None], order: ShownOrder, *, kept: int, start: int | None, is_sound: bool) -> None:
        self._frames, self._order, self._most = frames, order, kept
        self.next = start
        """The frame that should come next; None after a jump, until it is known where it led."""
        self._is_sound, self._sound_from = is_sound, 0
        self.landed: int | None = None
        """The first frame that was believed."""
        self.seen: list[int | None] = []
        """The times of what was decoded; kept up to the proof of the order."""
        self.failed = 0
        self.has_ended = False
        self._kept: dict[int, Decoded] = {}

    def proven(self, number: int) -> Decoded | None:
        """A frame that is kept and proven."""
        certain = self.has_ended or (self.next is not None and self.next > number + self._order.depth)
        return self._kept.get(number) if certain else None

    def go_to(self, number: int) -> Decoded | None:
        """Decode up to a frame; None if it does not come, or is not proven."""
        while (found := self.proven(number)) is None:
            is_passed = self.next is not None and self.next > number + self._order.depth
            if is_passed or self.has_ended or (self.next is not None and self.next > number and number not in self._kept):
                return None
            self.step()
        return found

    def step(self) -> None:
        """Decode one frame more, or note that there is none."""
        for decoded in self._frames:
            if decoded is None:
                self.failed += 1
                self._doubt(self.next, after=self._order.depth + 1 if self._order.depth else 0)
                continue
            self.seen.append(decoded.time)
            number = self._order.number(decoded.time) if self._order.is_timed else self.next
            if number is not None:
                self._take(number, decoded)
                return
            self._doubt(self.next)
        self.has_ended = True

    def _take(self, number: int, decoded: Decoded) -> None:
        if self.next is not None and number != self.next:  # some are missing
            self._doubt(min(number, self.next), after=abs(number - self.next))
        if decoded.is_corrupt:
            self._doubt(number, after=1)
        elif decoded.is_key and number >= self._sound_from:
            self._is_sound = True
        self.next = number + 1
        if self._is_sound:
            self.landed = number if self.landed is None else self.landed
            self._kept[number] = decoded
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def _doubt(self, number: int | None, *, after: int = 0) -> None:
        """Something is wrong at a frame: neither it nor those decoded with it count, until a key frame so many later."""
        self._is_sound = False
        if number is not None:
            self._sound_from = max(self._sound_from, number + after)
            self._kept = {key: kept for key, kept in self._kept.items() if key < number - self._order.depth}
