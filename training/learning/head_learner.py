"""HeadLearner, and several as a Committee: the dense head of a model and how it learns, in numpy.

It is what `training.learning.learner` computes, without TensorFlow.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Self

import numpy as np

from endodesk.imaging.pixels import Floats
from endodesk.inference.head import Head, HeadArrays, softmax
from endodesk.system.task import TaskContext
from training.inputs.batches import Batch
from training.learning.loop import Confusion, ValidationResult
from training.plan.config import Config, HeadConfig

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7
"""Adam's constants, with the values that they have in Keras."""
_LEAST = 1e-7
"""Probabilities are kept so far from 0 and 1 in the loss, as Keras does."""
BEGIN_ANEW = 5
"""Members that know nothing yet, beside the one that goes on from what there was."""
WIDEST = 2048
"""Units of a head that goes on; a wider one, which came of such committees, begins anew with the others: else heads would grow for ever."""


class HeadLearner:
    """Dense + ReLU, dropout, Dense, softmax; weighted cross-entropy and an L2 penalty on the first kernel; Adam (Kingma and Ba, 2015)."""

    def __init__(
        self, weights: HeadArrays, config: HeadConfig, rate: Callable[[int], float], *, smoothing: float = 0.0, seed: int = 0
    ) -> None:
        """`weights` are the four arrays of `inference.head.Head`, which are copied; `rate` is the learning rate of a step (from 0)."""
        kernel, bias, logits_kernel, logits_bias = (np.array(array, np.float32) for array in weights)
        self.weights: HeadArrays = kernel, bias, logits_kernel, logits_bias
        """What a model is made of, in the head's order; changed in place by each step."""
        self._l2, self._dropout, self._rate, self._smoothing = config.l2, config.dropout, rate, smoothing
        self._draw = np.random.default_rng(seed)
        self._mean = [np.zeros_like(array) for array in self.weights]
        self._square = [np.zeros_like(array) for array in self.weights]
        self._spare = [np.zeros_like(array) for array in self.weights]  # a new array for each sum would cost as much as the sum
        self._by_kernel = np.zeros_like(self.weights[0])
        self._steps = 0

    @property
    def head(self) -> Head:
        """The head as it stands, at temperature 1; it shares the arrays that learn, and so changes with them."""
        return Head(*self.weights)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step: sum of weighted losses and number of right answers of the batch."""
        pooled, labels, counts = (np.asarray(array, np.float32) for array in batch)
        kernel, bias, logits_kernel, logits_bias = self.weights
        hidden = np.maximum(pooled @ kernel + bias, 0)
        # what stays is made larger, so that nothing need be scaled when the model is asked (as Keras does)
        kept = (self._draw.random(hidden.shape, np.float32) >= self._dropout) / np.float32(1 - self._dropout)
        dropped = hidden * kept
        probabilities = np.asarray(softmax(dropped @ logits_kernel + logits_bias), np.float32)
        targets = labels * (1 - self._smoothing) + self._smoothing / labels.shape[1]
        losses = counts * _cross_entropy(targets, probabilities)
        by_logits = counts[:, None] * (probabilities - targets) / len(labels)
        by_hidden = (by_logits @ logits_kernel.T) * kept * (hidden > 0)
        self._step(
            [
                self._by(pooled, by_hidden),
                by_hidden.sum(axis=0),
                dropped.T @ by_logits,
                by_logits.sum(axis=0),
            ]
        )
        return float(losses.sum()), float((probabilities.argmax(axis=1) == labels.argmax(axis=1)).sum())

    def _by(self, pooled: Floats, by_hidden: Floats) -> Floats:
        """The gradient of the first kernel, with that of its L2 term."""
        np.matmul(pooled.T, by_hidden, out=self._by_kernel)
        self._by_kernel += np.multiply(self.weights[0], 2 * self._l2, out=self._spare[0])
        return self._by_kernel

    def validate(self, batches: Iterator[Batch], task: TaskContext) -> ValidationResult:
        """Loss and accuracy over all batches; every class counts as the weights say."""
        return validated(self.head, self.penalty(), batches, task)

    def penalty(self) -> float:
        """The L2 term of the loss as it stands."""
        return float(self._l2 * np.square(self.weights[0]).sum())

    def averaged(self) -> AbstractContextManager[None]:
        """There are no averages: what learns is what is kept."""
        return nullcontext()

    def _step(self, gradients: Sequence[Floats]) -> None:
        rate = self._rate(self._steps)
        self._steps += 1
        rate *= (1 - _BETA_2**self._steps) ** 0.5 / (1 - _BETA_1**self._steps)
        for variable, mean, square, spare, gradient in zip(self.weights, self._mean, self._square, self._spare, gradients, strict=True):
            # in the order of Keras' sums: a test holds the losses to Keras' within 1e-4
            np.subtract(gradient, mean, out=spare)
            mean += np.multiply(spare, 1 - _BETA_1, out=spare)
            np.square(gradient, out=spare)
            spare -= square
            square += np.multiply(spare, 1 - _BETA_2, out=spare)
            np.sqrt(square, out=spare)
            spare += _EPSILON
            np.multiply(mean, rate, out=gradient)
            variable -= np.divide(gradient, spare, out=gradient)


class Committee:
    """Several heads that learn side by side, each from its own beginning, and answer as one.

    Its head has the units of all members side by side; their logits are averaged.
    """

    def __init__(self, members: Sequence[HeadLearner]) -> None:
        self._members = members

    # Why: docs/decisions/training.md 37
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
        return Head(
            np.concatenate(kernels, axis=1), np.concatenate(biases), np.asarray(np.concatenate(logits_kernels) / n, np.float32), mean
        )

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


def validated(head: Head, penalty: float, batches: Iterator[Batch], task: TaskContext) -> ValidationResult:
    """Loss, with this penalty, and accuracy of a head over all batches; every class counts as the weights say."""
    loss = weight = 0.0
    confusion: Confusion | None = None
    for pooled, labels, counts in batches:
        task.raise_if_cancelled()
        probabilities = head.probabilities(np.asarray(pooled, np.float32))
        loss += float((counts * _cross_entropy(labels, probabilities)).sum())
        weight += float(counts.sum())
        confusion = np.zeros((labels.shape[1],) * 2, np.int64) if confusion is None else confusion
        np.add.at(confusion, (labels.argmax(axis=1), probabilities.argmax(axis=1)), 1)
    if confusion is None:
        raise ValueError("there is nothing to validate on")
    return ValidationResult(loss / weight + penalty, float(confusion.trace() / confusion.sum()), confusion)


def _cross_entropy(targets: Floats, probabilities: Floats) -> Floats:
    """The loss of each of N frames, in nats, from N x C targets and probabilities."""
    return np.asarray(-(targets * np.log(np.clip(probabilities, _LEAST, 1 - _LEAST))).sum(axis=1), np.float32)
