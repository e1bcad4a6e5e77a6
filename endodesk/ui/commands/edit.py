"""The Edit menu: the reader's steps taken back, and done again."""

from endodesk.app.session import Session
from endodesk.ui.commands.actions import Actions


class EditCommands:
    """Both show the frame that the step was about."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def actions(self) -> Actions:
        """By name."""
        return {"undo": self._session.undo, "redo": self._session.redo}
