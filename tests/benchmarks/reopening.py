"""How long the window stands while 100,000 frames with stored answers are opened again: `python -m tests.benchmarks.reopening [FRAMES]`.

Stretches of the window's own work (processor time of its thread) between two turns of its event loop. Names by content, answers and
labels are written straight into the project; files are small, and each has another content.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


def make_project(folder: Path, frames: int) -> None:
    """Frames in cases of 200, known, answered by the starter model, one of five labelled; nothing is left to be answered."""
    from PIL import Image

    from endodesk.app.preferences import Preferences
    from endodesk.app.project.project import Project
    from endodesk.app.project.starter import take_starter
    from endodesk.data.image_store import FileStamp
    from endodesk.domain.images import ImageRecord
    from endodesk.domain.reviews import Correction, Prediction
    from endodesk.imaging.hashing import sha256_bytes
    from endodesk.imaging.reading.header import READING

    stream = io.BytesIO()
    Image.fromarray(np.full((64, 80, 3), 90, np.uint8)).save(stream, "JPEG")
    data, now, known = stream.getvalue(), datetime.now(UTC), []
    for number in range(frames):
        path = folder / "polyps" / f"case-{number // 200:03}" / f"{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        own = data[:2] + b"\xff\xfe\x00\x06" + number.to_bytes(4, "big") + data[2:]
        path.write_bytes(own)
        known.append((ImageRecord(sha256_bytes(own), path, 80, 64, "0f" * 8, reading=READING), FileStamp.of(path, READING)))
    Preferences().set("answer_all", False)  # the features behind the answers are left out: nothing is to be answered anew
    project = Project.of_images(folder)
    bundle = take_starter(project).bundle
    database, rng = project.database, np.random.default_rng(0)
    database.images.add(known)
    said = rng.dirichlet(np.ones(len(bundle.classes)), frames)
    database.predictions.add(Prediction(record.sha256, bundle.id, tuple(map(float, p))) for (record, _), p in zip(known, said, strict=True))
    database.corrections.give([Correction(record.sha256, "polyps", "bench", now) for record, _ in known[::5]])
    project.close()


def watch(folder: str) -> None:
    """Open it, and tell the longest stretches."""
    from PySide6.QtCore import QTimer

    from .window_child import close, open_window, percentiles, told, until

    application, window = open_window(folder)
    session = window.session
    until(application, lambda: window.view.canvas is not None)  # loading it is a stretch of its own: docs/decisions/ui.md 8
    own, last = [], time.thread_time()

    def tick() -> None:
        nonlocal last
        now = time.thread_time()
        own.append(1000 * (now - last))
        last = now

    timer = QTimer(interval=1)
    timer.timeout.connect(tick)
    timer.start()
    until(application, lambda: len(session.workspace.frames) > 0)
    frames = len(session.workspace.frames)
    until(application, lambda: session.answers.progress.answered == frames and session.jobs.idle and session.answers.idle)
    opened, end = sum(own), time.monotonic() + 2
    until(application, lambda: time.monotonic() > end)
    told(**percentiles(own), own=opened, five=sorted(own)[-5])
    close(window)


def main(frames: str = "100000") -> None:
    """Make the folder, open it in a child, and tell."""
    with tempfile.TemporaryDirectory() as place:
        homes = {f"XDG_{name}_HOME": f"{place}/{name.lower()}" for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        command = [sys.executable, "-m", "tests.benchmarks.reopening"]
        for step in (["make", f"{place}/frames", frames], ["watch", f"{place}/frames"]):
            subprocess.run([*command, *step], env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make_project(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["watch"]:
        watch(sys.argv[2])
        os._exit(0)
    else:
        main(*sys.argv[1:])
