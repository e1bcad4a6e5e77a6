"""Exploring a recipe on one frame: only what comes after a knob that moved is made again."""

from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.domain.recipes import Recipe, RecipeStep
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import StepResult, first_stage, step_result
from endodesk.imaging.preprocessing.stage import Stage


class Exploration:
    """One frame, and what each step of the recipe asked for last made of it. For one thread at a time."""

    def __init__(self, image: RGB, given: FrameOverrides = NOTHING_GIVEN) -> None:
        self.image, self.given = image, given
        self._first = first_stage(image, given)
        self._made: list[tuple[RecipeStep, Stage, StepResult]] = []

    def apply(self, recipe: Recipe) -> list[StepResult]:
        """As `apply_recipe`; the same objects as last time for the steps before the first one that differs."""
        same = 0
        # strict=False: the recipe asked for may have fewer steps, or more
        for (step, _, _), wanted in zip(self._made, recipe.steps, strict=False):
            if step != wanted:
                break
            same += 1
        del self._made[same:]  # cut first: should a step fail, what is left is still a beginning of this recipe
        for step in recipe.steps[same:]:
            before = self._made[-1][1] if self._made else self._first
            self._made.append((step, *step_result(before, step, self.given)))
        return [result for _, _, result in self._made]
