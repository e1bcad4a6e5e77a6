"""Agreement between readers: percent, Cohen's and Fleiss' kappa and Krippendorff's alpha, with intervals from resampling whole cases.

Cohen 1960 (two readers), Fleiss 1971 (all readers of a frame alike), Krippendorff 2011, "Computing Krippendorff's alpha-reliability"
(nominal; any number of readers a frame, frames that some did not read included).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

_RESAMPLES, _SEED = 2000, 42
_AT_ONCE = 200  # resamples whose sums are in memory together

_NOTHING = 1e-12  # what is left of 1 - 1 by rounding

Counts = NDArray[np.float64]
FigureOf = Callable[[Counts], Counts]
"""Resamples x sums to one figure each; NaN where it is not defined."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Who gave which class to which frame."""

    readers: tuple[str, ...]
    classes: tuple[str, ...]
    given: NDArray[np.int32]
    """Frames x readers: the number of the class, -1 where a reader said nothing."""
    cases: tuple[str, ...]
    """Of each frame; frames of one case are resampled together."""

    def of(self, frames: NDArray[np.bool_]) -> "Ratings":
        """Some of the frames."""
        return replace(self, given=self.given[frames], cases=tuple(case for case, wanted in zip(self.cases, frames, strict=True) if wanted))

    def against_rest(self, name: str) -> "Ratings":
        """One class against all others: what agreement on that class alone is measured by."""
        said = np.where(self.given < 0, -1, (self.given != self.classes.index(name)).astype(np.int32))
        return replace(self, classes=(name, "other"), given=said.astype(np.int32))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval. None where it is not defined: too few frames, or only one class was ever given."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """Frames that it is of."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two readers on the frames that both have labelled."""

    readers: tuple[str, str]
    percent: Figure
    kappa: Figure
    """Cohen's."""
    confusion: NDArray[np.int64]
    """Classes x classes: rows as the first reader said, columns as the second."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """All readers together on the frames that two or more have labelled."""

    percent: Figure
    """Of all pairs of labels on one frame those that agree."""
    alpha: Figure
    """Krippendorff's."""
    fleiss: Figure
    """Of the frames that every reader has labelled."""
    cases: int


# Why: docs/decisions/dataset.md 18
def measure(ratings: Ratings) -> Agreement:
    """All readers at once. Frames that fewer than two have labelled say nothing of agreement."""
    shared = ratings.of((ratings.given >= 0).sum(axis=1) >= 2)
    counts = _counts(shared)
    labels = counts.sum(axis=1)
    agreeing, possible = (counts * (counts - 1)).sum(axis=1) / 2, labels * (labels - 1) / 2
    read_by_all = np.all(shared.given >= 0, axis=1).astype(float)
    of_all = np.column_stack([np.ones(len(counts)), agreeing / np.maximum(possible, 1), counts / len(shared.readers)])
    draws = _Draws(shared.cases)
    return Agreement(
        draws.figure(np.column_stack([agreeing, possible]), _share, len(counts)),
        draws.figure(np.column_stack([2 * agreeing / np.maximum(labels - 1, 1), counts]), _alpha, len(counts)),
        draws.figure(of_all * read_by_all[:, None], _fleiss, int(read_by_all.sum())),
        len(set(shared.cases)),
    )


def measure_pairs(ratings: Ratings) -> Iterator[PairAgreement]:
    """Each two readers who share a frame, in the order of their names."""
    for left, right in combinations(range(len(ratings.readers)), 2):
        both = ratings.of((ratings.given[:, left] >= 0) & (ratings.given[:, right] >= 0))
        if not len(both.given):
            continue
        classes, said = len(ratings.classes), both.given[:, [left, right]]
        confusion = np.zeros((classes, classes), np.int64)
        np.add.at(confusion, (said[:, 0], said[:, 1]), 1)
        same = np.column_stack([said[:, 0] == said[:, 1], np.ones(len(said))]).astype(float)
        each = np.eye(classes)[said].reshape(len(said), -1)
        draws = _Draws(both.cases)
        yield PairAgreement(
            (ratings.readers[left], ratings.readers[right]),
            draws.figure(same, _share, len(said)),
            draws.figure(np.column_stack([same, each]), _cohen, len(said)),
            confusion,
        )


def _counts(ratings: Ratings) -> Counts:
    """Frames x classes: how many readers gave each."""
    counts = np.zeros((len(ratings.given), len(ratings.classes)))
    for column in ratings.given.T:
        frames = np.flatnonzero(column >= 0)
        np.add.at(counts, (frames, column[frames]), 1)
    return counts


class _Draws:
    """Whole cases, drawn with replacement: their sums are all that the figures need."""

    def __init__(self, cases: Sequence[str]) -> None:
        self._cases, self._case_of = np.unique(np.array(cases, dtype=object).astype(str), return_inverse=True)

    def figure(self, parts: Counts, figure_of: FigureOf, n: int) -> Figure:
        """What `figure_of` makes of the sums of each frame's parts, and of the sums in each resample."""
        value = figure_of(parts.sum(axis=0, keepdims=True))[0]
        if not np.isfinite(value):
            return Figure(None, None, None, n)
        sums = np.zeros((len(self._cases), parts.shape[1]))
        np.add.at(sums, self._case_of, parts)
        # cases that come to the same are drawn together, which is the same by chance: 100,000 single frames come to some cells of a matrix
        kinds, often = _alike(sums)
        rng, found = np.random.default_rng(_SEED), []
        for _ in range(0, _RESAMPLES, _AT_ONCE):
            drawn = rng.multinomial(len(self._cases), often / len(self._cases), size=_AT_ONCE)
            found.append(figure_of(drawn @ kinds))
        drawn_figures = np.concatenate(found)
        defined = drawn_figures[np.isfinite(drawn_figures)]
        if len(self._cases) < 2 or not len(defined):
            return Figure(float(value), None, None, n)
        low, high = np.percentile(defined, (2.5, 97.5))
        return Figure(float(value), float(low), float(high), n)


def _alike(sums: Counts) -> tuple[Counts, NDArray[np.intp]]:
    """Each row that there is once, and how often it is there. As `numpy.unique`, which lets no other thread go on meanwhile."""
    ordered = sums[np.lexsort(sums.T)]
    starts = np.flatnonzero(np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)]))
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


def _share(sums: Counts) -> Counts:
    """Of: agreeing, all."""
    return _ratio(sums[:, 0], sums[:, 1])


def _alpha(sums: Counts) -> Counts:
    """Of: values in agreeing pairs, each pair by the number of labels on its frame; then how often each class was given."""
    given = sums[:, 1:]
    n = given.sum(axis=1)
    return 1 - _ratio((n - sums[:, 0]) * (n - 1), n**2 - (given**2).sum(axis=1))


def _fleiss(sums: Counts) -> Counts:
    """Of: frames, the shares of agreeing pairs on each, then the shares of readers who gave each class."""
    agreed = _ratio(sums[:, 1], sums[:, 0])
    by_chance = (_ratio(sums[:, 2:], sums[:, :1]) ** 2).sum(axis=1)
    return _ratio(agreed - by_chance, 1 - by_chance)


def _cohen(sums: Counts) -> Counts:
    """Of: agreeing, frames, how often the first reader gave each class, how often the second."""
    first, second = np.split(sums[:, 2:], 2, axis=1)
    agreed = _ratio(sums[:, 0], sums[:, 1])
    by_chance = _ratio((first * second).sum(axis=1), sums[:, 1] ** 2)
    return _ratio(agreed - by_chance, 1 - by_chance)


def _ratio(part: Counts, whole: Counts) -> Counts:
    found: Counts = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=found, where=np.abs(whole) > _NOTHING)
    return found
