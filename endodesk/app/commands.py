"""The only code that changes a review. Each command can be undone and redone; each change is a row of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QUndoCommand

from endodesk.app.reviews import Reviews
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.reviews import Correction


class CorrectLabel(QUndoCommand):
    """A reader gives a frame a label. Undo revokes the row; redo appends a new one with its own time."""

    def __init__(
        self, reviews: Reviews, correction: Correction, path: Path, *, reader: Callable[[], str], failed: Callable[[str], None]
    ) -> None:
        super().__init__(f"{correction.label} for {path.name}")
        self.path = path
        self._reviews, self._correction, self._reader, self._failed = reviews, correction, reader, failed
        self._row = reviews.add(correction)  # here and not in redo(): Qt would swallow the error of a full disk
        self._first = True

    def redo(self) -> None:
        """Append the row again; the push that makes the command has done so already."""
        if self._first:
            self._first = False
            return
        try:
            self._row = self._reviews.add(replace(self._correction, reader=self._reader(), at=datetime.now(UTC)))
        except EndoDeskError as error:
            self._give_up(f"The label was not given again. {error}")

    def undo(self) -> None:
        """Revoke the row."""
        try:
            self._reviews.revoke(self._row, self._correction.image, self._reader())
        except EndoDeskError as error:
            self._give_up(f"The label was not taken back. {error}")

    def _give_up(self, reason: str) -> None:
        self.setObsolete(True)
        self._failed(reason)
