"""A frame with all that is not mucosa blackened: text over it, insets, and whatever lies beside the field. For passing it on."""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.imaging.pixels import RGB, Bytes
from endodesk.imaging.preprocessing.pipeline import CLEAN, first_stage, step_result

_FINDING = ("box", "lit-field", "text")
"""Of the recipe, those that find; later ones cut and shrink."""
_SPREAD = 0.006
"""Share of the longer side by which what is found is widened: finding is done on a copy of 384 pixels, and letters have soft edges."""


@dataclass(frozen=True, slots=True)
class MaskedFrame:
    """A frame to be passed on, and how much of it is black now."""

    image: RGB
    """Of the frame's own size."""
    text_share: float
    box_share: float
    beside_share: float
    """Shares of all pixels: text over the field, an inset, what lies beside the field."""


# Why: docs/decisions/dataset.md 17
def masked(image: RGB, given: FrameOverrides = NOTHING_GIVEN) -> MaskedFrame:
    """Black where the recipe `clean` finds text or a ScopeGuide box, or where was drawn one, and everywhere beside the lit field.

    All other pixels are as they were.
    """
    stage, found = first_stage(image, given), {}
    for step in CLEAN.steps:
        if step.name in _FINDING:
            stage, result = step_result(stage, step, given)
            mask = np.zeros(image.shape[:2], bool) if result.mask is None else result.mask
            found[step.name] = np.asarray(mask, np.uint8)
    beside = _widened(np.asarray(1 - found["lit-field"], np.uint8))
    text, box = _widened(found["text"]), _widened(found["box"])
    kept = np.asarray(1 - np.maximum(np.maximum(text, box), beside), np.uint8)
    told = tuple(float(mask.mean()) for mask in (text, box, beside))
    return MaskedFrame(np.asarray(cv2.bitwise_and(image, image, mask=kept), np.uint8), *told)


def _widened(mask: Bytes) -> Bytes:
    by_px = max(2, round(_SPREAD * max(mask.shape)))
    return np.asarray(cv2.dilate(mask, np.ones((2 * by_px + 1, 2 * by_px + 1), np.uint8)), np.uint8)
