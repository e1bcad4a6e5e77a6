"""Pillow's Lanczos reduction of a grey picture to a small square, bit for bit, at half its cost: it is most of a perceptual hash."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.imaging.pixels import Floats

_BITS = 22  # Pillow's weights are whole numbers: so many bits after the point
_LOW_BITS = 7  # and ours are cut in two here, so that all sums are whole numbers below 2^24, which float32 holds exactly
_LONGEST = 5_000  # pixels; beyond, the sums of the lower half would grow too large
_BAND = 8  # places of the result that are made together, from the part of the row that they need
# Why: docs/decisions/imaging.md 8
_SMALL_PRODUCT = 2**17  # OpenBLAS starts threads of its own for larger ones, and they get in the way of ours
_BLOCK_PX = 4_000_000

Band = tuple[slice, Floats]
"""Which pixels of a row are needed, and their weights: upper halves for each place of the band, then lower halves."""


def reduced(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Side x side of any height x width: what Pillow's `resize` with LANCZOS gives for mode L. `side` is a multiple of 8."""
    height, width = grey.shape
    if width > _LONGEST or height > width:  # Pillow begins with the columns of tall pictures, and from which height on is its own affair
        return np.asarray(Image.fromarray(grey).resize((side, side), Image.Resampling.LANCZOS))
    return _rows_reduced(_rows_reduced(grey, side).T, side).T


def _rows_reduced(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Height x side: each row by itself, rounded; of huge pictures some rows at a time, since the numbers take four times as much."""
    rows = max(1, _BLOCK_PX // grey.shape[1])
    return np.concatenate([_some_rows_reduced(grey[top : top + rows], side) for top in range(0, len(grey), rows)])


def _some_rows_reduced(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    height, width = grey.shape
    pixels = grey.astype(np.float32)
    sums = np.empty((height, side // _BAND, 2, _BAND), np.float32)
    for number, (part, weights) in enumerate(_bands(width, side)):
        step = max(1, _SMALL_PRODUCT // weights.size)
        for first in range(0, height, step):
            rows = slice(first, first + step)
            sums[rows, number] = (pixels[rows, part] @ weights).reshape(-1, 2, _BAND)
    whole = sums.astype(np.int32)
    total = (whole[:, :, 0] << _LOW_BITS) + whole[:, :, 1] + (1 << (_BITS - 1))
    return np.asarray(np.clip(total >> _BITS, 0, 255), np.uint8).reshape(height, side)


@lru_cache(maxsize=256)
def _bands(length: int, side: int) -> tuple[Band, ...]:
    """The weights of rows of `length` pixels, band by band of the result, split into halves that float32 adds exactly."""
    weights = _weights(length, side)
    bands = []
    for first in range(0, side, _BAND):
        needed = np.flatnonzero(weights[:, first : first + _BAND].any(axis=1))
        part = slice(int(needed[0]), int(needed[-1]) + 1)
        whole = weights[part, first : first + _BAND]
        upper = (whole + (1 << (_LOW_BITS - 1))) >> _LOW_BITS
        bands.append((part, np.hstack([upper, whole - (upper << _LOW_BITS)]).astype(np.float32)))
    return tuple(bands)


def _weights(length: int, side: int) -> NDArray[np.int64]:
    """Length x side: each pixel's share in each place of the result, times 2^22."""
    scale = length / side
    stretch = max(scale, 1.0)  # a picture that grows is not blurred
    centres = (np.arange(side) + 0.5) * scale
    first = np.maximum(0, (centres - 3 * stretch + 0.5).astype(int))
    behind = np.minimum(length, (centres + 3 * stretch + 0.5).astype(int))
    places = first + np.arange((behind - first).max())[:, None]
    away = (places - centres + 0.5) / stretch
    shares = np.where((places < behind) & (abs(away) < 3), np.sinc(away) * np.sinc(away / 3), 0)
    shares /= shares.sum(axis=0)
    weights = np.zeros((length + len(places), side), np.int64)
    weights[places, np.arange(side)] = np.trunc(shares * (1 << _BITS) + np.copysign(0.5, shares))
    return weights[:length]
