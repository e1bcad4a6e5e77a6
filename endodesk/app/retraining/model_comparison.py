"""Two models held against each other on labelled frames: of a training's test part, of the whole project, or of any folder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.language import tr
from endodesk.app.project.grouping import grouping_of
from endodesk.app.project.own_projects import is_on_network
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import frames_learnt_here, learnt_here, trained_here
from endodesk.app.retraining.retraining import labelled_files, reader_labels
from endodesk.dataset.cases import with_cases
from endodesk.dataset.centres import with_centres
from endodesk.dataset.manifest import ManifestRow, class_files, read_files, read_manifest, unique_frames
from endodesk.dataset.overrides_file import OVERRIDES, read_overrides
from endodesk.dataset.split import group_names, joined_by_copies
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.case_rules import CASE_FOLDER
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import ImageRecord, Unreadable
from endodesk.domain.overrides import Overrides
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.evaluation.paired_comparison import PairedComparison, compare
from training.evaluation.predictions import LabelledFrame, Predictions, answer_frames
from training.evaluation.source_hidden import source_hidden
from training.plan.run_folder import MANIFEST


@dataclass(frozen=True, slots=True)
class AskedFrames:
    """Labelled frames that two models are to answer."""

    rows: tuple[ManifestRow, ...]
    """With the classes of today as labels, and the groups that they are resampled by."""
    told: str
    """Which frames these are."""
    overrides: Overrides
    """What was drawn by hand of them."""
    notes: tuple[str, ...] = ()
    """What there is to know of them, a sentence each."""


@dataclass(frozen=True, slots=True)
class ComparedModels:
    """What came of asking two models about the same frames."""

    new: ModelBundle
    old: ModelBundle
    comparison: PairedComparison
    frames: str
    """Which frames."""
    notes: tuple[str, ...]
    """What did not count, and what makes figures too good, a sentence each."""
    hidden: PairedComparison | None = None
    """The same with the source of the frames hidden, where that was asked."""


# --- frames -----------------------------------------------------------------------------------------------------------


# Why: docs/decisions/app.md 47
def frames_held_out(project: Project, new: ModelBundle, old: ModelBundle) -> AskedFrames:
    """The test part of the project's newest training that made one of two models, without frames that one is known to have learnt from.

    BadRequest if neither was trained here, or no frame is left.
    """
    made_here = [bundle for bundle in (new, old) if trained_here(project, bundle)]
    if not made_here:
        raise BadRequest(
            tr("Neither model was trained in this project, so it has no test frames for them. Compare them on all labelled frames instead.")
        )
    run = project.runs_folder / max(made_here, key=lambda bundle: bundle.created).run
    rows = [row for row in read_manifest(run / MANIFEST) if row.part == "test"]
    learnt = frames_learnt_here(project, new) | frames_learnt_here(project, old)
    held_out = [row for row in rows if row.sha256 not in learnt]
    found = as_they_lie_now(project, held_out)
    if not found:
        raise BadRequest(tr("No test frame of the training {run} can be asked about any more.").format(run=run.name))
    class_of = project.label_set.class_of
    known = (tr("Test frames left out, since one of the models has learnt from them: {n:,}."), len(rows) - len(held_out))
    gone = (tr("Test frames that do not count, since they are not where they were: {n:,}."), len(held_out) - len(found))
    return AskedFrames(
        tuple(replace(row, label=class_of(row.label), group=row.group or row.sha256) for row in found),
        tr("The test frames of the training {run}, with the labels that they had then.").format(run=run.name),
        read_overrides(run / OVERRIDES),
        tuple(told.format(n=n) for told, n in (known, gone) if n),
    )


def frames_labelled(project: Project, frames: FrameRows, reviews: ReviewTable, task: TaskContext) -> AskedFrames:
    """All frames of a project that a training could learn from, as they are labelled now. For a job. BadRequest if there is none."""
    label_set, grouping = project.label_set, grouping_of(project)
    files = [file for file, _ in labelled_files(frames, reviews, label_set.names, label_set)]
    scan = hash_files(files, project.database, task)
    labelled = with_cases(with_centres(reader_labels(project, scan.rows), grouping.centre), grouping.case)
    unique, notes = unique_frames(labelled)
    if not unique:
        raise BadRequest(tr("There are no labelled frames yet: label some, or put them into folders named by class."))
    joined = (*project.database.merges.standing(), *joined_by_copies(labelled, unique))
    groups = group_names(unique, grouping.near, joined)
    return AskedFrames(
        tuple(replace(row, group=group) for row, group in zip(unique, groups, strict=True)),
        tr("All labelled frames of the project, with the labels of now."),
        project.database.overrides.holding(),
        (*notes, *_unreadable_told(scan.unreadable)),
    )


def frames_in_folder(project: Project, folder: Path, task: TaskContext) -> AskedFrames:
    """Frames in the class folders of a folder, such as of another hospital. For a job. BadRequest if there are none."""
    files, closed = class_files(folder)
    class_of, grouping = project.label_set.class_of, grouping_of(project)
    scan = read_files([replace(file, label=class_of(file.label)) for file in files], task)
    try:
        rows, notes = with_cases(scan.rows, grouping.case), []
    except BadRequest:  # the pattern of this project fits no path of theirs
        rows = with_cases(scan.rows, CASE_FOLDER)
        notes = [tr("The project's pattern for cases fits no file of {folder}: its folders are the cases.").format(folder=folder.name)]
    groups = group_names(rows, grouping.near)
    return AskedFrames(
        tuple(replace(row, group=group) for row, group in zip(rows, groups, strict=True)),
        tr("The frames in the class folders of {folder}.").format(folder=folder.absolute()),
        Overrides(project.database.overrides.by_frame()),  # without those of a size, which stands for a device of this project
        (*notes, *_unreadable_told((*closed, *scan.unreadable))),
    )


def as_they_lie_now(project: Project, rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """Those that are there with the content that they had, also where their folder was renamed since: the project knows them by that."""

    def is_there(file: Path, sha256: str) -> bool:
        try:
            return (project.is_own or not is_on_network(file)) and file.is_file() and sha256_file(file) == sha256
        except OSError:
            return False

    found = {row.sha256: row for row in rows if is_there(row.file, row.sha256)}
    if lost := {row.sha256: row for row in rows if row.sha256 not in found}:
        for path, kept in project.database.images.known().items():
            if isinstance(kept.found, ImageRecord) and kept.found.sha256 in lost and is_there(path, kept.found.sha256):
                found[kept.found.sha256] = replace(lost[kept.found.sha256], file=path)
    return [found[row.sha256] for row in rows if row.sha256 in found]


# --- asking -----------------------------------------------------------------------------------------------------------


def compare_models(
    project: Project, new: Predictor, old: Predictor, asked: AskedFrames, task: TaskContext, *, hides_source: bool = False
) -> ComparedModels:
    """Both models' answers to the frames whose class, as the project calls it, both know. For a job.

    With `hides_source` also to what is left of these without what tells where they come from.
    BadRequest if they have too little in common, or one sees frames in several ways, of which none can be hidden; Cancelled.
    """
    class_of, bundles = project.label_set.class_of, (new.bundle, old.bundle)
    known_to_new, known_to_old = (tuple(dict.fromkeys(map(class_of, bundle.classes))) for bundle in bundles)
    shared = set(known_to_new) & set(known_to_old)
    frames = [LabelledFrame(row.file, row.label, row.group) for row in asked.rows if row.label in shared]
    if len(shared) < 2 or not frames:
        told = tr("The new model knows {new}, the other one {old}. Two classes at least must be the same, and have frames.")
        raise BadRequest(told.format(new=", ".join(known_to_new), old=", ".join(known_to_old)))
    hidings = (None, source_hidden) if hides_source else (None,)
    n, total = len(frames), 2 * len(frames) * len(hidings)
    asking = [(predictor, hide) for hide in hidings for predictor in (new, old)]
    answers = [
        answer_frames(predictor, frames, task.part(place * n, total), asked.overrides, class_of, hide)
        for place, (predictor, hide) in enumerate(asking)
    ]
    left_out = Counter(row.label for row in asked.rows if row.label not in shared)
    comparison = replace(compare(*answers[:2]), left_out=dict(left_out))
    notes = (*asked.notes, *_notes(project, bundles, asked, comparison, answers))
    return ComparedModels(*bundles, comparison, asked.told, notes, compare(*answers[2:]) if hides_source else None)


def _notes(
    project: Project, bundles: Sequence[ModelBundle], asked: AskedFrames, comparison: PairedComparison, answers: Sequence[Predictions]
) -> list[str]:
    told = tr("Frames of {name} that do not count, since not both models know this class: {n:,}.")
    found = [told.format(n=n, name=name) for name, n in comparison.left_out.items()]
    found += _unreadable_told(answers[0].unreadable)
    for bundle in bundles:
        learnt = frames_learnt_here(project, bundle)
        if n := sum(row.sha256 in learnt and row.label in comparison.classes for row in asked.rows):
            found.append(
                tr("{model} has learnt from some of these frames ({n:,}): its figures are too good.").format(model=bundle.name, n=n)
            )
        elif not learnt_here(project, bundle):
            told = tr("What {model} has learnt from is not known here: were it from these frames, its figures would be too good.")
            found.append(told.format(model=bundle.name))
    return found


def _unreadable_told(unreadable: Sequence[Unreadable]) -> list[str]:
    told = tr("Files that could not be read, and do not count: {n:,}; the first: {reason}")
    return [told.format(n=len(unreadable), reason=unreadable[0].reason)] if unreadable else []
