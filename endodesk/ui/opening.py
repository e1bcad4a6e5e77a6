"""Opening: from the wish to see another folder to its project in the window, with what has to be asked on the way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMainWindow

from endodesk.app.language import tr
from endodesk.app.project.project import Project, project_folder
from endodesk.app.project.project_file import place_to_open
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.session import Session
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.ui.dialogs.questions import confirm


class Opening:
    """Of the window while one project is open. `keep` keeps an unsaved conclusion, and whether it could; `change` shows another one."""

    def __init__(
        self, window: QMainWindow, session: Session, job: TrainingJob, *, keep: Callable[[], bool], change: Callable[[Project], None]
    ) -> None:
        self._window, self._session, self._job, self._keep, self._change = window, session, job, keep, change

    def open_place(self, place: Path) -> None:
        """Open the project of a folder, or the one that a project's file stands for; a failure is told."""
        try:
            folder = place_to_open(place)
        except EndoDeskError as error:
            self._warn(str(error))
            return
        self.open(folder)

    def open(self, folder: Path, label_set: LabelSet | None = None) -> None:
        """Open the project of a folder, with other classes if any are given; on failure everything stays as it is."""
        # this window holds the project's lock: opened once more, it would be refused
        if project_folder(folder).absolute() == self._session.project.folder:
            if label_set:
                self._session.use_classes(label_set)
            self._session.list_folder()
        elif self._may_leave():
            self._open(folder, label_set)

    def _may_leave(self) -> bool:
        words = tr("A training is running. Opening another folder stops it.")
        if self._job.running and not confirm(self._window, words, tr("Stop it and open")):
            return False
        return self._keep() or confirm(self._window, tr("A conclusion could not be saved. Going on loses it."), tr("Go on"))

    def _open(self, folder: Path, label_set: LabelSet | None) -> None:
        try:
            # opened before the old one is closed: on failure everything stays as it is
            project = Project.of_images(folder, label_set=label_set)
        except EndoDeskError as error:
            self._warn(str(error))
            return
        if self._job.running:  # stopping takes seconds: the window stays alive meanwhile
            self._window.statusBar().showMessage(tr("Stopping the training ..."))
            self._job.ended.connect(lambda: self._change(project))
            self._job.cancel()
        else:
            self._change(project)

    def _warn(self, text: str) -> None:
        self._session.workspace.warning.emit(text)
