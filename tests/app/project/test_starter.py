"""A new project answers with the model that the program came with."""

import shutil

import pytest
from frame_folders import put_classes

from endodesk.app.project.starter import READER
from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor
from resources import FOLDER

REAL = FOLDER / "models" / "starter"


@pytest.fixture
def images(tmp_path):
    put_classes(tmp_path / "images")
    return tmp_path / "images"


def opened(qtbot, session):
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.jobs.idle, timeout=15_000)
    return session


def test_a_new_project_takes_a_copy_and_keeps_the_readers_choice(images, starter, tiny_bundle, open_session, qtbot):
    shutil.copytree(tiny_bundle, starter)
    session = opened(qtbot, open_session(images))
    bundle = read_bundle(tiny_bundle)
    assert session.workspace.predictor.bundle.id == bundle.id
    assert session.workspace.open_frame.answer is not None
    stored = session.project.active_model
    assert stored.folder.is_relative_to(session.project.folder)
    (promotion,) = session.project.database.models.promotions()
    assert (promotion.reader, promotion.bundle) == (READER, bundle.id)
    session.close()
    shutil.rmtree(starter)  # as after an update of the program
    again = opened(qtbot, open_session(images))
    assert again.workspace.predictor.bundle.id == bundle.id
    assert len(again.project.database.models.promotions()) == 1


def test_a_damaged_one_is_told_and_the_project_opens_without(images, starter, tiny_bundle, open_session, qtbot):
    shutil.copytree(tiny_bundle, starter)
    (starter / "head.npz").write_bytes(b"damaged")
    session = open_session(images)
    warnings = []
    session.workspace.warning.connect(warnings.append)
    opened(qtbot, session)
    assert session.workspace.predictor is None
    assert session.workspace.open_frame is not None
    assert "head.npz" in warnings[0]
    assert session.project.database.models.all() == []


def test_without_one_a_project_begins_without_a_model(images, open_session, qtbot):
    assert opened(qtbot, open_session(images)).workspace.predictor is None


@pytest.mark.skipif(not REAL.is_dir(), reason="no starter model came with the program")
def test_the_one_that_comes_with_the_program_is_whole_and_says_what_it_is_for():
    bundle = Predictor(REAL).bundle
    assert not bundle.synthetic
    assert tuple(bundle.classes) == ("esophagitis", "polyps", "ulcerative-colitis", "normal")
    card = (REAL / "MODEL_CARD.md").read_text(encoding="utf-8")
    for words in ("Research use only", "must not be used for diagnosis", "Kvasir", "research and education"):
        assert words in card
