"""How many frames look unlike all that was learnt: of the project's own training frames, and of what came with the program."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import resources
from endodesk.app.fit import distance
from endodesk.app.fit.distance import far_from, share_far
from endodesk.app.queues.queues import QueueInput
from endodesk.inference.bundle import described
from endodesk.inference.learnt_frames import LearntFrames
from endodesk.system.task import TaskContext

STARTER = Path(resources.__file__).parent / "models" / "starter"


@pytest.fixture
def bundle():
    """Of another backbone than the starter's."""
    found = described(STARTER)
    return replace(found, files={**found.files, "backbone.tflite": "00" * 32})


def given(trained=200, near=30, far=10, *, groups=None):
    """Frames that were learnt, others like them, and some that look the other way."""
    chance = np.random.default_rng(0)
    features = np.concatenate([np.eye(64)[:1] + 0.02 * chance.random((trained + near, 64)), np.eye(64)[1:2] + chance.random((far, 64))])
    n = len(features)
    return QueueInput(
        rows=np.arange(n),
        labels=[""] * n,
        classes=(),
        probabilities=np.empty((n, 0), np.float32),
        features=features.astype(np.float16),
        groups=np.arange(n) if groups is None else groups,
        trained=np.arange(n) < trained,
    )


def test_of_the_projects_own_training_frames(bundle):
    frames = given()
    asked = np.arange(200, 240)
    assert share_far(frames, asked, bundle, TaskContext()) == pytest.approx(0.25, abs=0.08)
    assert share_far(frames, asked[30:], bundle, TaskContext()) == 1


def test_very_many_are_told_by_some(bundle, monkeypatch):
    monkeypatch.setattr(distance, "_MOST_ASKED", 20)
    assert share_far(given(), np.arange(200, 240), bundle, TaskContext()) == pytest.approx(0.25, abs=0.15)


def test_nothing_is_told_where_nothing_is_known(bundle):
    assert share_far(given(trained=0), np.arange(40), bundle, TaskContext()) is None
    one_case = np.zeros(240, np.int64)
    assert share_far(given(groups=one_case), np.arange(200, 240), bundle, TaskContext()) is None
    assert share_far(given(), np.arange(0), bundle, TaskContext()) is None


def test_of_what_came_with_the_program():
    kept = LearntFrames.load(resources.STARTER_LEARNT)
    back = kept.points.astype(np.float32) @ kept.axes.astype(np.float32).T
    assert far_from(kept, back, TaskContext()).mean() < 0.05  # each is its own nearest
    assert far_from(kept, np.random.default_rng(0).random((20, 1280)), TaskContext()).all()


def test_both_must_call_it_far(bundle, monkeypatch):
    frames = given()
    kept = LearntFrames(np.eye(64, 2, dtype=np.float16), np.eye(2, dtype=np.float16)[[1] * 5], 0.2, "00" * 32, bundle.recipe.fingerprint)
    monkeypatch.setattr(distance, "_kept_of_starter", lambda: kept)
    asked = np.arange(230, 240)
    assert far_from(kept, frames.features[asked], TaskContext()).mean() < share_far(given(), asked, replace(bundle, files={
        **bundle.files, "backbone.tflite": "11" * 32,
    }), TaskContext())  # fmt: skip
    assert share_far(frames, asked, bundle, TaskContext()) < 1
