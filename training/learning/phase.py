"""A phase of a run: from where it was interrupted, epoch by epoch, each written down, to its best weights."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from training.learning.history import History
from training.learning.job import Job
from training.learning.learning_rates import Rate
from training.learning.loop import Confusion, Data, PhaseResult, Schedule, fit
from training.plan.checkpoint import Checkpoints
from training.plan.config import FineTuning, FrozenPhase, Training
from training.plan.epochs import EpochRow

if TYPE_CHECKING:  # a quick update goes without TensorFlow
    from training.learning.learner import Learner


def run_phase(
    learner: "Learner",
    data: Data,
    schedule: Schedule,
    job: Job,
    history: History,
    checkpoints: Checkpoints,
    *,
    since: float,
    least: int = 1,
) -> PhaseResult:
    """Train; the learner's layers end with the weights of the epoch that is kept, also if all was done before the run was interrupted.

    NothingLearnt if somebody stopped it before its first epoch was done, and `least` lets that be.
    """
    earlier = checkpoints.restore(schedule.phase, learner.state)
    history.begin(schedule.epochs, learner.trained, earlier)
    recorder = _Recorder(learner, schedule.phase, history, checkpoints)
    enough = partial(job.enough, schedule.phase)
    result = fit(learner, data, schedule, recorder, job.channel.task, since=since, earlier=earlier, enough=enough, least=least)
    checkpoints.load_best(schedule.phase, learner.weights)  # the layers still have those of the last epoch
    return result


def finished_phase(schedule: Schedule, weights: Sequence[Any], history: History, checkpoints: Checkpoints) -> PhaseResult | None:
    """What a phase came to that was over when the run was interrupted, its best weights back in the layers; None if it was not."""
    rows = checkpoints.finished(schedule.phase)
    if not rows:
        return None
    history.begin(schedule.epochs, [], rows)
    checkpoints.load_best(schedule.phase, weights)
    return PhaseResult.of(rows, schedule, sum(row.seconds for row in rows))


def schedule_of(phase: str, config: FrozenPhase | FineTuning, training: Training) -> Schedule:
    """How long a phase learns and which of its epochs is kept, as its own part of the configuration and `training` say."""
    return Schedule(phase, config.epochs, training.patience, training.select_by, training.keep)


def rate_of(config: FrozenPhase | FineTuning, steps: int) -> Rate:
    """The learning rate that the configuration gives a phase; `steps` are those of an epoch."""
    return Rate(config.learning_rate, config.epochs * steps, round(config.warm_up * steps), config.decay)


class _Recorder:
    """Records the epochs of a phase, each in the history and as a checkpoint."""

    def __init__(self, learner: "Learner", phase: str, history: History, checkpoints: Checkpoints) -> None:
        self._learner, self._phase, self._history, self._checkpoints = learner, phase, history, checkpoints

    def record(self, row: EpochRow, confusion: Confusion) -> None:
        self._history.add(row, confusion)

    def keep(self) -> None:
        self._checkpoints.keep_best(self._phase, self._learner.weights)

    def save(self, rows: Sequence[EpochRow]) -> None:
        self._checkpoints.save(rows, self._learner.state)
