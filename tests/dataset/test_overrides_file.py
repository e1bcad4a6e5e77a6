"""A run folder freezes what was drawn by hand, and the frames that are trained on are preprocessed with it."""

import json

import numpy as np
import pytest

from endodesk.dataset.overrides_file import OVERRIDES, read_overrides, write_overrides
from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import NO_OVERRIDES, FrameOverrides, Overrides
from endodesk.imaging.preprocessing.pipeline import CLEAN, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.system.task import TaskContext
from training.inputs.examples import preprocessed
from training.plan.config import load_config
from training.plan.run_folder import open_run, prepare_run

FIELD = FrameOverrides(field=((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)))


@pytest.fixture
def run(tmp_path, frame_rows):
    """Of frames of which the first was drawn on; another override is of a frame that is not in it."""
    drawn = {frame_rows[0].sha256: FIELD, "ab" * 32: FrameOverrides(box=())}
    prepare_run(tmp_path / "run", frame_rows, load_config("head"), overrides=drawn)
    return tmp_path / "run"


def test_a_run_trains_on_pixels_as_they_were_drawn(run, frame_rows, tmp_path):
    plan = open_run(run)
    assert plan.overrides == Overrides({frame_rows[0].sha256: FIELD})
    finals = preprocessed(frame_rows[:2], CLEAN, tmp_path / "cache", TaskContext(), plan.overrides)
    image, other = (read_image(row.file) for row in frame_rows[:2])
    assert np.array_equal(finals[0], preprocess(image, CLEAN, FIELD))
    assert not np.array_equal(finals[0], preprocess(image, CLEAN))
    assert np.array_equal(finals[1], preprocess(other, CLEAN))


def test_the_cache_holds_a_frame_with_and_without_an_outline_apart(frame_rows, tmp_path):
    rows, cache = frame_rows[:1], tmp_path / "cache"
    drawn = Overrides({rows[0].sha256: FIELD})
    before = preprocessed(rows, CLEAN, cache, TaskContext())
    by_hand = preprocessed(rows, CLEAN, cache, TaskContext(), drawn)
    assert not np.array_equal(before, by_hand)
    assert np.array_equal(before, preprocessed(rows, CLEAN, cache, TaskContext()))
    assert np.array_equal(by_hand, preprocessed(rows, CLEAN, cache, TaskContext(), drawn))
    assert len(list(cache.rglob("*.rgb"))) == 2


def test_a_run_without_anything_drawn_has_no_such_file(frame_rows, tmp_path):
    prepare_run(tmp_path / "run", frame_rows, load_config("head"))
    assert not (tmp_path / "run" / OVERRIDES).exists()
    assert open_run(tmp_path / "run").overrides == NO_OVERRIDES


def test_one_outline_for_many_frames_is_written_once(tmp_path):
    many = {f"{number:064x}": FIELD for number in range(1000)}
    write_overrides(tmp_path / OVERRIDES, many)
    assert len(json.loads((tmp_path / OVERRIDES).read_text())["given"]) == 1
    assert read_overrides(tmp_path / OVERRIDES) == Overrides(many)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("given"),
        lambda told: told.update(format=2),
        lambda told: told["frames"].update({"ab" * 32: 7}),
        lambda told: told["frames"].update({"ab" * 32: True}),
        lambda told: told["frames"].update({"../x": 0}),
        lambda told: told["given"].append({"box": [[0, 0], [2, 2], [1, 0]], "field": None}),
    ],
)
def test_a_damaged_file_is_a_sentence(run, change):
    path = run / OVERRIDES
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))
    with pytest.raises(BadRequest):
        open_run(run)
    path.write_text("{")
    with pytest.raises(BadRequest, match="is damaged"):
        open_run(run)
