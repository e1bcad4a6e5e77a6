"""Reviews: what is said of each frame now, kept in step with the database; ReviewTable: the same, frozen, for jobs."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from endodesk.app.frames.frame_list import FrameEntry
from endodesk.data.acts.standing_words import FrameWords, StandingWords, StoredCorrection, marks_among
from endodesk.data.database import Database
from endodesk.domain.consensus import Basis
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import NO_MARKS, Marks
from endodesk.system.threads import main_thread_only

_UNSAID = FrameWords()


@dataclass(frozen=True, slots=True)
class Label:
    """What a frame is said to be: by its readers, or by its class folder."""

    name: str
    """The class of today, whatever it was called then; if it is none any more, the word that is on record. Empty while readers disagree."""
    correction: StoredCorrection | None
    """The word that holds; None where only the folder says so, and while readers disagree."""
    basis: Basis | None = None
    """Why it holds; None where only the folder says so."""
    readers: tuple[str, ...] = ()
    """All who have labelled the frame, where they are several."""

    @property
    def by_readers(self) -> bool:
        """Whether any reader has labelled the frame."""
        return self.basis is not None


class ReviewTable:
    """The standing labels and marks of every frame, as they were when this was made. Any thread may read it; nobody changes it."""

    def __init__(self, words: StandingWords | None = None) -> None:
        self._words = StandingWords() if words is None else words

    def label_of(self, entry: FrameEntry, classes: LabelSet) -> Label | None:
        """What holds by the project's rule (`endodesk.domain.consensus`), else what the class folder says, else None."""
        words = self._words.get(entry.sha256) if entry.sha256 else None
        decided = words.decided(classes.class_of) if words else None
        if words is None or decided is None:
            return Label(classes.class_of(entry.folder_label), None) if entry.folder_label in classes else None
        readers = tuple(stored.correction.reader for stored in words.labels) if len(words.labels) > 1 else ()
        return _label(decided.word, decided.basis, classes, readers)

    def own_label_of(self, entry: FrameEntry, classes: LabelSet, reader: str) -> Label | None:
        """What one reader said, whatever others or the folder say."""
        own = self.words_of(entry.sha256).of(reader)
        return _label(own, Basis.SINGLE, classes) if own else None

    def classes_said(self, entries: Iterable[FrameEntry], classes: LabelSet) -> Counter[str]:
        """How many of these frames any reader calls each class, whether that holds or not; of unlabelled ones by their folders."""
        counts: Counter[str] = Counter()
        for entry in entries:
            said = self.words_of(entry.sha256).classes(classes.class_of)
            counts.update(said or ([classes.class_of(entry.folder_label)] if entry.folder_label in classes else []))
        return counts

    def words_of(self, image: Sha256 | None) -> FrameWords:
        """What each reader says the class of a frame is; nothing for a frame whose content is not known yet."""
        return self._words.get(image, _UNSAID) if image else _UNSAID

    def disputed(self, class_of: Callable[[str], str]) -> list[Sha256]:
        """Frames on which readers disagree, and nobody has given a verdict."""
        decided = ((image, words.decided(class_of)) for image, words in self._words.labelled_by_several())
        return [image for image, found in decided if found and found.basis is Basis.DISAGREEMENT]

    def marks_of(self, image: Sha256 | None) -> Marks:
        """What stands beside the label; nothing for a frame whose content is not known yet."""
        return self._words.marks.get(image, NO_MARKS) if image else NO_MARKS

    @property
    def readers(self) -> list[str]:
        """Everybody who has labelled a frame, by name."""
        return sorted(self._words.readers())

    @property
    def marked(self) -> int:
        """Frames beside whose label anything stands."""
        return sum(marks != NO_MARKS for marks in self._words.marks.values())

    def own_marks_of(self, image: Sha256 | None, reader: str) -> Marks:
        """What one reader said beside the label of a frame, whatever others say."""
        return marks_among(stored for stored in self._words.beside(image) if stored.correction.reader == reader) if image else NO_MARKS

    def newest_at(self, images: Iterable[Sha256]) -> datetime | None:
        """When anything that stands of these frames was said last."""
        words = (self._words.get(image, _UNSAID) for image in images)
        classed = (stored for of in words for stored in (*of.labels, *of.verdicts))
        beside = (stored for image in images for stored in self._words.beside(image))
        return max((stored.correction.at for stored in (*classed, *beside)), default=None)

    def is_labelled(self, image: Sha256 | None) -> bool:
        """Whether a reader's label stands."""
        return image in self._words

    def is_done(self, image: Sha256 | None) -> bool:
        """Whether a reader has dealt with a frame: labelled it, set it aside, or called it not sure."""
        marks = self.marks_of(image)
        return self.is_labelled(image) or marks.unfit or marks.not_sure

    def __len__(self) -> int:
        """Frames that a reader has labelled."""
        return len(self._words)


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What stands of some frames, as a job has read it, which tens of thousands take seconds for."""

    words: StandingWords
    changes: int
    """`Reviews.changes` before it was read: with any other since, it does not hold any more."""


class Reviews(ReviewTable):
    """The live ReviewTable, kept in step with the database. Only `ReviewLog` changes it, on the main thread; jobs get a `snapshot`."""

    def __init__(self, database: Database) -> None:
        self._corrections = database.corrections
        super().__init__(self._corrections.words())
        self.changes = 0
        """Grows with every label or mark that is given or taken back."""
        self._history: tuple[Sha256, list[StoredCorrection]] | None = None  # of the frame asked for last

    @main_thread_only
    def snapshot(self) -> ReviewTable:
        """What is said now; some milliseconds for 100,000 labels."""
        return ReviewTable(self._words.copy())

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """Everything that readers said of a frame, oldest first, also what was taken back."""
        if self._history is None or self._history[0] != image:
            self._history = image, self._corrections.history(image)
        return self._history[1]

    @main_thread_only
    def read_again(self, images: Sequence[Sha256], ahead: ReadAhead | None = None) -> None:
        """Read anew what stands of these frames, since the database has changed for them; or take what a job read, if it still holds."""
        words = ahead.words if ahead and ahead.changes == self.changes else self._corrections.words_on(images)
        self.changes += 1
        self._history = None
        self._words.replace(images, words)


def _label(word: StoredCorrection | None, basis: Basis, classes: LabelSet, readers: tuple[str, ...] = ()) -> Label:
    return Label(classes.class_of(word.correction.value) if word else "", word, basis, readers)
