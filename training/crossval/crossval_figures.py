"""What cross-validation comes to: figures of each fold, over the folds, and of all out-of-fold answers together."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from training.evaluation.intervals import Intervals, resampled_figures
from training.evaluation.metrics import RESAMPLES, Metrics
from training.evaluation.scores import Numbers, Sample

NOTHING_CHOSEN = "These frames are from elsewhere: no model was trained on them, and nothing was chosen by them."
Summary = dict[str, dict[str, Any]]
"""Figure -> mean, sd, interval (None if there is none), folds."""


def headline(metrics: Metrics) -> dict[str, float | None]:
    """The figures that are looked at over the folds."""
    # a class without frames has no recall
    recalls = {f"recall {name}": scores["recall"] for name, scores in metrics["per_class"].items() if scores["n"]}
    return {**_whole(metrics), **recalls, **_while_training(metrics.get("validation", {}))}


def headline_intervals(metrics: Metrics) -> dict[str, Any]:
    """Each headline figure's 95 % interval from resampling whole groups, or None."""
    told = metrics["intervals"]
    return {**_whole(told), **{f"recall {name}": scores["recall"] for name, scores in told["per_class"].items()}}


def kept_phase(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """From a run's metrics: the phase whose weights were kept, and what it reached on validation frames; empty if they do not tell."""
    return next((dict(phase) for phase in metrics.get("phases", []) if phase["phase"] == metrics.get("selected")), {})


def over_folds(each: Sequence[Metrics], folds: int) -> Summary:
    """Mean, standard deviation and 95 % interval of each headline figure over the folds (of all repeats)."""
    rows = [headline(metrics) for metrics in each]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: _over([value for row in rows if (value := row.get(name)) is not None], folds) for name in names}


# Why: docs/decisions/evaluation.md 2
def over_models(
    each: Sequence[Metrics], truth: NDArray[np.intp], said: Sequence[Numbers], classes: ClassSet, groups: Sequence[str]
) -> Summary:
    """As `over_folds`, of models that all answered the same N frames (`said`: N x C each; `each`: measured from them).

    The intervals are of the mean over the models, from resampling whole groups of the frames, the same draws for all models:
    it is about other frames from there that one wants to know. How much the models differ is told by the standard deviation.
    """
    samples = [Sample.of(truth, probabilities, groups) for probabilities in said]
    at_hand = _mean([sample.figures(np.ones((1, sample.groups))) for sample in samples])
    # all are of the same frames: labels and groups of any will do
    intervals = Intervals(samples[0], at_hand, _mean(resampled_figures(samples, RESAMPLES)))
    found = {"accuracy": intervals.whole("accuracy"), "balanced_accuracy": intervals.whole("balanced_accuracy")}
    found |= {"macro_f1": intervals.whole("macro f1"), "ece": intervals.whole("ece")}
    found |= {f"recall {name}": intervals.of_class("recall", index) for index, name in enumerate(classes)}
    return {name: {**row, "interval": found[name]} for name, row in over_folds(each, len(each)).items()}


# Why: docs/decisions/evaluation.md 1
def t_interval(values: Sequence[float], folds: int) -> tuple[float, float] | None:
    """95 % interval of the mean over folds by Student's t, within 0..1; None of fewer than two values, or if all are equal.

    Folds share most of their training frames, so their figures are not independent: the variance of the mean is taken as
    (1/J + 1/(folds - 1)) times that of the J values (Nadeau and Bengio, 2003), not as 1/J. More repeats do not shrink it to nothing.
    """
    n = len(values)
    if n < 2 or min(values) == max(values):
        return None
    from scipy.stats import t  # only who cross-validates pays for it

    half = float(t.ppf(0.975, n - 1)) * float(np.std(values, ddof=1)) * math.sqrt(1 / n + 1 / (folds - 1))
    middle = float(np.mean(values))
    return max(0.0, middle - half), min(1.0, middle + half)


def _whole(told: Metrics) -> dict[str, Any]:
    whole = {name: told[name] for name in ("accuracy", "balanced_accuracy")}
    return {**whole, "macro_f1": told["macro"]["f1"], "ece": told["ece"]}


def _while_training(validation: Mapping[str, Any]) -> dict[str, float]:
    """Only where validation was also done on frames whose source is hidden: the two are told for their difference."""
    if validation.get("shifted_accuracy") is None:
        return {}
    return {"val_accuracy": validation["val_accuracy"], "shifted_accuracy": validation["shifted_accuracy"]}


def _mean(figures: Sequence[Mapping[str, Numbers]]) -> dict[str, Numbers]:
    return {name: np.mean([own[name] for own in figures], axis=0) for name in figures[0]}


def _over(values: Sequence[float], folds: int) -> dict[str, Any]:
    if not values:
        return {"mean": None, "sd": None, "interval": None, "folds": 0}
    interval = t_interval(values, folds)
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "interval": list(interval) if interval else None,
        "folds": len(values),
    }
