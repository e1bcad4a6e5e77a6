"""What a reader's keys do, on real files and real SQLite."""

import contextlib
import os
import sqlite3
from collections import Counter

import pytest
from frame_folders import CLASSES, png, put, put_bad, sha256_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sessions import choose, settle, use_bundle

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.retraining.label_counts import LabelCount, count_labels, left_out
from endodesk.app.retraining.retraining import labelled_files, make_run
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.reviews import AnnotationKind, Marks
from endodesk.system.task import TaskContext


def names(session):
    return [(label := session.workspace.label_of(row)) and label.name for row in range(len(session.workspace.frames))]


def marks(session, row):
    return session.workspace.reviews.marks_of(session.workspace.frames[row].sha256)


def rows_on_disk(session, query):
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other:
        return other.execute(query).fetchall()


# --- several at once --------------------------------------------------------------------------------------------------


def test_several_frames_get_a_label_as_one_step(session, qtbot):
    before = names(session)
    choose(qtbot, session, 1)
    session.labelling.selection = lambda: [1, 3, 4]
    session.label("esophagitis")
    assert [names(session)[row] for row in (1, 3, 4)] == ["esophagitis"] * 3
    assert session.workspace.row == 1  # what was selected stays in sight
    assert rows_on_disk(session, "SELECT count(*), count(DISTINCT step) FROM correction") == [(3, 1)]
    session.undo()
    assert names(session) == before
    session.redo()
    assert [names(session)[row] for row in (1, 3, 4)] == ["esophagitis"] * 3


def test_of_several_frames_those_that_cannot_be_read_are_left_out_and_told(images, open_session, qtbot):
    put_bad(images)
    put(images / "polyps" / "twin.png", (images / "polyps" / "frame-0.png").read_bytes())
    session = open_session(images)
    told = []
    session.workspace.message.connect(told.append)
    settle(qtbot, session)
    session.labelling.selection = lambda: list(range(len(session.workspace.frames)))
    session.label("polyps")
    assert "4 of the selected frames cannot be labelled: not read, or not readable." in told
    assert told[-1] == "6 frames: polyps"  # the two of equal content are one
    assert len(session.workspace.reviews) == 6
    bad = [row for row, entry in enumerate(session.workspace.frames) if entry.unreadable]
    session.labelling.selection = lambda: bad
    session.label("polyps")
    assert told[-1] == "None of the selected frames has been read yet."


def test_selected_files_that_were_exchanged_get_no_label_before_they_are_read_again(session, qtbot):
    told = []
    session.workspace.warning.connect(told.append)
    choose(qtbot, session, 0)
    session.labelling.selection = lambda: [1, 3]
    path = session.workspace.frames.path(3)
    looked = path.stat()
    path.write_bytes(png(77))
    os.utime(path, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    session.label("esophagitis")
    assert len(session.workspace.reviews) == 0
    assert told == [
        f"1 of the selected files have changed since they were read, {path.name} the first of them. Press F5, look again, then label."
    ]
    session.list_folder()
    settle(qtbot, session)
    session.label("esophagitis")
    assert session.workspace.reviews.label_of(session.workspace.frames[3], session.workspace.label_set).name == "esophagitis"
    assert session.workspace.frames.sha256s[3] == sha256_of(path)


def test_a_file_that_was_exchanged_after_it_was_fetched_ahead_is_shown_as_it_is(session, qtbot):
    choose(qtbot, session, 0)
    settle(qtbot, session)  # its neighbours are fetched by then
    path = session.workspace.frames.path(1)
    path.write_bytes(png(78))
    choose(qtbot, session, 1)
    assert session.workspace.open_frame.record.sha256 == sha256_of(path)


def test_a_mark_on_several_frames_is_set_on_those_that_lack_it_and_then_taken_off_all(session, qtbot):
    choose(qtbot, session, 0)
    session.mark(AnnotationKind.FLAGGED)
    assert session.workspace.row == 0
    session.labelling.selection = lambda: [0, 1]
    session.mark(AnnotationKind.FLAGGED)
    assert [marks(session, row).flagged for row in (0, 1)] == [True, True]
    assert rows_on_disk(session, "SELECT count(*) FROM correction") == [(2,)]
    session.mark(AnnotationKind.FLAGGED)
    assert [marks(session, row).flagged for row in (0, 1)] == [False, False]
    session.undo()
    assert [marks(session, row).flagged for row in (0, 1)] == [True, True]


def test_the_chain_has_how_long_the_frame_was_in_sight(session, qtbot):
    choose(qtbot, session, 0)
    qtbot.wait(60)
    session.label("polyps")
    choose(qtbot, session, 1)
    session.labelling.selection = lambda: [2, 3]
    session.label("polyps")
    (one, of_one), (two, of_two) = rows_on_disk(session, "SELECT spent_ms, kind FROM event WHERE kind = 'label' ORDER BY id")
    assert 60 <= one < 60_000
    assert two is None  # two frames of which one was in sight
    assert (of_one, of_two) == ("label", "label")
    session.cases.conclude("a case", "One polyp.", "")
    session.undo()
    session.redo()
    later = dict(rows_on_disk(session, "SELECT kind, spent_ms FROM event WHERE kind <> 'label'"))
    assert all(0 <= later[kind] < 60_000 for kind in ("conclusion", "undo", "redo")), "the time in front of the frame in sight"


# --- marks and notes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE])
def test_what_sets_a_frame_aside_goes_on_to_the_next_and_is_not_left(session, qtbot, mark):
    choose(qtbot, session, 0)
    session.mark(mark)
    assert session.workspace.row == 1
    assert marks(session, 0).has(mark)
    assert session.workspace.reviews.is_done(session.workspace.frames[0].sha256)
    choose(qtbot, session, 0)
    session.mark(mark)
    assert (session.workspace.row, marks(session, 0)) == (0, Marks())
    assert not session.workspace.reviews.is_done(session.workspace.frames[0].sha256)


def test_a_note_is_kept_and_can_be_taken_away_and_undone(session, qtbot, images, open_session):
    choose(qtbot, session, 2)
    session.labelling.write_note("  bile,\n  ask Dr. Li ")
    session.labelling.write_note("bile, ask Dr. Li")  # nothing new: no event
    assert rows_on_disk(session, "SELECT said, label FROM correction") == [("note", "bile, ask Dr. Li")]
    session.labelling.write_note("")
    assert marks(session, 2).note == ""
    session.undo()
    session.close()
    again = open_session(images)
    settle(qtbot, again)
    assert marks(again, 2).note == "bile, ask Dr. Li"


@pytest.mark.slow
def test_frames_set_aside_are_not_trained_on_and_it_is_said_how_many(session, images, qtbot):
    for place, name in enumerate(CLASSES):
        for n in range(4):
            put(images / name / f"more-{n}.png", png(1000 + 10 * place + n, name))
    session.list_folder()
    qtbot.waitUntil(lambda: len(session.workspace.frames) == 18)
    settle(qtbot, session)
    aside = {0: AnnotationKind.EXCLUDED, 1: AnnotationKind.POOR_QUALITY, 2: AnnotationKind.NOT_SURE, 3: AnnotationKind.NOT_SURE}
    for row, mark in aside.items():
        choose(qtbot, session, row)
        session.mark(mark)
    choose(qtbot, session, 3)
    session.label("polyps")  # sure enough after all
    frames, reviews, columns = session.workspace.frames, session.workspace.reviews, session.shown.columns
    files = labelled_files(frames, reviews, CLASSES)
    gone = {frames[row].path for row in (0, 1, 2)}
    assert {entry.path for entry in frames} - {file.path for file, _ in files} == gone
    counts = Counter((file.label, by_reader) for file, by_reader in files)
    assert count_labels(columns, CLASSES) == [
        LabelCount(name, counts[name, True] + counts[name, False], counts[name, True]) for name in CLASSES
    ]
    assert left_out(columns) == {
        AnnotationKind.EXCLUDED: 1,
        AnnotationKind.POOR_QUALITY: 1,
        AnnotationKind.NOT_SURE: 1,
    }
    stale = FrameRows(frames.root, [entry.path for entry in frames])  # contents not known
    all_files = [file for file, _ in labelled_files(stale, reviews, CLASSES)]
    assert len(all_files) == 18
    run, _ = make_run(session.project, all_files, "head", CLASSES, TaskContext())
    assert {row.file for row in read_manifest(run / "manifest.csv")} & gone == set()
    settle(qtbot, session)


# --- undo outlives the program ----------------------------------------------------------------------------------------


def test_undo_and_redo_after_reopening(session, images, open_session, qtbot):
    choose(qtbot, session, 0)
    for label in ("polyps", "ulcerative-colitis"):
        session.label(label)
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    session.undo()
    session.close()
    session = open_session(images)
    settle(qtbot, session)
    assert (session.log.can_undo, session.log.can_redo) == (True, True)
    session.redo()
    assert (session.workspace.row, names(session)[:2]) == (1, ["polyps", "ulcerative-colitis"])
    session.undo()
    session.undo()
    assert (session.workspace.row, names(session)[:2]) == (0, ["esophagitis", "esophagitis"])
    assert not session.log.can_undo


def test_one_event_of_the_history_is_taken_back_and_what_came_after_stands(session, qtbot):
    for label in ("polyps", "ulcerative-colitis"):
        choose(qtbot, session, 0)
        session.label(label)
    image = session.workspace.frames[0].sha256
    first, _ = session.workspace.reviews.history(image)
    session.labelling.take_back(first)
    assert names(session)[0] == "ulcerative-colitis"
    session.labelling.take_back(session.workspace.reviews.history(image)[1])
    assert session.workspace.label_of(0).correction is None
    session.labelling.give_again(session.workspace.reviews.history(image)[0])
    assert names(session)[0] == "polyps"
    warned = []
    session.workspace.warning.connect(warned.append)
    session.labelling.take_back(first)
    session.labelling.take_back(first)
    assert [text.split(".")[0] for text in warned] == ["It was not taken back"]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("label"), st.integers(0, 5), st.sampled_from(CLASSES)),
        st.tuples(st.just("several"), st.sets(st.integers(0, 5), min_size=2, max_size=4), st.sampled_from(CLASSES)),
        st.tuples(st.sampled_from(["undo", "redo", "reopen"])),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_sequence_of_labels_undo_redo_and_reopening_is_that_of_a_plain_list(images, open_session, qtbot, acts):
    session = open_session(images)
    settle(qtbot, session)
    while session.log.can_undo:  # what an example before this one left
        session.undo()
    steps = len(rows_on_disk(session, "SELECT id FROM step"))
    session.labelling.name_reader(f"reader {steps}")  # a new one, with neither steps to undo nor to redo
    opened = [session]
    try:
        _agree(opened, acts, qtbot, lambda: open_session(images))
    finally:
        opened[0].close()


def _agree(opened, acts, qtbot, reopen):
    session = opened[0]
    undo, redo, now = [], [], dict.fromkeys(range(6))
    for act in acts:
        if act[0] in ("label", "several"):
            rows = sorted(act[1]) if act[0] == "several" else [act[1]]
            choose(qtbot, session, rows[0])
            session.labelling.selection = lambda rows=rows: rows
            session.label(act[2])
            undo.append((dict(now), now := {**now, **dict.fromkeys(rows, act[2])}))
            redo.clear()
        elif act[0] == "reopen":
            session.close()
            opened[0] = session = reopen()
            settle(qtbot, session)
        else:
            getattr(session, act[0])()
            source, target = (undo, redo) if act[0] == "undo" else (redo, undo)
            if source:
                target.append(source.pop())
                now = target[-1][0 if act[0] == "undo" else 1]
        told = {row: label.correction and label.name for row in range(6) if (label := session.workspace.label_of(row))}
        assert told == now


# --- blind first ------------------------------------------------------------------------------------------------------


@pytest.fixture
def blind(session, tiny_bundle, qtbot):
    use_bundle(session, tiny_bundle)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None)
    session.labelling.turn_blind(on=True)
    choose(qtbot, session, 0)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None)
    return session


def events(session, row):
    return [
        (s.correction.value, s.correction.saw_answer, s.correction.answer)
        for s in session.workspace.reviews.history(session.workspace.frames[row].sha256)
    ]


def test_the_answer_is_hidden_until_the_readers_own_label_and_both_are_on_record(blind, qtbot):
    answer = blind.workspace.classes.names[max(range(3), key=blind.workspace.open_frame.answer.probabilities.__getitem__)]
    assert blind.workspace.hides_answer(0)
    blind.label("polyps")
    assert (blind.workspace.row, blind.workspace.hides_answer(0), blind.workspace.hides_answer(1)) == (0, False, True)
    blind.label("esophagitis")  # having seen the answer, and on
    assert blind.workspace.row == 1
    assert events(blind, 0) == [("polyps", False, answer), ("esophagitis", True, answer)]
    assert rows_on_disk(blind, "SELECT label, blind FROM correction ORDER BY id") == [("polyps", 1), ("esophagitis", 0)]


def test_uncovering_one_frame_tells_its_row_and_turning_the_mode_tells_all(blind, qtbot):
    settle(qtbot, blind)
    rows = []
    blind.workspace.rows_changed.connect(lambda first, last: rows.append((first, last, blind.workspace.hides_answer(0))))
    blind.label("polyps")
    assert rows[-1] == (0, 0, False)
    assert {row[:2] for row in rows} == {(0, 0)}
    blind.labelling.turn_blind(on=False)
    assert rows[-1][:2] == (0, 5)


def test_what_was_seen_stays_seen_and_another_reader_has_not_seen_it(blind, images, open_session, qtbot):
    blind.label("polyps")
    blind.undo()
    assert not blind.workspace.hides_answer(0)
    blind.labelling.name_reader("Dr. Li")
    assert blind.workspace.hides_answer(0)
    blind.close()
    again = open_session(images)
    settle(qtbot, again)
    assert again.workspace.blind.on
    assert again.workspace.hides_answer(0)


def test_marks_do_not_show_the_answer_and_several_labels_are_all_blind(blind, qtbot):
    blind.mark(AnnotationKind.FLAGGED)
    assert blind.workspace.hides_answer(0)
    settle(qtbot, blind)
    blind.labelling.selection = lambda: [0, 1]
    blind.label("polyps")
    assert [blind.workspace.hides_answer(row) for row in range(3)] == [False, False, True]
    assert [event[:2] for event in events(blind, 1)] == [("polyps", False)]


def test_without_blind_first_a_label_says_that_the_answer_was_in_sight(blind, qtbot):
    blind.labelling.turn_blind(on=False)
    assert not any(blind.workspace.hides_answer(row) for row in range(6))
    blind.label("polyps")
    assert (blind.workspace.row, events(blind, 0)[0][1]) == (1, True)
