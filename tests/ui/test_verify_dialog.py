"""File > Verify the record in the real window: it holds, it goes on from an anchor, or the row is named."""

import sqlite3
import threading
from contextlib import closing

import pytest
from PySide6.QtWidgets import QFileDialog
from watching import choose, press, settle

from endodesk.ui.dialogs.verify_dialog import VerifyDialog

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds


@pytest.fixture
def labelled(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, "1")
    settle(qtbot, window)
    return window


def verified(window, qtbot):
    window.actions_by_name["verify_record"].trigger()
    dialog = window.findChild(VerifyDialog)
    qtbot.waitUntil(dialog.keep_button.isEnabled)
    return dialog


def test_it_says_that_all_holds_and_keeps_and_checks_an_anchor(labelled, qtbot, tmp_path, monkeypatch):
    dialog = verified(labelled, qtbot)
    assert "All holds. Events: " in dialog.told.text()
    file = tmp_path / "anchor.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog.keep_button.click()
    qtbot.waitUntil(dialog.keep_button.isEnabled)
    assert "The anchor is kept in" in dialog.told.text()
    dialog.check_button.click()
    qtbot.waitUntil(dialog.keep_button.isEnabled)
    assert "They go on from the anchor of" in dialog.told.text()


def test_a_row_that_was_changed_is_named(labelled, qtbot):
    with closing(sqlite3.connect(labelled.session.project.database.path)) as record, record:
        record.execute("DROP TRIGGER correction_no_update")
        record.execute("UPDATE correction SET reader = 'Eve'")
    assert verified(labelled, qtbot).told.text() == "Broken: correction 1 was changed."


def test_closing_stops_what_runs(labelled, qtbot, monkeypatch):
    began, stopped = threading.Event(), threading.Event()

    def slow(chain, anchor, task):
        began.set()
        while not task.cancelled:
            stopped.wait(0.01)
        stopped.set()
        task.raise_if_cancelled()

    monkeypatch.setattr("endodesk.ui.dialogs.verify_dialog.check_chain", slow)
    labelled.actions_by_name["verify_record"].trigger()
    dialog = labelled.findChild(VerifyDialog)
    qtbot.waitUntil(began.is_set)
    dialog.reject()
    qtbot.waitUntil(stopped.is_set)
