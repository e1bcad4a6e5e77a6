"""The chain as lines of JSON: an event a line, with the rows that it covers, so that it can be verified without this program.

`{"event": {..., "previous": DIGEST, "digest": DIGEST}, "rows": [{"table": ..., "id": ..., ...}]}`, in the order of the chain. What is
hashed is the JSON of the event without its `digest`, and that of each row, as `endodesk.data.chain.rows.digest_of` says.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from endodesk.data.chain.rows import COVERED, Row, Rows, covered_by, digest_of, line_of, named, rows_in
from endodesk.data.chain.writing import hashed_event
from endodesk.domain.errors import EndoDeskError
from endodesk.system.task import TaskContext


class BrokenLine(EndoDeskError):
    """A line of an export that does not hold together: changed, missing, inserted or moved."""


def export_chain(connection: sqlite3.Connection, task: TaskContext) -> Iterator[str]:
    """All of a record's chain, as lines without their ends; rows as they are there, whether they fit or not. Cancelled."""
    total = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]

    def row_of(table: str, number: int) -> Row | None:
        return next(rows_in(connection, f'SELECT * FROM "{table}" WHERE id = ?', (number,)), None)  # noqa: S608  (names of ours)

    def events() -> Iterator[tuple[Row, str | None]]:
        previous = None
        for done, event in enumerate(rows_in(connection, "SELECT * FROM event ORDER BY id")):
            task.report(done, total)
            yield event, previous
            previous = event.get("digest")

    return lines_of(events(), row_of)


def lines_of(events: Iterable[tuple[Row, str | None]], row_of: Callable[[str, int], Row | None]) -> Iterator[str]:
    """Events, each with the digest of the one before it, as lines; a row that is not there is left out. BrokenLine where one is damaged."""
    for event, previous in events:
        try:
            covered = covered_by(event)
        except ValueError as error:
            raise BrokenLine(f"Event {event['id']} of the record is damaged.") from error
        found = ((table, row_of(table, number)) for table, number, _ in covered if table in COVERED)
        rows = [named(table, row) for table, row in found if row is not None]
        yield line_of({"event": {**hashed_event(event, previous), "digest": event.get("digest")}, "rows": rows})


def read_chain(lines: Iterable[str]) -> Rows:
    """What an export holds, by table, `event` among them; proven on the way. BrokenLine names the first row that does not hold."""
    rows: Rows = {}
    previous = None
    for number, line in enumerate(lines, 1):
        told = proven_line(line, number)
        if told["event"].get("previous") != previous:
            raise BrokenLine(f"Line {number}: event {told['event'].get('id')} does not follow the one before it.")
        previous = told["event"]["digest"]
        rows.setdefault("event", []).append({name: value for name, value in told["event"].items() if name != "previous"})
        for row in told["rows"]:
            table = row["table"]
            rows.setdefault(table, []).append({name: value for name, value in row.items() if name != "table"})
            if table == "foreign_event":
                proven_line(row["line"], number)
    return rows


def proven_line(line: str, number: int) -> dict[str, Any]:
    """One line whose event and rows are as their digests say. BrokenLine names what is not."""
    try:
        told: dict[str, Any] = json.loads(line)
        event, rows = told["event"], told["rows"]
        what = f"event {event['id']}"
        if digest_of({name: value for name, value in event.items() if name != "digest"}) != event["digest"]:
            raise BrokenLine(f"Line {number}: {what} was changed.")
        covered = covered_by(event)
        for (table, at, digest), row in zip(covered, rows, strict=False):
            if (row["table"], row["id"], digest_of(row)) != (table, at, digest):
                raise BrokenLine(f"Line {number}: {table} {at} was changed, or another row stands in its place.")
        if len(covered) != len(rows):
            raise BrokenLine(f"Line {number}: {what} tells of {len(covered)} rows, and there are {len(rows)}.")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BrokenLine(f"Line {number} is no event of a chain ({error}).") from error
    return told
