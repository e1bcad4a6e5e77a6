"""Queues: in which order frames are worth a reader's look, each with its reason. No Qt, no files: arrays in, an order out.

Every queue is aware of groups (near-duplicates and cases): each group's first frame comes before any group's second, so
that one case does not flood the queue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.ticket import Ticket
from endodesk.imaging.pixels import Floats


@dataclass(frozen=True, slots=True, eq=False)
class QueueInput:
    """What is known of N different frames (copies of a frame are one); all of length N, in the order of the gallery."""

    rows: NDArray[np.int64]
    """The frame's row in the gallery: of copies the first."""
    labels: Sequence[str]
    """The reader's, else the folder's; empty where there is none."""
    classes: Sequence[str]
    """The model's C classes in order; empty without a model."""
    probabilities: Floats
    """N x C, as the model says them (calibrated); NaN where it was not asked yet."""
    features: Floats
    """N x K float16, pooled from the model's last feature map; NaN where they are not known yet."""
    groups: NDArray[np.int64]
    """Equal numbers for frames that belong together."""
    trained: NDArray[np.bool_]
    """Whether the model learned from the frame; all False where that is not known."""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A frame in its place."""

    row: int
    score: float
    """The higher, the more it is worth a look; comparable within one queue only."""
    reason: str
    """A short sentence for the card."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One order. `rank` is pure and may take seconds; BadRequest with what to do where it cannot be made."""

    key: str
    title: str
    tooltip: str
    rank: Callable[[QueueInput, Ticket], list[QueueItem]]


def in_rounds(scores: Sequence[float] | Floats, groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """Places, best first: of every group its best, then of every group its second best ...; in a round by score, then by place."""
    scores = np.asarray(scores, np.float64)
    order = np.argsort(-scores, kind="stable")
    by_group = order[np.argsort(groups[order], kind="stable")]
    first = np.flatnonzero(np.r_[True, np.diff(groups[by_group]) != 0]) if len(by_group) else np.empty(0, np.intp)
    turn = np.empty(len(order), np.intp)
    turn[by_group] = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    return np.asarray(order[np.argsort(turn[order], kind="stable")], np.intp)


def _least_sure(given: QueueInput, _ticket: Ticket) -> list[QueueItem]:
    raise NotImplementedError


def _mislabelled(given: QueueInput, _ticket: Ticket) -> list[QueueItem]:
    raise NotImplementedError


def _disagreeing(given: QueueInput, _ticket: Ticket) -> list[QueueItem]:
    raise NotImplementedError


def _unlike(given: QueueInput, _ticket: Ticket) -> list[QueueItem]:
    raise NotImplementedError


QUEUES: tuple[Queue, ...] = (
    Queue("unsure", "Least sure first", "Frames between whose first two classes the model can hardly decide", _least_sure),
    Queue("mislabelled", "Probably mislabelled first", "Frames that look like those of another class than their label's", _mislabelled),
    Queue("disagreeing", "Label and model disagree", "Frames whose label is not what the model answers, the surest answers first", _disagreeing),
    Queue("unlike", "Most unlike the training frames first", "Frames that look like nothing the model has learned from", _unlike),
)
"""All of them, as the window offers them. A window gets them made by `session.queues` (queue_maker.py)."""
