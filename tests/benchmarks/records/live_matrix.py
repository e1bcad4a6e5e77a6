"""What the matrix costs the window: `python -m tests.benchmarks.records.live_matrix [FRAMES] [PLACE]`.

Frames with stored answers, labels by two readers. Longest stretches of the window's own thread (by the clock, and of a processor) while the
matrix is opened, its sides change, cells are clicked on; and a label by key without and with it. With a PLACE what was made there stays.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


def make(folder: Path, frames: int) -> None:
    """The project of the benchmark of reopening, with every other frame labelled by Ann, and every third by Bob."""
    from endodesk.app.project.project import Project
    from endodesk.domain.reviews import Correction
    from tests.benchmarks.reopening import make_project

    make_project(folder, frames)
    project, now, chance = Project.of_images(folder), datetime.now(UTC), np.random.default_rng(1)
    images = [record.found.sha256 for record in project.database.images.known().values()]
    for reader, every in (("Ann", 2), ("Bob", 3)):
        words = chance.choice(["polyps", "esophagitis", "ulcerative-colitis"], len(images[::every]), p=[0.8, 0.1, 0.1])
        said = [Correction(image, str(word), reader, now) for image, word in zip(images[::every], words, strict=True)]
        project.database.corrections.give(said)
    project.close()


class Stretches:
    """How long the event loop stood still, at most, since it was asked last."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.forget()

    def _tick(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.longest, self.longest_own = max(self.longest, now - self._at), max(self.longest_own, own - self._own)
        self._at, self._own = now, own

    def forget(self) -> None:
        self._at, self._own, self.longest, self.longest_own = time.perf_counter(), time.thread_time(), 0.0, 0.0


def watch(folder: str) -> None:
    """Open it, and tell."""
    from endodesk.app.matrix.sides import MODEL, RULE, Side, Who
    from endodesk.ui.matrix.matrix_dialog import MatrixDialog
    from tests.benchmarks.window_child import close, open_window, until

    application, window = open_window(folder)
    session = window.session
    until(application, lambda: len(session.workspace.frames) > 0)
    frames = len(session.workspace.frames)
    until(application, lambda: session.answers.progress.answered == frames and session.jobs.idle and session.answers.idle)
    stretches = Stretches()

    def timed(what: str, does: Callable[[], object], over: Callable[[], bool]) -> None:
        stretches.forget()
        began = time.perf_counter()
        does()
        until(application, over)
        taken, longest, own = time.perf_counter() - began, 1e3 * stretches.longest, 1e3 * stretches.longest_own
        sys.stdout.write(f"{what}: {taken:.2f} s; longest stretch {longest:.0f} ms, of a processor {own:.0f}\n")
        sys.stdout.flush()

    def keys(what: str) -> None:
        taken, own = [], []
        session.labelling.goes_on = False
        for number in range(60):
            session.navigation.choose(1000 + number)
            until(application, lambda: session.workspace.open_frame is not None)
            at, thread = time.perf_counter(), time.thread_time()
            session.label("polyps")
            application.processEvents()
            taken.append(1e3 * (time.perf_counter() - at))
            own.append(1e3 * (time.thread_time() - thread))
        told = ", ".join(
            f"{name} {np.median(some):.1f}, 95 % {np.percentile(some, 95):.1f}" for name, some in (("ms", taken), ("own", own))
        )
        sys.stdout.write(f"a label {what}: {told}; longest stretch {1e3 * stretches.longest:.0f}, own {1e3 * stretches.longest_own:.0f}\n")

    stretches.forget()
    keys("without the matrix")
    window.actions_by_name["show_matrix"].trigger()
    [dialog] = window.findChildren(MatrixDialog)
    live = dialog._live  # what it does when is what is measured

    def quiet() -> bool:
        return not any(timer.isActive() for timer in (live._tick, live._soon, dialog.figures._pause)) and session.jobs.idle

    window.activateWindow()
    timed("opened, what holds against the model", lambda: None, quiet)
    sides = {"Ann": Side(Who.READER, "Ann"), "Bob": Side(Who.READER, "Bob")}
    timed("Ann against Bob", lambda: live.choose(sides["Ann"], sides["Bob"]), quiet)
    timed("by case", lambda: live.count(cases=True, unlearnt=False), quiet)
    timed("by frame", lambda: live.count(cases=False, unlearnt=False), quiet)
    timed("back to the model", lambda: live.choose(RULE, MODEL), quiet)
    counts = dialog.table.counts
    whole = counts.index(counts.rowCount() - 1, counts.columnCount() - 1)
    timed("all its frames in the gallery", lambda: dialog._show_frames(whole), quiet)
    timed("one cell", lambda: dialog._show_frames(counts.index(0, 0)), quiet)
    stretches.forget()
    keys("with it")
    timed("counted again", lambda: None, quiet)
    close(window)


def main(frames: str = "100000", place: str = "") -> None:
    """Make it, open it in a child, and tell."""
    with tempfile.TemporaryDirectory() as passing:
        home = Path(place or passing)
        homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        command = [sys.executable, "-m", "tests.benchmarks.records.live_matrix"]
        if not (home / "frames").is_dir():
            subprocess.run([*command, "make", str(home / "frames"), frames], env=environment, check=True)
        subprocess.run([*command, "watch", str(home / "frames")], env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["watch"]:
        watch(sys.argv[2])
        os._exit(0)
    else:
        main(*sys.argv[1:])
