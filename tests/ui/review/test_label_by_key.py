"""Labels, marks, undo and blind first in the real window."""

import pytest
from frame_folders import CLASSES
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QPushButton, QToolButton
from sessions import use_bundle
from watching import choose, picture, press, settle, words

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.review.since_training import note_trained
from endodesk.ui.review.history_list import HistoryList
from endodesk.ui.training.retrain_dialog import RetrainDialog

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def blind(window, tiny_bundle, qtbot):
    """Blind first, with a model, at the first frame."""
    use_bundle(window.session, tiny_bundle)
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.open_frame.answer is not None)
    window.actions_by_name["turn_blind"].trigger()
    settle(qtbot, window)
    return window


def names(window):
    return [(label := window.session.workspace.label_of(row)) and label.name for row in range(len(window.session.workspace.frames))]


def marks(window, row):
    return window.session.workspace.reviews.marks_of(window.session.workspace.frames[row].sha256)


def select(window, rows):
    """As with Ctrl held: the last of them is the open frame."""
    model = window.gallery.view.selectionModel()
    model.clearSelection()
    for row in rows:
        model.setCurrentIndex(window.gallery.model.index(row), QItemSelectionModel.SelectionFlag.Select)


# --- several frames ---------------------------------------------------------------------------------------------------


def test_a_key_labels_all_selected_frames_and_one_undo_takes_all_back(window, qtbot):
    before = names(window)
    select(window, [0, 2, 5])
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    assert window.gallery.selected_rows() == [0, 2, 5]
    assert "3 frames are selected: a key is for all of them." in words(window.answer)
    press(qtbot, window, Qt.Key.Key_3)
    assert [names(window)[row] for row in (0, 2, 5)] == [CLASSES[2]] * 3
    assert "3 frames: ulcerative-colitis" in window.statusBar().currentMessage()
    assert window.gallery.selected_rows() == [0, 2, 5]
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert names(window) == before
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.gallery.selected_rows() == [4]
    assert "selected" not in words(window.answer)


def test_a_key_with_ctrl_that_opens_another_frame_selects_that_frame_alone(window, qtbot):
    """The view's own way looks at the keyboard: Ctrl+Z left two frames selected, and the next key labelled both."""
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_3)
    QTest.keyPress(window, Qt.Key.Key_Control, CTRL)  # held down, as on a real keyboard
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.gallery.selected_rows() == [0]
    QTest.keyClick(window, Qt.Key.Key_End, CTRL)
    assert window.gallery.selected_rows() == [len(window.session.workspace.frames) - 1]
    QTest.keyRelease(window, Qt.Key.Key_Control)


def test_a_key_that_means_nothing_opens_no_other_frame(window, qtbot):
    choose(qtbot, window, 0)
    window.gallery.view.keyboardSearch("frame-1")  # what Qt makes of keys that are no shortcuts
    assert window.session.workspace.row == 0


def test_the_button_of_the_readers_label_is_pressed_and_that_of_the_folders_is_not(window, qtbot):
    def pressed():
        return [b.accessibleName() for b in window.answer.findChildren(QPushButton) if b.isChecked()]

    choose(qtbot, window, 0)
    assert pressed() == []
    press(qtbot, window, Qt.Key.Key_2)
    choose(qtbot, window, 0)
    assert pressed() == [f"Label {CLASSES[1]}"]
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert pressed() == []


def test_the_buttons_stay_in_their_place_whatever_is_said_of_a_frame(window, qtbot):
    choose(qtbot, window, 0)
    [button] = [b for b in window.answer.findChildren(QPushButton) if b.accessibleName() == f"Label {CLASSES[1]}"]
    before = button.mapTo(window, button.rect().topLeft())
    press(qtbot, window, Qt.Key.Key_B)
    window.session.labelling.write_note("ask")
    settle(qtbot, window)
    assert "Note: ask" in words(window.answer)
    assert button.mapTo(window, button.rect().topLeft()) == before


def test_ctrl_and_shift_click_select_in_the_gallery(window, qtbot):
    view = window.gallery.view
    choose(qtbot, window, 0)
    for row, modifier, rows in ((3, Qt.KeyboardModifier.ShiftModifier, [0, 1, 2, 3]), (1, CTRL, [0, 2, 3])):
        place = view.visualRect(window.gallery.model.index(row)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, pos=place)
        assert window.gallery.selected_rows() == rows


@pytest.mark.parametrize("key", [Qt.Key.Key_Z, Qt.Key.Key_Home])
def test_a_frame_gone_to_with_ctrl_held_is_the_only_one_that_the_next_key_is_for(window, qtbot, key):
    before = names(window)
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_3)
    press(qtbot, window, key, CTRL)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    assert (window.session.workspace.row, window.gallery.selected_rows()) == (0, [0])
    press(qtbot, window, Qt.Key.Key_2)
    assert names(window) == ["polyps", *before[1:]]


def test_undo_of_a_frame_that_the_filter_hides_selects_it_alone(window, qtbot):
    before = names(window)
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_3)
    window.session.shown.set_filter(FrameFilter(text="polyps"))
    press(qtbot, window.gallery.view, Qt.Key.Key_A, CTRL)
    assert window.gallery.selected_rows() == [2, 3]
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    assert (window.session.workspace.row, window.gallery.selected_rows()) == (0, [0])
    press(qtbot, window, Qt.Key.Key_2)
    assert names(window) == ["polyps", *before[1:]]


def test_the_one_frame_left_of_several_selected_is_the_one_that_a_key_is_for(window, qtbot):
    before, view = names(window), window.gallery.view
    choose(qtbot, window, 0)
    for row, rows in ((3, [0, 3]), (3, [0])):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CTRL, pos=view.visualRect(window.gallery.model.index(row)).center())
        assert window.gallery.selected_rows() == rows
    assert window.session.workspace.row == 0
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    press(qtbot, window, Qt.Key.Key_2)
    assert names(window) == ["polyps", *before[1:]]


# --- marks, notes, history --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "name"), [("X", "excluded"), ("Q", "poor_quality"), ("U", "not_sure"), ("B", "flagged")])
def test_marks_by_key_and_by_button_and_undone(window, qtbot, key, name):
    choose(qtbot, window, 0)
    press(qtbot, window, getattr(Qt.Key, f"Key_{key}"))
    assert getattr(marks(window, 0), name)
    choose(qtbot, window, 0)
    [button] = [b for b in window.answer.findChildren(QPushButton) if b.text().startswith(f"{key} ")]
    assert button.isChecked()
    assert f"Marked: {name.replace('_', ' ')}" in words(window.answer)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not getattr(marks(window, 0), name)
    assert not button.isChecked()
    assert "Marked" not in words(window.answer)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert getattr(marks(window, 0), name)


def test_a_mark_key_held_down_marks_one_frame_only(window, qtbot):
    choose(qtbot, window, 0)
    QTest.simulateEvent(window, True, Qt.Key.Key_X, NONE, "x", False)
    for _ in range(5):
        QTest.simulateEvent(window, True, Qt.Key.Key_X, NONE, "x", True)
    QTest.simulateEvent(window, False, Qt.Key.Key_X, NONE, "x", False)
    assert [marks(window, row).excluded for row in range(3)] == [True, False, False]


def test_a_note_is_asked_for_shown_and_in_the_history(window, qtbot, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("bile", True))
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_T)
    assert "Note: bile" in words(window.answer)
    qtbot.waitUntil(lambda: 'note "bile" by' in words(window.answer))


def test_one_event_is_taken_back_from_the_history_and_given_again(window, qtbot):
    for key in (Qt.Key.Key_2, Qt.Key.Key_3):
        choose(qtbot, window, 0)
        press(qtbot, window, key)
    choose(qtbot, window, 0)
    [history] = window.answer.findChildren(HistoryList)

    def buttons(text):
        return [b for b in history.findChildren(QToolButton) if b.isVisible() and b.text() == text]

    qtbot.waitUntil(lambda: len(buttons("Take back")) == 2)
    qtbot.mouseClick(buttons("Take back")[1], Qt.MouseButton.LeftButton)  # the older one: newest first
    assert names(window)[0] == "ulcerative-colitis"
    qtbot.waitUntil(lambda: len(buttons("Give again")) == 1)
    qtbot.mouseClick(buttons("Take back")[0], Qt.MouseButton.LeftButton)
    assert window.session.workspace.label_of(0).correction is None
    qtbot.waitUntil(lambda: len(buttons("Give again")) == 2)
    qtbot.mouseClick(buttons("Give again")[1], Qt.MouseButton.LeftButton)
    assert names(window)[0] == "polyps"


def test_undo_after_closing_and_opening_the_window_again(window, images, open_window, qtbot):
    before = names(window)
    choose(qtbot, window, 0)
    for key in (Qt.Key.Key_2, Qt.Key.Key_3):
        press(qtbot, window, key)
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert again.actions_by_name["undo"].isEnabled()
    assert not again.actions_by_name["redo"].isEnabled()
    press(qtbot, again, Qt.Key.Key_Z, CTRL)
    press(qtbot, again, Qt.Key.Key_Z, CTRL)
    assert (names(again), again.session.workspace.row) == (before, 0)
    assert not again.actions_by_name["undo"].isEnabled()
    press(qtbot, again, Qt.Key.Key_Z, CTRL_SHIFT)
    assert names(again)[0] == "polyps"


def test_retraining_says_how_many_frames_are_left_out_and_why(window, qtbot):
    choose(qtbot, window, 0)
    for key in (Qt.Key.Key_X, Qt.Key.Key_Q, Qt.Key.Key_U):
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        press(qtbot, window, key)
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    assert dialog.setup.left_out.text() == "Left out: 1 excluded, 1 of poor quality, 1 not sure and without a reader's label."
    assert [dialog.setup.table.item(row, 1).text() for row in range(3)] == ["0", "1", "2"]


# --- pace -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_left_and_the_pace_are_in_the_status_bar(window, qtbot):
    qtbot.waitUntil(lambda: "6 frames left" in words(window.statusBar()))
    choose(qtbot, window, 0)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_X):
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        press(qtbot, window, key)
    qtbot.waitUntil(lambda: "frames a minute, 3 frames left" in words(window.statusBar()))


@pytest.mark.slow
def test_labels_since_the_last_training_are_counted_without_those_taken_back(window, qtbot):
    note_trained(window.session.project, window.session.project.database.corrections.newest_id())
    window.job.ended.emit()
    choose(qtbot, window, 0)
    for key in (Qt.Key.Key_1, Qt.Key.Key_X, Qt.Key.Key_2):
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        press(qtbot, window, key)
    qtbot.waitUntil(lambda: ", 2 labels since the last training" in words(window.statusBar()))
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ", 1 label since the last training" in words(window.statusBar()))
    note_trained(window.session.project, window.session.project.database.corrections.newest_id())
    window.job.ended.emit()
    qtbot.waitUntil(lambda: "since" not in words(window.statusBar()))


# --- blind first ------------------------------------------------------------------------------------------------------


def test_blind_first_shows_neither_answer_nor_heat_map_before_the_label(blind, qtbot):
    panel = blind.answer
    assert "Blind first: the answer appears once you have given your own label." in words(panel)
    assert not panel.bars.isVisible()
    assert not panel.heat_box.isVisible()
    [button] = [b for b in panel.findChildren(QPushButton) if b.accessibleName() == f"Label {CLASSES[1]}"]
    place = button.mapTo(blind, button.rect().topLeft())
    before = picture(blind.view)
    press(qtbot, blind, Qt.Key.Key_H)
    assert picture(blind.view) == before
    press(qtbot, blind, Qt.Key.Key_2)
    assert blind.session.workspace.row == 0
    assert panel.bars.isVisible()
    assert "Blind first" not in words(panel)
    assert "A key now labels again and goes on" in words(panel)
    assert "shown afterwards" in words(panel)
    # a second click with the mouse hits the same class, once the page is as long as its history
    qtbot.waitUntil(lambda: button.mapTo(blind, button.rect().topLeft()) == place)
    assert picture(blind.view) != before  # H was pressed: the heat map comes with the answer
    press(qtbot, blind, Qt.Key.Key_3)
    assert blind.session.workspace.row == 1
    qtbot.waitUntil(lambda: blind.session.workspace.open_frame is not None)
    assert not panel.bars.isVisible()
    press(qtbot, blind, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: "after the answer was shown" in words(panel) and "before the answer was shown" in words(panel))
    assert panel.bars.isVisible()


def test_blind_first_is_kept_with_the_project_and_can_be_left(blind, images, open_window, qtbot):
    blind.close()
    again = open_window(images)
    settle(qtbot, again)
    assert again.actions_by_name["turn_blind"].isChecked()
    assert not again.answer.bars.isVisible()
    again.actions_by_name["turn_blind"].trigger()
    assert not again.actions_by_name["turn_blind"].isChecked()
    assert again.answer.bars.isVisible()


def test_another_readers_label_does_not_tell_the_answer_either(blind, qtbot):
    press(qtbot, blind, Qt.Key.Key_2)
    assert "the model said" in words(blind.answer)
    blind.session.labelling.name_reader("someone else")
    assert "the model said" not in words(blind.answer)
    assert not blind.answer.bars.isVisible()
