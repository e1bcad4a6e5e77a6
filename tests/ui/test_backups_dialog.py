"""File > Backups in the real window: made as readers work, listed with what they hold, and restored beside the present record."""

import pytest
from frame_folders import put
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from watching import choose, press, settle, warnings

from endodesk.app.project import backup_maker
from endodesk.data.safety.backups import backups_of
from endodesk.ui.dialogs.backups_dialog import BackupsDialog

pytestmark = pytest.mark.slow  # windows that close and open again


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """A backup after every second act, and one at once."""
    monkeypatch.setattr(backup_maker, "EVERY", 2)
    monkeypatch.setattr(backup_maker, "_SOON_MS", 0)
    monkeypatch.setattr(backup_maker, "_REST", 0)


def label(window, qtbot, row, key=Qt.Key.Key_3):
    choose(qtbot, window, row)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, key)


def labels(window):
    return len(window.session.project.database.corrections.current())


def backups(window):
    return backups_of(window.session.project.database.path)


def listed(window, qtbot):
    window.do("show_backups")
    dialog = next(one for one in window.findChildren(BackupsDialog) if one.isVisible())
    qtbot.waitUntil(lambda: window.session.jobs.idle)
    return dialog


def test_every_second_act_is_copied_and_one_copy_is_restored_and_what_it_lacks_offered(window, qtbot):
    window.session.labelling.name_reader("Ann")
    for row in range(4):
        label(window, qtbot, row)
        settle(qtbot, window)
    assert len(backups(window)) == 2
    dialog = listed(window, qtbot)
    lines = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert [line.split(": ")[1].split(";")[0] for line in lines] == ["4 labels (Ann 4)", "2 labels (Ann 2)"]
    dialog.list.setCurrentRow(1)
    dialog.restore_button.click()
    box = next(one for one in dialog.findChildren(QMessageBox) if one.isVisible())
    next(button for button in box.buttons() if button.text() == "Restore").click()
    qtbot.waitUntil(lambda: any("lacks 2 labels" in text for text in warnings(window)), timeout=10_000)
    settle(qtbot, window)
    assert labels(window) == 2
    assert (window.session.project.folder / "project.replaced.sqlite").is_file()
    box = next(one for one in window.findChildren(QMessageBox) if one.isVisible())
    next(button for button in box.buttons() if button.text() == "Take them in").click()
    qtbot.waitUntil(lambda: labels(window) == 4, timeout=10_000)
    settle(qtbot, window)


def test_a_new_project_has_none_and_says_so(window, qtbot):
    dialog = listed(window, qtbot)
    assert dialog.list.count() == 0
    assert "There is none yet" in dialog.about.text()
    assert backups(window) == []


def test_one_is_made_at_the_start_where_something_was_done_since(images, open_window, qtbot, monkeypatch):
    monkeypatch.setattr(backup_maker, "EVERY", 100)
    window = open_window(images)
    settle(qtbot, window)
    label(window, qtbot, 1)
    window.close()
    again = open_window(images)
    qtbot.waitUntil(lambda: len(backups(again)) == 1, timeout=10_000)
    again.close()
    third = open_window(images)
    QApplication.processEvents()
    settle(qtbot, third)
    assert len(backups(third)) == 1


def test_a_damaged_project_opens_from_its_backup_with_a_sentence_of_what_is_lost(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    for row in range(3):
        label(window, qtbot, row)
        settle(qtbot, window)
    folder = window.session.project.folder
    window.close()
    put(folder / "project.sqlite", b"no database" * 5000)
    (folder / "labels.jsonl").unlink()
    again = open_window(images)
    settle(qtbot, again)
    assert labels(again) == 2
    assert ["made anew from the backup" in text and "since then is lost" in text for text in warnings(again)] == [True]
