"""What a long session does to memory: `python -m tests.benchmarks.long_run FOLDER [MINUTES [SECONDS_A_KEY]]`.

Opens a real window on a folder, and presses keys: reading, labelling, undoing, heat map and outlines, ten a second or as many as
the window takes. Twice a minute a line of CSV: minutes, keys, labels given, MB resident, the mean and the most of what each key found:
free memory goes back every 15 seconds and is taken again within ten, so that one look in each half minute tells of the moment alone.
What the program keeps lies in a folder that goes with the run.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from endodesk.app.workspace import Workspace

_TOLD_S = 30


def press_keys(folder: str, minutes: float, key_s: float) -> None:
    """Keys as readers press them, drawn from a seed; lines on stdout."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QMessageBox

    from .window_child import close, open_window, until

    application, window = open_window(folder)
    session, rng = window.session, random.Random(0)
    until(application, lambda: session.workspace.open_frame is not None)
    plain, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    keys = (
        *((Qt.Key.Key_Right, plain),) * 40,
        *((Qt.Key.Key_Left, plain),) * 6,
        *((key, plain) for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3) for _ in range(10)),
        *((Qt.Key.Key_Z, control),) * 4,
        (Qt.Key.Key_H, plain),
        (Qt.Key.Key_L, plain),
        (Qt.Key.Key_PageDown, plain),
        (Qt.Key.Key_PageUp, plain),
    )
    written = csv.writer(sys.stdout)
    written.writerow(["minutes", "keys", "labels", "mb", "most_mb"])
    started = told = time.monotonic()
    pressed, found = 0, list[float]()
    while time.monotonic() - started < 60 * minutes:
        due = time.monotonic() + key_s
        QTest.keyClick(window, *rng.choice(keys))
        pressed += 1
        if session.workspace.row >= len(session.workspace.frames) - 1:
            session.navigation.go_to_first()
        until(application, lambda end=due: time.monotonic() > end and is_settled(session.workspace))
        for box in window.findChildren(QMessageBox):  # a label that a busy disk refused
            box.close()
        if not window.isActiveWindow():  # the offscreen platform leaves none active once a box has closed: keys would go nowhere
            window.activateWindow()
            until(application, window.isActiveWindow)
        found.append(resident_mb())
        if time.monotonic() - told >= _TOLD_S:
            told = time.monotonic()
            labels = session.project.database.corrections.newest_id()  # keys that go nowhere would make a very level line
            mean = sum(found) / len(found)
            written.writerow([f"{(told - started) / 60:.1f}", pressed, labels, f"{mean:.0f}", f"{max(found):.0f}"])
            sys.stdout.flush()
            found.clear()
    close(window)


def is_settled(workspace: "Workspace") -> bool:
    """Whether the frame that was gone to is shown, or refused."""
    entry = workspace.entry
    return workspace.open_frame is not None or bool(entry and entry.unreadable)


def resident_mb() -> float:
    """Memory of this process that lies in RAM (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(folder: str, minutes: str = "30", key_s: str = "0.1") -> int:
    """The run, in a child whose home is a folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        names = {f"XDG_{name}_HOME": str(Path(home) / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **names, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        command = [sys.executable, "-m", "tests.benchmarks.long_run", "child", folder, minutes, key_s]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1] == "child":
        press_keys(sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
        os._exit(0)
    sys.exit(main(*sys.argv[1:]))
