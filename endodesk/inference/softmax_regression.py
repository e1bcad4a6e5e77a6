"""Multinomial logistic regression in numpy: a second for 10,000 frames, and the window loads no library for it."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats
from endodesk.inference.head import softmax

DIRECTIONS = 64
# Why: docs/decisions/app.md 25
_SPREAD_OF_WEIGHTS = 0.1
"""What is expected of them before any frame is seen; both chosen on real frames with planted mistakes."""
_MOST_ROUNDS, _ENOUGH = 300, 1e-4
_BLOCK = 4096
_MOST_MEASURED = 20_000
"""Frames from which the directions are found, evenly drawn from more: sixteen for each feature."""


# Why: docs/decisions/app.md 39
def main_directions(features: NDArray[np.floating], places: NDArray[np.intp], *, most: int = DIRECTIONS) -> Floats:
    """M of the N x K features in, by their `places`; M x D float32 out (D <= `most`): principal components of the standardised features.

    Each has spread 1, or nearly, where there are very many. No label goes into it, so it may see the frames that a fold leaves out.
    """
    measured = places
    if len(places) > _MOST_MEASURED:
        measured = places[np.linspace(0, len(places) - 1, _MOST_MEASURED).round().astype(np.intp)]
    # float64: sums of many float32 numbers lose digits
    mean = sum(block.sum(axis=0, dtype=np.float64) for block in _blocks(features, measured)) / len(measured)
    centred = ((block - mean).astype(np.float32) for block in _blocks(features, measured))
    products = sum(block.T @ block for block in centred)
    covariance = np.asarray(products, np.float64) / len(measured)
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    spread, axes = np.linalg.eigh(covariance / np.outer(scale, scale))
    main = np.argsort(spread)[::-1][:most]
    # with fewer frames than features some directions have no spread that could be made 1
    main = main[spread[main] > 1e-6 * spread[main[0]]]
    turn = (axes[:, main] / scale[:, None] / np.sqrt(spread[main])).astype(np.float32)
    return np.concatenate([(block - mean).astype(np.float32) @ turn for block in _blocks(features, places)])


def _blocks(features: NDArray[np.floating], places: NDArray[np.intp]) -> Iterator[Floats]:
    """Some rows at a time: all of them as float32 would take half a gigabyte for 100,000 frames."""
    return (np.asarray(features[places[start : start + _BLOCK]], np.float32) for start in range(0, len(places), _BLOCK))


def fit(values: Floats, labels: NDArray[np.intp], classes: int) -> Floats:
    """(D + 1) x C weights, the last row for the constant, from N x D values of spread 1 and N labels in 0..C-1.

    Nesterov's accelerated gradient, begun anew whenever it goes uphill (O'Donoghue and Candes, 2015).
    """
    inputs, truth = _with_constant(values), np.eye(classes, dtype=np.float32)[labels]
    pull = np.full((inputs.shape[1], 1), 1 / (len(values) * _SPREAD_OF_WEIGHTS**2), np.float32)
    pull[-1] = 0  # the constant says how frequent a class is, and goes free
    steepest = 0.5 * float(np.linalg.eigvalsh(inputs.T @ inputs / len(values))[-1]) + float(pull[0, 0])  # no direction curves more
    weights = np.zeros((inputs.shape[1], classes), np.float32)
    ahead, momentum = weights, 1.0
    for _ in range(_MOST_ROUNDS):
        gradient = inputs.T @ (softmax(inputs @ ahead) - truth) / len(values) + pull * ahead
        moved = np.asarray(ahead - gradient / steepest, np.float32)
        if float(np.abs(gradient).max()) < _ENOUGH:
            return moved
        if float((gradient * (moved - weights)).sum()) > 0:
            momentum = 1.0
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead = np.asarray(moved + (momentum - 1) / following * (moved - weights), np.float32)
        weights, momentum = moved, following
    return weights


def probabilities(weights: Floats, values: Floats) -> Floats:
    """N x C, each row summing to 1."""
    return np.asarray(softmax(_with_constant(values) @ weights), np.float32)


def _with_constant(values: Floats) -> Floats:
    return np.asarray(np.column_stack([values, np.ones(len(values), np.float32)]), np.float32)
