"""The Edit menu: the reader's steps taken back, and done again."""

from collections.abc import Callable

from endodesk.ui.commands.actions import Actions


class EditCommands:
    """Undo and redo; both show the frame that the step was about (docs/decisions/app.md 4)."""

    def __init__(self, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self._undo, self._redo = undo, redo

    def actions(self) -> Actions:
        """`undo` and `redo`; the window greys out their entries while there is nothing to take back or do again."""
        return {"undo": self._undo, "redo": self._redo}
