"""Learning the names by content of files that are new or have changed since they were last seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.scan import in_pieces
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import ImageRecord, Sha256, Unreadable
from endodesk.domain.ticket import Ticket
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.read import read_bytes, read_header

_PIECE = 64  # files a transaction
_KNOWN_PIECE = 512  # files told at once that need not be read


@dataclass(frozen=True, slots=True)
class Indexed:
    """A file after a look at it: its content's name, or the reason why it has none."""

    path: Path
    sha256: Sha256 | None = None
    reason: str = ""


def index_files(files: Sequence[Path], database: Database, ticket: Ticket, tell: Callable[[list[Indexed]], None]) -> None:
    """Tell the files that the project knows as they are; then hash the others, store what was found, and tell it piece by piece."""
    known = database.images.known()
    unknown: list[Path] = []
    for piece in in_pieces(files, _KNOWN_PIECE):
        ticket.check()
        found = []
        for path in piece:
            kept = known.get(path)
            if kept is not None and kept.stamp == _stamp(path):
                found.append(_as_known(path, kept.found))
            else:
                unknown.append(path)
        tell(found)
    done = len(files) - len(unknown)
    for piece in in_pieces(unknown, _PIECE):
        tell(_read(piece, database, ticket))
        done += len(piece)
        ticket.report(done, len(files))


def _read(piece: Sequence[Path], database: Database, ticket: Ticket) -> list[Indexed]:
    found: list[Indexed] = []
    readable: list[tuple[ImageRecord, FileStamp]] = []
    refused: list[tuple[Unreadable, FileStamp]] = []
    for path in piece:
        ticket.check()
        stamp = _stamp(path)  # first: a file that changes while it is read will be read again
        try:
            data = read_bytes(path)
        except UnreadableImage as error:  # not remembered: another day it may be there, or be allowed
            found.append(Indexed(path, reason=str(error)))
            continue
        result = _look(path, data)
        found.append(_as_known(path, result))
        if stamp is None:
            continue
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


def _as_known(path: Path, kept: ImageRecord | Unreadable) -> Indexed:
    return Indexed(path, reason=kept.reason) if isinstance(kept, Unreadable) else Indexed(path, kept.sha256)
