"""A head by least squares, whose answer without one of its labels is known by algebra alone: what a correction did, without retraining."""

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats

# Why: docs/decisions/evaluation.md 16
_PULL = 0.3
"""Of each weight towards 0, a frame; hidden numbers have a mean square of 1. Chosen on real frames, against heads trained 24 times over."""


class LeastSquaresHead:
    """Ridge regression of one-hot labels on hidden units and a constant (Hoerl and Kennard, 1970): scores near probabilities."""

    def __init__(self, hidden: Floats, labels: NDArray[np.intp], classes: int) -> None:
        """N x H hidden units of the frames that are learnt from, and their N labels in 0..`classes` - 1."""
        self._scale = float(np.sqrt(np.square(hidden, dtype=np.float64).mean())) or 1.0
        inputs = self._inputs(hidden).astype(np.float64)
        pull = np.full(inputs.shape[1], _PULL * len(inputs))
        pull[-1] = 0  # the constant says how frequent a class is, and goes free
        self._solved = np.linalg.solve(inputs.T @ inputs + np.diag(pull), inputs.T)  # (H + 1) x N
        self._truth = np.eye(classes)[labels]
        self._scores = inputs @ (self._solved @ self._truth)
        self._leverage = np.einsum("nh,hn->n", inputs, self._solved)

    def steps(self, places: NDArray[np.intp], before: NDArray[np.intp]) -> Floats:
        """M x C: what each of M labels, by their `places`, changed for each unit that it `pulls`; -1 `before` where there was no label.

        Another label is a difference of the right-hand side alone; one label less is the formula of Sherman and Morrison (1950).
        """
        truth, scores = self._truth[places], self._scores[places]
        left_out = (truth - scores) / (1 - self._leverage[places, None])
        relabelled = truth - np.eye(truth.shape[1])[np.maximum(before, 0)]
        return np.asarray(np.where(before[:, None] < 0, left_out, relabelled), np.float32)

    def pulls(self, hidden: Floats, places: NDArray[np.intp]) -> Floats:
        """M x N: how much each of M labels pulls each of N frames; times its step this is what the label changed of the scores."""
        return np.asarray(self._solved[:, places].T.astype(np.float32) @ self._inputs(hidden).T, np.float32)

    def _inputs(self, hidden: Floats) -> Floats:
        return np.asarray(np.column_stack([hidden / self._scale, np.ones(len(hidden), np.float32)]), np.float32)
