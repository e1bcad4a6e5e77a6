"""ImageStore: which frames there are, where they lie, and which files could not be read."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import Column, Row, Table, bindparam, case, delete, select, text, update
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.column_types import PathText
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, proven, read_rows
from endodesk.data.schema import IMAGE_PATHS, IMAGES, PREDICTIONS, SETTINGS, UNREADABLE
from endodesk.data.setting_store import keep
from endodesk.domain.images import NO_STRUCTURE, ImageRecord, Sha256, Unreadable, proven_size, sha256_of

HASH_RULE = 2
"""Which rule perceptual hashes are made by, raised whenever they, or the pixels they are made of, come out otherwise: 2 gives none to
a frame without structure."""
_RULE_KEY = "hash_rule"
BATCH = 250
"""Files a transaction: some 10 ms."""

T = TypeVar("T")
_ALL_PATHS = "SELECT path, image, size_bytes, mtime_ns, inode, ctime_ns, reading FROM image_path"
_ALL_UNREADABLE = "SELECT path, reason, size_bytes, mtime_ns, inode, ctime_ns, reading FROM unreadable"
"""As FileStamp has them."""


_STAMP = 5
"""Columns of a FileStamp; they come last."""
_TEXT, _NUMBER = frozenset({str}), frozenset({int})
_AS_STORED = (_TEXT | {bytes}, _TEXT, *([_NUMBER] * _STAMP))
"""Types of the two queries above; bytes where a name is no Unicode (see PathText)."""
_PHASH = re.compile(r"[0-9a-f]{16}")
_LARGEST = 2**63 - 1
"""That SQLite holds; some file systems number files by more bits."""


# Why: docs/decisions/data.md 13
class FileStamp(NamedTuple):
    """How a file looked when it was read; the same stamp means that it need not be read again."""

    size_bytes: int
    mtime_ns: int
    inode: int = 0
    """The file's number in its file system: files that were given each other's names have each other's number."""
    ctime_ns: int = 0
    """When anything of the file was changed last, its name too (on Windows: when it was made)."""
    reading: int = 0
    """Version of the reading room that looked at it."""

    @classmethod
    def of(cls, path: Path | str, reading: int) -> Self:
        """As the file looks now, to this version of the reading room; OSError if it is not there."""
        status = os.stat(path)  # noqa: PTH116  # of 100,000 files a Path each would take half a second
        return cls(status.st_size, status.st_mtime_ns, status.st_ino & _LARGEST, status.st_ctime_ns, reading)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was read before, and what came of it."""

    stamp: FileStamp
    found: ImageRecord | Unreadable


class ImageStore:
    """Frames by content; a file that changed belongs to its new frame, while the old one keeps its corrections."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, records: Iterable[tuple[ImageRecord, FileStamp]]) -> None:
        """Add or bring up to date. An empty phash does not overwrite a known one.

        Goes in steps of `BATCH` files, drawn from `records` between transactions: a correction never waits long,
        and what was read before a failure stays.
        """
        now = datetime.now(UTC)
        for batch in _batches(records):
            images = [_image_values(record, now) for record, _ in batch]
            places = [{"path": record.path, "image": record.sha256, **stamp._asdict()} for record, stamp in batch]
            with self._connections.write() as connection:
                connection.execute(_PUT_IMAGE, images)
                connection.execute(_PUT_PATH, places)
                connection.execute(_DROP_UNREADABLE, [{"file": record.path} for record, _ in batch])

    def add_unreadable(self, files: Iterable[tuple[Unreadable, FileStamp]]) -> None:
        """Remember files that cannot be shown; what was known of the same paths is replaced. In steps, as `add`."""
        for batch in _batches(files):
            failed = [{"path": file.path, "reason": file.reason, **stamp._asdict()} for file, stamp in batch]
            with self._connections.write() as connection:
                connection.execute(_PUT_UNREADABLE, failed)
                connection.execute(_DROP_PATH, [{"file": file.path} for file, _ in batch])

    def add_places(self, files: Iterable[tuple[Path, Sha256, FileStamp]]) -> None:
        """Further places of known frames, as their files look there now; the frames were looked at where they lay before. In steps."""
        for batch in _batches(files):
            rows = [{"path": path, "image": image, **stamp._asdict()} for path, image, stamp in batch]
            with self._connections.write() as connection:
                connection.execute(_PUT_PLACE, rows)

    def drop_places(self, paths: Iterable[Path]) -> None:
        """Forget that files lie, or lay, there; what is said of the frames stays."""
        for batch in _batches(paths):
            rows = [{"file": path} for path in batch]
            with self._connections.write() as connection:
                connection.execute(_DROP_PATH, rows)
                connection.execute(_DROP_UNREADABLE, rows)

    def known(self) -> dict[Path, KnownFile]:
        """Every file that was ever read, so that a scan skips those whose stamp is the same."""
        images = _SELECT_RECORDS.add_columns(*_stamp_of(IMAGE_PATHS))
        unreadable = select(UNREADABLE.c.path, UNREADABLE.c.reason, *_stamp_of(UNREADABLE))
        with self._connections.read() as connection:
            known = dict(read_rows(connection, unreadable, _known_unreadable, RowKind.FILE))
            known.update(read_rows(connection, images, _known_image, RowKind.FILE))
        return known

    def stamps(self) -> Iterator[tuple[str, FileStamp, Sha256 | None, str]]:
        """As `known`, file by file and without building anything: path, stamp, content, or else the reason why it has none.

        100,000 files take 0.3 s, and no memory.
        """
        with self._connections.read() as connection:
            file = connection.connection.driver_connection  # SQLAlchemy's rows and column types are passed by here for speed
            assert file is not None  # noqa: S101  (for mypy: it is open)
            yield from proven(connection, file.execute(_ALL_PATHS), _AS_STORED, _stamped_image, RowKind.FILE)
            yield from proven(connection, file.execute(_ALL_UNREADABLE), _AS_STORED, _stamped_unreadable, RowKind.FILE)

    def stamps_of(self, paths: Sequence[Path]) -> dict[Path, FileStamp]:
        """How these files looked when their content was read; those that have none are not among them."""
        found: dict[Path, FileStamp] = {}
        with self._connections.read() as connection:
            for some in _batches(paths):
                query = select(IMAGE_PATHS.c.path, *_stamp_of(IMAGE_PATHS)).where(IMAGE_PATHS.c.path.in_(some))
                found.update(read_rows(connection, query, lambda row: (row.path, _stamp(row)), RowKind.FILE))
        return found

    def shown_otherwise(self, records: Iterable[ImageRecord]) -> list[ImageRecord]:
        """Of these, the known frames that an older reading room showed otherwise."""
        doubtful = {record.sha256: record for record in records if record.reading > 1}
        found: list[ImageRecord] = []
        with self._connections.read() as connection:
            for some in _batches(doubtful):
                query = select(IMAGES.c.sha256, IMAGES.c.reading).where(IMAGES.c.sha256.in_(some))
                kept = read_rows(connection, query, lambda row: (doubtful[row.sha256], row.reading), RowKind.FILE)
                found += [record for record, reading in kept if reading < record.reading]
        return found

    def renew(self, records: Iterable[ImageRecord]) -> None:
        """Forget answers and hashes of frames that were shown otherwise, for they are another picture's. Labels stay."""
        for some in _batches(records):
            rows = [{"stale": record.sha256, "as_read": record.reading} for record in some]
            with self._connections.write() as connection:
                connection.execute(_DROP_ANSWERS, rows)
                connection.execute(_RENEW, rows)

    def hashes(self) -> dict[Sha256, str]:
        """Perceptual hash of every frame that was looked at for one; empty where it shows no structure."""
        with self._connections.read() as connection:
            return dict(read_rows(connection, _SELECT_HASHES, _named_hash, RowKind.FILE))

    def renew_hashes(self) -> None:
        """Forget, once, perceptual hashes that another program made by another rule: they are found anew where they are wanted."""
        with self._connections.read() as connection:
            made_by = connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == _RULE_KEY))
        if made_by != str(HASH_RULE):
            with self._connections.write() as connection:
                connection.execute(update(IMAGES).where(IMAGES.c.phash != "").values(phash=""))
                keep(connection, _RULE_KEY, HASH_RULE)

    def get(self, sha256: Sha256) -> ImageRecord | None:
        """The frame at the first of its paths; None if it is not known or no file holds it any more."""
        with self._connections.read() as connection:
            # of several copies always the same one
            query = _SELECT_RECORDS.where(IMAGES.c.sha256 == sha256).order_by(IMAGE_PATHS.c.path)
            return next(read_rows(connection, query, _record, RowKind.FILE), None)

    def paths(self, sha256: Sha256) -> tuple[Path, ...]:
        """All files with this content, sorted; empty if there is none."""
        with self._connections.read() as connection:
            query = select(IMAGE_PATHS.c.path).where(IMAGE_PATHS.c.image == sha256).order_by(IMAGE_PATHS.c.path)
            return tuple(read_rows(connection, query, lambda row: row.path, RowKind.FILE))


def _batches(files: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(files)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _stamp(row: Row[Any]) -> FileStamp:
    return FileStamp(*row[-_STAMP:])


def _record(row: Row[Any]) -> ImageRecord:
    width, height = proven_size(row.width, row.height)
    phash = row.phash if _is_hash(row.phash) else ""  # a damaged one is found anew
    return ImageRecord(sha256_of(row.sha256), row.path, width, height, phash, row.reading)


def _known_image(row: Row[Any]) -> tuple[Path, KnownFile]:
    record = _record(row)
    return record.path, KnownFile(_stamp(row), record)


def _known_unreadable(row: Row[Any]) -> tuple[Path, KnownFile]:
    return row.path, KnownFile(_stamp(row), Unreadable(row.path, row.reason))


def _stamped_image(row: Sequence[Any]) -> tuple[str, FileStamp, Sha256 | None, str]:
    return os.fsdecode(row[0]), FileStamp._make(row[2:]), sha256_of(row[1]), ""


def _stamped_unreadable(row: Sequence[Any]) -> tuple[str, FileStamp, Sha256 | None, str]:
    return os.fsdecode(row[0]), FileStamp._make(row[2:]), None, row[1]


def _named_hash(row: Row[Any]) -> tuple[Sha256, str]:
    name, phash = tuple[Any, ...](row)
    if not _is_hash(phash):
        raise ValueError(f"not a perceptual hash: {phash[:80]!r}")
    return sha256_of(name), "" if phash == NO_STRUCTURE else phash


def _is_hash(phash: str) -> bool:
    return phash == NO_STRUCTURE or bool(_PHASH.fullmatch(phash))


def _image_values(record: ImageRecord, now: datetime) -> dict[str, Any]:
    size = {"width": record.width, "height": record.height}
    return {"sha256": record.sha256, **size, "phash": record.phash, "first_seen": now, "reading": record.reading}


def _stamp_of(table: Table) -> list[Column[int]]:
    return [table.c[name] for name in FileStamp._fields]


_SELECT_RECORDS = select(IMAGES.c.sha256, IMAGE_PATHS.c.path, IMAGES.c.width, IMAGES.c.height, IMAGES.c.phash, IMAGES.c.reading).join_from(
    IMAGES, IMAGE_PATHS, IMAGE_PATHS.c.image == IMAGES.c.sha256
)

_SELECT_HASHES = select(IMAGES.c.sha256, IMAGES.c.phash).where(IMAGES.c.phash != "")
_NEW_IMAGE = insert(IMAGES)
_PUT_IMAGE = _NEW_IMAGE.on_conflict_do_update(
    index_elements=["sha256"],
    set_={
        "width": _NEW_IMAGE.excluded.width,
        "height": _NEW_IMAGE.excluded.height,
        "phash": case((_NEW_IMAGE.excluded.phash != "", _NEW_IMAGE.excluded.phash), else_=IMAGES.c.phash),
    },
)
_NEW_PATH = insert(IMAGE_PATHS)
_PUT_PATH = _NEW_PATH.on_conflict_do_update(
    index_elements=["path"], set_={name: _NEW_PATH.excluded[name] for name in ("image", *FileStamp._fields)}
)
_PUT_PLACE = text(
    "INSERT OR REPLACE INTO image_path (path, image, size_bytes, mtime_ns, inode, ctime_ns, reading) "
    "SELECT :path, image, :size_bytes, :mtime_ns, :inode, :ctime_ns, reading FROM image_path WHERE image = :image LIMIT 1"
).bindparams(bindparam("path", type_=PathText()))
_NEW_UNREADABLE = insert(UNREADABLE)
_PUT_UNREADABLE = _NEW_UNREADABLE.on_conflict_do_update(
    index_elements=["path"], set_={name: _NEW_UNREADABLE.excluded[name] for name in ("reason", *FileStamp._fields)}
)
_DROP_ANSWERS = delete(PREDICTIONS).where(PREDICTIONS.c.image == bindparam("stale"))
_RENEW = update(IMAGES).where(IMAGES.c.sha256 == bindparam("stale")).values(phash="", reading=bindparam("as_read"))
_DROP_PATH = delete(IMAGE_PATHS).where(IMAGE_PATHS.c.path == bindparam("file"))
_DROP_UNREADABLE = delete(UNREADABLE).where(UNREADABLE.c.path == bindparam("file"))
