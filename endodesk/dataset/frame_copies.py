"""Copies of frames in folders of our own: names that do not collide on any disk, and bytes that are those that were meant."""

import unicodedata
from pathlib import Path, PurePath

from endodesk.domain.errors import BadRequest
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.reading.read import read_bytes
from endodesk.system.file_names import fitted


class FreeNames:
    """Gives each copy below a folder a name of its own; folders of cases hold equal names, and some disks do not tell A from a."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._taken: set[str] = set()

    def take(self, folder: str, file: PurePath, sha256: str) -> str:
        """A place in `folder` (relative, with /) for a copy of `file`, relative to the root."""
        number = 0
        while True:
            suffix = "" if number == 0 else f"-{sha256[:8]}" if number == 1 else f"-{sha256[:8]}-{number}"
            name = f"{folder}/{fitted(file.stem, suffix + file.suffix, self._root)}"
            if folded(name) not in self._taken:
                self._taken.add(folded(name))
                return name
            number += 1


def folded(name: str) -> str:
    """The same for names that some disk takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def copy_frame(source: Path, sha256: str, copy: Path, meanwhile: str) -> None:
    """The file's bytes, if they are those that were meant; BadRequest saying what was going on `meanwhile`. UnreadableImage, OSError."""
    data = read_bytes(source)
    if sha256_bytes(data) != sha256:
        raise BadRequest(f"{source} was changed while the frames were {meanwhile}. Try again.")
    copy.write_bytes(data)
