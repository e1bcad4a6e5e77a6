"""What other programs do to a project's file, at random moments, while the real window labels: no label that it showed may be lost."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from endodesk.app.project.project import Project
from endodesk.data.chain.verifying import BrokenRow
from tests.frame_folders import png, put

FRAMES, CLASSES = 24, ("esophagitis", "polyps", "ulcerative-colitis")
_BURST = 10
_TOLD_WITHIN_S = 10


def wal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def exchange(file: Path, older: Path, _: random.Random) -> None:
    """As a sync client does."""
    shutil.copy(older, file.with_name("arriving"))
    file.with_name("arriving").replace(file)


def overwrite(file: Path, older: Path, _: random.Random) -> None:
    """As `cp` does."""
    with file.open("r+b") as stream:
        stream.truncate(0)
        stream.write(older.read_bytes())


def truncate(file: Path, _: Path, chance: random.Random) -> None:
    os.truncate(file, chance.choice((0, chance.randrange(file.stat().st_size or 1))))


def hold(file: Path, _: Path, chance: random.Random) -> None:
    """As a backup does, and programs that look into it."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(chance.uniform(0.05, 1.0))
        other.execute("ROLLBACK")


def is_sound_file(file: Path) -> bool:
    """Whether nothing was harmed after all: what was cut off may all lie in the -wal file."""
    with closing(sqlite3.connect(file)) as other:
        try:
            return bool(other.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


def delete_all(file: Path, _: Path, __: random.Random) -> None:
    for path in (file, wal(file), file.with_name(f"{file.name}-shm"), file.with_name("labels.jsonl")):
        path.unlink(missing_ok=True)


FAULTS: dict[str, Callable[[Path, Path, random.Random], None]] = {
    "exchanged": exchange,
    "overwritten": overwrite,
    "deleted": lambda file, *_: file.unlink(),
    "truncated": truncate,
    "-wal deleted": lambda file, *_: wal(file).unlink(missing_ok=True),
    "-shm deleted": lambda file, *_: file.with_name(f"{file.name}-shm").unlink(missing_ok=True),
    "journal deleted": lambda file, *_: file.with_name("labels.jsonl").unlink(missing_ok=True),
    "all deleted": delete_all,
    "locked": hold,
}
HARMLESS = ("locked", "journal deleted", "overwritten")
"""After these nothing needs to be told but what was refused: a copy of the very state that lies in the file changes nothing."""


@dataclass
class Run:
    """What one fault came to."""

    fault: str
    killed: bool
    lost: int = 0
    """Labels that the window showed as given and that are not there in the end."""
    unasked: int = 0
    """Labels that are there and were neither given nor tried."""
    refused_there: int = 0
    """Labels that the window said were not saved, and that are there: tried in the moment of the fault."""
    told: list[str] = field(default_factory=list)
    was_told: bool = True
    longest_ms: float = 0.0
    """The longest key by the clock, which on a busy machine is mostly waiting for a processor or the disk."""
    own_ms: float = 0.0
    """The same of a processor."""
    broken: BrokenRow | None = None
    """Where the program was killed: the first row, in what was opened again, that is not as its event says."""


class Child:
    """The window in a process, and what it showed as given."""

    def __init__(self, images: Path, home: Path) -> None:
        names = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **names, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.faults.window_child", str(images)]
        root = Path(__file__).parents[2]
        home.mkdir(parents=True, exist_ok=True)
        self._errors = home / "window.stderr"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=root, text=True
            )
        self.given: dict[str, str] = {}
        self.acknowledged = 0
        self.tried: tuple[str, str] | None = None
        self.path = Path(self.answer()["path"])

    def ask(self, **command: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """The answer to a command; labels on the way are noted. EOFError where the program has ended."""
        while True:
            told = self._next()
            if "trying" not in told and "given" not in told:
                return told

    def hear(self, labels: int) -> None:
        """Wait until so many more labels were given; EOFError as `answer`."""
        enough = self.acknowledged + labels
        while self.acknowledged < enough:
            self._next()

    def _next(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.endswith("\n"):
            raise EOFError(f"the window has ended: {self.process.wait()}\n{self._errors.read_text(errors='replace')[-2000:]}")
        told: dict[str, Any] = json.loads(line)
        if "trying" in told:
            self.tried = tuple(told["trying"])
        elif "given" in told:
            image, name = told["given"]
            self.given[image], self.tried = name, None
            self.acknowledged += 1
        return told

    def kill(self) -> None:
        self.process.kill()
        with suppress(EOFError):
            while True:
                self.answer()  # what it had said before
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # a command that it did not read
                assert pipe
                pipe.close()


def make_frames(folder: Path) -> Path:
    for number in range(FRAMES):
        put(folder / CLASSES[number % 3] / f"{number:02}.png", png(number, CLASSES[number % 3], 64))
    return folder


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(home / "data")
    try:
        yield
    finally:
        os.environ.pop("XDG_DATA_HOME") if before is None else os.environ.update(XDG_DATA_HOME=before)


def labels_when_opened(images: Path, home: Path, run: Run) -> dict[str, str]:
    """What stands in the project once it was opened as the window opens it and what was offered was taken in."""
    with at_home(home):
        project = Project.of_images(images)
        try:
            run.told = [project.told] if project.told else []
            for journal in project.database.kept_journals:
                if acts := project.database.lacking(journal):
                    run.told.append(f"{acts} offered")
                    project.database.take_in(journal)
            run.broken = project.database.chain.verify().broken
            return {image: stored.correction.value for image, stored in project.database.corrections.current().items()}
        finally:
            project.close()


def one(child: Child, images: Path, home: Path, chance: random.Random, older: Path, fault: str) -> Run:
    """Label, let the fault happen meanwhile, label on, then open the project again: in the window, or after killing it."""
    # nothing is left of a project of which every file is deleted, if the program is killed before it writes them again
    run = Run(fault, killed=chance.random() < 0.4 and fault != "all deleted")
    child.ask(do="label", rows=[chance.randrange(FRAMES) for _ in range(_BURST)], key=chance.randrange(3))
    time.sleep(chance.uniform(0, 0.4))
    culprit = threading.Thread(target=FAULTS[fault], args=(child.path, older, chance))
    culprit.start()
    if run.killed:
        time.sleep(chance.uniform(0, 0.5))
        child.kill()
        culprit.join()
        found = labels_when_opened(images, home, run)
    else:
        heard = child.answer()
        run.longest_ms, run.own_ms, run.told = heard["longest_ms"], heard["own_ms"], heard["told"]
        culprit.join()
        if not run.told and fault not in HARMLESS:
            child.ask(do="wait_for_a_box", seconds=_TOLD_WITHIN_S)
            run.told = child.answer()["told"]
            run.was_told = bool(run.told) or is_sound_file(child.path)
        child.ask(do="answer")
        run.told += child.answer()["told"]
        child.ask(do="labels")
        found = child.answer()["labels"]
    _judge(run, child, found)
    return run


def _judge(run: Run, child: Child, found: dict[str, str]) -> None:
    for image in child.given.keys() | found.keys():
        expected, there = child.given.get(image), found.get(image)
        if there == expected:
            continue
        if child.tried == (image, there):
            run.refused_there += 1
        elif expected is not None:
            run.lost += 1
        else:
            run.unasked += 1
    child.given, child.tried = dict(found), None


def runs(folder: Path, number: int, seed: int) -> Iterator[Run]:
    """So many faults, one after the other on one project, whose file is copied now and then: the older copies that come back."""
    chance, home = random.Random(seed), folder / "home"
    images, older = make_frames(folder / "frames"), folder / "older.sqlite"
    child = Child(images, home)
    child.ask(do="label", rows=list(range(6)), key=0)
    child.answer()
    shutil.copy(child.path, older)
    kinds = list(FAULTS)
    try:
        for n in range(number):
            fault = kinds[n % len(kinds)]
            run = one(child, images, home, chance, older, fault)
            yield run
            if run.killed:
                given = child.given
                child = Child(images, home)
                child.ask(do="answer")
                child.answer()
                child.given = given
            if chance.random() < 0.3 and child.path.exists():
                with closing(sqlite3.connect(child.path)) as source, closing(sqlite3.connect(older)) as copy:
                    source.backup(copy)
    finally:
        child.kill()
