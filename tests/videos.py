"""Small videos made for tests: each frame carries its number in stripes."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT = 288, 208


@cache
def ground() -> np.ndarray:
    coarse = np.random.default_rng(0).integers(40, 216, (HEIGHT // 16, WIDTH // 16, 3), np.uint8)
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def make_video(path: Path, frames: int, codec: str = "mp4v", *, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    """At 25 frames a second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*codec), 25, size)
    assert writer.isOpened(), codec
    for number in range(frames):
        picture = np.roll(ground(), number % WIDTH, axis=1)
        for bit in range(16):
            picture[8:24, 8 + 16 * bit : 24 + 16 * bit] = 255 if number >> bit & 1 else 0
        writer.write(picture if size == (WIDTH, HEIGHT) else cv2.resize(picture, size))
    writer.release()
    return path


def number_in(rgb: np.ndarray) -> int:
    """Which frame it is, read from its stripes."""
    return sum(1 << bit for bit in range(16) if rgb[12:20, 12 + 16 * bit : 20 + 16 * bit].mean() > 127)
