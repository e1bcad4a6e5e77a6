"""The fine-tuning phase: upper blocks (or all) of the backbone learn with the head (paper, section III.4, "fine-tuning")."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from endodesk.domain.threads import in_threads
from endodesk.domain.ticket import Ticket
from training.augment import Augmenter
from training.config import Config
from training.dataset import Examples
from training.features import Stem, Views
from training.history import History
from training.learner import Learner
from training.litert import frozen_litert
from training.loop import Batch, PhaseResult, Schedule, batches_of, fit
from training.network import Network

PHASE = "fine-tuning"


def train_finetune(
    network: Network, train: Examples, val: Examples, config: Config, cache: Path, checkpoint: Path, history: History, ticket: Ticket
) -> PhaseResult:
    """Train on from the frozen phase; it ends with the weights of its best epoch, which `checkpoint` (.weights.h5) holds too.

    The blocks that stay frozen run in LiteRT, in threads ahead of the step; the others are TensorFlow's. BatchNorm
    keeps its ImageNet statistics, or learns them as published.
    """
    since, block = time.monotonic(), config.finetune.from_block
    lower = None if block == 0 else frozen_litert(network.lower(block), f"below {block} {config.scaling}", cache)
    upper, head = network.upper(block), network.head
    pooling = keras.layers.GlobalAveragePooling2D()
    statistics = config.finetune.batch_norm == "trained"

    def forward(inputs: Any, training: bool) -> Any:
        return head(pooling(upper(inputs, training=training and statistics)), training=training)

    weights = [*upper.trainable_variables, *head.trainable_variables]
    learner = Learner(forward, weights, lambda: sum(head.losses), config.finetune.learning_rate)
    record = history.recorder(config.finetune.epochs, weights)
    schedule = Schedule(PHASE, config.finetune.epochs, config.training.patience)
    data = _Frames(train, val, Stem(lower), config, ticket)
    result = fit(learner, data, schedule, record, ticket, keep=lambda: network.whole.save_weights(checkpoint), since=since)
    network.whole.load_weights(checkpoint)
    return result


class _Frames:
    """Fresh augmented views each epoch, after those of the frozen phase; the batches are made in threads, two ahead."""

    def __init__(self, train: Examples, val: Examples, stem: Stem, config: Config, ticket: Ticket) -> None:
        self._config, self._val = config, val
        self._train = Views(train, stem, Augmenter(config.input.augmentation, config.seed))
        self._labels = train.one_hot(len(config.classes)), val.one_hot(len(config.classes))
        self._stem = stem
        self._val_inputs = Views(val, stem).all(0, ticket, "validation frames")

    def steps(self) -> int:
        return -(-len(self._train.examples) // self._config.training.batch)

    def epoch(self, epoch: int, ticket: Ticket) -> Iterator[Batch]:
        examples, view = self._train.examples, self._config.frozen.views + epoch - 1
        order = batches_of(len(examples), self._config.training.batch, seed=self._config.seed + 1000 + epoch)

        def make(chosen: Any) -> Batch:
            ticket.check()
            return self._train.some(chosen, view), self._labels[0][chosen], examples.weights[chosen]

        yield from in_threads(make, order, depth=2)

    def validation(self) -> Iterator[Batch]:
        for chosen in batches_of(len(self._val), self._config.training.batch):
            yield self._val_inputs[chosen], self._labels[1][chosen], self._val.weights[chosen]
