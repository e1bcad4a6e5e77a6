"""Filling: what is not mucosa gets the colours around it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Bytes, Floats, Mask
from endodesk.imaging.sketch import in_blocks
from endodesk.imaging.stage import Rectangle

_COARSER = 4  # the fill is smooth: it is made on a copy this many times smaller than the sketch


def fill_holes(image: RGB, hole: Mask, small: RGB, known: Bytes) -> RGB:
    """The frame with the hole filled smoothly from the pixels of its small copy that are known.

    By a pyramid: every level averages what is known on the one below, and lends it where nothing is. If nothing at all is known,
    the frame stays as it is.
    """
    if not cv2.countNonZero(known):
        return image
    seen = in_blocks(np.asarray(cv2.bitwise_and(small, small, mask=known), np.uint8), _COARSER)
    weight = in_blocks(np.asarray(255 * known, np.uint8), _COARSER)
    smooth = np.asarray(_spread(seen.astype(np.float32), np.asarray(weight / np.float32(255), np.float32)), np.uint8)
    x, y, w, h = cv2.boundingRect(hole.view(np.uint8))
    filled, part = image.copy(), (slice(y, y + h), slice(x, x + w))
    cv2.copyTo(_enlarged_part(smooth, image.shape[:2], (x, y, w, h)), hole[part].view(np.uint8), filled[part])
    return filled


def _enlarged_part(smooth: RGB, shape: tuple[int, ...], part: Rectangle) -> RGB:
    """What `smooth` would show in a part of the frame, were it as large as the frame; enlarging all of it costs ten times as much."""
    x, y, w, h = part
    across, down = shape[1] / smooth.shape[1], shape[0] / smooth.shape[0]
    left, top = max(0, int(x / across) - 1), max(0, int(y / down) - 1)
    cells = smooth[top : int((y + h) / down) + 2, left : int((x + w) / across) + 2]
    x, y = x - round(left * across), y - round(top * down)
    size = max(x + w, round(cells.shape[1] * across)), max(y + h, round(cells.shape[0] * down))
    return np.asarray(cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR), np.uint8)[y : y + h, x : x + w]


def _spread(colour: Floats, weight: Floats) -> Floats:
    """Colours (given times their weights, 0..1) of one level; where little is known, those of the coarser level."""
    height, width = weight.shape
    own = colour / np.maximum(weight, 1e-4)[..., None]
    if min(height, width) <= 2:
        mean = colour.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-4)
        coarse = np.broadcast_to(mean, colour.shape)
    else:
        above = _spread(np.asarray(cv2.pyrDown(colour), np.float32), np.asarray(cv2.pyrDown(weight), np.float32))
        coarse = np.asarray(cv2.pyrUp(above, dstsize=(width, height)), np.float32)
    share = np.minimum(4 * weight, 1)[..., None]
    return np.asarray(own * share + coarse * (1 - share), np.float32)
