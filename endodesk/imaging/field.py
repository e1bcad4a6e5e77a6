"""Where a frame is lit, found the same way whatever the border: dark, tight, octagonal or round, with text beside it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import Bytes, Mask

_GRID = 48  # cells a side in which the inscribed rectangle is sought
_RIM = np.ones((5, 5), np.uint8)


def field_around(lit: Bytes, box: Bytes) -> Bytes:
    """The optical field: the convex hull of what is lit; all of it if nothing is.

    Every field that is made is convex, so the hull brings in dark lumen and burnt-out edges. Under a box the hull is blind:
    there the field is what it is in the corners beside and above, for fields are symmetric.
    """
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


def inscribed_rectangle(field: Mask) -> tuple[int, int, int, int]:
    """x, y, w, h in pixels of the largest upright rectangle that lies in the field (to within a cell of 1/48)."""
    height, width = field.shape
    cells = cv2.resize(255 * field.view(np.uint8), (_GRID, _GRID), interpolation=cv2.INTER_AREA) >= 250
    x, y, w, h = _largest_rectangle(cells)
    left, top = x * width // _GRID, y * height // _GRID
    right, bottom = max((x + w) * width // _GRID, left + 1), max((y + h) * height // _GRID, top + 1)
    return left, top, right - left, bottom - top


def _largest_rectangle(cells: Mask) -> tuple[int, int, int, int]:
    """x, y, w, h of the largest all-true rectangle of a square grid; the whole grid if nothing is true.

    For every pair of a first and a last row at once: the longest run of columns that are true in all rows between.
    """
    side = len(cells)
    above = np.concatenate([np.zeros((1, side), np.int16), np.cumsum(cells, axis=0, dtype=np.int16)])
    first, last = np.triu_indices(side)
    rows = (last - first + 1).astype(np.int16)
    is_open = (above[last + 1] - above[first] == rows[:, None]).T.astype(np.int16)  # [column, pair]
    run, longest, end = (np.zeros(len(rows), np.int16) for _ in range(3))
    for column, open_here in enumerate(is_open):
        run = (run + 1) * open_here
        longer = run > longest
        np.copyto(longest, run, where=longer)
        end[longer] = column
    best = int((longest * rows).argmax())
    width = int(longest[best])
    if not width:
        return 0, 0, side, side
    return int(end[best]) - width + 1, int(first[best]), width, int(rows[best])
