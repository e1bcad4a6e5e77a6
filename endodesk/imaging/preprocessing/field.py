"""Where a frame is lit, found the same way whatever the border: dark, tight, octagonal or round, with text beside it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import Bytes

_ROWS = 160  # of the field, at most, between which the inscribed rectangle is sought
_RIM = np.ones((5, 5), np.uint8)


def field_around(lit: Bytes, box: Bytes) -> Bytes:
    """The optical field: the convex hull of what is lit; all of it if nothing is.

    Every field that is made is convex, so the hull brings in dark lumen and burnt-out edges. Under a box the hull is blind:
    there the field is what it is in the corners beside and above, for fields are symmetric.
    """
    # a green box is lit too, and would pull the hull into the corner that an octagon lacks
    tissue = cv2.subtract(lit, cv2.dilate(box, _RIM)) if box.any() else lit
    contours, _ = cv2.findContours(tissue, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return np.ones_like(lit)
    hull = np.zeros_like(lit)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.concatenate(contours)), 1)
    if box.any():
        x, y, w, h = cv2.boundingRect(lit)
        inside = hull[y : y + h, x : x + w]
        inside |= (inside[:, ::-1] | inside[::-1]) & box[y : y + h, x : x + w]
    return hull


def inscribed_rectangle(field: Bytes) -> tuple[int, int, int, int]:
    """x, y, w, h in pixels of the largest upright rectangle inside a convex field; all of it if nothing is field.

    In a convex field the narrowest place between two rows is at one of the two, so every pair of rows is tried at once.
    """
    height, width = field.shape
    rows = np.arange(0, height, -(-height // _ROWS))  # all pairs of rows are compared: their number is bounded, whatever the frame's size
    lines = field[rows]
    left, right = lines.argmax(axis=1), width - lines[:, ::-1].argmax(axis=1)
    right[~lines.any(axis=1)] = -1  # argmax is 0 there, as if the whole row were field
    widths = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    areas = np.maximum(widths, 0) * (rows - rows[:, None] + 1)
    first, last = divmod(int(areas.argmax()), len(rows))
    if areas[first, last] <= 0:
        return 0, 0, width, height
    x, y = int(max(left[first], left[last])), int(rows[first])
    return x, y, int(widths[first, last]), int(rows[last]) - y + 1
