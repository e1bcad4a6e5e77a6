"""ClassSet: the ordered classes of a project or a model."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from endodesk.domain.errors import BadRequest

_NAME = re.compile(r"[^\W_][\w .()+-]{0,63}")  # it begins with a letter or digit: a folder that begins with a dot is hidden


@dataclass(frozen=True, slots=True)
class ClassSet:
    """Class names in order; the order is that of keys, bars, columns and model outputs.

    Names may become folder names, so they are short and hold no path separators.
    Raises BadRequest for an empty set, a name twice, or a name that is not fit.
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise BadRequest("There are no classes: name at least one.")
        for name in self.names:
            if not _NAME.fullmatch(name) or name != name.strip() or name.endswith("."):  # Windows drops spaces and dots at a name's end
                raise BadRequest(f"{name!r} cannot be a class name: use up to 64 letters, digits, spaces and . ( ) + - _.")
        if len(set(self.names)) != len(self.names):
            raise BadRequest(f"A class is named twice: {', '.join(self.names)}.")

    @classmethod
    def of(cls, names: Iterable[str]) -> "ClassSet":
        """From any iterable of names, in its order."""
        return cls(tuple(names))

    def index(self, name: str) -> int:
        """Place of a class; ValueError if it is not in the set."""
        return self.names.index(name)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names


def merged(words: Iterable[str], class_of: Callable[[str], str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The classes that words mean, each once, in the order of the words; and for each word the place of its class among them."""
    places: dict[str, int] = {}
    found = tuple(places.setdefault(class_of(word), len(places)) for word in words)
    return tuple(places), found


PAPER_CLASSES = ClassSet(("esophagitis", "polyps", "ulcerative-colitis"))
"""The three classes of the published method (paper, section II)."""
