"""Which class folders become which classes: each its own, or several one (`normal=normal-cecum,normal=normal-pylorus`)."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest

_BETWEEN_WORDS = " -_."
_NO_LABEL = frozenset({
    "unlabelled", "unlabeled", "unlabel", "notlabelled", "notlabeled", "nolabel", "nolabels", "withoutlabel", "unknown", "unsorted",
    "unclassified", "unannotated", "uncategorized", "uncategorised", "undefined", "unread", "todo", "tobelabelled", "tobelabeled",
    "sinetiqueta", "sinetiquetar", "noetiquetado", "noetiquetados", "sinclasificar", "sinclase", "desconocido", "desconocidos",
    "desconocida", "pendiente", "pendientes",
})  # fmt: skip
"""Folded, in English and Spanish."""


def class_words(text: str) -> tuple[str, ...]:
    """The words of a list with commas, as it is typed."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def class_folders(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Classes in the order of their first mention, each with its folders. A word is `FOLDER`, or `CLASS=FOLDER`.

    BadRequest with a sentence for a folder that is named twice, or a name that cannot be a class.
    """
    pairs = [_pair(word) for word in words]
    folder, times = Counter(folder for _, folder in pairs).most_common(1)[0] if pairs else ("", 0)
    if times > 1:
        raise BadRequest(f"The class folder {folder} is named twice: a frame can be of one class only.")
    names = ClassSet.of(dict.fromkeys(name for name, _ in pairs))
    ClassSet.of(folder for _, folder in pairs)  # nothing that leads out of the folder, such as ..
    return {name: tuple(folder for owner, folder in pairs if owner == name) for name in names}


def spellings(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Those of the names, sorted, that differ in capitals, hyphens, spaces or the writing of accents alone."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        alike[_folded(name)].append(name)
    return [tuple(same) for same in alike.values() if len(same) > 1]


def means_no_label(name: str) -> bool:
    """Whether a folder's name says that its frames have no class yet, such as Un-labelled."""
    return _folded(name) in _NO_LABEL


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", "".join(c for c in folded if c not in _BETWEEN_WORDS))


def _pair(word: str) -> tuple[str, str]:
    name, equals, folder = word.partition("=")
    return (name.strip(), folder.strip()) if equals else (word.strip(), word.strip())
