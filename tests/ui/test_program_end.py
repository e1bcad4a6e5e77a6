"""A share that does not answer: the window closes and the process ends within seconds. Real processes, real system calls that block."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe stands for the share")]
CLOSES = """
import os, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
import endodesk.imaging.reading.read as read
import endodesk.app.project.project as project
from endodesk.ui import start
from endodesk.system.threads import in_threads
gone, how = sys.argv[2], sys.argv[3]
waits = lambda *_: os.open(gone, os.O_RDONLY)  # no one ever writes to it
window = []
shown = start.make_window
def make_window(*place, **how):
    made = shown(*place, **how)
    window.append(made[1])
    return made
start.make_window = make_window
def hold():
    view = window[0].session
    if view.folder_reader.listing or not view.jobs.idle:
        return
    timer.stop()
    if how == "pool":
        view.jobs.submit(lambda _: list(in_threads(waits, range(4))))
    elif how == "frames":
        read.open_plain = waits
        view.thumbnails.forget()
        for row in range(len(view.workspace.frames)):
            view.jobs.submit(lambda _: read.read_bytes(Path(view.workspace.frames.path(0))))
    elif how == "project":
        type(view.project).close = waits
    QTimer.singleShot(300, lambda: (print("closing", flush=True), window[0].close()))
timer = QTimer(interval=20)
timer.timeout.connect(hold)
QTimer.singleShot(0, timer.start)
from PySide6.QtWidgets import QApplication
from endodesk.ui.application import Application
application = Application(["endodesk"])
timer.moveToThread(application.thread())
sys.exit(start.run_window(Path(sys.argv[1])))
"""


@pytest.mark.parametrize(("how", "limit_s", "code"), [("nothing", 3, 0), ("frames", 8, 0), ("pool", 8, 0), ("project", 13, 1)])
def test_the_process_ends_within_seconds(images: Path, tmp_path: Path, home: Path, how: str, limit_s: float, code: int) -> None:
    gone = tmp_path / "share"
    os.mkfifo(gone)
    command = [sys.executable, "-c", CLOSES, str(images), str(gone), how]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "closing\n", child.stderr.read() if child.stderr else ""
    began = time.monotonic()
    _, said = child.communicate(timeout=60)
    took = time.monotonic() - began
    assert child.returncode == code
    assert took < limit_s
    assert "Traceback" not in said
    log = next(home.rglob("endodesk.log")).read_text("utf-8")
    assert ("given up" in log or "still waited" in log) == (how != "nothing")
