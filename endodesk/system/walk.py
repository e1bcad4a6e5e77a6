"""The one way through folders: which folders and files are looked at, the same wherever frames are listed.

Links to folders are followed, so that a data set can be put together of links; not those that lead back to where they lie. A folder
that several links lead to is listed under each of them where they stand in different class folders (each is a class as the user made
it), but once within one: links among links would multiply without end. What systems leave beside frames is passed over and counted:
hidden folders (so QNAP's `.@__thumb`, `.thumbnails`, `.Trash-1000`), the thumbnails, bins and snapshots of network storage and of
Windows, `__MACOSX` (ZIP archives of macOS) and `._*` files (macOS on foreign disks).
"""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LEFT_BY_SYSTEMS = frozenset({
    "@eadir", "@tmp", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", "~snapshot",  # Synology, QNAP, NetApp
    "$recycle.bin", "recycler", "system volume information", "lost+found", "__macosx",
})  # fmt: skip
"""Folders, in small letters."""
_PROJECT, _OF_A_PROJECT = "project.sqlite", frozenset({"cache", "models", "runs", "taken", "backups"})
"""A project of this program, and what is its own in it: small pictures among others, which are no frames."""
_NO_FRAMES = ("._", "SYNOPHOTO_THUMB", "SYNOFILE_THUMB")
"""How files begin that macOS and Synology lay beside frames."""
_JUNCTION = 0xA0000003
"""Windows' links to folders that ask for no rights (IO_REPARSE_TAG_MOUNT_POINT)."""
_Order = Callable[[str], Any]


@dataclass(slots=True)
class WalkedFolder:
    """One folder on the way."""

    path: str
    """Begins with the root as it was named."""
    names: list[str] = field(default_factory=list)
    """Of its files, hidden ones too, in no order."""
    skipped: int = 0
    """Folders and files in it that a system left there."""
    error: OSError | None = None
    """Why it could not be listed to the end."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a folder is come to: what links are judged by."""

    path: str
    real: str
    """Its path without links."""
    top: str = ""
    """The folder right under the root that it lies in; empty for the root itself."""
    by_link: bool = False
    left: tuple[str, ...] = ()
    """The real folders in which the links lie that lead here."""

    def to(self, entry: "os.DirEntry[str]") -> "_Way | None":
        """On to a folder in this one; None if it holds what we came through."""
        top = self.top or entry.name
        if not _is_link(entry):
            return _Way(entry.path, os.path.join(self.real, entry.name), top, left=self.left)  # noqa: PTH118  # strings: speed
        real, left = os.path.realpath(entry.path), (*self.left, self.real)
        inside = os.path.join(real, "")  # noqa: PTH118
        if any(place == real or place.startswith(inside) for place in left):
            return None
        return _Way(entry.path, real, top, by_link=True, left=left)


def walk(root: Path, *, order: _Order | None = None, only: Collection[str] | None = None) -> Iterator[WalkedFolder]:
    """The root, and each folder before those in it, these in the `order` of their names (else by letter). However deep they lie.

    `only` limits it to some folders right under the root, and the files in the root.
    """
    followed: set[tuple[str, str]] = set()
    todo = [_Way(str(root), os.path.realpath(root))]
    while todo:
        way = todo.pop()
        if way.by_link:
            if (way.top, way.real) in followed:
                continue
            followed.add((way.top, way.real))
        found, folders = _listed(way.path)
        yield found
        if only is not None and not way.top:
            folders = [entry for entry in folders if entry.name in only]
        folders.sort(key=lambda entry: order(entry.name) if order else entry.name, reverse=True)  # the last one is taken first
        todo += filter(None, map(way.to, folders))


def folders_in(root: Path) -> list[str]:
    """Names of the folders right under the root that are walked through, by letter. OSError if it cannot be listed."""
    found, folders = _listed(str(root))
    if found.error:
        raise found.error
    return sorted(entry.name for entry in folders)


def files_below(folder: Path, unlisted: Callable[[OSError], None] | None = None, *, folders: bool = False) -> Iterator["os.DirEntry[str]"]:
    """All that lies in a folder and its subfolders and is no folder itself: hidden files and links too. With `folders` these as well.

    What cannot be listed is told to `unlisted`, and the rest goes on; without it, it is an OSError.
    """
    todo = [str(folder)]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    if folders or not entry.is_dir(follow_symlinks=False):
                        yield entry
        except OSError as error:
            if unlisted is None:
                raise
            unlisted(error)


def _listed(path: str) -> tuple[WalkedFolder, list["os.DirEntry[str]"]]:
    """A folder, and the folders in it that are to be walked through."""
    found, folders = WalkedFolder(path), []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(_NO_FRAMES):
                    found.skipped += 1
                elif entry.is_file(follow_symlinks=False) or _is_file(entry):  # most are plain files: no call of ours for each
                    found.names.append(name)
                elif _is_folder(entry):
                    if name.startswith(".") or name.lower() in _LEFT_BY_SYSTEMS:
                        found.skipped += 1
                    else:
                        folders.append(entry)
    except OSError as error:
        found.error = error
    if _PROJECT in found.names:  # the folder may hold frames all the same
        found.skipped += sum(entry.name in _OF_A_PROJECT for entry in folders)
        folders = [entry for entry in folders if entry.name not in _OF_A_PROJECT]
    return found, folders


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """A link to nowhere too, for the reader should hear of it; no pipe and no device: to open one could wait for ever."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))  # noqa: PTH110
    except OSError:  # a link that leads to itself
        return entry.is_symlink()


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_link(entry: "os.DirEntry[str]") -> bool:
    if entry.is_symlink():
        return True
    return os.name == "nt" and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION
