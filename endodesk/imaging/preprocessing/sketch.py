"""Sketch: a small copy of a frame, on which boxes, field and text are sought; one size for all devices, so one threshold for all."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Bytes

SKETCH_PX = 384
"""Longer side. Half the edge of a frame of 720 x 576: a pixel more or less at a box's edge is two per cent of the box."""
WHOLE = (slice(None), slice(None))
SMEAR = np.ones((5, 5), np.uint8)
"""What compression spreads around an edge."""
_EDGE = np.ones((3, 3), np.uint8)
LIT_ABOVE = 22
"""Level of the brightest channel over which a pixel is lit; the dark border of real devices has up to 16."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """The frame shrunk (never enlarged), and what has been found on it so far; all of one size."""

    image: RGB
    lit: Bytes
    """The largest lit region, without text beside it; dark lumen, black boxes and corners are not in it."""
    box: Bytes
    """The ScopeGuide box as found; zeros before, and where there is none."""
    hole: Bytes
    """What is to be filled, with the edges that compression smears; zeros where nothing is."""
    field: Bytes | None = None
    """The optical field, once it is found."""
    view: tuple[slice, slice] = WHOLE
    """Rows and columns of it that the frame still shows. What was cut off goes on to lend its colours."""

    def tissue(self) -> Bytes:
        """What can lend its colour: lit, away from the border, and away from what is to be filled."""
        return np.asarray(cv2.subtract(cv2.erode(self.lit, SMEAR), cv2.dilate(self.hole, _EDGE)), np.uint8)

    def with_hole(self, hole: cv2.typing.MatLike) -> Self:
        """The same sketch with these pixels (1 where they are) added to what is to be filled."""
        return replace(self, hole=np.asarray(cv2.bitwise_or(self.hole, hole), np.uint8))


def make_sketch(image: RGB) -> Sketch:
    """Begin a sketch of a frame (H x W x 3): shrunk, its lit region found, no box, field or hole yet."""
    small = shrunk(image, SKETCH_PX)
    nothing = np.zeros(small.shape[:2], np.uint8)
    return Sketch(small, lit_region(small, LIT_ABOVE), nothing, nothing)


def lit_region(small: RGB, above: int) -> Bytes:
    """The largest region whose brightest channel is over the threshold; text and specks beside it fall away."""
    lit = cv2.threshold(brightest(small), above, 1, cv2.THRESH_BINARY)[1]
    side = max(3, small.shape[0] // 20) | 1  # wider than a letter
    opened = cv2.morphologyEx(lit, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    region = np.zeros_like(opened)
    if contours:
        cv2.drawContours(region, [max(contours, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    return np.asarray(cv2.bitwise_and(region, opened), np.uint8)  # a filled outline takes in the black boxes inside it


def brightest(image: RGB) -> Bytes:
    """The largest of the three channels of each pixel, height x width."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def shrunk(image: RGB, longer_px: int) -> RGB:
    """A copy whose longer side has `longer_px` pixels; the frame itself if it is not larger.

    By a whole number of pixels first: OpenCV averages whole blocks ten times faster than broken ones.
    """
    height, width = image.shape[:2]
    scale = max(height, width) / longer_px
    if scale <= 1:
        return image
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    return np.asarray(cv2.resize(in_blocks(image, int(scale)), size, interpolation=cv2.INTER_LINEAR), np.uint8)


def resized(image: RGB, side_px: int) -> RGB:
    """A square copy of `side_px`, by blocks and then bilinear: fine texture must not alias."""
    whole = max(1, round(min(image.shape[:2]) / side_px))
    return np.asarray(cv2.resize(in_blocks(image, whole), (side_px, side_px), interpolation=cv2.INTER_LINEAR), np.uint8)


def scaled(mask: Bytes, height: int, width: int) -> Bytes:
    """A mask of the sketch in another size: with smooth edges in a larger one; in a smaller one with every pixel that it touches."""
    grey = cv2.resize(255 * mask, (width, height), interpolation=cv2.INTER_LINEAR)
    half = 127 if width > mask.shape[1] else 0
    return np.asarray(cv2.threshold(grey, half, 1, cv2.THRESH_BINARY, grey)[1], np.uint8)


def in_blocks(image: RGB, whole: int) -> RGB:
    """The mean of blocks of whole x whole pixels; what is left over at the right and below is cut off."""
    height, width = image.shape[0] // whole, image.shape[1] // whole
    if whole <= 1 or not height or not width:
        return image
    blocks = image[: height * whole, : width * whole]
    return np.asarray(cv2.resize(blocks, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
