"""What a classifier's answers come to, for any weighting of groups of frames: all resamples of a bootstrap at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
SCORES = ("precision", "recall", "f1", "specificity", "npv", "auroc")
ECE_BINS = 15  # as in Guo et al., 2017
"""Of equal width, by the probability of the answer."""

_LEAST = 1e-7  # a probability of 0 would make the loss infinite
CHUNK = 2_000_000  # numbers in memory at once


@dataclass(frozen=True, slots=True)
class Sample:
    """What was answered, added up by group, so that a resample is a product of matrices."""

    truth: NDArray[np.intp]
    """N indices of the label's class."""
    probabilities: Numbers
    """N x C, each row summing to 1."""
    group: NDArray[np.intp]
    """N: number of each frame's group."""
    groups: int
    answers: NDArray[np.intp]
    """N indices of the class that is most probable."""
    sums: Numbers
    """G x (2 + bins): Brier score, loss, and for each bin of confidence how much more sure than right its frames are."""

    @classmethod
    def of(cls, truth: NDArray[np.intp], probabilities: Numbers, groups: Sequence[str] | None) -> Self:
        """From answers to N frames; `groups` names each frame's."""
        n, classes = probabilities.shape
        group = np.arange(n) if groups is None else _numbered(groups)
        count = int(group.max()) + 1 if n else 0
        answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1, initial=0)
        sums = np.zeros((count, 2 + ECE_BINS))
        distance, of_truth = ((probabilities - np.eye(classes)[truth]) ** 2).sum(axis=1), probabilities[np.arange(n), truth]
        sums[:, 0] = np.bincount(group, distance, minlength=count)
        sums[:, 1] = np.bincount(group, -np.log(np.maximum(of_truth, _LEAST)), minlength=count)
        np.add.at(sums, (group, 2 + confidence_bin(confidence)), confidence - (answers == truth))
        return cls(truth, probabilities, group, count, answers, sums)

    def counts(self, index: int) -> dict[str, int]:
        """How many frames of a class there are, in how many groups."""
        own = self.truth == index
        return {"n": int(own.sum()), "groups": len(np.unique(self.group[own]))}

    @property
    def confusion(self) -> NDArray[np.intp]:
        """C x C numbers of frames, rows: truth."""
        classes = self.probabilities.shape[1]
        return np.bincount(self.truth * classes + self.answers, minlength=classes**2).reshape(classes, classes)

    def figures(self, weights: Numbers, *, areas: bool = True) -> dict[str, Numbers]:
        """Each figure for each of R weightings of the groups (R x G): R numbers, or R x C of the classes; NaN where not defined.

        Without `areas` there is no AUROC, which takes most of the time.
        """
        with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is a figure that is not defined: NaN, told as None
            confusion = self._confusions(weights)
            sums, n = weights @ self.sums, confusion.sum(axis=(1, 2))
            found = _of_confusion(confusion)
            found |= {"brier": sums[:, 0] / n, "loss": sums[:, 1] / n, "ece": np.abs(sums[:, 2:]).sum(axis=1) / n}
            if areas:
                found["auroc"] = self._auroc(weights)
            present = confusion.sum(axis=2) > 0
            for score in (name for name in SCORES if name in found):
                # as scikit-learn: never to name a class must not pay
                counted = np.nan_to_num(found[score]) if score == "precision" else found[score]
                valid = present & ~np.isnan(counted)
                found[f"macro {score}"] = np.where(valid, counted, 0).sum(axis=1) / valid.sum(axis=1)
        found["balanced_accuracy"] = found["macro recall"]
        return found

    def _confusions(self, weights: Numbers) -> Numbers:
        """R x C x C, rows: truth. Added up by cell that has frames: a matrix a group would be gigabytes of many groups and classes."""
        classes = self.probabilities.shape[1]
        found = np.zeros((len(weights), classes**2))
        if not len(self.truth):
            return found.reshape(-1, classes, classes)
        cell = self.truth * classes + self.answers
        order = np.argsort(cell, kind="stable")
        cells, starts = np.unique(cell[order], return_index=True)
        rows = max(1, CHUNK // len(order))
        for start in range(0, len(weights), rows):
            of_frames = weights[start : start + rows][:, self.group[order]]
            found[start : start + rows, cells] = np.add.reduceat(of_frames, starts, axis=1)
        return found.reshape(-1, classes, classes)

    def _auroc(self, weights: Numbers) -> Numbers:
        """R x C: how often a frame of the class has a higher probability of it than one of another class; ties count a half."""
        if not len(self.truth):
            return np.full((len(weights), self.probabilities.shape[1]), np.nan)
        rows = max(1, CHUNK // len(self.truth))
        chunks = [weights[start : start + rows][:, self.group] for start in range(0, len(weights), rows)]
        return np.concatenate([self._auroc_of(chunk) for chunk in chunks])

    def _auroc_of(self, frames: Numbers) -> Numbers:
        areas = []
        for index, scores in enumerate(self.probabilities.T):
            order = np.argsort(scores, kind="stable")
            starts = np.flatnonzero(np.diff(scores[order], prepend=-1.0))
            own = self.truth[order] == index
            positive = np.add.reduceat(np.where(own, frames[:, order], 0), starts, axis=1)
            negative = np.add.reduceat(np.where(own, 0, frames[:, order]), starts, axis=1)
            below = np.cumsum(negative, axis=1) - negative / 2
            areas.append((positive * below).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1)))
        return np.stack(areas, axis=1)


def _numbered(names: Sequence[str]) -> NDArray[np.intp]:
    """The number of each name among the different ones, in their order."""
    number = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.fromiter((number[name] for name in names), np.intp, len(names))


def confidence_bin(confidence: Numbers) -> NDArray[np.intp]:
    """Which of the bins each probability lies in; a bin has its lower edge, the last one 1 too."""
    return np.minimum((confidence * ECE_BINS).astype(np.intp), ECE_BINS - 1)


def _of_confusion(confusion: Numbers) -> dict[str, Numbers]:
    """The figures that follow from R confusion matrices (R x C x C, rows: truth): R numbers, or R x C of the classes."""
    total = confusion.sum(axis=(1, 2))[:, None]
    hits, labelled, answered = np.einsum("rcc->rc", confusion), confusion.sum(axis=2), confusion.sum(axis=1)
    rejected = total - labelled - answered + hits
    right, chance = hits.sum(axis=1) / total[:, 0], (labelled * answered).sum(axis=1) / total[:, 0] ** 2
    spread = np.sqrt((total[:, 0] ** 2 - (labelled**2).sum(axis=1)) * (total[:, 0] ** 2 - (answered**2).sum(axis=1)))
    return {
        "accuracy": right,
        "precision": hits / answered,
        "recall": hits / labelled,
        "f1": np.where(labelled > 0, 2 * hits / (labelled + answered), np.nan),
        "specificity": rejected / (total - labelled),
        "npv": rejected / (total - answered),
        "kappa": np.where(labelled.max(axis=1) < total[:, 0], (right - chance) / (1 - chance), np.nan),  # Cohen, 1960
        "mcc": (hits.sum(axis=1) * total[:, 0] - (labelled * answered).sum(axis=1)) / spread,  # Gorodkin, 2004
    }
