"""Filling: what is not mucosa gets the colours around it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.sketch import Sketch, in_blocks, scaled

_COARSER = 4  # the fill is smooth: it is made on a copy this many times smaller than the sketch


# Why: docs/decisions/imaging.md 5
def filled(image: RGB, sketch: Sketch) -> RGB:
    """The frame, in whatever size, with the holes of its sketch filled smoothly from what the sketch knows to be tissue.

    If nothing at all is known, the frame stays as it is.
    """
    hole, known = sketch.hole[sketch.view], sketch.tissue()
    if not cv2.countNonZero(hole) or not cv2.countNonZero(known):
        return image
    height, width = image.shape[:2]
    colours = cv2.merge([*cv2.split(cv2.bitwise_and(sketch.image, sketch.image, mask=known)), 255 * known])
    smooth = _spread(in_blocks(np.asarray(colours, np.uint8), _COARSER).astype(np.float32))
    whole = cv2.resize(smooth, known.shape[::-1], interpolation=cv2.INTER_LINEAR)
    # the frame is laid around the fill, not the fill into a copy of the frame: of huge ones each copy counts
    result = np.asarray(cv2.resize(whole[sketch.view], (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    around = scaled(hole, height, width)
    cv2.copyTo(image, np.subtract(1, around, out=around), result)
    return result


def _spread(known: Floats) -> RGB:
    """Height x width x 4 sums of colours and their weight (0..255 each): colours everywhere.

    By a pyramid: every level averages what is known on the one below, and lends it where nothing is.
    """
    levels = [known / np.float32(255)]
    while min(levels[-1].shape[:2]) > 2:
        levels.append(np.asarray(cv2.pyrDown(levels[-1]), np.float32))
    colour = np.broadcast_to(_own(levels[-1].sum(axis=(0, 1), keepdims=True)), (*levels[-1].shape[:2], 3))
    for level in reversed(levels):
        coarse = cv2.resize(colour, level.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        share = np.minimum(4 * level[..., 3:], 1)
        colour = coarse + (_own(level) - coarse) * share
    return np.asarray(np.rint(255 * colour), np.uint8)


def _own(level: Floats) -> Floats:
    """The mean colour of what is known; black where nothing is."""
    return np.asarray(level[..., :3] / np.maximum(level[..., 3:], 1e-4), np.float32)
