"""The ScopeGuide inset, green or blacked out: found by shape, size and place, not by colour alone; its dark frame with it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Bytes, as_mask
from endodesk.imaging.preprocessing.notch import SURE, Notch, find_notch
from endodesk.imaging.preprocessing.sketch import Sketch, brightest
from endodesk.imaging.preprocessing.stage import Rectangle

_LARGEST_SHARE = 0.35  # of the field's bounding box
_NEAR_EDGE = 0.12
_GREEN_LOW, _GREEN_HIGH = np.array([60, 80, 50]), np.array([95, 255, 255])  # hue, saturation, value: the insets' teal, not bile
_ACROSS_WRITING = np.ones((13, 13), np.uint8)
_BLACK_BELOW = (16, 28)  # nothing but the cut-out; its dark grey frame with it
_FRAME_BELOW, _FRAME_SHARE = 52, 0.04


def find_box(sketch: Sketch, *, smallest_share: float) -> Bytes:
    """Where the inset is; zeros if there is none. `smallest_share` is its least area in shares of the lit region's bounding box."""
    found = np.zeros_like(sketch.lit)
    x, y, w, h = cv2.boundingRect(sketch.lit)
    if min(w, h) >= 16:
        inside = (slice(y, y + h), slice(x, x + w))
        window = np.ascontiguousarray(sketch.image[inside])
        level = brightest(window)
        found[inside] = _green_boxes(window, level, smallest_share) | _black_boxes(level, smallest_share)
    return found


def _green_boxes(window: RGB, level: Bytes, smallest_share: float) -> Bytes:
    """Green components that fill their own bounding box and lie in a corner."""
    found = np.zeros(window.shape[:2], np.uint8)
    red, green, _ = cv2.split(window)
    # most frames have nothing so green, and need no HSV
    if not cv2.countNonZero(cv2.threshold(cv2.subtract(green, red), 24, 1, cv2.THRESH_BINARY)[1]):
        return found
    teal = cv2.inRange(cv2.cvtColor(window, cv2.COLOR_RGB2HSV), _GREEN_LOW, _GREEN_HIGH)
    teal = cv2.morphologyEx(teal, cv2.MORPH_CLOSE, _ACROSS_WRITING)
    height, width = teal.shape
    for outline in cv2.findContours(teal, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, w, h = cv2.boundingRect(outline)
        area = cv2.countNonZero(teal[y : y + h, x : x + w])
        fills = area >= 0.8 * w * h
        large = smallest_share <= area / (width * height) <= _LARGEST_SHARE
        in_corner = min(x, width - x - w) < _NEAR_EDGE * width and min(y, height - y - h) < _NEAR_EDGE * height
        if fills and large and in_corner:
            rows, columns = (1 if y < height - y - h else -1), (1 if x < width - x - w else -1)
            turned = (x if columns == 1 else width - x - w, y if rows == 1 else height - y - h, w, h)
            frame = _frame_px(level[::rows, ::columns], turned)
            found[max(0, y - frame) : y + h + frame, max(0, x - frame) : x + w + frame] = 1
    return found


def _black_boxes(level: Bytes, smallest_share: float) -> Bytes:
    """Notches in the corners of a window, given its brightest channel."""
    found = np.zeros_like(level)
    blacks = [as_mask(cv2.threshold(level, below - 1, 1, cv2.THRESH_BINARY_INV)[1]) for below in _BLACK_BELOW]
    for rows, columns in ((-1, 1), (1, 1), (1, -1), (-1, -1)):
        best = Notch()
        for black in blacks:
            if best.agreement < SURE:
                best = max(best, find_notch(black[::rows, ::columns], smallest_share, _LARGEST_SHARE), key=lambda notch: notch.agreement)
        for right, down in best.rectangles:
            frame = _frame_px(level[::rows, ::columns], (0, 0, right, down)) if len(best.rectangles) == 1 else 0
            found[::rows, ::columns][: down + frame, : right + frame] = 1
    return found


def _frame_px(level: Bytes, box: Rectangle) -> int:
    """How wide the dark frame around a box is, of a window turned so that the box lies at its upper left.

    The mean over the box's two inner sides, of the lines that are dark up to a sudden end.
    """
    x, y, w, h = box
    limit = max(4, round(_FRAME_SHARE * max(level.shape)))
    beside = level[y + h // 6 : y + h - h // 6, x + w : x + w + limit]
    below = level[y + h : y + h + limit, x + w // 6 : x + w - w // 6]
    lines = [np.median(block, axis=axis) for axis, block in ((0, beside), (1, below)) if block.size]
    ends = [end for end in map(_dark_end, lines) if end is not None]
    return round(sum(ends) / len(ends)) if ends else 0


def _dark_end(levels: NDArray[np.float64]) -> int | None:
    """After how many lines the dark ones end; 0 if none is dark, None if they do not end (dark tissue)."""
    dark = levels < _FRAME_BELOW
    first = int(dark.argmax())
    if not dark.any() or first > 2:  # the box's own smeared edge may come before
        return 0
    return None if dark[first:].all() else first + int(dark[first:].argmin())
