"""What the program keeps of frames and labels is for this account alone: folders 0700, files 0600. On Windows nothing is done.

There the folders of a user's profile are that user's anyway, and Python's modes mean nothing.
"""

import contextlib
import os
import stat
from collections.abc import Collection
from pathlib import Path

from endodesk.system.task import TaskContext
from endodesk.system.walk import files_below

_FOLDER, _OTHERS = 0o700, 0o077
_usual_mask: list[int] = []
"""The account's own umask, once this process keeps what it makes private."""
_HAS_MODES = os.name == "posix"


# Why: docs/decisions/system.md 6
def keep_private() -> None:
    """From now on whatever this process or its children make is for this account alone, also what libraries make."""
    if _HAS_MODES and not _usual_mask:
        _usual_mask.append(os.umask(_OTHERS))


def share_as_usual(path: Path) -> None:
    """Give a file that was written where the user said the rights that the account's files have elsewhere."""
    if _usual_mask:
        _share(path, is_folder=False)


def _share(path: Path, is_folder: bool) -> None:
    with contextlib.suppress(OSError):  # a file system without rights
        path.chmod((0o777 if is_folder else 0o666) & ~_usual_mask[0])


def share_folder_as_usual(folder: Path) -> None:
    """The same for a folder that was made where the user said, and all in it."""
    if _usual_mask:
        for entry in files_below(folder, lambda _: None, folders=True):
            _share(Path(entry.path), entry.is_dir(follow_symlinks=False))
        _share(folder, is_folder=True)


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this account alone; one that is there stays. OSError if it cannot be made."""
    if not folder.is_dir():
        if folder.parent != folder:
            private_folder(folder.parent)
        folder.mkdir(mode=_FOLDER, exist_ok=True)


def is_loose(path: Path) -> bool:
    """Whether others than its owner, who is this account, may do anything with a file or folder; no link is followed."""
    if not _HAS_MODES:
        return False
    try:
        found = path.lstat()
    except OSError:
        return False
    return bool(found.st_mode & _OTHERS) and not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid()


def tighten(path: Path) -> None:
    """Take the rights of others off one file or folder that is this account's; what a link points to is let be."""
    if is_loose(path):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)


def tighten_all(folder: Path, names: Collection[str], task: TaskContext) -> None:
    """The same for those files and folders of a folder that have these names, and all in them. What cannot be listed is let be."""
    for name in names:
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            for entry in files_below(folder / name, lambda _: None, folders=True):
                task.raise_if_cancelled()
                tighten(Path(entry.path))
        tighten(folder / name)  # last: by its rights one sees whether the rest was gone through
