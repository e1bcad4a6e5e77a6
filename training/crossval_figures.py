"""What cross-validation comes to: figures of each fold, over the folds, and of all out-of-fold answers together."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from training.evaluate import Metrics, measure

RESAMPLES = 2000
_SEED = 42
NOTHING_CHOSEN = "These frames are from elsewhere: no model was trained on them, and nothing was chosen by them."
Summary = dict[str, dict[str, Any]]
"""Figure -> mean, sd, interval (None if there is none), folds."""


def figures(truth: NDArray[np.intp], probabilities: NDArray[np.float64], classes: ClassSet, groups: Sequence[str]) -> Metrics:
    """As `training.evaluate.measure`, with intervals from resampling whole groups. The one place where cross-validation measures."""
    measured = measure(truth, probabilities, classes)
    return {**measured, "groups": len(set(groups)), "intervals": _intervals(truth, probabilities, len(classes), groups)}


def headline(metrics: Metrics) -> dict[str, float | None]:
    """The figures that are looked at over the folds."""
    recalls = {f"recall {name}": scores["recall"] for name, scores in metrics["per_class"].items() if scores["n"]}
    whole = {"accuracy": metrics["accuracy"], "balanced_accuracy": metrics["balanced_accuracy"], "macro_f1": metrics["macro"]["f1"]}
    return {**whole, **recalls}


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


def _intervals(truth: NDArray[np.intp], probabilities: NDArray[np.float64], classes: int, groups: Sequence[str]) -> Mapping[str, Any]:
    """The middle 95 % over resamples of whole groups: accuracy, balanced accuracy, macro F1; None where nothing varies."""
    names, of_frame = np.unique(np.asarray(groups, str), return_inverse=True)
    confusion = np.zeros((len(names), classes, classes))
    np.add.at(confusion, (of_frame, truth, probabilities.argmax(axis=1)), 1)
    draws = np.random.default_rng(_SEED).multinomial(len(names), np.full(len(names), 1 / max(1, len(names))), size=RESAMPLES)
    drawn = np.tensordot(draws, confusion, axes=1)  # R x C x C
    hits, n, answered = np.trace(drawn, axis1=1, axis2=2), drawn.sum(axis=2), drawn.sum(axis=1)
    own = np.diagonal(drawn, axis1=1, axis2=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = np.where(n > 0, own / n, np.nan)
        f1 = np.where(n > 0, 2 * own / (n + answered), np.nan)
        accuracy = hits / drawn.sum(axis=(1, 2))
    return {"accuracy": _middle(accuracy), "balanced_accuracy": _middle(_mean(recall)), "macro": {"f1": _middle(_mean(f1))}}


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over the classes that were drawn."""
    return np.asarray(np.nansum(values, axis=1) / np.maximum(1, (~np.isnan(values)).sum(axis=1)))


def _middle(values: Iterable[float]) -> list[float] | None:
    known = np.asarray([value for value in values if not math.isnan(value)])
    if not len(known):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return [float(low), float(high)] if high > low else None
