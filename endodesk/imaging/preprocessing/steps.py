"""The preprocessing steps. One function and one StepSpec line a step; forms, limits, defaults and JSON derive from it.

A step takes the frame as the step before left it and gives the next. Constants of the published steps: method.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.overrides import Part
from endodesk.domain.recipes import KnobValue, RecipeStep
from endodesk.imaging.preprocessing.clean import crop_inside_field, erase_text, fill_box, find_lit_field, shrink
from endodesk.imaging.preprocessing.published import crop_to_field, find_bright_field, paint_green_over, resize
from endodesk.imaging.preprocessing.sketch import LIT_ABOVE
from endodesk.imaging.preprocessing.stage import Stage

Step = Callable[..., Stage]


@dataclass(frozen=True, slots=True)
class Knob:
    """A number that a step can be set by."""

    name: str
    default: KnobValue
    low: KnobValue
    high: KnobValue
    title: str
    """For the window, which translates it."""

    def allows(self, value: KnobValue) -> bool:
        """Whether the knob can have this value: within its limits, and a whole number if the default is one."""
        return self.low <= value <= self.high and (isinstance(value, int) or isinstance(self.default, float))


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A step's title for the window, its code, and its knobs. `version` rises whenever its pixels change."""

    title: str
    run: Step
    knobs: tuple[Knob, ...] = ()
    version: int = 1
    finds: Part | None = None
    """What it looks for, and takes as it is where that is drawn by hand."""

    def step(self, name: str, **values: KnobValue) -> RecipeStep:
        """An entry of a recipe for this step, called `name`; knobs that `values` leaves out have their defaults."""
        knobs = {knob.name: values.get(knob.name, knob.default) for knob in self.knobs}
        return RecipeStep(name, self.version, tuple(sorted(knobs.items())))


_SIZE = Knob("size_px", INPUT_PX, INPUT_PX, INPUT_PX, "Side in pixels")  # one value only: every backbone is built for it

STEPS: dict[str, StepSpec] = {
    "field": StepSpec(
        "Field of view",
        find_bright_field,
        (
            Knob("l_above", 40, 5, 120, "Lit above (lightness)"),  # defaults of "field" and "scopeguide" are the published ones (method.md)
            Knob("open_px", 5, 3, 31, "Specks dropped up to (pixels)"),
            Knob("whole_share", 0.95, 0.5, 1.0, "Left whole from this share of the frame"),
            Knob("margin_px", 10, 0, 60, "Margin around the field (pixels)"),
        ),
        finds=Part.FIELD,
    ),
    "crop": StepSpec("Crop", crop_to_field),
    "scopeguide": StepSpec(
        "ScopeGuide box",
        paint_green_over,
        (
            Knob("hue_low", 35, 20, 60, "Green: lowest hue"),
            Knob("hue_high", 85, 60, 110, "Green: highest hue"),
            Knob("saturation_low", 100, 30, 200, "Green: least saturation"),
            Knob("value_low", 100, 30, 200, "Green: least brightness"),
            Knob("close_px", 15, 3, 61, "Gaps closed up to (pixels)"),
        ),
        finds=Part.BOX,
    ),
    "resize": StepSpec("224 x 224", resize, (_SIZE,)),
    "box": StepSpec(
        "ScopeGuide box", fill_box, (Knob("smallest_share", 0.02, 0.005, 0.1, "Smallest box (share of the field)"),), 3, finds=Part.BOX
    ),
    "lit-field": StepSpec(
        "Field of view", find_lit_field, (Knob("lit_above", LIT_ABOVE, 5, 80, "Lit above (brightness)"),), 2, finds=Part.FIELD
    ),
    # contrast: 30 erased 0.81 of the text instead of 0.80, but 0.18 % of the field instead of 0.13
    "text": StepSpec("Text", erase_text, (Knob("contrast", 35, 15, 120, "Least contrast of writing"),), version=2),
    # overhang: both 0.034 and 0.045 scored lower in cross-validation (docs/decisions/imaging.md 4)
    "inscribe": StepSpec("Crop", crop_inside_field, (Knob("overhang", 0.04, 0.0, 0.1, "Overhang (share of the longer side)"),), version=3),
    "shrink": StepSpec("224 x 224", shrink, (_SIZE,), version=3),
}


def run_step(stage: Stage, step: RecipeStep) -> Stage:
    """Apply one entry of a recipe to a frame; outlines drawn by hand follow what it cuts out."""
    knobs: dict[str, Any] = dict(step.knobs)
    result = STEPS[step.name].run(stage, **knobs)
    if stage.drawn is None:
        return result
    return replace(result, drawn=stage.drawn.cut(result.crop) if result.crop else stage.drawn)  # later steps work in the crop's pixels
