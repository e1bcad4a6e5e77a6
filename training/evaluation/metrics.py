"""Figures of a classifier on labelled frames, each with a 95 % interval from resampling whole groups of frames."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from training.evaluation.intervals import Intervals, resampled_figures
from training.evaluation.scores import SCORES, Numbers, Sample

Metrics = dict[str, Any]
"""As in metrics.json: n, groups, classes; accuracy, balanced_accuracy, mcc, kappa, brier, ece, loss; macro and per_class
precision, recall, f1, specificity, npv, auroc (per_class also n and groups); confusion (rows: truth, columns: answers);
intervals (by the same names, each a pair or None); accuracy_interval; resamples. None where a figure is not defined.
Brier is summed over the classes (0..2), loss is in nats, auroc is one class against the rest."""

WHOLE = ("accuracy", "balanced_accuracy", "mcc", "kappa", "brier", "ece", "loss")
RESAMPLES = 2000  # with 1,400 frames half a second, AUROC included


def measure(
    truth: NDArray[np.intp], probabilities: Numbers, classes: ClassSet, groups: Sequence[str] | None = None, *, resamples: int = RESAMPLES
) -> Metrics:
    """Figures from N class indices and N x C probabilities; frames of an equal group are resampled together.

    Without `groups` every frame is a group of its own. Macro means are over the classes that have frames; of these, one
    that is never answered counts as 0 in macro precision, as in scikit-learn, though its own precision is None.
    """
    sample = Sample.of(truth, probabilities, groups)
    at_hand = sample.figures(np.ones((1, sample.groups)))
    [resampled] = resampled_figures([sample], resamples)
    intervals = Intervals(sample, at_hand, resampled)
    names = list(enumerate(classes))
    told: dict[str, Any] = {name: intervals.whole(name) for name in WHOLE}
    told["macro"] = {score: intervals.whole(f"macro {score}") for score in SCORES}
    told["per_class"] = {name: {score: intervals.of_class(score, index) for score in SCORES} for index, name in names}
    return {
        "n": len(truth),
        "groups": sample.groups,
        "classes": list(classes),
        **{name: _number(at_hand[name][0]) for name in WHOLE},
        "accuracy_interval": told["accuracy"] or [0.0, 1.0],  # without frames it may be anything
        "macro": {score: _number(at_hand[f"macro {score}"][0]) for score in SCORES},
        "per_class": {
            name: {**sample.counts(index), **{score: _number(at_hand[score][0, index]) for score in SCORES}} for index, name in names
        },
        "confusion": sample.confusion.tolist(),
        "intervals": told,
        "resamples": resamples,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
