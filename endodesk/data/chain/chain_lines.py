"""The chain as lines of JSON: an event a line, with the rows that it covers, so that it can be verified without this program.

`{"event": {..., "previous": DIGEST, "digest": DIGEST}, "rows": [{"table": ..., "id": ..., ...}]}`, in the order of the chain. What is
hashed is the JSON of the event without its `digest`, and that of each row, as `endodesk.data.chain.rows.digest_of` says. Behind them come
the events of other records that were taken in, in the order of the rows of `foreign_event`, which name them by their digests.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from endodesk.data.chain.rows import COVERED, Row, covered_by, digest_of, line_of, named, rows_in
from endodesk.data.chain.writing import hashed_event
from endodesk.domain.errors import EndoDeskError
from endodesk.system.task import TaskContext


class BrokenLine(EndoDeskError):
    """A line of an export that does not hold together: changed, missing, inserted or moved."""


def export_chain(connection: sqlite3.Connection, task: TaskContext, last: int | None = None) -> Iterator[str]:
    """A record's chain, to its end or to the event `last`, as lines without their ends, then the events of other records that it refers to.

    Rows are as they are there, whether they fit or not. BrokenLine where an event is damaged; Cancelled.
    """
    newest: int = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    total = newest if last is None else min(last, newest)
    foreign: list[int] = []

    def row_of(table: str, number: int) -> Row | None:
        if table == "foreign_event":
            foreign.append(number)
        return next(rows_in(connection, f'SELECT * FROM "{table}" WHERE id = ?', (number,)), None)  # noqa: S608  (names of ours)

    def events() -> Iterator[tuple[Row, str | None]]:
        previous = None
        for done, event in enumerate(rows_in(connection, "SELECT * FROM event WHERE id <= ? ORDER BY id", (total,))):
            task.report(done, total)
            yield event, previous
            previous = event.get("digest")

    yield from lines_of(events(), row_of)
    for number in foreign:
        for (line,) in connection.execute("SELECT line FROM foreign_event WHERE id = ?", (number,)):
            yield line


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


class Chain:
    """The rows of one record's chain, by table and number."""

    def __init__(self, before: "Chain | None" = None) -> None:
        """`before` is the chain of which this one is another end: a copy of the record, in which readers went on."""
        self._before, self._rows = before, dict[str, dict[int, Row]]()
        self.events = 0
        self.digest: str | None = None if before is None else before.digest

    def add(self, told: dict[str, Any]) -> None:
        """The next event, and the rows that it covers."""
        self.events, self.digest = self.events + 1, told["event"]["digest"]
        for row in told["rows"]:
            self._rows.setdefault(row["table"], {})[row["id"]] = row

    def rows(self, table: str) -> Collection[Row]:
        """Its own, in their order; not those from before it parted from another."""
        return self._rows.get(table, {}).values()

    def row(self, table: str, number: int) -> Row | None:
        """Its own of that number, or the one from before it parted."""
        found = self._rows.get(table, {}).get(number)
        return self._before.row(table, number) if found is None and self._before else found


def read_chains(lines: Iterable[str], first: int = 1) -> list[Chain]:
    """What an export holds: its record's own chain, and what it has of those of others. BrokenLine names the first row that does not hold.

    The lines are counted from `first`.
    """
    chains, by_event = [Chain()], dict[str | None, Chain]()
    for told, is_own in proven_lines(lines, first):
        previous = told["event"].get("previous")
        chain = chains[0] if is_own else _goes_on(chains, by_event.get(previous), previous)
        chain.add(told)
        by_event[told["event"]["digest"]] = chain
    return chains


def proven_lines(lines: Iterable[str], first: int = 1) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each event with its rows, and whether it is of the record's own chain; proven, and in their places. Raises as `read_chains`."""
    events, previous, number, is_own = 0, None, first - 1, True
    promised: deque[tuple[int, str]] = deque()
    for number, line in enumerate(lines, first):
        told = proven_line(line, number)
        event = told["event"]
        follows = event.get("previous") == previous and event["id"] == events + 1
        if is_own and follows:
            events, previous = event["id"], event["digest"]
            promised += ((row["id"], row["digest"]) for row in told["rows"] if row["table"] == "foreign_event")
        elif promised and promised[0][1] == event["digest"]:
            promised.popleft()
            is_own = False
        elif is_own:
            raise BrokenLine(f"Line {number}: event {event['id']} does not follow the one before it.")
        else:
            raise BrokenLine(f"Line {number} is not the {f'foreign_event {promised[0][0]}' if promised else 'end'} that is to follow.")
        yield told, is_own
    if promised:
        raise BrokenLine(f"Line {number + 1}, with foreign_event {promised[0][0]}, is missing.")


def _goes_on(chains: list[Chain], chain: Chain | None, previous: str | None) -> Chain:
    """The chain itself where that is its last event; else one that parts from it there, or begins."""
    if chain is None or chain.digest != previous or chain is chains[0]:
        chain = Chain(chain)
        chains.append(chain)
    return chain


def proven_line(line: str, number: int) -> dict[str, Any]:
    """One line whose event and rows are as their digests say. BrokenLine names what is not."""
    try:
        told: dict[str, Any] = json.loads(line)
        event, rows = told["event"], told["rows"]
        if line_of(told) != line or len(told) != 2:
            raise BrokenLine(f"Line {number} was changed: it is not written as a line of a chain is.")
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
