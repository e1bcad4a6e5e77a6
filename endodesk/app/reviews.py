"""Reviews: which label each frame has now, kept in step with the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from endodesk.app.frames import FrameEntry
from endodesk.data.correction_store import StoredCorrection
from endodesk.data.database import Database
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import Correction


@dataclass(frozen=True, slots=True)
class Label:
    """What a frame is said to be: by its reader, or by its class folder."""

    name: str
    correction: StoredCorrection | None
    """None where only the folder says so."""


class Reviews:
    """The standing correction of every frame. Only the commands in `commands.py` change it."""

    def __init__(self, database: Database, changed: Callable[[Sha256], None]) -> None:
        self._corrections = database.corrections
        self._changed = changed
        self._current = self._corrections.current()
        self._history: tuple[Sha256, list[StoredCorrection]] | None = None  # of the frame asked for last

    def label_of(self, entry: FrameEntry, classes: frozenset[str]) -> Label | None:
        """The reader's label if there is one, else that of the class folder, else None."""
        stored = self._current.get(entry.sha256) if entry.sha256 else None
        if stored:
            return Label(stored.correction.label, stored)
        return Label(entry.folder_label, None) if entry.folder_label in classes else None

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """Everything said of a frame, oldest first, revoked ones too."""
        if self._history is None or self._history[0] != image:
            self._history = image, self._corrections.history(image)
        return self._history[1]

    def add(self, correction: Correction) -> int:
        """Append a correction; it is on disk when this returns. EndoDeskError if it could not be written."""
        row = self._corrections.add(correction)
        self._history = None
        self._current[correction.image] = StoredCorrection(row, correction)
        self._changed(correction.image)
        return row

    def revoke(self, row: int, image: Sha256, reader: str) -> None:
        """Take one back; what stood before it stands again."""
        self._corrections.revoke(row, reader=reader, at=datetime.now(UTC))
        self._history = None
        standing = [stored for stored in self.history(image) if stored.revoked_at is None]
        if standing:
            self._current[image] = standing[-1]
        else:
            self._current.pop(image, None)
        self._changed(image)

    def __len__(self) -> int:
        return len(self._current)
