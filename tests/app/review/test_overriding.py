"""What is drawn by hand reaches a training, the command line and other threads; a failure is a sentence."""

import contextlib
import csv
import json
import sqlite3

import pytest
from frame_folders import put_classes
from sessions import activate, choose, settle

from endodesk.app.answers.predicting import drawn_in, open_for_prediction
from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.retraining.retraining import labelled_files, make_run
from endodesk.cli.main import run as command_line
from endodesk.domain.overrides import NO_OVERRIDES, NOTHING_GIVEN, FrameOverrides, Part
from endodesk.system.task import TaskContext
from training.plan.run_folder import open_run

BOX = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    put_classes(folder, each=4)
    return folder


def test_a_training_is_prepared_with_what_is_drawn_now(session, qtbot):
    choose(qtbot, session, 2)
    assert session.overriding.draw(Part.BOX, BOX)
    settle(qtbot, session)
    image, size = session.workspace.entry.sha256, (session.workspace.open_frame.record.width, session.workspace.open_frame.record.height)
    assert session.overriding.draw_for_size(Part.FIELD, ())
    files = [file for file, _ in labelled_files(session.workspace.frames, session.workspace.reviews, session.workspace.classes)]
    folder, _ = make_run(session.project, files, "head", session.workspace.classes.names, TaskContext())
    frozen = open_run(folder).overrides
    assert frozen.frames[image] == FrameOverrides(BOX, ())
    sizes = session.project.database.overrides.sizes([size])
    assert frozen.frames == {name: FrameOverrides(BOX if name == image else None, ()) for name in sizes}
    assert frozen.sizes == {}


def test_predict_and_preprocess_from_the_command_line_take_it(images, tiny_bundle, open_session, qtbot, tmp_path, capsys):
    activate(images, tiny_bundle)
    session = open_session(images)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None)
    settle(qtbot, session)
    before = session.workspace.open_frame.answer.probabilities
    assert session.overriding.draw(Part.BOX, BOX)
    settle(qtbot, session)
    after, name, path = session.workspace.open_frame.answer.probabilities, session.workspace.entry.name, session.workspace.entry.path
    assert after != before
    session.close()
    rows = {row.file: row for row in open_for_prediction(images, None, TaskContext()).rows(workers=1)}
    assert rows[name].probabilities == pytest.approx(after, abs=1e-5)
    assert command_line(["predict", str(images), "--out", str(tmp_path / "said.csv")]) == 0
    with (tmp_path / "said.csv").open(encoding="utf-8", newline="") as stream:
        [said] = [row for row in csv.DictReader(stream) if row["file"] == name]
    assert float(said["polyps"]) == pytest.approx(after[1], abs=1e-5)
    assert command_line(["preprocess", str(images), "--recipe", "clean", "--out", str(tmp_path / "out")]) == 0
    listings = [json.loads(listing.read_text()) for listing in (tmp_path / "out").glob("*/steps.json")]
    drawn = [told["source"] for told in listings if told["steps"][0].get("by_hand")]
    assert drawn == [str(path)]


def test_a_folder_without_a_project_has_nothing_drawn(tmp_path):
    assert drawn_in([tmp_path, tmp_path / "gone.png"], TaskContext()) == NO_OVERRIDES


def test_an_outline_that_cannot_be_written_is_told_and_nothing_looks_saved(session, qtbot):
    warned = []
    session.workspace.warning.connect(warned.append)
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other, other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON override BEGIN SELECT RAISE(ABORT, 'no room'); END")
    assert not session.overriding.draw(Part.BOX, BOX)
    assert "The outline was not saved. Nothing was saved" in warned[0]
    assert session.overriding.own(Part.BOX, session.workspace.entry.sha256) is None
    assert session.workspace.open_frame.given == NOTHING_GIVEN
    assert not session.log.can_undo


def test_a_rule_is_found_by_content_alone_and_features_have_names_by_what_is_drawn(session, qtbot):
    frame = session.workspace.open_frame
    held, image = session.active_overrides, frame.record.sha256
    assert held.names([image]) == [image]
    assert session.overriding.draw_for_size(Part.BOX, BOX)
    assert held.of_known(image) == FrameOverrides(box=BOX)
    assert held.names([image]) == [FrameOverrides(box=BOX).name_of(image)]
    assert ActiveOverrides(session.project.database).of_known(image) == FrameOverrides(box=BOX)
    assert held.of_known("ab" * 32) == NOTHING_GIVEN
    settle(qtbot, session)
    session.undo()
    assert held.names([image]) == [image]


def test_each_reader_undoes_their_own_outlines(session, qtbot):
    overrides, image = session.overriding, session.workspace.entry.sha256
    assert overrides.draw(Part.BOX, BOX)
    session.labelling.name_reader("Dr. Other")
    assert not session.log.can_undo
    assert overrides.draw(Part.BOX, ())
    session.undo()
    assert overrides.own(Part.BOX, image).outline == BOX
    settle(qtbot, session)
