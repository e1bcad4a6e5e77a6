"""Member: one network of a model. Most models have one; an ensemble averages the answers of several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from endodesk.domain.errors import BadBundle
from endodesk.domain.recipes import Recipe

DEFAULT_BACKBONE = "mobilenetv2"
MOST_MEMBERS = 32
COLDEST, HOTTEST = 0.01, 100.0
"""Limits of the temperature."""


@dataclass(frozen=True, slots=True)
class Member:
    """A backbone with its head, and what is to be done before and after them."""

    recipe: Recipe
    temperature: float = 1.0
    """Logits are divided by it before the softmax."""
    backbone: str = DEFAULT_BACKBONE
    """Told for information, as the scaling is: `backbone_file` is the whole network."""
    scaling: str = "-1..1"
    """What the backbone does with 0..255 first."""
    backbone_file: str = "backbone.tflite"
    head_file: str = "head.npz"
    bundle: str = ""
    """Id of the bundle that an ensemble took it from."""
    split_fingerprint: str = ""

    @property
    def listing(self) -> str:
        """All that its answers depend on as one line, for the bundle's id; the files' hashes are in that already."""
        # the bundle's id has the files' hashes already
        return f"{self.backbone_file} {self.head_file} {self.recipe.fingerprint} {self.temperature!r}"

    def check(self) -> None:
        """Raise BadBundle if the temperature lies outside COLDEST..HOTTEST: answers would be all alike, or certain."""
        if not COLDEST <= self.temperature <= HOTTEST:
            raise BadBundle(f"bundle.json has the temperature {self.temperature:g}; it must lie between {COLDEST:g} and {HOTTEST:g}.")

    def to_json(self) -> dict[str, Any]:
        """Plain values for an entry of `members` in bundle.json; `from_json` reads them back."""
        return {
            "bundle": self.bundle,
            "backbone": self.backbone,
            "scaling": self.scaling,
            "backbone_file": self.backbone_file,
            "head_file": self.head_file,
            "recipe": self.recipe.to_json(),
            "recipe_fingerprint": self.recipe.fingerprint,
            "temperature": self.temperature,
            "split_fingerprint": self.split_fingerprint,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Back from `to_json`; BadBundle, or what a wrong form raises (KeyError, TypeError, ValueError ...)."""
        member = cls(
            recipe=Recipe.from_json(value["recipe"]),
            temperature=float(value["temperature"]),
            backbone=str(value["backbone"]),
            scaling=str(value["scaling"]),
            backbone_file=str(value["backbone_file"]),
            head_file=str(value["head_file"]),
            bundle=str(value["bundle"]),
            split_fingerprint=str(value["split_fingerprint"]),
        )
        if member.recipe.fingerprint != value["recipe_fingerprint"]:
            raise BadBundle("bundle.json contradicts itself: the recipe is not the one that the model was trained with.")
        return member


def members_of(value: object) -> tuple[Member, ...]:
    """The entries of `members` in bundle.json. Raises as `Member.from_json`; BadBundle if there are fewer than two, or very many."""
    if not isinstance(value, list):
        raise TypeError("members is not a list")
    if not 2 <= len(value) <= MOST_MEMBERS:
        raise BadBundle(f"The model lists {len(value)} members; an ensemble has 2 to {MOST_MEMBERS}.")
    return tuple(Member.from_json(entry) for entry in value)
