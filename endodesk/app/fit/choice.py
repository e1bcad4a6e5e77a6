"""The few frames to label that tell most: strata by what the model says and how sure it is, more where it may err, each with its weight."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.app.queues.queues import in_rounds
from endodesk.imaging.pixels import Floats
from endodesk.system.task import TaskContext

FRAMES, SEED = 30, 42
_STRATA_OF_CLASS = 3
_FEWEST_OF_STRATUM = 2  # one frame says nothing of how much others of its kind differ
_LEAST_DOUBT = 0.02  # a model that is sure where it errs must not keep frames from being looked at
_MOST_FRAMES = 5000
"""Evenly drawn from more: whom 30 frames stand for, and so their weights, does not depend on it."""
_DRAWS = 400
"""How often the same choice is made with other seeds, to know how likely each frame was to be chosen."""


@dataclass(frozen=True, slots=True)
class ChosenFrame:
    """A frame to be labelled, by its place among all, and whom it stands for."""

    place: int
    stratum: int
    weight: float
    """How many frames of the stratum it stands for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Frames in the order in which they are to be labelled, which is by chance: it tells nothing of what the model says."""

    frames: tuple[ChosenFrame, ...]
    called: tuple[int, ...]
    """Of each stratum the class that the model gives its frames, as a place among its classes."""
    sizes: tuple[int, ...]
    """Of each stratum how many frames it has."""


# Why: docs/decisions/evaluation.md 20
def choose(probabilities: Floats, groups: NDArray[np.int64], task: TaskContext, *, most: int = FRAMES, seed: int = SEED) -> Choice:
    """Of N frames with their probabilities (N x C) and groups: of each group one frame, before any group's second. The same for a seed."""
    chance = np.random.default_rng(seed)
    asked = np.arange(len(probabilities))
    if len(asked) > _MOST_FRAMES:
        asked = np.sort(chance.choice(asked, _MOST_FRAMES, replace=False))
    share = len(probabilities) / max(1, len(asked))
    strata, called = _strata(probabilities[asked])
    wanted = _allotted(probabilities[asked].max(axis=1), strata, len(called), min(most, len(asked)))
    drawn = _drawn(strata, groups[asked], wanted, chance)
    likely = _likelihood(strata, groups[asked], wanted, chance, task)
    chance.shuffle(drawn)
    frames = tuple(ChosenFrame(int(asked[at]), int(strata[at]), float(share / max(likely[at], 1 / _DRAWS))) for at in drawn)
    return Choice(frames, tuple(called), tuple(round(share * n) for n in np.bincount(strata, minlength=len(called)).tolist()))


def _strata(probabilities: Floats) -> tuple[NDArray[np.intp], list[int]]:
    """The stratum of each frame, and the class of each stratum: frames of one answer, parted by how sure it is."""
    answer, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    strata, called = np.zeros(len(answer), np.intp), list[int]()
    for place in np.unique(answer).tolist():
        own = np.flatnonzero(answer == place)
        own = own[np.argsort(sure[own], kind="stable")]
        parts = min(_STRATA_OF_CLASS, max(1, len(own) // (2 * _FEWEST_OF_STRATUM)))
        for part in np.array_split(own, parts):
            strata[part] = len(called)
            called.append(place)
    return strata, called


def _allotted(sure: Floats, strata: NDArray[np.intp], n: int, most: int) -> list[int]:
    """How many frames of each stratum: as its frames are many, and its answers doubtful (Neyman, 1934); two at least."""
    sizes = np.bincount(strata, minlength=n)
    doubt = np.bincount(strata, np.maximum(sure * (1 - sure), _LEAST_DOUBT), minlength=n) / np.maximum(sizes, 1)
    wished = sizes * np.sqrt(doubt)
    given = np.minimum(sizes, _FEWEST_OF_STRATUM)
    while given.sum() < most:
        room = given < sizes
        given[np.argmax(np.where(room, wished / (given + 1), -1))] += 1
    while given.sum() > most:  # more strata than frames to be labelled
        given[np.argmin(np.where(given > 0, wished / np.maximum(given, 1), np.inf))] -= 1
    return [int(count) for count in given]


def _drawn(strata: NDArray[np.intp], groups: NDArray[np.int64], wanted: Sequence[int], chance: np.random.Generator) -> NDArray[np.intp]:
    found = []
    scores = chance.random(len(strata), np.float32)
    for number, count in enumerate(wanted):
        own = np.flatnonzero(strata == number)
        found.append(own[in_rounds(scores[own], groups[own])[:count]])
    return np.concatenate(found) if found else np.empty(0, np.intp)


def _likelihood(
    strata: NDArray[np.intp], groups: NDArray[np.int64], wanted: Sequence[int], chance: np.random.Generator, task: TaskContext
) -> Floats:
    """How likely each frame was to be drawn: a frame of a large group less than one that stands alone, where the groups are few."""
    kinds = np.unique(np.stack([strata, _of_group(strata, groups)]), axis=1, return_inverse=True)[1].ravel()
    times = np.zeros(len(strata))
    for turn in range(_DRAWS):
        task.report(turn, _DRAWS, "choosing")
        times[_drawn(strata, groups, wanted, chance)] += 1
    # frames of one stratum whose groups have as many frames in it are drawn alike: their mean is known better than each
    return np.asarray((np.bincount(kinds, times) / np.bincount(kinds))[kinds] / _DRAWS, np.float64)


def _of_group(strata: NDArray[np.intp], groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """How many frames of its stratum each frame's group has."""
    _, where, sizes = np.unique(np.stack([strata, groups]), axis=1, return_inverse=True, return_counts=True)
    return np.asarray(sizes[where.ravel()], np.intp)
