"""Names of files and folders that are made after others: no longer than a disk takes them."""

import os
from itertools import chain
from pathlib import Path

_MOST_BYTES = 255


def fitted(stem: str, ending: str, folder: Path) -> str:
    """Both as one name in `folder`, the stem cut at its end where the whole would be too long. Different stems may become equal so."""
    room = _longest_in(folder) - len(os.fsencode(ending))
    while len(os.fsencode(stem)) > room and stem:
        stem = stem[:-1]  # by letters: half a letter is none
    return stem + ending


def _longest_in(folder: Path) -> int:
    """Bytes of a name there: disks that are encrypted take shorter ones. The folder need not be there yet."""
    if hasattr(os, "pathconf"):
        for place in chain([folder], folder.parents):
            try:
                return min(_MOST_BYTES, os.pathconf(place, "PC_NAME_MAX"))
            except (OSError, ValueError):
                continue
    return _MOST_BYTES
