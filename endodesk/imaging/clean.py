"""The steps of our own preprocessing: what shows mucosa stays, whatever tells where a frame comes from goes."""

from dataclasses import replace

import cv2
import numpy as np

from endodesk.imaging.field import field_around, inscribed_rectangle
from endodesk.imaging.filling import fill_holes
from endodesk.imaging.inset import find_box
from endodesk.imaging.pixels import Bytes
from endodesk.imaging.published import crop_to_field
from endodesk.imaging.sketch import LIT_ABOVE, Sketch, enlarged, lit_region, make_sketch, resized
from endodesk.imaging.stage import Stage
from endodesk.imaging.text import find_text

_SMEAR = np.ones((5, 5), np.uint8)  # what compression spreads around an edge
_EDGE = np.ones((3, 3), np.uint8)


def fill_box(stage: Stage, *, smallest_share: float) -> Stage:
    """A ScopeGuide box, green or blacked out, is filled from its surroundings; specks and bile stay. The mask is the box alone."""
    sketch = stage.sketch or make_sketch(stage.image)
    box = find_box(sketch, smallest_share=smallest_share)
    sketch, image = replace(sketch, box=box), stage.image
    if box.any():
        hole = np.asarray(cv2.dilate(box, _SMEAR), np.uint8)
        image = fill_holes(image, enlarged(hole, *image.shape[:2]), sketch.image, _tissue(sketch, hole))
    return Stage(image, stage.field, mask=enlarged(box, *image.shape[:2]), sketch=sketch)


def find_lit_field(stage: Stage, *, lit_above: int) -> Stage:
    """The lit field whatever its border, without text beside it; under a box what it is in the corners beside."""
    sketch = stage.sketch or make_sketch(stage.image)
    if lit_above != LIT_ABOVE:
        sketch = replace(sketch, lit=lit_region(sketch.image, lit_above))
    field = enlarged(field_around(sketch.lit, sketch.box), *stage.image.shape[:2])
    return Stage(stage.image, field, mask=field, sketch=sketch)


def erase_text(stage: Stage, *, contrast: int) -> Stage:
    """Burnt-in text and dates over the field are filled from their surroundings."""
    sketch = stage.sketch or make_sketch(stage.image)
    searched = np.asarray(cv2.subtract(field_around(sketch.lit, sketch.box), cv2.dilate(sketch.box, _SMEAR)), np.uint8)
    text = find_text(sketch.image, searched, contrast=contrast)
    mask = enlarged(text, *stage.image.shape[:2])
    if not text.any():
        return Stage(stage.image, stage.field, mask=mask, sketch=sketch)
    image = fill_holes(stage.image, mask, sketch.image, _tissue(sketch, cv2.dilate(text, _EDGE)))
    return Stage(image, stage.field, mask=mask, sketch=sketch)


def crop_inside_field(stage: Stage) -> Stage:
    """Cut out the largest rectangle inside the field, so that no border tells where the frame comes from."""
    field = stage.field if stage.field is not None else np.ones(stage.image.shape[:2], bool)
    return crop_to_field(Stage(stage.image, field, inscribed_rectangle(field)))


def shrink(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input by the mean of blocks, so that fine texture does not alias."""
    return Stage(resized(stage.image, size_px))


def _tissue(sketch: Sketch, hole: cv2.typing.MatLike) -> Bytes:
    """What can lend its colour: lit, away from the border, and neither box nor hole."""
    away = cv2.bitwise_or(hole, cv2.dilate(sketch.box, _SMEAR))
    return np.asarray(cv2.subtract(cv2.erode(sketch.lit, _SMEAR), away), np.uint8)
