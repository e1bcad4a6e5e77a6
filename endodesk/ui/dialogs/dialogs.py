"""The dialogs beside the window: each is made once a session, brought back when it is asked for, and closed with the session."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget


class ComesBack(Protocol):
    """A dialog that is not modal: the reader goes back and forth between it and the window."""

    def come_back(self) -> None:
        """Bring the contents up to date, before it is shown again."""

    def show(self) -> None:
        """As QWidget does: it is on the screen, or stays there."""

    def raise_(self) -> None:
        """As QWidget does: nothing of the program stands before it."""

    def close(self) -> bool:
        """As QWidget does: whether it agreed to close."""

    def deleteLater(self) -> None:
        """As QObject does: it goes once the event loop is reached."""


class Dialogs:
    """The dialogs of one window, at most one of each kind."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._made: dict[str, ComesBack] = {}

    def bring(self, name: str, make: Callable[[QWidget], ComesBack]) -> None:
        """Bring back the dialog of that name; the first time `make` it, as a child of the window."""
        dialog = self._made[name] = self._made.get(name) or make(self._window)  # at the first wish, to keep the start short
        dialog.come_back()
        dialog.show()
        dialog.raise_()  # it may be open already, behind the window

    def close(self) -> None:
        """Close and delete all of them: another project begins with dialogs of its own."""
        for dialog in self._made.values():
            dialog.close()
            dialog.deleteLater()
        self._made.clear()
