"""How soon *Learn as I label* has a candidate: `python -m tests.benchmarks.trainings.learning_along FOLDER [--frames 3000] [--times 4]`.

A real window on that many frames of FOLDER's class folders (its own, then mirrored and turned ones), all answered; keys give labels,
twenty a time. Told of each time: seconds from the last label to the candidate, and to its answers for all frames (what a queue is made
of); the longest pause of the window meanwhile, by the clock and by what its own thread did in it; and the machine's load.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2

from endodesk.dataset.manifest import scan_class_folder
from endodesk.system.task import TaskContext

from .progress import CLASSES

LABELS, _KEY_S = 20, 0.3


def make_frames(source: Path, folder: Path, n: int) -> None:
    """`n` frames in class folders: those of `source`, then mirrored, turned, and both."""
    rows = list(scan_class_folder(source, CLASSES, TaskContext()).rows)
    turns = (None, 1, 0, -1)
    for number in range(min(n, len(rows) * len(turns))):
        row, turn = rows[number % len(rows)], turns[number // len(rows)]
        path = folder / row.label / f"{number // len(rows)}-{row.file.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if turn is None:
            path.write_bytes(row.file.read_bytes())
        else:
            cv2.imwrite(str(path), cv2.flip(cv2.imread(str(row.file)), turn))


def label_and_learn(folder: str, times: int) -> Iterator[dict[str, float]]:
    """In the window's process: a line for each time."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QMessageBox

    from endodesk.app.queues.queue_snapshot import gather
    from endodesk.app.retraining.learning_along import AlongRule, LearningAlong
    from tests.benchmarks.window_child import open_window, until

    application, window = open_window(folder)
    session, draw = window.session, random.Random(0)
    until(
        application,
        lambda: (
            len(session.workspace.frames) > 0
            and session.answers.idle
            and session.answers.progress.answered >= len(session.workspace.frames)
        ),
    )
    [along] = window.findChildren(LearningAlong)
    along.choose(AlongRule(LABELS, on=True))
    last, pauses = [time.monotonic(), time.thread_time()], list[tuple[float, float]]()

    def beat() -> None:
        now = [time.monotonic(), time.thread_time()]
        pauses.append((now[0] - last[0], now[1] - last[1]))
        last[:] = now

    timer = QTimer(interval=2)
    timer.timeout.connect(beat)
    timer.start()
    for _ in range(times):
        old = along.candidate
        while along.waits_for and not along.job.running:
            due = time.monotonic() + _KEY_S
            QTest.keyClick(window, draw.choice((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)))
            until(application, lambda end=due: time.monotonic() > end and session.workspace.open_frame is not None)
            for box in window.findChildren(QMessageBox):  # a label that a busy disk refused
                box.close()
            if not window.isActiveWindow():
                window.activateWindow()
                until(application, window.isActiveWindow)
        pauses.clear()
        began = time.monotonic()
        until(application, lambda before=old: along.candidate is not None and along.candidate is not before)
        made, found = time.monotonic(), list[object]()
        along.choose(AlongRule(LABELS, on=True, queues_follow=True))
        taken = replace(session.answers_snapshot(), candidate=session.candidate())
        session.jobs.submit(lambda task, of=taken: gather(of, task), done=found.append)
        until(application, lambda of=found: bool(of))
        ended = time.monotonic()
        longest = max(pauses)
        yield {
            "candidate_s": made - began,
            "answers_s": ended - made,
            "pause_ms": 1e3 * longest[0],
            "own_ms": 1e3 * max(own for _, own in pauses),
            "load": os.getloadavg()[0],
        }
        along.choose(AlongRule(LABELS, on=True))


def main() -> int:
    """The window in a child whose home is a folder of its own; its lines, and the medians."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--frames", type=int, default=3000)
    options.add_argument("--times", type=int, default=4)
    options.add_argument("--child", action="store_true")
    asked = options.parse_args()
    if asked.child:
        for line in label_and_learn(str(asked.folder), asked.times):
            print(json.dumps(line), flush=True)  # noqa: T201
        os._exit(0)
    with tempfile.TemporaryDirectory() as place:
        make_frames(asked.folder, Path(place) / "frames", asked.frames)
        names = {f"XDG_{name}_HOME": str(Path(place) / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **names, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        command = [sys.executable, "-m", __spec__.name, str(Path(place) / "frames"), "--times", str(asked.times), "--child"]
        lines = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    for one in found:
        sys.stdout.write(", ".join(f"{name} {value:.2f}" for name, value in one.items()) + "\n")
    sys.stdout.write(", ".join(f"median {name} {statistics.median(one[name] for one in found):.2f}" for name in found[0]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
