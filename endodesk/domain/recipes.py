"""Recipe: which preprocessing steps, in which order, with which knobs. What the steps do is in `imaging.preprocessing.steps`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from endodesk.domain.errors import BadRequest

KnobValue = int | float


@dataclass(frozen=True, slots=True)
class RecipeStep:
    """One step by name, the version of its code, and every knob's value (sorted by name)."""

    name: str
    version: int
    knobs: tuple[tuple[str, KnobValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """Preprocessing from a full-size frame to the model's input. Written out whole in every bundle."""

    name: str
    steps: tuple[RecipeStep, ...]

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that differ as soon as a step, its code version or a knob differs (not the name)."""
        # one way of writing, or equal steps would differ
        steps = json.dumps(self.to_json()["steps"], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(steps.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """Plain values for bundle.json and steps.json; `from_json` reads them back."""
        steps = [{"name": s.name, "version": s.version, "knobs": dict(s.knobs)} for s in self.steps]
        return {"name": self.name, "steps": steps}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Back from `to_json`; BadRequest if it does not have that form."""
        try:
            steps = tuple(  # sorted as `StepSpec.step` does: equal recipes must compare equal
                RecipeStep(str(s["name"]), int(s["version"]), tuple(sorted((str(k), _number(v)) for k, v in s["knobs"].items())))
                for s in value["steps"]
            )
            return cls(str(value["name"]), steps)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadRequest("The preprocessing recipe is not written as a recipe.") from error


def _number(value: object) -> KnobValue:
    if isinstance(value, bool) or not isinstance(value, int | float):  # True is an int to Python, and would be the knob 1
        raise ValueError(f"{value!r} is not a number")
    return value
