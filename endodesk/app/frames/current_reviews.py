"""Reviews: what is said of each frame now, kept in step with the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from endodesk.app.frames.frame_list import FrameEntry
from endodesk.data.correction_store import StoredCorrection
from endodesk.data.database import Database
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import NO_MARKS, Marks


@dataclass(frozen=True, slots=True)
class Label:
    """What a frame is said to be: by its reader, or by its class folder."""

    name: str
    correction: StoredCorrection | None
    """None where only the folder says so."""


class Reviews:
    """The standing label and marks of every frame. Only `ReviewLog` changes them."""

    def __init__(self, database: Database) -> None:
        self._corrections = database.corrections
        self._current = self._corrections.current()
        self._marks = self._corrections.marks()
        self.done = {*self._current, *_set_aside(self._marks)}
        """Frames that a reader has dealt with: labelled, set aside, or called not sure. To be read only."""
        self._history: tuple[Sha256, list[StoredCorrection]] | None = None  # of the frame asked for last

    def label_of(self, entry: FrameEntry, classes: frozenset[str]) -> Label | None:
        """The reader's label if there is one, else that of the class folder, else None."""
        stored = self._current.get(entry.sha256) if entry.sha256 else None
        if stored:
            return Label(stored.correction.value, stored)
        return Label(entry.folder_label, None) if entry.folder_label in classes else None

    def marks_of(self, image: Sha256 | None) -> Marks:
        """What stands beside the label; nothing for a frame whose content is not known yet."""
        return self._marks.get(image, NO_MARKS) if image else NO_MARKS

    def is_labelled(self, image: Sha256 | None) -> bool:
        """Whether a reader's label stands."""
        return image in self._current

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """Everything said of a frame, oldest first, also what was taken back."""
        if self._history is None or self._history[0] != image:
            self._history = image, self._corrections.history(image)
        return self._history[1]

    def read_again(self, images: Sequence[Sha256]) -> None:
        """From the database, which has changed for these frames."""
        self._history = None
        current, marks = self._corrections.standing(images)
        for image in images:
            self._current.pop(image, None)
            self._marks.pop(image, None)
        self._current.update(current)
        self._marks.update(marks)
        self.done.difference_update(images)
        self.done.update(current, _set_aside(marks))

    def __len__(self) -> int:
        """Frames that a reader has labelled."""
        return len(self._current)


def _set_aside(marks: Mapping[Sha256, Marks]) -> Iterator[Sha256]:
    return (image for image, said in marks.items() if said.unfit or said.not_sure)
