"""Folders of copies by class: plain ones, and as Kvasir and HyperKvasir lie."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from endodesk.dataset.csv_table import for_spreadsheets, write_table
from endodesk.dataset.exchange.holding import LABEL, Holds, held_acts
from endodesk.dataset.exchange.incoming import IncomingActs, label_act
from endodesk.dataset.frame_copies import FreeNames, copy_frame
from endodesk.domain.acts import Act, PortableFrame, PortableRecord
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import IMAGE_SUFFIXES
from endodesk.domain.shown_text import shortened
from endodesk.imaging.hashing import sha256_file
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from endodesk.system.walk import walk

FOLDERS_HOLD = Holds(frozenset({LABEL}), who=False, unfit=False)
FILES = "files.csv"
HYPER_TABLE = "image-labels.csv"
_LOWER, _UPPER = "lower-gi-tract", "upper-gi-tract"
_LANDMARK, _FINDING, _QUALITY, _THERAPY = (
    "anatomical-landmarks", "pathological-findings", "quality-of-mucosal-views", "therapeutic-interventions",
)  # fmt: skip
_HYPER = {
    "cecum": (_LOWER, _LANDMARK), "ileum": (_LOWER, _LANDMARK), "retroflex-rectum": (_LOWER, _LANDMARK),
    "hemorrhoids": (_LOWER, _FINDING), "polyps": (_LOWER, _FINDING), "ulcerative-colitis": (_LOWER, _FINDING),
    **{f"ulcerative-colitis-grade-{grade}": (_LOWER, _FINDING) for grade in ("0-1", "1", "1-2", "2", "2-3", "3")},
    "bbps-0-1": (_LOWER, _QUALITY), "bbps-2-3": (_LOWER, _QUALITY), "impacted-stool": (_LOWER, _QUALITY),
    "dyed-lifted-polyps": (_LOWER, _THERAPY), "dyed-resection-margins": (_LOWER, _THERAPY),
    "pylorus": (_UPPER, _LANDMARK), "retroflex-stomach": (_UPPER, _LANDMARK), "z-line": (_UPPER, _LANDMARK),
    "barretts": (_UPPER, _FINDING), "barretts-short-segment": (_UPPER, _FINDING),
    "esophagitis": (_UPPER, _FINDING), "esophagitis-a": (_UPPER, _FINDING), "esophagitis-b-d": (_UPPER, _FINDING),
}  # fmt: skip
"""Where HyperKvasir keeps each class; of those that it grades the plain one lies beside its grades."""
_OTHER = ("other", "other")
_HYPER_NAMES = {"normal-cecum": "cecum", "normal-pylorus": "pylorus", "normal-z-line": "z-line"}
"""What Kvasir's classes are called there."""


@dataclass(frozen=True, slots=True)
class _Copied:
    frame: PortableFrame
    label: str
    place: str
    """Relative to the folder, with /."""


def write_folders(record: PortableRecord, out: Path, task: TaskContext) -> None:
    """Class folders of copies, and files.csv: which copy is of which frame."""
    copies = _copy_all(record, out, task, lambda label: label, lambda frame: PurePath(frame.file))
    lines = [(for_spreadsheets(copy.place), copy.label, for_spreadsheets(copy.frame.file), copy.frame.sha256) for copy in copies]
    write_table(out / FILES, ("copy", "label", "file", "sha256"), lines)


def write_kvasir(record: PortableRecord, out: Path, task: TaskContext) -> None:
    """Class folders of copies that are named by their content, as Kvasir's are by random numbers."""
    _copy_all(record, out, task, lambda label: label, _by_content)


def write_hyper_kvasir(record: PortableRecord, out: Path, task: TaskContext) -> None:
    """Tract, category and class, and image-labels.csv, as in HyperKvasir's labelled images."""
    copies = _copy_all(record, out, task, lambda label: "/".join((*_hyper(label), _HYPER_NAMES.get(label, label))), _by_content)
    organs = {_LOWER: "Lower GI", _UPPER: "Upper GI"}
    lines = []
    for copy in copies:
        tract, category = _hyper(copy.label)
        lines.append((PurePath(copy.place).stem, organs.get(tract, tract), PurePath(copy.place).parent.name, category))
    write_table(out / HYPER_TABLE, ("Video file", "Organ", "Finding", "Classification"), lines)


def folders_left_out(record: PortableRecord) -> list[str]:
    """A sentence on labels that cannot be the name of a folder."""
    odd = [act for act in held_acts(record, FOLDERS_HOLD) if not _is_class(act.value)]
    return [f"Labels that cannot be the name of a folder, such as {odd[0].value!r:.60}: {len(odd):,}."] if odd else []


def _hyper(label: str) -> tuple[str, str]:
    return _HYPER.get(_HYPER_NAMES.get(label, label), _OTHER)


def _by_content(frame: PortableFrame) -> PurePath:
    return PurePath(str(uuid.UUID(frame.sha256[:32])) + PurePath(frame.file).suffix.lower())


def _copy_all(
    record: PortableRecord, out: Path, task: TaskContext, folder: Callable[[str], str], name: Callable[[PortableFrame], PurePath]
) -> Sequence[_Copied]:
    """Copies, not links: who edits the export would edit the reader's frames."""
    frames, free = record.by_content, FreeNames(out)
    acts = [act for act in held_acts(record, FOLDERS_HOLD) if _is_class(act.value)]
    # before the threads begin: no name depends on which of them is first
    copies = [_Copied(frames[act.sha256], act.value, "") for act in sorted(acts, key=lambda act: (frames[act.sha256].file, act.sha256))]
    copies = [_Copied(one.frame, one.label, free.take(folder(one.label), name(one.frame), one.frame.sha256)) for one in copies]
    for place in {PurePath(one.place).parent for one in copies}:
        (out / place).mkdir(parents=True, exist_ok=True)

    def copy(one: _Copied) -> None:
        copy_frame(Path(one.frame.place), one.frame.sha256, out / one.place, "exported")

    for done, _ in enumerate(in_threads(copy, copies), 1):
        task.report(done, len(copies), "copying")
    return copies


def _is_class(label: str) -> bool:
    try:
        ClassSet((label,))
    except BadRequest:
        return False
    return True


def read_folders(path: Path, classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """The class of each picture is the folder that it lies in; it is known again by its content. BadRequest if there are no pictures."""
    files = [Path(at.path) / name for at in walk(path) for name in at.names if PurePath(name).suffix.lower() in IMAGE_SUFFIXES]
    kept = [file for file in files if file.parent != path and not file.name.startswith(".")]
    if not kept:
        raise BadRequest(f"There are no class folders with pictures in {path}.")
    acts: list[Act] = []
    for done, (file, sha256) in enumerate(zip(kept, in_threads(_hashed, kept), strict=False), 1):
        task.report(done, len(kept), "reading")
        if sha256:
            acts.append(label_act(_own_name(file.parent.name, classes), PortableFrame(file.relative_to(path).as_posix(), sha256, "")))
    told = () if len(acts) == len(kept) else (f"{len(kept) - len(acts):,} files of {shortened(path)} cannot be read.",)
    return IncomingActs("class folders", tuple(acts), told)


def _hashed(file: Path) -> str:
    try:
        return sha256_file(file)
    except OSError:
        return ""


def _own_name(folder: str, classes: tuple[str, ...]) -> str:
    """HyperKvasir's cecum is Kvasir's normal-cecum, if that is how the project calls it."""
    if folder in classes:
        return folder
    return next((name for name, theirs in _HYPER_NAMES.items() if theirs == folder and name in classes), folder)
