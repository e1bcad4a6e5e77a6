"""The recipes by name, and how a frame goes through one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.domain.recipes import Recipe, RecipeStep
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.by_hand import drawn
from endodesk.imaging.preprocessing.stage import Rectangle, Stage
from endodesk.imaging.preprocessing.steps import STEPS, run_step

PAPER = Recipe("paper", tuple(STEPS[name].step(name) for name in ("field", "crop", "scopeguide", "resize")))
"""The published preprocessing (method.md), in the right colour order."""

# the box comes before the field: under a box the field is what it is in the corners beside
CLEAN = Recipe("clean", tuple(STEPS[name].step(name) for name in ("box", "lit-field", "text", "inscribe", "shrink")))
"""Ours: box and text filled, a rectangle inside the lit field, so that neither inset nor outline tells the frame's source."""

_MOST_STEPS = 32  # ours have five; a recipe from elsewhere could repeat a slow one by the thousand
RECIPES = {recipe.name: recipe for recipe in (PAPER, CLEAN)}


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step of a recipe made of a frame, as the window shows it and steps.json lists it."""

    name: str
    title: str
    image: RGB
    """The frame as the step left it, H x W x 3."""
    mask: Mask | None
    """What the step found, same size as `image`; None where it does not mask."""
    crop: Rectangle | None
    """x, y, width, height in the step's input; None where nothing was cut."""
    ms: float = field(default=0.0, compare=False)
    """How long the step took; without filling holes for the eye, which a model's input does not wait for."""
    by_hand: bool = False
    """What it looks for was drawn by hand, and taken as it is."""

    @property
    def pixels(self) -> int:
        """How many pixels of `image` the step found; 0 for a step that finds none."""
        return 0 if self.mask is None else int(self.mask.sum())


def recipe_named(name: str) -> Recipe:
    """A recipe of the program by name; BadRequest naming those there are."""
    if name not in RECIPES:
        raise BadRequest(f"There is no recipe {name!r}; choose one of: {', '.join(RECIPES)}.")
    return RECIPES[name]


def check_recipe(recipe: Recipe) -> None:
    """BadRequest unless this program has every step of the recipe, with the same code and knobs within limits."""
    if len(recipe.steps) > _MOST_STEPS:
        raise BadRequest(f"The recipe {recipe.name!r} has {len(recipe.steps)} steps; a frame would take too long.")
    for step in recipe.steps:
        spec = STEPS.get(step.name)
        if spec is None or spec.version != step.version:
            raise BadRequest(f"The step {step.name!r} (version {step.version}) of recipe {recipe.name!r} is not in this program.")
        limits = {knob.name: knob for knob in spec.knobs}
        if [name for name, _ in step.knobs] != sorted(limits) or not all(limits[name].allows(value) for name, value in step.knobs):
            raise BadRequest(f"The knobs of step {step.name!r} of recipe {recipe.name!r} are not within their limits.")
    if [place for place, step in enumerate(recipe.steps) if "size_px" in dict(step.knobs)] != [len(recipe.steps) - 1]:
        raise BadRequest(f"The recipe {recipe.name!r} does not bring the frame to the model's input size once, at its end.")


def apply_recipe(image: RGB, recipe: Recipe, given: FrameOverrides = NOTHING_GIVEN) -> list[StepResult]:
    """The frame (H x W x 3) after each step; the last one is 224 x 224 x 3. What is `given` by hand is not sought."""
    results, stage = [], first_stage(image, given)
    for step in recipe.steps:
        stage, result = step_result(stage, step, given)
        results.append(result)
    return results


def step_result(stage: Stage, step: RecipeStep, given: FrameOverrides = NOTHING_GIVEN) -> tuple[Stage, StepResult]:
    """Apply one step, and describe what it did with its full picture, which a model's input does without."""
    spec, started = STEPS[step.name], time.perf_counter()
    stage = run_step(stage, step)
    ms = 1000 * (time.perf_counter() - started)
    by_hand = spec.finds is not None and given.of(spec.finds) is not None
    return stage, StepResult(step.name, spec.title, stage.picture, stage.mask, stage.crop, ms, by_hand)


def first_stage(image: RGB, given: FrameOverrides = NOTHING_GIVEN) -> Stage:
    """What the first step of a recipe begins with."""
    return Stage(image, drawn=drawn(given, *image.shape[:2]))


def preprocess(image: RGB, recipe: Recipe, given: FrameOverrides = NOTHING_GIVEN) -> RGB:
    """The model's input alone: 224 x 224 x 3 uint8."""
    return preprocess_placed(image, recipe, given)[0]


def preprocess_placed(image: RGB, recipe: Recipe, given: FrameOverrides = NOTHING_GIVEN) -> tuple[RGB, Rectangle]:
    """The model's input, and where it lies in the frame: x, y, width, height in pixels."""
    stages = [first_stage(image, given)]
    for step in recipe.steps:
        stages.append(run_step(stages[-1], step))
    return stages[-1].picture, place_of_final(image, stages[1:])


def place_of_final(image: RGB, steps: Sequence[StepResult | Stage]) -> Rectangle:
    """Where the last image lies in the frame: x, y, width, height in pixels, from the crops on the way."""
    x, y, width, height = 0, 0, image.shape[1], image.shape[0]
    for step in steps:
        if step.crop:
            x, y, width, height = x + step.crop[0], y + step.crop[1], step.crop[2], step.crop[3]
    return x, y, width, height
