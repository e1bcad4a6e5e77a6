"""A list of pictures in a dialog: a frame opens on a double click or Enter, thumbnails appear as they come."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

from endodesk.app.workspace import Workspace

LIST_PX = 384
"""Width of a list on the left of a page."""


class PictureList(QListView):
    """Only what is on screen is painted, and only what is painted asks for its thumbnail."""

    opening = Signal()
    """The reader wants the current item open. Not Qt's `activated`: some desktops send that for a single click."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)  # else Qt asks for the size of each item, in Python
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda _index: self.opening.emit())
        workspace.rows_changed.connect(self._repaint)  # a method: the list may go before the workspace, and Qt lets go of it then

    def _repaint(self, _first: int, _last: int) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current frame, as a double click does; all other keys are Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opening.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
