import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.inputs.sampling import draw, in_batches
from training.learning.learning_rates import Rate

labels = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(lambda found: np.array(found, np.intp))


@pytest.mark.slow
@given(labels, st.integers(0, 99), st.integers(1, 5))
def test_each_frame_once_where_nothing_is_balanced(labels, seed, epoch):
    drawn = draw(labels, balanced=False, seed=seed, epoch=epoch)
    assert sorted(drawn.indices.tolist()) == list(range(len(labels)))
    assert not drawn.repeats.any()


@given(labels, st.integers(0, 99), st.integers(1, 5))
def test_balanced_every_class_has_its_share_and_no_view_comes_twice(labels, seed, epoch):
    drawn = draw(labels, balanced=True, seed=seed, epoch=epoch)
    assert len(drawn.indices) == len(labels)
    counts = [int((labels[drawn.indices] == label).sum()) for label in np.unique(labels)]
    assert max(counts) - min(counts) <= 1
    pairs = set(zip(drawn.indices.tolist(), drawn.repeats.tolist(), strict=True))
    assert len(pairs) == len(labels)
    assert (draw(labels, balanced=True, seed=seed, epoch=epoch).indices == drawn.indices).all()


def test_a_common_class_shows_all_its_frames_in_the_course_of_epochs():
    labels = np.array([0] * 90 + [1] * 10, np.intp)
    epochs = [draw(labels, balanced=True, seed=7, epoch=epoch).indices for epoch in (1, 2)]
    first, second = (set(indices[indices < 90].tolist()) for indices in epochs)
    assert len(first) == 50
    assert first | second == set(range(90))
    rare = [int((epochs[0] == index).sum()) for index in range(90, 100)]
    assert rare == [5] * 10
    assert (epochs[0] != epochs[1]).any()


def test_batches_hold_every_draw_once():
    assert [len(batch) for batch in in_batches(10, 4)] == [4, 4, 2]
    drawn = draw(np.zeros(10, np.intp), balanced=False, seed=3, epoch=1)
    assert np.concatenate([batch.indices for batch in drawn.batches(4)]).tolist() == drawn.indices.tolist()
    assert drawn.indices.tolist() != list(range(10))


def test_the_rate_is_constant_unless_asked():
    assert {Rate(1e-3)(step) for step in range(50)} == {1e-3}


def test_the_rate_warms_up_and_decays():
    rate = Rate(1.0, steps=100, warm_up=10, decay="cosine")
    rates = [rate(step) for step in range(100)]
    assert rates[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert rates[10] == 1.0
    assert rates[55] == pytest.approx(0.5)
    assert rates[99] == pytest.approx(0.5 * (1 + math.cos(math.pi * 89 / 90)))
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rate(500) == 0
