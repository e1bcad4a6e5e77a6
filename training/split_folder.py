"""Split a folder of class folders into {train,val,test}/<class>/ with copies and split.csv (paper, section II, step 3)."""

import csv
import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.domain.ticket import Ticket
from training.manifest import PARTS, ManifestRow, count, scan_class_folder
from training.split import assign_parts, fingerprint

TABLE = "split.csv"
COLUMNS = ("copy", "file", "sha256", "phash", "label", "group", "part")


@dataclass(frozen=True, slots=True)
class FolderSplit:
    """What was written."""

    counts: dict[str, dict[str, int]]
    """Frames by class and part."""
    groups: int
    fingerprint: str
    unreadable: tuple[Unreadable, ...]


def split_folder(
    folder: Path,
    out: Path,
    *,
    seed: int = 42,
    shares: tuple[float, float, float] = (70, 15, 15),
    near: int = 0,
    ticket: Ticket | None = None,
) -> FolderSplit:
    """Copy the frames of `folder` (class = subfolder) into `out`, whole groups to one part; `folder` is only read.

    The result appears whole or not at all, and replaces an earlier split of ours. BadRequest with a sentence if the
    folder cannot be split, or `out` holds anything that is not such a split or cannot be written. Cancelled.
    """
    if len(shares) != 3 or min(shares) < 0 or not sum(shares) > 0:
        raise BadRequest("The shares must be three numbers, of train, val and test, such as 70,15,15.")
    if not 0 <= near <= 32:
        raise BadRequest("Near duplicates may differ in 0 to 32 of the 64 bits of their hashes.")
    folder, out, ticket = folder.absolute(), out.absolute(), ticket or Ticket()
    _check_place(folder, out)
    scan = scan_class_folder(folder, ticket=ticket)
    rows = assign_parts(scan.rows, seed=seed, shares=shares, near=near)
    beside = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(beside, rows, ticket)
        _replace(out, beside)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadRequest(f"The split cannot be written to {out}: {reason} ({error.filename or out}).") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return FolderSplit(count(rows), len({row.group for row in rows}), fingerprint(rows), scan.unreadable)


def _check_place(folder: Path, out: Path) -> None:
    here, there = folder.resolve(), out.resolve()
    if there == here or here in there.parents:
        raise BadRequest(f"The split cannot be written into the folder that it is made from ({folder}); name another.")
    if there in here.parents:
        raise BadRequest(f"{out} holds the frames themselves; name another folder for the split.")
    if out.exists() and not out.is_dir():
        raise BadRequest(f"{out} is a file; name a folder for the split.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out, here):
        raise BadRequest(f"{out} holds files that are not a split of these frames; they were left as they are. Name a new folder.")


def _is_ours(out: Path, source: Path) -> bool:
    """Whether every file in the folder is a copy listed in its split.csv, and made from the same folder of frames."""
    try:
        with (out / TABLE).open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [row for row in reader if tuple(row) == COLUMNS]
    except (OSError, csv.Error, KeyError):
        return False
    if not all(Path(row["file"]).is_relative_to(source) for row in rows):
        return False  # the frames of another folder: somebody may still work with them
    listed = {row["copy"] for row in rows}
    there = {(Path(root) / name).relative_to(out).as_posix() for root, _, names in os.walk(out) for name in names}
    return there <= listed | {TABLE}


def _write(root: Path, rows: Sequence[ManifestRow], ticket: Ticket) -> None:
    for part in PARTS:
        for label in {row.label for row in rows}:
            (root / part / label).mkdir(parents=True)
    taken: set[str] = set()
    table = []
    for done, row in enumerate(sorted(rows, key=lambda row: str(row.file)), 1):
        copy = _free_name(row, taken)
        shutil.copyfile(row.file, root / copy)
        table.append((copy, str(row.file), row.sha256, row.phash, row.label, row.group, row.part))
        ticket.report(done, len(rows), "copying")
    with (root / TABLE).open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(table)


def _free_name(row: ManifestRow, taken: set[str]) -> str:
    """Place of the copy below the split; case folders may hold equal names, and some disks do not tell A from a."""
    number = 0
    while True:
        suffix = "" if number == 0 else f"-{row.sha256[:8]}" if number == 1 else f"-{row.sha256[:8]}-{number}"
        name = f"{row.part}/{row.label}/{row.file.stem}{suffix}{row.file.suffix}"
        if name.lower() not in taken:
            taken.add(name.lower())
            return name
        number += 1


def _replace(out: Path, beside: Path) -> None:
    """Put the new split in the old one's place; the old one goes last."""
    old = beside.with_name(f"{beside.name}.old")
    if out.exists():
        out.rename(old)
    try:
        beside.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
