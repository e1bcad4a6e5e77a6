"""Burnt-in text and dates: pale thin strokes that stand in words, words in lines, lines one under another."""

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Bytes

Ints = NDArray[np.int32]

# All lengths in pixels of the sketch.
_WIDEST = np.ones((11, 11), np.uint8)  # a filled sign, such as those that stand for a name, is wider than any stroke
_GAP = np.ones((1, 7), np.uint8)  # between two letters
_LETTER = np.ones((1, 5), np.uint8)
_EDGE = np.ones((3, 3), np.uint8)
_LOW, _HIGH = 3, 14  # lines of text
_FAINT = 18
_FULL = 0.86  # share of a run that is ink: letters have gaps, highlights have none
_COLUMN_SHARE = 0.3  # of the field's width: where devices write


def find_text(small: RGB, field: Bytes, *, contrast: int) -> Bytes:
    """Strokes of text over the field, in the sketch's size; zeros if there are none.

    Text is paler than mucosa in all three channels. So are highlights, but they have no gaps and do not stand in lines.
    """
    red, green, blue = cv2.split(small)
    tops = cv2.morphologyEx(cv2.min(cv2.min(red, green), blue), cv2.MORPH_TOPHAT, _WIDEST)
    tops = cv2.multiply(tops, field)
    strokes = np.asarray(cv2.threshold(tops, contrast, 1, cv2.THRESH_BINARY)[1], np.uint8)
    found = np.zeros_like(field)
    for x, y, w, h in _words(strokes, field).tolist():
        part = (slice(max(0, y - 2), y + h + 2), slice(max(0, x - 2), x + w + 2))
        found[part] = cv2.dilate(cv2.threshold(tops[part], _FAINT, 1, cv2.THRESH_BINARY)[1], _EDGE)
    return found


def _words(strokes: Bytes, field: Bytes) -> Ints:
    """Boxes (x, y, w, h) of words: runs of strokes of a letter's height, in the column where devices write or very long."""
    joined = cv2.morphologyEx(cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, _GAP), cv2.MORPH_OPEN, _LETTER)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)  # components with statistics: ten times slower
    left, _, width, _ = cv2.boundingRect(field)
    boxes = np.array([cv2.boundingRect(outline) for outline in outlines], np.int32).reshape(-1, 4)
    x, y, w, h = boxes.T
    area = _sums(np.asarray(joined, np.uint8), boxes)
    runs, area = boxes[fits := (h >= _LOW) & (h <= _HIGH) & (w >= 1.1 * h) & (area >= 0.5 * w * h) & (w < 0.6 * width)], area[fits]
    x, y, w, h = runs.T
    word = (_sums(strokes, runs) < _FULL * area) & (h > _LOW)
    alike = _close(h, 3)
    under = (_close(x, 3) & alike & _close(y, 90)).sum(axis=1) - 1
    listed = (under >= 2) | ((under >= 1) & (w >= 2.2 * h))
    in_column = x < left + _COLUMN_SHARE * width
    kept = (in_column & (listed | (word & (w >= 2.4 * h)))) | (word & (w >= 5 * h))
    apart = np.maximum(x[:, None], x) - np.minimum((x + w)[:, None], x + w)
    beside = _close(y, 3) & alike & (apart <= 60) & in_column[:, None]
    for _ in range(2):
        kept = kept | (beside & kept).any(axis=1)
    return np.asarray(runs[kept], np.int32)


def _sums(mask: Bytes, boxes: Ints) -> Ints:
    """How many pixels of the mask each box (x, y, w, h) holds."""
    x, y, w, h = boxes.T
    table = cv2.integral(mask)
    return np.asarray(table[y + h, x + w] - table[y, x + w] - table[y + h, x] + table[y, x], np.int32)


def _close(values: Ints, limit: int) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values[:, None] - values) <= limit)
