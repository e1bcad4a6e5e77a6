"""FrameFilter: which rows a reader wants to see; all its parts must hold. And FrameOrder: in which order."""

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_columns import FrameColumns, LabelState, mark_bits
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.language import marked, tr
from endodesk.domain.images import printable

STATES = {
    LabelState.READER: marked("labelled by a reader"),
    LabelState.FOLDER: marked("by folder only"),
    LabelState.NONE: marked("unlabelled"),
    LabelState.DISAGREEMENT: marked("readers disagree"),
}
WITHOUT_CASE = marked("without a case")


@dataclass(frozen=True, slots=True)
class FrameFilter:
    """Empty parts ask for nothing; of several values in one part any may be met."""

    classes: tuple[str, ...] = ()
    states: tuple[int, ...] = ()
    """Who says what a frame is, as numbers of LabelState."""
    readers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    disagreeing: bool = False
    """Label and answer are both there, and differ."""
    confidence: tuple[int, int] | None = None
    """Lowest and highest probability of the answer in percent, both ends within; None for any, or no answer."""
    text: str = ""
    collapsed: bool = False
    """Of near-identical frames only the first is shown."""

    @property
    def is_empty(self) -> bool:
        """Whether every frame is shown."""
        return self == FrameFilter()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Name of the field and words for the eye, of each part that asks for something."""
        either = tr(" or ", "between what frames are filtered by")
        words = {
            "text": f'"{printable(self.text)}"' if self.text.strip() else "",
            "classes": either.join(map(printable, self.classes)),
            "states": either.join(tr(STATES[LabelState(state)]) for state in self.states),
            "readers": either.join(tr("by {reader}").format(reader=name) for name in self.readers),
            "cases": either.join(tr(name) if name == WITHOUT_CASE else printable(name) for name in self.cases),
            "marks": either.join(mark_word(name) for name in self.marks),
            "disagreeing": tr("label is not the answer") if self.disagreeing else "",
            "confidence": tr("answer {low} to {high} % sure").format(low=self.confidence[0], high=self.confidence[1])
            if self.confidence
            else "",
            "collapsed": tr("near-identical ones once") if self.collapsed else "",
        }
        return [(name, text) for name, text in words.items() if text]

    def with_part(self, part: str, value: Any) -> Self:
        """A filter like this one, but for one part, given by the name of its field."""
        changed: dict[str, Any] = {part: value}
        return replace(self, **changed)

    def without(self, part: str) -> Self:
        """A filter like this one, but for one part, which asks for nothing."""
        return self.with_part(part, getattr(FrameFilter(), part))

    def matching(self, columns: FrameColumns) -> NDArray[np.bool_]:
        """For each row whether it is shown; near-identical ones are all let through."""
        shown = np.ones(len(columns), np.bool_)
        if self.classes:
            shown &= np.isin(columns.label, columns.classes.known(self.classes))
        if self.states:
            shown &= np.isin(columns.state, self.states)
        if self.readers:
            shown &= columns.labelled_by(self.readers)
        if self.cases:
            shown &= np.isin(columns.case, _case_numbers(columns, self.cases))
        if self.marks:
            shown &= (columns.marks & mark_bits(self.marks)) != 0
        if self.disagreeing:
            shown &= columns.disagrees
        if self.confidence:
            percent = 100 * columns.confidence
            low, high = self.confidence
            shown &= (percent >= low - _HAIR) & (percent <= high + _HAIR)  # nan is neither
        if self.text.strip():
            shown &= columns.contains(self.text)
        return shown

    def to_json(self) -> dict[str, Any]:
        """The parts that ask for something, to be kept with the project; back by `from_json`."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """What `to_json` gave; what cannot be read asks for nothing."""
        if not isinstance(told, dict):
            return cls()
        known: dict[str, Any] = {}
        for field in fields(cls):
            value = told.get(field.name)
            default = getattr(FrameFilter(), field.name)
            # JSON has no tuples
            if isinstance(value, list | tuple) and (isinstance(default, tuple) or (default is None and len(value) == 2)):
                known[field.name] = tuple(value)
            elif isinstance(value, type(default)) and not isinstance(default, tuple):
                known[field.name] = value
        made = cls(**known)
        try:
            made.parts  # noqa: B018  # every part can be said in words, so there is nothing odd in it
        except (TypeError, ValueError, IndexError):
            return cls()
        return made


class FrameOrder(StrEnum):
    """The orders that a reader can choose, beside the queues."""

    CASE = "case"  # what stands here is kept with projects
    FILE = "file"
    LEAST_SURE = "least sure"
    SUREST = "surest"
    LABELLED_LAST = "labelled last"
    LABELLED_FIRST = "labelled first"


def ordered(order: FrameOrder, columns: FrameColumns, labelled_at: NDArray[np.float64]) -> NDArray[np.int32]:
    """All rows in an order; equal ones as in the folder. Frames that lack what is asked for come last.

    `labelled_at` as it was when the order was chosen: a label given meanwhile moves no frame.
    """
    if order is FrameOrder.CASE:
        key = np.where(columns.case < 0, len(columns.case_names), columns.case).astype(np.float64)
    elif order in (FrameOrder.LEAST_SURE, FrameOrder.SUREST):
        key = columns.confidence.astype(np.float64) * (1 if order is FrameOrder.LEAST_SURE else -1)
    elif order in (FrameOrder.LABELLED_FIRST, FrameOrder.LABELLED_LAST):
        key = labelled_at * (1 if order is FrameOrder.LABELLED_FIRST else -1)
    else:
        return np.arange(len(columns), dtype=np.int32)
    return np.argsort(key, kind="stable").astype(np.int32)  # nan goes to the end


_HAIR = 1e-4  # 0.9 as a 32-bit number is a hair less than 90 %


def _case_numbers(columns: FrameColumns, cases: tuple[str, ...]) -> list[int]:
    """Of a filter that was kept when the folders in a case were cases, the case that they are in now."""
    known = set(columns.case_names)
    wanted = {name if name in known else name.partition("/")[0] for name in cases}
    return [-1] * (WITHOUT_CASE in cases) + [number for number, name in enumerate(columns.case_names) if name in wanted]
