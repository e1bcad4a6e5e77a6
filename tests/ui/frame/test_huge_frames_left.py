"""A huge frame is there while it is looked at: the next one is not opened beside it."""

import gc
import weakref

import cv2
import numpy as np

from endodesk.system.memory_budget import MEMORY


def test_a_huge_frame_goes_as_soon_as_the_reader_leaves_it(tmp_path, open_window, qtbot, monkeypatch):
    cv2.imwrite(str(tmp_path / "0.png"), np.full((300, 400, 3), 60, np.uint8))
    (tmp_path / "1.png").write_bytes(b"no picture")  # so that none comes in the place of the one left
    window = open_window(tmp_path)
    monkeypatch.setattr(MEMORY, "limit_bytes", 4_000_000)  # after the window has set it: 120,000 pixels are huge then
    session = window.session
    workspace = session.workspace
    qtbot.waitUntil(lambda: workspace.open_frame is not None and window.view.canvas is not None, timeout=20_000)
    session.navigation.reopen()
    qtbot.waitUntil(lambda: workspace.open_frame is not None and session.jobs.idle, timeout=20_000)
    left = weakref.ref(workspace.open_frame)
    session.navigation.go(+1)
    gc.collect()
    qtbot.waitUntil(lambda: left() is None, timeout=5000)
