"""What is kept of a folder's frames, by kind and for 1,000 frames: `python -m tests.benchmarks.stored_sizes FOLDER`.

In a home of its own: the window's session looks at every frame, fetches every thumbnail and lets the model answer all; then a quick update.
The table of docs/privacy.md is made so.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication

from endodesk.app.project.project import Project
from endodesk.app.project.starter import take_starter
from endodesk.app.project.stored_pictures import StoredSize, measure_stored, shown_size
from endodesk.app.session import Session
from endodesk.cli.main import run
from endodesk.system.task import TaskContext


def main() -> None:
    with TemporaryDirectory() as home:
        os.environ |= {f"XDG_{name}_HOME": f"{home}/{name}" for name in ("DATA", "CONFIG", "STATE", "CACHE")} | {
            "QT_QPA_PLATFORM": "offscreen"
        }
        images = Path(sys.argv[1])
        frames = look_at_all(images)
        assert run(["retrain", str(images)]) == 0
        folder = Project.of_images(images).folder
        sizes = measure_stored(folder, TaskContext())
        files = [path for path in folder.rglob("*") if path.is_file()]
        sizes["labels, answers, names (project.sqlite)"] = size_of(path for path in files if path.name.startswith("project.sqlite"))
        sizes["models and runs, without reports"] = size_of(
            path for path in (*(folder / "models").rglob("*"), *(folder / "runs").rglob("*"))
        )
        for key, size in sizes.items():
            sys.stdout.write(f"{key}: {shown_size(size)}; for 1,000 frames {size.bytes * 1000 / frames / 1e6:.2f} MB\n")


def look_at_all(images: Path) -> int:
    application = QApplication.instance() or QApplication([])
    project = Project.of_images(images)
    take_starter(project)
    session = Session(project)
    session.start()
    wait(application, lambda: bool(len(session.workspace.frames)) and session.jobs.idle)
    frames = session.workspace.frames
    for row in range(len(frames)):
        session.thumbnails.get(frames.path(row))
        wait(application, lambda: session.thumbnails.idle)
    wait(application, lambda: session.answers.progress.answered + len(frames.unreadable) >= len(frames))
    session.close()
    return len(frames)


def wait(application: object, done: Callable[[], bool], seconds: float = 1200) -> None:
    until = time.monotonic() + seconds
    while not done():
        QApplication.processEvents()
        time.sleep(0.002)
        assert time.monotonic() < until, "it takes too long"


def size_of(paths: Iterable[Path]) -> StoredSize:
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return StoredSize(len(sizes), sum(sizes))


if __name__ == "__main__":
    main()
