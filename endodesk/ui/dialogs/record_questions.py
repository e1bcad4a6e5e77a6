"""What the window says when the project's file was exchanged under it, or is an older copy."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from endodesk.app.language import tr
from endodesk.app.review.record_guard import RecordGuard
from endodesk.data.database import Database
from endodesk.ui.dialogs.questions import ask, warn


class RecordQuestions:
    """Of one project; every warning of the window goes through here. `open_again` closes it and opens what lies in its place now."""

    def __init__(self, window: QWidget, database: Database, guard: RecordGuard, open_again: Callable[[], None]) -> None:
        self._window, self._database, self._guard, self._open_again = window, database, guard, open_again
        self._asking = False
        guard.lost.connect(self.warn)
        guard.found.connect(self._offer)
        guard.withheld.connect(self._ask_to_take_on)

    def warn(self, text: str) -> None:
        """Show a sentence that must be seen; with the way out of it once nothing more can be stored, one at a time."""
        if self._database.lost is None or not self._database.path.parent.is_dir():
            warn(self._window, text)
        elif not self._asking:
            self._asking = True
            box = ask(self._window, tr("The project's file"), text, yes=tr("Open again"), then=self._open_again)
            box.finished.connect(self._closed)

    def _closed(self) -> None:
        self._asking = False

    def _offer(self, text: str, journals: list[Path]) -> None:
        take_in = self._guard.take_in
        ask(self._window, tr("Labels found"), text, yes=tr("Take them in"), then=lambda: take_in(journals, self._open_again))

    def _ask_to_take_on(self, text: str) -> None:
        ask(self._window, tr("A project from elsewhere"), text, yes=tr("Look there"), then=lambda: self._guard.take_on(self._open_again))
