import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from training.inputs.sampling import Sampler, in_batches
from training.learning.learning_rates import Rate
from training.plan.config import parse_config


def draw(labels, *, balanced, seed, epoch):
    return Sampler(labels, seed, balanced).draw(epoch)


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


def shares(indices, of):
    return np.bincount(of[indices], minlength=4).tolist()


pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))
frames_of_centres = st.lists(pairs, min_size=1, max_size=60).map(lambda found: np.array(found, np.intp))


@given(frames_of_centres, st.integers(0, 99), st.booleans(), st.sampled_from(["half", "even"]), st.integers(1, 5))
def test_draws_are_even_over_the_centres_of_a_class_and_classes_keep_their_shares(frames, seed, balanced, how, epoch):
    labels, centres = frames.T
    sampler = Sampler(labels, seed, balanced, how, centres)
    drawn = sampler.draw(epoch)
    assert shares(drawn.indices, labels) == shares(Sampler(labels, seed, balanced).draw(epoch).indices, labels)
    assert len(set(zip(drawn.indices.tolist(), drawn.repeats.tolist(), strict=True))) == len(labels)  # no view comes twice
    assert (sampler.draw(epoch).indices == drawn.indices).all()
    for label in np.unique(labels):
        of_class = drawn.indices[labels[drawn.indices] == label]
        there = np.unique(centres[labels == label])
        counts = [int((centres[of_class] == centre).sum()) for centre in there]
        even = len(of_class) if how == "even" else len(of_class) // 2
        assert min(counts) >= even // len(there)
        if how == "even":
            assert max(counts) - min(counts) <= 1


def test_half_of_the_draws_follow_the_frames_and_half_the_centres():
    labels, centres = np.zeros(100, np.intp), np.array([0] * 80 + [1] * 20, np.intp)
    samplers = {how: Sampler(labels, 3, True, how, centres) for how in ("none", "half", "even")}
    drawn = {how: np.concatenate([sampler.draw(epoch).indices for epoch in range(1, 11)]) for how, sampler in samplers.items()}
    by_centre = {how: shares(indices, centres)[:2] for how, indices in drawn.items()}
    assert by_centre == {"none": [800, 200], "half": [650, 350], "even": [500, 500]}
    rare = np.bincount(drawn["even"])[80:]
    assert rare.tolist() == [25] * 20  # all of a small centre's frames, equally often


def test_the_configuration_says_how_and_the_manifest_where(frame_rows):
    rows = [dataclasses.replace(row, centre="north" if number % 5 else "") for number, row in enumerate(frame_rows)]
    labels = np.array([["esophagitis", "polyps", "ulcerative-colitis"].index(row.label) for row in rows], np.intp)
    config = parse_config("[training]\nclass_balance = 'sampling'\ncentre_balance = 'even'")
    drawn = Sampler.of(rows, labels, config, seed=1).draw(1).indices
    nameless = sum(not rows[index].centre for index in drawn.tolist())
    assert abs(nameless - len(rows) / 2) <= 3  # places left over, one a class
    with pytest.raises(BadRequest, match=r"training\.centre_balance must be one of none, half, even, not 'quarter'"):
        parse_config("[training]\ncentre_balance = 'quarter'")


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
