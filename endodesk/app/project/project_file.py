"""`project.endodesk`: a small file in a project's folder, so that a double click opens the project. Only its place matters."""

import contextlib
import os
import stat
from pathlib import Path

from endodesk.app.language import reason_of, tr
from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_file

DATABASE_NAME = "project.sqlite"
JOURNAL_NAME = "labels.jsonl"
PROJECT_FILE = "project.endodesk"
SUFFIX = ".endodesk"
_TEXT = (
    "EndoDesk project\n"  # packaging/linux/endodesk.xml knows the kind of file by these words
    "Open this file with EndoDesk: the folder that it lies in is the project. It holds nothing itself, and may be deleted.\n"
)
_MOST_BYTES = 64 * 1024


# Why: docs/decisions/app.md 30
def leave_project_file(folder: Path) -> None:
    """Put the file into a project's folder, unless something of that name is there or nothing can be written: it is not missed then."""
    file = folder / PROJECT_FILE
    with contextlib.suppress(OSError):
        if not file.exists() and not file.is_symlink():
            write_file(file, _TEXT.encode())


def is_project_file_name(name: str) -> bool:
    """Whether a file is named like one; the user may have given it another name before the point."""
    return name.lower().endswith(SUFFIX)


def place_to_open(place: Path) -> Path:
    """The project's folder for its file; any other place as it is. BadRequest if the file is not what it is named like."""
    if not is_project_file_name(place.name) or os.path.isdir(place):  # noqa: PTH112  (it never raises, whatever the name)
        return place
    place = place.absolute()
    try:
        found = place.lstat()
    except (OSError, ValueError) as error:
        why = reason_of(error)
        raise BadRequest(tr("{file} cannot be opened: {why}.").format(file=place, why=why)) from error
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
        raise BadRequest(tr("{file} is not the file of an EndoDesk project. Open the project's folder instead.").format(file=place))
    if not os.path.isfile(place.parent / DATABASE_NAME):  # noqa: PTH113
        raise BadRequest(
            tr("There is no project in {folder}: {file} belongs into a project's folder. Open that folder instead.").format(
                folder=place.parent, file=place.name
            )
        )
    return place.parent
