"""The application object: it hears of files that the system asks to open (macOS does not name them on the command line)."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """A method of its own, not an event filter: that would be asked about every event of every widget."""

    file_asked = Signal(Path)
    """A double click, or a drop on the program's icon."""

    def event(self, event: QEvent) -> bool:
        """Qt's own."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_asked.emit(Path(event.file()))
            return True
        return super().event(event)
