"""Burnt-in text and dates: runs of what looks like writing, and coloured message boxes.

A run is taken the sooner, the clearer it is, and if it stands in a list at the left of the field, where devices write.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Bytes, Floats
from endodesk.imaging.preprocessing.strokes import CELL_PX, Writing, find_writing

Ints = NDArray[np.int32]

_EDGE = np.ones((3, 3), np.uint8)
_AROUND = np.ones((5, 7), np.uint8)  # pixels
_FAINT, _DARK = 18, 50  # levels of a letter's faintest dots and of its black rims
_COLUMN_SHARE = 0.3  # of the field's width: where devices write
_TALLEST = 11  # cells; what is higher is glitter, or lines that run into each other, but those only in the column
_BLUE = 70  # levels of a message box over red and green; dye and instruments have less
_BOX = np.ones((9, 9), np.uint8)

# The odds of a run: weights of a logistic regression, fitted as those of `writing`. The last two are stricter than it outside the column:
# a missed word costs less than a patch of glitter on a polyp that is taken for one.
_CLEAR, _LISTED, _BEHIND, _HIGH, _FULL, _IN_COLUMN, _OFFSET = 6.5, 2.3, 1.5, 0.5, 2.8, 2.6, -9.3


def find_text(small: RGB, field: Bytes, *, contrast: int) -> Bytes:
    """Strokes of text and message boxes over the field, in the sketch's size; zeros if there are none.

    `contrast` is in levels of the brighter of green and blue. Text beside the field is read, too: a column goes on from there.
    """
    if min(field.shape) < CELL_PX:  # not one whole cell, and OpenCV refuses to resize to nothing
        return np.zeros_like(field)
    writing = find_writing(small, field, contrast=contrast)
    found = _message_boxes(small)
    cells = _chosen(writing, field)
    if cells is not None:
        zone = np.zeros_like(field)
        height, width = cells.shape[0] * CELL_PX, cells.shape[1] * CELL_PX
        zone[:height, :width] = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
        pale = cv2.threshold(writing.relief, _FAINT, 1, cv2.THRESH_BINARY)[1]
        dark = cv2.threshold(writing.rims, _DARK, 1, cv2.THRESH_BINARY)[1]
        found = np.maximum(found, cv2.dilate(cv2.multiply(cv2.bitwise_or(pale, dark), cv2.dilate(zone, _AROUND)), _EDGE))
    return np.asarray(cv2.multiply(found, field), np.uint8)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Boxes in cells, a run each, and the sums of what they hold."""

    boxes: Ints
    cells: Floats
    likelihood: Floats


def _chosen(writing: Writing, field: Bytes) -> Bytes | None:
    """Cells of the runs that are text; None if none is."""
    likely = np.asarray(cv2.threshold(writing.likelihood, 0, 1, cv2.THRESH_BINARY)[1], np.uint8)
    outlines, _ = cv2.findContours(likely, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    boxes = np.array([cv2.boundingRect(outline) for outline in outlines], np.int32)
    left, _, width, _ = cv2.boundingRect(field)
    odds = _odds(_Runs(boxes, _sums(likely, boxes), _sums(writing.likelihood, boxes)), (left + _COLUMN_SHARE * width) / CELL_PX)
    kept = [outline for outline, odd in zip(outlines, odds.tolist(), strict=True) if odd > 0]
    return np.asarray(cv2.drawContours(np.zeros_like(likely), kept, -1, 1, cv2.FILLED), np.uint8) if kept else None


# Why: docs/decisions/imaging.md 10
def _odds(runs: _Runs, column_end: float) -> Floats:
    """Log odds of each run; `column_end` in cells from the left."""
    x, y, w, h = runs.boxes.T
    in_column, line_high = x < column_end, h <= _TALLEST
    listable = in_column & line_high  # a tall run speaks for no others: glitter at the left would be taken for a list
    witness = np.minimum(runs.likelihood / 40, 4) * (w > 1.5 * h) * listable  # how much a run says for others
    down, right = np.abs(y[:, None] - y), x[:, None] - x
    listed = ((np.abs(right) <= 3) & (down >= 3) & (down < 40)) @ witness
    behind = ((down <= 2) & (right > 0) & (right < w + 30)) @ witness
    odds = (
        _CLEAR * np.log1p(runs.likelihood / runs.cells)
        + _LISTED * np.log1p(listed)
        + _BEHIND * np.log1p(behind)
        + _HIGH * np.log(h)
        + _FULL * runs.cells / (w * h)
        + _IN_COLUMN * listable
        + _OFFSET
    )
    return np.asarray(np.where(in_column | line_high, odds, -np.inf), np.float32)


def _sums(levels: Bytes | Floats, boxes: Ints) -> Floats:
    """The sum of what each box (x, y, w, h) holds."""
    x, y, w, h = boxes.T
    table = cv2.integral(levels)  # four look-ups a box, however large it is
    return np.asarray(table[y + h, x + w] - table[y, x + w] - table[y + h, x] + table[y, x], np.float32)


def _message_boxes(small: RGB) -> Bytes:
    """Blue rectangles, wider than high, whatever is written in them."""
    found = np.zeros(small.shape[:2], np.uint8)
    red, green, blue = cv2.split(small)
    plate = cv2.threshold(cv2.subtract(blue, cv2.max(red, green)), _BLUE, 1, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(plate):  # most frames have no such blue
        plate = cv2.morphologyEx(cv2.morphologyEx(plate, cv2.MORPH_CLOSE, _BOX), cv2.MORPH_OPEN, _BOX)
        for outline in cv2.findContours(plate, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            x, y, w, h = cv2.boundingRect(outline)
            if w >= 2 * h and cv2.countNonZero(plate[y : y + h, x : x + w]) >= 0.85 * w * h:
                # two pixels more: as far as compression smears an edge (SMEAR)
                found[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2] = 1
    return found
