"""The application object: it hears of files that the system asks to open (macOS does not name them on the command line)."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Overrides `event` instead of filtering: an event filter would be asked, in Python, about every event of every widget."""

    file_asked = Signal(Path)
    """A file that was double-clicked, or dropped on the program's icon; not necessarily one that exists or that is ours."""

    def event(self, event: QEvent) -> bool:
        """Take a request to open a file out of the stream; all other events go to Qt unchanged."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_asked.emit(Path(event.file()))
            return True
        return super().event(event)
