"""Learning the names by content of files that are new or have changed since they were last seen."""

from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.scan import in_pieces
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import TooLargeForMemory, UnreadableImage
from endodesk.domain.images import ImageRecord, Sha256, Unreadable
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.reading.header import READING
from endodesk.imaging.reading.read import decode_image, read_bytes, read_header
from endodesk.inference.feature_file import forget_features
from endodesk.system.task import TaskContext

_PIECE = 64  # files a transaction
_KNOWN_PIECE = 512  # files told at once that need not be read: the window learns them in a millisecond


class Indexed(NamedTuple):
    """A file after a look at it: its content's name, or the reason why it has none."""

    row: int
    """Place of the file among the names that were asked about."""
    sha256: Sha256 | None = None
    reason: str = ""
    read_otherwise: Sha256 | None = None
    """The content, where an older program showed it otherwise, or showed it at all: answers and features of it are gone."""


def index_files(
    places: FramePlaces,
    names: Sequence[str],
    database: Database,
    task: TaskContext,
    tell: Callable[[list[Indexed]], None],
    features: Path | None = None,
) -> None:
    """Tell the files that the project knows as they are; then hash the others, store what was found, and tell it piece by piece.

    `names` are those of the places; `features` is where the project keeps what backbones saw.
    """
    known = _known(places, names, database)
    unknown: list[int] = []
    for piece in in_pieces(range(len(names)), _KNOWN_PIECE):
        task.raise_if_cancelled()
        found = []
        for row in piece:
            kept = known[row]
            if kept is not None and kept[0] == _stamp(places.path(names[row])):
                found.append(Indexed(row, *kept[1:]))
            else:
                unknown.append(row)
        tell(found)
    # their answers may be of what is refused now, as only decoding tells: a JPEG that was cut and ended has a good header
    doubtful = {row for row in unknown if (kept := known[row]) and kept[0].reading < READING and kept[1]}
    del known  # memory: an entry for every file of the folder
    done = len(names) - len(unknown)
    for piece in in_pieces(unknown, _PIECE):
        tell(_read([(row, Path(places.path(names[row]))) for row in piece], database, task, features, doubtful))
        done += len(piece)
        task.report(done, len(names))


def index_again(files: Iterable[tuple[int, Path]], database: Database, task: TaskContext) -> list[Indexed]:
    """Read files (each with its row) whatever is known of them: for who must know what they hold at this moment."""
    return [found for piece in in_pieces(list(files), _PIECE) for found in _read(piece, database, task, None)]


def unchanged(paths: Sequence[Path], database: Database) -> set[Path]:
    """Of these files, those that are as they were when their content was read."""
    return {path for path, stamp in database.images.stamps_of(paths).items() if stamp == _stamp(path)}


_Known = tuple[FileStamp, Sha256 | None, str]


def _known(places: FramePlaces, names: Sequence[str], database: Database) -> list[_Known | None]:
    """For each name what the project knows of the file: stamp, content or reason."""
    row_of = dict(zip(names, range(len(names)), strict=True))
    known: list[_Known | None] = [None] * len(names)
    for path, stamp, sha256, reason in database.images.stamps():
        row = None if (name := places.name(path)) is None else row_of.get(name)
        if row is not None:
            known[row] = (stamp, sha256, reason)
    return known


def _read(
    files: Iterable[tuple[int, Path]], database: Database, task: TaskContext, features: Path | None, doubtful: Container[int] = ()
) -> list[Indexed]:
    """Those of the `doubtful` rows are decoded too, to know whether they are whole."""
    found: list[Indexed] = []
    readable: list[tuple[ImageRecord, FileStamp]] = []
    refused: list[tuple[Unreadable, FileStamp]] = []
    shown_before: dict[int, ImageRecord] = {}
    gone: dict[int, ImageRecord] = {}
    for row, path in files:
        task.raise_if_cancelled()
        stamp = _stamp(path)  # first: a file that changes while it is read will be read again
        try:
            data = read_bytes(path)
        except UnreadableImage as error:  # not remembered: another day it may be there, or be allowed
            found.append(Indexed(row, reason=str(error)))
            continue
        try:
            result = _look(path, data, whole=row in doubtful)
        except TooLargeForMemory as error:  # not remembered either: more may be allowed, and what was said of it stays
            found.append(Indexed(row, reason=str(error)))
            continue
        if isinstance(result, ImageRecord):
            shown_before[row] = result
        elif row in doubtful:
            gone[row] = ImageRecord(sha256_bytes(data), path, 0, 0, reading=READING)
        found.append(_as_known(row, result))
        if stamp is None:
            continue  # nobody could tell later whether it has changed
        if isinstance(result, ImageRecord):
            readable.append((result, stamp))
        else:
            refused.append((result, stamp))
    answered = database.predictions.answered([record.sha256 for record in gone.values()])
    shown_before |= {row: record for row, record in gone.items() if record.sha256 in answered}
    stale = _forget_stale(list(shown_before.values()), database, features)
    database.images.add(readable)
    database.images.add_unreadable(refused)
    if not stale:
        return found
    contents = {row: record.sha256 for row, record in shown_before.items() if record.sha256 in stale}
    return [one._replace(read_otherwise=contents.get(one.row)) for one in found]


# Why: docs/decisions/app.md 36
def _forget_stale(records: Sequence[ImageRecord], database: Database, features: Path | None) -> set[Sha256]:
    """Frames that an older program showed, or showed otherwise: what models said and saw of them is forgotten, and they are named."""
    stale = database.images.shown_otherwise(records)
    if stale and features:  # first: once the database counts them as read anew, nobody would ask again
        holding = database.overrides.holding()
        drawn = [holding.of(record.sha256, record.width, record.height).name_of(record.sha256) for record in stale]
        forget_features(features, {*drawn, *(record.sha256 for record in stale)})
    database.images.renew(stale)
    return {record.sha256 for record in stale}


def _stamp(path: Path | str) -> FileStamp | None:
    try:
        return FileStamp.of(path, READING)
    except OSError:
        return None


def _look(path: Path, data: bytes, *, whole: bool) -> ImageRecord | Unreadable:
    try:
        header = read_header(data, path.name)
        if whole:
            decode_image(data, path.name)
    except TooLargeForMemory:
        raise
    except UnreadableImage as error:
        return Unreadable(path, str(error))
    return ImageRecord(sha256_bytes(data), path, header.width, header.height, reading=header.reading)


def _as_known(row: int, kept: ImageRecord | Unreadable) -> Indexed:
    return Indexed(row, reason=kept.reason) if isinstance(kept, Unreadable) else Indexed(row, kept.sha256)
