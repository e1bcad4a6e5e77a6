"""The main window: a place where panels are put and connected, nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from endodesk.app.jobs import tell_failure
from endodesk.app.language import tr, use_language
from endodesk.app.preferences import Preferences
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.session import Session
from endodesk.app.user_places import settings_file
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.domain.shown_text import visible_lines
from endodesk.ui.commands.actions import Commands, put_together
from endodesk.ui.commands.case_reporting import CaseReporting
from endodesk.ui.commands.data import DataCommands
from endodesk.ui.commands.edit import EditCommands
from endodesk.ui.commands.file import FileCommands
from endodesk.ui.commands.full_screen import FullScreen
from endodesk.ui.commands.go import GoCommands
from endodesk.ui.commands.help import HelpCommands
from endodesk.ui.commands.label import LabelCommands
from endodesk.ui.commands.menus import make_menus, strip_bars
from endodesk.ui.commands.model import ModelCommands
from endodesk.ui.commands.recent import RecentFolders
from endodesk.ui.commands.view import ViewCommands
from endodesk.ui.dialogs.dialogs import Dialogs
from endodesk.ui.dialogs.questions import agree_to_many, confirm, may_leave_training
from endodesk.ui.dialogs.record_questions import RecordQuestions
from endodesk.ui.fit.offer import FitOffer
from endodesk.ui.frame.comparison import Comparison
from endodesk.ui.frame.outline_editing import OutlineEditing
from endodesk.ui.frame.overlays import FrameOverlays
from endodesk.ui.frame.panel import FrameView
from endodesk.ui.frame.step_strip import StepStrip
from endodesk.ui.gallery.panel import Gallery
from endodesk.ui.opening import Opening, Wish
from endodesk.ui.preference_effects import PreferenceEffects
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.review.answers_bar import AnswersBar
from endodesk.ui.review.case_panel import CasePanel
from endodesk.ui.review.history_list import HistoryList
from endodesk.ui.review.label_panel import LabelPanel
from endodesk.ui.review.label_status import LabelStatus
from endodesk.ui.review.side_panel import SidePanel
from endodesk.ui.widgets.class_keys import ClassKeys
from endodesk.ui.widgets.fitting import Room, restore_place
from endodesk.ui.widgets.job_indicator import JobIndicator
from endodesk.ui.widgets.places import dropped_places, title_of
from endodesk.ui.widgets.theme import text_label
from endodesk.ui.widgets.training_told import TrainingTold

_MESSAGE_MS = 8000
_BARS_PX = 140  # menus, toolbar and status bar, also with large text
_LEAST_PX = 720, 480
"""What it needs at least: half of it would show nothing. Panels that have no room in it are scrolled to."""


class MainWindow(QMainWindow):
    """Shows one project at a time: another project, or another language, means new panels on a new session."""

    closing = Signal()  # its work is being stopped, which may take seconds

    def __init__(self, project: Project, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.preferences = preferences or Preferences(parent=self)
        self.settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
        self._recent = RecentFolders(self.settings)
        self.remembers = True
        """Whether closing keeps geometry and project for the next start; a window that only takes its own picture does not."""
        self.splitter = QSplitter()
        self._dialogs = Dialogs(self)
        # through a lambda: the session is another one after each project
        self._keys = ClassKeys(self, lambda name: self.session.label(name))
        self.effects = PreferenceEffects(self.preferences, self._speak, self)
        self.setAcceptDrops(True)
        self.setMinimumSize(*_LEAST_PX)
        self.actions_by_name: dict[str, QAction] = make_menus(self, self.do)
        self._make_status_bar()
        self._place(project)
        self._restore()

    # --- putting it together ----------------------------------------------------------------------------------------

    # Why: docs/decisions/ui.md 16
    def _place(self, project: Project) -> None:
        """Make new panels on a new session of the project; on an empty one, with a sentence, if its record is too damaged."""
        try:
            self._build(project)
        except Exception as error:
            if project.is_nothing:
                raise
            project.close()
            told = tell_failure(error)
            self._build(Project.nothing())
            QTimer.singleShot(0, lambda: self.warn(told))  # once the window is there

    def _build(self, project: Project) -> None:
        self.session, self.job = Session(project, self), TrainingJob(self)
        self._record = RecordQuestions(self, project.database, self.session.guard, self.open_again)
        self._make_panels()
        self._opening = Opening(self, self.session, self.job, self.preferences, keep=self.case.keep, change=self._change_to)
        self._lay_out()
        self.gallery.take_look(self.settings)
        self._answers.follow(self.session.answers)
        self._fit.follow(self.session)
        self._connect()
        self.effects.follow(self.session, self.answer)
        self.commands = put_together(self._menus())
        self._list_keys()
        self.setWindowTitle(title_of(project))

    def _make_panels(self) -> None:
        session, workspace = self.session, self.session.workspace
        self.gallery = Gallery(workspace, session.shown, session.navigation, session.browsing.queues, session.thumbnails, session.answers)
        self.view = FrameView(workspace, lambda: session.folder_reader.listing)
        self.strip = StepStrip(workspace, session.navigation, session.overriding, session.explorer)
        history = HistoryList(workspace, session.labelling, session.overriding, session.jobs)
        label = LabelPanel(workspace, session.labelling, history, label=session.label, mark=session.mark)
        self.answer = AnswerPanel(workspace, session.model, session.labelling, label)
        self.case = CasePanel(workspace, session.cases, session.navigation, session.thumbnails)
        self.side = SidePanel(self.answer, self.case)
        self.overlays = FrameOverlays(workspace, self.view)
        self.comparison = Comparison(
            workspace,
            session.jobs,
            session.active_overrides,
            self.view,
            selected=self.gallery.selected_rows,
            heat=lambda: self.answer.heat_opacity,
        )
        self.outlines = OutlineEditing(workspace, session.overriding, self.view, self.strip.outline_bar, self)
        self.full_screen = FullScreen(self, [self.gallery, self.side, self.strip], self.actions_by_name.values())

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 8, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.strip)
        sizes = self.splitter.sizes() or [330, 730, 300]  # another project keeps the widths that the user gave the columns
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((self.gallery, 0), (middle, 1), (self.side, 0)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes(sizes)
        self.setCentralWidget(Room(self.splitter, around_px=_BARS_PX))

    def _connect(self) -> None:
        session, workspace = self.session, self.session.workspace
        workspace.message.connect(lambda text: self.statusBar().showMessage(visible_lines(text), _MESSAGE_MS))
        workspace.warning.connect(self.warn)
        self.work.follow(workspace, session.stops, session.answers, self.job)
        workspace.frames_listed.connect(self._list_keys)
        workspace.classes_changed.connect(self._list_keys)
        session.labelling.selection = self.gallery.selected_rows
        session.labelling.agrees = lambda frames: agree_to_many(self, frames)
        chosen = self.gallery.view.selectionModel()
        chosen.selectionChanged.connect(lambda *_: self.answer.label.tell_selected(len(self.gallery.selected_rows())))
        session.log.steps_changed.connect(self._show_steps)
        workspace.blind_changed.connect(self._show_steps)
        workspace.label_view_changed.connect(self._show_steps)
        shown_by = (self.answer.heat_box.toggled, self.answer.opacity.valueChanged, workspace.blind_changed, session.labelling.revealed)
        for signal in shown_by:  # each of these may turn on, off or uncover the heat maps of a comparison
            signal.connect(lambda *_: self.comparison.show_heat())
        self.case.report_asked.connect(lambda: self.do("report_case"))
        self._show_steps()
        self._pace.follow(workspace, session.shown, session.labelling, self.job)
        self._training.follow(self.job, lambda: self.session.project)
        self.strip.step_chosen.connect(self.view.show_step)
        self.strip.correct_asked.connect(self.outlines.begin)
        self.answer.heat_changed.connect(self.view.show_heat)

    def _menus(self) -> list[Commands]:
        session, dialogs = self.session, self._dialogs
        workspace, review, keep = session.workspace, session.cases, self.case.keep
        reporting = CaseReporting(self, workspace, session.jobs, review, keep)
        return [
            FileCommands(
                self,
                session,
                opener=self,
                dialogs=dialogs,
                preferences=self.preferences,
                reporting=reporting,
                work=self.work,
                recent=self._recent,
                recent_menu=lambda: cast("QMenu", self.actions_by_name["list_recent"].menu()),
            ),
            EditCommands(session.undo, session.redo),
            LabelCommands(self, workspace, session.labelling, self.outlines, mark=session.mark),
            GoCommands(workspace, session.navigation, review, keep=keep, search=self.gallery.bar.start_search),
            ViewCommands(
                workspace,
                session.labelling,
                self.view,
                answer=self.answer,
                side=self.side,
                overlays=self.overlays,
                comparison=self.comparison,
                full_screen=self.full_screen,
                show_all=self.gallery.bar.clear,
            ),
            DataCommands(self, dialogs, session),
            ModelCommands(dialogs, session, self.job),
            HelpCommands(self, workspace),
        ]

    def do(self, name: str) -> None:
        """Do what the menu entry of that name does; a failure is told as a sentence."""
        try:
            self.commands[name]()
        except EndoDeskError as error:
            self.warn(str(error))

    def _make_status_bar(self) -> None:
        self.work, self._training, self._pace = JobIndicator(), TrainingTold(self), LabelStatus(self)
        self._answers, self._fit = AnswersBar(), FitOffer(lambda: self.do("judge_fit"))
        for widget in (self._fit, self._training.label, self._answers, self.work, self._pace.label, text_label(tr("Research use only"))):
            self.statusBar().addPermanentWidget(widget)

    def _list_keys(self) -> None:
        self._keys.list_for(self.session.workspace.label_set)

    def _show_steps(self) -> None:
        log = self.session.log
        for name, words, told in (("undo", tr("&Undo"), log.undo_told), ("redo", tr("&Redo"), log.redo_told)):
            self.actions_by_name[name].setText(f"{words}: {told}" if told else words)
        self.actions_by_name["undo"].setEnabled(log.can_undo)
        self.actions_by_name["redo"].setEnabled(log.can_redo)
        self.actions_by_name["turn_blind"].setChecked(self.session.workspace.blind.on)
        self.actions_by_name["turn_own_labels"].setChecked(self.session.workspace.shows_own)

    # --- another language -------------------------------------------------------------------------------------------

    # Why: docs/decisions/app.md 10
    def _speak(self) -> None:
        """Another language: all is made anew on the same project; at the next start where that would end or lose something."""
        if self.job.running or not self.case.keep():
            self.session.workspace.warning.emit(
                tr("The language changes at the next start: a training is running, or a conclusion is not saved yet.")
            )
            return
        use_language(self.preferences.text("language"))
        self._make_anew()

    def open_again(self, meanwhile: Callable[[], None] | None = None) -> None:
        """What lies in the project's place now: another program has exchanged it, labels were taken in, or what is done `meanwhile`."""
        if meanwhile and self.job.running:
            self.warn(tr("A training is running. Wait until it ends, or stop it first."))
        elif self.case.keep() or confirm(self, tr("A conclusion could not be saved. Going on loses it."), tr("Go on")):
            self._make_anew(meanwhile)

    def _make_anew(self, meanwhile: Callable[[], None] | None = None) -> None:
        project, self.actions_by_name = self.session.project, {}
        self._stop()
        strip_bars(self)
        self.actions_by_name = make_menus(self, self.do)
        self._make_status_bar()
        try:
            if meanwhile:
                meanwhile()
            self._renew(Project.nothing() if project.is_nothing else Project.open(project.folder))
        except EndoDeskError as error:  # another window took it in this moment
            self._renew(Project.nothing())
            self.warn(str(error))

    # --- the folder -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to load; the window is on screen by now. The next start comes back here, however this one ends."""
        if self.remembers and not self.session.project.is_nothing:  # noted now, not when it closes: the program may be killed
            self.settings.setValue("project", str(self.session.project.folder))
            self._recent.note(self.session.project)
        if not self.session.project.is_nothing:
            self.view.load()
        self.session.start()
        self.job.find(self.session.project)

    def open(self, folder: Path, label_set: LabelSet | None = None, place: Path | None = None) -> None:
        """Close this project and open that of a folder: a new one with these classes, in this place. On failure all stays as it is."""
        self._opening.open(Wish(folder, label_set, place))

    def _change_to(self, project: Project) -> None:
        self._stop()
        self._renew(project)

    def _renew(self, project: Project) -> None:
        for old in (self.session, self.job):
            old.deleteLater()  # later: this may run in a slot of the job's own signal
        self._place(project)
        self.start()

    def open_place(self, place: Path) -> None:
        """Open the project of a folder, or the one that a project's file stands for; a failure is told."""
        self._opening.open_place(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Lets a folder or a project's file be dropped; web links and other files are refused."""
        if dropped_places(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens the first of the places dropped."""
        if places := dropped_places(event):
            self.open_place(places[0])

    def warn(self, text: str) -> None:
        """Show a sentence that must be seen, without stopping the work."""
        self._record.warn(text)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        restore_place(self, self.settings.value("geometry"), QSize(1360, 860))
        if isinstance(state := self.settings.value("splitter"), QByteArray):  # a damaged file of settings never stops the start
            self.splitter.restoreState(state)

    def _stop(self) -> None:
        self.full_screen.leave()
        self.comparison.end()
        self.case.keep()
        if self.remembers:
            self.gallery.keep_look(self.settings)
        self._dialogs.close()
        self.job.close()
        self.session.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keeps size and project for the next start; asks first if a training or a conclusion would be lost."""
        event.ignore()  # until it is agreed
        if not may_leave_training(self, self.job):
            return
        if not self.case.keep() and not confirm(self, tr("A conclusion could not be saved. Going on loses it."), tr("Quit")):
            return
        self.full_screen.leave()  # else its geometry would be kept as that of the whole screen
        if self.remembers:
            self.settings.setValue("geometry", self.saveGeometry())
            self.settings.setValue("splitter", self.splitter.saveState())
        self.hide()  # stopping a training takes seconds
        self.closing.emit()
        self._stop()
        event.accept()
