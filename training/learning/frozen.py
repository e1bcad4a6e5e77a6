"""The frozen phase: the head learns on pooled features of augmented views (paper, section III.4, "feature extraction")."""

import time
from collections.abc import Iterator

from endodesk.system.task import TaskContext
from training.inputs.augment import Augmenter
from training.inputs.batches import Batch
from training.inputs.colour_transfer import ColourTransfer
from training.inputs.examples import Examples
from training.inputs.features import KeptViews, Stem, Views
from training.inputs.sampling import Draws, Sampler
from training.inputs.validation import Validation, training_weights
from training.learning.history import History
from training.learning.job import Job
from training.learning.keras_network import KerasNetwork
from training.learning.learner import Learner
from training.learning.litert import frozen_litert
from training.learning.loop import PhaseResult
from training.learning.phase import finished_phase, rate_of, run_phase, schedule_of
from training.plan.checkpoint import Checkpoints
from training.plan.config import Config

PHASE = "frozen"


def train_frozen(
    job: Job, network: KerasNetwork, train: Examples, val: Examples, history: History, checkpoints: Checkpoints
) -> PhaseResult:
    """Train the head; it ends with the weights of the epoch that is kept (`training.keep`)."""
    since, config, head = time.monotonic(), job.plan.config, network.head
    schedule = schedule_of(PHASE, config.frozen, config.training)
    if over := finished_phase(schedule, head.weights, history, checkpoints):  # before any feature is made
        return over
    stem = Stem(frozen_litert(network.backbone, f"whole {config.scaling}", job.cache), pooled=True)
    data = FrozenFeatures(train, val, stem, config, job.channel.task)
    learner = frozen_learner(head, config, data.steps())
    return run_phase(learner, data, schedule, job, history, checkpoints, since=since)


def frozen_learner(head: object, config: Config, steps: int) -> Learner:
    """The head over pooled features (N x channels); `steps` are those of an epoch."""
    return Learner(
        lambda inputs, training: head(inputs, training=training),  # type: ignore[operator]
        [head],
        lambda: sum(head.losses),  # type: ignore[attr-defined]
        rate_of(config.frozen, steps),
        smoothing=config.training.label_smoothing,
    )


class FrozenFeatures:
    """Epoch e sees view e of every frame (a fresh augmentation each, as on the fly), modulo the number of views."""

    def __init__(self, train: Examples, val: Examples, stem: Stem, config: Config, task: TaskContext) -> None:
        self._train, self._config, self._task = train, config, task
        colours = ColourTransfer.of(train)
        self._kept = KeptViews(Views(train, stem, Augmenter(config.input.augmentation, config.seed, colours)))
        self._labels, self._weights = train.one_hot(len(config.classes)), training_weights(train, config)
        self._val = Validation(val, stem, config, task, colours)
        self._sampler = Sampler.of(train.rows, train.labels, config, seed=config.seed)

    def steps(self) -> int:
        """How many batches an epoch has; the last one may be smaller."""
        return -(-len(self._train) // self._config.training.batch)

    def prepare(self, epoch: int) -> None:
        """Make the features that the epoch needs and that are not kept yet."""
        self._kept.make(self._pairs(self._sampler.draw(epoch), epoch), self._task, f"features of epoch {epoch}")

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The training batches of an epoch (from 1)."""
        for draws in self._sampler.draw(epoch).batches(self._config.training.batch):
            yield self._kept.some(self._pairs(draws, epoch)), self._labels[draws.indices], self._weights[draws.indices]

    def validation(self) -> Iterator[Batch]:
        """The features of the validation frames as they are, in batches, the same ones each time."""
        return self._val.batches()

    def shifted(self) -> Iterator[Batch] | None:
        """The same with their source hidden; None if `input.shift` does not ask for it."""
        return self._val.shifted()

    def _pairs(self, draws: Draws, epoch: int) -> list[tuple[int, int]]:
        views = (epoch - 1 + draws.repeats) % self._config.frozen.views
        return list(zip(draws.indices.tolist(), views.tolist(), strict=True))
