"""Several readers on the same frames: whose label holds, and who may decide."""

from datetime import UTC, datetime, timedelta

import pytest
from sessions import choose, settle

from endodesk.app.browsing.frame_filter import FrameOrder
from endodesk.app.queues.queues import ADJUDICATION
from endodesk.app.records.portable import portable_record
from endodesk.app.retraining.retraining import LabelSnapshot, labels_of_no_class, reader_labels
from endodesk.dataset.exchange.holding import Holds, held_acts
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.consensus import Basis
from endodesk.domain.reviews import AnnotationKind, Correction


@pytest.fixture
def session(images, open_session, qtbot):
    session = open_session(images)
    settle(qtbot, session)
    return session


def say(qtbot, session, reader, row, name):
    session.labelling.name_reader(reader)
    choose(qtbot, session, row)
    session.labelling.label(name)


def label(session, row=0):
    found = session.workspace.label_of(row)
    return found and (found.name, found.basis)


def decide_on(qtbot, session):
    """The queue of what readers disagree on, in which keys give verdicts."""
    session.browsing.queues.choose(ADJUDICATION)
    qtbot.waitUntil(lambda: session.shown.queue == ADJUDICATION)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)


def test_nobody_overwrites_another_and_a_majority_decides(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    assert label(session) == ("polyps", Basis.SINGLE)
    say(qtbot, session, "Ben", 0, "esophagitis")
    assert label(session) == ("", Basis.DISAGREEMENT)
    say(qtbot, session, "Cid", 0, "esophagitis")
    assert label(session) == ("esophagitis", Basis.MAJORITY)
    session.undo()
    assert label(session) == ("", Basis.DISAGREEMENT)
    history = session.workspace.reviews.history(session.workspace.frames[0].sha256)
    assert [(one.correction.reader, bool(one.revoked_at)) for one in history] == [("Ann", False), ("Ben", False), ("Cid", True)]


def test_a_third_reader_decides_by_the_keys_of_classes_and_takes_it_back(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ann", 2, "polyps")
    say(qtbot, session, "Ben", 2, "esophagitis")
    session.labelling.name_reader("Dora")
    decide_on(qtbot, session)
    assert (list(session.shown.rows), session.shown.reason(2)) == ([2], "esophagitis, polyps")
    session.label("ulcerative-colitis")
    assert label(session, 2) == ("ulcerative-colitis", Basis.ADJUDICATED)
    assert [one.correction.kind for one in session.workspace.reviews.words_of(session.workspace.frames[2].sha256).verdicts] == ["verdict"]
    assert session.log.undo_told == "1 verdict"
    session.undo()
    assert label(session, 2) == ("", Basis.DISAGREEMENT)


def test_who_has_labelled_a_frame_does_not_decide_on_it(session, qtbot):
    told = []
    session.workspace.warning.connect(told.append)
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "esophagitis")
    decide_on(qtbot, session)
    session.label("esophagitis")
    assert label(session) == ("", Basis.DISAGREEMENT)
    assert told
    assert "such as Ann + Ben" in told[0]


def test_a_verdict_of_one_frame_is_none_of_a_selection(session, qtbot):
    for row in (0, 1):
        say(qtbot, session, "Ann", row, "polyps")
        say(qtbot, session, "Ben", row, "esophagitis")
    session.labelling.name_reader("Dora")
    decide_on(qtbot, session)
    session.labelling.selection = lambda: [0, 1]
    session.label("polyps")
    assert (label(session, 0), label(session, 1)) == (("", Basis.DISAGREEMENT),) * 2


def test_whoever_reads_alone_sees_no_word_of_others(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    session.labelling.name_reader("Ben")
    session.workspace.show_own(on=True)
    qtbot.waitUntil(lambda: session.shown.columns.state[0] == 0)
    assert label(session) is None  # nor what its folder says
    assert session.shown.next_unread(-1) == 0
    choose(qtbot, session, 0)
    session.labelling.label("ulcerative-colitis")
    assert label(session) == ("ulcerative-colitis", Basis.SINGLE)
    session.labelling.name_reader("Ann")
    assert label(session) == ("polyps", Basis.SINGLE)
    session.workspace.show_own(on=False)
    assert label(session) == ("", Basis.DISAGREEMENT)


def test_a_training_leaves_out_what_readers_disagree_on_and_says_so(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "ulcerative-colitis")
    say(qtbot, session, "Ann", 1, "polyps")
    say(qtbot, session, "Ben", 1, "polyps")
    taken = LabelSnapshot.take(session.workspace)
    assert [file.path.name for file in taken.files(session.workspace.classes) if file.path.parent.name == "esophagitis"] == ["frame-1.png"]
    assert taken.notes() == ["1 frame is left out: its readers disagree. The order Readers disagree shows it, for somebody to decide."]
    rows = [ManifestRow(entry.path, entry.sha256, "", "esophagitis") for entry in session.workspace.frames][:2]
    assert [row.label for row in reader_labels(session.project, rows)] == ["polyps"]


def test_of_marks_the_one_said_last_holds_whoever_said_it(session, qtbot):
    for reader in ("Ann", "Ben"):
        session.labelling.name_reader(reader)
        choose(qtbot, session, 0)
        session.labelling.mark(AnnotationKind.FLAGGED)
    image = session.workspace.frames[0].sha256
    assert not session.workspace.reviews.marks_of(image).flagged  # Ben took it off
    session.undo()
    assert session.workspace.reviews.marks_of(image).flagged


def test_the_filter_by_reader_finds_frames_of_several(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "esophagitis")
    say(qtbot, session, "Ben", 1, "polyps")
    for reader, rows in (("Ann", [0]), ("Ben", [0, 1])):
        session.shown.set_filter(session.shown.filter.with_part("readers", (reader,)))
        session.shown.stay_at(-1)
        assert sorted(session.shown.rows) == rows
    session.shown.set_filter(session.shown.filter.without("readers").with_part("states", (3,)))
    session.shown.stay_at(-1)
    assert list(session.shown.rows) == [0]


def test_a_label_of_ones_own_ends_ones_verdict(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "esophagitis")
    session.labelling.name_reader("Dora")
    decide_on(qtbot, session)
    session.label("ulcerative-colitis")
    session.shown.set_order(FrameOrder.CASE)
    say(qtbot, session, "Dora", 0, "polyps")
    assert label(session) == ("polyps", Basis.MAJORITY)
    session.undo()
    assert label(session) == ("ulcerative-colitis", Basis.ADJUDICATED)


def test_a_colleagues_clock_that_is_ahead_swallows_no_key(session, qtbot):
    choose(qtbot, session, 0)
    image = session.workspace.frames[0].sha256
    ahead = datetime.now(UTC) + timedelta(hours=2)
    session.project.database.corrections.add(Correction(image, "yes", "Ben", ahead, kind=AnnotationKind.FLAGGED))
    session.workspace.reviews.read_again([image])
    session.labelling.mark(AnnotationKind.FLAGGED)
    assert not session.workspace.reviews.marks_of(image).flagged


def test_whoever_reads_alone_sees_no_marks_of_others_and_gets_no_queue_of_theirs(session, qtbot):
    told = []
    session.workspace.warning.connect(told.append)
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "esophagitis")
    session.labelling.write_note("a stalk")
    session.labelling.name_reader("Dora")
    session.workspace.show_own(on=True)
    assert session.workspace.marks_of(session.workspace.frames[0].sha256).note == ""
    session.labelling.write_note("mine")
    assert session.workspace.marks_of(session.workspace.frames[0].sha256).note == "mine"
    session.browsing.queues.choose(ADJUDICATION)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["This queue tells what other readers say. Turn View > Only my own labels off to see it."]


def test_where_readers_disagree_no_folder_decides(session, qtbot):
    say(qtbot, session, "Ann", 0, "polyps")
    say(qtbot, session, "Ben", 0, "ulcerative-colitis")
    record = portable_record(session.project, session.workspace.frames.snapshot())
    held = [act.value for act in held_acts(record, Holds(frozenset({"label"}))) if act.sha256 == session.workspace.frames[0].sha256]
    assert held == []
    assert labels_of_no_class(session.workspace.frames, session.workspace.reviews, session.workspace.label_set) == {}
    said = session.workspace.reviews.classes_said(session.workspace.frames, session.workspace.label_set)
    assert said == {"esophagitis": 1, "polyps": 3, "ulcerative-colitis": 3}
