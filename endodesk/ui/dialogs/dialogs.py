"""The dialogs beside the window: each is made once a session, brought back when it is asked for, and closed with the session."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget


class ComesBack(Protocol):
    """A dialog that is not modal."""

    def come_back(self) -> None:
        """Show what is so now."""

    def show(self) -> None:
        """Qt's own."""

    def raise_(self) -> None:
        """Qt's own."""

    def close(self) -> bool:
        """Qt's own."""

    def deleteLater(self) -> None:
        """Qt's own."""


class Dialogs:
    """Those of one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._made: dict[Callable[..., ComesBack], ComesBack] = {}

    def bring(self, kind: Callable[..., ComesBack], *needs: Any) -> None:
        """Open a dialog made from what it needs, or bring it back."""
        dialog = self._made.get(kind) or kind(*needs, self._window)
        self._made[kind] = dialog
        dialog.come_back()
        dialog.show()
        dialog.raise_()

    def close(self) -> None:
        """All of them, for good."""
        for dialog in self._made.values():
            dialog.close()
            dialog.deleteLater()
        self._made.clear()
