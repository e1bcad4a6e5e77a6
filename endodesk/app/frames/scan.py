"""Listing the frames of a folder, and learning their names by content."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.language import tr
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from endodesk.domain.shown_text import shortened
from endodesk.imaging.reading.dicom.dicom_kind import unnamed_dicom
from endodesk.system.task import TaskContext
from endodesk.system.walk import walk

T = TypeVar("T")
_DIGITS = re.compile(r"(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder and its subfolders: image files in natural order, and folders that may not be read."""

    root: Path
    names: tuple[str, ...]
    """Relative to the root: 100,000 of them are made in a tenth of the time that paths take."""
    closed: tuple[Path, ...]
    films: tuple[str, ...] = ()
    """Videos, from which frames can be taken."""
    taken: Mapping[str, str] = field(default_factory=dict)
    """Folders of frames taken from films: the name that each is shown by, and where it lies."""
    skipped: int = 0
    """Files and folders that a system left there, such as `@eaDir` and `._frame.jpg`."""

    @property
    def places(self) -> FramePlaces:
        """How names of the listing become paths, and the other way round."""
        return FramePlaces(self.root, self.taken)

    @property
    def files(self) -> tuple[Path, ...]:
        """The paths of all files; made anew each time."""
        places = self.places
        return tuple(Path(places.path(name)) for name in self.names)


def list_images(folder: Path, task: TaskContext) -> Listing:
    """All files with an image's name, and DICOM files without one, folder by folder in natural order (frame-2 before frame-10).

    Which folders are looked into: see `endodesk.system.walk`. BadRequest if there is no such folder.
    """
    if not folder.is_dir():
        raise BadRequest(tr("There is no folder {folder}.").format(folder=folder))
    closed: list[Path] = []
    found: list[str] = []
    films: list[str] = []
    skipped = 0
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    for at in walk(folder, order=_natural):
        task.raise_if_cancelled()
        skipped += at.skipped
        if at.error:
            closed.append(Path(at.path))
        here = os.path.join(at.path, "")[start:]  # noqa: PTH118
        images = sorted(filter(_is_image, at.names), key=_natural)
        if len(images) < len(at.names):  # a folder of images alone, as most are, is gone through once
            unnamed = unnamed_dicom(at.path, set(at.names).difference(images))
            images = sorted([*images, *unnamed], key=_natural) if unnamed else images
        found += [here + name for name in images]
        if len(images) < len(at.names):
            films += [here + name for name in sorted(filter(_is_video, at.names), key=_natural)]
    return Listing(folder, tuple(found), tuple(closed), tuple(films), skipped=skipped)


def walk_order(names: Sequence[str], more: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Names as they were listed, those of further folders among them, as if these had been listed too."""
    folders: dict[str, list[str]] = {}
    for name in names:
        folders.setdefault(name.rpartition(os.sep)[0], []).append(name)
    for folder, own in more.items():
        folders.setdefault(folder, []).extend(own)
    order = sorted(folders, key=lambda folder: [_natural(part) for part in Path(folder).parts])
    return tuple(name for folder in order for name in folders[folder])


def _is_video(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in VIDEO_SUFFIXES and not name.startswith(".")  # noqa: PTH122


def _is_image(name: str) -> bool:
    """The same rule as `is_image_name`, of a name as text: a Path for each of 100,000 takes seconds."""
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES and not name.startswith(".")  # noqa: PTH122


def listed(places: Sequence[Path], task: TaskContext) -> list[Path]:
    """Files as they are named, folders as the images in them. BadRequest for a folder without images, or with one that may not be read."""
    files: list[Path] = []
    for place in places:
        if not place.is_dir():
            files.append(place)
            continue
        listing = list_images(place, task)
        if listing.closed:
            raise BadRequest(f"The folder {shortened(listing.closed[0])} cannot be read: name the folders beside it, without it.")
        if not listing.names:
            raise BadRequest(f"There are no images in {place}.")
        files += listing.files
    return files


def _natural(name: str) -> list[str | int]:
    """Text and numbers by turns, so that places compare like with like."""
    parts: list[str | int] = list(_DIGITS.split(name))
    parts[1::2] = map(int, parts[1::2])
    return parts


def label_of_folder(parts: Sequence[str]) -> str:
    """The class folder: the first one under the root, of a folder given by its names from there on; empty for the root itself."""
    return parts[0] if parts else ""


def case_of_folder(parts: Sequence[str]) -> str:
    """The case: the whole folder, if it lies deeper than a class folder; else empty."""
    return "/".join(parts) if len(parts) > 1 else ""


def in_pieces(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive pieces of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))
