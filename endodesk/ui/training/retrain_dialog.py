"""Retraining from the window: what there is to learn from, how it goes, and whether the new model is better."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.retraining.retraining import LabelSnapshot
from endodesk.app.retraining.training_job import JobState, TrainingJob
from endodesk.app.session import Session
from endodesk.ui.dialogs.questions import ask
from endodesk.ui.training.model_decision import ModelDecision
from endodesk.ui.training.retrain_result import ResultPage
from endodesk.ui.training.retrain_running import RunningPage
from endodesk.ui.training.retrain_setup import SetupPage
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import text_label


class RetrainDialog(FittingDialog):
    """Three pages: set up, running, result. Not modal: one can go on reading frames meanwhile."""

    def __init__(self, session: Session, setup: SetupPage, job: TrainingJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._job = session.workspace, job
        self._undecided = False  # a result that the reader has not answered yet
        self.setWindowTitle(tr("Retrain"))
        self.ask_for(820, 680)
        self.setup = setup
        self.running = RunningPage()
        self.outcome = ResultPage(session.workspace, session.thumbnails, session.navigation.choose)
        self._decision = ModelDecision(session, self.outcome)
        self.pages = QStackedWidget()
        for page in (self.setup, self.running, self.outcome):
            self.pages.addWidget(page)
        fill(QVBoxLayout(self.page), self.pages, text_label(tr("Research use only. Not for diagnosis."), "quiet"))
        self.setup.start.clicked.connect(self._start)
        self.setup.go_on.clicked.connect(self._go_on)
        self.running.cancel.clicked.connect(self._cancel)
        self.running.pause.clicked.connect(lambda on: job.pause(on=on))
        self.running.stop.clicked.connect(self._ask_to_stop)
        self.outcome.use.clicked.connect(self._promote)
        self.outcome.keep.clicked.connect(self._keep)
        self.outcome.again.clicked.connect(self.show_setup)
        for told in (job.reading, job.progressed):
            told.connect(self.running.show_progress)
        job.warning.connect(self.running.show_warning)
        job.happened.connect(self.running.show_event)
        job.ended.connect(self._ended)
        self._take_up()

    def _take_up(self) -> None:
        """The page of how the job stands: a window before this dialog, or before this window, may have begun it."""
        if self._job.running:
            self.running.begin()
            for event in self._job.told:
                self.running.show_event(event)
            self.pages.setCurrentWidget(self.running)
        elif self._job.state is JobState.IDLE:
            self.show_setup()
        else:
            self._ended()

    def come_back(self) -> None:
        """Show where the reader left off: a run under way, a result that waits for an answer, else the start."""
        if self._job.running:
            return
        if not self._undecided:
            self.show_setup()
        elif self._job.state is JobState.FINISHED:
            self._show_ended()  # another model may have been made the active one meanwhile

    def show_setup(self) -> None:
        """Show the first page, with the labels as they are now."""
        self._decided()
        self.setup.refresh()
        self.pages.setCurrentWidget(self.setup)

    def _start(self) -> None:
        self.setup.refresh()  # the reader may have gone on labelling beside this page
        if not self.setup.start.isEnabled():
            return
        preset, classes = self.setup.preset.currentData(), self.setup.chosen_classes
        self.running.begin()
        self.pages.setCurrentWidget(self.running)
        # a snapshot: labels given from now on are for the next training
        self._job.start(self._workspace.project, LabelSnapshot.take(self._workspace), preset, classes)

    def _go_on(self) -> None:
        if self.setup.interrupted:
            self.running.begin()
            self.pages.setCurrentWidget(self.running)
            self._job.resume(self._workspace.project, self.setup.interrupted)

    def _cancel(self) -> None:
        self.running.cancel.setEnabled(False)  # stopping the child takes seconds
        self.running.headline.setText(tr("Stopping ..."))
        self._job.cancel()

    def _ask_to_stop(self) -> None:
        words = tr("No further epoch is trained: the best so far is measured and offered. This training cannot be gone on with afterwards.")
        ask(self, tr("Retrain"), words, yes=tr("&Stop and keep it"), then=self._stop)

    def _stop(self) -> None:
        if self._job.running:  # it may have ended while the question stood there
            self._job.stop(self._workspace.reader)
            self.running.show_stopping()

    def _ended(self) -> None:
        self._undecided = True
        self.running.end()
        self.pages.setCurrentWidget(self.outcome)
        self._show_ended()

    def _show_ended(self) -> None:
        if self._job.state is JobState.FINISHED and self._job.result and self._job.model_folder:
            self._decision.show(self._job.result, self._job.model_folder)
        elif self._job.state is JobState.CANCELLED:
            self.outcome.show_sentence(tr("Cancelled."), tr("Nothing was changed: the active model is what it was."))
        else:
            sentence = tr("{reason} The active model is what it was.").format(reason=self._job.reason)
            self.outcome.show_sentence(tr("The training failed."), sentence)

    def _promote(self) -> None:
        if self._decision.use():
            self._keep()

    def _keep(self) -> None:
        self._decided()
        self.accept()

    def _decided(self) -> None:
        self._undecided = False
        self._job.put_aside()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes the dialog and leaves the run alone: it goes on, and the status bar shows it."""
        event.accept()
