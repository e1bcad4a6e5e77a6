"""Labels at full speed until SIGKILL, while another program copies the record: `python -m tests.faults.killed --n 200 --seed 0`.

No label whose writing had returned may be missing, at most the one under way may be there besides, and the chain must hold. Each time
with the record that the killed program left. Ends with 1 if anything is wrong.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from endodesk.data.chain.verifying import BrokenRow
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.safety.recovery import open_record
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.reviews import Correction

_FRAMES, _LABELS = 20, ("polyps", "ulcer", "normal")


@dataclass(frozen=True, slots=True)
class Killed:
    """What one killing came to."""

    acknowledged: int
    lost: int
    unasked: int
    """Labels there beyond those acknowledged and the one under way."""
    backups: int
    events: int
    broken: BrokenRow | None


def _opened(folder: Path) -> Database:
    return open_record(folder / "project.sqlite", folder / "labels.jsonl")[0]


def _frame(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def label(folder: Path, seed: int) -> None:
    """In the child: a label after the other; a line once it is durable. Now and then one is undone."""
    chance = random.Random(seed)
    with _opened(folder) as db:
        db.images.add((ImageRecord(_frame(n), Path(f"/{n}.png"), 8, 8, ""), FileStamp(n, n)) for n in range(_FRAMES))
        while True:
            step = db.corrections.give([Correction(_frame(chance.randrange(_FRAMES)), chance.choice(_LABELS), "Ann", datetime.now(UTC))])
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            if chance.random() < 0.1:
                db.steps.undo(step, reader="Ann", at=datetime.now(UTC))


def kill_some(folder: Path, number: int, seed: int) -> Iterator[Killed]:
    """So many programs killed, one after the other, on one record."""
    chance = random.Random(seed)
    for n in range(number):
        before = _steps(folder)
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed", "--label", str(folder), str(seed + n)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout
        first = child.stdout.readline()
        stop, backups = threading.Event(), list[int]()
        copying = threading.Thread(target=_copy, args=(folder, stop, backups))
        copying.start()
        time.sleep(chance.uniform(0, 0.4))
        child.kill()
        told = {int(line) for line in (first, *child.stdout) if line.endswith("\n")}
        child.stdout.close()
        child.wait()
        stop.set()
        copying.join()
        with _opened(folder) as db:
            verdict = db.chain.verify()
        given = _steps(folder) - before
        yield Killed(len(told), len(told - given), max(0, len(given - told) - 1), len(backups), verdict.events, verdict.broken)


def _copy(folder: Path, stop: threading.Event, done: list[int]) -> None:
    """SQLite's online backup, as a backup of the running program does."""
    while not stop.is_set():
        with closing(sqlite3.connect(folder / "project.sqlite")) as source, closing(sqlite3.connect(folder / "copy.sqlite")) as copy:
            source.backup(copy)
        done.append(1)


def _steps(folder: Path) -> set[int]:
    """The numbers of all labels' steps."""
    if not (folder / "project.sqlite").exists():
        return set()
    with closing(sqlite3.connect(folder / "project.sqlite")) as connection:
        return {step for (step,) in connection.execute("SELECT step FROM correction")}


def main() -> int:
    """Kill, print, and say whether all was well."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=200)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--label", nargs=2)
    asked = options.parse_args()
    if asked.label:
        label(Path(asked.label[0]), int(asked.label[1]))
    with TemporaryDirectory(prefix="killed-") as name:
        found = list(kill_some(Path(name), asked.n, asked.seed))
    sums = {what: sum(getattr(one, what) for one in found) for what in ("acknowledged", "lost", "unasked", "backups")}
    broken = [one.broken for one in found if one.broken]
    sys.stdout.write(f"{len(found)} killed: {sums}, {found[-1].events} events, chain broken: {broken or 'never'}\n")
    return int(bool(sums["lost"] or sums["unasked"] or broken))


if __name__ == "__main__":
    sys.exit(main())
