"""Verifying the chain: every event is computed anew, and every row is held against the digest that its event has of it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from endodesk.data.chain.chain_lines import BrokenLine, proven_line
from endodesk.data.chain.rows import COVERED, Row, covered_by, digest_of, named, rows_in
from endodesk.data.chain.writing import CLASSES, hashed_event
from endodesk.system.task import TaskContext


class Fault(StrEnum):
    """What happened to a row."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """The first row, in the order of the chain, that is not as its event says."""

    table: str
    id: int | str
    fault: Fault
    other: int | None = None
    """Of SWAPPED: the row whose values stand in this one."""


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What verifying came to: how many events hold, the digest of the last of them, and what broke after it, if anything did."""

    events: int
    digest: str
    broken: BrokenRow | None = None


class _Broken(Exception):
    def __init__(self, table: str, number: int | str, fault: Fault, other: int | None = None) -> None:
        super().__init__()
        self.row = BrokenRow(table, number, fault, other)


class _Rows:
    """The rows of one table in their order, each taken once."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection, self.table = connection, table
        self._rows = rows_in(connection, f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608  (names of ours)
        self._next = next(self._rows, None)

    def take(self, number: int, digest: str) -> Row:
        """The next row, which must be that one."""
        row = self._next
        if row is None or row["id"] > number:
            raise _Broken(self.table, number, Fault.MISSING)
        self.require_end(number)
        self._next = next(self._rows, None)
        if digest_of(named(self.table, row)) != digest:
            other = self._now_in_place_of(row)
            raise _Broken(self.table, number, Fault.CHANGED if other is None else Fault.SWAPPED, other)
        return row

    def require_end(self, number: int | None = None) -> None:
        """No row is left, or none before that number."""
        if self._next is not None and (number is None or self._next["id"] < number):
            raise _Broken(self.table, self._next["id"], Fault.INSERTED)

    def _now_in_place_of(self, row: Row) -> int | None:
        """The number of the row that had these values, if they were only moved."""
        for (covers,) in self._connection.execute("SELECT covers FROM event"):
            for table, number, digest in covered_by({"covers": covers}):
                if table == self.table and digest_of(named(table, {**row, "id": number})) == digest:
                    return number
        return None


def verify_chain(connection: sqlite3.Connection, task: TaskContext) -> ChainVerdict:
    """Look through all of it, as it is in this moment, in one transaction of the caller's; some 30,000 events a second. Cancelled."""
    total = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    tables = {table: _Rows(connection, table) for table in COVERED}
    events, digest, classes = 0, None, None
    try:
        for event in _linked(connection):
            task.report(events, total)
            for table, number, row_digest in _covered(event):
                row = tables[table].take(number, row_digest)
                if table == "foreign_event":
                    _require_proven(row)
            classes = event.get("told", classes) if event.get("kind") == CLASSES else classes
            events, digest = event["id"], event["digest"]
        for rows in tables.values():
            rows.require_end()
        _require_classes(connection, classes)
    except _Broken as found:
        return ChainVerdict(events, digest or "", found.row)
    return ChainVerdict(events, digest or "")


def digest_at(connection: sqlite3.Connection, number: int) -> str | None:
    """The digest of an event; None if there is none of that number."""
    found = connection.execute("SELECT digest FROM event WHERE id = ?", (number,)).fetchone()
    return found and str(found[0])


def _linked(connection: sqlite3.Connection) -> Iterator[Row]:
    """Events one after the other, each as its digest says. _Broken at the first that is not, or that does not follow."""
    previous, expected = None, 1
    for event in rows_in(connection, "SELECT * FROM event ORDER BY id"):
        if event["id"] != expected:
            raise _Broken("event", *((expected, Fault.MISSING) if event["id"] > expected else (event["id"], Fault.INSERTED)))
        if digest_of(hashed_event(event, previous)) != event.get("digest"):
            other = _event_in_place_of(connection, event)
            raise _Broken("event", expected, Fault.CHANGED if other is None else Fault.SWAPPED, other)
        yield event
        previous, expected = event["digest"], expected + 1


def _event_in_place_of(connection: sqlite3.Connection, event: Row) -> int | None:
    before = None
    for number, digest in connection.execute("SELECT id, digest FROM event ORDER BY id"):
        if number != event["id"] and digest_of(hashed_event({**event, "id": number}, before)) == event.get("digest"):
            return int(number)
        before = digest
    return None


def _covered(event: Row) -> list[tuple[str, int, str]]:
    try:
        covered = covered_by(event)
    except ValueError:
        covered = [("", 0, "")]
    if any(table not in COVERED for table, _, _ in covered):
        raise _Broken("event", event["id"], Fault.CHANGED)
    return covered


def _require_proven(row: Row) -> None:
    """Its line is the very event that its digest names."""
    try:
        is_the_one = proven_line(row["line"], row["id"])["event"]["digest"] == row["digest"]
    except (BrokenLine, KeyError):
        is_the_one = False
    if not is_the_one:
        raise _Broken("foreign_event", row["id"], Fault.CHANGED)


def _require_classes(connection: sqlite3.Connection, told: str | None) -> None:
    """The classes are as they were chosen last; of a project from before the chain nobody knows how they were."""
    row = connection.execute("SELECT value FROM setting WHERE key = 'classes'").fetchone()
    if told is not None and _classes_of(told) != (_read(row[0]) if row else None):
        raise _Broken("setting", CLASSES, Fault.CHANGED)


def _classes_of(told: str) -> object:
    read = _read(told)
    return read.get(CLASSES) if isinstance(read, dict) else None


def _read(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, TypeError, RecursionError):
        return None
