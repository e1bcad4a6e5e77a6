"""File > Clear stored pictures in the real window: each kind with its size, cleared by a click; labels stay."""

import threading

import pytest
from frame_folders import everything_in, put
from PySide6.QtWidgets import QMessageBox
from watching import choose, press, settle, words

from endodesk.app.project.stored_pictures import KINDS, MADE_AGAIN
from endodesk.ui.dialogs.stored_pictures_dialog import StoredPicturesDialog


@pytest.fixture
def dialog(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, "1")
    put(window.session.project.taken_folder / "film" / "000001.png", b"x" * 1500)
    settle(qtbot, window)
    window.actions_by_name["clear_stored"].trigger()
    dialog = window.findChild(StoredPicturesDialog)
    qtbot.waitUntil(dialog.main_button.isEnabled)
    return dialog


def left(window, key):
    project = window.session.project.folder
    return next(len(list(kind.files(project))) for kind in KINDS if kind.key == key)


def test_it_lists_each_kind_and_ticks_what_is_made_again(window, dialog):
    told = words(dialog)
    for kind in KINDS:
        assert kind.told in told
        assert dialog.boxes[kind.key].isChecked() == (kind.key in MADE_AGAIN)
    assert "1 file, 1.5 kB" in told
    assert dialog.sizes["thumbnails"].text().startswith(f"{left(window, 'thumbnails')} files, ")
    assert left(window, "thumbnails") > 0


def test_a_click_clears_what_is_ticked_and_nothing_else(window, qtbot, dialog, images):
    before, labels = everything_in(images), window.session.project.database.corrections.current()
    dialog.main_button.click()
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled() and "Cleared: " in dialog.told.text())
    assert dialog.sizes["taken"].text() == "1 file, 1.5 kB"
    assert left(window, "taken") == 1
    assert everything_in(images) == before
    assert window.session.project.database.corrections.current() == labels != {}
    dialog.boxes["taken"].click()
    dialog.main_button.click()
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled() and left(window, "taken") == 0)
    dialog.cancel_button.click()
    assert not dialog.isVisible()


def test_cancel_stops_what_runs_and_then_closes(window, qtbot, dialog, monkeypatch):
    began = threading.Event()

    def slow(project, keys, task):
        began.set()
        while True:
            task.raise_if_cancelled()

    monkeypatch.setattr("endodesk.ui.dialogs.stored_pictures_dialog.clear_stored", slow)
    dialog.main_button.click()
    assert began.wait(5)
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: not window.findChildren(StoredPicturesDialog) or not dialog.isVisible())


def test_without_a_folder_a_sentence_says_what_to_do(open_window, qtbot):
    window = open_window(None)
    window.actions_by_name["clear_stored"].trigger()
    assert "Open a folder first" in window.findChild(QMessageBox).text()


def test_the_setting_acts_in_the_open_window(window, qtbot):
    settle(qtbot, window)
    assert left(window, "thumbnails") > 0
    window.preferences.set("keep_pictures", False)
    qtbot.waitUntil(lambda: left(window, "thumbnails") == 0 and window.session.jobs.idle)
    window.session.thumbnails.forget()
    window.gallery.view.viewport().update()
    settle(qtbot, window)
    assert left(window, "thumbnails") == 0
    window.preferences.reset()
