"""Where the project for a folder of images is kept: in the user's data folder, or where the user wanted it."""

import contextlib
import hashlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from endodesk.app.preferences import BESIDE
from endodesk.app.project.own_projects import is_on_network, is_own, user_folder
from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME
from endodesk.data.safety.glance import glance
from endodesk.domain.errors import BadProject
from endodesk.system.atomic import write_file
from endodesk.system.plain_files import open_plain
from endodesk.system.private import private_folder

POINTER = "project.place"
"""In a folder of the user's projects that holds none: the path of the project that is meant, as bytes of the file system."""
_LONGEST_PATH = 64 * 1024
_SUFFIX = "-endodesk"


def is_project(folder: Path) -> bool:
    """Whether the folder itself is a project."""
    return (folder / DATABASE_NAME).is_file()


def beside(images: Path, parent: Path | None = None) -> Path:
    """The place of a project that is kept beside its images, or in another folder."""
    return (parent or images.absolute().parent) / f"{images.absolute().name}{_SUFFIX}"


def free_place(images: Path, parent: Path) -> Path:
    """A name for a new project in a folder of the user's choice that nothing has yet."""
    first = beside(images, parent)
    names = (f"{first.name}{f'-{number}' if number > 1 else ''}" for number in itertools.count(1))
    return next(place for name in names if not os.path.lexists(place := first.with_name(name)))


def wished_place(images: Path, choice: str) -> Path | None:
    """Where a new project is made for whoever wants it beside the images; None for the usual place, or where one is kept already."""
    if choice != BESIDE or is_project(images) or kept_place(images) or os.path.lexists(beside(images)):
        return None
    return beside(images)


# Why: docs/decisions/app.md 42
def kept_place(images: Path) -> Path | None:
    """The project that is kept for a folder of images: a project whose images are another folder now is not. None if there is none.

    Not the folder itself, should it be a project. Reads the settings of the one or two files that may be it.
    """
    if is_project(beside(images)) and _is_for(beside(images), images):
        return beside(images)
    for place in _own_places(images):
        if not place.is_dir():
            return None
        project = _meant_by(place)
        if project and _is_for(project, images):
            return project
    return None


def new_place(images: Path) -> Path:
    """Where a new project for a folder of images is made, unless another place is wished: the first that is free in the user's folder."""
    return next(place for place in _own_places(images) if _meant_by(place) is None)


def point_to(images: Path, project: Path) -> None:
    """Note that the project for a folder of images is that one, unless it is found without a note. OSError if it cannot be noted."""
    if kept_place(images) != project:
        place = new_place(images)
        private_folder(place)
        write_file(place / POINTER, os.fsencode(project))


def user_projects() -> list[Path]:
    """All projects that were made for folders of images by this user, wherever they lie now; those that are gone are left out."""
    with contextlib.suppress(OSError):
        places = sorted((user_folder() / "projects").iterdir())
        return list(dict.fromkeys(project for place in places if (project := _meant_by(place)) and is_project(project)))
    return []


def _own_places(images: Path) -> Iterator[Path]:
    place = images.absolute()
    # resolved: the same folder, come to by another way, has the same project
    digest = hashlib.sha256(str(place.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = "".join(c if c.isprintable() else "_" for c in place.name)[:60]
    for number in itertools.count(1):
        yield user_folder() / "projects" / f"{name or 'root'}-{digest}{f'-{number}' if number > 1 else ''}"


def _meant_by(place: Path) -> Path | None:
    """The project in one of these folders, or the one that it points to; None if there is neither. A lost database has its journal yet."""
    if is_project(place) or (place / JOURNAL_NAME).is_file():
        return place
    try:
        with open_plain(place / POINTER) as stream:
            project = Path(os.fsdecode(stream.read(_LONGEST_PATH)))
        return project if is_project(project) else None
    except (OSError, ValueError):
        return None


def _is_for(project: Path, images: Path) -> bool:
    """Whether a project's images lie in this folder, or nobody can tell: opening it will then."""
    try:
        with glance(project / DATABASE_NAME) as file:
            source = file.source
        if source is None or os.path.normpath(project / source) == os.path.normpath(images.absolute()):
            return True
        # of a project from elsewhere nobody looks on another computer
        return (is_own(project) or not is_on_network(project / source)) and (project / source).resolve() == images.resolve()
    except (BadProject, OSError, ValueError, RuntimeError):  # damaged, or locked; links that lead in a circle
        return True
