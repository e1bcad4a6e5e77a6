"""ModelBundle: what a model says of itself in bundle.json."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.member_networks import DEFAULT_BACKBONE, MOST_MEMBERS, Member, members_of
from endodesk.domain.recipes import Recipe
from endodesk.domain.reviews import BundleId

FORMAT, ENSEMBLE_FORMAT = 1, 2
"""Of bundle.json with one network, and with members (programs that know no members refuse it as newer)."""
INPUT_PX = 224
_MOST_FILES = 4 * MOST_MEMBERS
_MOST_CLASSES = 1000
_LONGEST_NAME, _LONGEST_TEXT = 2000, 50_000  # letters; an ensemble's backbone names that of each member
_YEARS = range(2000, 9999)  # a moment at either end of the calendar exists in some zones alone
_HEX = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)  # in the folder itself, on every system


@dataclass(frozen=True, slots=True)
class ModelBundle:
    """A trained model, or an ensemble. The input is RGB 0..255, 224x224; scaling to the network's own range is inside the backbone."""

    name: str
    classes: ClassSet
    recipe: Recipe
    """Of an ensemble: the first member's, which is what the window shows."""
    created: datetime
    files: Mapping[str, str]
    """File name in the bundle's folder -> SHA-256."""
    backbone: str = DEFAULT_BACKBONE
    """Which of `keras.applications` it is; told for information."""
    scaling: str = "-1..1"
    """What the backbone does with 0..255 first; told for information."""
    temperature: float = 1.0
    """Logits are divided by it before the softmax."""
    not_sure_below: float | None = None
    """Advice: an answer whose probability is lower should not be relied on. Answers do not depend on it, nor does the id."""
    synthetic: bool = False
    """Trained on generated frames only; the window says so wherever an answer is shown."""
    parent: str = ""
    run: str = ""
    split_fingerprint: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    """What `training.evaluation.evaluate` measured on the test part, with n."""
    notes: str = ""
    members: tuple[Member, ...] = ()
    """Of an ensemble: at least two, whose probabilities are averaged. Else empty: the bundle is its own only network."""

    @property
    def networks(self) -> tuple[Member, ...]:
        """All networks that answer: the members, or the one that the bundle itself describes."""
        alone = Member(self.recipe, self.temperature, self.backbone, self.scaling, split_fingerprint=self.split_fingerprint)
        return self.members or (alone,)

    def sees_as(self, other: "ModelBundle") -> bool:
        """Whether the two differ in their heads alone, so that features of the one are those of the other; never of ensembles."""
        if len(self.networks) > 1 or len(other.networks) > 1:
            return False
        one, two = ((b.files[b.networks[0].backbone_file], b.networks[0].recipe.fingerprint) for b in (self, other))
        return one == two

    @property
    def id(self) -> BundleId:
        """12 hexadecimal digits from all that its answers depend on: the files' hashes, classes in order, recipes, temperatures."""
        files = [f"{name} {self.files[name]}" for name in sorted(self.files)]  # a mapping's order depends on who wrote it
        members = [member.listing for member in self.members]
        # repr: every digit of the temperature counts
        listing = "\n".join([*files, *self.classes, self.recipe.fingerprint, repr(self.temperature), *members])
        return BundleId(hashlib.sha256(listing.encode()).hexdigest()[:12])

    def to_json(self) -> dict[str, Any]:
        """What bundle.json holds, as plain values for `json`; `from_json` reads it back."""
        members = {"members": [member.to_json() for member in self.members]} if self.members else {}
        return {
            "format": ENSEMBLE_FORMAT if self.members else FORMAT,
            "id": self.id,
            "name": self.name,
            "classes": list(self.classes),
            "input_px": INPUT_PX,
            "recipe": self.recipe.to_json(),
            "recipe_fingerprint": self.recipe.fingerprint,
            "created": self.created.isoformat(),
            "files": dict(self.files),
            "backbone": self.backbone,
            "scaling": self.scaling,
            "temperature": self.temperature,
            "not_sure_below": self.not_sure_below,
            "synthetic": self.synthetic,
            "parent": self.parent,
            "run": self.run,
            "split_fingerprint": self.split_fingerprint,
            "metrics": dict(self.metrics),
            "notes": self.notes,
            "use": "research use only",
            **members,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From bundle.json; BadBundle with the reason if it is not one, or of a newer format."""
        try:
            if value["format"] not in (FORMAT, ENSEMBLE_FORMAT) or value["input_px"] != INPUT_PX:
                told = f"The model has format {value['format']}; this program reads formats {FORMAT} and {ENSEMBLE_FORMAT}."
                raise BadBundle(f"{told} Use a newer EndoDesk.")
            files = {str(name): str(digest) for name, digest in value["files"].items()}
            if not all(_FILE_NAME.fullmatch(name) and _HEX.fullmatch(digest) for name, digest in files.items()):
                raise BadBundle("The model lists a file outside its folder or without a proper hash; do not use it.")
            if len(files) > _MOST_FILES or len(value["classes"]) > _MOST_CLASSES:
                raise BadBundle(f"The model lists more than {_MOST_FILES} files or {_MOST_CLASSES} classes; do not use it.")
            bundle = cls(
                name=_text(value["name"]),
                classes=ClassSet.of(str(name) for name in value["classes"]),
                recipe=Recipe.from_json(value["recipe"]),
                created=_aware(datetime.fromisoformat(value["created"])),
                files=files,
                backbone=_text(value.get("backbone", DEFAULT_BACKBONE)),  # EndoDesk 0.1 knew one only, and did not say
                scaling=_text(value["scaling"]),
                temperature=float(value["temperature"]),
                not_sure_below=_share(value.get("not_sure_below")),  # models made before there was one lack it
                synthetic=bool(value["synthetic"]),
                parent=_text(value["parent"]),
                run=_text(value["run"]),
                split_fingerprint=_text(value["split_fingerprint"]),
                metrics=dict(value["metrics"]),
                notes=_text(value["notes"], _LONGEST_TEXT),
                members=members_of(value["members"]) if value["format"] == ENSEMBLE_FORMAT else (),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, BadRequest) as error:
            raise BadBundle(f"bundle.json is not a model description ({str(error)[:200]}).") from error
        # edited by hand, frames would be shown otherwise than in training
        if bundle.recipe.fingerprint != value.get("recipe_fingerprint") or bundle.recipe != bundle.networks[0].recipe:
            raise BadBundle("bundle.json contradicts itself: the recipe is not the one that the model was trained with.")
        if bundle.id != value.get("id"):  # a file exchanged together with its hash shows here
            raise BadBundle("bundle.json contradicts itself: its files, classes or temperature are not those it was written with.")
        bundle._check_networks()
        return bundle

    def _check_networks(self) -> None:
        for member in self.networks:
            if missing := [name for name in (member.backbone_file, member.head_file) if name not in self.files]:
                raise BadBundle(f"The model does not list {missing[0]}; it is not complete.")
            member.check()


def _share(value: Any) -> float | None:
    if value is None:
        return None
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError("the probability for 'not sure' is not between 0 and 1")
    return share


def _text(value: object, longest: int = _LONGEST_NAME) -> str:
    text = str(value)
    if len(text) > longest:
        raise ValueError("one of its texts is too long to be shown")
    text.encode()  # half a letter can be neither stored nor written; UnicodeEncodeError is a ValueError
    return text


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError("the time of its making lacks a zone, or lies outside the years that it can")
    return moment
