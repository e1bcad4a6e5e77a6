"""Outlines: what the preprocessing steps found, as contours in the pixels of the frame itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.pipeline import StepResult
from endodesk.imaging.preprocessing.stage import Rectangle

Contour = NDArray[np.float64]
"""N x 2: x, y in pixels of the frame."""


class Found(StrEnum):
    """What a step can find."""

    BOX = "box"
    FIELD = "field"
    TEXT = "text"
    CROP = "crop"
    FILLED = "filled"
    """What lies outside the field, within the crop: it is filled."""
    OTHER = "other"


_FINDS = {
    "box": Found.BOX,
    "scopeguide": Found.BOX,
    "field": Found.FIELD,
    "lit-field": Found.FIELD,
    "text": Found.TEXT,
    "inscribe": Found.FILLED,
}


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The edges of what one step found; holes in it have contours of their own."""

    what: Found
    contours: tuple[Contour, ...]


def outlines_of(steps: Sequence[StepResult], width: int, height: int) -> list[Outline]:
    """What the steps found in a frame of this size, in their order; what was not found is not among them."""
    found = []
    x, y, w, h = 0.0, 0.0, float(width), float(height)  # where the step's picture lies in the frame
    for step in steps:
        if step.crop:
            x, y, w, h = x + step.crop[0], y + step.crop[1], step.crop[2], step.crop[3]
            corners = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float64)
            found.append(Outline(Found.CROP, (corners,)))
        if step.mask is not None and step.mask.any():
            scale = np.array([w / step.mask.shape[1], h / step.mask.shape[0]])
            contours = tuple((x, y) + contour * scale for contour in _edges(step.mask))
            found.append(Outline(_FINDS.get(step.name, Found.OTHER), contours))
    return found


def last_full_size(steps: Sequence[StepResult], width: int, height: int) -> tuple[RGB, Rectangle]:
    """What preprocessing made of a frame of this size before it was made small, and where that lies in the frame: x, y, width, height."""
    place = (0, 0, width, height)
    for step in steps[:-1]:  # the last one makes it small
        if step.crop:
            place = (place[0] + step.crop[0], place[1] + step.crop[1], step.crop[2], step.crop[3])
    return steps[-2 if len(steps) > 1 else -1].image, place


def _edges(mask: Mask) -> list[Contour]:
    """Contours of a mask through the middle of its outermost pixels: x + 0.5, y + 0.5."""
    contours, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [contour.reshape(-1, 2).astype(np.float64) + 0.5 for contour in contours]
