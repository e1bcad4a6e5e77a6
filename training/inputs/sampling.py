"""Draws: which frames an epoch learns from, in which order; each once, or as many of each class, or of each centre in a class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import ManifestRow
from training.plan.config import Config

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


@dataclass(frozen=True, slots=True)
class Sampler:
    """How the frames of a run are drawn."""

    labels: Indices
    """N, index of the class."""
    seed: int
    balanced: bool
    """Whether classes are drawn evenly; else each has as many draws as frames."""
    centre_balance: str = "none"
    """How many draws of a class are even over its centres: `none`, `half`, or all (`even`)."""
    centres: Indices = field(default_factory=lambda: np.empty(0, np.intp))
    """N, a number for the centre; needed where draws are even over centres."""

    @classmethod
    def of(cls, rows: Sequence[ManifestRow], labels: Indices, config: Config, *, seed: int) -> Self:
        """As the configuration wants it; frames without a centre have one in common."""
        centres = np.unique([row.centre for row in rows], return_inverse=True)[1].astype(np.intp)
        return cls(labels, seed, config.training.class_balance == "sampling", config.training.centre_balance, centres)

    # Why: docs/decisions/training.md 32
    def draw(self, epoch: int) -> Draws:
        """As many draws as there are frames, the same for the same seed and epoch (from 1).

        Balanced, each class there is gets the same number of places (within one); of these, those that are even over centres go to
        each of its centres alike (within one). What has places of its own goes through its frames in a shuffled round that goes on from
        epoch to epoch: a common class shows all its frames in the course of some epochs, a rare one shows each of its frames several
        times in one.
        """
        order = np.random.default_rng(self.seed + epoch).permutation(len(self.labels))
        if not self.balanced and self.centre_balance == "none":
            return Draws(order, np.zeros_like(order))
        counts = np.bincount(self.labels)
        classes = np.flatnonzero(counts)
        shares = _evenly(len(self.labels), len(classes)) if self.balanced else counts[classes].tolist()
        chosen = [self._of_class(int(label), share, epoch) for label, share in zip(classes, shares, strict=True)]
        return Draws(np.concatenate(chosen)[order], np.concatenate([_repeats(indices) for indices in chosen])[order])

    def _of_class(self, label: int, n: int, epoch: int) -> Indices:
        frames, even = np.flatnonzero(self.labels == label), {"none": 0, "half": n // 2, "even": n}[self.centre_balance]
        chosen = [_from_round(frames, (epoch - 1) * (n - even), n - even, seed=(self.seed, label))]
        centres = np.unique(self.centres[frames]) if even else np.empty(0, np.intp)
        for centre, share in zip(centres.tolist(), _evenly(even, len(centres)), strict=True):
            own = frames[self.centres[frames] == centre]
            chosen.append(_from_round(own, (epoch - 1) * share, share, seed=(self.seed, label, centre + 1)))
        return np.concatenate(chosen)


def in_batches(n: int, size: int) -> list[Indices]:
    """Indices 0..n-1 in pieces of `size`; the last may be smaller."""
    return [np.arange(start, min(start + size, n), dtype=np.intp) for start in range(0, n, size)]


# Why: docs/decisions/training.md 11
def _from_round(frames: Indices, first: int, n: int, *, seed: tuple[int, ...]) -> Indices:
    """Places first..first+n-1 of an endless row of shuffles of the frames."""
    rounds = range(first // len(frames), (first + n - 1) // len(frames) + 1) if n else range(0)
    shuffled = [np.random.default_rng([*seed, number]).permutation(frames) for number in rounds]
    start = first % len(frames)
    # the empty one: there may be nothing to draw
    return np.concatenate([*shuffled, np.empty(0, np.intp)])[start : start + n].astype(np.intp)


def _evenly(places: int, among: int) -> list[int]:
    """So many to each; those left over go to the first ones."""
    return [places // among + (one < places % among) for one in range(among)]


def _repeats(indices: Indices) -> Indices:
    seen: dict[int, int] = {}
    found = []
    for index in indices.tolist():
        found.append(seen.get(index, 0))
        seen[index] = found[-1] + 1
    return np.array(found, np.intp)
