"""The Data menu: what the next training would learn from and be tested on."""

from endodesk.app.session import Session
from endodesk.ui.commands.actions import Actions
from endodesk.ui.dialogs.dialogs import Dialogs


class DataCommands:
    """In a dialog beside the window."""

    def __init__(self, dialogs: Dialogs, session: Session) -> None:
        self._dialogs, self._session = dialogs, session

    def actions(self) -> Actions:
        """By name."""
        return {"check_splits": self._check_splits}

    def _check_splits(self) -> None:
        from endodesk.ui.splits.dialog import SplitsDialog

        self._dialogs.bring(SplitsDialog, self._session)
