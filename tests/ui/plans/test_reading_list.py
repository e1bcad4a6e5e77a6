"""A study of two readers in a real window: each goes through their list, and nothing on the screen tells which frames come again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest
from frame_folders import put
from PySide6.QtCore import Qt
from watching import press, settle, warnings, words

from endodesk.app.frames.current_reviews import Reviews
from endodesk.app.plans.planned_reads import known_frames, planned_reads
from endodesk.domain.errors import BadRequest
from endodesk.domain.read_plan import ReadKind, ReadPlan
from endodesk.domain.reviews import YES, AnnotationKind, Correction

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PLAN = ReadPlan(("Ana", "Béla"), NOW - 60 * DAY, 40, 100, 28, 50, folders_are_true=True, seed=5)


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "study"
    for number in range(12):
        picture = np.random.default_rng(number).integers(0, 255, (24, 24, 3), np.uint8)
        place = folder / ("polyps" if number % 2 else "esophagitis") / f"{number:02}.png"
        put(place, cv2.imencode(".png", picture)[1].tobytes())
    return folder


@pytest.fixture
def study(window, qtbot):
    """Ana read all of hers 40 days ago, with a note and a mark; Béla has labelled everything today, and Ana's name is given."""
    session = window.session
    session.browsing.reading.keep_plan(PLAN)
    ana = PLAN.own("Ana", images_of(session))
    old = NOW - 40 * DAY
    give(session, [Correction(image, "polyps", "Ana", old) for image in ana])
    give(session, [Correction(ana[0], "Ana's note", "Ana", old, kind=AnnotationKind.NOTE)])
    give(session, [Correction(ana[0], YES, "Ana", old, kind=AnnotationKind.FLAGGED)])
    give(session, [Correction(image, "esophagitis", "Béla", NOW) for image in images_of(session)])
    give(session, [Correction(image, "Béla's note", "Béla", NOW, kind=AnnotationKind.NOTE) for image in images_of(session)])
    session.labelling.name_reader("Ana")
    session.navigation.note_all_rows()
    settle(qtbot, window)
    return window


def images_of(session):
    return [image for image in session.workspace.frames.sha256s if image]


def give(session, corrections):
    session.project.database.corrections.give(corrections)
    session.workspace.reviews.read_again([correction.image for correction in corrections])


def offered(window):
    order = window.gallery.bar.order
    return [order.itemText(place) for place in range(order.count())]


def choose_order(window, words):
    bar = window.gallery.bar
    bar.order.setCurrentIndex(bar.order.findText(words))
    bar.order.activated.emit(bar.order.currentIndex())


def show_list(qtbot, window):
    choose_order(window, "My reading list")
    qtbot.waitUntil(lambda: window.session.workspace.reading is not None, timeout=10_000)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None, timeout=10_000)


def listed(window):
    session = window.session
    return [session.workspace.frames.sha256s[row] for row in session.shown.rows]


def kinds_of(window, reader, images):
    session = window.session
    frames = known_frames(session.workspace.frames, session.workspace.reviews, session.workspace.label_set)
    states = planned_reads(PLAN, reader, frames, {}, NOW)
    return {state.read.kind for state in states if state.read.image in images}


def everything_told(window):
    """What cards, tips, panels, title and history say just now."""
    model = window.gallery.model
    items = [model.index(row) for row in range(model.rowCount())]
    told = [str(item.data(role)) for item in items for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)]
    return "\n".join([*told, words(window.answer), words(window.view), words(window.strip)])


def test_a_list_is_offered_to_readers_of_the_plan_alone(study):
    assert "My reading list" in offered(study)
    study.session.labelling.name_reader("Clara")
    assert "My reading list" not in offered(study)
    study.session.labelling.name_reader("Béla")
    assert "My reading list" in offered(study)
    study.session.browsing.reading.keep_plan(None)
    assert "My reading list" not in offered(study)


@pytest.mark.parametrize("plan", [None, replace(PLAN, seed=6)], ids=["taken away", "another"])
def test_a_list_of_the_plan_before_does_not_come_up(study, qtbot, plan):
    choose_order(study, "My reading list")
    study.session.browsing.reading.keep_plan(plan)
    settle(qtbot, study)
    assert study.session.shown.queue == ""
    assert study.session.workspace.reading is None
    assert study.gallery.bar.order.currentText() == "By case"


def test_frames_that_come_again_look_unread_until_they_are_read_again(study, qtbot):
    show_list(qtbot, study)
    assert kinds_of(study, "Ana", set(listed(study))) == set(ReadKind)
    told = everything_told(study)
    assert "not labelled" in told
    for secret in ("polyps", "esophagitis", "reader", "Béla", "note", "flag", "honeypot", "second"):
        assert secret not in told
    assert not any(button.isChecked() for button in study.answer.label.marks.values())
    assert "History" not in told


def test_no_label_is_painted_while_the_list_comes_up(study, qtbot):
    shown, painted = study.session.shown, []
    shown.changed.connect(lambda: painted.append({int(label) for label in shown.columns.label[shown.rows]}))
    show_list(qtbot, study)
    assert painted[0] == {-1}


def test_a_reader_goes_through_the_list_and_each_word_stands_beside_the_first(study, qtbot):
    show_list(qtbot, study)
    waiting, corrections = listed(study), study.session.project.database.corrections
    study._pace.tell()
    status = study._pace.label
    total = study.session.workspace.reading.total
    assert status.text().endswith(f"{total - len(waiting)} of {total} read")
    first = study.session.workspace.entry.sha256
    assert first == waiting[0]
    press(qtbot, study, Qt.Key.Key_B)  # a mark of this reading is seen at once, those of others and of before are not
    assert [mark for mark, button in study.answer.label.marks.items() if button.isChecked()] == [AnnotationKind.FLAGGED]
    for place, image in enumerate(waiting):
        qtbot.waitUntil(lambda image=image: study.session.workspace.open_frame is not None, timeout=10_000)
        assert study.session.workspace.entry.sha256 == image
        press(qtbot, study, Qt.Key.Key_2)
        study._pace.tell()
        assert status.text().endswith(f"{total - len(waiting) + place + 1} of {total} read")
    assert set(study.session.shown.columns.label[study.session.shown.rows]) != {-1}
    again = PLAN.own("Ana", images_of(study.session))
    assert [len([w for w in corrections.words_by("Ana")[image] if w.kind is AnnotationKind.LABEL]) for image in again] == [2] * len(again)
    press(qtbot, study, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    study._pace.tell()
    assert f"{total - 1} of {total} read" in status.text()
    assert "not labelled" in words(study.answer)
    press(qtbot, study, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    choose_order(study, "My reading list")
    qtbot.waitUntil(lambda: bool(warnings(study)), timeout=10_000)
    assert f"nothing for you to read now: {total} of {total} read" in warnings(study)[0]


def test_another_order_shows_what_holds_again_and_the_mode_ends(study, qtbot):
    show_list(qtbot, study)
    assert study.actions_by_name["turn_own_labels"].isChecked()
    with pytest.raises(BadRequest, match="your own labels alone"):
        study.session.workspace.show_own(on=False)
    choose_order(study, "By file")
    settle(qtbot, study)
    qtbot.waitUntil(lambda: not study.session.shown._rest, timeout=10_000)
    assert study.session.workspace.reading is None
    assert not study.actions_by_name["turn_own_labels"].isChecked()
    assert "Béla's note" in everything_told(study)
    study._pace.tell()
    assert "left" in study._pace.label.text()


def test_the_list_of_another_reader_is_another_one_and_ends_with_the_name(study, qtbot):
    show_list(qtbot, study)
    study.session.labelling.name_reader("Béla")
    assert study.session.workspace.reading is None
    assert study.gallery.bar.order.currentText() == "By case"
    choose_order(study, "My reading list")  # first reads are done, second reads wait for their wash-out
    qtbot.waitUntil(lambda: bool(warnings(study)), timeout=10_000)
    assert f"More follows from {NOW + 28 * DAY:%Y-%m-%d}"[:-2] in warnings(study)[0]


@pytest.mark.slow
def test_two_readers_go_through_their_lists_one_after_the_other(window, qtbot):
    session = window.session
    session.browsing.reading.keep_plan(ReadPlan(("Ana", "Béla"), NOW, 80, 0, 28, 0, seed=5))
    orders = {}
    for reader, key in (("Ana", Qt.Key.Key_1), ("Béla", Qt.Key.Key_2)):
        session.labelling.name_reader(reader)
        show_list(qtbot, window)
        assert "readers disagree" not in everything_told(window)
        assert set(session.shown.columns.label[session.shown.rows]) == {-1}
        orders[reader] = listed(window)
        for _ in orders[reader]:
            qtbot.waitUntil(lambda: session.workspace.open_frame is not None, timeout=10_000)
            press(qtbot, window, key)
        assert session.workspace.reading.done == session.workspace.reading.total == len(orders[reader])
    assert set(orders["Ana"]) | set(orders["Béla"]) == set(images_of(session))
    shared = [image for image in orders["Ana"] if image in set(orders["Béla"])]
    assert shared != [image for image in orders["Béla"] if image in set(shared)]
    assert set(session.workspace.reviews.disputed(str)) == set(shared)


@pytest.mark.slow
def test_a_folder_that_is_read_again_ends_the_list(study, qtbot):
    show_list(qtbot, study)
    study.do("list_again")
    settle(qtbot, study)
    qtbot.waitUntil(lambda: study.session.workspace.reading is None, timeout=10_000)


def test_blind_first_hides_the_answers_of_frames_that_come_again(study, qtbot):
    workspace = study.session.workspace
    study.session.labelling.turn_blind(on=True)
    again = PLAN.own("Ana", images_of(study.session))[0]
    assert not workspace.blind.hides(again)
    show_list(qtbot, study)
    assert study.session.shown.queue == "reading"
    assert workspace.blind.hides(again)
    while workspace.entry.sha256 != again:
        press(qtbot, study, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: workspace.open_frame is not None, timeout=10_000)
    press(qtbot, study, Qt.Key.Key_1)
    assert not workspace.blind.hides(again)
    choose_order(study, "By file")
    assert not any(workspace.blind.hides(image) for image in PLAN.own("Ana", images_of(study.session)))


def test_what_is_seen_is_kept_apart_from_what_holds(study, qtbot):
    """A list changes nothing on record: what holds of frames is the same with it and without."""
    before = {image: said.correction.value for image, said in study.session.project.database.corrections.current().items()}
    show_list(qtbot, study)
    assert {image: said.correction.value for image, said in study.session.project.database.corrections.current().items()} == before
    assert len(Reviews(study.session.project.database)) == 12
