"""Learning the names by content of files that are new or have changed since they were last seen."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.scan import in_pieces
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import ImageRecord, Sha256, Unreadable
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.reading.read import read_bytes, read_header
from endodesk.system.task import TaskContext

_PIECE = 64  # files a transaction
_KNOWN_PIECE = 512  # files told at once that need not be read: the window learns them in a millisecond


class Indexed(NamedTuple):
    """A file after a look at it: its content's name, or the reason why it has none."""

    row: int
    """Place of the file among the names that were asked about."""
    sha256: Sha256 | None = None
    reason: str = ""


def index_files(
    places: FramePlaces, names: Sequence[str], database: Database, task: TaskContext, tell: Callable[[list[Indexed]], None]
) -> None:
    """Tell the files that the project knows as they are; then hash the others, store what was found, and tell it piece by piece.

    `names` are those of the places.
    """
    known = _known(places, names, database)
    unknown: list[int] = []
    for piece in in_pieces(range(len(names)), _KNOWN_PIECE):
        task.raise_if_cancelled()
        found = []
        for row in piece:
            kept = known[row]
            if kept is not None and _is_stamped(places.path(names[row]), kept):
                found.append(Indexed(row, kept[2], kept[3]))
            else:
                unknown.append(row)
        tell(found)
    del known  # memory: an entry for every file of the folder
    done = len(names) - len(unknown)
    for piece in in_pieces(unknown, _PIECE):
        tell(_read(places, names, piece, database, task))
        done += len(piece)
        task.report(done, len(names))


_Known = tuple[int, int, Sha256 | None, str]


def _known(places: FramePlaces, names: Sequence[str], database: Database) -> list[_Known | None]:
    """For each name what the project knows of the file: size, time, content or reason."""
    row_of = dict(zip(names, range(len(names)), strict=True))
    known: list[_Known | None] = [None] * len(names)
    for path, size_bytes, mtime_ns, sha256, reason in database.images.stamps():
        row = None if (name := places.name(path)) is None else row_of.get(name)
        if row is not None:
            known[row] = (size_bytes, mtime_ns, sha256, reason)
    return known


def _is_stamped(path: str, kept: _Known) -> bool:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return False
    return status.st_size == kept[0] and status.st_mtime_ns == kept[1]


def _read(places: FramePlaces, names: Sequence[str], piece: Sequence[int], database: Database, task: TaskContext) -> list[Indexed]:
    found: list[Indexed] = []
    readable: list[tuple[ImageRecord, FileStamp]] = []
    refused: list[tuple[Unreadable, FileStamp]] = []
    for row in piece:
        task.raise_if_cancelled()
        path = Path(places.path(names[row]))
        stamp = _stamp(path)  # first: a file that changes while it is read will be read again
        try:
            data = read_bytes(path)
        except UnreadableImage as error:  # not remembered: another day it may be there, or be allowed
            found.append(Indexed(row, reason=str(error)))
            continue
        result = _look(path, data)
        found.append(_as_known(row, result))
        if stamp is None:
            continue  # nobody could tell later whether it has changed
        if isinstance(result, ImageRecord):
            readable.append((result, stamp))
        else:
            refused.append((result, stamp))
    database.images.add(readable)
    database.images.add_unreadable(refused)
    return found


def _stamp(path: Path) -> FileStamp | None:
    try:
        return FileStamp.of(path)
    except OSError:
        return None


def _look(path: Path, data: bytes) -> ImageRecord | Unreadable:
    try:
        header = read_header(data, path.name)
    except UnreadableImage as error:
        return Unreadable(path, str(error))
    return ImageRecord(sha256_bytes(data), path, header.width, header.height)


def _as_known(row: int, kept: ImageRecord | Unreadable) -> Indexed:
    return Indexed(row, reason=kept.reason) if isinstance(kept, Unreadable) else Indexed(row, kept.sha256)
