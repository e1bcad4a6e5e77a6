"""The preprocessing steps. One function and one StepSpec line a step; forms, limits, defaults and JSON derive from it.

A step takes the frame as the step before left it and gives the next. Constants of the published steps: method.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.recipes import KnobValue, RecipeStep
from endodesk.imaging.field import as_mask, inscribed_rectangle, lit_field, shrunk
from endodesk.imaging.inset import fill_from_surroundings, find_box
from endodesk.imaging.pixels import RGB, Mask

Rectangle = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A frame between two steps: its pixels, and what is known of its lit field."""

    image: RGB
    field: Mask | None = None
    """What is lit; same size as `image`."""
    rectangle: Rectangle | None = None
    """Where to crop; None to leave the frame whole."""
    mask: Mask | None = None
    """What the last step found, for the eye and for steps.json; same size as `image`."""
    crop: Rectangle | None = None
    """What the last step cut out of its input."""
    small: RGB | None = None
    """The frame shrunk, if the last step needed that: the next one may, too, and shrinking costs most of their time."""


Step = Callable[..., Stage]


@dataclass(frozen=True, slots=True)
class Knob:
    """A number that a step can be set by."""

    name: str
    default: KnobValue
    low: KnobValue
    high: KnobValue

    def allows(self, value: KnobValue) -> bool:
        """Within the limits, and whole where the default is."""
        return self.low <= value <= self.high and (isinstance(value, int) or isinstance(self.default, float))


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A step's title for the window, its code, and its knobs. `version` rises whenever its pixels change."""

    title: str
    run: Step
    knobs: tuple[Knob, ...] = ()
    version: int = 1

    def step(self, name: str, **values: KnobValue) -> RecipeStep:
        """As an entry of a recipe, with defaults for what is not given."""
        knobs = {knob.name: values.get(knob.name, knob.default) for knob in self.knobs}
        return RecipeStep(name, self.version, tuple(sorted(knobs.items())))


def find_bright_field(stage: Stage, *, l_above: int, open_px: int, whole_share: float, margin_px: int) -> Stage:
    """Lit where L of 8-bit LAB is above a threshold; the crop is the largest bright region's box (method.md, step 1)."""
    height, width = stage.image.shape[:2]
    lightness = cv2.cvtColor(stage.image, cv2.COLOR_RGB2LAB)[..., 0]
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (open_px, open_px))
    bright = cv2.morphologyEx(cv2.threshold(lightness, l_above, 1, cv2.THRESH_BINARY)[1], cv2.MORPH_OPEN, ellipse)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    rectangle = None
    if contours:
        x, y, w, h = cv2.boundingRect(max(contours, key=cv2.contourArea))
        if w * h < whole_share * width * height:
            left, top = max(0, x - margin_px), max(0, y - margin_px)
            right, bottom = min(width, left + w + 2 * margin_px), min(height, top + h + 2 * margin_px)
            rectangle = (left, top, right - left, bottom - top)
    field = as_mask(bright)
    return Stage(stage.image, field, rectangle, mask=field)


def crop_to_field(stage: Stage) -> Stage:
    """Cut out the rectangle that an earlier step found, the field mask with it."""
    if stage.rectangle is None:
        return Stage(stage.image, stage.field)
    x, y, w, h = stage.rectangle
    cut = (slice(y, y + h), slice(x, x + w))
    return Stage(stage.image[cut], None if stage.field is None else stage.field[cut], crop=stage.rectangle)


def paint_green_over(stage: Stage, *, hue_low: int, hue_high: int, saturation_low: int, value_low: int, close_px: int) -> Stage:
    """Whatever is green becomes the mean colour of what is bright and not green (method.md, step 2)."""
    hsv = cv2.cvtColor(stage.image, cv2.COLOR_RGB2HSV)
    square = np.ones((close_px, close_px), np.uint8)
    green = cv2.inRange(hsv, np.array([hue_low, saturation_low, value_low]), np.array([hue_high, 255, 255]))
    if not green.any():
        return Stage(stage.image, stage.field, mask=np.zeros(green.shape, bool))
    mask = cv2.dilate(cv2.morphologyEx(green, cv2.MORPH_CLOSE, square), square).astype(bool)
    source = ~mask if stage.field is None else stage.field & ~mask
    if not source.any():
        source = ~mask
    if not source.any():  # a frame that is green all over has no colour to lend
        return Stage(stage.image, stage.field, mask=mask)
    colour = [np.full(mask.shape, value, np.uint8) for value in _mean_colour(stage.image, source)]
    image = np.asarray(cv2.copyTo(cv2.merge(colour), mask.view(np.uint8), stage.image.copy()), np.uint8)
    return Stage(image, stage.field, mask=mask)


def _mean_colour(image: RGB, where: Mask) -> list[int]:
    """Truncated to whole numbers, exactly: OpenCV's own quotient may lie a hair below one."""
    count = int(np.count_nonzero(where))
    return [round(mean * count) // count for mean in cv2.mean(image, where.view(np.uint8))[:3]]


def find_lit_field(stage: Stage, *, lit_above: int, work_px: int) -> Stage:
    """The lit field whatever its border, without text beside it."""
    height, width = stage.image.shape[:2]
    small = shrunk(stage.image, work_px)
    field = lit_field(small, lit_above=lit_above, height=height, width=width)
    return Stage(stage.image, field, mask=field, small=small)


def fill_box(stage: Stage, *, smallest_share: float, work_px: int) -> Stage:
    """A ScopeGuide box, green or blacked out, is filled from its surroundings; specks and bile stay."""
    field = stage.field if stage.field is not None else np.ones(stage.image.shape[:2], bool)
    known = stage.small is not None and max(stage.small.shape[:2]) == work_px
    small = stage.small if known and stage.small is not None else shrunk(stage.image, work_px)
    mask = find_box(small, field, smallest_share=smallest_share)
    image = fill_from_surroundings(stage.image, mask, field) if mask.any() else stage.image
    return Stage(image, field | mask, mask=mask)


def crop_inside_field(stage: Stage) -> Stage:
    """Cut out the largest rectangle inside the field, so that no border tells where the frame comes from."""
    field = stage.field if stage.field is not None else np.ones(stage.image.shape[:2], bool)
    return crop_to_field(Stage(stage.image, field, inscribed_rectangle(field)))


def resize(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input, bilinear (method.md, step 3); area averaging would change the published pixels."""
    return Stage(np.asarray(cv2.resize(stage.image, (size_px, size_px), interpolation=cv2.INTER_LINEAR), np.uint8))


def shrink(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input by area, so that fine texture does not alias."""
    smaller = min(stage.image.shape[:2]) > size_px
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return Stage(np.asarray(cv2.resize(stage.image, (size_px, size_px), interpolation=method), np.uint8))


_SIZE = Knob("size_px", INPUT_PX, INPUT_PX, INPUT_PX)

STEPS: dict[str, StepSpec] = {
    "field": StepSpec(
        "Field of view",
        find_bright_field,
        (Knob("l_above", 40, 5, 120), Knob("open_px", 5, 3, 31), Knob("whole_share", 0.95, 0.5, 1.0), Knob("margin_px", 10, 0, 60)),
    ),
    "crop": StepSpec("Crop", crop_to_field),
    "scopeguide": StepSpec(
        "ScopeGuide box",
        paint_green_over,
        (
            Knob("hue_low", 35, 20, 60),
            Knob("hue_high", 85, 60, 110),
            Knob("saturation_low", 100, 30, 200),
            Knob("value_low", 100, 30, 200),
            Knob("close_px", 15, 3, 61),
        ),
    ),
    "resize": StepSpec("224 x 224", resize, (_SIZE,)),
    "lit-field": StepSpec("Field of view", find_lit_field, (Knob("lit_above", 22, 5, 80), Knob("work_px", 256, 128, 512))),
    "box": StepSpec("ScopeGuide box", fill_box, (Knob("smallest_share", 0.01, 0.002, 0.1), Knob("work_px", 256, 128, 512))),
    "inscribe": StepSpec("Crop", crop_inside_field),
    "shrink": StepSpec("224 x 224", shrink, (_SIZE,)),
}


def run_step(stage: Stage, step: RecipeStep) -> Stage:
    """Apply one entry of a recipe."""
    knobs: dict[str, Any] = dict(step.knobs)
    return STEPS[step.name].run(stage, **knobs)
