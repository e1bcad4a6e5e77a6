"""Writing the chain: one event for what a transaction added, in that transaction."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from endodesk.data.chain.rows import COVERED, NEWEST, Row, Rows, covers_of, digest_of, reach_in, rows_in

_AT_ONCE = 500  # rows of a table that one event covers: its text stays within 0.1 MB
_LAST = "SELECT id, digest FROM event ORDER BY id DESC LIMIT 1"
_LAST_CLASSES = "SELECT told FROM event WHERE kind = 'classes' ORDER BY id DESC LIMIT 1"
_REACH = "SELECT reach FROM event ORDER BY id DESC LIMIT 1"
BEFORE = "before the chain"
TAKEN_IN = "taken in"
"""Acts that were found in the journal of another copy of this record."""
CLASSES = "classes"
BEFORE_CHOICE = "before"
"""What an event of that kind tells beside the classes: those of before, null where none had been chosen."""
PLAN = "plan"
"""Who reads what from now on."""
RULE, MODEL = "rule", "model"
"""How much worse a new model may be from now on; what a reader calls a model, and that its files were deleted."""
CENTRE = "centre"
"""Which hospital or device a reader says frames come from; of an empty name that the word is taken back."""
IMPORT, EXPORT = "import", "export"


@dataclass(frozen=True, slots=True)
class ActNote:
    """What is told of an act beside its rows; its kind and its reader, where they are not named, are as the rows say."""

    kind: str = ""
    """With a kind there is an event also where no row was added."""
    reader: str = ""
    spent_ms: int | None = None
    """From when the frame was shown until the act."""
    told: Mapping[str, Any] | None = None
    """Kept as JSON: names of files, counts, whatever the rows do not say."""


NOTHING_MORE = ActNote()
"""All that is to be told stands in the rows."""


# Why: docs/decisions/data.md 19
class ChainWriter:
    """Covers what one writing transaction adds, and nothing that was there before: that was another program's."""

    def __init__(self, connection: sqlite3.Connection, covered: Sequence[int] | None = None) -> None:
        """`covered` is the newest number of each table that is not to be covered any more; by default all that is there."""
        self._connection = connection
        self._covered: Sequence[int] = covered or connection.execute(NEWEST).fetchone()

    def append(self, note: ActNote) -> None:
        """An event for an act, over all rows that were added since the last one, or since the transaction began."""
        newest: Sequence[int] = self._connection.execute(NEWEST).fetchone()
        while True:
            reach = [min(new, old + _AT_ONCE) for new, old in zip(newest, self._covered, strict=True)]
            rows = self._added(reach)
            if rows or note.kind:
                note = _completed(note, rows)  # of a step on many frames the rows that tell come first
                self._add(note, rows, reach)
            self._covered = reach
            if reach == list(newest):
                return

    def pass_over(self) -> None:
        """Rows that came with events of their own are covered by these."""
        found = self._connection.execute(_REACH).fetchone()
        if there := found and reach_in(found[0]):
            self._covered = [max(number, there[table]) for table, number in zip(COVERED, self._covered, strict=True)]

    def follow_classes(self) -> None:
        """Where the classes came with a journal, past the events that chose them, an event says so: else they would look changed."""
        told = self._connection.execute(_LAST_CLASSES).fetchone()
        now = self._connection.execute("SELECT value FROM setting WHERE key = ?", (CLASSES,)).fetchone()
        try:
            if told and now and json.loads(told[0]).get(CLASSES) != (classes := json.loads(now[0])):
                self.append(ActNote(CLASSES, told={CLASSES: classes}))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return  # damaged: verifying names it

    def _added(self, reach: Sequence[int]) -> Rows:
        between = zip(COVERED, self._covered, reach, strict=True)
        query = 'SELECT * FROM "{}" WHERE id > ? AND id <= ? ORDER BY id'
        added = {table: list(rows_in(self._connection, query.format(table), bounds)) for table, *bounds in between if bounds[0] < bounds[1]}
        return {table: rows for table, rows in added.items() if rows}

    def _add(self, note: ActNote, rows: Rows, reach: Sequence[int]) -> None:
        number, previous = self._connection.execute(_LAST).fetchone() or (0, None)
        now = datetime.now().astimezone()
        event: Row = {
            "id": number + 1,
            "kind": note.kind,
            "reader": note.reader or None,
            "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "utc_offset_min": int((now.utcoffset() or now - now).total_seconds()) // 60,
            "spent_ms": note.spent_ms,
            "told": None if note.told is None else json.dumps(note.told, allow_nan=False),
            "covers": covers_of((table, row) for table, found in rows.items() for row in found),
            "reach": json.dumps(reach),
        }
        event["digest"] = digest_of(hashed_event(event, previous))
        names = ", ".join(event)
        marks = ", ".join("?" * len(event))
        self._connection.execute(f"INSERT INTO event ({names}) VALUES ({marks})", list(event.values()))  # noqa: S608  (names of ours)


def hashed_event(event: Row, previous: str | None) -> Row:
    """An event as its digest is made of it: its own values without NULLs, and the digest of the event before it, if there is one."""
    values = {name: value for name, value in event.items() if value is not None and name != "digest"}
    return values if previous is None else {**values, "previous": previous}


def chain_of(connection: Connection) -> ChainWriter | None:
    """That of a writing transaction; None while an older schema is migrated."""
    chain: ChainWriter | None = connection.get_execution_options().get("chain")
    return chain


def has_chain(connection: sqlite3.Connection) -> bool:
    """Whether the schema has one: not before version 7."""
    return connection.execute("SELECT 1 FROM pragma_table_info('event') LIMIT 1").fetchone() is not None


def begin_chain(connection: sqlite3.Connection) -> None:
    """Cover all that readers did before there was a chain, if it has not begun."""
    if connection.execute(_LAST).fetchone() is None and any(connection.execute(NEWEST).fetchone()):
        ChainWriter(connection, [0] * len(COVERED)).append(ActNote(BEFORE))


def _completed(note: ActNote, rows: Rows) -> ActNote:
    """With the kind and the reader that the rows tell, where none is named."""
    reader = note.reader or next((row["reader"] for found in rows.values() for row in found if "reader" in row), "")
    return replace(note, kind=note.kind or _kind_of(rows), reader=reader)


def _kind_of(rows: Rows) -> str:
    if (step := rows.get("step")) and step[0]["kind"] != "do":
        return str(step[0]["kind"])
    if corrections := rows.get("correction"):
        said = str(corrections[0]["said"])
        return said if said in ("label", "verdict", "note") else "mark"
    if words := rows.get("revocation"):
        return "taken back" if words[0]["revoked"] else "given again"
    return next((table for table in reversed(COVERED) if table in rows), "step")
