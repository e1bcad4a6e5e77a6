"""Arrangement: the rows that are shown at one moment, in their order, and where each stands. Arrays alone; nothing here changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.case_summary import Rows, header_of
from endodesk.app.browsing.frame_columns import FrameColumns

NOWHERE = -1
"""The place of a row that is not shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """What is shown of one folder's frames, in which order. Made anew whenever that changes."""

    items: Rows
    """What stands where: rows, and between them headers of cases (`header_of`)."""
    rows: Rows
    """The rows of the frames shown, in the same order, without headers."""
    rank: Rows
    """For every row of the folder its turn in the order, shown or not: so a row that is not shown has a place, too."""
    more: dict[int, int] = field(default_factory=dict)
    """How many near-identical frames stand behind a row, where any do."""
    _places: Rows = field(init=False)

    def __post_init__(self) -> None:
        places = np.full(len(self.rank), NOWHERE, np.int32)
        frames = np.flatnonzero(self.items >= 0)
        places[self.items[frames]] = frames
        object.__setattr__(self, "_places", places)  # the dataclass is frozen

    def place(self, row: int) -> int:
        """Where a row stands in `items`; NOWHERE if it is not shown."""
        return int(self._places[row]) if 0 <= row < len(self._places) else NOWHERE

    def places(self, first: int, last: int) -> Rows:
        """Where those of the rows from the first to the last stand that are shown."""
        places = self._places[first : last + 1]
        return places[places >= 0]

    def place_among_rows(self, row: int) -> int:
        """Where a row stands, or would stand, in `rows`."""
        rank = self.rank[row] if 0 <= row < len(self.rank) else 0
        return int(np.searchsorted(self.rank[self.rows], rank))

    def row_after(self, row: int, step: int) -> int | None:
        """The row some steps on (or back) in the order, stopping at the ends; None if nothing is shown.

        A row that is not shown counts from where it would stand.
        """
        if not len(self.rows):
            return None
        place = self.place_among_rows(row)
        # where a row that is not shown would stand, the next one stands already
        if step > 0 and not (place < len(self.rows) and self.rows[place] == row):
            step -= 1
        return int(self.rows[min(max(place + step, 0), len(self.rows) - 1)])

    def around(self, row: int, steps: Sequence[int]) -> list[int]:
        """Rows so many steps from a row, without those that would be beyond the ends."""
        place = self.place_among_rows(row)
        return [int(self.rows[place + step]) for step in steps if 0 <= place + step < len(self.rows)]

    def rest(self, row: int) -> Rows:
        """The rows shown that come after a row, or after where it would stand."""
        place = self.place_among_rows(row)
        here = place < len(self.rows) and self.rows[place] == row
        return self.rows[place + here :]


def ranked(order: Rows, frames: int) -> Rows:
    """For each of so many rows its turn in the order; rows that are not in it come last."""
    rank = np.full(frames, len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


def collapsed(rows: Rows, group: NDArray[np.int64], expanded: Collection[int], kept: int) -> tuple[Rows, dict[int, int]]:
    """The first row of each group, all of expanded groups, and the row to keep; and how many are hidden behind each first one."""
    _, first, inverse, sizes = np.unique(group[rows], return_index=True, return_inverse=True, return_counts=True)
    keep = np.isin(group[rows], list(expanded)) | (rows == kept)
    keep[first] = True
    shown = np.bincount(inverse, keep, minlength=len(sizes)).astype(np.int64)
    hidden = sizes - shown
    more = {int(rows[place]): int(n) for place, n in zip(first, hidden, strict=True) if n > 0}
    return np.asarray(rows[keep], np.int32), more


def under_headers(rows: Rows, columns: FrameColumns, folded: Collection[int]) -> tuple[Rows, Rows]:
    """The rows with a header before each case, and without headers; frames of folded cases are left out of both."""
    cases = columns.case[rows]
    begins = np.ones(len(rows), np.bool_)
    begins[1:] = cases[1:] != cases[:-1]
    starts = np.flatnonzero(begins)
    open_ = ~np.isin(cases, list(folded)) if folded else np.ones(len(rows), np.bool_)
    items = np.insert(rows, starts, header_of(cases[starts]))
    kept = np.insert(open_, starts, True)  # also that of a folded case: how else to unfold it
    return items[kept], rows[open_]
