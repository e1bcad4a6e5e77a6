"""Which labels are probably wrong, as in confident learning (Northcutt, Jiang and Chuang 2021): by probabilities of frames left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats
from endodesk.inference.softmax_regression import DIRECTIONS, fit, main_directions, probabilities
from endodesk.system.task import TaskContext

FOLDS = 5
# Why: docs/decisions/app.md 55
_FRAMES_A_DIRECTION = 8
FEWEST_GROUPS = 3
"""A class must be learned from other groups than the one that is asked about."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondOpinion:
    """What is said of N labelled frames, each asked of a regression that has not seen its group."""

    judged: NDArray[np.bool_]
    """False where the label's class has too few groups to be learned."""
    other: NDArray[np.intp]
    """The likeliest class other than the label."""
    probability: Floats
    """Probability (0..1) of that other class."""
    margin: Floats
    """Probability of the other class less that of the label (the normalised margin, turned round)."""
    suspect: NDArray[np.bool_]
    """Whether another class is likelier than the label, or as likely as it is for its own frames on the average while the label is not."""
    contradicted: NDArray[np.bool_]
    """Whether another class is likelier than the label, and as likely as it is for its own frames on the average."""

    @property
    def borne_out(self) -> Floats:
        """How far the other groups bear the labels out (0..1): a label's probability by the other class', at most 1; 1 where not judged."""
        borne_out = np.ones(len(self.judged), np.float32)
        borne_out[self.judged] -= np.maximum(self.margin[self.judged], 0) / self.probability[self.judged]
        return borne_out


def second_opinion(
    features: NDArray[np.floating],
    labels: NDArray[np.intp],
    groups: NDArray[np.int64],
    task: TaskContext,
    places: NDArray[np.intp] | None = None,
) -> SecondOpinion | None:
    """Cross-validated over whole groups; `labels` are 0..C-1. None if there are not two classes of FEWEST_GROUPS groups to tell apart.

    Where not all frames are labelled, `places` are those of the N in `features`: a copy of their features would take as much again.
    """
    counts = np.bincount(np.unique(np.stack([labels, groups]), axis=1)[0], minlength=int(labels.max(initial=0)) + 1)
    learned = np.flatnonzero(counts >= FEWEST_GROUPS)
    if len(learned) < 2:
        return None
    judged = np.isin(labels, learned)
    chance = np.full((len(labels), len(counts)), np.nan, np.float32)
    place = np.searchsorted(learned, labels[judged])
    places = np.arange(len(labels)) if places is None else places
    chance[np.ix_(judged, learned)] = cross_validated(features, places[judged], place, groups[judged], task)
    return _opinion(chance, labels, judged)


def cross_validated(
    features: NDArray[np.floating], places: NDArray[np.intp], labels: NDArray[np.intp], groups: NDArray[np.int64], task: TaskContext
) -> Floats:
    """M x C: what a regression on the other folds says of each frame at `places` in `features`. A group stands in one fold."""
    task.report(0, FOLDS + 1, "comparing")
    most = max(2, min(DIRECTIONS, len(places) // _FRAMES_A_DIRECTION))
    values, classes = main_directions(features, places, most=most), int(labels.max()) + 1
    said = np.zeros((len(labels), classes), np.float32)
    folds = fold_of(labels, groups)
    for fold in range(FOLDS):
        task.report(fold + 1, FOLDS + 1, "comparing")
        left_out = folds == fold
        said[left_out] = probabilities(fit(values[~left_out], labels[~left_out], classes), values[left_out])
    task.report(FOLDS + 1, FOLDS + 1, "comparing")
    return said


def fold_of(labels: NDArray[np.intp], groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """Fold of each frame: groups whole, those of each class dealt out in turn, the largest first. The same for the same frames."""
    names, first, where, sizes = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    counts = np.zeros((len(names), int(labels.max()) + 1), np.intp)
    np.add.at(counts, (where, labels), 1)
    main = counts.argmax(axis=1)
    order = np.lexsort((first, -sizes, main))
    folds = np.empty(len(names), np.intp)
    folds[order] = np.arange(len(names)) % FOLDS
    return np.asarray(folds[where], np.intp)


def _opinion(chance: Floats, labels: NDArray[np.intp], judged: NDArray[np.bool_]) -> SecondOpinion:
    every, n = np.arange(len(labels)), chance.shape[1]
    own = chance[every, labels]
    # inf: of a class that was not learned nobody is confident
    mostly = np.array([own[(labels == name) & judged].mean() if (judged & (labels == name)).any() else np.inf for name in range(n)])
    others = np.where(np.isnan(chance), -1.0, chance).astype(np.float32)  # argmax would take nan for the largest
    others[every, labels] = -1
    other = others.argmax(axis=1)
    probability = others[every, other]
    confident = (others >= mostly).any(axis=1) & (own < mostly[labels])  # alone: 60 % of the planted mistakes
    likelier = judged & (probability > own)
    margin, suspect = np.asarray(probability - own, np.float32), np.asarray(likelier | (judged & confident), np.bool_)
    return SecondOpinion(judged, other, probability, margin, suspect, np.asarray(likelier & (probability >= mostly[other]), np.bool_))
