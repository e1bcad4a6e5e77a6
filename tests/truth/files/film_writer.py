"""Films by FFmpeg's own command, from numbered frames; and what is done to a film afterwards by hand."""

import struct
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from .case import Make, command
from .picture import RGB, numbered

FRAMES, RATE = 40, 25
FLIPS = {  # name -> a, b, c, d of the display matrix: a point (x, y) is shown at (a x + c y, b x + d y)
    "turned-90": (0, 1, -1, 0),
    "turned-180": (-1, 0, 0, -1),
    "turned-270": (0, -1, 1, 0),
    "mirrored": (-1, 0, 0, 1),
    "upside-down": (1, 0, 0, -1),
    "transposed": (0, 1, 1, 0),
    "transposed-back": (0, -1, -1, 0),
}


@cache
def _source(width: int, height: int, frames: int) -> bytes:
    return b"".join(numbered(index, width, height).tobytes() for index in range(frames))


def encode(path: Path, options: str | Sequence[str], *, size: tuple[int, int] = (176, 144), frames: int = FRAMES, rate: int = RATE) -> None:
    """Write a film. Missing if this FFmpeg cannot."""
    words = options.split() if isinstance(options, str) else list(options)
    read = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-"]
    command("ffmpeg", "-v", "error", "-y", *read, *words, path, data=_source(*size, frames))


def encoded(options: str, **more: object) -> Make:
    """A film by these options."""
    return lambda path: encode(path, options, **more)


def copied(options: str, how: str, suffix: str, *, before: str = "") -> Make:
    """A film by these options, then its packets copied: `before` stands before the input, `how` behind it."""

    def make(path: Path) -> None:
        whole = path.with_name(f"whole{suffix}")
        encode(whole, options)
        command("ffmpeg", "-nostdin", "-v", "error", "-y", *before.split(), "-i", whole, "-c", "copy", *how.split(), path)

    return make


def changed(options: str, change: Callable[[bytes], bytes], **more: object) -> Make:
    """A film by these options, its bytes changed."""

    def make(path: Path) -> None:
        encode(path, options, **more)
        path.write_bytes(change(path.read_bytes()))

    return make


def with_matrix(data: bytes, matrix: tuple[int, int, int, int]) -> bytes:
    """An MP4 or MOV file with another display matrix for its first track."""
    place = data.find(b"tkhd") + 4
    place += 52 if data[place] == 1 else 40
    a, b, c, d = (value << 16 for value in matrix)
    return data[:place] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + data[place + 36 :]


def shown_by(frame: RGB, matrix: tuple[int, int, int, int]) -> RGB:
    """The stored frame as the matrix shows it."""
    a, b, c, d = matrix
    across, down = (a, d) if a else (c, b)
    turned = frame if a else frame.swapaxes(0, 1)
    return np.ascontiguousarray(turned[:: 1 if down > 0 else -1, :: 1 if across > 0 else -1])


def cut(share: int) -> Callable[[bytes], bytes]:
    """So many hundredths of a file."""
    return lambda data: data[: len(data) * share // 100]


def holed(data: bytes) -> bytes:
    """With 40 bytes of its middle exchanged."""
    place = len(data) // 2
    return data[:place] + bytes(range(40)) + data[place + 40 :]
