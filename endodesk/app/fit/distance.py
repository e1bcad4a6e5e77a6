"""How many frames look unlike all that a model has learnt from."""

import contextlib
import functools

import numpy as np
from numpy.typing import NDArray

import resources
from endodesk.app.queues.novelty import NEIGHBOURS, nearest
from endodesk.app.queues.queues import QueueInput
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle
from endodesk.imaging.pixels import Floats
from endodesk.inference.learnt_frames import LearntFrames
from endodesk.system.task import TaskContext

WITHIN = 0.95
"""Of what was learnt, the share that lies within the limit."""
_MOST_ASKED = 5000
"""100,000 frames against what was learnt take half a minute, and their share can be told from these to half a point."""


def share_far(given: QueueInput, asked: NDArray[np.intp], bundle: ModelBundle, task: TaskContext) -> float | None:
    """Of the asked frames, the share that lies farther from all that was learnt than 95 % of that from each other.

    What was learnt are frames of this project, what came with the program for its starter's backbone, or both. None where neither is known.
    """
    limits, asked = [], _some(asked)
    trained = np.flatnonzero(given.trained & np.isfinite(given.features).all(axis=1)) if given.features.shape[1] else np.empty(0, np.intp)
    if len(trained) > NEIGHBOURS and len(np.unique(given.groups[trained])) > NEIGHBOURS:
        apart = nearest(given.features, _some(trained), trained, task, given.groups).distance
        limit = np.quantile(apart[np.isfinite(apart)], WITHIN)
        limits.append(nearest(given.features, asked, trained, task).distance > limit)
    kept = _kept_of_starter()
    if kept and kept.holds_for(bundle):
        limits.append(far_from(kept, given.features[asked], task))
    return float(np.logical_and.reduce(limits).mean()) if limits and len(asked) else None


def _some(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Evenly drawn from very many: shares and limits hardly move."""
    if len(places) <= _MOST_ASKED:
        return places
    return places[np.linspace(0, len(places) - 1, _MOST_ASKED).round().astype(np.intp)]


def far_from(learnt: LearntFrames, features: NDArray[np.floating], task: TaskContext) -> NDArray[np.bool_]:
    """Which of N x K features lie farther from these frames than 95 % of them from each other."""
    both: Floats = np.concatenate([learnt.turned(features), learnt.points.astype(np.float32)])
    n = len(features)
    return np.asarray(nearest(both, np.arange(n), np.arange(n, len(both)), task).distance > learnt.limit, np.bool_)


@functools.cache
def _kept_of_starter() -> LearntFrames | None:
    with contextlib.suppress(BadBundle):  # the program may have come without it
        return LearntFrames.load(resources.STARTER_LEARNT)
    return None
