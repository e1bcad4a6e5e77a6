"""The File menu: projects and folders, films, classes, settings, the case report."""

from collections.abc import Callable, Collection
from dataclasses import KW_ONLY, dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from endodesk.app.language import tr
from endodesk.app.preferences import Preferences
from endodesk.app.project.project_file import DATABASE_NAME, SUFFIX
from endodesk.app.session import Session
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet
from endodesk.ui.commands.actions import Actions
from endodesk.ui.commands.case_reporting import CaseReporting
from endodesk.ui.commands.recent import RecentFolders
from endodesk.ui.dialogs.dialogs import Dialogs
from endodesk.ui.dialogs.questions import ask_reader
from endodesk.ui.widgets.job_indicator import JobIndicator


# Not the class of the window: that imports this module.
class Opener(Protocol):
    """Whoever can put another project in the place of the one that is open: the window."""

    def open(self, folder: Path, label_set: LabelSet | None = None, place: Path | None = None) -> None:
        """Open the project of a folder of frames; a new one with these classes and in this place, if any are given."""

    def open_again(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Close the project that is open, do that, and open it again."""

    def open_place(self, place: Path) -> None:
        """Open the project of a folder, or the one that a project's file stands for."""


@dataclass(frozen=True, slots=True)
class FileCommands:
    """`work` is the indicator in the status bar: it tells how far the taking of frames is."""

    window: QWidget
    session: Session
    _: KW_ONLY
    opener: Opener
    dialogs: Dialogs
    preferences: Preferences
    reporting: CaseReporting
    work: JobIndicator
    recent: RecentFolders
    recent_menu: Callable[[], QMenu]

    def actions(self) -> Actions:
        """Each by the name of its entry; `take_frames` raises BadRequest while no folder is open."""
        return {
            "new_project": self._new_project,
            "choose_folder": self._choose_folder,
            "choose_project": self._choose_project,
            "list_recent": lambda: self.recent.fill(self.recent_menu(), self.opener.open_place),
            "list_again": self.session.list_folder,
            "take_frames": self._take_frames,
            "ask_classes": self._ask_classes,
            "ask_reader": partial(ask_reader, self.window, self.session.workspace, self.session.labelling),
            "show_settings": self._show_settings,
            "export_record": self._export_record,
            "import_record": self._import_record,
            "clear_stored": self._clear_stored,
            "verify_record": self._verify_record,
            "show_backups": self._show_backups,
            "report_case": self.reporting.ask,
            "close": self._quit,
        }

    def _quit(self) -> None:
        self.window.close()  # asks before a training is lost, as the window's own button does

    def _new_project(self) -> None:
        from endodesk.ui.classes.new_project_dialog import NewProjectDialog  # loaded when it is asked for, to keep the start short

        dialog = NewProjectDialog(self.preferences, self.window)
        dialog.chosen.connect(self.opener.open)
        dialog.open()

    def _choose_folder(self) -> None:
        words = tr("Folder with endoscopic frames, or a project")
        if folder := QFileDialog.getExistingDirectory(self.window, words):
            self.opener.open(Path(folder))

    def _choose_project(self) -> None:
        """Ask for a project by its file: either the one made for double clicks, or the database itself."""
        kinds = tr("EndoDesk projects ({names})").format(names=f"*{SUFFIX} {DATABASE_NAME}")
        if file := QFileDialog.getOpenFileName(self.window, tr("Project to open"), "", kinds)[0]:
            place = Path(file)
            # the database has the same name in every project: its folder says which
            self.opener.open_place(place.parent if place.name == DATABASE_NAME else place)

    def _take_frames(self) -> None:
        """Take frames from a video, or a DICOM file of many. BadRequest where there is no project to keep them."""
        from endodesk.app.films.frame_extractor import FrameExtractor  # loaded when it is asked for: the start goes without it
        from endodesk.ui.films.dialog import TakeFramesDialog

        self._require_folder(tr("Open a folder first (Ctrl+O): frames taken from a video are kept with its work."))
        session = self.session

        def make(window: QWidget) -> TakeFramesDialog:
            extractor = FrameExtractor(session.workspace, session.jobs, session.log)
            return TakeFramesDialog(extractor, session.workspace, session.jobs, session.list_folder, self.work, window)

        self.dialogs.bring("take frames", make)

    def _ask_classes(self) -> None:
        from endodesk.ui.classes.dialog import ClassesDialog

        session = self.session
        ClassesDialog(session.workspace, session.use_classes, self.window).open()

    def _export_record(self) -> None:
        """Ask what to write of the record. BadRequest where there is no project."""
        from endodesk.ui.records.export_dialog import ExportDialog

        self._require_folder(tr("Open a folder first (Ctrl+O): what its readers said can be exported then."))
        ExportDialog(self.session.workspace, self.session.jobs, self.window).open()

    def _import_record(self) -> None:
        """Ask for files of other programs or projects. BadRequest where there is no project."""
        from endodesk.ui.records.import_dialog import ImportDialog

        self._require_folder(tr("Open a folder first (Ctrl+O): what is imported is said of its frames."))
        ImportDialog(self.session.workspace, self.session.jobs, self.session.log.took_in, self.window).open()

    def _require_folder(self, words: str) -> None:
        if self.session.project.is_nothing:
            raise BadRequest(words)

    def _clear_stored(self) -> None:
        """List what is kept of the project's frames, to be cleared. BadRequest where there is no project."""
        from endodesk.ui.dialogs.stored_pictures_dialog import StoredPicturesDialog

        session = self.session
        self._require_folder(tr("Open a folder first (Ctrl+O): pictures are kept with its work."))

        def cleared(kinds: Collection[str]) -> None:
            session.thumbnails.forget()
            if "taken" in kinds:
                session.list_folder()

        StoredPicturesDialog(session.project, session.jobs, cleared, self.window).open()

    def _verify_record(self) -> None:
        """Look through the record. BadRequest where there is no project."""
        from endodesk.ui.dialogs.verify_dialog import VerifyDialog

        if self.session.project.is_nothing:
            raise BadRequest(tr("Open a folder first (Ctrl+O): what readers do is kept with its work."))
        VerifyDialog(self.session.project.database.chain, self.session.jobs, self.window).open()

    def _show_backups(self) -> None:
        """List the copies of the project's record. BadRequest where there is no project."""
        from endodesk.ui.dialogs.backups_dialog import BackupsDialog

        if self.session.project.is_nothing:
            raise BadRequest(tr("Open a folder first (Ctrl+O): its labels are copied then."))
        BackupsDialog(self.session.project, self.session.jobs, self.opener.open_again, self.window).open()

    def _show_settings(self) -> None:
        from endodesk.ui.dialogs.settings_dialog import SettingsDialog

        SettingsDialog(self.preferences, self.window).open()
