"""A video as frames by number: frame k is the k-th that presentation gives, however it was reached."""

import threading
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.read import room_for
from endodesk.imaging.reading.video_order import ShownOrder
from endodesk.imaging.reading.video_run import DecodingRun
from endodesk.imaging.reading.video_stream import CannotBeShown, Decoded, VideoStream
from endodesk.system.memory_budget import MEMORY
from endodesk.system.task import TaskContext

MAX_FRAMES = 3_000_000
"""Fourteen hours at 60 a second."""
# Why: docs/decisions/imaging.md 16, 18
_PROVEN = 40  # frames decoded to see whether the packets' times can be trusted; more than any group of B-frames
_PROVEN_BYTES = 1_500_000_000  # of large frames fewer are decoded, or opening would take many seconds
_NEAR = 30  # frames that are sooner decoded on the way than jumped over
_KEPT, _KEPT_BYTES = 24, 200_000_000  # decoded frames at hand, for steps back
_MOST_LANDINGS = 2  # from so many places a frame must fail to come before it is said to be damaged


class Video:
    """One open video file. UnreadableImage with a sentence if it is none, is damaged or encrypted; Cancelled by the task.

    Any thread may ask, one at a time. What the file says of its length and number of frames is not believed: they are counted.
    """

    def __init__(self, path: Path, task: TaskContext | None = None) -> None:
        self._name, self._lock = printable(path.name), threading.Lock()
        self._stream = VideoStream(path)
        try:
            self.rate = self._stream.rate
            """Frames a second, as the file says."""
            most = self._stream.decoding_bytes + min(_KEPT * self._stream.frame_bytes, _KEPT_BYTES)
            with room_for(self._name, most):
                self._order, self._run = self._learn_order(task or TaskContext())
            MEMORY.keep(self, most)  # the decoder holds it until the film is closed
        except BaseException:
            self._stream.close()
            raise

    @property
    def frames(self) -> int:
        """How many frames can be asked for: counted when the file was opened, whatever it says."""
        return len(self._order.times)

    def seconds(self, index: int) -> float:
        """When a frame is shown, from the first one on."""
        clock = self._order.shown_at
        return float((clock[index] - clock[0]) * self._stream.tick_s) if clock else index / self.rate

    def at(self, seconds: float) -> int:
        """The frame that is shown then; the first or the last beyond the ends."""
        clock = self._order.shown_at
        if not clock:
            return max(0, min(int(seconds * self.rate + 0.001), self.frames - 1))  # rounding must not show the frame before
        return max(0, bisect_right(clock, clock[0] + (seconds + 2e-5) / float(self._stream.tick_s)) - 1)

    def frame(self, index: int) -> RGB:
        """Its pixels; UnreadableImage if they cannot be decoded, IndexError if there is none of that number."""
        if not 0 <= index < self.frames:
            raise IndexError(index)
        with self._lock:
            decoded = self._decoded(index)
            if decoded is None:
                raise UnreadableImage(f"Frame {index + 1} of {self._name} cannot be decoded: the video is damaged there.")
            try:
                return self._stream.rgb(decoded)
            except CannotBeShown as error:
                raise UnreadableImage(f"Frame {index + 1} of {self._name} cannot be shown: {error}.") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._stream.close()

    # --- going to a frame -------------------------------------------------------------------------------------------

    def _decoded(self, index: int) -> Decoded | None:
        landings = 0
        for run in self._ways_to(index):
            found = run.go_to(index)
            if found is not None:
                return found
            landings += run.landed is not None and run.landed <= index
            if landings == _MOST_LANDINGS:
                break
        return None

    def _ways_to(self, index: int) -> Iterator[DecodingRun]:
        """From where decoding is now, then by jumps ever further back, at last from the start."""
        if self._run.proven(index) or (
            self._run.next is not None and self._order.is_near(self._run.next - self._order.depth, index, _NEAR)
        ):
            yield self._run
        if self._order.is_timed:
            for key in self._order.keys_before(index):
                if self._stream.jump(self._order.times[key]):
                    self._run = self._run_from(self._order, None)
                    yield self._run
        self._stream.restart()
        self._run = self._run_from(self._order, 0)
        yield self._run

    def _run_from(self, order: ShownOrder, start: int | None) -> DecodingRun:
        kept = max(order.depth + 2, min(_KEPT, _KEPT_BYTES // self._stream.frame_bytes))
        is_sound = start == 0 and (self._stream.begins_well or self._begins_hidden)
        return DecodingRun(self._stream.decoded(), order, kept=kept, start=start, is_sound=is_sound)

    # --- opening ----------------------------------------------------------------------------------------------------

    def _learn_order(self, task: TaskContext) -> tuple[ShownOrder, DecodingRun]:
        """From the packets, without decoding, where their times prove true; else by decoding everything."""
        packets = self._stream.packets(task, MAX_FRAMES)
        self._begins_hidden = packets.begin_hidden
        self._refuse_endless(len(packets.times))
        order = ShownOrder.of_packets(packets.times, packets.keys)
        run = self._begun(order or ShownOrder((), (), 0, False))
        if order and run.seen and run.seen[0] is not None and not run.failed and order.number(run.seen[0]):
            order = order.beginning_at(run.seen[0])
            run = self._begun(order)
        if not run.seen:
            raise self._stream.refused("no frame of it can be decoded: it is damaged or encrypted")
        if not packets.are_frames or order is None or not order.fits(run.seen, run.failed, is_all=run.has_ended):
            order = self._order_by_decoding(len(packets.times), task)
            self._stream.restart()
            run = self._run_from(order, 0)
        return order, run

    def _begun(self, order: ShownOrder) -> DecodingRun:
        """The first frames, decoded."""
        self._stream.restart()
        run = self._run_from(order, 0)
        enough = max(order.depth + 2, min(_PROVEN, _PROVEN_BYTES // self._stream.frame_bytes))
        while len(run.seen) < enough and not run.has_ended:
            run.step()
        return run

    def _order_by_decoding(self, claimed: int, task: TaskContext) -> ShownOrder:
        self._stream.restart()
        step = max(1, round(1 / (self.rate * float(self._stream.tick_s))))
        times, clocks, keys = list[int | None](), list[int | None](), list[bool]()
        for decoded in self._stream.decoded():
            if decoded is not None:
                times.append(decoded.time)
                clocks.append(decoded.clock)
                keys.append(decoded.is_key)
                task.report(len(times), max(claimed, len(times) + 1))
                self._refuse_endless(len(times))
        return ShownOrder.of_frames(times, clocks, keys, step=step, holds_back=self._stream.holds_back)

    def _refuse_endless(self, frames: int) -> None:
        if frames >= MAX_FRAMES:
            raise self._stream.refused(f"it has more than {MAX_FRAMES:,} frames, or no end. Cut it into parts")
