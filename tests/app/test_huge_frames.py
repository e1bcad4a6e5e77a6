"""Huge pictures in an open project: those that are not fetched ahead are opened when the reader comes, and what is too large is told."""

import gc
import weakref

import cv2
import numpy as np
import pytest
from sessions import settle

from endodesk.app.jobs import Jobs
from endodesk.app.viewing.open_frame import TooHugeAhead, open_frame
from endodesk.imaging.preprocessing.pipeline import CLEAN
from endodesk.system.memory_budget import MEMORY


@pytest.fixture
def huge(tmp_path):
    """Three frames of 4 megapixels: 80 MB each to be shown with their steps."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.jpg"), np.full((2000, 2000, 3), 60 + number, np.uint8))
    return folder


@pytest.mark.slow
def test_what_takes_much_of_the_memory_is_opened_when_the_reader_comes_there(huge, open_session, qtbot, monkeypatch):
    monkeypatch.setattr(MEMORY, "limit_bytes", 200_000_000)
    with pytest.raises(TooHugeAhead):
        open_frame(huge / "1.jpg", CLEAN, None, ahead=True)
    session = open_session(huge)
    settle(qtbot, session)
    for row in range(3):
        session.navigation.choose(row)
        qtbot.waitUntil(lambda row=row: session.workspace.open_frame is not None, timeout=10_000)
        assert session.workspace.open_frame.image[0, 0, 0] == pytest.approx(60 + row, abs=1)


def test_a_frame_that_the_memory_never_suffices_for_is_told(huge, open_session, qtbot, monkeypatch):
    monkeypatch.setattr(MEMORY, "limit_bytes", 70_000_000)
    told = []
    session = open_session(huge)
    session.workspace.frame_failed.connect(told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told[0] == "0.jpg is not opened: it takes 80 MB of memory, and 70 MB are allowed. " + (
        "Scale it down first, or allow more memory in the settings."
    )


def test_what_a_job_was_about_is_let_go_of_with_it(qtbot):
    """A thread that waits for its next job once kept the frame of its last."""
    jobs, frame = Jobs(threads=1), np.zeros(3)
    gone = weakref.ref(frame)
    jobs.submit(lambda _, frame=frame: None)
    qtbot.waitUntil(lambda: jobs.idle)
    del frame
    gc.collect()
    qtbot.waitUntil(lambda: gone() is None, timeout=2000)
    jobs.close()
