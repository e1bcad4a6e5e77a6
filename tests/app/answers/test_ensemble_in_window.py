"""An ensemble in the window: taken into a project, promoted, asked, shown."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from frame_folders import put_classes
from sessions import use_bundle

from endodesk.imaging.preprocessing.pipeline import PAPER
from endodesk.imaging.reading.read import read_image
from endodesk.inference.bundle import read_bundle
from endodesk.inference.ensemble import make_ensemble
from endodesk.inference.predictor import Predictor


@pytest.fixture
def members(tiny_bundle, tmp_path):
    """The second sees frames by the paper's recipe, and is hardly sure of anything."""
    shutil.copytree(tiny_bundle, tmp_path / "other")
    other = replace(read_bundle(tiny_bundle), recipe=PAPER, temperature=50.0)
    (tmp_path / "other" / "bundle.json").write_text(json.dumps(other.to_json()))
    return [tiny_bundle, tmp_path / "other"]


def test_an_ensemble_answers_in_the_window_as_any_model(open_session, members, tmp_path, qtbot):
    put_classes(tmp_path / "frames", each=1)
    session = open_session(tmp_path / "frames")
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.jobs.idle, timeout=15_000)
    made = make_ensemble(members, tmp_path / "both")
    use_bundle(session, tmp_path / "both")
    session.navigation.choose(0)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None, timeout=10_000)

    frame = session.workspace.open_frame
    image = read_image(frame.record.path)
    alone = [Predictor(folder).answer_frame(image).probabilities for folder in members]
    assert alone[0] != pytest.approx(alone[1], abs=1e-3)
    assert frame.answer.probabilities == pytest.approx(np.mean(alone, axis=0), abs=1e-6)
    assert frame.recipe == made.recipe  # the steps that are shown are the first member's
    heat = frame.predictor.heat_map(frame.answer, 0)
    assert heat.shape == (7, 7)
    assert heat.max() in (0, pytest.approx(1))
    assert session.project.active_model.bundle == made  # as the database keeps it
