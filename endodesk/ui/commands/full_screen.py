"""The frame alone on the screen, or all panels again."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget


class FullScreen:
    """Full screen of one window: `panels` are hidden besides its bars, and keys of `entries` work as ever."""

    def __init__(self, window: QMainWindow, panels: Collection[QWidget], entries: Collection[QAction]) -> None:
        self._window, self._panels, self._entries = window, panels, entries
        self._hidden: tuple[QWidget, ...] = ()
        self._lent: tuple[QAction, ...] = ()
        """Entries that the window itself holds while their menus are hidden; taken from it again at the end."""

    @property
    def on(self) -> bool:
        """Whether the frame stands alone on the screen now."""
        return bool(self._hidden)

    def turn(self) -> None:
        """Show the frame alone, or bring back what was hidden for it."""
        if self.on:
            self.leave()
        else:
            self._enter()

    def _enter(self) -> None:
        window = self._window
        around = [window.menuBar(), window.statusBar(), *window.findChildren(QToolBar), *self._panels]
        self._hidden = tuple(widget for widget in around if widget.isVisibleTo(window))  # what was hidden before stays hidden afterwards
        # entries without a line in a menu are the window's own already, and stay so
        self._lent = tuple(action for action in self._entries if action not in window.actions())
        window.addActions(self._lent)  # entries of a menu that is hidden hear no key
        for widget in self._hidden:
            widget.hide()
        # added to what there is: a window that was maximised is so again afterwards
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)

    def leave(self) -> None:
        """Bring back what was hidden. Whoever takes panels away calls this first: they must be there to be taken."""
        if not self.on:
            return
        for widget in self._hidden:
            widget.show()
        self._hidden = ()
        for action in self._lent:
            self._window.removeAction(action)
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowFullScreen)
