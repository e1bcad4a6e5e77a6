"""Calibration: probabilities that can be believed, and below which of them to say "not sure"."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from endodesk.domain.member_networks import COLDEST, HOTTEST
from endodesk.inference.head import softmax
from training.evaluation.metrics import measure
from training.evaluation.scores import ECE_BINS, Numbers, confidence_bin

# Why: docs/decisions/evaluation.md 7
TARGET = 0.98
"""Share of right answers among those that are given, which the threshold for "not sure" aims at."""
FEWEST = 30
"""Answers that the threshold must leave on the validation part."""
# Why: docs/decisions/evaluation.md 6
PULL = 0.5
"""Standard deviation by which 1 / temperature is expected to differ from 1."""
CURVE_POINTS = 101  # one a per cent

_LEAST = 1e-30  # log of 0 is no number
_HALVINGS = 60  # after these the two ends are nearer than a double can tell apart


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is learnt from the validation part after the weights."""

    temperature: float = 1.0
    """Logits are divided by it."""
    not_sure_below: float | None = None
    """Probability of the answer below which it should not be relied on; None if no threshold reaches the target."""
    n: int = 0
    """Validation frames it was fitted on."""


def calibrate(truth: NDArray[np.intp], probabilities: Numbers) -> Calibration:
    """From the validation part: N class indices, N x C probabilities at temperature 1."""
    # rounded first: the threshold belongs to the temperature as it is written
    temperature = round(fit_temperature(truth, probabilities), 4)
    # frames count as they come, not by class: so they are answered
    return Calibration(temperature, not_sure_threshold(truth, tempered(probabilities, temperature)), len(truth))


def tempered(probabilities: Numbers, temperature: float) -> Numbers:
    """N x C probabilities as they are when the logits behind them are divided by the temperature."""
    return np.asarray(softmax(_logits(probabilities) / temperature), np.float64)


def fit_temperature(truth: NDArray[np.intp], probabilities: Numbers) -> float:
    """The temperature that makes the loss of N frames least (Guo et al., 2017), within what a bundle may have.

    1 / temperature is drawn to 1 like a number of standard deviation 0.5: without that, a model without mistakes on these
    frames would be made infinitely sure, and it takes more to make a model surer than to make it less so. Loss and pull
    are convex in 1 / temperature, so their slope is followed to zero by halving.
    """
    logits, targets = _logits(probabilities), np.eye(probabilities.shape[1])[truth]
    low, high = math.log(1 / HOTTEST), math.log(1 / COLDEST)  # in logarithms: half and double are equally far from 1
    for _ in range(_HALVINGS):
        inverse = math.exp((low + high) / 2)
        slope = ((tempered(probabilities, 1 / inverse) - targets) * logits).sum() + (inverse - 1) / PULL**2
        low, high = (math.log(inverse), high) if slope < 0 else (low, math.log(inverse))
    return min(HOTTEST, max(COLDEST, math.exp(-(low + high) / 2)))


def not_sure_threshold(truth: NDArray[np.intp], probabilities: Numbers, *, target: float = TARGET, fewest: int = FEWEST) -> float | None:
    """The lowest probability of the answer at which `target` of the answers from there up are right, at least `fewest` of them.

    None if there is none. Rounded down to four decimals, so that it can be read.
    """
    confidence, answered, right = _by_confidence(truth, probabilities)
    reached = np.flatnonzero((right >= target * answered) & (answered >= fewest))
    return math.floor(confidence[reached[-1]] * 10_000) / 10_000 if len(reached) else None


def calibration_figures(
    truth: NDArray[np.intp], probabilities: Numbers, classes: ClassSet, groups: Sequence[str], temperature: float, threshold: float | None
) -> dict[str, Any]:
    """How well N x C probabilities at a temperature can be believed, beside what they were without it; for metrics.json."""
    raw = tempered(probabilities, 1 / temperature)  # undoes the division that the bundle's answers have been through
    before = measure(truth, raw, classes, groups)
    return {
        "temperature": temperature,
        "bins": ECE_BINS,
        "before": {name: {"value": before[name], "interval": before["intervals"][name]} for name in ("ece", "brier", "loss")},
        "reliability_before": reliability(truth, raw),
        "reliability": reliability(truth, probabilities),
        "coverage": coverage_curve(truth, probabilities),
        "not_sure": not_sure_figures(truth, probabilities, classes, groups, threshold),
    }


def reliability(truth: NDArray[np.intp], probabilities: Numbers) -> list[dict[str, float]]:
    """For each bin that has frames: n, their mean probability of the answer, and the share of right answers."""
    if not len(truth):
        return []
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    place = confidence_bin(confidence)
    found = []
    for number in np.unique(place):
        inside = place == number
        found.append({"n": int(inside.sum()), "confidence": float(confidence[inside].mean()), "accuracy": float(right[inside].mean())})
    return found


def coverage_curve(truth: NDArray[np.intp], probabilities: Numbers) -> list[dict[str, float]]:
    """If only the surest are answered: the share that is, the share of right ones among them, and the least probability; at most 101."""
    confidence, answered, right = _by_confidence(truth, probabilities)
    points = np.unique(np.linspace(0, len(confidence) - 1, min(CURVE_POINTS, len(confidence))).astype(int))
    return [
        {"coverage": float(answered[i] / len(truth)), "accuracy": float(right[i] / answered[i]), "confidence": float(confidence[i])}
        for i in points
    ]


def not_sure_figures(
    truth: NDArray[np.intp], probabilities: Numbers, classes: ClassSet, groups: Sequence[str], threshold: float | None
) -> dict[str, Any]:
    """What the threshold does to these frames: how many are answered, and how many of those rightly."""
    if threshold is None:
        return {"below": None, "target": TARGET}
    sure = probabilities.max(axis=1, initial=0) >= threshold
    of_them = measure(truth[sure], probabilities[sure], classes, [group for group, kept in zip(groups, sure, strict=True) if kept])
    return {
        "below": threshold,
        "target": TARGET,
        "answered": of_them["n"],
        "coverage": of_them["n"] / len(truth) if len(truth) else None,
        "accuracy": of_them["accuracy"],
        "accuracy_interval": of_them["accuracy_interval"],
    }


def _logits(probabilities: Numbers) -> Numbers:
    """The logits behind N x C probabilities, but for a constant of each frame, which no softmax sees."""
    return np.asarray(np.log(np.maximum(probabilities, _LEAST)), np.float64)


def _by_confidence(truth: NDArray[np.intp], probabilities: Numbers) -> tuple[Numbers, NDArray[np.intp], NDArray[np.intp]]:
    """Each probability of an answer that occurs, the highest first; how many have it or a higher one; how many of them are right."""
    if not len(truth):
        return np.empty(0), np.empty(0, np.intp), np.empty(0, np.intp)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], np.cumsum(right[order])
    last = np.flatnonzero(np.diff(confidence, append=-1.0))  # answers of one probability go together: no threshold parts them
    return confidence[last], last + 1, right[last]
