"""Split a folder of class folders into {train,val,test}/<class>/ with copies and split.csv (paper, section II, step 3)."""

import contextlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.dataset.cases import check_case, with_cases
from endodesk.dataset.csv_table import Asked, read_table, write_table
from endodesk.dataset.frame_copies import FreeNames, copy_frame, folded
from endodesk.dataset.leaks import label_conflicts
from endodesk.dataset.manifest import PARTS, ManifestRow, count, is_split_folder, scan_class_folder
from endodesk.dataset.overlooked import layout_notes
from endodesk.dataset.split import DEFAULT_NEAR, FURTHEST_NEAR, assign_parts, fingerprint, told_plain
from endodesk.domain.case_rules import CASE_FOLDER
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.imaging.hashing import sha256_file
from endodesk.system.atomic import folder_asked_for
from endodesk.system.plain_files import plain_bytes
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from endodesk.system.walk import files_below

TABLE, CONFLICTS, SEAL = "split.csv", "label_conflicts.csv", "split.json"
"""SEAL has the hashes of the two tables; the first of them has those of the copies."""
COLUMNS = ("copy", "file", "sha256", "phash", "label", "group", "part")


@dataclass(frozen=True, slots=True)
class FolderSplit:
    """What `split_folder` wrote, and how far it keeps to the split that lay there before."""

    counts: dict[str, dict[str, int]]
    """Frames by class and part."""
    groups: int
    fingerprint: str
    kept: int
    """Frames that have the part of the earlier split."""
    moved: int
    """Frames of the earlier split that had to follow their group into another part."""
    conflicts: int
    """Groups of near-identical frames with more than one label, listed in label_conflicts.csv."""
    unreadable: tuple[Unreadable, ...]
    notes: tuple[str, ...] = ()
    """What there is to know of the frames, a sentence each."""


def split_folder(
    folder: Path,
    out: Path,
    *,
    seed: int = 42,
    shares: tuple[float, float, float] = (70, 15, 15),
    near: int = DEFAULT_NEAR,
    case: str = CASE_FOLDER,
    joined: Iterable[tuple[str, str]] = (),
    fresh: bool = False,
    task: TaskContext | None = None,
) -> FolderSplit:
    """Copy the frames of `folder` (class = subfolder) into `out`, whole groups to one part; `folder` is only read.

    `case` as in `with_cases`, `joined` as in `assign_parts`. The result appears whole or not at all, and replaces an
    earlier split of ours, whose frames keep their parts unless it shall be `fresh`. BadRequest with a sentence if the
    folder cannot be split, or `out` holds anything that is not such a split or cannot be written; UnreadableImage if a
    frame vanishes meanwhile. Cancelled.
    """
    if len(shares) != 3 or min(shares) < 0 or not 0 < sum(shares) < math.inf:
        raise BadRequest("The shares must be three numbers, of train, val and test, such as 70,15,15.")
    if not 0 <= near <= FURTHEST_NEAR:
        raise BadRequest(f"Near duplicates may differ in 0 to {FURTHEST_NEAR} of the 64 bits of their hashes.")
    check_case(case)  # before all frames are read
    if is_split_folder(folder):  # else train, val and test would be taken for classes
        raise BadRequest(f"{folder} is a split already; name the folder it was made from, whose subfolders are the classes.")
    folder, out, task = folder.absolute(), out.absolute(), task or TaskContext()
    there = _as_it_lies(out)
    earlier = _earlier_parts(folder, out)
    scan = scan_class_folder(folder, task=task)
    rows = with_cases(scan.rows, case)
    rows = assign_parts(rows, seed=seed, shares=shares, near=near, joined=joined, existing={} if fresh else earlier)
    _check_parts(rows, shares)
    conflicts = label_conflicts(rows, near)
    with folder_asked_for(out, "The split", over=True) as beside:
        _write(beside, rows, conflicts, task)
        if _as_it_lies(out) != there:  # what is replaced is what was looked at
            raise BadRequest(f"Something was put into {out} while the frames were split; it was left as it is. Split them again.")
    kept = sum(earlier.get(row.sha256) == row.part for row in rows)
    moved = sum(earlier.get(row.sha256, row.part) != row.part for row in rows)
    groups, notes = len({row.group for row in rows}), (*layout_notes(folder), *told_plain(rows))
    return FolderSplit(count(rows), groups, fingerprint(rows), kept, moved, len(conflicts), scan.unreadable, notes)


def _check_parts(rows: Sequence[ManifestRow], shares: tuple[float, float, float]) -> None:
    filled = {row.part for row in rows}
    if empty := [part for part, share in zip(PARTS, shares, strict=True) if share > 0 and part not in filled]:
        groups = len({row.group for row in rows})
        raise BadRequest(
            f"The {len(rows)} frames are {groups} {'group' if groups == 1 else 'groups'} that must stay whole, so that none is left for "
            f"{' and '.join(empty)}: add frames of other cases, or choose fewer bits (--near) or other cases (--case)."
        )


def _earlier_parts(folder: Path, out: Path) -> dict[str, str]:
    """Part by sha256 of the split that lies in `out`, if there is one. BadRequest if nothing may be written there."""
    here, there = folder.resolve(), out.resolve()
    if there == here or here in there.parents:
        raise BadRequest(f"The split cannot be written into the folder that it is made from ({folder}); name another.")
    if there in here.parents:
        raise BadRequest(f"{out} holds the frames themselves; name another folder for the split.")
    if out.exists() and not out.is_dir():
        raise BadRequest(f"{out} is a file; name a folder for the split.")
    if not out.is_dir() or not any(out.iterdir()):
        return {}
    table = _table(out)
    if not _is_ours(out, table, (folder, here)):
        raise BadRequest(f"{out} holds files that are not a split of these frames; they were left as they are. Name a new folder.")
    if changed := _changed(out, table):
        raise BadRequest(f"{out / changed} was changed since the split was written; {out} was left as it is. Name a new folder.")
    return {row["sha256"]: row["part"] for row in table}


def _table(out: Path) -> list[dict[str, str]]:
    """The lines of a split.csv; none if it is not one of ours."""
    try:
        table = read_table(out / TABLE, Asked("table of a split", COLUMNS))
    except BadRequest:
        return []
    return [row.cells for row in table.rows if table.columns == COLUMNS and row.cells["part"] in PARTS]


def _is_ours(out: Path, table: Sequence[dict[str, str]], sources: tuple[Path, ...]) -> bool:
    """Whether every file in the folder is a copy listed in its table, and made from the same folder of frames."""
    if not all(any(Path(row["file"]).is_relative_to(source) for source in sources) for row in table):
        return False  # the frames of another folder: somebody may still work with them
    listed = {row["copy"] for row in table}
    try:
        there = {Path(entry.path).relative_to(out).as_posix() for entry in files_below(out)}
    except OSError:  # a folder in it may not be read: nobody knows whose that is
        return False
    return TABLE in there and there <= listed | {TABLE, CONFLICTS, SEAL}


# Why: docs/decisions/dataset.md 15
def _changed(out: Path, table: Sequence[dict[str, str]]) -> str:
    """The first file that is not what the split wrote there; empty if all are. (Older splits tell no hashes of their two tables.)"""
    hashes = {**{row["copy"]: row["sha256"] for row in table}, **_seal(out)}
    there = [name for name in hashes if (out / name).is_file()]
    found = in_threads(lambda name: sha256_file(out / name), there)
    return next((name for name, sha256 in zip(there, found, strict=True) if sha256 != hashes[name]), "")


def _seal(out: Path) -> dict[str, str]:
    if not (out / SEAL).exists():
        return {}
    try:
        data = plain_bytes(out / SEAL)
        told = json.loads(data)
        seal = {name: str(told[name]) for name in (TABLE, CONFLICTS)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {SEAL: ""}  # no file has this hash
    return seal if data == _sealed(seal) else {SEAL: ""}


def _sealed(seal: dict[str, str]) -> bytes:
    return json.dumps(seal, indent=1).encode() + b"\n"


def _as_it_lies(out: Path) -> dict[str, tuple[int, int]]:
    """Size and time of each file; what cannot be looked at is refused elsewhere."""
    with contextlib.suppress(OSError):
        return (
            {entry.path: ((told := entry.stat(follow_symlinks=False)).st_size, told.st_mtime_ns) for entry in files_below(out)}
            if out.is_dir()
            else {}
        )
    return {}


def _write(root: Path, rows: Sequence[ManifestRow], conflicts: Sequence[Sequence[ManifestRow]], task: TaskContext) -> None:
    for part in PARTS:
        for label in {row.label for row in rows}:
            (root / part / label).mkdir(parents=True)
    free = FreeNames(root)
    # before the threads begin: no name depends on which of them is first
    named = [(row, free.take(f"{row.part}/{row.label}", row.file, row.sha256)) for row in sorted(rows, key=_content_first)]
    for done, _ in enumerate(in_threads(lambda pair: copy_frame(pair[0].file, pair[0].sha256, root / pair[1], "split"), named), 1):
        task.report(done, len(rows), "copying")
    table = [(copy, str(row.file), row.sha256, row.phash, row.label, row.group, row.part) for row, copy in named]
    write_table(root / TABLE, COLUMNS, table)
    if conflicts:
        listed = [(n, row.label, str(row.file), row.sha256, row.phash, row.part) for n, group in enumerate(conflicts, 1) for row in group]
        write_table(root / CONFLICTS, ("conflict", "label", "file", "sha256", "phash", "part"), listed)
    seal = {name: sha256_file(root / name) if (root / name).exists() else "" for name in (TABLE, CONFLICTS)}
    (root / SEAL).write_bytes(_sealed(seal))


def _content_first(row: ManifestRow) -> tuple[str, str, str, str]:
    """An order that is the same on all systems, whatever stands between folders there."""
    return row.label, folded(row.file.name), row.sha256, row.file.as_posix()
