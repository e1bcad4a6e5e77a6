"""What was drawn by hand of a frame, as masks in its pixels."""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.domain.overrides import FrameOverrides, Outline
from endodesk.imaging.pixels import Bytes
from endodesk.imaging.preprocessing.sketch import scaled

Cut = tuple[int, int, int, int]
"""x, y, width, height in pixels."""
_FINE = 4  # bits of a pixel that OpenCV may be told


@dataclass(frozen=True, slots=True)
class Drawn:
    """Masks of the size of the frame at hand; None where the program looks for itself, zeros where there is none."""

    box: Bytes | None = None
    field: Bytes | None = None

    def cut(self, rectangle: Cut) -> "Drawn":
        """The same masks for the rectangle that a step cut out, in the pixels of that rectangle."""
        x, y, w, h = rectangle
        masks = (None if mask is None else np.ascontiguousarray(mask[y : y + h, x : x + w]) for mask in (self.box, self.field))
        return Drawn(*masks)


# Why: docs/decisions/imaging.md 12
def drawn(given: FrameOverrides, height: int, width: int) -> Drawn | None:
    """None where nothing is given. A field is filled to its convex hull: every field that is made is convex, and the steps rely on it."""
    if not given:
        return None
    box = None if given.box is None else filled_outline(given.box, height, width)
    return Drawn(box, None if given.field is None else filled_outline(given.field, height, width, convex=True))


def filled_outline(outline: Outline, height: int, width: int, *, convex: bool = False) -> Bytes:
    """The pixels inside a polygon; zeros for an empty one."""
    mask = np.zeros((height, width), np.uint8)
    if outline:
        corners = np.array(outline) * (width, height) - 0.5  # pixels are told by their middle
        points = np.rint(corners * (1 << _FINE)).astype(np.int32)
        cv2.fillPoly(mask, [cv2.convexHull(points) if convex else points], 1, shift=_FINE)
    return mask


def covering(mask: Bytes, height: int, width: int) -> Bytes:
    """The mask in another size (the sketch's), with every pixel that it touches: nothing of a box may be left over."""
    return scaled(mask, height, width)


def within(mask: Bytes, height: int, width: int) -> Bytes:
    """The mask in another size (the sketch's), with the pixels alone that lie inside it whole."""
    return np.asarray(1 - scaled(np.asarray(1 - mask, np.uint8), height, width), np.uint8)
