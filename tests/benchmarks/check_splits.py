"""How long *Check splits* and *Retrain* hold the window of a large folder: `python -m tests.benchmarks.check_splits [FRAMES]`.

Frames are noise of 16 x 16 pixels, each another file, so that nothing is keyed by a content that all share. A piece is what the
window's thread computes between two looks at the event loop (its own processor time); a wait is the time by the clock between them, in
which a job may hold the interpreter. Beside it, in the same run, what it would take to go through all frames there.
"""

import gc
import os
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

FRAMES, WATCHED_S = 100_000, 3.0


def main() -> None:
    """Measure and print."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name)
        _write_frames(Path(folder) / "frames", n)
        table = Table("what", "longest piece, ms", "longest wait, ms")
        for what, piece_ms, wait_ms in _measured(Path(folder) / "frames"):
            table.add_row(what, f"{piece_ms:.0f}", f"{wait_ms:.0f}")
        Console().print(table)


def _write_frames(root: Path, n: int) -> None:
    head = b"BM" + struct.pack("<IHHI", 54 + 768, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 16, 16, 1, 24, 0, 768, 2835, 2835, 0, 0)
    for k in range(n):
        file = root / ("polyps" if k % 2 else "esophagitis") / f"case-{k // 200}" / f"{k}.bmp"
        if k % 200 < 2:
            file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(head + os.urandom(768))


def _measured(frames: Path) -> list[tuple[str, float, float]]:
    """(what, the longest piece in ms, the longest time between two looks at the event loop in ms)."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from endodesk.app.project.project import Project
    from endodesk.app.retraining.retraining import labelled_files
    from endodesk.ui.main_window import MainWindow
    from endodesk.ui.splits.dialog import SplitsDialog

    application = QApplication([])
    window = MainWindow(Project.of_images(frames))
    window.show()
    window.start()
    session = window.session
    workspace = session.workspace
    looks: list[tuple[float, float]] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: looks.append((time.thread_time(), time.perf_counter())))

    def until(there: Callable[[], bool]) -> None:
        while not there():
            application.processEvents()
            time.sleep(0.001)

    def watched(what: str, act: Callable[[], object]) -> tuple[str, float, float]:
        looks[:] = [(time.thread_time(), time.perf_counter())]
        timer.start()
        act()
        end = time.monotonic() + WATCHED_S
        while time.monotonic() < end:
            application.processEvents()
        timer.stop()
        gaps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(looks)]
        return what, 1000 * max(own for own, _ in gaps), 1000 * max(all_ for _, all_ in gaps)

    until(lambda: len(workspace.frames) > 0)
    until(lambda: workspace.open_frame is not None and session.jobs.idle)
    session.answers.hold()  # else the model is asked about every frame meanwhile
    watched("", lambda: None)  # the first one is slower
    gc.collect()
    gc.freeze()  # as the program does at its start
    rows = [watched("nothing", lambda: None)]
    rows.append(
        watched("all frames gone through, as it once was", lambda: labelled_files(workspace.frames, workspace.reviews, workspace.classes))
    )
    window.do("check_splits")  # once unwatched: its modules are loaded
    dialog = window.findChild(SplitsDialog)
    rows.append(watched("Check splits opened", lambda: window.do("check_splits")))
    rows.append(watched("it has the focus again, nothing changed", dialog.checker.look_again))
    session.label("polyps")
    until(lambda: workspace.open_frame is not None)
    rows.append(watched("it has the focus again after a label", dialog.checker.look_again))
    window.do("retrain")
    rows.append(watched("Retrain opened", lambda: window.do("retrain")))
    window.close()
    return rows


if __name__ == "__main__":
    main()
