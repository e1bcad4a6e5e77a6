"""Where a frame is lit, found the same way whatever the border: dark, tight, octagonal or round, with text beside it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask

_GRID = 48  # cells a side in which the inscribed rectangle is sought


def lit_field(small: RGB, *, lit_above: int, height: int, width: int) -> Mask:
    """Mask (height x width) of the lit field: the largest lit region, its dark lumen and boxes included (convex hull).

    Sought on a shrunk copy of the frame. A frame with nothing lit is taken to be lit all over.
    """
    red, green, blue = cv2.split(small)
    brightest = cv2.GaussianBlur(cv2.max(cv2.max(red, green), blue), (5, 5), 0)
    size = max(3, small.shape[0] // 20) | 1  # wider than a letter: text falls away
    letters = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    lit = cv2.morphologyEx(cv2.threshold(brightest, lit_above, 1, cv2.THRESH_BINARY)[1], cv2.MORPH_OPEN, letters)
    contours, _ = cv2.findContours(lit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return np.ones((height, width), bool)
    hull = np.zeros(lit.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(max(contours, key=cv2.contourArea)), 1)
    return as_mask(cv2.resize(hull, (width, height), interpolation=cv2.INTER_LINEAR))


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
    rows = (np.arange(side)[None, :] - np.arange(side)[:, None] + 1).astype(np.int16)  # [first, last]
    is_open = (above[None, 1:] - above[:-1, None] == rows[..., None]) & (rows > 0)[..., None]  # [first, last, column]
    run, longest, end = (np.zeros((side, side), np.int16) for _ in range(3))
    for column in range(side):
        run = (run + 1) * is_open[..., column]
        longer = run > longest
        longest[longer], end[longer] = run[longer], column
    areas = longest * rows
    first, last = divmod(int(areas.argmax()), side)
    width = int(longest[first, last])
    if not width:
        return 0, 0, side, side
    return int(end[first, last]) - width + 1, first, width, last - first + 1


def as_mask(zeros_and_ones: cv2.typing.MatLike) -> Mask:
    """OpenCV's kind of mask as ours, without copying it."""
    return np.asarray(zeros_and_ones, np.uint8).view(np.bool_)


def shrunk(image: RGB, work_px: int) -> RGB:
    """A copy whose longer side has `work_px` pixels; the frame itself if it is not larger."""
    scale = work_px / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
