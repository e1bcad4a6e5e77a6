"""Answers for a whole folder, with the reader's labels beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.project import Project, are_classes, is_project, project_folder
from endodesk.app.scan import folder_label, list_images
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, Unreadable
from endodesk.domain.ticket import Ticket
from endodesk.inference.predictor import Predictor


@dataclass(frozen=True, slots=True)
class PredictedRow:
    """One line of predictions.csv; `reason` is set where the file cannot be read."""

    file: str
    sha256: str = ""
    label: str = ""
    answer: str = ""
    probabilities: tuple[float, ...] = ()
    reason: str = ""


class FolderPrediction:
    """A folder, a loaded model, and the labels that are known."""

    closed: tuple[Path, ...]
    """Folders that may not be read."""

    def __init__(self, root: Path, predictor: Predictor, labels: dict[Sha256, str], classes: Iterable[str], ticket: Ticket) -> None:
        self.root, self._predictor, self._labels, self._ticket = root, predictor, labels, ticket
        listing = list_images(root, ticket)
        self.files, self.closed = listing.files, listing.closed
        if not self.files:
            raise BadRequest(f"There are no images in {root}.")
        self.classes = predictor.bundle.classes.names
        folders = {folder_label(path, root) for path in self.files}
        self._class_folders = folders if are_classes(folders, {*self.classes, *classes}) else set()
        self.model, self.recipe = str(predictor.bundle.id), predictor.bundle.recipe.name

    def rows(self, *, workers: int) -> Iterator[PredictedRow]:
        """In the order of the files; the label is the reader's, else the class folder's, else empty."""
        for path, found in self._predictor.predict_files(self.files, workers=workers, ticket=self._ticket):
            name = str(path.relative_to(self.root))
            if isinstance(found, Unreadable):
                yield PredictedRow(name, reason=found.reason)
                continue
            folder = folder_label(path, self.root)
            label = self._labels.get(found.image) or (folder if folder in self._class_folders else "")
            yield PredictedRow(name, found.image, label, self.classes[found.answer], found.probabilities)


def open_for_prediction(folder: Path, bundle: Path | None, ticket: Ticket) -> FolderPrediction:
    """`folder` is a project or a folder of frames; without a bundle the project's active model answers. BadRequest if there is none."""
    if not folder.is_dir():
        raise BadRequest(f"There is no folder {folder}.")
    root, labels, classes, active = _known_of(folder)
    model = bundle or active
    if model is None:
        raise BadRequest(f"No model was named and {folder} has no active one: add --model BUNDLE, or retrain in the window.")
    return FolderPrediction(root, Predictor(model), labels, classes, ticket)


def _known_of(folder: Path) -> tuple[Path, dict[Sha256, str], Iterable[str], Path | None]:
    """Folder of the frames, the reader's labels, the classes, and the active model's folder, from the project if there is one."""
    kept = project_folder(folder)
    if not is_project(kept):
        return folder, {}, (), None
    project = Project.open(kept, alone=False)
    try:
        labels = {image: stored.correction.label for image, stored in project.database.corrections.current().items()}
        active = project.active_model
        source = project.source if is_project(folder) else folder
        return source or folder, labels, project.classes, active.folder if active else None
    finally:
        project.close()
