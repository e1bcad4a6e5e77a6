"""What is the program's own in a project's folder. Whatever else lies there is the user's, such as frames, and is let be."""

import contextlib
import os
import re
from pathlib import Path

from endodesk.data.safety.backups import FOLDER
from endodesk.system.private import is_loose, tighten, tighten_all
from endodesk.system.task import TaskContext

MODELS, RUNS, TAKEN, CACHE, LOCK = "models", "runs", "taken", "cache", "window.lock"
BACKUPS = FOLDER
_FOLDERS = frozenset({MODELS, RUNS, TAKEN, CACHE, BACKUPS})
_FILES = re.compile(rf"\.?project\..*|\.?labels\..*jsonl.*|\.?{re.escape(LOCK)}.*")
"""The database, what SQLite lays beside it, copies of it, its journals, `project.endodesk`, and what is only being written."""


def close_to_others(folder: Path) -> None:
    """Take the rights of others off a project's folder, unless it holds anything of the user's: that may be meant for them."""
    with contextlib.suppress(OSError):  # opening it will tell
        if is_loose(folder) and len(_own_names(folder)) == len(os.listdir(folder)):  # noqa: PTH208  # names alone
            tighten(folder)


def tighten_own_files(folder: Path, task: TaskContext) -> None:
    """The same for all that is the program's in it, where an older version or a copying program left others any right."""
    with contextlib.suppress(OSError):
        tighten_all(folder, [name for name in _own_names(folder) if is_loose(folder / name)], task)


def _own_names(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name in _FOLDERS or _FILES.fullmatch(name)]  # noqa: PTH208
