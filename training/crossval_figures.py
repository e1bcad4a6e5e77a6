"""What cross-validation comes to: figures of each fold, over the folds, and of all out-of-fold answers together."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from training.measures import Metrics

NOTHING_CHOSEN = "These frames are from elsewhere: no model was trained on them, and nothing was chosen by them."
Summary = dict[str, dict[str, Any]]
"""Figure -> mean, sd, interval (None if there is none), folds."""


def headline(metrics: Metrics) -> dict[str, float | None]:
    """The figures that are looked at over the folds."""
    recalls = {f"recall {name}": scores["recall"] for name, scores in metrics["per_class"].items() if scores["n"]}
    return {**_whole(metrics), **recalls}


def headline_intervals(metrics: Metrics) -> dict[str, Any]:
    """Each headline figure's 95 % interval from resampling whole groups, or None."""
    told = metrics["intervals"]
    return {**_whole(told), **{f"recall {name}": scores["recall"] for name, scores in told["per_class"].items()}}


def over_folds(each: Sequence[Metrics], folds: int) -> Summary:
    """Mean, standard deviation and 95 % interval of each headline figure over the folds (of all repeats)."""
    rows = [headline(metrics) for metrics in each]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: _over([value for row in rows if (value := row.get(name)) is not None], folds) for name in names}


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
    return {"accuracy": told["accuracy"], "balanced_accuracy": told["balanced_accuracy"], "macro_f1": told["macro"]["f1"]}


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
