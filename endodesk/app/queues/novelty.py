"""How far frames are from those that a model has learned from, by the cosine of their features."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats
from endodesk.system.task import TaskContext

NEIGHBOURS = 3
"""The mean distance of so many: one odd training frame must not vouch for all that is like it."""
# Why: docs/decisions/app.md 27
_MOST_REFERENCES = 5000
"""Evenly drawn from more: 100,000 frames against so many take half a minute, and their neighbours hardly move away."""
_BLOCK = 512  # frames at a time: their distances from all references take 10 MB


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """How far each of M frames lies from the nearest references."""

    distance: Floats
    """Mean cosine distance (0..2) of the nearest references; inf where there is none."""
    closest: NDArray[np.intp]
    """Place of the nearest reference."""


def nearest(
    features: NDArray[np.floating],
    asked: NDArray[np.intp],
    references: NDArray[np.intp],
    task: TaskContext,
    groups: NDArray[np.int64] | None = None,
) -> Nearest:
    """Frames and references are given by their places in `features` (N x K); with `groups` (N) a frame's own group does not count."""
    if len(references) > _MOST_REFERENCES:
        references = references[np.linspace(0, len(references) - 1, _MOST_REFERENCES).round().astype(np.intp)]
    towards = _unit(features[references]).T
    distance, closest = np.empty(len(asked), np.float32), np.empty(len(asked), np.intp)
    k = min(NEIGHBOURS, len(references))
    for start in range(0, len(asked), _BLOCK):
        task.report(start, len(asked), "measuring")
        some = asked[start : start + _BLOCK]
        alike = _unit(features[some]) @ towards
        if groups is not None:
            alike[groups[some][:, None] == groups[references]] = -np.inf
        near = np.empty((len(some), k), np.float32)
        for turn in range(k):  # the largest of each row, k times over: a tenth of what sorting them takes
            place = alike.argmax(axis=1)[:, None]
            near[:, turn] = 1 - np.take_along_axis(alike, place, axis=1)[:, 0]
            if turn == 0:
                closest[start : start + len(some)] = references[place[:, 0]]
            np.put_along_axis(alike, place, -np.inf, axis=1)
        there = np.isfinite(near)
        sums, counts = np.where(there, near, 0).sum(axis=1), there.sum(axis=1)
        distance[start : start + len(some)] = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    task.report(len(asked), len(asked), "measuring")
    return Nearest(np.maximum(distance, 0), closest)  # rounding leaves a hair below 0


def _unit(features: NDArray[np.floating]) -> Floats:
    values = np.asarray(features, np.float32)
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12), np.float32)
