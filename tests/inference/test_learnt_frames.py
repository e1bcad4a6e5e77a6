"""What a model has learnt from, as few numbers: written, read, and refused."""

import numpy as np
import pytest

import resources
from endodesk.domain.errors import BadBundle
from endodesk.inference.bundle import described
from endodesk.inference.learnt_frames import DIRECTIONS, LearntFrames, main_axes, unit


@pytest.fixture
def learnt():
    features = np.random.default_rng(0).normal(size=(60, 96)).astype(np.float32)
    axes = main_axes(features)
    return LearntFrames(axes, (unit(features) @ axes.astype(np.float32)).astype(np.float16), 0.25, "ab" * 32, "cd" * 8)


def test_it_is_read_as_it_was_written(learnt, tmp_path):
    learnt.save(tmp_path / "learnt.npz")
    read = LearntFrames.load(tmp_path / "learnt.npz")
    assert (read.limit, read.backbone, read.recipe) == (0.25, learnt.backbone, learnt.recipe)
    assert np.array_equal(read.axes, learnt.axes)
    assert np.array_equal(read.points, learnt.points)
    assert learnt.axes.shape == (96, DIRECTIONS)


def test_the_programs_own_holds_for_the_starter_and_for_no_other_backbone():
    kept = LearntFrames.load(resources.STARTER_LEARNT)
    assert resources.STARTER_LEARNT.stat().st_size < 300_000
    assert kept.holds_for(described(resources.STARTER_LEARNT.parent / "starter"))
    assert kept.axes.shape[0] == 1280
    other = LearntFrames(kept.axes, kept.points, kept.limit, "00" * 32, kept.recipe)
    assert not other.holds_for(described(resources.STARTER_LEARNT.parent / "starter"))


def test_few_directions_keep_nearly_all_distances(learnt):
    kept = LearntFrames.load(resources.STARTER_LEARNT)
    lengths = np.linalg.norm(kept.points.astype(np.float32), axis=1)
    assert (lengths > 0.9).all()  # of features with length 1


@pytest.mark.parametrize("what", [b"", b"no zip", b"PK\x03\x04" + bytes(100)])
def test_anything_else_is_refused(what, tmp_path):
    (tmp_path / "x.npz").write_bytes(what)
    with pytest.raises(BadBundle):
        LearntFrames.load(tmp_path / "x.npz")


def test_arrays_that_do_not_fit_each_other_or_are_pickles_are_refused(learnt, tmp_path):
    wrong = LearntFrames(learnt.axes, learnt.points[:, :3], 0.1, "", "")
    wrong.save(tmp_path / "x.npz")
    with pytest.raises(BadBundle, match="does not fit itself"):
        LearntFrames.load(tmp_path / "x.npz")
    objects = np.array([object()], dtype=object)
    np.savez(tmp_path / "y.npz", axes=objects, points=objects, limit=objects, backbone=objects, recipe=objects)
    with pytest.raises(BadBundle):
        LearntFrames.load(tmp_path / "y.npz")
    with pytest.raises(BadBundle):
        LearntFrames.load(tmp_path / "none.npz")
