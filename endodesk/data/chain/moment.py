"""Which rows a record held at a time, by the events of its chain."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, true

from endodesk.data.chain.rows import COVERED, reach_in
from endodesk.data.chain.writing import BEFORE
from endodesk.data.connections import raw_of
from endodesk.domain.errors import EndoDeskError


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows there were: up to a number in each table; of those from before the chain, of which no event tells, by time."""

    newest: dict[str, int]
    unchained: dict[str, int]
    moment: datetime | None

    def holds(self, table: Table) -> ColumnElement[bool]:
        """Of a row of that table, one of COVERED: it was there."""
        if self.moment is None:
            return true()
        chained_or_earlier = or_(table.c.id > self.unchained[table.name], table.c.at <= self.moment)
        return and_(table.c.id <= self.newest[table.name], chained_or_earlier)


# Why: docs/decisions/data.md 21
def cut_at(connection: Connection, moment: datetime | None) -> Cut:
    """What there was at a moment; all there is if that is None. EndoDeskError where the event that tells of it is damaged."""
    nothing, raw = dict.fromkeys(COVERED, 0), raw_of(connection)
    if moment is None:
        return Cut(nothing, nothing, None)
    unchained = _reach(raw, _last_where(raw, "kind = ?", BEFORE)) or nothing
    newest = _reach(raw, last_event(raw, moment))
    return Cut({table: max(number, unchained[table]) for table, number in (newest or nothing).items()}, unchained, moment)


def cut_after(connection: Connection, event: int) -> Cut:
    """What there was once an event had been written; nothing if it is 0. EndoDeskError where it is damaged."""
    nothing = dict.fromkeys(COVERED, 0)
    return Cut(_reach(raw_of(connection), event) or nothing, nothing, datetime.now(UTC))  # what was there before the chain is no later


def last_event(connection: sqlite3.Connection, moment: datetime | None) -> int:
    """The number of the last event of that time or before, or of all; 0 if there was none yet."""
    if moment is None:
        newest: int = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
        return newest
    return _last_where(connection, "at <= ?", moment.astimezone(UTC).isoformat(timespec="microseconds"))


def _last_where(connection: sqlite3.Connection, holds: str, value: str) -> int:
    """The last event of which that holds, where it holds of all before it: events come in the order of time, the unchained first."""
    low, high = 0, connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    while low < high:
        middle = (low + high + 1) // 2
        found = connection.execute(f"SELECT {holds} FROM event WHERE id = ?", (value, middle)).fetchone()  # noqa: S608  (words of ours)
        low, high = (middle, high) if found and found[0] else (low, middle - 1)
    return low


def _reach(connection: sqlite3.Connection, event: int) -> dict[str, int] | None:
    """EndoDeskError where the event is damaged: nobody knows then what there was."""
    found = connection.execute("SELECT reach FROM event WHERE id = ?", (event,)).fetchone()
    reach = reach_in(found[0]) if found else None
    if found and reach is None:
        raise EndoDeskError(f"What there was at that time cannot be told: event {event} of the record is damaged.")
    return reach
