"""Reviews: what is said of each frame now, kept in step with the database; ReviewTable: the same, frozen, for jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from endodesk.app.frames.frame_list import FrameEntry
from endodesk.data.correction_store import StoredCorrection
from endodesk.data.database import Database
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import NO_MARKS, Marks
from endodesk.system.threads import main_thread_only


@dataclass(frozen=True, slots=True)
class Label:
    """What a frame is said to be: by its reader, or by its class folder."""

    name: str
    """The class of today, whatever it was called then; if it is none any more, the word that is on record."""
    correction: StoredCorrection | None
    """None where only the folder says so."""


class ReviewTable:
    """The standing label and marks of every frame, as they were when this was made. Any thread may read it; nobody changes it."""

    def __init__(self, current: dict[Sha256, StoredCorrection], marks: dict[Sha256, Marks]) -> None:
        self._current, self._marks = current, marks

    def label_of(self, entry: FrameEntry, classes: LabelSet) -> Label | None:
        """The reader's label if there is one, else that of the class folder, else None."""
        stored = self._current.get(entry.sha256) if entry.sha256 else None
        if stored:
            return Label(classes.class_of(stored.correction.value), stored)
        return Label(classes.class_of(entry.folder_label), None) if entry.folder_label in classes else None

    def marks_of(self, image: Sha256 | None) -> Marks:
        """What stands beside the label; nothing for a frame whose content is not known yet."""
        return self._marks.get(image, NO_MARKS) if image else NO_MARKS

    def is_labelled(self, image: Sha256 | None) -> bool:
        """Whether a reader's label stands."""
        return image in self._current

    def is_done(self, image: Sha256 | None) -> bool:
        """Whether a reader has dealt with a frame: labelled it, set it aside, or called it not sure."""
        marks = self.marks_of(image)
        return self.is_labelled(image) or marks.unfit or marks.not_sure

    def __len__(self) -> int:
        """Frames that a reader has labelled."""
        return len(self._current)


class Reviews(ReviewTable):
    """The live ReviewTable, kept in step with the database. Only `ReviewLog` changes it, on the main thread; jobs get a `snapshot`."""

    def __init__(self, database: Database) -> None:
        self._corrections = database.corrections
        super().__init__(self._corrections.current(), self._corrections.marks())
        self.changes = 0
        """Grows with every label or mark that is given or taken back."""
        self._history: tuple[Sha256, list[StoredCorrection]] | None = None  # of the frame asked for last

    @main_thread_only
    def snapshot(self) -> ReviewTable:
        """What is said now; some milliseconds for 100,000 labels."""
        return ReviewTable(self._current.copy(), self._marks.copy())

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """Everything that readers said of a frame, oldest first, also what was taken back."""
        if self._history is None or self._history[0] != image:
            self._history = image, self._corrections.history(image)
        return self._history[1]

    @main_thread_only
    def read_again(self, images: Sequence[Sha256]) -> None:
        """Read anew what stands of these frames, since the database has changed for them."""
        self.changes += 1
        self._history = None
        current, marks = self._corrections.standing(images)
        for image in images:  # of what was taken back nothing comes again
            self._current.pop(image, None)
            self._marks.pop(image, None)
        self._current.update(current)
        self._marks.update(marks)
