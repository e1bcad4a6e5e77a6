"""The ScopeGuide inset: found by shape, size and place rather than by colour alone, and filled from around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.field import as_mask, shrunk
from endodesk.imaging.pixels import RGB, Mask

Bytes = NDArray[np.uint8]
"""0 or 1 a pixel, as OpenCV wants its masks."""

_FILL_PX = 96  # the fill is smooth: it is made small and enlarged
_RIM_PX = 5  # the outline of the box, and what compression smears around it
_LARGEST_SHARE = 0.25  # of the field; a larger dark corner is anatomy
_NEAR_EDGE = 0.12
_BLACK_BELOW = 20
_MARGIN_PX = 3  # the outermost rows may hold a line of text or a bright seam


def find_box(small: RGB, field: Mask, *, smallest_share: float) -> Mask:
    """Mask like `field` of the inset: a large rectangle, green or cut out in black, in a corner of the lit field; empty if none.

    Sought on a shrunk copy of the frame.
    """
    height, width = field.shape
    lit = np.asarray(cv2.resize(field.view(np.uint8), small.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    found = _green_boxes(small, lit, smallest_share) | _black_notches(small, lit, smallest_share)
    return as_mask(cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST))


def fill_from_surroundings(image: RGB, hole: Mask, field: Mask) -> RGB:
    """The frame with the hole filled smoothly from the field around it (Telea's inpainting, on a small copy)."""
    small = shrunk(image, _FILL_PX)
    size = small.shape[1::-1]
    unknown = 255 * (hole | ~field).view(np.uint8)
    small_hole = cv2.dilate(cv2.resize(unknown, size, interpolation=cv2.INTER_AREA), np.ones((3, 3), np.uint8))
    filled = cv2.inpaint(small, small_hole, 3, cv2.INPAINT_TELEA)
    smooth = cv2.resize(cv2.GaussianBlur(filled, (5, 5), 0), image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.copyTo(smooth, hole.view(np.uint8), image.copy()), np.uint8)


def _green_boxes(image: RGB, lit: Bytes, smallest_share: float) -> Bytes:
    """Green components that fill their own bounding box and lie in a corner of the lit field's."""
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    green = cv2.inRange(hsv, np.array([35, 80, 50]), np.array([95, 255, 255]))
    green = cv2.bitwise_and(cv2.morphologyEx(green, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), lit)
    out = np.zeros_like(lit)
    left, top, field_w, field_h = cv2.boundingRect(lit)
    count, _, stats, _ = cv2.connectedComponentsWithStats(green, connectivity=4)
    for x, y, w, h, area in (map(int, stats[index]) for index in range(1, count)):
        fills = area >= 0.7 * w * h
        large = smallest_share <= area / (field_w * field_h) <= _LARGEST_SHARE
        at_side = min(x - left, left + field_w - (x + w)) < _NEAR_EDGE * field_w
        at_edge = min(y - top, top + field_h - (y + h)) < _NEAR_EDGE * field_h
        if fills and large and at_side and at_edge:
            out[max(0, y - _RIM_PX) : y + h + _RIM_PX, max(0, x - _RIM_PX) : x + w + _RIM_PX] = 1
    return out


def _black_notches(image: RGB, lit: Bytes, smallest_share: float) -> Bytes:
    """Black rectangles that sit in a corner of the field's bounding box and whose two inner sides border lit tissue.

    The cut corner of an octagon is a triangle: the largest rectangle in it borders on black.
    """
    out = np.zeros_like(lit)
    x, y, w, h = cv2.boundingRect(lit)
    if min(w, h) <= 4 * _MARGIN_PX:
        return out
    window = (slice(y, y + h), slice(x, x + w))
    black = cv2.inRange(image[window], (0, 0, 0), (_BLACK_BELOW - 1,) * 3).astype(bool)
    for flip_rows, flip_columns in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        corner = black[::flip_rows, ::flip_columns]
        rows, columns = (side + _MARGIN_PX for side in _corner_rectangle(corner[_MARGIN_PX:, _MARGIN_PX:]))
        if smallest_share <= rows * columns / (w * h) <= _LARGEST_SHARE and _borders_on_tissue(corner, rows, columns):
            out[window][::flip_rows, ::flip_columns][: rows + _RIM_PX, : columns + _RIM_PX] = 1
    return out


def _corner_rectangle(black: Mask) -> tuple[int, int]:
    """Rows and columns of the largest all-black rectangle that starts at the first row and column."""
    runs = np.minimum.accumulate(np.where(black.all(axis=1), black.shape[1], black.argmin(axis=1)))
    areas = runs * np.arange(1, len(runs) + 1)
    best = int(areas.argmax())
    return best + 1, int(runs[best])


def _borders_on_tissue(black: Mask, rows: int, columns: int) -> bool:
    below = black[rows + 1 : rows + 4, :columns]
    beside = black[:rows, columns + 1 : columns + 4]
    return all(side.size > 0 and side.mean() < 0.4 for side in (below, beside))
