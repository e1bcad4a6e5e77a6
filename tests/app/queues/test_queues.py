"""The queues: their order, their reasons, and that no group floods them."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from endodesk.app.queues.novelty import nearest
from endodesk.app.queues.queues import QUEUES, QueueInput, in_rounds
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.inference.second_opinion import FOLDS, fold_of, second_opinion
from endodesk.inference.softmax_regression import fit, main_directions, probabilities
from endodesk.system.task import TaskContext

CLASSES = ("normal", "polyps", "ulcerative-colitis")
NAN = float("nan")


def an_input(n=0, *, labels=None, said=None, features=None, groups=None, trained=None, rows=None):
    said = np.full((n, 3), NAN, np.float32) if said is None else np.array(said, np.float32)
    n = len(said) or n
    return QueueInput(
        np.arange(n) if rows is None else np.array(rows),
        labels or [""] * n,
        CLASSES,
        said,
        np.full((n, 4), NAN, np.float16) if features is None else np.array(features, np.float16),
        np.arange(n) if groups is None else np.array(groups),
        np.zeros(n, bool) if trained is None else np.array(trained),
    )


def ranked(key, given, task=None):
    [queue] = [queue for queue in QUEUES if queue.key == key]
    return queue.rank(given, task or TaskContext())


def clusters(each=20, spread=0.3, k=8, seed=0):
    """Features of three classes that lie apart, each frame a group of its own; and their labels."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(3, k)) * 2
    label = np.repeat(np.arange(3), each)
    return np.abs(centres[label] + rng.normal(size=(3 * each, k)) * spread).astype(np.float16), label


# --- groups -----------------------------------------------------------------------------------------------------------

frames = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 4)), max_size=40)


@given(frames)
def test_every_frame_once_and_no_group_a_second_time_before_each_has_had_its_turn(those):
    scores, groups = [score for score, _ in those], np.array([group for _, group in those], np.int64)
    order = in_rounds(scores, groups)
    assert sorted(order) == list(range(len(those)))
    turns, seen = [], dict.fromkeys(groups.tolist(), 0)
    for place in order:
        turns.append(seen[groups[place]])
        seen[groups[place]] += 1
    assert turns == sorted(turns)
    keys = [(turn, -scores[place], place) for turn, place in zip(turns, order, strict=True)]
    assert keys == sorted(keys)
    for group in set(groups.tolist()):
        own = [scores[place] for place in order if groups[place] == group]
        assert own == sorted(own, reverse=True)


@pytest.mark.slow
@given(frames, st.data())
def test_every_queue_holds_each_frame_at_most_once_whatever_is_known(those, data):
    n = len(those)
    said = [[NAN] * 3 if data.draw(st.booleans()) else data.draw(st.permutations([0.7, 0.2, 0.1])) for _ in range(n)]
    features = [[NAN] * 2 if data.draw(st.booleans()) else [1.0, score] for score, _ in those]
    labels = [data.draw(st.sampled_from(["", "normal", "polyps", "dyed"])) for _ in range(n)]
    groups = [group for _, group in those]
    known = an_input(n, labels=labels, said=said or None, features=features or np.empty((0, 2)), groups=groups, rows=range(7, 7 + n))
    for queue in QUEUES:
        try:
            items = queue.rank(known, TaskContext())
        except BadRequest:
            continue
        rows = [item.row for item in items]
        assert len(set(rows)) == len(rows)
        assert set(rows) <= set(range(7, 7 + n))
        assert items == queue.rank(known, TaskContext())
        if queue.key == "unsure":
            assert set(rows) == {7 + place for place in range(n) if said[place][0] == said[place][0]}


# --- each queue -------------------------------------------------------------------------------------------------------


def test_the_least_sure_come_first_with_their_two_classes():
    items = ranked("unsure", an_input(said=[[0.02, 0.9, 0.08], [0.07, 0.52, 0.41], [NAN] * 3, [0.1, 0.6, 0.3]]))
    assert [item.row for item in items] == [1, 3, 0]
    assert items[0].reason == "polyps 52 %, ulcerative-colitis 41 %"


def test_disagreement_leaves_out_labels_that_the_model_does_not_know():
    said = [[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.9, 0.1, 0.0], [1.0, 0.0, 0.0]]
    items = ranked("disagreeing", an_input(said=said, labels=["normal", "polyps", "polyps", "dyed-lifted-polyps", ""]))
    assert [(item.row, item.reason) for item in items] == [
        (1, "labelled polyps; the model says normal (90 %)"),
        (2, "labelled polyps; the model says normal (60 %)"),
    ]


def test_planted_wrong_labels_come_first_and_are_told():
    features, label = clusters()
    wrong = {3: 1, 25: 2, 50: 0}
    given_label = [CLASSES[wrong.get(place, name)] for place, name in enumerate(label)]
    items = ranked("mislabelled", an_input(len(label), labels=given_label, features=features))
    assert {item.row for item in items[:3]} == set(wrong)
    assert all(item.reason.startswith(f"labelled {given_label[item.row]}; looks like {CLASSES[label[item.row]]} (") for item in items[:3])


def test_a_group_does_not_vouch_for_its_own_label():
    """Twenty copies of a frame of class 0, all labelled 1: asked of a fold with a copy in it they would look right."""
    features, label = clusters()
    copies = np.repeat(features[:1], 20, axis=0)
    names, groups = np.r_[label, np.ones(20, int)], np.r_[np.arange(60), np.full(20, 60)]
    found = second_opinion(np.r_[features, copies], names, groups, TaskContext())
    assert found.suspect[60:].all()
    assert (found.other[60:] == 0).all()


def test_a_class_of_too_few_groups_is_not_judged_and_one_class_alone_is_refused():
    features, label = clusters()
    kept = np.r_[0:40, 40:42]
    found = second_opinion(features[kept], label[kept], kept, TaskContext())
    assert found.judged.tolist() == [True] * 40 + [False] * 2
    assert not found.suspect[40:].any()
    assert second_opinion(features[:20], label[:20], np.arange(20), TaskContext()) is None
    with pytest.raises(BadRequest, match="at least two classes"):
        ranked("mislabelled", an_input(20, labels=["polyps"] * 20, features=features[:20]))


def test_few_labels_with_many_features_are_not_doubted_for_nothing():
    """As many directions as frames fit any labels, and say nothing of frames left out."""
    features, label = clusters(each=20, spread=2.0, k=400)
    found = second_opinion(features, label, np.arange(60), TaskContext())
    assert found.suspect.sum() <= 6


def test_frames_unlike_the_training_frames_come_first_and_these_are_not_asked_about():
    features = [[1, 0, 0, 0], [1, 0.1, 0, 0], [1, 0, 0.1, 0], [0, 0, 0, 1], [1, 0.05, 0, 0], [NAN] * 4]
    given_ = an_input(6, features=features, trained=[True, True, True, False, False, False], labels=["polyps"] * 3 + [""] * 3)
    items = ranked("unlike", given_)
    assert [item.row for item in items] == [3, 4]
    assert items[0].reason == "unlike all training frames (1.00); nearest: polyps"


def test_without_known_training_frames_labelled_ones_of_other_groups_are_compared_with():
    features = [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0.1, 0], [0, 1, 0, 0.2]]
    items = ranked("unlike", an_input(5, features=features, groups=[0, 0, 1, 2, 3], labels=["polyps"] * 4 + [""]))
    assert {item.row for item in items} == set(range(5))
    assert items[0].row == 0  # its only like is of its own group
    assert items[0].score == pytest.approx(1.0, abs=1e-3)
    assert items[-1].row == 1  # the second of its group, though as far off


@pytest.mark.parametrize("key", [queue.key for queue in QUEUES])
def test_what_cannot_be_made_is_refused_with_a_sentence(key):
    with pytest.raises(BadRequest, match=r"^There .*\.$"):
        ranked(key, an_input(3))


def test_a_queue_can_be_cancelled():
    features, label = clusters()
    task = TaskContext()
    task.cancel()
    for key in ("mislabelled", "unlike"):
        with pytest.raises(Cancelled):
            ranked(key, an_input(60, labels=[CLASSES[name] for name in label], features=features), task)


# --- what they stand on -----------------------------------------------------------------------------------------------


def test_the_regression_is_that_of_scikit_learn():
    features, label = clusters(each=60, spread=2.0)
    values = main_directions(features, np.arange(len(features)))
    theirs = LogisticRegression(C=0.01, tol=1e-8, max_iter=1000).fit(values, label).predict_proba(values)
    assert probabilities(fit(values, label, 3), values) == pytest.approx(theirs, abs=3e-3)


def test_directions_have_spread_one_and_are_fewer_than_frames():
    features = clusters(each=4, k=40)[0]
    values = main_directions(features, np.arange(len(features)))
    assert values.shape[1] <= 12
    assert values.std(axis=0) == pytest.approx(np.ones(values.shape[1]), abs=1e-2)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), min_size=1, max_size=60))
def test_groups_stand_in_one_fold_and_classes_are_dealt_out(those):
    label, group = (np.array(column) for column in zip(*those, strict=True))
    folds = fold_of(label, group)
    assert set(folds) <= set(range(FOLDS))
    for name in set(group.tolist()):
        assert len(set(folds[group == name].tolist())) == 1


def test_distances_in_blocks_are_those_of_all_at_once():
    features = np.random.default_rng(0).random((1300, 6)).astype(np.float16)
    found = nearest(features, np.arange(1300), np.arange(200), TaskContext())
    unit = features.astype(float) / np.linalg.norm(features.astype(float), axis=1, keepdims=True)
    apart = np.sort(1 - unit @ unit[:200].T, axis=1)[:, :3].mean(axis=1)
    assert found.distance == pytest.approx(apart, abs=1e-4)


@pytest.mark.slow
def test_doubtful_labels_are_sought_without_copies_of_all_features():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, 30_000)
    features = rng.integers(0, 100, (30_000, 1024), np.uint8).astype(np.float16)
    features[:, :300] += 60 * np.repeat(np.eye(3, dtype=np.float16)[label], 100, axis=1)
    labelled = np.arange(1, 30_000)
    tracemalloc.start()
    found = second_opinion(features, label[1:], labelled, TaskContext(), labelled)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * features.nbytes  # all of them as float32 take twice as much, and two copies stood beside them
    assert found.judged.all()
    assert found.suspect.mean() < 0.1
