"""Which projects were made, or taken on, by this account on this PC. Others are not believed what they say of readers and places."""

import hashlib
from pathlib import Path

import platformdirs

from endodesk.system.own_record import note, noted

_KIND = "projects"


def user_folder() -> Path:
    """Where the program keeps what belongs to the user: among it the projects that it makes for folders of images."""
    return platformdirs.user_data_path("endodesk", appauthor=False)


def is_kept_here(place: Path) -> bool:
    """Whether a place lies in the user's data folder."""
    return place.resolve().is_relative_to(user_folder().resolve())


def is_own(project_folder: Path) -> bool:
    """Whether the project in a folder was made on this PC, or its reader has taken it on here."""
    return is_kept_here(project_folder) or bool(noted(_KIND, _digest(project_folder)))


def take_on(project_folder: Path) -> None:
    """From now on it counts as made here."""
    note(_KIND, _digest(project_folder), "taken on")


# Why: docs/decisions/app.md 41
def is_on_network(place: Path) -> bool:
    """Whether a path names another computer, as `//server/share` does: Windows signs in there, with the user's name, before it looks."""
    return str(place)[:2].replace("\\", "/") == "//"


def _digest(folder: Path) -> str:
    return hashlib.sha256(str(folder.absolute().resolve()).encode("utf-8", "surrogateescape")).hexdigest()
