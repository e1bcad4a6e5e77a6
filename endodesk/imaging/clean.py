"""The steps of our own preprocessing: what shows mucosa stays, whatever tells where a frame comes from goes."""

from dataclasses import replace

import cv2
import numpy as np

from endodesk.imaging.field import field_around, inscribed_rectangle
from endodesk.imaging.filling import fill_holes
from endodesk.imaging.inset import find_box
from endodesk.imaging.pixels import Bytes
from endodesk.imaging.sketch import LIT_ABOVE, Sketch, enlarged, lit_region, make_sketch, resized, stretched
from endodesk.imaging.stage import Rectangle, Stage
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
        image = fill_holes(image, stretched(hole, *image.shape[:2]), sketch.image, _tissue(sketch, hole))
    return Stage(image, stage.field, mask=enlarged(box, *image.shape[:2]), sketch=sketch)


def find_lit_field(stage: Stage, *, lit_above: int) -> Stage:
    """The lit field whatever its border, without text beside it; under a box what it is in the corners beside."""
    sketch = stage.sketch or make_sketch(stage.image)
    if lit_above != LIT_ABOVE:
        sketch = replace(sketch, lit=lit_region(sketch.image, lit_above))
    found = field_around(sketch.lit, sketch.box)
    field = enlarged(found, *stage.image.shape[:2])
    return Stage(stage.image, field, mask=field, sketch=replace(sketch, field=found))


def erase_text(stage: Stage, *, contrast: int) -> Stage:
    """Burnt-in text and dates over the field are filled from their surroundings."""
    sketch = stage.sketch or make_sketch(stage.image)
    searched = np.asarray(cv2.subtract(_field(sketch), cv2.dilate(sketch.box, _SMEAR)), np.uint8)
    text = find_text(sketch.image, searched, contrast=contrast)
    mask = stretched(text, *stage.image.shape[:2])
    if not text.any():
        return Stage(stage.image, stage.field, mask=mask, sketch=sketch)
    image = fill_holes(stage.image, mask, sketch.image, _tissue(sketch, cv2.dilate(text, _EDGE)))
    return Stage(image, stage.field, mask=mask, sketch=sketch)


def crop_inside_field(stage: Stage, *, overhang: float) -> Stage:
    """Cut out the largest rectangle inside the field, so that no border tells where the frame comes from.

    Its corners may lie outside by `overhang` (of the frame's longer side): a little of the border is filled from the
    field's edge, for a good deal more mucosa. The mask is what was filled.
    """
    sketch = stage.sketch or make_sketch(stage.image)
    field = _field(sketch)
    rectangle = inscribed_rectangle(_grown(field, round(overhang * max(field.shape))))
    cut, small_cut = _slices(rectangle, stage.image.shape, field.shape), _slices(rectangle, field.shape, field.shape)
    image = stage.image[cut]
    beyond = np.asarray(1 - cv2.erode(field, _SMEAR)[small_cut], np.uint8)
    hole = stretched(beyond, *image.shape[:2])
    if hole.any():
        known = np.asarray(cv2.subtract(_tissue(sketch, np.zeros_like(field))[small_cut], beyond), np.uint8)
        image = fill_holes(image, hole, sketch.image[small_cut], known)
    return Stage(image, mask=hole, crop=(cut[1].start, cut[0].start, image.shape[1], image.shape[0]))


def shrink(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input by the mean of blocks, so that fine texture does not alias."""
    return Stage(resized(stage.image, size_px))


def _tissue(sketch: Sketch, hole: cv2.typing.MatLike) -> Bytes:
    """What can lend its colour: lit, away from the border, and neither box nor hole."""
    away = cv2.bitwise_or(hole, cv2.dilate(sketch.box, _SMEAR))
    return np.asarray(cv2.subtract(cv2.erode(sketch.lit, _SMEAR), away), np.uint8)


def _field(sketch: Sketch) -> Bytes:
    """As an earlier step found it, or found now."""
    return field_around(sketch.lit, sketch.box) if sketch.field is None else sketch.field


def _grown(field: Bytes, by_px: int) -> Bytes:
    """The field with its rim moved outwards, but not beyond its own bounding box."""
    if by_px <= 0:
        return field
    x, y, w, h = cv2.boundingRect(field)
    grown = np.zeros_like(field)
    grown[y : y + h, x : x + w] = cv2.dilate(field, np.ones((2 * by_px + 1, 2 * by_px + 1), np.uint8))[y : y + h, x : x + w]
    return grown


def _slices(rectangle: Rectangle, shape: tuple[int, ...], of: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a rectangle, in a picture of `shape` where it was found in one `of` another size."""
    x, y, w, h = rectangle
    rows = slice(y * shape[0] // of[0], max(y * shape[0] // of[0] + 1, (y + h) * shape[0] // of[0]))
    return rows, slice(x * shape[1] // of[1], max(x * shape[1] // of[1] + 1, (x + w) * shape[1] // of[1]))
