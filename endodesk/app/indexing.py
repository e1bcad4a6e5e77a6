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


@dataclass(frozen=True, slots=True)
class Indexed:
    """A file after a look at it: its content's name, or the reason why it has none."""

    path: Path
    sha256: Sha256 | None = None
    reason: str = ""


def index_files(files: Sequence[Path], database: Database, ticket: Ticket, tell: Callable[[list[Indexed]], None]) -> None:
    """Hash every file that the project does not know as it is, store what was found, and tell it piece by piece."""
    known = database.images.known()
    done = 0
    for piece in in_pieces(files, _PIECE):
        found: list[Indexed] = []
        readable: list[tuple[ImageRecord, FileStamp]] = []
        refused: list[tuple[Unreadable, FileStamp]] = []
        for path in piece:
            ticket.check()
            try:
                stamp = FileStamp.of(path)
            except OSError as error:
                found.append(Indexed(path, reason=f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}."))
                continue
            kept = known.get(path)
            if kept and kept.stamp == stamp:
                found.append(_as_known(path, kept.found))
                continue
            result = _look(path)
            if isinstance(result, ImageRecord):
                readable.append((result, stamp))
                found.append(Indexed(path, result.sha256))
            else:
                refused.append((result, stamp))
                found.append(Indexed(path, reason=result.reason))
        if readable:
            database.images.add(readable)
        if refused:
            database.images.add_unreadable(refused)
        done += len(piece)
        tell(found)
        ticket.report(done, len(files))


def _look(path: Path) -> ImageRecord | Unreadable:
    try:
        data = read_bytes(path)
        header = read_header(data, path.name)
    except UnreadableImage as error:
        return Unreadable(path, str(error))
    return ImageRecord(sha256_bytes(data), path, header.width, header.height)


def _as_known(path: Path, kept: ImageRecord | Unreadable) -> Indexed:
    return Indexed(path, reason=kept.reason) if isinstance(kept, Unreadable) else Indexed(path, kept.sha256)
