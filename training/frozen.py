"""The frozen phase: the head learns on pooled features of augmented views (paper, section III.4, "feature extraction")."""

import time
from collections.abc import Iterator
from pathlib import Path

from endodesk.domain.ticket import Ticket
from training.augment import Augmenter
from training.config import Config
from training.dataset import Examples
from training.features import Inputs, Stem, Views
from training.history import History
from training.learner import Learner
from training.litert import frozen_litert
from training.loop import Batch, PhaseResult, Schedule, batches_of, fit
from training.network import Network

PHASE = "frozen"


def train_frozen(
    network: Network, train: Examples, val: Examples, config: Config, cache: Path, checkpoint: Path, history: History, ticket: Ticket
) -> PhaseResult:
    """Train the head; it ends with the weights of its best epoch, which `checkpoint` (.weights.h5) holds too."""
    since = time.monotonic()
    stem = Stem(frozen_litert(network.backbone, f"whole {config.scaling}", cache), pooled=True)
    data = _Features(train, val, stem, config, ticket)
    head = network.head
    learner = Learner(
        lambda inputs, training: head(inputs, training=training),
        head.trainable_variables,
        lambda: sum(head.losses),
        config.frozen.learning_rate,
    )
    record = history.recorder(config.frozen.epochs, head.trainable_variables)
    schedule = Schedule(PHASE, config.frozen.epochs, config.training.patience)
    result = fit(learner, data, schedule, record, ticket, keep=lambda: head.save_weights(checkpoint), since=since)
    head.load_weights(checkpoint)
    return result


class _Features:
    """Epoch e sees view e of every frame (a fresh augmentation each, as on the fly), modulo the number of views."""

    def __init__(self, train: Examples, val: Examples, stem: Stem, config: Config, ticket: Ticket) -> None:
        self._train, self._val, self._config = train, val, config
        self._views = Views(train, stem, Augmenter(config.input.augmentation, config.seed))
        self._made: dict[int, Inputs] = {}
        self._val_features = Views(val, stem).all(0, ticket, "features of validation frames")

    def steps(self) -> int:
        return -(-len(self._train) // self._config.training.batch)

    def epoch(self, epoch: int, ticket: Ticket) -> Iterator[Batch]:
        view = (epoch - 1) % self._config.frozen.views
        if view not in self._made:
            self._made[view] = self._views.all(view, ticket, f"features of view {view + 1} of {self._config.frozen.views}")
        yield from self._batches(self._train, self._made[view], seed=self._config.seed + epoch)

    def validation(self) -> Iterator[Batch]:
        yield from self._batches(self._val, self._val_features, seed=None)

    def _batches(self, examples: Examples, features: Inputs, *, seed: int | None) -> Iterator[Batch]:
        labels = examples.one_hot(self._classes)
        for chosen in batches_of(len(examples), self._config.training.batch, seed=seed):
            yield features[chosen], labels[chosen], examples.weights[chosen]

    @property
    def _classes(self) -> int:
        return len(self._config.classes)
