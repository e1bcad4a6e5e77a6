"""Where a frame is lit, found the same way whatever the border: dark, tight, octagonal or round, with text beside it."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask

_GRID = 48  # cells a side in which the inscribed rectangle is sought


def lit_field(image: RGB, *, lit_above: int, work_px: int) -> Mask:
    """H x W mask of the lit field: the largest lit region, its dark lumen and boxes included (convex hull).

    A frame with nothing lit is taken to be lit all over.
    """
    height, width = image.shape[:2]
    small = shrunk(image, work_px)
    lit = (cv2.GaussianBlur(small.max(axis=2), (5, 5), 0) > lit_above).astype(np.uint8)
    size = max(3, small.shape[0] // 20) | 1  # wider than a letter: text falls away
    lit = cv2.morphologyEx(lit, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    contours, _ = cv2.findContours(lit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return np.ones((height, width), bool)
    hull = np.zeros(lit.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(max(contours, key=cv2.contourArea)), 1)
    return np.asarray(cv2.resize(hull, (width, height), interpolation=cv2.INTER_LINEAR), bool)


def inscribed_rectangle(field: Mask) -> tuple[int, int, int, int]:
    """x, y, w, h in pixels of the largest upright rectangle that lies in the field (to within a cell of 1/48)."""
    height, width = field.shape
    cells = cv2.resize(255 * field.astype(np.uint8), (_GRID, _GRID), interpolation=cv2.INTER_AREA) >= 250
    best, place = 0, (0, 0, _GRID, _GRID)
    for top in range(_GRID):
        open_columns = np.ones(_GRID, bool)
        for bottom in range(top, _GRID):
            open_columns &= cells[bottom]
            left, run = _longest_run(open_columns)
            if run * (bottom - top + 1) > best:
                best, place = run * (bottom - top + 1), (left, top, run, bottom - top + 1)
            if run * (_GRID - top) <= best:  # none that starts here can be larger
                break
    x, y, w, h = place
    left, top, right, bottom = x * width // _GRID, y * height // _GRID, (x + w) * width // _GRID, (y + h) * height // _GRID
    return left, top, right - left, bottom - top


def _longest_run(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.view(np.int8), [0]))))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(lengths.argmax())
    return int(edges[2 * longest]), int(lengths[longest])


def shrunk(image: RGB, work_px: int) -> RGB:
    """A copy whose longer side has `work_px` pixels; the frame itself if it is not larger."""
    scale = work_px / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
