"""A model that gives no answers is taken out of use by one sentence, and frames are shown as without a model."""

import json

import pytest
from odd_networks import looked_up, odd_bundle, plain
from sessions import activate, settle, use_bundle

from endodesk.app.project.project import Project
from endodesk.domain.errors import BadBundle
from endodesk.inference.backbone import Backbone
from endodesk.inference.bundle import read_bundle


def heard(signal_):
    words = []
    signal_.connect(words.append)
    return words


@pytest.fixture
def fails_later(monkeypatch):
    """Call it, and every network fails from then on, as one can whose trial frames went well."""

    def fail(*_):
        raise BadBundle("The model's network cannot be run for a frame; take the model from its source again.")

    return lambda: monkeypatch.setattr(Backbone, "features", fail)


@pytest.mark.parametrize("background", [True, False])
def test_a_model_that_fails_is_out_of_use_after_one_sentence(images, tmp_path, open_session, qtbot, monkeypatch, fails_later, background):
    activate(images, odd_bundle(tmp_path / "model", plain()))
    fails_later()
    session = open_session(images)
    warned = heard(session.workspace.warning)
    if not background:
        session.answers.hold()
    qtbot.waitUntil(lambda: bool(warned) and session.workspace.open_frame is not None and session.workspace.predictor is None)
    for row in range(len(session.workspace.frames)):
        session.navigation.choose(row)
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
        settle(qtbot, session)
        assert not session.workspace.frames.is_unreadable(row)
    [sentence] = warned
    assert sentence.startswith("The active model cannot be used. The model's network cannot be run for a frame;")
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
