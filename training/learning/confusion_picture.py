"""A confusion matrix as a small picture. One is made each epoch, so OpenCV draws it: it takes a millisecond, matplotlib a hundred."""

from collections.abc import Sequence

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB
from training.learning.loop import Confusion

_CELL, _NAMES_PX, _LETTERS = 72, 150, 18
_DARK = np.array((25, 60, 120))


# Why: docs/decisions/training.md 16
def confusion_picture(confusion: Confusion, classes: Sequence[str]) -> RGB:
    """Rows: truth, columns: answers; darker where more of a row's frames lie. Names are cut to their first letters."""
    n = len(classes)
    picture = np.full((_NAMES_PX // 3 + n * _CELL, _NAMES_PX + n * _CELL, 3), 255, np.uint8)
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    for row, name in enumerate(classes):
        top = _NAMES_PX // 3 + row * _CELL
        _write(picture, name[:_LETTERS], (4, top + _CELL // 2), 0.42)
        _write(picture, name[: _LETTERS // 2], (_NAMES_PX + row * _CELL + 4, _NAMES_PX // 4), 0.36)
        for column in range(n):
            left, share = _NAMES_PX + column * _CELL, shares[row, column]
            picture[top : top + _CELL - 2, left : left + _CELL - 2] = 240 - share * (240 - _DARK)
            _write(picture, str(confusion[row, column]), (left + 12, top + _CELL // 2), 0.6, white=share > 0.5)
    return picture


def _write(picture: RGB, text: str, place: tuple[int, int], size: float, *, white: bool = False) -> None:
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (255,) * 3 if white else (20, 20, 20), 1, cv2.LINE_AA)
