from dataclasses import replace

import numpy as np
import pytest

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.system.task import TaskContext
from training.inputs.examples import examples, preprocessed, verify_files
from training.inputs.frame_cache import folder_of


def test_cached_frames_are_the_preprocessed_ones(tmp_path, frame_rows):
    rows = frame_rows[:6]
    expected = np.stack([preprocess(read_image(row.file), CLEAN) for row in rows])
    made = preprocessed(rows, CLEAN, tmp_path, TaskContext())
    assert (made == expected).all()
    files = sorted((tmp_path / folder_of(CLEAN)).iterdir())
    assert [f.stem for f in files] == sorted(row.sha256 for row in rows)
    gone = [replace(row, file=row.file.with_name("gone.png")) for row in rows]
    assert (preprocessed(gone[::-1], CLEAN, tmp_path, TaskContext()) == expected[::-1]).all()  # by content, from the cache alone
    assert PAPER.fingerprint != CLEAN.fingerprint


def test_a_frame_that_changed_or_went_is_named(tmp_path, frame_rows):
    copy = tmp_path / "frame.png"
    copy.write_bytes(frame_rows[1].file.read_bytes())
    changed = replace(frame_rows[0], file=copy)
    with pytest.raises(BadRequest, match=r"frame\.png has changed"):
        verify_files([*frame_rows[:3], changed], TaskContext())
    with pytest.raises(BadRequest, match=r"frame\.png has changed"):
        preprocessed([changed], CLEAN, tmp_path / "cache", TaskContext())
    copy.unlink()
    with pytest.raises(BadRequest, match=r"frame\.png cannot be read any more: no such file"):
        verify_files([changed], TaskContext())
    verify_files(frame_rows, TaskContext())


def test_preprocessing_can_be_cancelled(tmp_path, frame_rows):
    task = TaskContext(lambda p: task.cancel() if p.done >= 3 else None, interval=0)
    with pytest.raises(Cancelled):
        preprocessed(frame_rows, CLEAN, tmp_path, task)


def test_balanced_classes_weigh_the_same(frame_rows):
    rows = [*frame_rows[:5], *frame_rows[20:40], *frame_rows[40:43]]
    classes = ClassSet(("ulcerative-colitis", "polyps", "esophagitis"))
    finals = np.zeros((len(rows), 224, 224, 3), np.uint8)
    balanced = examples(rows, finals, classes, balance="weights")
    assert balanced.labels.tolist() == [2] * 5 + [1] * 20 + [0] * 3
    sums = np.bincount(balanced.labels, balanced.weights)
    assert sums == pytest.approx([28 / 3] * 3)
    assert balanced.weights.mean() == pytest.approx(1)
    assert (examples(rows, finals, classes, balance="none").weights == 1).all()
    assert balanced.one_hot(3).argmax(axis=1).tolist() == balanced.labels.tolist()
