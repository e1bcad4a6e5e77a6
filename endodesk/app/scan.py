"""Listing the frames of a folder, and learning their names by content."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import is_image_name
from endodesk.domain.ticket import Ticket

_DIGITS = re.compile(r"(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder and its subfolders: image files in natural order, and folders that may not be read."""

    files: tuple[Path, ...]
    closed: tuple[Path, ...]


def list_images(folder: Path, ticket: Ticket) -> Listing:
    """All files with an image's name, folder by folder in natural order (frame-2 before frame-10).

    Links to folders are not followed. BadRequest if there is no such folder.
    """
    if not folder.is_dir():
        raise BadRequest(f"There is no folder {folder}.")
    closed: list[Path] = []
    files: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename or folder))):
        ticket.check()
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=_natural)
        files += [path for name in sorted(names, key=_natural) if is_image_name(path := Path(root, name))]
    return Listing(tuple(files), tuple(closed))


def listed(places: Sequence[Path], ticket: Ticket) -> list[Path]:
    """Files as they are named, folders as the images in them. BadRequest for a folder without images, or with one that may not be read."""
    files: list[Path] = []
    for place in places:
        if not place.is_dir():
            files.append(place)
            continue
        listing = list_images(place, ticket)
        if listing.closed:
            raise BadRequest(f"The folder {listing.closed[0]} may not be read: name the folders beside it, without it.")
        if not listing.files:
            raise BadRequest(f"There are no images in {place}.")
        files += listing.files
    return files


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(name) if part]


def folder_label(path: Path, root: Path) -> str:
    """The class folder a file lies in: the first folder under the root; empty for files in the root itself."""
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else ""


def case_of(path: Path, root: Path) -> str:
    """The case a file belongs to: its folder, if that lies deeper than a class folder; else empty."""
    parts = path.relative_to(root).parts
    return "/".join(parts[:-1]) if len(parts) > 2 else ""


def in_pieces(items: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    """Consecutive pieces of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))
