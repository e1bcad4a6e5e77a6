"""The Data menu: what the next training would learn from and be tested on."""

from PySide6.QtWidgets import QWidget

from endodesk.app.session import Session
from endodesk.ui.commands.actions import Actions
from endodesk.ui.dialogs.dialogs import Dialogs


class DataCommands:
    """Opens its dialog beside the window, not before it: the reader goes back and forth between the two."""

    def __init__(self, dialogs: Dialogs, session: Session) -> None:
        self._dialogs, self._session = dialogs, session

    def actions(self) -> Actions:
        """`check_splits` alone; its dialog is made when it is first asked for, and brought back afterwards."""
        return {"check_splits": self._check_splits}

    def _check_splits(self) -> None:
        from endodesk.app.retraining.split_checker import SplitChecker  # brings the grouping of training: only who asks waits for it
        from endodesk.ui.splits.dialog import SplitsDialog

        session = self._session

        def make(window: QWidget) -> SplitsDialog:
            checker = SplitChecker(session.workspace, session.jobs, session.overriding, session.model)
            return SplitsDialog(checker, session.workspace, session.navigation, session.thumbnails, session.jobs, session.stops, window)

        self._dialogs.bring("splits", make)
