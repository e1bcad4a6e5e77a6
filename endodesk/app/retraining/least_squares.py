"""A head by least squares, whose answer without one of its labels is known by algebra alone: what a correction did, without retraining."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats

# Why: docs/decisions/evaluation.md 16
_PULL = 0.3
"""Of each weight towards 0, a frame; hidden numbers have a mean square of 1. Chosen on real frames, against heads trained 24 times over."""
_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class LabelEffects:
    """What each of M labels changed of the scores of any frame: its step, times its pull on the frame."""

    steps: Floats
    """M x C."""
    _solved: Floats
    _scale: float

    def pulls(self, hidden: Floats) -> Floats:
        """M x N: how much each label pulls each of N frames, of which the N x H hidden units are given."""
        return np.asarray(self._solved @ _inputs(hidden, self._scale).T, np.float32)


class LeastSquaresHead:
    """Ridge regression of one-hot labels on hidden units and a constant (Hoerl and Kennard, 1970): scores near probabilities."""

    def __init__(self, hidden: Floats, labels: NDArray[np.intp], classes: int) -> None:
        """N x H hidden units of the frames that are learnt from, and their N labels in 0..`classes` - 1; N is 1 at least."""
        self._hidden, self._truth = hidden, np.eye(classes, dtype=np.float32)[labels]
        squares = sum(float(np.square(block, dtype=np.float64).sum()) for block, _ in self._blocks())
        self._scale = (squares / hidden.size) ** 0.5 or 1.0
        units = hidden.shape[1] + 1
        products, targets = np.zeros((units, units)), np.zeros((units, classes))
        for block, truth in self._blocks():  # float64: but for a block it would be twice the memory of the frames
            inputs = _inputs(block, self._scale).astype(np.float64)
            products += inputs.T @ inputs
            targets += inputs.T @ truth
        pull = np.full(units, _PULL * len(hidden))
        pull[-1] = 0  # the constant says how frequent a class is, and goes free
        self._inverse = np.linalg.inv(products + np.diag(pull))
        self._weights = self._inverse @ targets

    def effects(self, places: NDArray[np.intp], before: NDArray[np.intp]) -> LabelEffects:
        """Of M labels, by their `places`, against what these frames were `before`: another class, or -1 where they were not learnt from.

        Another label is a difference of the right-hand side alone; one label less is the formula of Sherman and Morrison (1950).
        """
        inputs, truth = _inputs(self._hidden[places], self._scale).astype(np.float64), self._truth[places]
        solved = inputs @ self._inverse
        leverage = (inputs * solved).sum(axis=1)
        left_out = (truth - inputs @ self._weights) / (1 - leverage[:, None])
        relabelled = truth - np.eye(truth.shape[1])[np.maximum(before, 0)]
        steps = np.where(before[:, None] < 0, left_out, relabelled)
        return LabelEffects(steps.astype(np.float32), solved.astype(np.float32), self._scale)

    def _blocks(self) -> list[tuple[Floats, Floats]]:
        starts = range(0, len(self._hidden), _BLOCK)
        return [(self._hidden[start : start + _BLOCK], self._truth[start : start + _BLOCK]) for start in starts]


def _inputs(hidden: Floats, scale: float) -> Floats:
    return np.asarray(np.column_stack([hidden / scale, np.ones(len(hidden), np.float32)]), np.float32)
