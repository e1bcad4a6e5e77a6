"""Retraining from the window: what there is to learn from, how it goes, and whether the new model is better."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.project.project_runs import learnt_here
from endodesk.app.retraining.retraining import LabelSnapshot
from endodesk.app.retraining.training_job import JobState, TrainingJob
from endodesk.app.workspace import Workspace
from endodesk.domain.errors import EndoDeskError
from endodesk.ui.training.retrain_result import ResultPage
from endodesk.ui.training.retrain_running import RunningPage
from endodesk.ui.training.retrain_setup import SetupPage
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import text_label


class RetrainDialog(FittingDialog):
    """Three pages: set up, running, result. Not modal: one can go on reading frames meanwhile."""

    def __init__(
        self,
        workspace: Workspace,
        setup: SetupPage,
        model: ActiveModel,
        job: TrainingJob,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._model, self._job = workspace, model, job
        self._undecided = False  # a result that the reader has not answered yet
        self.setWindowTitle(tr("Retrain"))
        self.ask_for(760, 620)
        self.setup = setup
        self.running = RunningPage()
        self.outcome = ResultPage()
        self.pages = QStackedWidget()
        for page in (self.setup, self.running, self.outcome):
            self.pages.addWidget(page)
        fill(QVBoxLayout(self.page), self.pages, text_label(tr("Research use only. Not for diagnosis."), "quiet"))
        self.setup.start.clicked.connect(self._start)
        self.setup.go_on.clicked.connect(self._go_on)
        self.running.cancel.clicked.connect(self._cancel)
        self.outcome.use.clicked.connect(self._promote)
        self.outcome.keep.clicked.connect(self._keep)
        self.outcome.again.clicked.connect(self.show_setup)
        job.reading.connect(self.running.show_reading)
        job.warning.connect(self.running.show_warning)
        job.happened.connect(self.running.show_event)
        job.ended.connect(self._ended)
        self.show_setup()

    def come_back(self) -> None:
        """Show where the reader left off: a run under way, a result that waits for an answer, else the start."""
        if not self._job.running and not self._undecided:
            self.show_setup()

    def show_setup(self) -> None:
        """Show the first page, with the labels as they are now."""
        self._undecided = False
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

    def _ended(self) -> None:
        self._undecided = True
        self.running.end()
        if self._job.state is JobState.FINISHED and self._job.result:
            self.outcome.show_comparison(self._job.result, self._active_name, same_parts=self._knows_active_parts)
        elif self._job.state is JobState.CANCELLED:
            self.outcome.show_sentence(tr("Cancelled."), tr("Nothing was changed: the active model is what it was."))
        else:
            sentence = tr("{reason} The active model is what it was.").format(reason=self._job.reason)
            self.outcome.show_sentence(tr("The training failed."), sentence)
        self.pages.setCurrentWidget(self.outcome)

    @property
    def _active_name(self) -> str:
        return self._workspace.predictor.bundle.name if self._workspace.predictor else ""

    @property
    def _knows_active_parts(self) -> bool:
        """Whether the active model was trained in this project, so that test frames were test frames for it too."""
        active = self._workspace.predictor
        return active is not None and learnt_here(self._workspace.project, active.bundle)

    def _promote(self) -> None:
        if self._job.model_folder is None:
            return
        try:
            why = marked("retrained; test figures compared by the reader")  # stored in English, told in the language of who reads it
            self._model.promote(self._job.model_folder, reader=self._workspace.reader, why=why)
        except EndoDeskError as error:
            self.outcome.show_sentence(tr("The new model cannot be used."), str(error))
            return
        self._keep()

    def _keep(self) -> None:
        self._undecided = False
        self.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes the dialog and leaves the run alone: it goes on, and the status bar shows it."""
        event.accept()
