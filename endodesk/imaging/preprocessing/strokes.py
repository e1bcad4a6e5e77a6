"""Where a picture looks like writing, place by place: thin pale or coloured strokes beside one another, empty lines above and below.

Highlights are as pale, but broader, and stand in no rows. The weights below are those of a logistic regression on the yardstick's
frames to choose by and on what real frames show away from their texts; a feature's weight is that of its logarithm.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Bytes, Floats

CELL_PX = 2
"""Likelihoods are told for cells of so many pixels a side."""

# All lengths in cells.
_WIDEST = np.ones((9, 9), np.uint8)  # in pixels: wider than any stroke
_RIM = np.ones((7, 7), np.uint8)
_WORD, _LONG_WORD, _COLUMN = (9, 3), (21, 1), (9, 31)
_RIDGE = np.array([[-1, 2, -1]], np.float32)  # Sobel's second derivative is the same and takes twenty times as long
_NEAR = np.ones((7, 1), np.uint8)
_BESIDE = 3  # lines: from the middle of a line of text to the gap above and below
_WEIGHTS = {
    "ridges along a long word": 3.3,
    "ridges left in the emptiest line near": -2.65,
    "ridges above and below": 1.6,
    "pale in the lines beside": -0.8,
    "dark rims": 1.0,
    "brightest dot": -2.8,
    "strokes": 1.95,
}
_OFFSET = -5.2
# levels are bytes, so a logarithm is a look-up
_TABLES = [np.float32(weight) * np.log1p(np.arange(256, dtype=np.float32)) for weight in _WEIGHTS.values()]
"""A feature's share in the log odds for each of its levels, 0..255; in the order of the weights."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What there is of strokes in a picture."""

    relief: Bytes
    """Levels, 0..255, by which a pixel is brighter than what is wider than a stroke; of the picture's size."""
    rims: Bytes
    """The same for what is darker."""
    likelihood: Floats
    """Log odds that a cell is writing; zero where it rather is not. Of half the picture's size, rounded down."""


def find_writing(small: RGB, field: Bytes, *, contrast: int) -> Writing:
    """Look for writing in a sketch's picture; what stands out by less than `contrast` levels is no stroke."""
    red, green, blue = cv2.split(small)
    cool = cv2.max(green, blue)  # mucosa is red: all that is written, in whatever colour, is brighter here
    relief = cv2.morphologyEx(cool, cv2.MORPH_TOPHAT, _WIDEST)
    rims = cv2.morphologyEx(cv2.max(cool, red), cv2.MORPH_BLACKHAT, _RIM)
    pale = cv2.morphologyEx(cv2.min(cv2.min(green, blue), red), cv2.MORPH_TOPHAT, _WIDEST)
    strokes = cv2.threshold(relief, contrast, 255, cv2.THRESH_BINARY)[1]
    # a broad patch's edge answers the ridge filter too, but stands out from nothing
    upright, level = (cv2.min(cv2.filter2D(cool, -1, ridge), relief) for ridge in (_RIDGE, _RIDGE.T))
    features = _features(*(_cells(levels) for levels in (strokes, pale, rims, upright, level, 255 * field)))
    odds = np.full(features[0].shape, _OFFSET, np.float32)
    for feature, table in zip(features, _TABLES, strict=True):
        cv2.add(odds, cv2.LUT(feature, table), dst=odds)
    odds = np.maximum(odds, 0) * (features[-1] > 0)
    return Writing(np.asarray(relief, np.uint8), np.asarray(rims, np.uint8), odds)


def _features(strokes: Bytes, pale: Bytes, rims: Bytes, upright: Bytes, level: Bytes, field: Bytes) -> tuple[Bytes, ...]:
    """The seven features of each cell as levels, 0..255, height x width each, in the order of the weights."""
    beyond = cv2.subtract(cv2.dilate(field, _NEAR), field)  # a field's upper edge is no gap between two lines
    beside = cv2.blur(pale, (15, 1))
    return tuple(
        np.asarray(feature, np.uint8)
        for feature in (
            cv2.dilate(cv2.blur(upright, _LONG_WORD), np.ones((5, 1))),
            cv2.erode(cv2.max(cv2.blur(level, _LONG_WORD), beyond), _NEAR),
            cv2.blur(level, _COLUMN),
            cv2.max(_moved(beside, _BESIDE), _moved(beside, -_BESIDE)),
            cv2.blur(rims, _WORD),
            cv2.dilate(pale, np.ones((3, 9))),
            cv2.blur(strokes, _WORD),
        )
    )


def _cells(levels: cv2.typing.MatLike) -> Bytes:
    """The mean of each cell; a last odd row or column is left out, for OpenCV averages broken blocks six times slower."""
    height, width = levels.shape[0] // CELL_PX, levels.shape[1] // CELL_PX
    return np.asarray(cv2.resize(levels[: height * CELL_PX, : width * CELL_PX], (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _moved(levels: cv2.typing.MatLike, down: int) -> Bytes:
    """The picture moved down by so many lines (up, if negative); zeros come in at the edge."""
    moved = np.zeros(levels.shape, np.uint8)
    if down > 0:
        moved[down:] = levels[:-down]
    else:
        moved[:down] = levels[-down:]
    return moved
