"""What killed processes left in our own folders: the hidden names under which `endodesk.system.atomic` writes."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from endodesk.system.atomic import HIDDEN, NAME_KEPT, put_back
from endodesk.system.task import TaskContext
from endodesk.system.walk import files_below

_OF_0_1 = re.compile(r"\.[0-9a-f]{12}\.part")
"""A model on its way into a project, as version 0.1 named it."""
_UNTOUCHED_S = 24 * 3600
"""Younger ones may be those of a process that is at work, here or on another computer that shares the disk."""


# Why: docs/decisions/system.md 7
def sweep(folder: Path, task: TaskContext, *, deep: bool = True, names: str = "") -> None:
    """Remove what nobody has touched for a day, in the folder and, if `deep`, in those below it. A link is not followed.

    `names`: only what was to become a name that this pattern fits. An older folder whose exchange was cut short is put back instead.
    """
    for place in list(_left_in(folder, deep=deep)):
        task.raise_if_cancelled()
        found = HIDDEN.fullmatch(place.name)
        name, old = (found["name"], bool(found["old"])) if found else ("", False)
        if not names or re.fullmatch(names, name):
            with contextlib.suppress(OSError):  # what cannot be removed is tried again at the next start
                _sweep_one(place, name, old=old)


def _left_in(folder: Path, *, deep: bool) -> Iterator[Path]:
    todo = [] if folder.is_symlink() else [str(folder)]
    while todo:
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(".") and (HIDDEN.fullmatch(entry.name) or _OF_0_1.fullmatch(entry.name)):
                    yield Path(entry.path)
                elif deep and entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)


def _sweep_one(place: Path, name: str, *, old: bool) -> None:
    if time.time() - _touched(place) < _UNTOUCHED_S:
        return
    if old and len(name) < NAME_KEPT and not os.path.lexists(place.with_name(name)):
        put_back(place, place.with_name(name))  # the process died between the two renames: this is all there is
    elif old and not any(other.startswith(name) for other in os.listdir(place.parent)):  # noqa: PTH208
        return  # the same, and the name was too long to tell
    elif place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()


def _touched(place: Path) -> float:
    """When anything of it was written or renamed last, as seconds since 1970."""
    inside = files_below(place) if place.is_dir() and not place.is_symlink() else ()
    return max(
        max(status.st_mtime, status.st_ctime) for status in (place.lstat(), *(entry.stat(follow_symlinks=False) for entry in inside))
    )
