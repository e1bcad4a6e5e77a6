"""A project of 100,000 frames and 1,000,000 events: `python -m tests.benchmarks.long_record [FRAMES] [EVENTS] [PLACE]`.

Opened, labelled, undone, filtered, looked back at and verified. Each event is a label of its own, by one of two readers, one in fifty of
them undone; rows and events are written by the chain's own writer, many to a transaction. With a PLACE what was made there stays.
"""

import gc
import itertools
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
READERS, CLASSES = ("Ann", "Bob"), ("polyps", "esophagitis", "ulcerative-colitis")
_BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
_AT_ONCE = 20_000


def make(place: Path, frames: int, events: int) -> None:
    """The frames as of the benchmark of reopening, and then the events."""
    from endodesk.app.project.project import Project, project_folder
    from endodesk.data.chain.writing import NOTHING_MORE, ChainWriter

    from .reopening import make_project

    make_project(place, frames)
    chance = random.Random(0)
    with closing(sqlite3.connect(project_folder(place) / "project.sqlite", isolation_level=None)) as connection:
        images = [image for (image,) in connection.execute("SELECT sha256 FROM image")]
        connection.execute("PRAGMA synchronous=OFF")
        for first in range(0, events, _AT_ONCE):
            connection.execute("BEGIN")
            chain = ChainWriter(connection)
            for number in range(first, min(first + _AT_ONCE, events)):
                at = (_BEGAN + timedelta(seconds=20 * number)).isoformat(timespec="microseconds")
                _add(connection, chance, images, at)
                chain.append(NOTHING_MORE)
            connection.execute("COMMIT")
    Project.of_images(place).close()  # the journal takes all of it over


def _add(connection: sqlite3.Connection, chance: random.Random, images: list[str], at: str) -> None:
    reader, insert = chance.choice(READERS), "INSERT INTO step (reader, at, kind, of) VALUES (?, ?, ?, ?)"
    if chance.random() < 0.02:
        [(of, by)] = connection.execute("SELECT id, reader FROM step WHERE kind = 'do' ORDER BY id DESC LIMIT 1").fetchall()
        [(correction,)] = connection.execute("SELECT coalesce(max(id), 1) FROM correction").fetchall()
        step = connection.execute(insert, (by, at, "undo", of)).lastrowid
        values = (correction, 1, by, at, step)
        connection.execute("INSERT INTO revocation (correction, revoked, reader, at, step) VALUES (?, ?, ?, ?, ?)", values)
        return
    step = connection.execute(insert, (reader, at, "do", None)).lastrowid
    said = (chance.choice(images), chance.choice(CLASSES), reader, at, "label", 0, step)
    connection.execute("INSERT INTO correction (image, label, reader, at, said, blind, step) VALUES (?, ?, ?, ?, ?, ?, ?)", said)


def watch(place: Path) -> None:
    """Open it in a session without a window, and tell how long each took: by the clock, and of this thread's processor time."""
    from PySide6.QtWidgets import QApplication

    from endodesk.app.browsing.frame_filter import FrameFilter
    from endodesk.app.project.project import Project
    from endodesk.app.project.readers import set_reader
    from endodesk.app.session import Session

    application = QApplication([])
    gc.disable()  # as endodesk/__main__.py does until the window stands
    project = _timed("the project is opened", lambda: Project.of_images(place))
    set_reader(project, "Ann")
    session = _timed("labels, marks and steps are read", lambda: Session(project))
    gc.enable()
    gc.freeze()
    session.start()
    _until(application, lambda: len(session.workspace.frames) > 0 and session.jobs.idle)
    session.navigation.choose(5)
    _until(application, lambda: session.workspace.open_frame is not None)
    session.labelling.goes_on = False
    _timed("a label", lambda: session.label("polyps"), 50)
    _timed("undo", session.undo, 50)
    _timed("redo", session.redo, 50)
    filters = itertools.cycle((FrameFilter(classes=("polyps",)), FrameFilter(readers=("Ann",)), FrameFilter(text="case-1"), FrameFilter()))
    _timed("a filter", lambda: session.shown.set_filter(next(filters)), 20)
    chain = project.database.chain
    _timed("as of a moment in its middle", lambda: chain.data_set(_middle(project.database.path)))
    _timed("as it is now, of one reader", lambda: chain.data_set(reader="Ann"))
    verdict = _timed("verified", chain.verify)
    sys.stdout.write(f"{verdict}\n")
    file = project.database.path
    sys.stdout.write(", ".join(f"{one.name}: {one.stat().st_size / 1e6:,.0f} MB" for one in (file, file.with_name("labels.jsonl"))) + "\n")
    session.close()


def _middle(file: Path) -> datetime:
    """When the event in the middle was written."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT at FROM event WHERE id = (SELECT max(id) / 2 FROM event)"
        return datetime.fromisoformat(connection.execute(query).fetchone()[0])


def _timed(what: str, does: Callable[[], T], times: int = 1) -> T:
    taken, own = [], []
    for _ in range(times):
        started, before = time.perf_counter(), time.thread_time()
        result = does()
        own.append(1e3 * (time.thread_time() - before))
        taken.append(1e3 * (time.perf_counter() - started))
    middle = statistics.median
    sys.stdout.write(f"{what}: {middle(taken):,.1f} ms, longest {max(taken):,.1f}; of a processor {middle(own):,.1f}, {max(own):,.1f}\n")
    sys.stdout.flush()
    return result


def _until(application: object, done: Callable[[], bool]) -> None:
    while not done():
        application.processEvents()
        time.sleep(0.001)


def main(frames: str = "100000", events: str = "1000000", place: str = "") -> None:
    """Make it, open it in a child, and tell."""
    with tempfile.TemporaryDirectory() as passing:
        home = Path(place or passing)
        homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.benchmarks.long_record"]
        if not (home / "frames").is_dir():
            subprocess.run([*command, "make", str(home / "frames"), frames, events], env=environment, check=True)
        subprocess.run([*command, "watch", str(home / "frames")], env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["watch"]:
        watch(Path(sys.argv[2]))
        os._exit(0)
    else:
        main(*sys.argv[1:])
