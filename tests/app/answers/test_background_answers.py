"""Answers in the background: real files, real SQLite, a real network in LiteRT."""

import contextlib
import sqlite3
import threading
import time

import pytest
from frame_folders import png, put, put_bad, put_classes, sha256_of
from other_bundles import with_another_head, with_another_recipe
from sessions import activate, use_bundle

from endodesk.app.answers import opened_frame
from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.answers.classifier import keep_features
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.imaging.preprocessing.pipeline import PAPER
from endodesk.inference.ensemble import make_ensemble
from endodesk.inference.predictor import Predictor


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    put_classes(folder, each=2)
    return folder


@pytest.fixture
def with_model(images, tiny_bundle):
    """The folder's project has an active model."""
    activate(images, tiny_bundle)
    return images


def settle(qtbot, session):
    """Everything read and answered."""
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.jobs.idle and is_over(session), timeout=20_000)


def is_over(session):
    return session.answers.idle and not session.model.loading and session.answers.state is not AnswersState.RUNNING


def stored(session, bundle=None):
    """Image -> (probabilities, when), as another program sees it."""
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other:
        rows = other.execute("SELECT image, bundle, probabilities, created FROM prediction").fetchall()
    return {image: (text, created) for image, of, text, created in rows if bundle in (None, of)}


def many(images, number):
    """Frames of different content, alike to the eye."""
    for n in range(number):
        put(images / "polyps" / f"many-{n:03}.png", png(1) + bytes(2) + str(n).encode())


def heard(signal_):
    words = []
    signal_.connect(lambda *values: words.append(values[0] if len(values) == 1 else values))
    return words


# --- all frames -------------------------------------------------------------------------------------------------------


def test_every_frame_is_answered_as_the_model_answers_it_and_the_answers_are_on_disk(with_model, open_session, qtbot):
    session = open_session(with_model)
    rows = heard(session.answers.answered)
    settle(qtbot, session)
    predictor = session.workspace.predictor
    for row, entry in enumerate(session.workspace.frames):
        said = predictor.predict_file(entry.path)
        name, probability = session.answers.said_of(row)
        assert name == predictor.bundle.classes.names[said.answer]
        assert probability == pytest.approx(max(said.probabilities), abs=1e-5)
        assert session.project.database.predictions.get(entry.sha256, predictor.bundle.id) is not None
    assert {row for piece in rows for row in piece} == set(range(6))
    assert (session.answers.progress.answered, session.answers.progress.total) == (6, 6)
    assert session.answers.features.get([entry.sha256 for entry in session.workspace.frames]).shape == (6, 1280)
    assert len(session.project.database.images.hashes()) == 6


def test_without_a_model_nothing_runs(images, open_session, qtbot):
    session = open_session(images)
    settle(qtbot, session)
    assert session.answers.state is AnswersState.IDLE
    assert session.answers.said_of(0) is None
    assert session.answers.features is None
    session.answers.wanted([0, 1])
    session.answers.pause()
    session.answers.go_on()
    session.answers.cancel()
    assert stored(session) == {}


def test_after_reopening_nothing_is_computed_again_and_answers_come_at_once(with_model, open_session, qtbot, monkeypatch):
    many(with_model, 20)
    first = open_session(with_model)
    settle(qtbot, first)
    before, opened = stored(first), first.workspace.frames[0].sha256
    first.close()
    again = open_session(with_model)
    settle(qtbot, again)
    after = stored(again)
    assert len(after) == 26
    assert {image for image in after if after[image] != before[image]} <= {opened}
    assert all(again.answers.said_of(row) for row in range(26))


def test_copies_are_answered_once_and_all_rows_show_it(with_model, open_session, qtbot, monkeypatch):
    for n in range(12):
        put(with_model / "copies" / f"{n}.png", png(7))
    asked = []
    whole = Predictor.answer_frame
    monkeypatch.setattr(Predictor, "answer_frame", lambda self, *given: asked.append(self) or whole(self, *given))
    session = open_session(with_model)
    settle(qtbot, session)
    assert len(session.workspace.frames) == 18
    assert all(session.answers.said_of(row) for row in range(18))
    behind = [predictor for predictor in asked if predictor is not session.workspace.predictor]
    assert len(behind) <= 7


def test_a_new_file_is_answered_when_the_folder_is_read_again(with_model, open_session, qtbot):
    session = open_session(with_model)
    settle(qtbot, session)
    new = put(with_model / "polyps" / "new.png", png(55))
    session.list_folder()
    settle(qtbot, session)
    assert session.answers.said_of(session.workspace.frames.row_of(new))
    assert session.answers.progress.answered == 7


# --- order, pause, cancel ---------------------------------------------------------------------------------------------


def test_what_is_on_screen_comes_first(with_model, open_session, qtbot):
    many(with_model, 150)
    session = open_session(with_model)
    wanted = list(range(100, 140))
    session.answers.progressed.connect(session.answers.pause)
    session.workspace.frames_listed.connect(lambda: session.answers.wanted(wanted))  # whether the model is loaded by then or not
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.answers.idle and session.jobs.idle)
    session.answers.progressed.disconnect(session.answers.pause)
    assert session.answers.state is AnswersState.PAUSED
    pieces = heard(session.answers.answered)
    session.answers.go_on()
    settle(qtbot, session)
    first = [row for piece in pieces for row in piece][:40]
    assert len(set(wanted) & set(first)) > 30  # the open frame and its neighbours are asked about anyway
    assert session.answers.progress.answered == 156


def test_a_pause_stops_it_and_it_goes_on_where_it_was(with_model, open_session, qtbot):
    many(with_model, 150)
    session = open_session(with_model)
    answers = session.answers
    answers.progressed.connect(lambda: answers.pause() if 0 < answers.progress.answered < 100 else None)
    qtbot.waitUntil(lambda: answers.state is AnswersState.PAUSED and answers.idle and session.jobs.idle, timeout=10_000)
    count = answers.progress.answered
    assert 0 < count < 156
    assert len(stored(session)) == count
    answers.progressed.disconnect()
    qtbot.wait(50)
    assert answers.progress.answered == count
    answers.go_on()
    settle(qtbot, session)
    assert answers.progress.answered == 156


def test_a_frame_opened_just_before_it_goes_on_is_answered(with_model, open_session, qtbot, monkeypatch):
    """What was said of it is dropped while it is still being stored."""
    session = open_session(with_model)
    session.answers.hold()
    qtbot.waitUntil(lambda: session.answers.features is not None, timeout=20_000)
    storing, go = threading.Event(), threading.Event()

    def slow(*given):
        keep_features(*given)
        storing.set()
        go.wait(20)

    monkeypatch.setattr(opened_frame, "keep_features", slow)
    session.navigation.choose(3)
    qtbot.waitUntil(storing.is_set, timeout=20_000)
    image = session.workspace.frames.sha256s[3]
    session.answers.forget([image], features=True)
    qtbot.waitUntil(lambda: session.answers.said_of(3) is None)
    go.set()
    qtbot.waitUntil(lambda: session.jobs.idle)
    session.answers.release()
    settle(qtbot, session)
    assert [row for row in range(6) if session.answers.said_of(row) is None] == []


def test_a_cancel_keeps_what_there_is_and_nothing_starts_it_again_but_the_reader(with_model, open_session, qtbot):
    many(with_model, 150)
    session = open_session(with_model)
    answers = session.answers
    answers.progressed.connect(lambda: answers.cancel() if 0 < answers.progress.answered < 100 else None)
    qtbot.waitUntil(lambda: answers.state is AnswersState.STOPPED and answers.idle and session.jobs.idle, timeout=10_000)
    answers.progressed.disconnect()
    count = answers.progress.answered
    answers.wanted(range(150))
    qtbot.wait(50)
    assert (answers.progress.answered, answers.idle) == (count, True)
    answers.go_on()
    settle(qtbot, session)
    assert answers.progress.answered == 156


def test_closing_ends_it_within_a_second_and_keeps_what_was_answered(with_model, open_session, qtbot):
    many(with_model, 150)
    session = open_session(with_model)
    qtbot.waitUntil(lambda: session.answers.progress.answered > 10, timeout=10_000)
    started = time.monotonic()
    session.close()
    assert time.monotonic() - started < 1
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other:
        assert 0 < other.execute("SELECT count(*) FROM prediction").fetchone()[0] < 156


# --- models -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["head", "recipe"])
def test_another_model_answers_anew_and_the_old_one_at_once(with_model, open_session, qtbot, tiny_bundle, tmp_path, kind):
    session = open_session(with_model)
    settle(qtbot, session)
    old, said = session.workspace.predictor.bundle.id, [session.answers.said_of(row) for row in range(6)]
    other = tmp_path / "other"
    other = with_another_head(tiny_bundle, other) if kind == "head" else with_another_recipe(tiny_bundle, other, PAPER)
    forgotten = heard(session.answers.forgotten)
    use_bundle(session, other)
    settle(qtbot, session)
    new = session.workspace.predictor.bundle.id
    assert new != old
    assert len(forgotten) == 1
    assert len(stored(session, new)) == 6
    for row, entry in enumerate(session.workspace.frames):
        probability = max(session.workspace.predictor.predict_file(entry.path).probabilities)
        assert session.answers.said_of(row)[1] == pytest.approx(probability, abs=2e-3)
    before = stored(session, old)
    session.model.promote(session.project.models_folder / old, reader=session.workspace.reader, why="back")
    settle(qtbot, session)
    for row, (name, probability) in enumerate(said):
        assert session.answers.said_of(row) == (name, pytest.approx(probability, abs=1e-5))
    kept = stored(session, old)
    assert {image for image in kept if kept[image] != before[image]} <= {session.workspace.frames[0].sha256}


def test_another_head_on_the_same_backbone_needs_no_pixels(with_model, open_session, qtbot, tiny_bundle, tmp_path, monkeypatch):
    session = open_session(with_model)
    settle(qtbot, session)
    folder = keep_bundle(session.project, with_another_head(tiny_bundle, tmp_path / "other"))
    asked = []
    whole = Predictor.answer_frame
    monkeypatch.setattr(Predictor, "answer_frame", lambda self, *given: asked.append(self) or whole(self, *given))
    session.model.promote(folder, reader=session.workspace.reader, why="a test")
    settle(qtbot, session)
    assert session.answers.progress.answered == 6
    assert all(predictor is session.workspace.predictor for predictor in asked)  # of the open frame and its neighbours


def test_an_ensemble_is_asked_whole_also_where_what_its_first_network_saw_is_known(with_model, open_session, qtbot, tiny_bundle, tmp_path):
    session = open_session(with_model)
    settle(qtbot, session)
    other = with_another_recipe(tiny_bundle, tmp_path / "other", PAPER)
    make_ensemble([tiny_bundle, other], tmp_path / "both")
    use_bundle(session, tmp_path / "both")
    settle(qtbot, session)
    for row, entry in enumerate(session.workspace.frames):
        said = session.workspace.predictor.predict_file(entry.path)
        assert session.answers.said_of(row)[1] == pytest.approx(max(said.probabilities), abs=1e-5)


def test_a_model_changed_in_the_middle_leaves_no_answer_of_the_old_one(with_model, open_session, qtbot, tiny_bundle, tmp_path):
    many(with_model, 100)
    session = open_session(with_model)
    qtbot.waitUntil(lambda: session.answers.progress.answered > 0, timeout=10_000)
    use_bundle(session, with_another_recipe(tiny_bundle, tmp_path / "other", PAPER))
    settle(qtbot, session)
    said = session.project.database.predictions.of_bundle(session.workspace.predictor.bundle.id)
    assert len(said) == 106
    for row, entry in enumerate(session.workspace.frames):
        assert session.answers.said_of(row)[1] == pytest.approx(max(said[entry.sha256].probabilities))


# --- damage -----------------------------------------------------------------------------------------------------------


def test_files_that_cannot_be_read_are_passed_over_and_told_once(with_model, open_session, qtbot):
    put_bad(with_model)
    data = bytearray(png(3))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)  # a whole header, broken pixels
    broken = put(with_model / "polyps" / "zz-broken.png", bytes(data))
    session = open_session(with_model)
    told, failed = heard(session.answers.message), heard(session.answers.failed)
    settle(qtbot, session)
    qtbot.waitUntil(lambda: bool(told) and told[-1].startswith("5 "))
    row = session.workspace.frames.row_of(broken)
    assert "zz-broken.png cannot be read" in session.workspace.frames[row].unreadable
    # those that were refused when they were listed are counted as well as the one that the model was to see
    first = next(entry.path.name for entry in session.workspace.frames if entry.unreadable)
    assert told[-1] == f"5 files cannot be read and have no answer; the first: {first}."
    assert failed == []
    assert (session.answers.progress.answered, session.answers.progress.total) == (6, 6)


def test_damaged_answers_and_features_are_computed_again(with_model, open_session, qtbot):
    session = open_session(with_model)
    settle(qtbot, session)
    said = [session.answers.said_of(row) for row in range(6)]
    session.close()
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other, other:
        other.execute(
            "UPDATE prediction SET probabilities = '[0.2, 0.' WHERE image = ?", (sha256_of(with_model / "polyps" / "frame-1.png"),)
        )
    [features] = session.project.cache_folder.glob("features/*.features")
    features.write_bytes(bytes(features.stat().st_size))
    again = open_session(with_model)
    settle(qtbot, again)
    assert [name for name, _ in said] == [again.answers.said_of(row)[0] for row in range(6)]
    assert len(again.project.database.predictions.of_bundle(again.workspace.predictor.bundle.id)) == 6


def test_answers_that_cannot_be_written_stop_it_with_one_sentence(with_model, open_session, qtbot):
    many(with_model, 100)
    session = open_session(with_model)
    failed = heard(session.answers.failed)
    session.answers.progressed.connect(session.answers.pause)
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.answers.idle and session.jobs.idle)
    session.answers.progressed.disconnect(session.answers.pause)
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other, other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON prediction BEGIN SELECT RAISE(ABORT, 'no room'); END")
    session.answers.go_on()
    settle(qtbot, session)
    assert len(failed) == 1
    assert "The model cannot be asked about all frames. Nothing was saved" in failed[0]
    assert session.answers.state is AnswersState.STOPPED
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other, other:
        other.execute("DROP TRIGGER full")
    session.answers.go_on()
    settle(qtbot, session)
    assert session.answers.progress.answered == 106
