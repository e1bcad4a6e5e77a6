"""CaseReview: the case of the open frame: what is in it, which of its frames matter, what was concluded, and the way to other cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from endodesk.app.browsing.frame_columns import NOTHING, FrameColumns, LabelState
from endodesk.app.browsing.navigation import Navigation
from endodesk.app.browsing.row_facts import RowFacts
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.cases.earlier_cases import as_one, concluded_cases
from endodesk.app.language import marked
from endodesk.app.workspace import Workspace
from endodesk.data.chain.writing import ActNote
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.reviews import MARKS

MOST_DISAGREEMENTS, MOST_DOUBTFUL = 4, 2
MANY = 2_000
"""Frames that are looked through one by one without anybody waiting; more belong to no case as a rule."""
_SPARE = 100  # more than are chosen, since copies of a frame count once

Rows = NDArray[np.intp]


class Why(StrEnum):
    """Why a frame matters in its case."""

    DISAGREES = marked("label and answer differ")
    SUREST = marked("surest of its class")
    DOUBTFUL = marked("least sure")


@dataclass(frozen=True, slots=True)
class FrameInCase:
    """One frame of a case, as far as readers and model have spoken of it."""

    row: int
    content: str
    """Equal for copies of one frame."""
    label: str
    answer: str
    """Empty where there is none, or it is kept from the reader."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Notable:
    """A frame that matters in its case, with the first reason for it that holds."""

    said: FrameInCase
    why: Why


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Counts of one case. Classes are the most frequent first."""

    name: str
    frames: int
    by_reader: int
    labels: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, int], ...]
    marks: tuple[tuple[str, int], ...]
    """How many frames have each of MARKS, in the order of MARKS; those that none has are left out."""
    notes: int
    hidden: int
    """Frames whose answer is kept from the reader."""


def that_matter(frames: Iterable[FrameInCase]) -> list[Notable]:
    """Disagreements, the surest first; the surest frame of each class answered; the least sure. Each content once, in this order."""
    answered = [said for said in frames if said.answer]
    surest_first = sorted(answered, key=lambda said: (-said.confidence, said.row))
    best: dict[str, FrameInCase] = {}
    for said in surest_first:
        best.setdefault(said.answer, said)
    differing = [said for said in surest_first if said.label and said.label != said.answer]
    chosen: list[Notable] = []
    seen: set[str] = set()

    def take(these: Iterable[FrameInCase], why: Why, most: int) -> None:
        for said in these:
            if most > 0 and said.content not in seen:
                seen.add(said.content)
                chosen.append(Notable(said, why))
                most -= 1

    take(differing, Why.DISAGREES, MOST_DISAGREEMENTS)
    take(best.values(), Why.SUREST, len(best))
    take(reversed(surest_first), Why.DOUBTFUL, MOST_DOUBTFUL)
    return chosen


def candidates(rows: Rows, columns: FrameColumns) -> Rows:
    """All rows of a case of usual size. Of one with very many those that can matter, with some to spare for copies.

    That is: the surest disagreements, the surest of each class, the least sure.
    """
    if len(rows) <= MANY:
        return rows
    answered = rows[columns.answer[rows] != NOTHING]
    surest_first = answered[np.argsort(-columns.confidence[answered], kind="stable")]
    of_class = [surest_first[columns.answer[surest_first] == number][:_SPARE] for number in np.unique(columns.answer[answered])]
    return np.unique(np.concatenate([surest_first[columns.disagrees[surest_first]][:_SPARE], surest_first[-_SPARE:], *of_class]))


class CaseReview(QObject):
    """The cases of one workspace. One without a name (frames that belong to none) has figures, but no conclusion."""

    concluded = Signal(str)
    """Another conclusion holds of the case of this name."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, facts: RowFacts, navigation: Navigation) -> None:
        super().__init__(workspace)
        self._workspace, self._shown, self._facts, self._navigation = workspace, shown, facts, navigation

    # --- which case -------------------------------------------------------------------------------------------------

    @property
    def case(self) -> int:
        """The number of the open frame's case; NOTHING where it belongs to none."""
        columns, row = self._shown.columns, self._workspace.row
        return int(columns.case[row]) if 0 <= row < len(columns) else NOTHING

    @property
    def name(self) -> str:
        """Name of the open frame's case; empty where it belongs to none."""
        return self.name_of(self.case)

    def name_of(self, case: int) -> str:
        """Name of a case, given by its number; empty for NOTHING."""
        return self._shown.columns.case_names[case] if case != NOTHING else ""

    def go(self, step: int) -> bool:
        """Go to the first frame shown of the next case (+1) or of the one before (-1); whether there is one."""
        return self._go(step, lambda _: True)

    def go_to_open(self) -> bool:
        """Go to the next case of which nothing is concluded; whether there is one."""
        concluded = self._workspace.project.database.conclusions.concluded()
        done = concluded_cases(self._shown.columns, self._workspace.label_set, concluded)
        return self._go(+1, lambda case: self.name_of(case) not in done)

    def _go(self, step: int, wanted: Callable[[int], bool]) -> bool:
        shown = self._shown
        cases = shown.columns.case[shown.rows]
        order = list(dict.fromkeys(int(case) for case in cases if case != NOTHING))
        here = self.case
        place = order.index(here) if here in order else (-1 if step > 0 else len(order))  # none: all lie ahead
        rest = order[place + 1 :] if step > 0 else order[:place][::-1] if place > 0 else []
        target = next((case for case in rest if wanted(case)), None)
        if target is not None:
            self._navigation.choose(int(shown.rows[int(np.argmax(cases == target))]))
        return target is not None

    # --- what is in it ----------------------------------------------------------------------------------------------

    def frames(self, case: int) -> list[FrameInCase]:
        """The frames of a case that can be read, in the order of the folder; of very many those alone that can matter."""
        workspace, columns = self._workspace, self._shown.columns
        rows = candidates(np.flatnonzero(columns.case == case), columns)
        return [self._said(int(row)) for row in rows if not workspace.frames.is_unreadable(int(row))]

    def _said(self, row: int) -> FrameInCase:
        label, answer = self._workspace.label_of(row), self._facts.answer_of(row)
        # not read yet: like no other
        content = self._workspace.frames.sha256s[row] or f"row {row}"
        name, confidence = answer or ("", float("nan"))
        return FrameInCase(row, content, label.name if label else "", name, confidence)

    def notable(self, case: int) -> list[Notable]:
        """The frames of a case that matter."""
        return that_matter(self.frames(case))

    def figures(self, case: int) -> CaseFigures:
        """Counts of one case (by its number) for its panel and its report; no answer that is kept from the reader is in them."""
        workspace, columns = self._workspace, self._shown.columns
        rows = np.flatnonzero(columns.case == case)
        marks = columns.marks[rows]
        given = ((str(mark), int(((marks >> place) & 1).sum())) for place, mark in enumerate(MARKS))
        return CaseFigures(
            self.name_of(case),
            len(rows),
            int((columns.state[rows] >= LabelState.READER).sum()),
            _counted(columns.label[rows], columns.classes.names),
            self._answers(rows),
            tuple((mark, n) for mark, n in given if n),
            int(np.isin(rows, list(columns.notes)).sum()),
            sum(workspace.hides_answer(int(row)) for row in rows) if workspace.blind.on else 0,  # else no row need be asked
        )

    def _answers(self, rows: Rows) -> tuple[tuple[str, int], ...]:
        """How often each class was answered; who reads blind is told of no more frames than can be looked through one by one."""
        columns = self._shown.columns
        if len(rows) > MANY:
            return () if self._workspace.blind.on else _counted(columns.answer[rows], columns.classes.names)
        return _most_frequent(Counter(said[0] for row in rows if (said := self._facts.answer_of(int(row)))))

    # --- the conclusion ---------------------------------------------------------------------------------------------

    def history(self, name: str) -> list[Conclusion]:
        """All that was concluded of a case, oldest first."""
        return self._today(self._workspace.project.database.conclusions.history(name))

    def of_folders(self, name: str) -> list[Conclusion]:
        """All that was concluded of folders in the case, and of those around it, when these were the cases; oldest first."""
        if self._workspace.frames.cases is not None:  # a pattern names the cases: a stroke in a name is no folder
            return []
        return self._today(self._workspace.project.database.conclusions.of_folders(name))

    def _today(self, conclusions: Sequence[Conclusion]) -> list[Conclusion]:
        """Their findings as the classes of today."""
        class_of = self._workspace.label_set.class_of
        return [replace(one, finding=class_of(one.finding)) for one in conclusions]

    def holding(self, name: str) -> Conclusion | None:
        """What is concluded of a case now: of itself, else of its folders; None if nothing is."""
        history = self.history(name)
        return history[-1] if history else as_one(self.of_folders(name), name)

    def conclude(self, name: str, text: str, finding: str) -> bool:
        """Keep what the reader concludes, if it is another conclusion than the one that holds; whether it was.

        On disk when this returns. BadRequest if it is too long, EndoDeskError if it could not be kept.
        """
        text = text.strip()
        before = self.history(name)
        if (text, finding) == ((before[-1].text, before[-1].finding) if before else ("", "")):
            return False
        conclusion = Conclusion(name, text, finding, self._workspace.reader, datetime.now(UTC))
        self._workspace.project.database.conclusions.add(conclusion, note=ActNote(spent_ms=self._workspace.shown_ms))
        self.concluded.emit(name)
        return True


def _counted(numbers: NDArray[np.int16], names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    counts = np.bincount(numbers[numbers != NOTHING], minlength=len(names))
    return _most_frequent({name: int(n) for name, n in zip(names, counts, strict=True) if n})


def _most_frequent(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
