"""The Edit menu: the reader's steps taken back, and done again."""

from collections.abc import Callable

from endodesk.ui.commands.actions import Actions


class EditCommands:
    """Both show the frame that the step was about."""

    def __init__(self, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self._undo, self._redo = undo, redo

    def actions(self) -> Actions:
        """By name."""
        return {"undo": self._undo, "redo": self._redo}
