"""Learner: layers with their optimizer and loss; one training step, one look."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from endodesk.domain.ticket import Ticket
from training.loop import Batch


class Learner:
    """Layers that learn, with their optimizer (Adam) and loss: weighted cross-entropy plus the head's L2 penalty.

    The loss means the same in both phases, in training and in validation, so that their figures may be compared.
    """

    def __init__(self, forward: Callable[[Any, bool], Any], weights: list[Any], penalty: Callable[[], Any], learning_rate: float) -> None:
        """`forward(inputs, training)` gives probabilities; `weights` are the variables that learn."""
        self._forward, self._weights, self._penalty = forward, weights, penalty
        self._optimizer = keras.optimizers.Adam(learning_rate)
        self._optimizer.build(weights)
        self._step = tf.function(self._learn, reduce_retracing=True)
        self._measure = tf.function(self._look, reduce_retracing=True)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step: sum of weighted losses and number of right answers of the batch."""
        loss, right = self._step(*_tensors(batch))
        return float(loss), float(right)

    def validate(self, batches: Iterator[Batch], ticket: Ticket) -> tuple[float, float]:
        """Loss and accuracy over all batches; every class counts as the weights say."""
        loss = right = weight = n = 0.0
        for batch in batches:
            ticket.check()
            losses, hits = self._measure(*_tensors(batch))
            loss, right = loss + float(losses), right + float(hits)
            weight, n = weight + float(batch[2].sum()), n + len(batch[2])
        return loss / weight + float(self._penalty()), right / n

    def penalty(self) -> float:
        """The L2 term of the loss as it stands."""
        return float(self._penalty())

    def _learn(self, inputs: Any, labels: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            probabilities = self._forward(inputs, True)
            losses = weights * keras.losses.categorical_crossentropy(labels, probabilities)
            loss = tf.reduce_mean(losses) + self._penalty()
        self._optimizer.apply(tape.gradient(loss, self._weights), self._weights)
        return tf.reduce_sum(losses), _hits(labels, probabilities)

    def _look(self, inputs: Any, labels: Any, weights: Any) -> tuple[Any, Any]:
        probabilities = self._forward(inputs, False)
        losses = weights * keras.losses.categorical_crossentropy(labels, probabilities)
        return tf.reduce_sum(losses), _hits(labels, probabilities)


def _tensors(batch: Batch) -> tuple[Any, ...]:
    return tuple(tf.cast(tf.constant(array), tf.float32) for array in batch)


def _hits(labels: Any, probabilities: Any) -> Any:
    same = tf.equal(tf.argmax(labels, axis=1), tf.argmax(probabilities, axis=1))
    return tf.reduce_sum(tf.cast(same, tf.float32))
