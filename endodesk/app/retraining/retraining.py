"""From a project's labels to a run folder: a frozen snapshot that anyone can rerun."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from endodesk.app.frames.current_reviews import Reviews
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.project.grouping import grouping_of
from endodesk.app.project.project import Project
from endodesk.dataset.manifest import ClassFile, ManifestRow, read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import NO_MARKS, AnnotationKind, Marks
from endodesk.inference.feature_file import FEATURES
from endodesk.system.task import TaskContext
from training.plan.checkpoint import can_be_resumed
from training.plan.config import Config, load_config
from training.plan.run_folder import BUNDLE, CONFIG, MANIFEST, REPORT, prepare_run


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many frames have a label, and how many of these a reader gave it."""

    label: str
    frames: int
    corrected: int


def labelled_files(frames: FrameList, reviews: Reviews, classes: Iterable[str]) -> list[tuple[ClassFile, bool]]:
    """Every readable frame with its label, and whether a reader gave it; without those that readers set aside."""
    known = frozenset(classes)
    found = []
    for entry in frames:
        label = None if entry.unreadable or set_aside(reviews, entry.sha256) else reviews.label_of(entry, known)
        if label and label.name in known:
            found.append((ClassFile(entry.path, label.name, entry.case), label.correction is not None))
    return found


def set_aside(reviews: Reviews, image: Sha256 | None) -> AnnotationKind | None:
    """Why a frame is not trained or tested on, whatever its label; None if it may be."""
    return _aside(reviews.marks_of(image), labelled=reviews.is_labelled(image))


def _aside(marks: Marks, *, labelled: bool) -> AnnotationKind | None:
    if marks.unfit:
        return AnnotationKind.EXCLUDED if marks.excluded else AnnotationKind.POOR_QUALITY
    return AnnotationKind.NOT_SURE if marks.not_sure and not labelled else None  # a folder's name is no word against a reader's doubt


def left_out(frames: FrameList, reviews: Reviews) -> Counter[AnnotationKind]:
    """How many readable frames are set aside, by why."""
    why = (set_aside(reviews, entry.sha256) for entry in frames if not entry.unreadable)
    return Counter(reason for reason in why if reason)


def count_labels(files: Sequence[tuple[ClassFile, bool]], classes: Sequence[str]) -> list[LabelCount]:
    """In class order."""
    all_frames = Counter(file.label for file, _ in files)
    corrected = Counter(file.label for file, by_reader in files if by_reader)
    return [LabelCount(name, all_frames[name], corrected[name]) for name in classes]


# Why: docs/decisions/dataset.md 1
def earlier_parts(project: Project) -> dict[str, str]:
    """Part of every frame of the runs that made a model: a frame once in test stays in test, else models cannot be compared.

    BadRequest if the list of frames of such a run is damaged: its test frames must not slip into training unseen.
    """
    parts: dict[str, str] = {}
    made_models = {stored.bundle.run for stored in project.database.models.all()}  # also where a run's own copy was cleared away
    for run in sorted(project.runs_folder.glob("*/")):
        if run.name in made_models or (run / BUNDLE).is_dir():  # one that was cancelled has measured nothing, and binds nothing
            parts |= {row.sha256: row.part for row in read_manifest(run / MANIFEST) if row.part}
    return parts


def trained_here(project: Project, bundle: ModelBundle) -> bool:
    """Whether the run that made a model is one of the project's, so that its parts bind later runs."""
    is_name = bundle.run not in ("", ".", "..") and Path(bundle.run).name == bundle.run  # a model from elsewhere may name any place
    return is_name and (project.runs_folder / bundle.run / MANIFEST).is_file()


# Why: docs/decisions/training.md 26
def learnt_here(project: Project, bundle: ModelBundle) -> bool:
    """Whether all that a model has learnt from is in the project's runs: of a quick update, also what it goes on from.

    No, if the run's configuration cannot be read any more.
    """
    if not trained_here(project, bundle):
        return False
    try:
        if not load_config(project.runs_folder / bundle.run / CONFIG).quick:
            return True
    except BadRequest:
        return False
    parents = [stored.bundle for stored in project.database.models.all() if stored.bundle.id == bundle.parent]
    return bool(parents) and learnt_here(project, parents[0])


def report_of(project: Project, bundle: ModelBundle) -> Path | None:
    """Where the report of a model's run is, if the run is one of the project's and has one."""
    report = project.runs_folder / bundle.run / REPORT
    return report if trained_here(project, bundle) and report.is_file() else None


# Why: docs/decisions/training.md 8
def interrupted_run(project: Project) -> Path | None:
    """The project's last run, if it was killed or cancelled and can be gone on with.

    Only the last: a later run that made a model binds parts, and an older one may hold its test frames in training.
    """
    runs = sorted(project.runs_folder.glob("*/"))
    last = runs[-1] if runs else None
    return last if last and can_be_resumed(last) and not (last / BUNDLE).is_dir() else None


def make_run(
    project: Project, files: Sequence[ClassFile], preset: str, classes: Sequence[str], task: TaskContext
) -> tuple[Path, list[str]]:
    """Write a new run folder; its path, and what the reader should know of it. BadRequest if these frames cannot be trained on.

    Whatever the set-up, groups are made as the project says: parts bind later runs, so groups must mean the same in all of them.
    """
    scan = hash_files(files, project.database, task)
    rows, warnings = reader_labels(project, scan.rows), [unreadable.reason for unreadable in scan.unreadable]
    run, joined = _new_folder(project.runs_folder), project.database.merges.standing()
    drawn = project.database.overrides.by_frame()
    plan = prepare_run(run, rows, _config(project, preset, classes), existing_parts=earlier_parts(project), joined=joined, overrides=drawn)
    return run, [*warnings, *plan.warnings]


def reader_labels(project: Project, rows: Iterable[ManifestRow]) -> list[ManifestRow]:
    """By content, now that it is known: the window may have gone by a class folder while it was still reading the files.

    Frames that readers set aside are left out.
    """
    said, marks = project.database.corrections.current(), project.database.corrections.marks()
    kept = (row for row in rows if not _aside(marks.get(Sha256(row.sha256), NO_MARKS), labelled=row.sha256 in said))
    return [replace(row, label=said[row.sha256].correction.value) if row.sha256 in said else row for row in kept]


def _new_folder(runs: Path) -> Path:
    name = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    names = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(runs / name for name in names if not (runs / name).exists())


def _config(project: Project, preset: str, classes: Sequence[str]) -> Config:
    config, grouping = load_config(preset), grouping_of(project)
    active = project.active_model
    model = str(active.folder) if active else ""
    paths = replace(config.paths, cache=str(project.cache_folder / "preprocessed"), active=model)
    if config.quick:
        paths = replace(paths, base=paths.base or model, features=str(project.cache_folder / FEATURES))
    split = replace(config.split, near=grouping.near, case=grouping.case)
    return replace(config, classes=tuple(classes), synthetic=project.synthetic, split=split, paths=paths)
