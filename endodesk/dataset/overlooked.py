"""What is easily overlooked in a folder of class folders: pictures beside these, and one class under two spellings."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from endodesk.dataset.class_folders import class_folders, spellings
from endodesk.dataset.manifest import PARTS, is_split_folder
from endodesk.domain.centre_rules import ABOVE_CLASS, NO_CENTRE
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import is_image_name, printable
from endodesk.system.walk import folders_in, walk


def layout_notes(folder: Path, words: Sequence[str] = (), centre: str = NO_CENTRE) -> list[str]:
    """A sentence on each such thing in class folders, or in a split of them; none where nothing can be listed, of which others tell.

    `words` are those of `--classes` (`endodesk.dataset.class_folders`), if there are any. Where the folder above
    the class is the `centre`, what lies in each of them is told.
    """
    if centre == ABOVE_CLASS:
        with contextlib.suppress(OSError):
            return [note for name in folders_in(folder) for note in layout_notes(folder / name, words)]
    with contextlib.suppress(BadRequest):  # classes called train and test, among others
        if is_split_folder(folder):
            notes = [note for part in (folder, *(folder / part for part in PARTS)) for note in _notes(part, words)]
            return list(dict.fromkeys(notes))
    return _notes(folder, words)


def _notes(folder: Path, words: Sequence[str]) -> list[str]:
    owners = {name: owner for owner, names in class_folders(words).items() for name in names} if words else {}
    try:
        folders = folders_in(folder)
    except OSError:
        return []
    beside = sorted(name for name in next(walk(folder, only=())).names if is_image_name(Path(name)))
    return [*_beside_told(folder, beside), *map(_spelt, spellings(owners.get(name, name) for name in folders))]


def _beside_told(folder: Path, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    told = "1 frame lies" if len(names) == 1 else f"{len(names):,} frames lie"
    where = f"beside the class folders of {printable(folder.name)}, such as {printable(names[0])}"
    return [f"{told} {where}: what has no class is left out. Put it into the folder of its class."]


def _spelt(same: Sequence[str]) -> str:
    folders = " and ".join(map(printable, same))
    both = ",".join(f"{same[-1]}={name}" for name in same)
    return (
        f"The folders {folders} are not one class. If they should be, give them one name; "
        f"train, crossval and evaluate can also take them for one (--classes {printable(both)} and the others)."
    )
