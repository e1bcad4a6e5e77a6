"""95 % intervals: from resampling whole groups, and Wilson's for a share that resampling cannot judge."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.evaluation.scores import CHUNK, Numbers, Sample

FEW_GROUPS = 10
"""With fewer, resampling groups says too little of how they differ."""
SEED = 42  # fixed: models asked about the same frames are compared on the same draws
Interval = list[float]

_Z95 = 1.959963984540054
_Places = NDArray[np.intp]
_SHARED: Mapping[str, Callable[[_Places, _Places, int], NDArray[np.bool_]]] = {
    "precision": lambda _truth, answers, c: answers == c,
    "recall": lambda truth, _answers, c: truth == c,
    "f1": lambda truth, answers, c: (truth == c) | (answers == c),
    "specificity": lambda truth, _answers, c: truth != c,
    "npv": lambda _truth, answers, c: answers != c,
}
"""Figures that are shares, and which frames they are a share of."""


# Why: docs/decisions/evaluation.md 3, 18
def resampled_figures(samples: Sequence[Sample], resamples: int, *, areas: bool = True) -> list[dict[str, Numbers]]:
    """Each sample's figures in the same resamples of its groups, as many draws as there are groups; always the same draws.

    All samples have the same groups.
    """
    groups = samples[0].groups
    rng, each = np.random.default_rng(SEED), np.full(groups, 1 / max(1, groups))
    found: list[list[dict[str, Numbers]]] = [[] for _ in samples]
    rows = max(1, CHUNK // max(1, groups))
    for start in range(0, resamples, rows):
        # the counts of drawing groups with replacement, without the draws: resamples become products of matrices
        size = min(rows, resamples - start)
        weights = rng.multinomial(groups, each, size=size).astype(np.float64) if groups else np.zeros((size, 0))
        for sample, blocks in zip(samples, found, strict=True):
            blocks.append(sample.figures(weights, areas=areas))
    return [{name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]} for blocks in found]


# Why: docs/decisions/evaluation.md 4
def wilson_interval(right: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share, `right` of n (Wilson, 1927); 0..1 if n is 0."""
    if not n:
        return 0.0, 1.0
    share, z2 = right / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))  # rounding must not leave the share outside


class Intervals:
    """The interval of each figure of a sample, or None where there is nothing to judge it by.

    The middle 95 % of the resamples. Where there are few groups, or all resamples agree (no mistake, or nothing but
    mistakes), that is no measure of doubt: a share then gets Wilson's interval with each group counted as one frame, a
    mean with such a share in it what follows from those of the classes, and any other figure none.
    """

    def __init__(self, sample: Sample, at_hand: Mapping[str, Numbers], resampled: Mapping[str, Numbers]) -> None:
        """`at_hand` and `resampled` as from `Sample.figures`, of the sample itself and of its resamples."""
        self._sample, self._at_hand, self._resampled = sample, at_hand, resampled

    def whole(self, name: str) -> Interval | None:
        """The interval of a figure of all classes together, by its name in `Sample.figures`; None as in `of_class`."""
        value, groups = float(self._at_hand[name][0]), self._sample.groups
        score = "recall" if name == "balanced_accuracy" else name.removeprefix("macro ")  # that is the mean recall
        if math.isnan(value):
            return None
        # resampling would take a class without mistakes for certain
        if score in _SHARED and not all(self._by_resampling(score, index) for index in self._present):
            return self._of_mean(value, score)
        found = _middle(value, self._resampled[name]) if groups >= FEW_GROUPS else None
        return list(wilson_interval(value * groups, groups)) if name == "accuracy" and not found else found

    def of_class(self, score: str, index: int) -> Interval | None:
        """The interval of one class's figure (one of SCORES); None where there is nothing to judge it by."""
        value, found = float(self._at_hand[score][0, index]), self._by_resampling(score, index)
        if found or math.isnan(value) or score not in _SHARED:
            return found
        groups = self._groups(score, index)
        return list(wilson_interval(value * groups, groups))

    @property
    def _present(self) -> list[int]:
        """Indices of the classes that have frames: only these count in a macro figure."""
        return [int(index) for index in np.unique(self._sample.truth)]

    def _by_resampling(self, score: str, index: int) -> Interval | None:
        denominators = (score,) if score in _SHARED else ("recall", "specificity")  # AUROC takes frames of the class and of others
        enough = min(self._groups(name, index) for name in denominators) >= FEW_GROUPS
        return _middle(float(self._at_hand[score][0, index]), self._resampled[score][:, index]) if enough else None

    def _groups(self, score: str, index: int) -> int:
        return len(np.unique(self._sample.group[_SHARED[score](self._sample.truth, self._sample.answers, index)]))

    def _of_mean(self, value: float, score: str) -> Interval:
        """From the classes' own intervals: their distances add up as squares (Zou and Donner, 2008)."""
        below, above = [], []
        for index in self._present:
            own = np.nan_to_num(self._at_hand[score][0, index])  # a class that is never answered counts as 0
            low, high = self.of_class(score, index) or (0.0, 1.0)
            below.append(own - low)
            above.append(high - own)
        n = len(below)
        return [max(0.0, value - math.hypot(*below) / n), min(1.0, value + math.hypot(*above) / n)]


def _middle(value: float, resampled: Numbers) -> Interval | None:
    """2.5 and 97.5 percentiles of those that are defined; None if fewer than half are, or all agree."""
    known = resampled[~np.isnan(resampled)]
    if math.isnan(value) or 2 * len(known) < len(resampled):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return None if high - low < 1e-9 else [min(float(low), value), max(float(high), value)]  # percentiles may pass by the figure itself
