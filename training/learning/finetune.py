"""The fine-tuning phase: upper blocks (or all) of the backbone learn with the head (paper, section III.4, "fine-tuning")."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import keras

from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.inputs.augment import Augmenter
from training.inputs.batches import Batch, Inputs
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
from training.learning.phase import rate_of, run_phase, schedule_of
from training.plan.checkpoint import Checkpoints
from training.plan.config import Config

PHASE = "fine-tuning"
AHEAD = 4  # begun anew each epoch, the first step of each waited for a whole batch
"""Batches that are made before they are asked for, while a step or a validation is under way."""
_REPEAT = 100_000
"""View numbers between two views of a frame that is drawn twice in an epoch; more than there are epochs."""


def train_finetune(
    job: Job, network: KerasNetwork, train: Examples, val: Examples, history: History, checkpoints: Checkpoints
) -> PhaseResult:
    """Train on from the frozen phase; it ends with the weights of the epoch that is kept (`training.keep`). NothingLearnt as `run_phase`.

    The blocks that stay frozen run in LiteRT, in threads ahead of the step; the others are TensorFlow's. BatchNorm
    keeps its ImageNet statistics, or learns them as published.
    """
    since, config = time.monotonic(), job.plan.config
    block = config.finetune.from_block
    lower = None if block == 0 else frozen_litert(network.lower(block), f"below {block} {config.scaling}", job.cache)
    with closing(TrainingFrames(train, val, Stem(lower), config, job.channel.task)) as data:
        learner = finetune_learner(network, config, data.steps())
        schedule = schedule_of(PHASE, config.finetune, config.training)
        return run_phase(learner, data, schedule, job, history, checkpoints, since=since, least=0)  # the head of before is a model, too


def finetune_learner(network: KerasNetwork, config: Config, steps: int) -> Learner:
    """The head and what of the backbone is trained; `steps` are those of an epoch."""
    upper, head = network.upper(config.finetune.from_block), network.head
    pooling = keras.layers.GlobalAveragePooling2D()
    statistics = config.finetune.batch_norm == "trained"

    def forward(inputs: Any, training: bool) -> Any:
        # BatchNorm in inference mode: the author's, unfrozen, threw training accuracy down to 0.7 in the first epoch (method.md)
        return head(pooling(upper(inputs, training=training and statistics)), training=training)

    return Learner(
        forward,
        [upper, head],
        lambda: sum(head.losses),
        rate_of(config.finetune, steps),
        smoothing=config.training.label_smoothing,
        average=config.finetune.average,
    )


class TrainingFrames:
    """Fresh augmented views each epoch, after those of the frozen phase; batches are made in threads ahead of the step.

    The threads go on with the next epoch's batches while validation runs, so that no epoch begins by waiting.
    """

    def __init__(self, train: Examples, val: Examples, stem: Stem, config: Config, task: TaskContext) -> None:
        self._config, self._labels, self._weights = config, train.one_hot(len(config.classes)), training_weights(train, config)
        colours = ColourTransfer.of(train)
        self._train = Views(train, stem, Augmenter(config.input.augmentation, config.seed, colours))
        self._kept = KeptViews(self._train)
        # + 1000: not the frozen phase's draws once more
        self._sampler = Sampler.of(train.rows, train.labels, config, seed=config.seed + 1000)
        self._val = Validation(val, stem, config, task, colours)
        self._task, self._next_epoch = task, 0
        self._ahead: Iterator[Batch] = iter(())

    def steps(self) -> int:
        """How many batches an epoch has; the last one may be smaller."""
        return -(-len(self._labels) // self._config.training.batch)

    def prepare(self, epoch: int) -> None:
        """Nothing is made here: threads make batches ahead, for the first epoch once it is asked for."""

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The training batches of an epoch (from 1)."""
        if epoch != self._next_epoch:  # the first one, or gone on with after an interruption
            self.close()
            self._ahead = self._from_epoch(epoch)
        self._next_epoch = epoch + 1
        for _ in range(self.steps()):
            yield next(self._ahead)

    def validation(self) -> Iterator[Batch]:
        """The validation frames as they are, in batches, the same ones each time."""
        return self._val.batches()

    def shifted(self) -> Iterator[Batch] | None:
        """The validation frames with their source hidden; None if `input.shift` does not ask for it."""
        return self._val.shifted()

    def close(self) -> None:
        """Stop the threads that make batches ahead, and forget what they made."""
        if hasattr(self._ahead, "close"):  # at first it is an empty iterator, which has none
            self._ahead.close()

    def _from_epoch(self, first: int) -> Iterator[Batch]:
        def make(work: tuple[Draws, int]) -> Batch:
            self._task.raise_if_cancelled()
            draws, epoch = work
            return self._inputs(draws, epoch), self._labels[draws.indices], self._weights[draws.indices]

        batches = (
            (draws, epoch)
            for epoch in range(first, self._config.finetune.epochs + 1)
            for draws in self._sampler.draw(epoch).batches(self._config.training.batch)
        )
        return in_threads(make, batches, depth=AHEAD)

    def _inputs(self, draws: Draws, epoch: int) -> Inputs:
        first, kept = self._config.frozen.views, self._config.finetune.views
        if not kept:
            return self._train.some(draws.indices, first + epoch - 1 + _REPEAT * draws.repeats)
        views = first + (epoch - 1 + draws.repeats) % kept
        return self._kept.some(zip(draws.indices.tolist(), views.tolist(), strict=True))
