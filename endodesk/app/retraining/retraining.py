"""From a project's labels to a run folder: a frozen snapshot that anyone can rerun."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.folder_layout import layout_told
from endodesk.app.frames.frame_list import FrameRows, class_depth
from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.language import tr
from endodesk.app.project.grouping import centre_words, grouping_of
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import CANDIDATE, earlier_parts, note_run, refuse_second
from endodesk.app.project.starter import starter_bundle, starter_folder
from endodesk.app.project.stored_pictures import PREPARED
from endodesk.app.retraining.proof.model_proof import ANCHOR
from endodesk.app.workspace import Workspace
from endodesk.data.acts.standing_words import StandingWords
from endodesk.dataset.centres import with_centres
from endodesk.dataset.manifest import ClassFile, ManifestRow
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind, Marks
from endodesk.inference.feature_file import FEATURES
from endodesk.system.task import TaskContext
from training.plan.config import Config, load_config
from training.plan.run_folder import prepare_run


@dataclass(frozen=True, slots=True, eq=False)
class LabelSnapshot:
    """The labels as they were at one moment: what a training begins with. Taken on the main thread, read in a job."""

    frames: FrameRows
    reviews: ReviewTable
    classes: LabelSet
    """The classes of the project, of which a training may leave some out."""

    @classmethod
    def take(cls, workspace: Workspace) -> Self:
        """A snapshot of what is open now; some milliseconds for 100,000 frames."""
        return cls(workspace.frames.snapshot(), workspace.reviews.snapshot(), workspace.label_set)

    def files(self, classes: Iterable[str]) -> list[ClassFile]:
        """Files to learn from, of these classes, by the rules of `labelled_files`. For a job: 100,000 frames take most of a second."""
        return [file for file, _ in labelled_files(self.frames, self.reviews, classes, self.classes)]

    def left_out(self) -> dict[str, int]:
        """As `labels_of_no_class`. For a job."""
        return labels_of_no_class(self.frames, self.reviews, self.classes)

    def notes(self) -> list[str]:
        """A sentence on each thing in the folder that is easily overlooked."""
        n = len(self.reviews.disputed(self.classes.class_of))
        one = tr("1 frame is left out: its readers disagree. The order Readers disagree shows it, for somebody to decide.")
        many = tr("{n:,} frames are left out: their readers disagree. The order Readers disagree shows them, for somebody to decide.")
        return [*layout_told(self.frames, self.classes), *([(one if n == 1 else many).format(n=n)] if n else [])]


def labelled_files(
    frames: FrameRows, reviews: ReviewTable, classes: Iterable[str], of_project: LabelSet | None = None
) -> list[tuple[ClassFile, bool]]:
    """Every readable frame of some classes with its label, and whether a reader gave it; without those that readers set aside.

    `of_project` are all classes of the project, if they are more or have other names: their folders are no cases.
    """
    known = frozenset(classes)
    label_set = of_project or LabelSet.of(known)
    below = class_depth(frames.folders, label_set)
    found = []
    for entry in frames:
        label = None if entry.unreadable or set_aside(reviews, entry.sha256) else reviews.label_of(entry, label_set)
        if label and label.name in known:  # a label of a class that was taken out since stays on record
            file = ClassFile(entry.path, label.name, entry.folder.case_below(below), entry.folder.centre_below(below))
            found.append((file, label.correction is not None))
    return found


def labels_of_no_class(frames: FrameRows, reviews: ReviewTable, label_set: LabelSet) -> dict[str, int]:
    """Words that readers gave and that mean no class, with the number of frames that a training lacks for them."""
    labels = (reviews.label_of(entry, label_set) for entry in frames if not entry.unreadable and not set_aside(reviews, entry.sha256))
    return dict(Counter(label.name for label in labels if label and label.name and label.name not in label_set))


def set_aside(reviews: ReviewTable, image: Sha256 | None) -> AnnotationKind | None:
    """Why a frame is not trained or tested on, whatever its label; None if it may be."""
    return _aside(reviews.marks_of(image), labelled=reviews.is_labelled(image))


def _aside(marks: Marks, *, labelled: bool) -> AnnotationKind | None:
    if marks.unfit:
        return AnnotationKind.EXCLUDED if marks.excluded else AnnotationKind.POOR_QUALITY
    return AnnotationKind.NOT_SURE if marks.not_sure and not labelled else None  # a folder's name is no word against a reader's doubt


def make_run(
    project: Project,
    files: Sequence[ClassFile],
    preset: str,
    classes: Sequence[str],
    task: TaskContext,
    *,
    left_out: Mapping[str, int] = MappingProxyType({}),
    candidate: bool = False,
) -> tuple[Path, list[str]]:
    """Write a new run folder; its path, and what the reader should know of it. BadRequest if these frames cannot be trained on,
    or another training of the project is under way.

    It tells which labels of no class were `left_out`, and of how many frames. That of a `candidate` is none to go on with later.
    Whatever the set-up, groups are made as the project says: parts bind later runs, so groups must mean the same in all of them.
    """
    refuse_second(project)
    scan = hash_files(files, project.database, task)
    anchor, words = project.database.chain.anchored_words()
    rows, warnings = reader_labels(project, scan.rows, words), [unreadable.reason for unreadable in scan.unreadable]
    run, joined = _new_folder(project.runs_folder, CANDIDATE if candidate else ""), project.database.merges.standing()
    rows = with_centres(rows, project.centre_rule)
    drawn = project.database.overrides.by_frame()  # rules of sizes worked in: a run folder stands for itself
    earlier = earlier_parts(project)
    config = replace(_config(project, preset, classes, left_out), pictures=not candidate)  # of a candidate seldom anybody sees the report
    plan = prepare_run(run, rows, config, existing_parts=earlier, joined=joined, overrides=drawn)
    anchor.write(run / ANCHOR)
    if not candidate:
        note_run(project, run)
    return run, [*warnings, *_moved_told(plan.rows, earlier), *plan.warnings]


def _moved_told(rows: Iterable[ManifestRow], earlier: Mapping[str, str]) -> list[str]:
    """A sentence on frames whose group changed since an earlier run, as it does where a case is told in another way."""
    n = sum(earlier.get(row.sha256, row.part) != row.part for row in rows)
    one = tr("1 frame of an earlier training followed its group into another part: an older model may know it.")
    many = tr("{n:,} frames of earlier trainings followed their group into another part: an older model may know them.")
    return [(one if n == 1 else many).format(n=n)] if n else []


def reader_labels(project: Project, rows: Iterable[ManifestRow], words: StandingWords | None = None) -> list[ManifestRow]:
    """The rows with labels, and centres that readers named, by content, now that it is known: the window may have gone by a class
    folder while it was still reading.

    Frames that readers set aside are left out, and those on which they disagree; by `words`, or by what stands now.
    """
    centres = centre_words(project)
    reviews, class_of = ReviewTable(project.database.corrections.words() if words is None else words), project.label_set.class_of
    kept = []
    for row in rows:
        if row.sha256 in centres:
            row = replace(row, centre=centres[row.sha256])
        decided = reviews.words_of(Sha256(row.sha256)).decided(class_of)
        if set_aside(reviews, Sha256(row.sha256)) or (decided and decided.word is None):
            continue
        kept.append(replace(row, label=class_of(decided.word.correction.value)) if decided and decided.word else row)
    return kept


def _new_folder(runs: Path, kind: str) -> Path:
    name = kind + datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")  # no colons: Windows; by name as by time
    names = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(runs / name for name in names if not (runs / name).exists())


def _config(project: Project, preset: str, classes: Sequence[str], left_out: Mapping[str, int]) -> Config:
    config, grouping = load_config(preset), grouping_of(project)
    aliases = tuple(f"{one.name}={word}" for one in project.label_set.classes for word in one.aliases)
    active = project.active_model
    model = str(active.folder) if active else ""
    starter = starter_bundle()
    beside = str(starter_folder()) if starter and not (active and starter.id == active.bundle.id) else ""
    # the project's: runs share what is preprocessed, where anything may be kept; else a run has its own, and removes it at its end
    kept = project.cache_folder if project.keeps_pictures else None
    paths = replace(config.paths, cache=str(kept / PREPARED) if kept else "", active=model, starter=beside)
    if config.quick:
        paths = replace(paths, base=paths.base or model, features=str(kept / FEATURES) if kept else "")
    # Why: docs/decisions/app.md 3
    split = replace(config.split, near=grouping.near, case=grouping.case)
    told = tuple(f"{word}={frames}" for word, frames in left_out.items())
    return replace(config, classes=tuple(classes), aliases=aliases, left_out=told, synthetic=project.synthetic, split=split, paths=paths)
