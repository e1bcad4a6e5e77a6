"""Learner: layers with their optimizer and loss; one training step, one validation."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from endodesk.system.task import TaskContext
from training.inputs.batches import Batch
from training.learning.loop import ValidationResult


class Learner:
    """Layers that learn, with their optimizer (Adam) and loss: weighted cross-entropy plus the head's L2 penalty.

    The loss means the same in both phases, and in training and in validation but for label smoothing, which is training's alone,
    so that figures may be compared.
    """

    def __init__(
        self,
        forward: Callable[[Any, bool], Any],
        layers: Sequence[Any],
        penalty: Callable[[], Any],
        rate: Callable[[int], float],
        *,
        smoothing: float = 0.0,
        average: float = 0.0,
    ) -> None:
        """`forward(inputs, training)` gives probabilities; `layers` learn; `rate` is the learning rate of a step (from 0).

        `average` above 0 keeps a moving average of all their weights, BatchNorm's statistics included: these then belong together.
        """
        self._forward, self._penalty, self._rate = forward, penalty, rate
        self._smoothing, self._average = smoothing, average
        self.trained = [variable for layer in layers for variable in layer.trainable_variables]
        self.weights = [variable for layer in layers for variable in layer.weights]
        """What a model is made of; `averaged` puts the averages there."""
        self._layers = layers
        self._optimizer = keras.optimizers.Adam(rate(0))
        self._optimizer.build(self.trained)  # its variables must exist before a checkpoint's values go into them
        # BatchNorm's statistics among them: they must fit the weights
        self._averages = [tf.Variable(variable.value, trainable=False) for variable in self.weights] if average else []
        self._step = tf.function(self._learn, reduce_retracing=True, autograph=False)  # a frozen program has no sources for AutoGraph
        # reduce_retracing: the last batch of an epoch is smaller
        self._measure = tf.function(self._look, reduce_retracing=True, autograph=False)

    @property
    def state(self) -> list[Any]:
        """Every variable that a step reads or changes, the state of dropout's random numbers included, in a fixed order."""
        return [*(variable for layer in self._layers for variable in layer.variables), *self._optimizer.variables, *self._averages]

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step: sum of weighted losses and number of right answers of the batch."""
        self._optimizer.learning_rate = self._rate(int(self._optimizer.iterations))
        loss, right = self._step(*_tensors(batch))
        return float(loss), float(right)

    def validate(self, batches: Iterator[Batch], task: TaskContext) -> ValidationResult:
        """Loss and accuracy over all batches; every class counts as the weights say."""
        loss = weight = 0.0
        truth, answers = [], []
        for batch in batches:
            task.raise_if_cancelled()
            losses, said = self._measure(*_tensors(batch))
            loss, weight = loss + float(losses), weight + float(batch[2].sum())
            truth.append(batch[1].argmax(axis=1))
            answers.append(np.asarray(said))
        confusion = np.zeros((batch[1].shape[1],) * 2, np.int64)
        np.add.at(confusion, (np.concatenate(truth), np.concatenate(answers)), 1)
        return ValidationResult(loss / weight + float(self._penalty()), float(confusion.trace() / confusion.sum()), confusion)

    def penalty(self) -> float:
        """The L2 term of the loss as it stands."""
        return float(self._penalty())

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Within it the layers have the averaged weights, if there are any."""
        # copies, as `assign` changes what is there
        learning = [tf.identity(variable.value) for variable in self.weights] if self._averages else []
        for variable, average in zip(self.weights, self._averages, strict=False):
            variable.assign(average)
        try:
            yield
        finally:
            for variable, value in zip(self.weights, learning, strict=False):
                variable.assign(value)

    def _learn(self, inputs: Any, labels: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            probabilities = self._forward(inputs, True)
            losses = weights * keras.losses.categorical_crossentropy(labels, probabilities, label_smoothing=self._smoothing)
            loss = tf.reduce_mean(losses) + self._penalty()
        self._optimizer.apply(tape.gradient(loss, self.trained), self.trained)
        self._follow()
        same = tf.equal(tf.argmax(labels, axis=1), tf.argmax(probabilities, axis=1))
        return tf.reduce_sum(losses), tf.reduce_sum(tf.cast(same, tf.float32))

    def _follow(self) -> None:
        """Move the averages towards the weights: faster at first, so that the start is soon forgotten."""
        if not self._averages:
            return
        steps = tf.cast(self._optimizer.iterations.value, tf.float32)
        kept = tf.minimum(self._average, (1 + steps) / (10 + steps))
        for average, variable in zip(self._averages, self.weights, strict=True):
            average.assign_add((1 - kept) * (variable.value - average))

    def _look(self, inputs: Any, labels: Any, weights: Any) -> tuple[Any, Any]:
        probabilities = self._forward(inputs, False)
        losses = weights * keras.losses.categorical_crossentropy(labels, probabilities)
        return tf.reduce_sum(losses), tf.argmax(probabilities, axis=1)


def _tensors(batch: Batch) -> tuple[Any, ...]:
    return tuple(tf.cast(tf.constant(array), tf.float32) for array in batch)
