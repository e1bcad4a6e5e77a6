"""What labels of chosen frames measure: shares of all frames, each label counted as often as frames stand behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from endodesk.app.fit.choice import Choice
from endodesk.app.fit.estimate import Span

_DRAWS, _SEED = 2000, 42
_ENDS = 0.01, 0.99
"""Of the draws: these hold the truth 95 times of 100, since so few labels do not know how much they miss."""
_PRIOR = 0.5
"""Frames that are believed to be there beside the labelled ones of each stratum, half by the model's word and half of either kind:
two right answers of two do not make a hundred per cent."""


@dataclass(frozen=True, slots=True)
class ClassMeasured:
    """What the labels say of one class."""

    labelled: int
    """Chosen frames that are of this class."""
    recall: Span | None
    """None where none of the frames is of this class, or all are."""
    specificity: Span | None


# Why: docs/decisions/evaluation.md 20
def measured(choice: Choice, labels: Sequence[int | None], said: np.ndarray, place: int) -> ClassMeasured:
    """Of the class at a place: `labels` of the chosen frames, as places of classes, -1 for one that the model does not know.

    None is a frame that cannot be judged: it stands for others like it, which do not count either. `said` are the model's mean
    probabilities of each stratum, S x C.
    """
    hits, others = np.zeros(len(choice.called)), np.zeros(len(choice.called))
    counted, weight, unfit = np.zeros(len(choice.called)), np.zeros(len(choice.called)), np.zeros(len(choice.called))
    for frame, label in zip(choice.frames, labels, strict=True):
        if label is None:
            unfit[frame.stratum] += frame.weight
            continue
        counted[frame.stratum] += 1
        weight[frame.stratum] += frame.weight
        (hits if label == place else others)[frame.stratum] += frame.weight
    called = np.array(choice.called) == place
    sizes = np.array(choice.sizes) * np.where(weight + unfit > 0, weight / np.maximum(weight + unfit, 1e-9), 0)
    share, expected = hits / np.maximum(weight, 1e-9), (said[:, place] + 0.5) / 2
    drawn = np.random.default_rng(_SEED).beta(
        share * counted + _PRIOR * expected,
        (1 - share) * counted + _PRIOR * (1 - expected),
        (_DRAWS, len(sizes)),
    )
    n = sum(label == place for label in labels)
    return ClassMeasured(
        n,
        _span(share, drawn, sizes, called) if n else None,
        _span(1 - share, 1 - drawn, sizes, ~called) if n < counted.sum() else None,
    )


def _span(share: np.ndarray, drawn: np.ndarray, sizes: np.ndarray, called: np.ndarray) -> Span:
    """Of the frames that are of a class, the share in strata that are `called` so."""

    def ratio(shares: np.ndarray) -> np.ndarray:
        expected = shares * sizes
        return np.asarray((expected * called).sum(axis=-1) / np.maximum(expected.sum(axis=-1), 1e-12))

    value = float(ratio(share))
    low, high = (float(end) for end in np.quantile(ratio(drawn), _ENDS))
    return Span(value, min(low, value), max(high, value))
