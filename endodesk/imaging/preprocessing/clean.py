"""The steps of our own preprocessing: what shows mucosa stays, whatever tells where a frame comes from goes."""

from dataclasses import replace

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Bytes
from endodesk.imaging.preprocessing.by_hand import covering, within
from endodesk.imaging.preprocessing.field import field_around, inscribed_rectangle
from endodesk.imaging.preprocessing.inset import find_box
from endodesk.imaging.preprocessing.sketch import LIT_ABOVE, SMEAR, WHOLE, Sketch, lit_region, make_sketch, resized
from endodesk.imaging.preprocessing.stage import Rectangle, Stage
from endodesk.imaging.preprocessing.text import find_text


# Why: docs/decisions/imaging.md 3
def fill_box(stage: Stage, *, smallest_share: float) -> Stage:
    """A ScopeGuide box, green or blacked out, is filled from its surroundings; specks and bile stay. The mask is the box alone."""
    image, sketch = _sketched(stage)
    by_hand = stage.drawn.box if stage.drawn else None
    box = find_box(sketch, smallest_share=smallest_share) if by_hand is None else covering(by_hand, *sketch.lit.shape)
    return Stage(image, found=box, sketch=replace(sketch, box=box).with_hole(cv2.dilate(box, SMEAR)))


def find_lit_field(stage: Stage, *, lit_above: int) -> Stage:
    """The lit field whatever its border, without text beside it; under a box what it is in the corners beside."""
    image, sketch = _sketched(stage)
    if lit_above != LIT_ABOVE:  # the sketch was made with the default
        sketch = replace(sketch, lit=lit_region(sketch.image, lit_above))
    if stage.drawn and stage.drawn.field is not None:
        # whole pixels only: a pixel of the border must not lend its colour
        sketch = _with_field(sketch, within(stage.drawn.field, *sketch.lit.shape))
        return Stage(image, found=sketch.field, sketch=sketch)
    field = field_around(sketch.lit, sketch.box)
    return Stage(image, found=field, sketch=replace(sketch, field=field))


def erase_text(stage: Stage, *, contrast: int) -> Stage:
    """Burnt-in text and dates over the field are filled from their surroundings."""
    image, sketch = _sketched(stage)
    # insets have writing of their own, and are filled anyway
    searched = np.asarray(cv2.subtract(_field(sketch), cv2.dilate(sketch.box, SMEAR)), np.uint8)
    text = find_text(sketch.image, searched, contrast=contrast)
    return Stage(image, found=text, sketch=sketch.with_hole(text))


# Why: docs/decisions/imaging.md 4
def crop_inside_field(stage: Stage, *, overhang: float) -> Stage:
    """Cut out the largest rectangle inside the field, so that no border tells where the frame comes from.

    Its corners may lie outside by `overhang` (of the frame's longer side): a little of the border is filled from the
    field's edge, for a good deal more mucosa. The mask is what is filled.
    """
    image, sketch = _sketched(stage)
    field = _field(sketch)
    rectangle = inscribed_rectangle(_grown(field, round(overhang * max(field.shape))))
    cut, small_cut = _slices(rectangle, image.shape, field.shape), _slices(rectangle, field.shape, field.shape)
    # eroded: compression smears the dark of the border into the field
    image, beyond = image[cut], np.asarray(1 - cv2.erode(field, SMEAR), np.uint8)
    crop = (cut[1].start, cut[0].start, image.shape[1], image.shape[0])
    return Stage(image, found=beyond[small_cut], crop=crop, sketch=replace(sketch.with_hole(beyond), view=small_cut))


# Why: docs/decisions/imaging.md 11
def shrink(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input by the mean of blocks, so that fine texture does not alias.

    Holes are filled here, in the few pixels that are left: filling them in the full frame would take most of the time.
    """
    return Stage(replace(stage, image=resized(stage.image, size_px)).picture)


def _sketched(stage: Stage) -> tuple[RGB, Sketch]:
    """The frame and its sketch as earlier steps left them; a sketch is begun anew where there is none, or the frame was cropped since."""
    if stage.sketch is not None and stage.sketch.view == WHOLE:
        return stage.image, stage.sketch
    return stage.picture, make_sketch(stage.picture)


def _with_field(sketch: Sketch, field: Bytes) -> Sketch:
    """A field drawn by hand; all of the frame if there is none. Nothing outside it lends its colour."""
    if not field.any():
        return replace(sketch, field=np.ones_like(field))
    lit = sketch.lit & field
    return replace(sketch, field=field, lit=lit if lit.any() else field)


def _field(sketch: Sketch) -> Bytes:
    """The field that an earlier step found; recipes without such a step get it found here."""
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
    # at least one row and column: in a frame of a few pixels a rectangle may round to nothing
    rows = slice(y * shape[0] // of[0], max(y * shape[0] // of[0] + 1, (y + h) * shape[0] // of[0]))
    return rows, slice(x * shape[1] // of[1], max(x * shape[1] // of[1] + 1, (x + w) * shape[1] // of[1]))
