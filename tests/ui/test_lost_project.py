"""The project's file is exchanged, deleted or damaged by another program while its window is open."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from watching import choose, press, settle

from endodesk.app.project.project import Project
from endodesk.app.review import record_guard

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds


@pytest.fixture
def older(images):
    """A copy of the project's file from before its labels."""
    project = Project.of_images(images)
    file = project.database.path
    project.close()
    return shutil.copy(file, file.with_name("older"))


def label(qtbot, window, row, key):
    choose(qtbot, window, row)
    settle(qtbot, window)
    window.activateWindow()  # the offscreen platform leaves no window active once a box has closed
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, key)


def the_box(qtbot, window):
    def found():
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=10_000)
    [box] = found()
    return box


def press_button(box, words):
    next(button for button in box.buttons() if button.text().replace("&", "") == words).click()


def labels(window):
    reviews, frames = window.session.workspace.reviews, window.session.workspace.frames
    said = {row: reviews.label_of(frames[row], window.session.workspace.label_set) for row in range(len(frames))}
    return {row: label.name for row, label in said.items() if label and label.correction}


def exchange(file, older):
    shutil.copy(older, file.with_name("new"))
    file.with_name("new").replace(file)


def test_an_older_copy_in_its_place_gets_no_label_and_all_labels_come_back(images, older, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    names = window.session.workspace.classes.names
    for row, key in ((0, Qt.Key.Key_2), (1, Qt.Key.Key_3)):
        label(qtbot, window, row, key)
    file = window.session.project.database.path
    exchange(file, older)
    label(qtbot, window, 2, Qt.Key.Key_3)
    box = the_box(qtbot, window)
    assert box.text().startswith("The label was not saved. Another program has exchanged the file project.sqlite")
    assert labels(window) == {0: names[1], 1: names[2]}
    press_button(box, "Open again")
    box = the_box(qtbot, window)
    assert "2 labels, marks and other acts of readers are there again" in box.text()
    box.close()
    settle(qtbot, window)
    assert labels(window) == {0: names[1], 1: names[2]}  # nobody had done anything in the older one: they are there without a question
    label(qtbot, window, 2, Qt.Key.Key_3)
    assert labels(window) == {0: names[1], 1: names[2], 2: names[2]}


def test_an_older_copy_with_labels_is_opened_as_it_is_and_the_later_ones_are_offered(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    names, file = window.session.workspace.classes.names, window.session.project.database.path
    label(qtbot, window, 0, Qt.Key.Key_2)
    window.close()
    older = shutil.copy(file, file.with_name("older"))
    window = open_window(images)
    settle(qtbot, window)
    label(qtbot, window, 1, Qt.Key.Key_3)
    exchange(file, older)
    press_button(the_box(qtbot, window), "Open again")  # told within two seconds, without a key
    box = the_box(qtbot, window)
    assert "lacks 1 labels" in box.text()
    qtbot.waitUntil(lambda: labels(window) == {0: names[1]}, timeout=10_000)
    press_button(box, "Take them in")
    qtbot.waitUntil(lambda: labels(window) == {0: names[1], 1: names[2]}, timeout=10_000)
    settle(qtbot, window)


@pytest.mark.parametrize("fault", ["deleted", "truncated"])
def test_a_file_that_is_gone_or_cut_is_made_anew_with_all_labels(images, open_window, qtbot, fault):
    window = open_window(images)
    settle(qtbot, window)
    names, file = window.session.workspace.classes.names, window.session.project.database.path
    for row, key in ((0, Qt.Key.Key_2), (1, Qt.Key.Key_3)):
        label(qtbot, window, row, key)
    if fault == "deleted":
        file.unlink()
    else:
        with file.open("r+b") as stream:
            stream.truncate(5000)
    window.session.backups._begin()  # one that is due just now does not come between with a box of its own
    press_button(the_box(qtbot, window), "Open again")
    box = the_box(qtbot, window)
    assert "2 labels, marks and other acts of readers are there again" in box.text()
    box.close()
    settle(qtbot, window)
    assert labels(window) == {0: names[1], 1: names[2]}
    assert window.session.workspace.classes.names == names


def test_a_folder_that_was_moved_is_told_and_not_made_again(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    folder = window.session.project.folder
    label(qtbot, window, 0, Qt.Key.Key_2)
    folder.rename(folder.with_name("elsewhere"))
    box = the_box(qtbot, window)
    assert "was moved or deleted while EndoDesk had it open" in box.text()
    assert [button.text().replace("&", "") for button in box.buttons()] == ["OK"]
    box.close()
    window.close()
    assert not folder.exists()
    (folder.with_name("elsewhere") / "window.lock").unlink()  # of this process, which in life has ended
    again = Project.open(folder.with_name("elsewhere"))
    assert len(again.database.corrections.current()) == 1
    again.close()


def test_the_guard_looks_often_enough():
    assert record_guard._LOOKS_EVERY_MS <= 2000


def test_a_file_that_the_disk_has_damaged_is_found_while_the_window_is_up(images, open_window, qtbot, monkeypatch):
    window = open_window(images)
    settle(qtbot, window)
    label(qtbot, window, 0, Qt.Key.Key_2)
    window.close()
    monkeypatch.setattr("endodesk.data.database.page_fault", lambda _: "a page is not as it was")
    again = open_window(images)
    told = []
    again.session.guard.lost.connect(told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert "is damaged (a page is not as it was)" in told[0]
    assert "comes back from its backup" in told[0]
    label(qtbot, again, 1, Qt.Key.Key_2)
    assert len(again.session.project.database.corrections.current()) == 1
