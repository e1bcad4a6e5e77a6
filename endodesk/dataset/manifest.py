"""Manifest: the frames of a run as rows, from a folder of class folders or from a CSV file and back."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from endodesk.dataset.class_folders import class_folders
from endodesk.dataset.csv_table import Asked, read_table, write_table
from endodesk.domain.centre_rules import ABOVE_CLASS, BELOW_CLASS, NO_CENTRE, folders_in_centre
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Sha256, Unreadable, is_image_name
from endodesk.imaging.hashing import joining_hash, sha256_bytes
from endodesk.imaging.reading.dicom.dicom_kind import unnamed_dicom
from endodesk.imaging.reading.read import decode_image, read_bytes
from endodesk.system.atomic import whole_file
from endodesk.system.os_errors import reason_of
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from endodesk.system.walk import folders_in, walk

PARTS = ("train", "val", "test")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHOWN = 6  # a black frame may lie in every case
_PHASH = re.compile(r"([0-9a-f]{16})?")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One frame of a run or split: where it lies, what it is known by, and its label, case, group and part."""

    file: Path
    """Absolute path, as it was when the manifest was made."""
    sha256: Sha256
    phash: str
    """16 hexadecimal digits; empty if it is not known, or the frame shows no structure (then it is like no other)."""
    label: str
    case: str = ""
    """Name of the examination (of rows as they are listed, all folders below the class folder); empty if it is not known."""
    group: str = ""
    """Equal for frames that must stand on one side of the split."""
    part: str = ""
    """train, val, test, or empty before the split."""
    centre: str = ""
    """Name of the hospital or device that the frame comes from; empty for the one that has no name (`endodesk.dataset.centres`)."""


COLUMNS = tuple(field.name for field in fields(ManifestRow))
_WITHOUT_CENTRE = COLUMNS[:-1]


@dataclass(frozen=True, slots=True)
class ClassFile:
    """An image file in a class folder, not opened yet."""

    path: Path
    label: str
    case: str
    centre: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder of class folders holds."""

    rows: tuple[ManifestRow, ...]
    """Readable frames by path, the same bytes as often as they lie there."""
    unreadable: tuple[Unreadable, ...]
    """Files and folders that could not be read, each with its reason."""


def scan_class_folder(
    folder: Path, classes: Sequence[str] | None = None, task: TaskContext | None = None, *, centre: str = NO_CENTRE
) -> Scan:
    """Read, name and hash all frames of a folder whose subfolders are classes.

    `classes` limits it to these subfolders, and can make one class of several (`endodesk.dataset.class_folders`); `centre` as in
    `class_files`. Unreadable files are told in the result, never fatal.
    BadRequest with a sentence: no such folder or subfolder, no images, one class only. Cancelled by the task.
    """
    files, closed = class_files(folder, classes, centre)
    scan = read_files(files, task)
    rows, unreadable = scan.rows, (*closed, *scan.unreadable)
    found = sorted({row.label for row in rows})
    if not rows:
        raise BadRequest(f"No image in {folder} can be read; the first of {len(unreadable)}: {unreadable[0].reason}")
    if len(found) < 2:
        raise BadRequest(f"{folder} has frames of one class only ({found[0]}); at least two are needed to tell them apart.")
    return Scan(rows, unreadable)


def is_split_folder(folder: Path) -> bool:
    """Whether its subfolders are parts: a train and a test, and perhaps a val. BadRequest if others lie beside these."""
    try:
        names = set(folders_in(folder))
    except OSError:
        return False
    if not {"train", "test"} <= names:
        return False
    if others := sorted(names - set(PARTS)):
        raise BadRequest(f"{folder} has train and test, but {others[0]} too: the parts must be called train, val and test, and be alone.")
    return True


def scan_split_folder(
    folder: Path, classes: Sequence[str] | None = None, task: TaskContext | None = None, *, centre: str = NO_CENTRE
) -> Scan:
    """Read, name and hash all frames of a folder {train,val,test}/<class>, each with its part. Otherwise as `scan_class_folder`."""
    files: list[ClassFile] = []
    parts: dict[Path, str] = {}
    unreadable: list[Unreadable] = []
    for part in PARTS:
        if (folder / part).is_dir():
            found, closed = class_files(folder / part, classes, centre)
            files += found
            unreadable += closed
            parts |= {file.path: part for file in found}
    scan = read_files(files, task)
    if not scan.rows:
        first = (*unreadable, *scan.unreadable)[0]
        raise BadRequest(f"No image in {folder} can be read; the first of {len(files)}: {first.reason}")
    return Scan(tuple(replace(row, part=parts[row.file]) for row in scan.rows), (*unreadable, *scan.unreadable))


def read_files(files: Sequence[ClassFile], task: TaskContext | None = None) -> Scan:
    """Read, name and hash labelled files, in their order. Unreadable files are told in the result, never fatal. Cancelled by the task."""
    rows: list[ManifestRow] = []
    unreadable: list[Unreadable] = []
    task = task or TaskContext()
    for done, row in enumerate(in_threads(_read, files), 1):
        task.report(done, len(files), "reading")
        if isinstance(row, Unreadable):
            unreadable.append(row)
        else:
            rows.append(row)
    return Scan(tuple(rows), tuple(unreadable))


def class_files(folder: Path, classes: Sequence[str] | None = None, centre: str = NO_CENTRE) -> tuple[list[ClassFile], list[Unreadable]]:
    """Image files below the class folders, sorted, and folders that could not be listed. BadRequest as `scan_class_folder`.

    The class is the subfolder of `folder`; the case is made of the folders below that one (`endodesk.dataset.cases`). Where a level of
    folders is the `centre` (`endodesk.domain.centre_rules`), the class is a subfolder of that one, or else the case is made of those
    below it.
    """
    folder = folder.absolute()
    if centre != ABOVE_CLASS:
        owners = _class_of(folder, classes, _subfolders(folder))
        files, closed = _class_files(folder, owners, below=centre == BELOW_CLASS)
        if not files:
            raise BadRequest(f"There are no images in the class folders of {folder} ({', '.join(owners)}).")
        return files, closed
    there = {name: _subfolders(folder / name) for name in _subfolders(folder)}
    owners = _class_of(folder, classes, sorted({name for own in there.values() for name in own}))
    files, closed = [], []
    for name, own in there.items():
        if chosen := {sub: owners[sub] for sub in own if sub in owners}:
            found, shut = _class_files(folder / name, chosen, below=False)
            files += [replace(file, case=folders_in_centre(name, file.case), centre=name) for file in found]
            closed += shut
    if not files:
        raise BadRequest(f"There are no images in class folders below the folders of {folder} ({', '.join(there)}).")
    return files, closed


def _class_files(folder: Path, owners: dict[str, str], *, below: bool) -> tuple[list[ClassFile], list[Unreadable]]:
    unreadable: list[Unreadable] = []
    files: list[ClassFile] = []
    for at in walk(folder, only=owners):
        if at.error:
            unreadable.append(Unreadable(Path(at.path), f"The folder cannot be opened: {reason_of(at.error)}."))
        name, *deeper = Path(at.path).relative_to(folder).parts or ("",)
        if name:  # pictures beside the class folders have no class
            named = {file for file in at.names if is_image_name(Path(file))}
            found = sorted(named.union(unnamed_dicom(at.path, (file for file in at.names if file not in named))))
            centre, case = ("".join(deeper[:1]), deeper[1:]) if below else ("", deeper)
            told = folders_in_centre(centre, "/".join(case))
            files += [ClassFile(Path(at.path, file), owners[name], told, centre) for file in found]
    return files, unreadable


def unique_frames(rows: Iterable[ManifestRow]) -> tuple[list[ManifestRow], list[str]]:
    """Each content once a part, sorted by hash; contents with contradicting labels are left out and told, a sentence each."""
    by_content: dict[str, list[ManifestRow]] = defaultdict(list)
    for row in rows:
        by_content[row.sha256].append(row)
    kept, contradictions = [], []
    for sha256 in sorted(by_content):
        same = sorted(by_content[sha256], key=lambda row: str(row.file))
        labels = sorted({row.label for row in same})
        if len(labels) > 1:
            names = ", ".join(row.file.name for row in same[:_SHOWN]) + (f" and {len(same) - _SHOWN:,} more" if len(same) > _SHOWN else "")
            contradictions.append(f"The same picture is labelled {' and '.join(labels)} and was left out: {names}.")
        else:
            first = {row.part: row for row in reversed(same)}  # of several files the first by its path
            kept += [first[part] for part in sorted(first)]
    return kept, contradictions


def count(rows: Iterable[ManifestRow]) -> dict[str, dict[str, int]]:
    """Frames by label (sorted) and part (train, val, test)."""
    counter = Counter((row.label, row.part) for row in rows)
    return {label: {part: counter[label, part] for part in PARTS} for label in sorted({label for label, _ in counter})}


# Why: docs/decisions/dataset.md 19
def write_manifest(path: Path, rows: Sequence[ManifestRow]) -> None:
    """As CSV with a header, with the column `centre` where a frame has one; whole or not at all. OSError if it cannot be written."""
    columns = COLUMNS if any(row.centre for row in rows) else _WITHOUT_CENTRE
    with whole_file(path) as beside:
        write_table(beside, columns, (astuple(row)[: len(columns)] for row in rows))


def read_manifest(path: Path) -> list[ManifestRow]:
    """Back from `write_manifest`. BadRequest with a sentence that names the line if it is not one."""
    table = read_table(path, Asked("manifest", _WITHOUT_CENTRE, optional=("centre",)))
    if table.columns not in (COLUMNS, _WITHOUT_CENTRE):
        raise BadRequest(f"{path.name} is not a manifest: its columns must be {','.join(_WITHOUT_CENTRE)}, and perhaps centre.")
    rows = [_row(row.cells, f"{path.name}, line {row.line}") for row in table.rows]
    if not rows:
        raise BadRequest(f"{path.name} lists no frames.")
    return rows


def _row(values: dict[str, str], where: str) -> ManifestRow:
    if not _SHA256.fullmatch(values["sha256"]) or not _PHASH.fullmatch(values["phash"]):
        raise BadRequest(f"{where}: {values['file'] or 'a frame'} has no proper hash.")
    if values["part"] not in (*PARTS, ""):
        raise BadRequest(f"{where}: the part must be train, val or test, not {values['part']!r}.")
    try:
        ClassSet((values["label"],))  # a label becomes the name of a folder
    except BadRequest as error:
        raise BadRequest(f"{where}: {error}") from error
    return ManifestRow(**{**values, "file": Path(values["file"]), "sha256": Sha256(values["sha256"])})  # type: ignore[arg-type]


def _subfolders(folder: Path) -> list[str]:
    try:
        return folders_in(folder)
    except OSError as error:
        raise BadRequest(f"{folder} cannot be opened as a folder: {reason_of(error)}.") from error


def _class_of(folder: Path, classes: Sequence[str] | None, there: Sequence[str]) -> dict[str, str]:
    """The class of each subfolder that is wanted, sorted by subfolder. BadRequest if one is missing, or there is none."""
    if not there:
        raise BadRequest(f"{folder} has no subfolders; put the frames of each class into a subfolder named after it.")
    owners = {name: owner for owner, names in class_folders(classes or there).items() for name in names}
    if missing := sorted(set(owners) - set(there)):
        raise BadRequest(f"There is no class folder {missing[0]} in {folder}; there are {', '.join(there)}.")
    return dict(sorted(owners.items()))


def _read(file: ClassFile) -> ManifestRow | Unreadable:
    try:
        data = read_bytes(file.path)
        return ManifestRow(
            file.path, sha256_bytes(data), joining_hash(decode_image(data, file.path.name)), file.label, file.case, centre=file.centre
        )
    except UnreadableImage as error:
        return Unreadable(file.path, str(error))
