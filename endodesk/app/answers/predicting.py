"""Answers for a whole folder, with the reader's labels beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from endodesk.app.answers.probability_table import AnswerInClasses
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.scan import list_images
from endodesk.app.frames.taken_frames import with_taken
from endodesk.app.places.found_again import known_for
from endodesk.app.project.damage_told import damage_news
from endodesk.app.project.kept_bundles import active_bundle
from endodesk.app.project.kept_places import is_project
from endodesk.app.project.own_files import TAKEN
from endodesk.app.project.project import Project, are_classes, project_folder
from endodesk.app.project.readers import reader_of
from endodesk.app.project.starter import starter_folder
from endodesk.data.chain.writing import EXPORT, ActNote
from endodesk.domain.centre_rules import NO_CENTRE
from endodesk.domain.classes import merged
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.images import Sha256, Unreadable, printable
from endodesk.domain.label_set import LabelSet
from endodesk.domain.overrides import NO_OVERRIDES, Overrides
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True)
class PredictedRow:
    """One line of predictions.csv; `reason` is set where the file cannot be read."""

    file: str
    sha256: str = ""
    label: str = ""
    answer: str = ""
    probabilities: tuple[float, ...] = ()
    reason: str = ""
    pages: int = 1
    """How many pictures the file holds; the first was answered."""


class FolderPrediction:
    """A folder, a loaded model, and the labels that are known."""

    closed: tuple[Path, ...]
    """Folders that may not be read."""
    notes: Sequence[str] = ()
    """What there is to know of the project."""
    starter = ""
    """Name of the starter model, where it answers because no other model was named or made active."""
    project: Path | None = None
    """Where the project lies whose labels are known."""

    def __init__(
        self,
        root: Path,
        predictor: Predictor,
        labels: dict[Sha256, str],
        label_set: LabelSet | None,
        task: TaskContext,
        overrides: Overrides = NO_OVERRIDES,
        taken: Path | None = None,
        centre_rule: str = NO_CENTRE,
    ) -> None:
        """`label_set` and `centre_rule` are those of the project, if there is one; `taken` is where it keeps frames taken from films."""
        self.root, self._predictor, self._labels, self._task, self._overrides = root, predictor, labels, task, overrides
        listing = list_images(root, task)
        listing = with_taken(listing, taken, task) if taken else listing
        self._frames = FrameList(root, listing.names, taken=listing.taken, centre_rule=centre_rule)
        self.files, self.closed = listing.files, listing.closed
        if not self.files:
            raise BadRequest(f"There are no images in {root}.")
        self._model_classes = predictor.bundle.classes.names
        self._label_set = label_set or LabelSet.of(self._model_classes)
        self.classes, self._places = merged(self._model_classes, self._label_set.class_of)
        """What the model answers, as the project calls it."""
        folders = set(self._frames.class_folders)
        self._class_folders = folders if are_classes(folders, {*self._model_classes, *(label_set.words if label_set else ())}) else set()
        self.model, self.recipe = str(predictor.bundle.id), predictor.bundle.recipe.name
        self.model_name = predictor.bundle.name

    def rows(self, *, workers: int) -> Iterator[PredictedRow]:
        """A line for each file, in their order; the label is what holds of its readers', else the class folder's, else empty."""
        answers = self._predictor.predict_files(self.files, workers=workers, task=self._task, overrides=self._overrides)
        words = AnswerInClasses(self._label_set, self._model_classes)
        for path, found in answers:
            row = self._frames.row_of(path)
            assert row is not None  # noqa: S101  # it was listed
            entry = self._frames[row]
            if isinstance(found, Unreadable):
                yield PredictedRow(entry.name, reason=found.reason)
                continue
            folder = entry.folder_label
            label = self._label_set.class_of(self._labels.get(found.image, folder if folder in self._class_folders else ""))
            answer, _ = words.of(found.probabilities)
            probabilities = tuple(float(p) for p in np.bincount(self._places, found.probabilities))
            yield PredictedRow(entry.name, found.image, label, answer, probabilities, pages=found.pages)

    def tell_written(self, out: Path, rows: Iterable[PredictedRow]) -> None:
        """Put on the project's record that labels of its readers went out with the answers, if any did. EndoDeskError if that failed."""
        labels = sum(row.sha256 in self._labels for row in rows)
        if labels and self.project:
            project = Project.open(self.project, alone=False)
            try:
                told = {"format": "predictions", "name": printable(out.name), "acts": labels}
                project.database.chain.tell(ActNote(EXPORT, reader_of(project), told=told))
            finally:
                project.close()


def open_for_prediction(folder: Path, bundle: Path | None, task: TaskContext, *, new: bool = False) -> FolderPrediction:
    """`folder` is a project or a folder of frames. Without a bundle the project's active model answers, else the starter model.

    No project is made; one that knows the frames of another folder is taken and told, unless `new`. BadRequest if there is no model.
    """
    if not folder.is_dir():
        raise BadRequest(f"There is no folder {folder}.")
    found = known_for(folder, task, new=new)
    kept = found.project if found else project_folder(folder)
    root, labels, label_set, active, overrides, centre, notes = _known_of(folder, kept, model_named=bundle is not None)
    model = bundle or active or starter_folder()
    if model is None:
        raise BadRequest(f"No model was named and {folder} has no active one: add --model BUNDLE, or retrain in the window.")
    work = FolderPrediction(root, Predictor(model), labels, label_set, task, overrides, kept / TAKEN, centre)
    work.project = kept if is_project(kept) else None
    work.starter, work.notes = "" if bundle or active else work.model_name, [*([found.told_by_command] if found else []), *notes]
    return work


def frames_folder(project: Project, folder: Path) -> Path:
    """Where the frames lie, of a project that was opened by naming `folder`. BadRequest if that is not to be believed yet."""
    if project.withheld_source:
        told = "The project in {folder} was not made here and names frames on another computer, {source}. Open it in the window and agree."
        raise BadRequest(told.format(folder=folder, source=project.withheld_source))
    return (project.source if is_project(folder) else None) or folder


def drawn_in(folders: Iterable[Path], task: TaskContext, *, new: bool = False) -> Overrides:
    """What was drawn by hand in the projects of these folders, or in those that know their frames; `new`: not in those.

    Rules for sizes count for frames that their own project knows.
    """
    places = [(folder, known_for(folder, task, new=new)) for folder in folders if folder.is_dir()]
    kept = [found.project if found else project_folder(folder) for folder, found in places]
    found: list[Overrides] = []
    for place in kept:
        if is_project(place):
            project = Project.open(place, alone=False)  # beside a window that has it open
            try:
                alone, database = len(kept) == 1, project.database.overrides
                found.append(database.holding() if alone else Overrides(database.by_frame()))
            finally:
                project.close()
    frames = {image: given for overrides in found for image, given in overrides.frames.items()}
    # a size stands for a device, and in another project it may be another one
    return Overrides(frames, found[0].sizes if len(found) == 1 else {})


def _labels_of(project: Project) -> dict[Sha256, str]:
    """Of each frame that any reader has labelled what holds; empty where they disagree, for then its folder does not decide either."""
    class_of = project.label_set.class_of
    decided = ((image, words.decided(class_of)) for image, words in project.database.corrections.words().items())
    return {image: found.word.correction.value if found and found.word else "" for image, found in decided}


def _known_of(
    folder: Path, kept: Path, *, model_named: bool
) -> tuple[Path, dict[Sha256, str], LabelSet | None, Path | None, Overrides, str, Sequence[str]]:
    """Folder of the frames, and from the project `kept` if there is one: labels, classes, the active model's folder, what was drawn, what
    tells the centre, notes.

    BadRequest if what is known of the active model is damaged, and no other was named.
    """
    if not is_project(kept):
        return folder, {}, None, None, NO_OVERRIDES, NO_CENTRE, ()
    project = Project.open(kept, alone=False)
    try:
        labels = _labels_of(project)
        active = None if model_named else active_bundle(project)
        drawn, root, classes = project.database.overrides.holding(), frames_folder(project, folder), project.label_set
        named = active.folder if active else None
        return root, labels, classes, named, drawn, project.centre_rule, damage_news(project.database)
    except BadBundle as error:
        raise BadRequest(f"The active model cannot be used. {error} Name a model: --model BUNDLE.") from error
    finally:
        project.close()
