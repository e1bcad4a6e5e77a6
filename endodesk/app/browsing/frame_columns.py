"""FrameColumns: what is known of every row, as arrays, so that 100,000 rows are filtered and ordered in milliseconds."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from endodesk.app.frames.frame_list import FrameList, class_depth
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import MARKS

NOTHING = -1
"""The number of a label, reader, answer or case that is not there."""


class LabelState(IntEnum):
    """Who says what a frame is."""

    NONE = 0  # these numbers are kept with the filters of projects
    FOLDER = 1
    READER = 2  # from here on readers have labelled it
    DISAGREEMENT = 3
    """Readers do, and not alike."""


class Words:
    """Names by number, in the order in which they were first heard."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        for name in names:
            self.number(name)

    def number(self, name: str) -> int:
        """The number of a name, a new one if it was not heard before; NOTHING for the empty name."""
        if not name:
            return NOTHING
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number

    def known(self, names: Iterable[str]) -> list[int]:
        """The numbers of those names that were heard."""
        return [self._numbers[name] for name in names if name in self._numbers]


# Why: docs/decisions/app.md 5
class FrameColumns:
    """One array a column, one place a row. Labels and answers share their numbers, so they can be compared."""

    def __init__(self, frames: FrameList, classes: LabelSet) -> None:
        n = len(frames)
        self.frames = frames
        self.classes, self.readers = Words(), Words()
        self.label: NDArray[np.int16] = np.full(n, NOTHING, np.int16)
        self.state: NDArray[np.int8] = np.zeros(n, np.int8)
        self.reader: NDArray[np.int16] = np.full(n, NOTHING, np.int16)
        self._team: NDArray[np.int32] = np.full(n, NOTHING, np.int32)  # of rows that several readers have labelled
        self._teams: dict[tuple[int, ...], int] = {}  # the number of each, in the order of these
        self.labelled_at: NDArray[np.float64] = np.full(n, np.nan)
        """Seconds since 1970; nan where no reader has labelled."""
        self.answer: NDArray[np.int16] = np.full(n, NOTHING, np.int16)
        self.confidence: NDArray[np.float32] = np.full(n, np.nan, np.float32)
        """The probability of the answer; nan where there is none."""
        self.marks: NDArray[np.uint8] = np.zeros(n, np.uint8)
        """A bit for each of MARKS, the first the lowest."""
        self.notes: dict[int, str] = {}
        self.group: NDArray[np.int64] | None = None
        """Rows of near-identical frames have the same number; None while that is not known."""
        self.case_names: list[str] = []
        self.case: NDArray[np.int32] = np.full(n, NOTHING, np.int32)
        """Number of the case of each row, in the order in which they first appear; NOTHING where a frame belongs to none."""
        self._folded: list[str] | None = None
        self.take_classes(classes)

    def __len__(self) -> int:
        return len(self.label)

    def take_classes(self, classes: LabelSet) -> None:
        """Words become the classes that they mean; class folders label their frames where no reader does, and others may be cases."""
        for name in classes.names:
            self.classes.number(name)
        today = np.array([*(self.classes.number(classes.class_of(name)) for name in list(self.classes.names)), NOTHING], np.int16)
        self.label, self.answer = today[self.label], today[self.answer]  # NOTHING, -1, is the last place
        label = self.of_folders(classes)
        mine = self.state < LabelState.READER  # what readers said stands, whatever is a class now
        self.label[mine] = label[mine]
        self.state[mine] = np.where(label[mine] == NOTHING, LabelState.NONE, LabelState.FOLDER)
        self._take_cases(classes)

    def of_folders(self, classes: LabelSet) -> NDArray[np.int16]:
        """For each row the class that its folder says; NOTHING where that is none."""
        labels = (classes.class_of(folder.label) if folder.label in classes else "" for folder in self.frames.folders)
        numbers = [self.classes.number(label) for label in labels]
        return np.array(numbers or [NOTHING], np.int16)[self.frames.folder_of]

    def _take_cases(self, classes: LabelSet) -> None:
        cases = Words()
        if self.frames.cases is not None:
            self.case = np.fromiter(map(cases.number, self.frames.cases), np.int32, len(self))
        else:
            below = class_depth(self.frames.folders, classes)
            numbers = [cases.number(folder.case_below(below, self.frames.case_rule)) for folder in self.frames.folders]
            self.case = np.array(numbers or [NOTHING], np.int32)[self.frames.folder_of]
        self.case_names = cases.names

    @property
    def has_cases(self) -> bool:
        """Whether any frame belongs to a case; without cases there are no headers."""
        return bool(self.case_names)

    def give(self, row: int, label: str, reader: str, at: datetime, readers: Iterable[str] = ()) -> None:
        """Note that a reader gave a row this label at this time, whatever its folder says; all its `readers`, if they are several."""
        self.label[row], self.state[row] = self.classes.number(label), LabelState.READER
        self.reader[row], self.labelled_at[row] = self.readers.number(reader), at.timestamp()
        self._team[row] = self._team_of(readers)

    def dispute(self, row: int, readers: Iterable[str]) -> None:
        """Note that readers gave a row different labels, of which none holds."""
        self.label[row], self.state[row] = NOTHING, LabelState.DISAGREEMENT
        self.reader[row], self.labelled_at[row] = NOTHING, np.nan
        self._team[row] = self._team_of(readers)

    def _team_of(self, readers: Iterable[str]) -> int:
        numbers = tuple(map(self.readers.number, readers))
        return self._teams.setdefault(numbers, len(self._teams)) if numbers else NOTHING

    def take_back(self, row: int, folder_label: str) -> None:
        """Note that no reader's label stands for a row; the folder's does, or none if it is empty."""
        self.label[row] = self.classes.number(folder_label)
        self.state[row] = LabelState.FOLDER if folder_label else LabelState.NONE
        self.reader[row], self.labelled_at[row], self._team[row] = NOTHING, np.nan, NOTHING

    def blank(self, rows: Sequence[int], *, answers: bool) -> None:
        """Forget what was said of these rows, also by their folders, and what the model `answers`, until they are looked at again."""
        places = np.asarray(rows, np.intp)
        self.label[places], self.state[places], self.reader[places] = NOTHING, LabelState.NONE, NOTHING
        self.labelled_at[places], self.marks[places], self._team[places] = np.nan, 0, NOTHING
        if answers:
            self.answer[places], self.confidence[places] = NOTHING, np.nan
        for row in self.notes.keys() & rows:
            del self.notes[row]

    def mark(self, row: int, marks: Collection[str], note: str) -> None:
        """Note what readers say of a row beside its class: which of MARKS, and a note, empty if there is none."""
        self.marks[row] = mark_bits(marks)
        if note:
            self.notes[row] = note
        else:
            self.notes.pop(row, None)

    def take_answer(self, row: int, answer: str, confidence: float) -> None:
        """Note what the model says of a row, and its probability (0..1); empty and nan for nothing."""
        self.answer[row], self.confidence[row] = self.classes.number(answer), confidence

    def forget_answers(self) -> None:
        """Forget the answers of all rows: another model answers from now on."""
        self.answer[:], self.confidence[:] = NOTHING, np.nan

    @property
    def labelled(self) -> dict[str, int]:
        """How many frames have each label that any frame has, whoever gave it; also labels that are no class any more."""
        counts = np.bincount(self.label[self.label != NOTHING], minlength=len(self.classes.names))
        return {name: int(n) for name, n in zip(self.classes.names, counts, strict=True) if n}

    @property
    def read(self) -> int:
        """How many frames readers have labelled, alike or not."""
        return int(np.count_nonzero(self.state >= LabelState.READER))

    @property
    def disagrees(self) -> NDArray[np.bool_]:
        """Rows whose label and answer are both there, and differ."""
        both = (self.label != NOTHING) & (self.answer != NOTHING)
        return np.asarray(both & (self.label != self.answer), np.bool_)

    def labelled_by(self, readers: Iterable[str]) -> NDArray[np.bool_]:
        """Rows that any of these readers has labelled, whosever word holds."""
        numbers = self.readers.known(readers)
        teams = [number for team, number in self._teams.items() if not set(numbers).isdisjoint(team)]
        return np.asarray(np.isin(self.reader, numbers) | np.isin(self._team, teams), np.bool_)

    def contains(self, words: str) -> NDArray[np.bool_]:
        """Rows whose name, case or note has all the words, in any case of letters."""
        if self._folded is None:
            self._folded = [name.casefold() for name in self.frames.names]
        found = np.ones(len(self), np.bool_)
        for word in words.casefold().split():
            has = np.fromiter((word in name for name in self._folded), np.bool_, len(self))
            has |= np.isin(self.case, [number for number, name in enumerate(self.case_names) if word in name.casefold()])
            has[[row for row, note in self.notes.items() if word in note.casefold()]] = True
            found &= has
        return found


def mark_bits(marks: Collection[str]) -> int:
    """Some of MARKS as one number."""
    return sum(1 << bit for bit, name in enumerate(MARKS) if name in marks)
