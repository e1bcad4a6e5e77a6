"""The offer to find out whether the model will work on new frames: a quiet button in the status bar, once a project."""

import contextlib
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.language import tr
from endodesk.app.session import Session
from endodesk.data.setting_store import FIT_TOLD
from endodesk.domain.errors import EndoDeskError
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import fill

_FEWEST = 50
"""Frames of a folder for which it is worth a word."""


class FitOffer(QWidget):
    """Comes once a model that was made elsewhere has answered all frames of a project that is new; a click on its button does it."""

    def __init__(self, does: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = tr("What the model probably finds among these frames, without labels")
        self.button = push_button(tr("Will it work here?"), self._take, tip=tip, kind="chip")
        fill(QHBoxLayout(self), self.button, edge_px=0)
        self.hide()
        self._does = does
        self._session: Session | None = None

    def follow(self, session: Session) -> None:
        """Of this project from now on."""
        self.hide()
        project = session.project
        told = project.is_nothing or bool(project.database.settings.get(FIT_TOLD))
        self._session = None if told else session
        if not told:
            session.answers.progressed.connect(self._look)

    def _look(self) -> None:
        session = self._session
        if session is None or session.answers.state is not AnswersState.IDLE or session.workspace.blind.on:
            return
        progress, predictor = session.answers.progress, session.workspace.predictor
        if predictor is None or progress.answered < _FEWEST or progress.answered < progress.total:
            return
        from endodesk.app.project.project_runs import trained_here  # brings the set-up of trainings: the start does not wait for it

        self._session = None  # once: no later answer asks again
        if trained_here(session.project, predictor.bundle):
            return
        with contextlib.suppress(EndoDeskError):  # what could not be noted is offered again
            session.project.database.settings.set(FIT_TOLD, True)
        self.show()

    def _take(self) -> None:
        self.hide()
        self._does()
