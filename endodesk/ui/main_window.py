"""The main window: a place where panels are put and connected, nothing else."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from endodesk.app.cases.case_review import CaseReview
from endodesk.app.language import tr
from endodesk.app.places import settings_file
from endodesk.app.preferences import Preferences
from endodesk.app.project.project import Project, project_folder
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.session import Session
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.ui.commands.case import CaseMenu
from endodesk.ui.commands.film import FilmMenu
from endodesk.ui.commands.label import LabelMenu
from endodesk.ui.commands.menus import make_menus
from endodesk.ui.commands.outline import OverrideMenu
from endodesk.ui.commands.program import ProgramMenu, reopened, strip_bars
from endodesk.ui.commands.projects import OpenMenu, dropped_places
from endodesk.ui.commands.view import ViewMenu
from endodesk.ui.dialogs.dialogs import Dialogs
from endodesk.ui.frame.outline_editing import OutlineEditing
from endodesk.ui.frame.overlays import FrameOverlays
from endodesk.ui.frame.panel import FrameView
from endodesk.ui.frame.step_strip import StepStrip
from endodesk.ui.gallery.panel import Gallery
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.review.answers_bar import AnswersBar
from endodesk.ui.review.case_panel import CasePanel
from endodesk.ui.review.class_keys import ClassKeys
from endodesk.ui.review.label_status import LabelStatus
from endodesk.ui.review.side_panel import SidePanel
from endodesk.ui.widgets.job_indicator import JobIndicator
from endodesk.ui.widgets.theme import on_screen, text_label

_MESSAGE_MS = 8000


class MainWindow(QMainWindow, LabelMenu, ViewMenu, OverrideMenu, CaseMenu, FilmMenu, ProgramMenu, OpenMenu):
    """One project at a time."""

    def __init__(self, project: Project, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.preferences = preferences or Preferences(parent=self)
        self.settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
        self.remembers = True
        """Whether closing keeps geometry and project for the next start; a window that only takes its own picture does not."""
        self.splitter = QSplitter()
        self._dialogs = Dialogs(self)
        self._keys = ClassKeys(self)
        self.setAcceptDrops(True)
        self.setMinimumSize(980, 640)
        self.actions_by_name: dict[str, QAction] = make_menus(self, self._do)
        self._make_status_bar()
        self._place(project)
        self._restore()
        self.follow_preferences()

    # --- putting it together ----------------------------------------------------------------------------------------

    def _place(self, project: Project) -> None:
        """New panels on a new session; the old ones go with the old session."""
        self.session = Session(project, self)
        self.job = TrainingJob(self)
        self.gallery, self.view = Gallery(self.session), FrameView(self.session)
        self.strip, self.answer = StepStrip(self.session), AnswerPanel(self.session)
        self.review = CaseReview(self.session)
        self.case = CasePanel(self.session, self.review)
        self.side = SidePanel(self.answer, self.case)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 8, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.strip)
        sizes = self.splitter.sizes() or [330, 730, 300]
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((self.gallery, 0), (middle, 1), (self.side, 0)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes(sizes)
        self.setCentralWidget(self.splitter)
        self.gallery.take_look(self.settings)
        self._answers.follow(self.session.answers)
        self._connect()
        self.begin_with_preferences()
        self._list_keys()
        self._show_title()

    def make_anew(self) -> None:
        """All that has words, in the language that is on now, on the same project."""
        project, self.actions_by_name = self.session.project, {}
        self._stop()
        strip_bars(self)
        self.actions_by_name = make_menus(self, self._do)
        self._make_status_bar()
        try:
            self._renew(reopened(project))
        except EndoDeskError as error:  # another window took it in this moment
            self._renew(Project.nothing())
            self.warn(str(error))

    def _connect(self) -> None:
        session = self.session
        session.message.connect(lambda text: self.statusBar().showMessage(text, _MESSAGE_MS))
        session.warning.connect(self.warn)
        self.work.follow(session, self.job)
        session.frames_listed.connect(self._list_keys)
        session.classes_changed.connect(self._list_keys)
        session.labelling.selection = self.gallery.selected_rows
        chosen = self.gallery.view.selectionModel()
        chosen.selectionChanged.connect(lambda *_: self.answer.label.tell_selected(len(self.gallery.selected_rows())))
        session.labelling.log.steps_changed.connect(self._show_steps)
        session.labelling.blind_changed.connect(self._show_steps)
        self.overlays, self.compared = FrameOverlays(session, self.view), None
        session.frame_chosen.connect(lambda _: self.end_comparison())
        self.answer.heat_changed.connect(lambda *_: self.tell_comparison_heat())
        self.case.report_asked.connect(lambda: self._do("report_case"))
        self._show_steps()
        self._pace.follow(session)
        self._training.setText("")
        self.job.happened.connect(lambda _: self._training.setText(""))
        self.job.ended.connect(lambda: self._training.setText(tr("Training {state}: see Model > Retrain").format(state=self.job.state)))
        self.strip.step_chosen.connect(self.view.show_step)
        self.outlines = OutlineEditing(session, self.view, self.strip.outline_bar, self)
        self.strip.correct_asked.connect(self.outlines.begin)
        self.answer.heat_changed.connect(self.view.show_heat)

    def beside_frame(self) -> list[QWidget]:
        """What full screen hides beside the gallery."""
        return [self.side, self.strip]

    def _do(self, name: str) -> None:
        """What a menu entry says; a failure is a sentence."""
        try:
            getattr(self, name)()
        except EndoDeskError as error:
            self.warn(str(error))

    def _make_status_bar(self) -> None:
        self.work, self._training, self._pace = JobIndicator(), text_label("", "quiet"), LabelStatus(self)
        self._answers = AnswersBar()
        for widget in (self._training, self._answers, self.work, self._pace.label, QLabel(tr("Research use only"))):
            self.statusBar().addPermanentWidget(widget)

    def _list_keys(self) -> None:
        self._keys.list_for(self.session)

    def _show_steps(self) -> None:
        log = self.session.labelling.log
        self.actions_by_name["undo"].setEnabled(log.can_undo)
        self.actions_by_name["redo"].setEnabled(log.can_redo)
        self.actions_by_name["turn_blind"].setChecked(self.session.labelling.blind.on)

    def _show_title(self) -> None:
        source = self.session.project.source
        name = source.name if source and source.is_absolute() else self.session.project.folder.name
        if self.session.project.synthetic:
            name = tr("{name}: synthetic demonstration frames").format(name=self.session.project.folder.name)
        self.setWindowTitle(f"{name} - EndoDesk" if source else "EndoDesk")

    # --- the folder -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to load; the window is on screen by now. The next start comes back here, however this one ends."""
        if self.remembers and not self.session.project.is_nothing:
            self.settings.setValue("project", str(self.session.project.folder))
        if not self.session.project.is_nothing:
            self.view.load()
        self.session.start()

    def open(self, folder: Path, label_set: LabelSet | None = None) -> None:
        """Close this project and open that of a folder, with other classes if any are given; on failure everything stays as it is."""
        if project_folder(folder).absolute() == self.session.project.folder:
            if label_set:
                self.session.choose_classes(label_set)
            self.list_again()
            return
        if self.job.running and not self._confirm(tr("A training is running. Opening another folder stops it."), tr("Stop it and open")):
            return
        if not self.case.keep() and not self._confirm(tr("A conclusion could not be saved. Going on loses it."), tr("Go on")):
            return
        try:
            project = Project.of_images(folder, label_set=label_set)
        except EndoDeskError as error:
            self.warn(str(error))
            return
        if self.job.running:  # stopping takes seconds: the window stays alive meanwhile
            self.statusBar().showMessage(tr("Stopping the training ..."))
            self.job.ended.connect(lambda: self._change_to(project))
            self.job.cancel()
        else:
            self._change_to(project)

    def _change_to(self, project: Project) -> None:
        self._stop()
        self._renew(project)

    def _renew(self, project: Project) -> None:
        for old in (self.session, self.job):
            old.deleteLater()
        self._place(project)
        self.start()

    def list_again(self) -> None:
        """New and changed files."""
        self.session.list_folder()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder may be dropped, or a project's file."""
        if dropped_places(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first of those dropped."""
        if places := dropped_places(event):
            self.open_place(places[0])

    # --- what menus do ----------------------------------------------------------------------------------------------

    def next_frame(self) -> None:
        """One on."""
        self.session.go(+1)

    def previous_frame(self) -> None:
        """One back."""
        self.session.go(-1)

    def first_frame(self) -> None:
        """The first of those shown."""
        self.session.go(-len(self.session.frames))

    def last_frame(self) -> None:
        """The last of those shown."""
        self.session.go(len(self.session.frames))

    def next_unlabelled(self) -> None:
        """The next frame that no reader has labelled."""
        if not self.session.go_to_unread():
            self.statusBar().showMessage(tr("Every frame after this one has a reader's label."), _MESSAGE_MS)

    def search(self) -> None:
        """Type what the frames' names have in common."""
        self.gallery.bar.start_search()

    def check_splits(self) -> None:
        """What the next training would learn from and be tested on."""
        from endodesk.ui.splits.dialog import SplitsDialog

        self._dialogs.bring(SplitsDialog, self.session)

    def retrain(self) -> None:
        """Train a new model."""
        from endodesk.ui.training.retrain_dialog import RetrainDialog  # brings pyqtgraph: only who retrains waits for it

        self._dialogs.bring(RetrainDialog, self.session, self.job)

    def show_models(self) -> None:
        """The list of models."""
        from endodesk.ui.training.models_dialog import ModelsDialog

        self._dialogs.bring(ModelsDialog, self.session)

    # --- telling ----------------------------------------------------------------------------------------------------

    def warn(self, text: str) -> None:
        """A sentence that must be seen, without stopping the work."""
        box = QMessageBox(QMessageBox.Icon.Warning, "EndoDesk", text, QMessageBox.StandardButton.Ok, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _confirm(self, text: str, yes: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "EndoDesk", text, QMessageBox.StandardButton.Cancel, self)
        button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        return box.clickedButton() is button

    # --- the end ----------------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        geometry, state = self.settings.value("geometry"), self.settings.value("splitter")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        else:
            self.resize(on_screen(self, QSize(1360, 860)))
        if isinstance(state, QByteArray):
            self.splitter.restoreState(state)

    def _stop(self) -> None:
        self.leave_full_screen()
        self.end_comparison()
        self.case.keep()
        if self.remembers:
            self.gallery.keep_look(self.settings)
        self._dialogs.close()
        self.job.close()
        self.session.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place; ask first if a training would be lost."""
        words = tr("A training is running. Quitting stops it; the active model stays as it is.")
        if self.job.running and not self._confirm(words, tr("Quit")):
            event.ignore()
            return
        if not self.case.keep() and not self._confirm(tr("A conclusion could not be saved. Going on loses it."), tr("Quit")):
            event.ignore()
            return
        self.leave_full_screen()
        if self.remembers:
            self.settings.setValue("geometry", self.saveGeometry())
            self.settings.setValue("splitter", self.splitter.saveState())
        self.hide()  # stopping a training takes seconds
        self._stop()
        event.accept()
