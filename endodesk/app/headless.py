"""A project's work without its window: labels from a table, and retraining. What `endodesk label` and `endodesk retrain` do."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from endodesk.app.answers.predicting import frames_folder
from endodesk.app.frames.current_reviews import Reviews
from endodesk.app.frames.folder_layout import layout_told, news_of_cases
from endodesk.app.frames.folder_reader import listed_frames
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.indexing import Indexed, index_again, index_files
from endodesk.app.frames.label_table import read_labels
from endodesk.app.frames.scan import list_images
from endodesk.app.frames.taken_frames import with_taken
from endodesk.app.language import tr
from endodesk.app.places.found_again import known_for
from endodesk.app.preferences import PROJECT_PLACE, Preferences
from endodesk.app.project.grouping import grouping_of, keep_grouping
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.kept_places import wished_place
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import place_to_open
from endodesk.app.project.readers import reader_of
from endodesk.app.project.starter import has_starter, take_starter
from endodesk.app.retraining.gate import ALREADY
from endodesk.app.retraining.model_choice import NamedModel, judge_or_compare, use_model
from endodesk.app.retraining.proof.proof_signing import sign_run
from endodesk.app.retraining.retraining import labelled_files, labels_of_no_class, make_run
from endodesk.app.review.since_training import note_trained
from endodesk.data.chain.writing import IMPORT, ActNote
from endodesk.dataset.cases import check_case
from endodesk.dataset.centres import check_centre
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, printable
from endodesk.domain.reviews import Correction
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.inference.feature_file import FEATURES
from endodesk.system.task import TaskContext
from training.plan.launch import launch


@dataclass(frozen=True, slots=True)
class Opened:
    """A project with its frames known by content."""

    project: Project
    frames: FrameList
    reviews: Reviews
    read_otherwise: tuple[str, ...] = ()
    """Names of frames that an older program showed otherwise: their answers are gone, their labels stay."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a table of labels came to."""

    given: int
    same: int
    """Frames that had that label already."""
    unknown: tuple[str, ...]
    """Files of the table that are not in the folder, or cannot be read."""
    read: str
    """What the table was read as, as a sentence."""
    without: int
    """Rows of the table without a label."""


@contextmanager
def opened(folder: Path, task: TaskContext, *, new: bool = False) -> Iterator[Opened]:
    """Open a project or a folder of frames. A folder whose frames another project knows opens that one, which is then told; `new`: not.

    BadProject if a window has it open; BadRequest, Cancelled.
    """
    folder = place_to_open(folder)
    if not folder.is_dir():
        raise BadRequest(f"There is no folder {folder}.")
    known = known_for(folder, task, new=new)
    # where its own folder is still there, this one is a copy, and nobody was asked which of the two is meant
    place = wished_place(folder, Preferences().text(PROJECT_PLACE))
    project = known.open_project(moves=known.gone) if known else Project.of_images(folder, at=place)
    project.told = " ".join(filter(None, (known.told_by_command if known else "", project.told)))
    project.keeps_pictures = Preferences().is_on("keep_pictures")
    try:
        project.note_moved()
        work = read_frames(project, folder, task)
        if has_starter(project):
            take_starter(project)
        yield work
    finally:
        project.close()


def read_frames(project: Project, folder: Path, task: TaskContext) -> Opened:
    """The frames of a project that is open and was opened by naming `folder`, each known by its content.

    BadRequest if its folder cannot be believed or opened; Cancelled.
    """
    root = frames_folder(project, folder).absolute()  # what is noted of files must hold wherever a command is run next
    listing = with_taken(list_images(root, task), project.taken_folder, task)
    frames = listed_frames(project, root, listing)
    project.suggest_classes(frames.class_folders)
    seen: list[Indexed] = []
    features = project.cache_folder / FEATURES
    index_files(listing.places, listing.names, project.database, task, lambda found: seen.extend(_learn(frames, found)), features)
    return Opened(project, frames, Reviews(project.database), tuple(frames.names[found.row] for found in seen))


def label_by_table(work: Opened, table: Path, reader: str = "", *, confirm: bool = False, task: TaskContext | None = None) -> Labelled:
    """Give the labels of a CSV file with the columns file and label as one reader's one step; rows without a label say nothing.

    Nor do those that say what the frame is labelled anyway, by a reader or its folder: an untouched predictions.csv is nobody's
    reading. To `confirm` they are this reader's readings too, unless the reader's own label stands.
    BadRequest, and nothing is given, if the table is none or names a class that the project lacks.
    """
    project, classes = work.project, work.project.label_set
    reader, now = reader or reader_of(project), datetime.now(UTC)
    wanted: dict[Sha256, str] = {}
    new: dict[Sha256, str] = {}
    unknown: list[str] = []
    read = read_labels(table, work.frames, classes)
    _read_now(work, {said.row for said in read.rows if said.row is not None}, task or TaskContext())
    for said in read.rows:
        name, label = said.name, said.label
        entry = None if said.row is None else work.frames[said.row]
        image = entry.sha256 if entry else None
        if entry is None or image is None:
            unknown.append(printable(name))
            continue
        stands, own = work.reviews.label_of(entry, classes), work.reviews.own_label_of(entry, classes, reader)
        if (own is None or own.name != label) and (confirm or stands is None or stands.name != label):
            new[image] = label
        if wanted.setdefault(image, label) != label:
            where = f"{table.name}, line {said.line}"
            raise BadRequest(f"{where}: the frame {printable(name)} has two labels in this table. Nothing was labelled.")
    if new:
        note = ActNote(IMPORT, reader, told={"file": printable(table.name), "labels": len(new)})
        project.database.corrections.give([Correction(image, label, reader, now) for image, label in new.items()], note=note)
    return Labelled(len(new), len(wanted) - len(new), tuple(unknown), read.told, read.without)


def retrain(
    work: Opened,
    config: str,
    *,
    use: bool,
    task: TaskContext,
    warn: Callable[[str], None],
    on_event: Callable[[RunEvent], None],
    reader: str = "",
    case: str = "",
    centre: str = "",
    why: str = "",
) -> RunEvent:
    """Train on the project's labels by a preset or a TOML file; with `use` the new model becomes the active one, if the gate lets it.

    `case` and `centre` are what tells these from now on, as in `endodesk.app.project.grouping.Grouping`; empty for what the project says.
    Raises as `make_run` and `training.plan.launch.launch` do; the active model is then what it was. BadRequest, too, where the figures
    do not support the new one and nobody says `why` it is used all the same; it is kept in the project.
    """
    project = work.project
    if case or centre:
        grouping = grouping_of(project)
        wanted = replace(grouping, case=case or grouping.case, centre=centre or grouping.centre)
        check_case(wanted.case)
        check_centre(wanted.centre)
        keep_grouping(project, wanted)
        work = read_frames(project, work.frames.root, task)  # another level of folders may be the class
    label_set = project.label_set
    counted = labelled_files(work.frames, work.reviews, label_set.names, label_set)
    files = [file for file, _ in counted]
    classes = [name for name in label_set.names if any(file.label == name for file in files)]
    for told in (*layout_told(work.frames, label_set), *news_of_cases(project, work.frames, label_set)):
        warn(told)  # before anything is refused: it may say why
    left_out = labels_of_no_class(work.frames, work.reviews, label_set)
    run, warnings = make_run(project, files, config, classes, task, left_out=left_out)
    for warning in warnings:
        warn(warning)

    def heard(event: RunEvent) -> None:
        if not (event.kind is RunEventKind.WARNING and event.message in warnings):  # the child finds again what was found here
            on_event(event)

    newest = project.database.corrections.newest_id()
    result = launch(run, on_event=heard, task=task, online=True)
    if unsigned := sign_run(project, run):
        warn(unsigned)
    bundle = read_bundle(keep_bundle(project, Path(result.bundle)))
    note_trained(project, newest)
    if use:
        _use_new(work, NamedModel(bundle, project.models_folder / bundle.id), reader or reader_of(project), why, task)
    return result


def _use_new(work: Opened, model: NamedModel, reader: str, why: str, task: TaskContext) -> None:
    judgement, notes = judge_or_compare(work.project, model, task, trained_now=True)
    if judgement.plain == ALREADY:
        return
    try:
        use_model(work.project, model, judgement, reader=reader, why=why, task=task)
    except BadRequest as error:
        told = tr("{model} was trained and is kept in the project, but the active model is what it was. {reason}")
        raise BadRequest(told.format(model=model.told, reason=" ".join((*notes, str(error))))) from error


def _read_now(work: Opened, rows: Iterable[int], task: TaskContext) -> None:
    """A label goes to what its file holds at this moment, not to what a file of that size and time once held."""
    _learn(work.frames, index_again(((row, work.frames.path(row)) for row in sorted(rows)), work.project.database, task))


def _learn(frames: FrameList, found: Iterable[Indexed]) -> list[Indexed]:
    """Take in what files hold; those of them that an older program showed otherwise."""
    for one in found:
        if one.sha256:
            frames.learn_row(one.row, one.sha256)
        else:
            frames.refuse_row(one.row, one.reason)
    return [one for one in found if one.read_otherwise]
