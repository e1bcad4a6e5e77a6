"""Whether a picture has anything that a perceptual hash can hold on to: black frames, "no signal" and test bars have not."""

import numpy as np
from numpy.typing import NDArray

# Why: docs/decisions/dataset.md 13
_SURE = 64.0  # of a coefficient, away from the median: four times what rounding to whole grey levels and JPEG leave there
_FEWEST_BITS = 50  # of 64 that must be sure
_ALIKE = 4.0  # grey levels
_MOST_PLAIN = 0.8  # of the cells that may be plain ground


def has_structure(cells: NDArray[np.uint8]) -> bool:
    """Whether the hash of this reduced picture (grey, 32 x 32) says what it shows.

    Not if its bits are noise (one colour, a ramp, a curtain, bars), nor if all but a little of it is plain ground (a burnt-in
    clock, "no signal"): then it says where the letters stand.
    """
    grey = cells.astype(np.float64)
    return bool(_sure_bits(grey) >= _FEWEST_BITS and _plain_share(grey) <= _MOST_PLAIN)


def _sure_bits(grey: NDArray[np.float64]) -> int:
    """How many of the 64 bits noise could not turn: imagehash asks of each low frequency whether it is above their median."""
    waves = _waves(len(grey))
    low = waves @ grey @ waves.T
    return int((np.abs(low - np.median(low)) > _SURE).sum())


def _plain_share(grey: NDArray[np.float64]) -> float:
    """Share of cells that do not differ from what most of their row and column show: a ramp or a curtain is plain ground, too."""
    rest = grey - np.median(grey, axis=1, keepdims=True)
    return float((np.abs(rest - np.median(rest, axis=0)) <= _ALIKE).mean())


def _waves(side: int) -> NDArray[np.float64]:
    """8 x side: the low cosines of the transform (DCT-II, not normed, as imagehash has it)."""
    return 2 * np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(side) + 1) / (2 * side))
