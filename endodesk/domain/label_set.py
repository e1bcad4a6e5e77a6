"""LabelSet: the classes of a project as a reader meets them, each with a key and a colour, and the words that mean each."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
_LONGEST_WORD = 255  # as long as the name of a folder may be


@dataclass(frozen=True, slots=True)
class LabelClass:
    """One class: its name, the key that gives it (one of CLASS_KEYS, or none), its colour as #RRGGBB."""

    name: str
    key: str
    colour: str
    aliases: tuple[str, ...] = ()
    """Other words that mean it: names that it had before, of classes that were moved to it, and those that a reader gave it."""

    def meant_by(self, *words: str) -> "LabelClass":
        """The same class, also meant by these words."""
        found = dict.fromkeys((*self.aliases, *words))
        return replace(self, aliases=tuple(word for word in found if word and word != self.name))


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Classes in order, and what every word means: the one place that tells which class a label, folder or model's answer is of today.

    As a container it has each word that means a class. Raises BadRequest for what ClassSet refuses, a key twice or one that is
    not free, what is no colour, and a word for two classes.
    """

    classes: tuple[LabelClass, ...]
    _meanings: Mapping[str, str] = field(init=False, repr=False, compare=False)

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
        object.__setattr__(self, "_meanings", _meanings(self.classes))  # frozen: this is how it gets what follows from the rest

    @classmethod
    def of(cls, names: Iterable[str]) -> "LabelSet":
        """A set of these classes with the first keys and colours, in order; more than there are keys have none."""
        keys = itertools.chain(CLASS_KEYS, itertools.repeat(""))  # more classes than keys: the rest go without
        return cls(tuple(LabelClass(*one) for one in zip(names, keys, itertools.cycle(COLOURS), strict=False)))

    @property
    def names(self) -> ClassSet:
        """The class names alone, in the order of the set."""
        return ClassSet.of(one.name for one in self.classes)

    # Why: docs/decisions/domain.md 6
    def class_of(self, word: str) -> str:
        """The class of today that a word means: one on record, a class folder's, a model's. The word itself if it means none."""
        return self._meanings.get(word, word)

    @property
    def words(self) -> tuple[str, ...]:
        """All that mean a class: the names, and the aliases of each."""
        return tuple(self._meanings)

    def __contains__(self, word: object) -> bool:
        return word in self._meanings

    def meant_by(self, name: str, *words: str) -> "LabelSet":
        """The same, where more words mean the class of that name; a word that means a class already is let be."""
        new = [word for word in words if word not in self]
        return LabelSet(tuple(one.meant_by(*new) if one.name == name else one for one in self.classes))

    def renewed(self, names: Iterable[str]) -> "LabelSet":
        """For other names: those kept keep their key, colour and aliases, new ones get what is free; an alias stands for its class."""
        known = {one.name: one for one in self.classes}
        listed = list(dict.fromkeys(map(self.class_of, names)))
        kept = [known[name] for name in listed if name in known]
        keys = (key for key in CLASS_KEYS if key not in {one.key for one in kept})
        free = [colour for colour in COLOURS if colour not in {one.colour for one in kept}]
        colours = itertools.chain(free, itertools.cycle(COLOURS))  # more classes than colours: letters tell them apart
        return LabelSet(tuple(known.get(name) or LabelClass(name, next(keys, ""), next(colours)) for name in listed))

    def styled(self, usual: Mapping[str, LabelClass]) -> "LabelSet":
        """With the usual key and colour of each class by its name, the first come; others keep theirs, or get a key that is free."""
        keys: dict[str, str] = {}  # by name
        for first in (True, False):
            for one in self.classes:
                key = usual[one.name].key if one.name in usual else one.key
                if (one.name in usual) is first and (not key or key not in keys.values()):
                    keys[one.name] = key
        free = (key for key in CLASS_KEYS if key not in keys.values())
        colours = {name: one.colour for name, one in usual.items()}
        return LabelSet(
            tuple(
                replace(one, key=keys[one.name] if one.name in keys else next(free, ""), colour=colours.get(one.name, one.colour))
                for one in self.classes
            )
        )

    def colour_of(self, name: str) -> str | None:
        """The colour of a class, #RRGGBB; None for a name that is not in the set."""
        return next((one.colour for one in self.classes if one.name == name), None)

    def letters_of(self, name: str) -> str:
        """Up to four letters and digits that no other class of the set has."""
        return _letters(tuple(one.name for one in self.classes)).get(name) or initials(name)

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values as the project's setting keeps them; `from_json` reads them back."""
        plain = ({"name": one.name, "key": one.key, "colour": one.colour} for one in self.classes)
        return [{**told, "also": list(one.aliases)} if one.aliases else told for told, one in zip(plain, self.classes, strict=True)]

    @classmethod
    def from_json(cls, value: Iterable[str | Mapping[str, Any]]) -> "LabelSet":
        """From a setting; older projects kept names alone, and no aliases."""
        listed = list(value)
        if all(isinstance(one, str) for one in listed):
            return cls.of(str(one) for one in listed)
        told = [one for one in listed if isinstance(one, Mapping)]
        return cls(tuple(_class_of_json(one) for one in told))


def _class_of_json(told: Mapping[str, Any]) -> LabelClass:
    also = told.get("also", ())
    if not isinstance(also, list | tuple):
        raise TypeError(f"not a list of words: {also!r:.80}")
    return LabelClass(str(told["name"]), str(told["key"]), str(told["colour"]), tuple(map(str, also)))


def _meanings(classes: Iterable[LabelClass]) -> dict[str, str]:
    """Names first, in their order. BadRequest for a word that means two classes, or is none."""
    listed = list(classes)
    found = {one.name: one.name for one in listed}
    for one in listed:
        for word in one.aliases:
            if not word.strip() or len(word) > _LONGEST_WORD:
                raise BadRequest(f"{word!r:.80} cannot be another name of {one.name}: use up to {_LONGEST_WORD} letters.")
            if found.setdefault(word, one.name) != one.name:
                other = found[word]
                raise BadRequest(f"{word!r} means {other} and {one.name}: take it away from the other names of one of them.")
    return found


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
