"""The Model menu: train a new one, and which one answers."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from endodesk.app.retraining.learning_along import LEARNING, LearningAlong
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.session import Session
from endodesk.ui.commands.actions import Actions
from endodesk.ui.dialogs.dialogs import Dialogs

if TYPE_CHECKING:
    pass


class ModelCommands:
    """Opens its dialogs beside the window: a training goes on while the reader does."""

    def __init__(self, dialogs: Dialogs, session: Session, job: TrainingJob) -> None:
        self._dialogs, self._session, self._job = dialogs, session, job
        self._along = LearningAlong(session.workspace, session.jobs, session.labelling, lambda: session.shown.columns, job)
        session.candidate = lambda: self._along.for_queues
        session.stops[LEARNING] = self._along.job.cancel

    def actions(self) -> Actions:
        """`retrain`, `learn_along`, `judge_fit` and `show_models`: dialogs, made when first asked for, and brought back afterwards."""
        return {
            "retrain": self._retrain,
            "learn_along": self._learn_along,
            "judge_fit": self._judge_fit,
            "show_models": self._show_models,
        }

    def _retrain(self) -> None:
        from endodesk.ui.training.retrain_dialog import RetrainDialog  # brings pyqtgraph: only who retrains waits for it
        from endodesk.ui.training.retrain_setup import SetupPage

        session = self._session
        # columns are asked for late: a folder read again has others

        def make(window: QWidget) -> RetrainDialog:
            setup = SetupPage(session.workspace, lambda: session.shown.columns, session.use_classes)
            return RetrainDialog(session, setup, self._job, window)

        self._dialogs.bring("retrain", make)

    def _learn_along(self) -> None:
        from endodesk.ui.training.learning_dialog import LearningDialog

        session, along = self._session, self._along
        self._dialogs.bring("learning", lambda window: LearningDialog(session, along, window))

    def _judge_fit(self) -> None:
        from endodesk.ui.fit.dialog import FitDialog

        session = self._session
        self._dialogs.bring("fit", lambda window: FitDialog(session, window))

    def _show_models(self) -> None:
        from endodesk.ui.training.models_dialog import ModelsDialog

        session = self._session
        self._dialogs.bring("models", lambda window: ModelsDialog(session, window))
