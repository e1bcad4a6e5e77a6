"""From the samples that a file stores to RGB of 8 bits."""

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.profiles import Conversion

_BAND_PX = 4_000_000
"""Pixels that are worked on at once: the steps between would else be copies of 100 megapixels each."""
_DEEP_WHITES = (255, 1023, 4095)
"""Of 8, 10 and 12 bits in 16: what cameras write without saying so."""


def as_rgb(samples: NDArray[Any], conversion: Conversion | None = None) -> RGB:
    """Samples (H x W, or H x W x 1 to 4: grey, grey and alpha, RGB, RGBA) of uint8 or uint16 as RGB; alpha lies over black."""
    white = white_of(samples) if samples.dtype == np.uint16 else 255
    return in_bands(samples, lambda band: _shown(eight_bits(band, white) if band.dtype == np.uint16 else band, conversion))


def in_bands(samples: NDArray[Any], shown: Callable[[NDArray[Any]], RGB], band_px: int = _BAND_PX) -> RGB:
    """`shown` of all rows, some at a time."""
    height, width = samples.shape[:2]
    if width * height <= band_px:
        return shown(samples)
    result = np.empty((height, width, 3), np.uint8)
    for rows in bands(samples, band_px):
        result[rows] = shown(samples[rows])
    return result


def bands(samples: NDArray[Any], band_px: int) -> Iterator[slice]:
    """Rows that have about so many pixels together, one after another."""
    height, width = samples.shape[:2]
    step = max(1, band_px // width)
    return (slice(top, top + step) for top in range(0, height, step))


# Why: docs/decisions/imaging.md 24
def white_of(samples: NDArray[np.uint16]) -> int:
    """The value that is white: 65535, unless not one value comes near it."""
    colours = samples if samples.ndim == 2 else samples[..., : samples.shape[2] - 1 + samples.shape[2] % 2]
    if samples.ndim == 3 and samples.shape[2] in (2, 4):  # alpha of 16 bits says that the colours are of 16 too
        return 65535
    highest = int(colours.max())
    return next((white for white in _DEEP_WHITES if highest <= white), 65535) if highest else 65535


def eight_bits(samples: NDArray[np.uint16], white: int = 65535) -> NDArray[np.uint8]:
    """0 to `white` as 0 to 255; what lies above is white."""
    if white == 65535:
        return (samples // 257).astype(np.uint8)  # 65535 is 255
    return (np.minimum(samples, white).astype(np.uint32) * 255 // white).astype(np.uint8)


def _shown(samples: NDArray[np.uint8], conversion: Conversion | None) -> RGB:
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    alpha = np.ascontiguousarray(samples[..., -1]) if channels in (2, 4) else None
    if channels <= 2:
        grey = np.ascontiguousarray(samples if samples.ndim == 2 else samples[..., 0])
        rgb = conversion(grey) if conversion else np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    else:
        rgb = np.ascontiguousarray(samples[..., :3])
        rgb = conversion(rgb) if conversion else rgb
    return rgb if alpha is None else over_black(rgb, alpha)


def over_black(rgb: RGB, alpha: NDArray[np.uint8]) -> RGB:
    """What is transparent is black."""
    return np.asarray(cv2.multiply(rgb, cv2.merge([alpha] * 3), scale=1 / 255), np.uint8)
