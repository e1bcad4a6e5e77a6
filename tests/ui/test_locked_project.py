"""Another program holds the project's file while the reader labels."""

import contextlib
import sqlite3
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from watching import choose, press, settle, warnings

LONGEST_MS = 50


def read_and_close_boxes(window):
    told = warnings(window)
    for box in window.findChildren(QMessageBox):
        box.close()
    return told


@pytest.mark.slow
def test_a_key_is_refused_at_once_with_a_sentence_and_given_again_it_is_kept(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    choose(qtbot, window, 0)
    settle(qtbot, window)
    session, took = window.session, []
    with contextlib.closing(sqlite3.connect(session.project.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(5):
            began = time.perf_counter()
            press(qtbot, window, Qt.Key.Key_2)
            took.append(1000 * (time.perf_counter() - began))
            [told] = read_and_close_boxes(window)
            assert told.startswith("The label was not saved.")
            assert "another program is using the file" in told
        assert session.workspace.row == 0  # the reader stays: nothing looks saved
        assert len(session.workspace.reviews) == 0
        other.execute("ROLLBACK")
    assert min(took) < LONGEST_MS, took  # the machine may be busy: the quickest of five; it was 5 s each
    press(qtbot, window, Qt.Key.Key_2)
    assert len(session.workspace.reviews) == 1
