"""The pictures that all files of the truth test show: what is drawn is what is right. Also how two pictures are compared."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
WIDTH, HEIGHT = 160, 120
BITS, BLOCK_PX = 6, 16

TURNED = {  # EXIF orientation -> how a file stores a picture that is upright when it is turned as told
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a.swapaxes(0, 1)[::-1],
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a.swapaxes(0, 1)[:, ::-1],
}


@dataclass(frozen=True, slots=True)
class Within:
    """How far a picture may be from the right one, in grey levels: its mean, and the mean of its worst block of 8 x 8."""

    mean: float
    block: float


LOSSLESS = Within(1.0, 1.0)
"""Nothing but rounding from more bits to 8; no single value may be off by more than one."""
ROUNDED = Within(1.5, 3.0)
"""A change of colour space in whole numbers."""
LOSSY = Within(3.0, 14.0)
"""A lossy codec at good quality. A wrong matrix, a swapped channel or a shift by one block is far beyond."""


@cache
def drawn(width: int = WIDTH, height: int = HEIGHT) -> RGB:
    """Colours without any symmetry: gradients, patches of pure colours, fine lines, a disc. From 0 to 255 in each channel."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    picture = np.stack([40 + 180 * x / width, 60 + 140 * y / height, 200 - 150 * (x / width + y / height) / 2], -1)
    disc = (x - 0.65 * width) ** 2 + (y - 0.6 * height) ** 2 < (0.15 * width) ** 2
    picture[disc] = (230, 150, 140)
    patches = [(0, 0, 2, (0, 200, 60)), (0, 3, 1, (255, 0, 0)), (1, 1, 1, (0, 0, 255)), (3, 0, 1, (255, 255, 0)), (2, 2, 1, (0, 0, 0))]
    for row, column, wide, colour in [*patches, (2, 3, 1, (255, 255, 255))]:
        picture[16 * row : 16 * row + 16, 16 * column : 16 * (column + wide)] = colour
    lines = picture[80:96, 16:48]
    lines[:] = np.where((np.arange(lines.shape[1]) // 2 % 2)[None, :, None], 170, 110)
    return _frozen(np.clip(picture, 0, 255).round().astype(np.uint8))


@cache
def grey(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """One channel, without any symmetry, from 0 to 255: who stretches it and who does not get the same."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    picture = 20 + 200 * (0.7 * x / width + 0.3 * y / height)
    picture[8:24, 8:40], picture[8:24, 48:56], picture[60:100, 20:28] = 0, 255, 235
    picture[80:96, 48:80] = np.where((np.arange(picture[80:96, 48:80].shape[1]) // 2 % 2)[None, :], 170, 110)
    return _frozen(picture.round().astype(np.uint8))


def as_rgb(values: NDArray[np.uint8]) -> RGB:
    """One channel three times."""
    return np.repeat(values[..., None], 3, -1)


def deep(values: NDArray[np.uint8], bits: int = 16) -> NDArray[np.uint16]:
    """The same picture in more bits: 255 becomes the most that they hold."""
    return np.round(values.astype(np.float64) / 255 * ((1 << bits) - 1)).astype(np.uint16)


def numbered(number: int, width: int = 176, height: int = 144) -> RGB:
    """A frame of a film: the drawn picture, moved on; its number in blocks along the top, lowest bit left."""
    picture = np.roll(drawn(width, height), (3 * number, 5 * number), (0, 1))
    for bit in range(BITS):
        picture[:BLOCK_PX, BLOCK_PX * bit : BLOCK_PX * (bit + 1)] = 255 if number >> bit & 1 else 0
    return picture


def number_in(rgb: RGB) -> int:
    """The number that a frame carries."""
    return sum(1 << bit for bit in range(BITS) if rgb[4:12, BLOCK_PX * bit + 4 : BLOCK_PX * bit + 12].mean() > 127)


def distance(one: RGB, other: RGB) -> tuple[float, float]:
    """Mean difference, and that of the worst block (8 x 8, one channel). Infinite for different shapes."""
    if one.shape != other.shape:
        return np.inf, np.inf
    apart = np.abs(one.astype(np.int16) - other.astype(np.int16)).astype(np.float64)
    height, width = (side // 8 * 8 for side in apart.shape[:2])
    blocks = apart[:height, :width].reshape(height // 8, 8, width // 8, 8, 3).mean((1, 3))
    return float(apart.mean()), float(blocks.max())


def near(shown: RGB, right: RGB, within: Within) -> bool:
    """Whether a picture may be taken for the right one."""
    mean, block = distance(shown, right)
    if within == LOSSLESS:
        return bool(np.isfinite(mean)) and int(np.abs(shown.astype(np.int16) - right).max()) <= 1
    return mean <= within.mean and block <= within.block


def _frozen(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    picture.setflags(write=False)
    return picture
