"""LabelSet: the classes of a project as a reader meets them, each with a key and a colour."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest

# Why: docs/decisions/domain.md 4
CLASS_KEYS = "1234567890ACDEIJKMORSVWYZ"
"""Keys that a class may have, in the order in which they are given out. Menus use none of them."""

COLOURS = (
    "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#D55E00", "#CC79A7", "#B8B8B8", "#8E9BE8", "#8DD3C7",
    "#F4C56B", "#A6D8F5", "#5CC9A7", "#B7AE1F", "#5B9BD5", "#F08A5D", "#E6B3D1", "#8A8F98", "#5FAFA0",
    "#B97F0A", "#2E86B8", "#B3DE69", "#FFF3A1", "#C3A6E0", "#E0705A",
)  # fmt: skip
"""Okabe and Ito's, the dark blue lightened for a dark ground, then shades of them; always beside a letter, never alone."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class LabelClass:
    """One class: its name, the key that gives it (one of CLASS_KEYS, or none), its colour as #RRGGBB."""

    name: str
    key: str
    colour: str


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Classes in order. Raises BadRequest for what ClassSet refuses, a key twice or one that is not free, and what is no colour."""

    classes: tuple[LabelClass, ...]

    def __post_init__(self) -> None:
        ClassSet.of(one.name for one in self.classes)
        keys = [one.key for one in self.classes if one.key]
        for one in self.classes:
            if one.key and (len(one.key) > 1 or one.key not in CLASS_KEYS):
                raise BadRequest(f"{one.key!r} cannot be the key of {one.name}: use one of {' '.join(CLASS_KEYS)}, or none.")
            if keys.count(one.key) > 1:
                raise BadRequest(f"Two classes have the key {one.key}: give one of them another.")
            if not _COLOUR.fullmatch(one.colour):
                raise BadRequest(f"{one.colour!r} is no colour for {one.name}: write it as #RRGGBB.")

    @classmethod
    def of(cls, names: Iterable[str]) -> "LabelSet":
        """A set of these classes with the first keys and colours, in order; more than there are keys have none."""
        keys = itertools.chain(CLASS_KEYS, itertools.repeat(""))  # more classes than keys: the rest go without
        return cls(tuple(LabelClass(*one) for one in zip(names, keys, itertools.cycle(COLOURS), strict=False)))

    @property
    def names(self) -> ClassSet:
        """The class names alone, in the order of the set."""
        return ClassSet.of(one.name for one in self.classes)

    def renewed(self, names: Iterable[str]) -> "LabelSet":
        """For other names: those kept keep their key and colour, new ones get what is free."""
        known = {one.name: one for one in self.classes}
        listed = list(names)
        kept = [known[name] for name in listed if name in known]
        keys = (key for key in CLASS_KEYS if key not in {one.key for one in kept})
        free = [colour for colour in COLOURS if colour not in {one.colour for one in kept}]
        colours = itertools.chain(free, itertools.cycle(COLOURS))  # more classes than colours: letters tell them apart
        return LabelSet(tuple(known.get(name) or LabelClass(name, next(keys, ""), next(colours)) for name in listed))

    def colour_of(self, name: str) -> str | None:
        """The colour of a class, #RRGGBB; None for a name that is not in the set."""
        return next((one.colour for one in self.classes if one.name == name), None)

    def letters_of(self, name: str) -> str:
        """Up to four letters and digits that no other class of the set has."""
        return _letters(tuple(one.name for one in self.classes)).get(name) or initials(name)

    def to_json(self) -> list[dict[str, str]]:
        """Plain values as the project's setting keeps them; `from_json` reads them back."""
        return [{"name": one.name, "key": one.key, "colour": one.colour} for one in self.classes]

    @classmethod
    def from_json(cls, value: Iterable[str | Mapping[str, Any]]) -> "LabelSet":
        """From a setting; older projects kept names alone."""
        listed = list(value)
        if all(isinstance(one, str) for one in listed):
            return cls.of(str(one) for one in listed)
        told = [one for one in listed if isinstance(one, Mapping)]
        return cls(tuple(LabelClass(str(one["name"]), str(one["key"]), str(one["colour"])) for one in told))


def initials(name: str) -> str:
    """One or two letters for a class, and its digits: "polyps" P, "ulcerative-colitis" UC, "bbps-0-1" B01."""
    words = [word for word in re.split(r"[-_ .]+", name) if word]
    digits = "".join(word for word in words[1:] if word.isdecimal())
    heads = "".join(word[0] for word in words[: 1 if digits and len(words) < 4 else 2] if not word.isdecimal())
    return (heads + digits).upper()[:4] or name[:2].upper()


# Why: docs/decisions/domain.md 5
@lru_cache(maxsize=8)
def _letters(names: tuple[str, ...]) -> dict[str, str]:
    """Initials, and where two names share them, more letters of the first word."""
    found: dict[str, str] = {}
    shared = Counter(initials(name) for name in names)
    for name in names:
        plain = initials(name)
        longer = [name[:n].capitalize() for n in range(2, 5)]
        numbered = (f"{plain[:1]}{n}" for n in itertools.count(2))
        free = (one for one in itertools.chain(longer, numbered) if one not in shared and one not in found.values())
        found[name] = plain if shared[plain] == 1 else next(free)
    return found
