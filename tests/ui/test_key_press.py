"""What a key that labels goes through: the Session joins services at the start, and is hardly met again."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

MOST_ENTRIES = 6


@pytest.fixture
def window(images, open_window, qtbot):
    window = open_window(images)
    session = window.session
    qtbot.waitUntil(
        lambda: session.workspace.open_frame is not None and session.jobs.idle and window.view.canvas is not None, timeout=15_000
    )
    return window


def test_from_a_key_to_the_next_frame_the_session_is_entered_a_few_times_only(window, qtbot):
    workspace, entered, row = window.session.workspace, [], window.session.workspace.row

    def count(frame, event, _):
        into = frame.f_code.co_filename.endswith("app/session.py")
        if event == "call" and into and not (frame.f_back and frame.f_back.f_code.co_filename.endswith("app/session.py")):
            entered.append(frame.f_code.co_name)

    sys.setprofile(count)
    try:
        QTest.keyClick(window, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: workspace.row != row and workspace.open_frame is not None)
        window.grab()  # repaints count
    finally:
        sys.setprofile(None)
    assert "label" in entered  # else nothing was counted
    assert len(entered) <= MOST_ENTRIES, entered
