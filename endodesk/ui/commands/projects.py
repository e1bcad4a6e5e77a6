"""What opens folders and projects: two menu entries, a drop, a double click; part of the main window."""

import os
from pathlib import Path
from typing import cast

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow

from endodesk.app.language import tr
from endodesk.app.project.project_file import DATABASE_NAME, SUFFIX, is_project_file_name, place_to_open
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet


class OpenMenu:
    """To be mixed into a window that has these."""

    def new_project(self) -> None:
        """A folder, and its classes."""
        from endodesk.ui.classes.new_project_dialog import NewProjectDialog

        dialog = NewProjectDialog(cast("QMainWindow", self))
        dialog.chosen.connect(self.open)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask for a folder."""
        words = tr("Folder with endoscopic frames, or a project")
        if folder := QFileDialog.getExistingDirectory(cast("QMainWindow", self), words):
            self.open(Path(folder))

    def choose_project(self) -> None:
        """Ask for a project's file."""
        kinds = tr("EndoDesk projects ({names})").format(names=f"*{SUFFIX} {DATABASE_NAME}")
        if file := QFileDialog.getOpenFileName(cast("QMainWindow", self), tr("Project to open"), "", kinds)[0]:
            place = Path(file)
            self.open_place(place.parent if place.name == DATABASE_NAME else place)

    def open_place(self, place: Path) -> None:
        """A folder, or a project by its file."""
        try:
            folder = place_to_open(place)
        except EndoDeskError as error:
            self.warn(str(error))
            return
        self.open(folder)

    def open(self, folder: Path, label_set: LabelSet | None = None) -> None:
        """The window's own."""
        raise NotImplementedError

    def warn(self, text: str) -> None:
        """The window's own."""
        raise NotImplementedError


def dropped_places(event: QDropEvent) -> list[Path]:
    """Folders and projects' files of this computer among what is dragged; a web link is none."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if os.path.isdir(path) or is_project_file_name(path.name)]  # noqa: PTH112  (never raises)
