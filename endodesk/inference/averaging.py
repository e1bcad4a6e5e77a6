"""What several networks say together: their mean, of probabilities and of heat maps."""

from collections.abc import Sequence

import cv2
import numpy as np

from endodesk.imaging.pixels import Floats
from endodesk.imaging.preprocessing.stage import Rectangle


# Why: docs/decisions/inference.md 5
def mean_probabilities(each: Sequence[Floats]) -> Floats:
    """M times C probabilities -> C, summing to 1. One network's own are handed through."""
    # in double: the float32 mean still sums to 1
    return each[0] if len(each) == 1 else np.asarray(np.mean(each, axis=0, dtype=np.float64), np.float32)


# Why: docs/decisions/inference.md 6
def mean_heat(maps: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Weighted mean of heat maps of one size, brought to 0..1; all zero where nothing speaks for the class.

    A network counts by what probability it gave the class: where one that does not believe in a finding would look for it,
    says little.
    """
    if len(maps) == 1:
        return maps[0]
    shares = np.asarray(weights, np.float64)
    shares = shares if shares.sum() > 0 else np.ones(len(maps))  # all of them rule the class out: none is to be believed more
    heat = np.tensordot(shares / shares.sum(), np.stack(maps), axes=1)
    top = heat.max()
    return np.asarray(heat / top if top > 0 else heat, np.float32)


def moved(heat: Floats, source: Rectangle, target: Rectangle, shape: tuple[int, int]) -> Floats:
    """A heat map over one crop of a frame as it lies over another, in `shape` cells; zero where the first does not reach."""
    axes = []
    for axis, cells in ((0, shape[1]), (1, shape[0])):  # x, then y
        at = target[axis] + (np.arange(cells) + 0.5) * target[axis + 2] / cells  # a cell's value holds at its middle
        axes.append((at - source[axis]) / source[axis + 2])
    inside = np.outer(*((share >= 0) & (share <= 1) for share in reversed(axes)))
    x, y = np.meshgrid(axes[0] * heat.shape[1] - 0.5, axes[1] * heat.shape[0] - 0.5)
    # replicated: the outer half of the cells at the rim lies beyond the outermost middles
    found = cv2.remap(heat, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found * inside, np.float32)
