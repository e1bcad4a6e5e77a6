"""Device or mucosa? Windows with and without the finding, of the same frames and one size: whoever reads the device answers them alike."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.window_examples import FrameWindow, window_final, window_rows
from endodesk.domain.classes import merged
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.evaluation.intervals import FEW_GROUPS, SEED, wilson_interval
from training.evaluation.metrics import RESAMPLES
from training.evaluation.scores import Numbers


# Why: docs/decisions/evaluation.md 21
def window_probe(
    predictor: Predictor,
    windows: Sequence[FrameWindow],
    rows: Sequence[ManifestRow],
    without: str,
    task: TaskContext,
    class_of: Callable[[str], str] = str,
) -> dict[str, Any]:
    """What a model answers to the windows of these frames, for metrics.json; empty where there are none that it can know or read.

    The frames are read again. Cancelled by the task.
    """
    names, places = merged(predictor.bundle.classes, class_of)
    asked = [pair for pair in window_rows(windows, rows) if pair[0].label in names]
    said: list[Numbers | None] = []
    for done, answer in enumerate(in_threads(lambda one: _answer(predictor, *one), asked), 1):
        task.report(done, len(asked), "device or mucosa")
        said.append(None if answer is None else np.bincount(places, answer, minlength=len(names)).astype(np.float64))
    read = [place for place, answer in enumerate(said) if answer is not None]
    labels = [asked[place][0].label for place in read]
    if without not in names or len(set(labels)) < 2:
        return {}
    answers = np.array([names[int(np.argmax(said[place]))] for place in read])  # type: ignore[arg-type]
    holds = np.array([label != without for label in labels])
    right, frames = answers == np.array(labels), [asked[place][1] for place in read]
    found = figures(holds, right, answers == without, [row.group or row.sha256 for row in frames])
    return {**found, "without_class": without, "frames": len({row.sha256 for row in frames})}


def shares(holds: NDArray[np.bool_], answers: NDArray[np.intp], finding: int, without: int, groups: Sequence[str]) -> dict[str, Any]:
    """`figures` of windows with one kind of finding."""
    return figures(holds, np.where(holds, answers == finding, answers == without), answers == without, groups)


def figures(holds: NDArray[np.bool_], right: NDArray[np.bool_], told_without: NDArray[np.bool_], groups: Sequence[str]) -> dict[str, Any]:
    """Recall of windows with the finding, share of those without it that are answered as a finding, and their balanced accuracy.

    Each with n and a 95 % interval: from resampling groups, or Wilson's with groups as n where there are few, or all resamples agree.
    """
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    drawn = np.random.default_rng(SEED).multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    recall = _share(right & holds, holds, group, drawn)
    called = _share(~told_without & ~holds, ~holds, group, drawn)
    told: dict[str, Any] = {"n": len(holds), "groups": len(names)}
    for name, (value, again, n, own) in (("recall", recall), ("called_finding", called)):
        told[name] = {"value": value, "n": n, "interval": _interval(value, again, own)}
    value = (recall[0] + 1 - called[0]) / 2
    told["balanced_accuracy"] = {"value": value, "interval": _interval(value, (recall[1] + 1 - called[1]) / 2, len(names))}
    return told


def _share(hit: NDArray[np.bool_], among: NDArray[np.bool_], group: NDArray[np.intp], drawn: NDArray[np.int64]) -> tuple[Any, ...]:
    """The share, that of each resample, how many windows and how many groups it is of."""
    size = drawn.shape[1]
    hits, all_of = (np.bincount(group, mask, size) for mask in (hit, among))
    with np.errstate(invalid="ignore"):
        again = (drawn @ hits) / (drawn @ all_of)
    return float(hits.sum() / all_of.sum()), again, int(all_of.sum()), int((all_of > 0).sum())


def _interval(value: float, again: Numbers, groups: int) -> list[float]:
    known = again[~np.isnan(again)]
    if groups >= FEW_GROUPS and len(known):
        low, high = (float(end) for end in np.quantile(known, (0.025, 0.975)))
        if high - low > 1e-9:
            return [min(low, value), max(high, value)]
    return list(wilson_interval(value * groups, groups))


def _answer(predictor: Predictor, window: FrameWindow, row: ManifestRow) -> Numbers | None:
    try:
        return np.asarray(predictor.predict_final(window_final(window, row, predictor.bundle.recipe)[None])[0], np.float64)
    except (UnreadableImage, BadRequest):
        return None
