"""A key for very many frames is asked about, and undo names what it takes back."""

import cv2
import numpy as np
import pytest
from frame_folders import put
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from watching import answer_box, press, settle

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "many"
    for number in range(60):
        picture = np.random.default_rng(number).integers(0, 255, (24, 24, 3), np.uint8)
        put(folder / f"{number:02}.png", cv2.imencode(".png", picture)[1].tobytes())
    return folder


def select(window, rows):
    model = window.gallery.view.selectionModel()
    model.clearSelection()
    for row in rows:
        model.setCurrentIndex(window.gallery.model.index(row), QItemSelectionModel.SelectionFlag.Select)


def answered(qtbot, window, button, key):
    """What was asked when a key was pressed, and answered by that button."""
    window.activateWindow()  # the box before was the active one
    qtbot.waitUntil(window.isActiveWindow)
    asked = answer_box(qtbot, button)
    press(qtbot, window, key)
    return asked


def labelled(window):
    return len(window.session.project.database.corrections.current())


def test_a_key_for_more_than_50_frames_asks_once_with_their_number_and_undo_names_them(window, qtbot):
    select(window, range(60))
    asked = answered(qtbot, window, "Cancel", Qt.Key.Key_2)
    assert "60 frames are selected" in asked[0]
    assert labelled(window) == 0
    asked = answered(qtbot, window, "Go on with 60 frames", Qt.Key.Key_2)
    assert len(asked) == 1
    assert labelled(window) == 60
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.actions_by_name["undo"].text() == "&Undo: 60 labels"
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert "60 frames: undone: 60 labels" in window.statusBar().currentMessage()
    assert (window.actions_by_name["undo"].text(), window.actions_by_name["redo"].text()) == ("&Undo", "&Redo: 60 labels")
    asked = answered(qtbot, window, "Go on with 60 frames", Qt.Key.Key_B)
    assert len(asked) == 1
    assert window.actions_by_name["undo"].text() == "&Undo: 60 marks"


def test_50_frames_and_one_are_not_asked_about(window, qtbot):
    select(window, range(50))
    press(qtbot, window, Qt.Key.Key_1)
    assert QApplication.activeModalWidget() is None
    assert not window.findChildren(QMessageBox)
    assert labelled(window) == 50


def test_what_undo_takes_back_is_named_after_the_next_start_too(window, open_window, images, qtbot):
    select(window, range(3))
    press(qtbot, window, Qt.Key.Key_1)
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert again.actions_by_name["undo"].text() == "&Undo: 3 labels"
