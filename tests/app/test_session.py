"""The open project as panels see it: real files, real SQLite, real threads."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from frame_folders import CLASSES, everything_in, png, put, put_bad, put_classes, sha256_of
from sessions import choose, settle, use_bundle

from endodesk.app.frames.scan import list_images
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project, project_folder
from endodesk.app.retraining.retraining import labelled_files, make_run
from endodesk.app.session import Session
from endodesk.dataset.manifest import read_manifest
from endodesk.system.task import TaskContext

posix = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL, or a limit on file sizes")


def rows_on_disk(session, table="correction"):
    """What another program sees."""
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other:
        return other.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()  # noqa: S608


def heard(signal_):
    words = []
    signal_.connect(lambda *values: words.append(values[0] if len(values) == 1 else values))
    return words


def name_of(session, row):
    label = session.workspace.label_of(row)
    return label and label.name


# --- the folder -------------------------------------------------------------------------------------------------------


def test_names_are_listed_before_contents_are_read(images, open_session, qtbot):
    session = open_session(images)
    contents = []
    session.workspace.frames_listed.connect(lambda: contents.extend(entry.sha256 for entry in session.workspace.frames))
    settle(qtbot, session)
    assert contents == [None] * 6
    assert [entry.sha256 for entry in session.workspace.frames] == [sha256_of(entry.path) for entry in session.workspace.frames]
    assert tuple(session.workspace.classes) == CLASSES


def test_bad_files_are_listed_with_their_reason_and_stop_nothing(images, open_session, qtbot):
    bad = put_bad(images)
    session = open_session(images)
    refused = heard(session.workspace.frame_failed)
    settle(qtbot, session)
    assert {entry.path.name for entry in session.workspace.frames if entry.unreadable} == set(bad)
    row = session.workspace.frames.row_of(images / "empty.jpg")
    session.navigation.choose(row)
    qtbot.waitUntil(lambda: "empty.jpg cannot be read: the file is empty." in refused)
    choose(qtbot, session, len(session.workspace.frames) - 1)


def test_nothing_is_written_beside_the_images(images, open_session, qtbot):
    before = everything_in(images)
    session = open_session(images)
    settle(qtbot, session)
    for row, label in enumerate(reversed(CLASSES)):
        choose(qtbot, session, row)
        session.thumbnails.get(session.workspace.entry.path)
        session.label(label)
    session.undo()
    settle(qtbot, session)
    session.close()
    assert everything_in(images) == before


def test_a_file_that_changed_is_read_again_with_f5(session, images, qtbot):
    path = session.workspace.frames[0].path
    choose(qtbot, session, 0)
    session.label("polyps")
    choose(qtbot, session, 0)
    put(path, png(77))
    session.list_folder()
    settle(qtbot, session)
    assert session.workspace.entry.path == path  # the reader stays where they were
    assert session.workspace.open_frame.record.sha256 == sha256_of(path) == session.workspace.frames[0].sha256
    assert session.workspace.label_of(0).correction is None  # it is another frame


def test_reading_a_folder_again_many_times_listens_to_the_last_only(session, images, qtbot):
    listed = heard(session.workspace.frames_listed)
    for n in range(5):
        put(images / f"more-{n}.png", png(50 + n))
        session.list_folder()
    settle(qtbot, session)
    assert len(listed) == 1
    assert len(session.workspace.frames) == 11
    assert all(entry.sha256 for entry in session.workspace.frames)


def test_a_folder_that_is_gone_is_told(tmp_path, open_session, qtbot):
    (tmp_path / "gone").mkdir()
    session = open_session(tmp_path / "gone")
    settle(qtbot, session)
    session.close()
    (tmp_path / "gone").rmdir()
    session = open_session(tmp_path / "gone")
    missed, told = heard(session.workspace.folder_missed), heard(session.workspace.message)
    settle(qtbot, session)
    assert len(missed) == 1
    assert "Listing" not in str(told[-1])


def test_coming_back_to_the_same_frame(images, session, open_session, qtbot):
    choose(qtbot, session, 4)
    session.close()
    again = open_session(images)
    settle(qtbot, again)
    assert (again.workspace.row, again.workspace.open_frame.record.path) == (4, session.workspace.frames[4].path)


# --- the frame --------------------------------------------------------------------------------------------------------


def test_only_the_frame_chosen_last_is_shown(session, qtbot):
    opened = heard(session.workspace.frame_opened)
    for row in (1, 5, 2, 4, 3):
        session.navigation.choose(row)
    settle(qtbot, session)
    assert opened[-1].record.path == session.workspace.frames[3].path == session.workspace.open_frame.record.path
    assert all(frame.record.path == session.workspace.frames[3].path for frame in opened[-1:])


def test_a_frame_fetched_ahead_is_there_at_once(session, qtbot):
    choose(qtbot, session, 1)
    settle(qtbot, session)
    session.navigation.go(+1)
    assert session.workspace.open_frame is not None
    assert session.workspace.open_frame.record.path == session.workspace.frames[2].path


def test_a_frame_that_vanishes_between_listing_and_opening_is_a_sentence(session, qtbot):
    refused = heard(session.workspace.frame_failed)
    settle(qtbot, session)
    session.workspace.frames[5].path.unlink()
    session.navigation.choose(5)
    qtbot.waitUntil(lambda: len(refused) == 1)
    assert "frame-1.png cannot be read" in refused[0]
    assert session.workspace.frames[5].unreadable == refused[0]
    session.label("polyps")  # there is nothing to label
    assert rows_on_disk(session) == []


def test_another_recipe_shows_other_steps_and_stale_ones_are_dropped(session, qtbot):
    choose(qtbot, session, 0)
    opened = heard(session.workspace.frame_opened)
    for name in ("paper", "clean", "paper"):
        session.navigation.show_recipe(name)
    settle(qtbot, session)
    assert {frame.recipe.name for frame in opened} == {"paper"}
    assert [step.name for step in session.workspace.open_frame.steps] == ["field", "crop", "scopeguide", "resize"]


# --- labels -----------------------------------------------------------------------------------------------------------


def test_a_label_is_on_disk_when_the_next_frame_is_chosen(session, qtbot):
    seen = []
    session.workspace.frame_chosen.connect(lambda row: seen.append((row, len(rows_on_disk(session)))))
    choose(qtbot, session, 0)
    for _ in range(3):
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
        session.label("polyps")
    assert [pair for pair in seen if pair[0] > 0] == [(1, 1), (2, 2), (3, 3)]


def test_correcting_several_frames_and_undoing_and_redoing_all(session, qtbot):
    before = [name_of(session, row) for row in range(6)]
    choose(qtbot, session, 0)
    for label in ("polyps", "ulcerative-colitis", "esophagitis"):
        session.label(label)
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    after = [name_of(session, row) for row in range(6)]
    assert after[:3] == ["polyps", "ulcerative-colitis", "esophagitis"]
    for row in (2, 1, 0):
        session.undo()
        assert session.workspace.row == row  # the reader sees what was changed
    assert [name_of(session, row) for row in range(6)] == before
    session.undo()  # nothing left: nothing happens
    for row in range(3):
        session.redo()
        assert session.workspace.row == row
    session.redo()
    assert [name_of(session, row) for row in range(6)] == after
    assert (len(rows_on_disk(session)), len(rows_on_disk(session, "revocation"))) == (3, 6)  # nothing is ever edited


def test_undo_uncovers_the_label_before(session, qtbot):
    choose(qtbot, session, 0)
    session.label("polyps")
    choose(qtbot, session, 0)
    session.label("ulcerative-colitis")
    session.undo()
    assert (name_of(session, 0), session.workspace.label_of(0).correction.correction.value) == ("polyps", "polyps")
    history = session.workspace.reviews.history(session.workspace.frames[0].sha256)
    assert [(stored.correction.value, stored.revoked_at is not None) for stored in history] == [
        ("polyps", False),
        ("ulcerative-colitis", True),
    ]


def test_undo_is_for_ones_own_steps_and_nobody_takes_anothers_label_back(session, qtbot):
    told = heard(session.workspace.warning)
    choose(qtbot, session, 0)
    session.labelling.name_reader("first")
    session.label("polyps")
    session.labelling.name_reader("second")
    assert not session.log.can_undo
    session.undo()
    [stored] = session.workspace.reviews.history(session.workspace.frames[0].sha256)
    assert (stored.correction.reader, stored.revoked_at) == ("first", None)
    session.labelling.take_back(stored)
    [stored] = session.workspace.reviews.history(session.workspace.frames[0].sha256)
    assert (stored.revoked_at, name_of(session, 0)) == (None, "polyps")
    assert told == ["This is first's word: nobody else takes it back. Give a label of your own, or decide (order: Readers disagree)."]
    session.labelling.name_reader("first")
    session.undo()
    assert session.workspace.label_of(0).correction is None


def test_equal_files_share_their_label(images, open_session, qtbot):
    twin = put(images / "polyps" / "twin.png", (images / "esophagitis" / "frame-0.png").read_bytes())
    session = open_session(images)
    settle(qtbot, session)
    choose(qtbot, session, 0)
    changed = heard(session.workspace.rows_changed)
    session.label("ulcerative-colitis")
    row = session.workspace.frames.row_of(twin)
    assert (name_of(session, 0), name_of(session, row)) == ("ulcerative-colitis", "ulcerative-colitis")
    assert {(0, 0), (row, row)} <= set(changed)


def test_a_key_before_the_frame_is_there_labels_nothing(session, qtbot):
    told = heard(session.workspace.message)
    session.list_folder()
    settle(qtbot, session)
    session.thumbnails.forget()
    session.navigation.renew()  # as if nothing had been fetched ahead
    session.navigation.choose(5)
    assert session.workspace.open_frame is None
    session.label("polyps")
    assert told[-1] == "Wait until the frame is shown, then label it."
    assert rows_on_disk(session) == []
    assert session.workspace.row == 5


def test_the_last_frame_is_labelled_and_stays(session, qtbot):
    choose(qtbot, session, 5)
    session.label("esophagitis")
    assert (session.workspace.row, name_of(session, 5)) == (5, "esophagitis")
    session.label("polyps")
    assert (session.workspace.row, name_of(session, 5)) == (5, "polyps")


def test_the_next_frame_without_a_readers_label(session, qtbot):
    choose(qtbot, session, 1)
    session.label("polyps")
    choose(qtbot, session, 0)
    assert session.navigation.go_to_unread()
    assert session.workspace.row == 2
    choose(qtbot, session, 5)
    assert not session.navigation.go_to_unread()


def test_the_reader_is_named_once_for_all_projects(session, tmp_path, open_session, qtbot):
    session.labelling.name_reader(" Dr. Müller ")
    choose(qtbot, session, 0)
    session.label("polyps")
    assert session.workspace.label_of(0).correction.correction.reader == "Dr. Müller"
    put_classes(tmp_path / "other")
    assert open_session(tmp_path / "other").workspace.reader == "Dr. Müller"


# --- a full disk ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def full_disk(session):
    """The system lets the database's log grow no more, as on a full disk."""
    import resource

    written = session.project.database.path.with_name("project.sqlite-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@posix
def test_a_full_disk_is_a_sentence_and_nothing_looks_saved(session, qtbot):
    choose(qtbot, session, 0)
    settle(qtbot, session)
    warned = heard(session.workspace.warning)
    with full_disk(session):
        session.label("polyps")
        assert len(warned) == 1
        assert warned[0].startswith("The label was not saved. Nothing was saved: the disk ")
        assert (session.workspace.row, session.workspace.label_of(0).correction, len(session.workspace.reviews)) == (0, None, 0)
        assert not session.log.can_undo
    session.label("polyps")
    assert (session.workspace.row, name_of(session, 0), len(rows_on_disk(session))) == (1, "polyps", 1)


@posix
def test_a_full_disk_while_undoing_and_redoing_shows_what_is_saved(session, qtbot):
    choose(qtbot, session, 0)
    session.label("polyps")
    settle(qtbot, session)
    warned = heard(session.workspace.warning)
    with full_disk(session):
        session.undo()
        assert (len(warned), name_of(session, 0), len(rows_on_disk(session, "revocation"))) == (1, "polyps", 0)
        assert warned[0].startswith("The label was not taken back.")
    choose(qtbot, session, 0)
    session.label("ulcerative-colitis")
    session.undo()
    settle(qtbot, session)
    with full_disk(session):
        session.redo()
        assert (len(warned), name_of(session, 0)) == (2, "polyps")
        assert warned[1].startswith("The label was not given again.")


@posix
def test_a_full_disk_at_the_end_loses_the_place_and_nothing_else(images, session, open_session, qtbot):
    choose(qtbot, session, 3)
    session.label("polyps")
    settle(qtbot, session)
    with full_disk(session):
        session.close()
    again = open_session(images)
    settle(qtbot, again)
    assert name_of(again, 3) == "polyps"


LABELS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from endodesk.app.project.project import Project
from endodesk.app.frames.scan import list_images
from endodesk.app.session import Session
application = QGuiApplication([])
session = Session(Project.of_images(Path(sys.argv[1])))
def label():
    row = session.workspace.row
    session.label("polyps")
    os.write(1, f"{row} ".encode())
    if row == 3:
        os.kill(os.getpid(), signal.SIGKILL)
session.workspace.frame_opened.connect(lambda frame: QTimer.singleShot(0, label))  # a frame fetched ahead opens within correct()
session.start()
application.exec()
"""


@pytest.mark.slow
@posix
def test_every_acknowledged_label_survives_a_program_killed_right_after(images):
    child = subprocess.run([sys.executable, "-c", LABELS_AND_DIES, str(images)], capture_output=True, check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    acknowledged = child.stdout.split()
    assert len(acknowledged) >= 4
    project = Project.of_images(images)
    assert len(project.database.corrections.current()) == 4
    assert project.database.settings.get("last_frame") == str(list_images(images, TaskContext()).files[4].relative_to(images))
    project.close()


# --- the model --------------------------------------------------------------------------------------------------------


def test_a_model_answers_after_it_was_promoted_and_is_on_record(session, tiny_bundle, qtbot):
    choose(qtbot, session, 0)
    use_bundle(session, tiny_bundle)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None)
    settle(qtbot, session)
    frame, bundle = session.workspace.open_frame, session.workspace.predictor.bundle
    kept = session.project.database.predictions.get(frame.record.sha256, bundle.id)
    assert kept.probabilities == pytest.approx(frame.answer.probabilities)
    session.label("polyps")
    said = session.workspace.label_of(0).correction.correction
    assert (said.bundle, said.answer) == (bundle.id, bundle.classes.names[kept.answer])
    [promotion] = session.project.database.models.promotions()
    assert (promotion.bundle, promotion.reader, promotion.why) == (bundle.id, session.workspace.reader, "a test")


def test_a_label_given_while_another_model_loads_tells_what_the_reader_saw(session, tiny_bundle, qtbot):
    choose(qtbot, session, 0)
    settle(qtbot, session)
    use_bundle(session, tiny_bundle)
    assert session.workspace.open_frame is not None  # still the frame without an answer
    session.label("polyps")
    said = session.workspace.label_of(0).correction.correction
    assert (said.bundle, said.answer) == (None, None)


def test_a_damaged_active_model_is_told_and_frames_are_shown_without(images, session, tiny_bundle, open_session, qtbot):
    use_bundle(session, tiny_bundle)
    folder = session.workspace.predictor.folder
    session.close()
    put(folder / "head.npz", b"?")
    again = open_session(images)
    warned = heard(again.workspace.warning)
    settle(qtbot, again)
    assert len(warned) == 1
    assert "The active model cannot be used" in warned[0]
    assert again.workspace.open_frame is not None
    assert again.workspace.open_frame.answer is None
    keep_bundle(again.project, tiny_bundle)  # adding it again mends it
    again.model.load()
    qtbot.waitUntil(lambda: again.workspace.predictor is not None)


# --- what training gets -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_learns_from_the_readers_labels_even_before_the_window_knows_the_contents(images, qtbot, open_session):
    session = open_session(images)
    settle(qtbot, session)
    choose(qtbot, session, 0)
    session.label("polyps")
    unread = [(file.path, file.label) for file, _ in labelled_files(session.workspace.frames, session.workspace.reviews, CLASSES)]
    assert unread[0][1] == "polyps"
    for n in range(4):
        for place, name in enumerate(CLASSES):
            put(images / name / f"more-{n}.png", png(1000 + 10 * place + n, name))
    session.list_folder()
    qtbot.waitUntil(lambda: len(session.workspace.frames) == 18)
    stale = type(session.workspace.frames)(
        session.workspace.frames.root, [entry.path for entry in session.workspace.frames]
    )  # contents not known
    files = [file for file, _ in labelled_files(stale, session.workspace.reviews, CLASSES)]
    run, _ = make_run(session.project, files, "head", CLASSES, TaskContext())
    rows = {row.file: row.label for row in read_manifest(run / "manifest.csv")}
    assert rows[session.workspace.frames[0].path] == "polyps"
    (run / "bundle").mkdir()
    second, _ = make_run(session.project, files, "head", CLASSES, TaskContext())
    assert second != run  # also within one second
    parts = [{row.sha256: row.part for row in read_manifest(r / "manifest.csv")} for r in (run, second)]
    assert parts[0] == parts[1]
    settle(qtbot, session)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_closing_in_the_middle_of_everything_is_quick_and_quiet(images, open_session, qapp):
    for n in range(60):
        put(images / "polyps" / f"many-{n:03}.png", png(1) + bytes([n]))
    session = open_session(images)
    words = heard(session.workspace.rows_changed)
    for entry in session.workspace.frames:
        session.thumbnails.get(entry.path)
    began = time.monotonic()
    session.close()
    assert time.monotonic() - began < 5
    words.clear()
    qapp.processEvents()
    assert words == []
    session.close()
    assert project_folder(images).exists()


def test_a_session_without_a_folder_is_quiet(qapp, qtbot):
    session = Session(Project.nothing())
    session.start()
    qtbot.waitUntil(lambda: session.jobs.idle)
    session.navigation.choose(0)
    session.navigation.go(+1)
    session.label("polyps")
    session.undo()
    assert (session.workspace.row, session.workspace.entry, session.navigation.go_to_unread()) == (-1, None, False)
    session.close()


def test_paths_that_are_no_text_are_frames_too(images, open_session, qtbot):
    odd = put(Path(os.fsdecode(os.fsencode(images) + b"/polyps/\xff\xfe.png")), png(5))
    session = open_session(images)
    settle(qtbot, session)
    row = session.workspace.frames.row_of(odd)
    choose(qtbot, session, row)
    session.label("esophagitis")
    assert name_of(session, row) == "esophagitis"
    choose(qtbot, session, row)
    session.close()
    again = open_session(images)
    settle(qtbot, again)
    assert (again.workspace.row, name_of(again, row)) == (row, "esophagitis")


# --- queues and what changes under them -------------------------------------------------------------------------------


def test_blind_first_ends_a_queue_for_its_reasons_tell_what_the_model_said(session):
    session.shown.show_queue("least_sure", [2, 1], {2: "polyps 52 %", 1: "polyps 61 %"})
    session.labelling.turn_blind(on=True)
    assert session.shown.queue == ""
    assert len(session.shown.rows) == 6


def test_a_queue_that_is_being_made_is_dropped_when_the_folder_is_listed_again(session, qtbot):
    asked = []
    session.queues.make = lambda queue, **calls: asked.append(calls)
    session.queues.cancel = asked.clear
    session.browsing.queues.choose(session.browsing.queues.queues[0].key)
    assert asked
    session.list_folder()
    settle(qtbot, session)
    assert not asked
