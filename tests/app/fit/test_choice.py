"""The few frames to label, and what their labels measure."""

import numpy as np
import pytest

from endodesk.app.fit import choice as chosen_by
from endodesk.app.fit.choice import FRAMES, Choice, ChosenFrame, choose
from endodesk.app.fit.measured import measured
from endodesk.domain.errors import Cancelled
from endodesk.system.task import TaskContext


def folder(n=400, *, cases=120, seed=1):
    """Probabilities of three classes, groups of very different sizes, and the truth, which depends on both."""
    chance = np.random.default_rng(seed)
    sizes = chance.geometric(0.2, cases)
    groups = np.repeat(np.arange(cases), sizes)[:n]
    odd = chance.random(cases) < 0.3  # cases that the model does not know
    truth = chance.integers(0, 3, len(groups))
    said = chance.dirichlet([0.3] * 3, len(groups))
    sure = np.where(odd[groups], 0.2, 0.9)
    own = np.eye(3)[truth] * sure[:, None] + said * (1 - sure[:, None])
    return own.astype(np.float32), groups.astype(np.int64), truth


def told_of(probabilities, truth, choice, place):
    called = probabilities.argmax(axis=1)
    said = np.stack([probabilities[called == one].mean(axis=0) for one in choice.called])
    return measured(choice, [int(truth[frame.place]) for frame in choice.frames], said, place)


def test_the_same_seed_chooses_the_same_and_another_others():
    probabilities, groups, _ = folder()
    first, again, other = (choose(probabilities, groups, TaskContext(), seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert {frame.place for frame in first.frames} != {frame.place for frame in other.frames}


def test_thirty_frames_of_as_many_cases_two_of_each_stratum_at_least():
    probabilities, groups, _ = folder()
    found = choose(probabilities, groups, TaskContext())
    assert len(found.frames) == FRAMES == len({frame.place for frame in found.frames})
    for number, (called, size) in enumerate(zip(found.called, found.sizes, strict=True)):
        own = [frame for frame in found.frames if frame.stratum == number]
        assert len(own) >= 2
        assert len({groups[frame.place] for frame in own}) == len(own)
        assert {int(probabilities[frame.place].argmax()) for frame in own} == {called}
        assert sum(frame.weight for frame in own) == pytest.approx(size, rel=0.5)
    assert sum(found.sizes) == len(probabilities)


def test_few_frames_are_all_chosen_and_weigh_one():
    probabilities, groups, _ = folder(24)
    found = choose(probabilities, groups, TaskContext())
    assert sorted(frame.place for frame in found.frames) == list(range(24))
    assert all(frame.weight == pytest.approx(1) for frame in found.frames)


def test_more_strata_than_frames():
    probabilities = np.eye(20, dtype=np.float32)[np.arange(200) % 20]
    found = choose(probabilities, np.arange(200), TaskContext(), most=10)
    assert len(found.frames) == 10


def test_of_very_many_frames_some_stand_for_all(monkeypatch):
    monkeypatch.setattr(chosen_by, "_MOST_FRAMES", 200)
    probabilities, groups, _ = folder(400, cases=300)
    found = choose(probabilities, groups, TaskContext())
    assert sum(found.sizes) == pytest.approx(len(probabilities), abs=9)
    assert sum(frame.weight for frame in found.frames) == pytest.approx(len(probabilities), rel=0.3)


def test_cancelled():
    probabilities, groups, _ = folder()
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        choose(probabilities, groups, task)


def test_over_many_draws_labels_measure_what_all_labels_would(monkeypatch):
    monkeypatch.setattr(chosen_by, "_DRAWS", 60)
    probabilities, groups, truth = folder(300, cases=60)
    called, values, held = probabilities.argmax(axis=1), [], 0
    right = (called == 1)[truth == 1].mean()
    for seed in range(80):
        span = told_of(probabilities, truth, choose(probabilities, groups, TaskContext(), seed=seed), 1).recall
        values.append(span.value)
        held += span.low <= right <= span.high
    assert np.mean(values) == pytest.approx(right, abs=0.03)
    assert held / 80 > 0.85


# --- what labels measure --------------------------------------------------------------------------------------------------

TWO = Choice(tuple(ChosenFrame(place, place // 4, 25.0 if place < 4 else 5.0) for place in range(8)), called=(0, 1), sizes=(100, 20))
SAID = np.array([[0.9, 0.1], [0.2, 0.8]])


def test_each_label_counts_for_the_frames_that_it_stands_for():
    found = measured(TWO, [0, 0, 0, 1, 1, 1, 0, 1], SAID, 0)
    # 75 of 100 frames that are called so, and 5 of 20 that are not
    assert found.labelled == 4
    assert found.recall.value == pytest.approx(75 / 80)
    assert found.specificity.value == pytest.approx(15 / 40)
    for span in (found.recall, found.specificity):
        assert 0 <= span.low < span.value < span.high <= 1


def test_right_answers_alone_are_no_certainty():
    found = measured(TWO, [0, 0, 0, 0, 1, 1, 1, 1], SAID, 0)
    assert found.recall.value == 1
    assert 0.5 < found.recall.low < 0.999


def test_what_cannot_be_judged_stands_for_others_that_cannot():
    every = measured(TWO, [0, 0, None, None, 1, 1, 0, 1], SAID, 0)
    assert every.recall.value == pytest.approx(50 / 55)
    assert measured(TWO, [None] * 4 + [1, 1, 0, 1], SAID, 0).recall.value == 0


def test_classes_that_the_model_does_not_know_are_others():
    found = measured(TWO, [0, 0, -1, -1, 1, 1, -1, 1], SAID, 0)
    assert found.recall.value == 1
    assert found.specificity.value == pytest.approx(20 / 70)


def test_nothing_is_told_of_a_class_that_none_of_the_frames_is():
    found = measured(TWO, [1] * 8, SAID, 0)
    assert (found.labelled, found.recall) == (0, None)
    assert measured(TWO, [0] * 8, SAID, 0).specificity is None
