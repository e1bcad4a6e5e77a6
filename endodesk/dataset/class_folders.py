"""Which class folders become which classes: each its own, or several one (`normal=normal-cecum,normal=normal-pylorus`)."""

from collections import Counter
from collections.abc import Iterable

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest


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


def _pair(word: str) -> tuple[str, str]:
    name, equals, folder = word.partition("=")
    return (name.strip(), folder.strip()) if equals else (word.strip(), word.strip())
