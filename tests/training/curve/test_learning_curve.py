"""Learning curves on features made by hand, of which it is known what more labels would do."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.domain.images import Sha256
from endodesk.system.task import TaskContext
from training.curve.curve_plot import curve_png
from training.curve.learning_curve import FOLDS, REPEATS, SHARES, learning_curve
from training.evaluation.plots import can_plot
from training.plan.config import load_config

CHANNELS, UNITS = 48, 128
EASY, HARD = "easy", "many faces"
CLASSES = ClassSet((EASY, HARD))


def a_row(number, label, group):
    name = hashlib.sha256(f"{number}".encode()).hexdigest()
    return ManifestRow(Path(f"/{number}.png"), Sha256(name), "", label, group=group)


def curve_of(rows, features, classes=CLASSES, task=None):
    config = load_config("quick")
    return learning_curve(rows, np.float32(features), classes, config, units=UNITS, task=task or TaskContext(), resamples=400)


def many_faces(groups=120, alike=3):
    """One class looks as noise does; of the other each face is seen in `alike` groups: who never saw one takes it for noise."""
    chance = np.random.default_rng(1)
    faces = 6 * np.linalg.qr(chance.normal(size=(CHANNELS, CHANNELS)))[0]
    rows, features = [], []
    for number in range(groups):
        rows += [a_row(2 * number, EASY, f"e{number}"), a_row(2 * number + 1, HARD, f"h{number}")]
        noise = chance.normal(0, 0.3, (2, CHANNELS))
        features += [noise[0], noise[1] + faces[number // alike]]
    return rows, features


def two_blobs(groups=80):
    chance = np.random.default_rng(2)
    rows = [a_row(number, CLASSES.names[number % 2], f"g{number}") for number in range(2 * groups)]
    blobs = 2 * np.repeat(np.eye(2), CHANNELS // 2, axis=1)
    return rows, [chance.normal(0, 0.3, CHANNELS) + blobs[number % 2] for number in range(2 * groups)]


def recalls(curve, name):
    return [point.metrics["per_class"][name]["recall"] for point in curve.points]


@pytest.mark.slow
def test_a_class_with_too_few_frames_still_gains():
    curve = curve_of(*many_faces())
    recall = recalls(curve, HARD)
    assert recall == sorted(recall)
    assert recall[-1] > recall[0] + 0.2
    last = curve.recall[HARD]
    assert last.value == pytest.approx(recall[-1] - recall[-2])
    assert last.interval is not None
    assert last.interval[0] > 0
    assert curve.recall[EASY].interval[0] < 0 < curve.recall[EASY].interval[1]  # of noise there is nothing to learn


@pytest.mark.slow
def test_a_level_curve_is_level():
    curve = curve_of(*two_blobs())
    assert min(recalls(curve, EASY) + recalls(curve, HARD)) == 1
    assert curve.macro_f1.value == 0
    low, high = curve.recall[HARD].interval
    assert (low, high) == (-high, high)
    assert 0.02 < high < 0.1  # what could have been missed in so many groups
    assert [point.share for point in curve.points] == list(SHARES)
    assert [sum(point.labels.values()) for point in curve.points] == [32, 64, 96, 128]  # of 160, a fifth is held out
    assert curve.points[0].groups == {EASY: 16, HARD: 16}


@pytest.mark.slow
def test_nothing_is_known_of_groups_that_are_held_out():
    """Frames that show nothing but their group: a head that saw any of it knows the label of the rest."""
    chance = np.random.default_rng(3)
    seen = 8 * chance.normal(size=(60, CHANNELS))
    rows = [a_row(number, CLASSES.names[number // 4 % 2], f"g{number // 4}") for number in range(240)]
    curve = curve_of(rows, seen[np.arange(240) // 4])
    assert curve.points[-1].metrics["accuracy"] < 0.75
    assert curve.points[-1].metrics["n"] == REPEATS * curve.n == REPEATS * 240  # each frame is answered once a repeat
    torn = [a_row(number, row.label, f"f{number}") for number, row in enumerate(rows)]
    assert curve_of(torn, seen[np.arange(240) // 4]).points[-1].metrics["accuracy"] > 0.95  # were groups torn apart


@pytest.mark.slow
def test_it_is_the_same_each_time():
    rows, features = two_blobs(12)
    chance = np.random.default_rng(4)
    noisy = np.array(features) + chance.normal(0, 6, (len(rows), CHANNELS))
    one, other = curve_of(rows, noisy), curve_of(rows, noisy)
    assert one.points == other.points
    assert one.points[-1].metrics["accuracy"] < 1  # something that could differ
    if can_plot():
        assert curve_png(one).startswith(b"\x89PNG")


def test_a_class_with_fewer_groups_than_folds_is_refused():
    rows = [a_row(number, CLASSES.names[number >= FOLDS - 1], f"g{number}") for number in range(20)]
    with pytest.raises(BadRequest, match=f"{EASY} has {FOLDS - 1}"):
        curve_of(rows, np.zeros((20, CHANNELS)))


def test_it_can_be_cancelled():
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        curve_of(*two_blobs(10), task=task)
