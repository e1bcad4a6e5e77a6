"""A video as frames by number: frame k is the k-th that decoding from the start gives, however it was reached."""

import contextlib
import os
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.read import MAX_PIXELS, MIN_SIDE_PX
from endodesk.imaging.reading.video_kind import refuse_other_kinds
from endodesk.system.task import TaskContext

# Why: docs/decisions/imaging.md 17
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "protocol_whitelist;file")  # no file makes it open a socket
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # silent: FFmpeg writes to the process's stderr

MAX_FRAMES = 3_000_000
"""Fourteen hours at 60 a second."""
_TIMEOUTS = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 10_000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 10_000]
# Why: docs/decisions/imaging.md 16
_PROVEN = 40  # frames decoded to see whether the file's own times can be trusted; more than any group of B-frames
_NEAR = 30  # frames that are sooner decoded on the way than jumped over
_KEPT = 16  # frames around the one that is shown: some 100 MB of the largest usual size
_BACK = (1, 40, 300, 2000)  # frames before the wanted one to land at, until one lands early enough


class Video:
    """One open video file. UnreadableImage with a sentence if it is none, is damaged or encrypted; Cancelled by the task.

    Any thread may ask, one at a time. What the file says of its length and number of frames is not believed: they are counted.
    """

    def __init__(self, path: Path, task: TaskContext | None = None) -> None:
        self._path, self._name, self._lock = path, printable(path.name), threading.Lock()
        refuse_other_kinds(path)
        task = task or TaskContext()
        self._capture = self._opened()
        self._next = 0
        """The frame that decoding comes to next."""
        self._seeks = True
        self._kept: dict[int, RGB] = {}
        self._last = -1
        try:
            self.width, self.height = (int(self._capture.get(key)) for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
            if self.width * self.height > MAX_PIXELS or min(self.width, self.height) < MIN_SIDE_PX:
                raise self._refused("its frames have a size that is not opened here")
            rate = self._capture.get(cv2.CAP_PROP_FPS)
            self.rate = rate if np.isfinite(rate) and 0.01 <= rate <= 1000 else 25.0
            """Frames a second, as the file says."""
            self._times = self._learn_times(task)
        except BaseException:
            self._capture.release()
            raise

    @property
    def frames(self) -> int:
        """How many frames can be asked for: counted when the file was opened, whatever it says."""
        return len(self._times)

    def seconds(self, index: int) -> float:
        """When a frame is shown, from the first one on."""
        return (self._times[index] - self._times[0]) / 1000 if self._seeks else index / self.rate

    def at(self, seconds: float) -> int:
        """The frame that is shown then; the first or the last beyond the ends."""
        if not self._seeks:
            return max(0, min(int(seconds * self.rate + 0.001), self.frames - 1))  # rounding must not show the frame before
        return max(0, bisect_right(self._times, self._times[0] + 1000 * seconds + 0.02) - 1)  # 0.02 ms: times are kept to the hundredth

    def frame(self, index: int) -> RGB:
        """Its pixels; UnreadableImage if they cannot be decoded, IndexError if there is none of that number."""
        if not 0 <= index < self.frames:
            raise IndexError(index)
        with self._lock:
            if index not in self._kept:
                self._keep_up_to(index)
            pixels = self._kept[index]
            self._last = index
        return pixels

    def _keep_up_to(self, index: int) -> None:
        """Decode a frame; one step back, those before it too, for they are likely to be asked for next and are decoded on the way."""
        first = max(0, index - _KEPT // 2) if index == self._last - 1 else index
        while len(self._kept) > _KEPT - (index - first + 1):
            del self._kept[next(iter(self._kept))]
        for near in range(first, index + 1):
            pixels = self._retrieved() if self._reach(near) else None
            if pixels is not None:
                self._kept[near] = pixels
        if index not in self._kept:
            raise UnreadableImage(f"Frame {index + 1} of {self._name} cannot be decoded: the video is damaged there.")

    def _retrieved(self) -> RGB | None:
        done, pixels = self._capture.retrieve()
        if not done or pixels is None or pixels.ndim != 3:
            return None
        rgb = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
        rgb.flags.writeable = False  # it is kept
        return rgb

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._capture.release()

    # --- going to a frame -------------------------------------------------------------------------------------------

    def _reach(self, index: int) -> bool:
        """Grab frame `index`, so that `_retrieved` gives its pixels; False if no way leads there."""
        if self._next <= index <= self._next + _NEAR and self._go_on_to(index):
            return True
        if self._seeks:
            for back in _BACK:
                landed = self._land(index, back)
                if landed is not None and landed <= index:
                    self._next = landed + 1
                    if landed == index or self._go_on_to(index):
                        return True
        self._restart()
        return self._go_on_to(index)

    def _land(self, index: int, back: int) -> int | None:
        """Jump to some frame before and grab it; which one it is, None if its time is not that of any frame."""
        wanted = max(0.0, self.seconds(index) * self.rate - back)
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, int(wanted))
        if not self._capture.grab():
            return None
        time = self._time()
        landed = bisect_left(self._times, time)
        return landed if landed < self.frames and self._times[landed] == time else None

    def _go_on_to(self, index: int) -> bool:
        """Grab frame by frame; False if what comes is not the frame that should."""
        while self._next <= index:
            if not self._capture.grab():
                self._next = self.frames  # no way on from here
                return False
            self._next += 1
        return not self._seeks or self._time() == self._times[index]

    def _restart(self) -> None:
        self._capture.release()
        self._capture, self._next = self._opened(), 0

    def _time(self) -> float:
        """The time of the frame grabbed last, in milliseconds to the hundredth: by it frames are told apart."""
        return round(self._capture.get(cv2.CAP_PROP_POS_MSEC), 2)

    # --- opening ----------------------------------------------------------------------------------------------------

    def _opened(self) -> cv2.VideoCapture:
        with contextlib.suppress(cv2.error, UnicodeError):
            capture = cv2.VideoCapture(str(self._path.absolute()), cv2.CAP_FFMPEG, _TIMEOUTS)
            if capture.isOpened():
                return capture
        raise self._refused("it is damaged, or of a kind that cannot be decoded")

    def _learn_times(self, task: TaskContext) -> list[float]:
        """Of all frames in order: from the packets, without decoding, where their times prove true; else by decoding everything."""
        times = sorted(self._walk(self._packets(), task))
        proven = self._walk(self._capture, TaskContext(), _PROVEN)
        self._next = len(proven)
        if not proven:
            raise self._refused("no frame of it can be decoded: it is damaged or encrypted")
        if len(set(times)) == len(times) and times[: len(proven)] == proven:
            return times
        self._restart()
        times = self._walk(self._capture, task)
        self._next = len(times)
        self._seeks = all(a < b for a, b in pairwise(times))  # else only counting from the start is exact
        return times

    def _packets(self) -> cv2.VideoCapture:
        capture = self._opened()
        capture.set(cv2.CAP_PROP_FORMAT, -1)  # grab() reads and does not decode: 10,000 in 40 ms
        return capture

    def _walk(self, capture: cv2.VideoCapture, task: TaskContext, most: int | None = None) -> list[float]:
        get: Callable[[int], float] = capture.get
        claimed = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        times: list[float] = []
        while len(times) < (most or MAX_FRAMES) and capture.grab():
            times.append(round(get(cv2.CAP_PROP_POS_MSEC), 2))
            if len(times) % 500 == 0:
                task.report(len(times), max(claimed, len(times) + 1))
        if most is None and len(times) == MAX_FRAMES:
            raise self._refused(f"it has more than {MAX_FRAMES:,} frames, or no end. Cut it into parts")
        return times

    def _refused(self, why: str) -> UnreadableImage:
        return UnreadableImage(f"{self._name} cannot be opened as a video: {why}.")
