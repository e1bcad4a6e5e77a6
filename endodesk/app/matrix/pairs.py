"""Pairs: what two sides say of the same frames, or of the same cases, as arrays; and the matrix that they come to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_columns import NOTHING
from endodesk.dataset.agreement import Ratings

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """N units of which both sides say a class: frames, or cases."""

    names: tuple[str, ...]
    """Of the classes, by their numbers."""
    one: Numbers
    """N: the class that the side of the rows says."""
    other: Numbers
    """N: the class that the side of the columns says."""
    cases: Numbers
    """N: equal for units that are resampled together."""
    rows: Numbers
    """M: the frames behind them, as rows of the gallery."""
    unit_of: Numbers
    """M: of each of these the place of its unit."""
    undecided: int = 0
    """Cases that do not count, since of one side as many frames speak for one class as for another."""

    def __len__(self) -> int:
        return len(self.one)

    def counts(self) -> tuple[list[int], list[int], Numbers]:
        """Numbers of the R classes that the one side says, of the C that the other says, and R x C counts."""
        ones, at_one = np.unique(self.one, return_inverse=True)
        others, at_other = np.unique(self.other, return_inverse=True)
        flat = np.bincount(at_one * len(others) + at_other, minlength=len(ones) * len(others))
        return list(map(int, ones)), list(map(int, others)), np.asarray(flat.reshape(len(ones), len(others)), np.int64)

    def frames(self, one: int | None, other: int | None) -> list[int]:
        """Rows of the frames behind a cell, in the order of the gallery; None stands for any class."""
        chosen = np.ones(len(self), np.bool_)
        for said, wanted in ((self.one, one), (self.other, other)):
            if wanted is not None:
                chosen &= said == wanted
        rows: list[int] = np.sort(self.rows[chosen[self.unit_of]]).tolist()
        return rows

    def ratings(self, sides: tuple[str, str]) -> Ratings:
        """The same for what is measured of agreement."""
        given = np.stack([self.one, self.other], axis=1).astype(np.int32)
        return Ratings(sides, self.names, given, tuple(map(str, self.cases.tolist())))


def by_frame(names: Sequence[str], rows: Numbers, one: Numbers, other: Numbers, cases: Numbers) -> Pairs:
    """Each frame by itself; all of length N, `cases` are their numbers. A frame without a case is resampled alone."""
    alone = np.where(cases == NOTHING, -2 - rows, cases)
    return Pairs(tuple(names), one, other, alone, rows, np.arange(len(rows)))


# Why: docs/decisions/app.md 50
def by_case(names: Sequence[str], rows: Numbers, one: Numbers, other: Numbers, cases: Numbers) -> Pairs:
    """Each case by what most of its frames are called; takes what `by_frame` takes. Frames without a case belong to no unit."""
    belongs = cases != NOTHING
    rows, one, other, cases = rows[belongs], one[belongs], other[belongs], cases[belongs]
    numbers, unit_of = np.unique(cases, return_inverse=True)
    words = [_mostly(unit_of, said, len(numbers), max(len(names), 1)) for said in (one, other)]
    decided = (words[0] != NOTHING) & (words[1] != NOTHING)
    place = np.cumsum(decided) - 1
    kept = decided[unit_of]
    return Pairs(
        tuple(names),
        words[0][decided],
        words[1][decided],
        numbers[decided].astype(np.int64),
        rows[kept],
        place[unit_of[kept]].astype(np.int64),
        int(np.count_nonzero(~decided)),
    )


def _mostly(unit_of: NDArray[np.intp], said: Numbers, units: int, classes: int) -> Numbers:
    """Of each unit the class that most of its frames are called; NOTHING where two are as many."""
    counts = np.bincount(unit_of * classes + said, minlength=units * classes).reshape(units, classes)
    most = counts.max(axis=1, initial=0)
    alone = (counts == most[:, None]).sum(axis=1) == 1
    return np.where(alone, counts.argmax(axis=1), NOTHING).astype(np.int64)
