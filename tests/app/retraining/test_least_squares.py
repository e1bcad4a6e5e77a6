"""Leaving a label out by algebra gives what fitting without it gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.app.retraining.least_squares import LeastSquaresHead


def scores(hidden, labels, classes, asked, pull):
    """Ridge regression by its normal equations, the constant free; `labels` -1 is a frame that is not learnt from."""
    inputs, others = (np.column_stack([one, np.ones(len(one))]) for one in (hidden, asked))
    weights = (labels >= 0).astype(float)
    matrix = inputs.T @ (inputs * weights[:, None]) + np.diag([pull] * hidden.shape[1] + [0])
    return others @ np.linalg.solve(matrix, inputs.T @ (np.eye(classes)[np.maximum(labels, 0)] * weights[:, None]))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(8, 30), st.integers(1, 12), st.floats(0.01, 100))
def test_each_label_undone_is_as_if_it_had_never_been_given(seed, classes, n, units, size):
    draw = np.random.default_rng(seed)
    hidden, asked = (np.maximum(draw.normal(size=(rows, units)), 0).astype(np.float32) * np.float32(size) for rows in (n, 6))
    hidden[0, 0] = size  # not all of it 0
    labels = draw.integers(0, classes, n)
    before = draw.integers(-1, classes, n)
    places = np.arange(n)
    effects = LeastSquaresHead(hidden, labels, classes).effects(places, before)
    changed = effects.pulls(asked)[:, :, None] * effects.steps[:, None, :]
    scale = float(np.sqrt(np.square(hidden, dtype=np.float64).mean()))
    for place in places:
        undone = labels.copy()
        undone[place] = before[place]
        with_it, without = (scores(hidden / scale, one, classes, asked / scale, 0.3 * n) for one in (labels, undone))
        assert np.allclose(changed[place], with_it - without, atol=2e-4), place
