"""The training loop of both phases: epochs of batches, validation loss after each, early stopping, the best weights back."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np

from endodesk.domain.errors import TrainingFailed
from endodesk.domain.ticket import Ticket
from endodesk.imaging.pixels import Floats
from training.features import Inputs

Batch = tuple[Inputs, Floats, Floats]
"""Inputs N x ..., one-hot labels N x C, weights N."""


@dataclass(frozen=True, slots=True)
class EpochRow:
    """What an epoch (from 1, in its phase) came to. Losses are in nats, accuracies in 0..1."""

    phase: str
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float

    @classmethod
    def nothing(cls, phase: str) -> Self:
        """Before the first epoch: worse than any."""
        return cls(phase, 0, math.inf, 0.0, math.inf, 0.0, 0.0)


class Learns(Protocol):
    """Layers that learn; `training.learner.Learner` is the real one."""

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step: sum of weighted losses and number of right answers of the batch."""

    def validate(self, batches: Iterator[Batch], ticket: Ticket) -> tuple[float, float]:
        """Loss and accuracy over all batches."""

    def penalty(self) -> float:
        """The part of the loss that does not come from frames, as it stands."""


class Data(Protocol):
    """Where a phase's batches come from."""

    def steps(self) -> int:
        """Batches an epoch."""

    def epoch(self, epoch: int, ticket: Ticket) -> Iterator[Batch]:
        """The training batches of an epoch (from 1)."""

    def validation(self) -> Iterator[Batch]:
        """The validation batches, always the same."""


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """What a phase reached: the epoch (from 1) with the lowest validation loss, and that loss."""

    phase: str
    best_epoch: int
    val_loss: float
    val_accuracy: float
    epochs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a phase learns."""

    phase: str
    epochs: int
    patience: int


def fit(
    learner: Learns,
    data: Data,
    schedule: Schedule,
    record: Callable[[EpochRow], None],
    ticket: Ticket,
    *,
    keep: Callable[[], None],
    since: float,
) -> PhaseResult:
    """Train for some epochs, or until the validation loss has not fallen for `patience` of them.

    Each epoch's row goes to `record`. `keep` saves the weights; it is called after each epoch that is the best so far.
    `since` is when the phase began (time.monotonic), before its data were ready. Cancelled between two steps.
    """
    best = EpochRow.nothing(schedule.phase)
    row = best
    for epoch in range(1, schedule.epochs + 1):
        row = _run_epoch(learner, data, schedule, epoch, ticket)
        record(row)
        if row.val_loss < best.val_loss:
            best = row
            keep()
        if epoch - best.epoch >= schedule.patience:
            break
    if not best.epoch:
        raise TrainingFailed("The training went astray: its loss is not a number. Lower the learning rate.")
    return PhaseResult(schedule.phase, best.epoch, best.val_loss, best.val_accuracy, row.epoch, time.monotonic() - since)


def _run_epoch(learner: Learns, data: Data, schedule: Schedule, epoch: int, ticket: Ticket) -> EpochRow:
    started = time.monotonic()
    loss = right = n = 0.0
    text = f"epoch {epoch} of {schedule.epochs}"
    for step, batch in enumerate(data.epoch(epoch, ticket), 1):
        losses, hits = learner.learn(batch)
        loss, right, n = loss + losses, right + hits, n + len(batch[2])
        ticket.report(step, data.steps(), text)
    penalty = learner.penalty()
    val_loss, val_accuracy = learner.validate(data.validation(), ticket)
    return EpochRow(schedule.phase, epoch, loss / n + penalty, right / n, val_loss, val_accuracy, time.monotonic() - started)


def batches_of(n: int, size: int, *, seed: int | None = None) -> list[Any]:
    """Indices 0..n-1 in pieces of `size` (the last may be smaller); shuffled if there is a seed."""
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]
