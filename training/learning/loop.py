"""The training loop of both phases: epochs of batches, validation after each, early stopping, the best weights kept."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.errors import TrainingFailed
from endodesk.system.task import TaskContext
from training.inputs.batches import Batch
from training.plan.epochs import EpochRow

log = logging.getLogger(__name__)

Confusion = NDArray[np.int64]
"""C x C, rows: truth, columns: answers."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What the validation frames came to after an epoch; the loss in nats, the accuracy in 0..1."""

    loss: float
    accuracy: float
    confusion: Confusion


class TrainableLayers(Protocol):
    """Layers that learn; `training.learning.learner.Learner` is the real one."""

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step: sum of weighted losses and number of right answers of the batch."""

    def validate(self, batches: Iterator[Batch], task: TaskContext) -> ValidationResult:
        """Loss, accuracy and confusion over all batches, as the layers stand. Cancelled by the task."""

    def penalty(self) -> float:
        """The part of the loss that does not come from frames, as it stands."""

    def averaged(self) -> AbstractContextManager[None]:
        """Within it the layers have the weights that are validated and kept; after it, those that learn on."""


class Data(Protocol):
    """Where a phase's batches come from, for training and for validation; epochs count from 1."""

    def steps(self) -> int:
        """How many batches an epoch has; the last one may be smaller."""

    def prepare(self, epoch: int) -> None:
        """Make what must be there before the first step of an epoch: features that are not kept yet."""

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The training batches of an epoch (from 1)."""

    def validation(self) -> Iterator[Batch]:
        """The validation batches, always the same."""

    def shifted(self) -> Iterator[Batch] | None:
        """Validation frames whose source is hidden, always the same; None if that is not asked for."""


class EpochRecorder(Protocol):
    """Where each epoch is written down, for whoever watches and to go on from after an interruption."""

    def record(self, row: EpochRow, confusion: Confusion) -> None:
        """Tell the epoch to whoever watches; `confusion` is that of the validation frames."""

    def keep(self) -> None:
        """Keep the weights as they are: they are the best so far."""

    def save(self, rows: Sequence[EpochRow]) -> None:
        """Keep all that is needed to go on after these epochs of the phase."""


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """What a phase reached: the epoch that was kept (from 1), and its figures."""

    phase: str
    kept_epoch: int
    score: float
    """The loss by which it was chosen, comparable between phases of a run."""
    val_loss: float
    val_accuracy: float
    shifted_loss: float | None
    shifted_accuracy: float | None
    epochs: int
    seconds: float

    @classmethod
    def of(cls, rows: Sequence[EpochRow], schedule: "Schedule", seconds: float) -> Self:
        """From all epochs of a phase. TrainingFailed if none of them is any good."""
        best, select_by = schedule.kept(rows), schedule.select_by
        if best is None:
            raise TrainingFailed("The training went astray: its loss is not a number. Lower the learning rate.")
        return cls(
            phase=best.phase,
            kept_epoch=best.epoch,
            score=best.score(select_by),
            val_loss=best.val_loss,
            val_accuracy=best.val_accuracy,
            shifted_loss=best.shifted_loss,
            shifted_accuracy=best.shifted_accuracy,
            epochs=len(rows),
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a phase learns, and which of its epochs is kept."""

    phase: str
    epochs: int
    patience: int
    select_by: str = "validation"
    keep: str = "best"

    def is_over(self, rows: Sequence[EpochRow]) -> bool:
        """Whether, after these epochs, all are done, or the one to keep lies `patience` of them back."""
        kept = self.kept(rows)
        return len(rows) >= self.epochs or len(rows) - (kept.epoch if kept else 0) >= self.patience

    def kept(self, rows: Sequence[EpochRow]) -> EpochRow | None:
        """The first epoch with the lowest score, or the last one (`training.keep`), of those whose score is a number; None if none is."""
        numbers = [row for row in rows if row.score(self.select_by) < math.inf]
        # the least loss on a few validation frames is chance: 0.974 of others right, not 0.981 (docs/decisions/training.md 15)
        if self.keep == "last":
            return numbers[-1] if numbers else None
        return min(numbers, key=lambda row: row.score(self.select_by), default=None)


class NothingLearnt(Exception):
    """A phase was stopped before its first epoch was done."""


def _never() -> bool:
    return False


def fit(
    learner: TrainableLayers,
    data: Data,
    schedule: Schedule,
    recorder: EpochRecorder,
    task: TaskContext,
    *,
    since: float,
    earlier: Sequence[EpochRow] = (),
    enough: Callable[[], bool] = _never,
    least: int = 1,
) -> PhaseResult:
    """Train for some epochs, or until the score has not fallen for `patience` of them. Cancelled between two steps.

    `enough` is asked between two steps, too, once there are `least` epochs: then the one under way does not count, and no other
    begins. NothingLearnt if there is none at all then.

    `earlier` are the epochs that were done before the run was interrupted; the learner stands where they left it.
    `since` is when the phase began (time.monotonic), before its data were ready.
    """
    rows = list(earlier)
    while not schedule.is_over(rows):
        started, epoch = time.monotonic(), len(rows) + 1
        ends = enough if len(rows) >= least else _never
        if ends():
            break
        data.prepare(epoch)  # features are made before the clock that tells how long steps waited
        trained = _train(learner, data, schedule, epoch, task, ends)
        if trained is None:
            break
        with learner.averaged():
            row, confusion = _validate(learner, data, schedule, epoch, trained, task, started)
            rows.append(row)
            log.info("%s; the steps waited for input for %.2f %% of their %.1f s", row, 100 * row.waited, trained.seconds)
            if schedule.kept(rows) is row:
                recorder.keep()
            # before the checkpoint: killed between the two, the epoch's point is drawn twice; else it would be missing
            recorder.record(row, confusion)
        recorder.save(rows)  # outside of `averaged`: the weights that learn on
    if not rows:
        raise NothingLearnt
    return PhaseResult.of(rows, schedule, sum(row.seconds for row in earlier) + time.monotonic() - since)


@dataclass(frozen=True, slots=True)
class _Trained:
    """What the training steps of an epoch came to, before validation."""

    loss: float
    accuracy: float
    waited_s: float
    seconds: float


def _train(
    learner: TrainableLayers, data: Data, schedule: Schedule, epoch: int, task: TaskContext, ends: Callable[[], bool]
) -> _Trained | None:
    """The steps of an epoch; None if the phase ends in the middle of it."""
    started, text = time.perf_counter(), f"epoch {epoch} of {schedule.epochs}"
    loss = right = n = waited = 0.0
    batches, step, asked = iter(data.epoch(epoch)), 0, started
    for batch in batches:
        waited += time.perf_counter() - asked
        losses, hits = learner.learn(batch)
        loss, right, n, step = loss + losses, right + hits, n + len(batch[2]), step + 1
        task.report(step, data.steps(), text)
        if step < data.steps() and ends():  # with all its steps done it counts
            return None
        asked = time.perf_counter()
    return _Trained(loss / n, right / n, waited, time.perf_counter() - started)


def _validate(
    learner: TrainableLayers, data: Data, schedule: Schedule, epoch: int, trained: _Trained, task: TaskContext, started: float
) -> tuple[EpochRow, Confusion]:
    penalty = learner.penalty()  # of the epoch's last step, as in validation: the two losses can be compared
    seen = learner.validate(data.validation(), task)
    hidden = data.shifted()
    shifted = learner.validate(hidden, task) if hidden is not None else None
    row = EpochRow(
        phase=schedule.phase,
        epoch=epoch,
        loss=trained.loss + penalty,
        accuracy=trained.accuracy,
        val_loss=seen.loss,
        val_accuracy=seen.accuracy,
        shifted_loss=shifted.loss if shifted else None,
        shifted_accuracy=shifted.accuracy if shifted else None,
        waited=trained.waited_s / max(trained.seconds, 1e-9),
        seconds=time.monotonic() - started,
    )
    return row, seen.confusion
