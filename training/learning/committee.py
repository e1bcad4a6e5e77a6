"""Committee: several heads that learn side by side, each from its own beginning, and answer as one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Self

import numpy as np

from endodesk.inference.head import Head, HeadArrays
from endodesk.system.task import TaskContext
from training.inputs.batches import Batch
from training.learning.head_learner import HeadLearner, validated
from training.learning.loop import ValidationResult
from training.plan.config import Config

BEGIN_ANEW = 5
"""Members that know nothing yet, beside the one that goes on from what there was."""
WIDEST = 2048
"""Units of a head that goes on; a wider one, which came of such committees, begins anew with the others: else heads would grow for ever."""


class Committee:
    """Its head is one: the units of all members side by side, their logits averaged."""

    def __init__(self, members: Sequence[HeadLearner]) -> None:
        self._members = members

    # Why: docs/decisions/training.md 35
    @classmethod
    def beside(cls, weights: HeadArrays, config: Config, rate: Callable[[int], float]) -> Self:
        """A head that goes on from these weights, and BEGIN_ANEW that begin at random, the same for the same configuration."""
        channels, units, classes = weights[0].shape[0], config.head.units, weights[3].shape[0]
        seeds = [config.seed + number for number in range(BEGIN_ANEW + 1)]
        began = [random_weights(channels, units, classes, seed=seed) for seed in seeds]
        if weights[0].shape[1] <= WIDEST:
            began[0] = weights
        smoothing = config.training.label_smoothing
        return cls([HeadLearner(one, config.head, rate, smoothing=smoothing, seed=seed) for one, seed in zip(began, seeds, strict=True)])

    @property
    def head(self) -> Head:
        """The head as it stands, at temperature 1, in arrays of its own."""
        kernels, biases, logits_kernels, logits_biases = zip(*(member.weights for member in self._members), strict=True)
        n = np.float32(len(self._members))
        mean = np.asarray(sum(logits_biases[1:], start=logits_biases[0]) / n, np.float32)
        return Head(np.concatenate(kernels, axis=1), np.concatenate(biases), np.concatenate(logits_kernels) / n, mean)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step of each: sum of weighted losses and number of right answers of the batch, of a member on the average."""
        losses, right = zip(*(member.learn(batch) for member in self._members), strict=True)
        return sum(losses) / len(losses), sum(right) / len(right)

    def validate(self, batches: Iterator[Batch], task: TaskContext) -> ValidationResult:
        """Loss and accuracy of their common answer over all batches."""
        return validated(self.head, self.penalty(), batches, task)

    def penalty(self) -> float:
        """The L2 term of the loss as it stands, of a member on the average."""
        return sum(member.penalty() for member in self._members) / len(self._members)

    def averaged(self) -> AbstractContextManager[None]:
        """As `HeadLearner.averaged`."""
        return nullcontext()


def random_weights(channels: int, units: int, classes: int, *, seed: int) -> HeadArrays:
    """A head's four arrays that know nothing (Glorot and Bengio, 2010)."""
    draw = np.random.default_rng(seed)
    kernels = []
    for shape in ((channels, units), (units, classes)):
        limit = (6 / sum(shape)) ** 0.5
        kernels.append(draw.uniform(-limit, limit, shape).astype(np.float32))
    return kernels[0], np.zeros(units, np.float32), kernels[1], np.zeros(classes, np.float32)
