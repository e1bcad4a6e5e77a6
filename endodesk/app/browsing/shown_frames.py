"""ShownFrames: the rows that are shown, in their order. The gallery lists them, and next and previous go through them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.browsing.arrangement import NOWHERE, Arrangement, collapsed, ranked, under_headers
from endodesk.app.browsing.case_summary import CaseSummary, summarised
from endodesk.app.browsing.frame_columns import NOTHING, FrameColumns, LabelState, mark_bits
from endodesk.app.browsing.frame_filter import FrameFilter, FrameOrder, ordered
from endodesk.app.frames.current_reviews import Label
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.scan import in_pieces
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind

_SOON_MS = 150  # what comes in by the hundred is shown together
_FEW = 32  # rows that are shown anew at once
_PIECE = 500  # rows that are looked at in one go: some 3 ms
_SET_ASIDE = mark_bits((AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE))
"""Marks by which a reader has dealt with a frame as much as by a label."""


class ShownFrames(QObject):
    """Filter, order, queue, folded cases and collapsed groups of one session's frames."""

    changed = Signal()
    """Other rows are shown, or in another order."""
    asked = Signal()
    """The reader asked for another filter, order or queue; `changed` came before."""
    reordered = Signal()
    """The reader chose an order, or a queue, for its first frames; `asked` came before."""
    noted = Signal(int, int)
    """What is known of the rows from the first to the last was looked at again."""
    groups_wanted = Signal()
    """Near-identical frames are to be collapsed, but are not known yet."""

    def __init__(
        self,
        frames: FrameList,
        classes: LabelSet,
        label_of: Callable[[int], Label | None],
        parent: QObject | None = None,
        *,
        marks_of: Callable[[int], tuple[Collection[str], str]] = lambda _: ((), ""),
        answer_of: Callable[[int], tuple[str, float] | None] = lambda _: None,
    ) -> None:
        """What is said of a row: its label; its marks (of MARKS) and note; the model's answer and its probability."""
        super().__init__(parent)
        self._label_of, self._marks_of, self._answer_of = label_of, marks_of, answer_of
        self.filter, self.order, self.queue = FrameFilter(), FrameOrder.CASE, ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._rearrange)
        self._rest: list[Sequence[int]] = []
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._note_some)
        self._take(frames, classes)
        self._arrange()

    def relist(self, frames: FrameList, classes: LabelSet) -> None:
        """Other frames; filter and order stay, a queue does not."""
        self._take(frames, classes)
        self._arrange()
        self.changed.emit()
        if self.filter.collapsed:
            self.groups_wanted.emit()

    def _take(self, frames: FrameList, classes: LabelSet) -> None:
        self.frames, self.columns, self._classes = frames, FrameColumns(frames, classes), classes
        self.queue, self._queued = "", np.empty(0, np.int32)
        self._reasons: dict[int, str] = {}
        self._open, self._folded, self._expanded = NOWHERE, set[int](), set[int]()
        self._labelled_at = self.columns.labelled_at.copy()
        self._rest = []  # its rows were those of the older list

    def to_json(self) -> dict[str, Any]:
        """Filter and order, for the project's settings."""
        return {"filter": self.filter.to_json(), "order": str(self.order)}

    def take_json(self, told: Any) -> None:
        """What `to_json` gave; what cannot be read is left as it is."""
        if isinstance(told, dict):
            self.filter = _today(FrameFilter.from_json(told.get("filter")), self._classes)
            if told.get("order") in list(FrameOrder):
                self.order = FrameOrder(told["order"])
            self._ask()

    # --- what the reader asks for -----------------------------------------------------------------------------------

    def set_filter(self, wanted: FrameFilter) -> None:
        """Show what passes this filter, and no more."""
        if wanted == self.filter:
            return
        self.filter = wanted
        self._expanded.clear()
        self._ask()
        if wanted.collapsed and self.columns.group is None:
            self.groups_wanted.emit()

    def set_order(self, order: FrameOrder) -> None:
        """Show the rows in this order, by what is known now; a queue ends."""
        self.order, self.queue = order, ""
        self._labelled_at = self.columns.labelled_at.copy()  # as of now: a label given later moves no frame
        self._ask()
        if order not in (FrameOrder.CASE, FrameOrder.FILE):  # the others are chosen for their first frames
            self.reordered.emit()

    def show_queue(self, name: str, rows: Sequence[int], reasons: Mapping[int, str]) -> None:
        """Show the rows of a queue in its order, each with the reason why it stands there."""
        self.queue, self._queued, self._reasons = name, np.asarray(rows, np.int32), dict(reasons)
        self._ask()
        self.reordered.emit()

    def fold(self, case: int, folded: bool) -> None:
        """Hide the frames of a case under its header, or show them again."""
        (self._folded.add if folded else self._folded.discard)(case)
        self._rearrange()

    def fold_all(self, folded: bool) -> None:
        """Hide the frames of all cases under their headers, or show them again."""
        # from NOTHING on: frames without a case have a header too
        self._folded = set(range(NOTHING, len(self.columns.case_names))) if folded else set()
        self._rearrange()

    def is_folded(self, case: int) -> bool:
        """Whether the frames of a case are hidden under its header."""
        return case in self._folded

    def expand(self, row: int) -> None:
        """Show the near-identical frames of a row after all."""
        if self.columns.group is not None:
            self._expanded.add(int(self.columns.group[row]))
            self._rearrange()

    def _ask(self) -> None:
        # what was kept on show, whatever the filter said, is judged by the new one
        self._open = NOWHERE
        self._rearrange()
        self.asked.emit()

    # --- what happens -----------------------------------------------------------------------------------------------

    def stay_at(self, row: int) -> None:
        """The reader went to a row: it stays on show until the reader leaves it, whatever becomes of its label."""
        before, self._open = self._open, row
        if (0 <= before < len(self.frames) and not self._passing[before]) or (row >= 0 and not self._is_listed(row)):
            self._rearrange()

    def note(self, rows: Sequence[int]) -> None:
        """Look anew at what is said of these rows: labels, marks, notes or answers are other ones."""
        for row in rows:
            label = self._label_of(row)
            if label is not None and label.correction is not None:
                said = label.correction.correction
                self.columns.give(row, label.name, said.reader, said.at, label.readers)
            elif label is not None and label.by_readers:
                self.columns.dispute(row, label.readers)
            else:
                self.columns.take_back(row, label.name if label else "")
            self.columns.mark(row, *self._marks_of(row))
            if answer := self._answer_of(row):
                self.columns.take_answer(row, *answer)
            else:
                self.columns.take_answer(row, "", np.nan)
        asked = self.filter
        # text: a note may hold it
        by_label = asked.classes or asked.states or asked.readers or asked.marks or asked.text
        by_answer = asked.disagreeing or asked.confidence or (not self.queue and self.order in (FrameOrder.LEAST_SURE, FrameOrder.SUREST))
        self._rearrange_if(rows, bool(by_label or by_answer))

    def note_classes(self, classes: LabelSet) -> None:
        """The project's classes are other ones; who filters by one goes on with it under its name of now."""
        self._classes, self.filter = classes, _today(self.filter, classes)
        self.columns.take_classes(classes)
        self._rearrange()

    def note_all(self) -> None:
        """Whatever is known of all rows may be other; they are looked at piece by piece, so that nothing stands still."""
        self._rest = list(in_pieces(range(len(self.frames)), _PIECE))[::-1]
        self._tick.start()

    def _note_some(self) -> None:
        if self._rest:
            rows = self._rest.pop()
            self.note(rows)
            self.noted.emit(rows[0], rows[-1])
        if not self._rest:
            self._tick.stop()

    def forget_answers(self) -> None:
        """Another model answers from now on: no row has an answer until it is noted."""
        self.columns.forget_answers()
        self._soon.start()

    def note_groups(self, group: NDArray[np.int64]) -> None:
        """Rows of near-identical frames have the same number."""
        self.columns.group = group
        self._rearrange()

    def _rearrange_if(self, rows: Sequence[int], matters: bool) -> None:
        if matters and len(rows) <= _FEW:
            self._rearrange()
        elif matters and not self._soon.isActive():
            self._soon.start()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_headers(self) -> bool:
        """Whether cases stand under headers: in their own order, where there are any."""
        return self.order is FrameOrder.CASE and not self.queue and self.columns.has_cases

    def next_unread(self, row: int) -> int | None:
        """The next row in the order that no reader has labelled or set aside; None if there is none after this one."""
        rest = self.arrangement.rest(row)
        unread = rest[(self.columns.state[rest] < LabelState.READER) & (self.columns.marks[rest] & _SET_ASIDE == 0)]
        return next((int(other) for other in unread if not self.frames.is_unreadable(int(other))), None)

    @property
    def left(self) -> int:
        """Readable frames of the folder, shown or not, that no reader has labelled or set aside."""
        waiting = (self.columns.state < LabelState.READER) & (self.columns.marks & _SET_ASIDE == 0)
        unreadable = list(self.frames.unreadable)
        return int(np.count_nonzero(waiting)) - int(np.count_nonzero(waiting[unreadable]))

    def reason(self, row: int) -> str:
        """Why a row stands in the queue; empty without one."""
        return self._reasons.get(row, "") if self.queue else ""

    def summary(self, case: int) -> CaseSummary:
        """What a case's header says."""
        return summarised(self.columns, case, self._passing, folded=case in self._folded)

    # --- arranging --------------------------------------------------------------------------------------------------

    def _rearrange(self) -> None:
        self._soon.stop()
        before = self.items
        self._arrange()
        if not np.array_equal(before, self.items):
            self.changed.emit()

    def _arrange(self) -> None:
        order = self._queued if self.queue else ordered(self.order, self.columns, self._labelled_at)
        self._passing = self.filter.matching(self.columns)
        wanted = self._passing.copy()
        if 0 <= self._open < len(wanted):
            wanted[self._open] = True
        rows, more = order[wanted[order]], dict[int, int]()
        if self.filter.collapsed and self.columns.group is not None:
            rows, more = collapsed(rows, self.columns.group, self._expanded, self._open)
        self.items, self.rows = under_headers(rows, self.columns, self._folded) if self.has_headers else (rows, rows)
        self.arrangement = Arrangement(self.items, self.rows, ranked(order, len(self.frames)), more)

    def _is_listed(self, row: int) -> bool:
        """Whether a row is shown, or would be if its case were not folded."""
        return self.arrangement.place(row) >= 0 or (self.has_headers and int(self.columns.case[row]) in self._folded)


def _today(wanted: FrameFilter, classes: LabelSet) -> FrameFilter:
    """A filter by the classes that its words mean now."""
    return wanted.with_part("classes", tuple(dict.fromkeys(map(classes.class_of, wanted.classes))))
