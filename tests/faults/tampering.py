"""Rows of a record changed, deleted, swapped and inserted past the program: `python -m tests.faults.tampering --n 500 --seed 0`.

Each time one table of acts, or the chain itself, of a record with acts of each kind; triggers are dropped first. Every one must be found,
and the row that is named must be the one that was tampered with. Ends with 1 if one is not.
"""

import argparse
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from endodesk.data.chain.verifying import BrokenRow, Fault
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.override_store import Override
from endodesk.data.safety.journal import ACTS
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.overrides import Part
from endodesk.domain.recipes import Recipe
from endodesk.domain.reviews import AnnotationKind, Correction

KINDS = (Fault.CHANGED, Fault.MISSING, Fault.SWAPPED, Fault.INSERTED)
NOON = datetime(2025, 11, 23, 12, tzinfo=UTC)
_FRAMES, _ACTS = 30, 120


@dataclass(frozen=True, slots=True)
class Tampering:
    """What was done to which rows, and what verifying said of it."""

    kind: Fault
    table: str
    rows: tuple[int, ...]
    named: BrokenRow | None

    @property
    def is_named(self) -> bool:
        """Whether one of these rows is named. An event that stands in another's place breaks the chain behind it, too."""
        return self.named is not None and (self.named.table, self.named.id) in {(self.table, row) for row in self.rows}


def make_record(folder: Path, seed: int) -> Path:
    """A record with some hundred acts of all kinds of two readers, with undo, and with another copy's acts taken in; closed."""
    chance, file, journal = random.Random(seed), folder / "project.sqlite", folder / "labels.jsonl"
    with Database.open(file, journal=journal) as db:
        records = [ImageRecord(_frame(n), Path(f"/frames/{n}.png"), 64, 64, "") for n in range(_FRAMES)]
        db.images.add((record, FileStamp(100 + n, n, n, n, 1)) for n, record in enumerate(records))
        bundle = ModelBundle("m", PAPER_CLASSES, Recipe("published", ()), NOON, {"head.npz": "0" * 64}, metrics={"n": 1})
        db.models.add(bundle, folder / "models" / "m")
        for n in range(3):
            db.models.promote(bundle.id, reader="Ann", why=f"reason {n}", at=NOON + timedelta(minutes=n))
        _act(db, chance, 0, _ACTS)
    for path in (file, journal):
        shutil.copy2(path, path.with_name(f"older-{path.name}"))
    with Database.open(file, journal=journal) as db:
        _act(db, chance, 1, 5)
    file.with_name(f"older-{file.name}").replace(file)
    with Database.open(file, journal=journal) as db:
        _act(db, chance, 2, 5)
        for kept in db.kept_journals:
            db.take_in(kept)
        _act(db, chance, 3, 5)
    return folder


def _frame(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def _act(db: Database, chance: random.Random, when: int, acts: int) -> None:
    for n in range(acts):
        at, reader = NOON + timedelta(hours=when, seconds=n, microseconds=chance.randrange(1000)), chance.choice(("Ann", "Bob"))
        one, other = (_frame(number) for number in chance.sample(range(_FRAMES), 2))
        what = chance.randrange(8)
        if what <= 2:
            kind, value = chance.choice(
                [(AnnotationKind.LABEL, "polyps"), (AnnotationKind.NOTE, f"note {n}"), (AnnotationKind.FLAGGED, "yes")]
            )
            db.corrections.give([Correction(image, value, reader, at, kind=kind) for image in (one, other)[: chance.randint(1, 2)]])
        elif what == 3:
            db.overrides.give([Override(Part.BOX, ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)), reader, at, one)])
        elif what == 4:
            db.merges.add(one, other, joined=chance.random() < 0.7, reader=reader, at=at)
        elif what == 5:
            db.conclusions.add(Conclusion("case-1", f"text {n}", "", reader, at))
        elif what == 6:
            db.settings.set("classes", ["polyps", f"class {when} {n}"], reader=reader)
        elif (stacks := db.steps.stacks(reader)).next_undo is not None:
            db.steps.undo(stacks.next_undo, reader=reader, at=at)


def tamper(record: Path, folder: Path, number: int, seed: int) -> Iterator[Tampering]:
    """So many tamperings, one after the other, each with a fresh copy of the record."""
    chance = random.Random(seed)
    for n in range(number):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(record, folder)
        kind, table = KINDS[n % len(KINDS)], chance.choice(ACTS)
        with closing(sqlite3.connect(folder / "project.sqlite", isolation_level=None)) as connection:
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            rows = _DONE[kind](connection, table, chance)
        with Database.open(folder / "project.sqlite", journal=folder / "labels.jsonl") as db:
            yield Tampering(kind, table, rows, db.chain.verify().broken)


def _ids(connection: sqlite3.Connection, table: str) -> list[int]:
    return [number for (number,) in connection.execute(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608


def _change(connection: sqlite3.Connection, table: str, chance: random.Random) -> tuple[int, ...]:
    number = chance.choice(_ids(connection, table))
    columns = [row[1:4] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in ("id",)]
    name, kind, filled = chance.choice(columns)
    [(value,)] = connection.execute(f'SELECT "{name}" FROM {table} WHERE id = ?', (number,))  # noqa: S608
    new = _another(value, kind, chance, may_be_null=not filled)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f'UPDATE {table} SET "{name}" = ? WHERE id = ?', (new, number))  # noqa: S608
    return (number,)


def _another(value: object, kind: str, chance: random.Random, *, may_be_null: bool) -> object:
    if may_be_null and value is not None and chance.random() < 0.2:
        return None
    if kind != "TEXT":
        return (value if isinstance(value, int) else 0) + chance.choice((1, -1, 7))
    text = str(value or "")
    cut = chance.randrange(len(text) + 1)
    return chance.choice((text[:cut] + chance.choice("xyz é0") + text[cut:], "another" if text != "another" else "one", text.upper() + "."))


def _delete(connection: sqlite3.Connection, table: str, chance: random.Random) -> tuple[int, ...]:
    number = chance.choice(_ids(connection, table))
    connection.execute(f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608
    return (number,)


def _swap(connection: sqlite3.Connection, table: str, chance: random.Random) -> tuple[int, ...]:
    """Two rows that differ in something else than their numbers: to swap equal ones changes nothing."""
    rows = {row[0]: row[1:] for row in connection.execute(f"SELECT * FROM {table}")}  # noqa: S608
    pairs = [(one, other) for one in rows for other in rows if one < other and rows[one] != rows[other]]
    if not pairs:  # a table of one row
        return _change(connection, table, chance)
    one, other = chance.choice(pairs)
    names = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})"))
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f"DELETE FROM {table} WHERE id IN (?, ?)", (one, other))  # noqa: S608
    for number, values in ((one, rows[other]), (other, rows[one])):
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * (len(values) + 1))})", (number, *values))  # noqa: S608
    return one, other


def _insert(connection: sqlite3.Connection, table: str, chance: random.Random) -> tuple[int, ...]:
    """A copy of a row: at the end, or, where one was deleted, in its place."""
    ids = _ids(connection, table)
    source, number = chance.choice(ids), ids[-1] + 1
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    [values] = connection.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {table} WHERE id = ?", (source,))  # noqa: S608
    if table == "foreign_event":
        values = tuple(f"{value}0" if name == "digest" else value for name, value in zip(columns, values, strict=True))
    marks = ", ".join("?" * (len(columns) + 1))
    connection.execute(f"INSERT INTO {table} (id, {', '.join(map(_quoted, columns))}) VALUES ({marks})", (number, *values))  # noqa: S608
    return (number,)


def _quoted(name: str) -> str:
    return f'"{name}"'


_DONE = {Fault.CHANGED: _change, Fault.MISSING: _delete, Fault.SWAPPED: _swap, Fault.INSERTED: _insert}


def main() -> int:
    """Try, print, and say whether all were found."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=500)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    counted: Counter[str] = Counter()
    with TemporaryDirectory(prefix="tampering-") as name:
        (Path(name) / "record").mkdir()
        record = make_record(Path(name) / "record", asked.seed)
        for one in tamper(record, Path(name) / "tried", asked.n, asked.seed):
            counted.update({f"{one.kind}, {one.table}": 1, "found": one.named is not None, "named": one.is_named})
            if not one.is_named:
                sys.stdout.write(f"{one.kind} {one.table} {one.rows}: {one.named}\n")
    for what, times in sorted(counted.items()):
        sys.stdout.write(f"{times:5} {what}\n")
    return int(counted["named"] < asked.n)


if __name__ == "__main__":
    sys.exit(main())
