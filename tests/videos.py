"""Small videos made for tests by PyAV's encoders: each frame carries its number in stripes."""

from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

WIDTH, HEIGHT = 288, 208
_CODERS = {"mp4v": "mpeg4", "XVID": "mpeg4", "MJPG": "mjpeg", "WMV2": "wmv2", "PIM1": "mpeg1video"}
"""By their four letters."""


@cache
def ground() -> np.ndarray:
    coarse = np.random.default_rng(0).integers(40, 216, (HEIGHT // 16, WIDTH // 16, 3), np.uint8)
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def picture_of(number: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> np.ndarray:
    """What frame `number` shows, RGB."""
    picture = np.roll(ground(), number % WIDTH, axis=1)
    for bit in range(16):
        picture[8:24, 8 + 16 * bit : 24 + 16 * bit] = 255 if number >> bit & 1 else 0
    return picture if size == (WIDTH, HEIGHT) else cv2.resize(picture, size)


def make_video(
    path: Path,
    frames: int,
    codec: str = "mp4v",
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    pixels: str = "",
    ticks: list[int] | None = None,
    **options: str,
) -> Path:
    """At 25 frames a second, or at those 25ths of a second; `pixels` is FFmpeg's name of their format, options are the encoder's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coder = _CODERS.get(codec, codec)
    with av.open(str(path), "w", options={"movflags": "+write_colr"} if path.suffix in (".mp4", ".mov") else {}) as film:
        stream = film.add_stream(coder, rate=25, options={"bf": "0", **options} if coder == "mpeg4" and path.suffix == ".avi" else options)
        stream.width, stream.height = size
        stream.pix_fmt = pixels or ("yuvj420p" if coder == "mjpeg" else "yuv420p")
        stream.time_base = Fraction(1, 25)
        for number in range(frames):
            frame = VideoFrame.from_ndarray(picture_of(number, size), format="rgb24").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = ticks[number] if ticks else number, Fraction(1, 25)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def number_in(rgb: np.ndarray) -> int:
    """Which frame it is, read from its stripes."""
    return sum(1 << bit for bit in range(16) if rgb[12:20, 12 + 16 * bit : 20 + 16 * bit].mean() > 127)
