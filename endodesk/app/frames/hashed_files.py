"""Labelled files with their hashes: read once, then known by the project for as long as the file stays as it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp, KnownFile
from endodesk.dataset.manifest import ClassFile, ManifestRow, Scan, read_files
from endodesk.domain.images import NO_STRUCTURE, ImageRecord, Unreadable
from endodesk.imaging.reading.header import READING
from endodesk.system.task import TaskContext

_PIECE = 256  # files hashed between two transactions: a check that is cancelled goes on from there


def hash_files(files: Sequence[ClassFile], database: Database, task: TaskContext) -> Scan:
    """As `endodesk.dataset.manifest.read_files`, but a file that has not changed since it was hashed is not read again."""
    known = database.images.known()
    found: dict[Path, ManifestRow] = {file.path: row for file in files if (row := _known_row(file, known))}
    unreadable: list[Unreadable] = []
    unread = [file for file in files if file.path not in found]
    for start in range(0, len(unread), _PIECE):
        scan = read_files(unread[start : start + _PIECE], task.part(start, len(unread)))
        database.images.add(_learned(scan, known))
        found |= {row.file: row for row in scan.rows}
        unreadable += scan.unreadable
    return Scan(tuple(found[file.path] for file in files if file.path in found), tuple(unreadable))


def _known_row(file: ClassFile, known: dict[Path, KnownFile]) -> ManifestRow | None:
    kept = known.get(file.path)
    # read again: one that could not be read may be mended, and one that was only listed has no perceptual hash
    if kept is None or isinstance(kept.found, Unreadable) or not kept.found.phash:
        return None
    try:
        if FileStamp.of(file.path, READING) != kept.stamp:
            return None
    except OSError:  # reading it will tell why
        return None
    phash = "" if kept.found.phash == NO_STRUCTURE else kept.found.phash
    return ManifestRow(file.path, kept.found.sha256, phash, file.label, file.case, centre=file.centre)


def _learned(scan: Scan, known: dict[Path, KnownFile]) -> list[tuple[ImageRecord, FileStamp]]:
    """Hashes of files that the project knows; one that it has not listed yet, or that has changed, will be read again."""
    return [
        (replace(kept.found, phash=row.phash or NO_STRUCTURE), kept.stamp)
        for row in scan.rows
        if (kept := known.get(row.file)) and isinstance(kept.found, ImageRecord) and kept.found.sha256 == row.sha256
    ]
