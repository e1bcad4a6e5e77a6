"""Figures by centre: how a model does in each hospital that its frames come from, the mean over them, and the worst."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from training.evaluation.intervals import Interval, Intervals, resampled_figures
from training.evaluation.metrics import RESAMPLES
from training.evaluation.scores import Numbers, Sample

ENOUGH = 10
"""Frames from which on a centre counts in mean and worst: one frame is right or wrong, and would be the worst hospital of all."""
CentreFigures = dict[str, Any]
"""`each`: name of a centre -> n, groups, and its figures; `over`: figure -> mean, interval, worst, worst_centre, sd, centres, and `least`,
how many frames of it each of these centres has at least: ENOUGH, or 1 where no centre has so many. A figure of
a centre is a value with its interval (None where there is none) and its number of frames: accuracy, macro_f1 over the classes that the
centre has, and `recall CLASS` of each of these."""


# Why: docs/decisions/evaluation.md 17
def figures_by_centre(
    truth: NDArray[np.intp], probabilities: Numbers, classes: ClassSet, groups: Sequence[str], centres: Sequence[str], *, least: int = 2
) -> CentreFigures:
    """From N class indices and N x C probabilities, each frame with its group and its centre; empty of fewer centres than `least`.

    Intervals come from resampling whole groups of one centre, so that they tell of other frames from there.
    """
    names = sorted(set(centres))
    if len(names) < least:
        return {}
    of_frame, group = np.array(centres, dtype=object), np.array(groups, dtype=object)
    each = {}
    for name in names:
        own = of_frame == name
        each[name] = _figures(truth[own], probabilities[own], classes, group[own].tolist())
    return {"each": each, "over": over_centres({name: found["figures"] for name, found in each.items()})}


def over_centres(each: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Of each figure the mean over the centres that have it of ENOUGH frames (of any number, where none has), and the worst.

    The interval of the mean is about other frames from these centres: their own intervals are independent, so their distances add up as
    squares. How centres differ, the deviation tells.
    """
    found = {}
    for figure in dict.fromkeys(figure for own in each.values() for figure in own):
        having = {centre: own[figure] for centre, own in each.items() if figure in own and own[figure]["value"] is not None}
        enough = {centre: own for centre, own in having.items() if own["n"] >= ENOUGH}
        if having:
            found[figure] = {**_over(enough or having), "least": ENOUGH if enough else 1}
    return found


def _over(having: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    values = [own["value"] for own in having.values()]
    mean, worst = math.fsum(values) / len(values), min(having, key=lambda centre: (having[centre]["value"], centre))
    between = [own["interval"] for own in having.values()]
    told = None
    if all(between):
        below, above = ([abs(end[side] - value) for end, value in zip(between, values, strict=True)] for side in (0, 1))
        told = [max(0.0, mean - math.hypot(*below) / len(values)), min(1.0, mean + math.hypot(*above) / len(values))]
    return {
        "mean": mean,
        "interval": told,
        "worst": having[worst]["value"],
        "worst_centre": worst,
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "centres": len(values),
    }


def _figures(truth: NDArray[np.intp], probabilities: Numbers, classes: ClassSet, groups: Sequence[str]) -> dict[str, Any]:
    sample = Sample.of(truth, probabilities, groups)
    at_hand = sample.figures(np.ones((1, sample.groups)), areas=False)
    [resampled] = resampled_figures([sample], RESAMPLES, areas=False)
    intervals = Intervals(sample, at_hand, resampled)
    n = len(truth)
    figures = {
        "accuracy": _figure(at_hand["accuracy"][0], intervals.whole("accuracy"), n),
        "macro_f1": _figure(at_hand["macro f1"][0], intervals.whole("macro f1"), n),
    }
    for index, name in enumerate(classes):
        if own := sample.counts(index)["n"]:
            figures[f"recall {name}"] = _figure(at_hand["recall"][0, index], intervals.of_class("recall", index), own)
    return {"n": n, "groups": sample.groups, "figures": figures}


def _figure(value: float, interval: Interval | None, n: int) -> dict[str, Any]:
    return {"value": None if math.isnan(value) else float(value), "interval": interval, "n": n}
