"""ImageStore: which frames there are, where they lie, and which files could not be read."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.connections import Connections
from endodesk.data.schema import IMAGE_PATHS, IMAGES, SETTINGS, UNREADABLE
from endodesk.data.setting_store import keep
from endodesk.domain.images import NO_STRUCTURE, ImageRecord, Sha256, Unreadable

HASH_RULE = 2
"""Which rule perceptual hashes are made by, raised whenever they, or the pixels they are made of, come out otherwise: 2 gives none to
a frame without structure."""
_RULE_KEY = "hash_rule"
BATCH = 250
"""Files a transaction: some 10 ms."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileStamp:
    """How a file looked when it was read; the same stamp means that it need not be read again."""

    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """As the file looks now; OSError if it is not there."""
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns)


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
            places = [{"path": record.path, "image": record.sha256, **_stamp_values(stamp)} for record, stamp in batch]
            with self._connections.write() as connection:
                connection.execute(_PUT_IMAGE, images)
                connection.execute(_PUT_PATH, places)
                connection.execute(_DROP_UNREADABLE, [{"file": record.path} for record, _ in batch])

    def add_unreadable(self, files: Iterable[tuple[Unreadable, FileStamp]]) -> None:
        """Remember files that cannot be shown; what was known of the same paths is replaced. In steps, as `add`."""
        for batch in _batches(files):
            failed = [{"path": file.path, "reason": file.reason, **_stamp_values(stamp)} for file, stamp in batch]
            with self._connections.write() as connection:
                connection.execute(_PUT_UNREADABLE, failed)
                connection.execute(_DROP_PATH, [{"file": file.path} for file, _ in batch])

    def known(self) -> dict[Path, KnownFile]:
        """Every file that was ever read, so that a scan skips those whose stamp is the same."""
        with self._connections.read() as connection:
            images = connection.execute(_SELECT_RECORDS.add_columns(IMAGE_PATHS.c.size_bytes, IMAGE_PATHS.c.mtime_ns)).all()
            columns = (UNREADABLE.c.path, UNREADABLE.c.reason, UNREADABLE.c.size_bytes, UNREADABLE.c.mtime_ns)
            unreadable = connection.execute(select(*columns)).all()
        known = {path: KnownFile(FileStamp(size, mtime), Unreadable(path, reason)) for path, reason, size, mtime in unreadable}
        for sha256, path, width, height, phash, size, mtime in images:
            known[path] = KnownFile(FileStamp(size, mtime), ImageRecord(Sha256(sha256), path, width, height, phash))
        return known

    def stamps(self) -> Iterator[tuple[str, int, int, Sha256 | None, str]]:
        """As `known`, file by file and without building anything: path, size, time, content, or else the reason why it has none.

        100,000 files take 0.2 s, and no memory.
        """
        with self._connections.read() as connection:
            # bytes where a name is no Unicode (PathText), which is passed by here for speed
            for path, image, size, mtime in connection.exec_driver_sql("SELECT path, image, size_bytes, mtime_ns FROM image_path"):
                yield os.fsdecode(path), size, mtime, image, ""
            for path, reason, size, mtime in connection.exec_driver_sql("SELECT path, reason, size_bytes, mtime_ns FROM unreadable"):
                yield os.fsdecode(path), size, mtime, None, reason

    def hashes(self) -> dict[Sha256, str]:
        """Perceptual hash of every frame that was looked at for one; empty where it shows no structure."""
        with self._connections.read() as connection:
            found = connection.execute(_SELECT_HASHES)
            return {Sha256(name): "" if phash == NO_STRUCTURE else phash for name, phash in found}

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
            row = connection.execute(_SELECT_RECORDS.where(IMAGES.c.sha256 == sha256).order_by(IMAGE_PATHS.c.path).limit(1)).first()
        return None if row is None else ImageRecord(Sha256(row.sha256), row.path, row.width, row.height, row.phash)

    def paths(self, sha256: Sha256) -> tuple[Path, ...]:
        """All files with this content, sorted; empty if there is none."""
        with self._connections.read() as connection:
            query = select(IMAGE_PATHS.c.path).where(IMAGE_PATHS.c.image == sha256).order_by(IMAGE_PATHS.c.path)
            return tuple(connection.scalars(query))


def _batches(files: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(files)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _image_values(record: ImageRecord, now: datetime) -> dict[str, Any]:
    size = {"width": record.width, "height": record.height}
    return {"sha256": record.sha256, **size, "phash": record.phash, "first_seen": now}


def _stamp_values(stamp: FileStamp) -> dict[str, int]:
    return {"size_bytes": stamp.size_bytes, "mtime_ns": stamp.mtime_ns}


_SELECT_RECORDS = select(IMAGES.c.sha256, IMAGE_PATHS.c.path, IMAGES.c.width, IMAGES.c.height, IMAGES.c.phash).join_from(
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
    index_elements=["path"], set_={name: _NEW_PATH.excluded[name] for name in ("image", "size_bytes", "mtime_ns")}
)
_NEW_UNREADABLE = insert(UNREADABLE)
_PUT_UNREADABLE = _NEW_UNREADABLE.on_conflict_do_update(
    index_elements=["path"], set_={name: _NEW_UNREADABLE.excluded[name] for name in ("reason", "size_bytes", "mtime_ns")}
)
_DROP_PATH = delete(IMAGE_PATHS).where(IMAGE_PATHS.c.path == bindparam("file"))
_DROP_UNREADABLE = delete(UNREADABLE).where(UNREADABLE.c.path == bindparam("file"))
