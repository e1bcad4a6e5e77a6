"""Draws: which frames an epoch learns from, in which order; each once, or as many of each class."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Draws:
    """Frames in the order in which they are learnt from."""

    indices: Indices
    repeats: Indices
    """How often the frame was drawn in this epoch before: each time it is to look different."""

    def batches(self, size: int) -> Iterator[Self]:
        """The same draws in pieces of `size`; the last may be smaller."""
        for chosen in in_batches(len(self.indices), size):
            yield type(self)(self.indices[chosen], self.repeats[chosen])


def draw(labels: Indices, *, balanced: bool, seed: int, epoch: int) -> Draws:
    """As many draws as there are frames, the same for the same seed and epoch (from 1).

    Balanced, each class there is gets the same number of places (within one), and goes through its frames in a shuffled round
    that goes on from epoch to epoch: a common class shows all its frames in the course of some epochs, a rare one shows each of
    its frames several times in one.
    """
    order = np.random.default_rng(seed + epoch).permutation(len(labels))
    if not balanced:
        return Draws(order, np.zeros_like(order))
    classes = np.unique(labels)
    indices: Indices = np.empty(len(labels), np.intp)
    repeats: Indices = np.empty(len(labels), np.intp)
    start = 0
    for place, label in enumerate(classes):
        share = len(labels) // len(classes) + (place < len(labels) % len(classes))  # places left over go to the first classes
        chosen = _from_round(np.flatnonzero(labels == label), (epoch - 1) * share, share, seed=(seed, int(label)))
        indices[start : start + share], repeats[start : start + share] = chosen, _repeats(chosen)
        start += share
    return Draws(indices[order], repeats[order])


def in_batches(n: int, size: int) -> list[Indices]:
    """Indices 0..n-1 in pieces of `size`; the last may be smaller."""
    return [np.arange(start, min(start + size, n), dtype=np.intp) for start in range(0, n, size)]


# Why: docs/decisions/training.md 11
def _from_round(frames: Indices, first: int, n: int, *, seed: tuple[int, int]) -> Indices:
    """Places first..first+n-1 of an endless row of shuffles of the frames."""
    rounds = range(first // len(frames), (first + n - 1) // len(frames) + 1) if n else range(0)
    shuffled = [np.random.default_rng([*seed, number]).permutation(frames) for number in rounds]
    start = first % len(frames)
    # the empty one: there may be nothing to draw
    return np.concatenate([*shuffled, np.empty(0, np.intp)])[start : start + n].astype(np.intp)


def _repeats(indices: Indices) -> Indices:
    seen: dict[int, int] = {}
    found = []
    for index in indices.tolist():
        found.append(seen.get(index, 0))
        seen[index] = found[-1] + 1
    return np.array(found, np.intp)
