"""A model that gives no answers is taken out of use by one sentence, and frames are shown as without a model."""

import json

import pytest
from odd_networks import looked_up, odd_bundle, plain
from sessions import activate, settle, use_bundle

from endodesk.app.answers.classifier import FrameClassifier
from endodesk.app.project.project import Project
from endodesk.domain.errors import BadBundle
from endodesk.inference.backbone import Backbone
from endodesk.inference.bundle import read_bundle


def heard(signal_):
    words = []
    signal_.connect(words.append)
    return words


FAULT = "The model's network cannot be run for a frame; take the model from its source again."


def fail(*_):
    raise BadBundle(FAULT)


@pytest.mark.slow
@pytest.mark.parametrize("who", [(Backbone, "features"), (FrameClassifier, "classify")])
def test_a_model_that_fails_is_out_of_use_after_one_sentence(images, tmp_path, open_session, qtbot, monkeypatch, who):
    """For the frame that is opened, or for those answered in the background; its trial frames went well."""
    activate(images, odd_bundle(tmp_path / "model", plain()))
    monkeypatch.setattr(*who, fail)
    session = open_session(images)
    warned = heard(session.workspace.warning)
    qtbot.waitUntil(lambda: bool(warned) and session.workspace.open_frame is not None and session.workspace.predictor is None)
    for row in range(len(session.workspace.frames)):
        session.navigation.choose(row)
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
        settle(qtbot, session)
        assert not session.workspace.frames.is_unreadable(row)
    [sentence] = warned
    assert FAULT in sentence
    assert sentence.startswith("The active model cannot be used. ")
    assert session.project.active_model is not None  # it is asked again at the next start


def test_a_model_in_a_project_from_elsewhere_is_tried_before_it_answers(images, tmp_path, open_session, qtbot):
    """No import here: the project came with it."""
    project = Project.of_images(images)
    folder = odd_bundle(project.models_folder / "x", looked_up())
    bundle = read_bundle(folder)
    project.database.models.add(bundle, folder)
    project.database.models.promote(bundle.id, reader="elsewhere", why="", at=bundle.created)
    project.close()
    session = open_session(images)
    warned = heard(session.workspace.warning)
    settle(qtbot, session)
    qtbot.waitUntil(lambda: not session.model.loading)
    [sentence] = warned
    assert "GATHER" in sentence
    assert session.workspace.predictor is None


def test_what_is_refused_is_not_taken_into_the_project(images, tmp_path, open_session):
    session = open_session(images)
    with pytest.raises(BadBundle, match="GATHER"):
        use_bundle(session, odd_bundle(tmp_path / "model", looked_up()))
    assert list(session.project.models_folder.glob("*")) == []
    assert session.project.database.models.all() == []
    assert json.loads((tmp_path / "model" / "bundle.json").read_text())  # and is left as it was
