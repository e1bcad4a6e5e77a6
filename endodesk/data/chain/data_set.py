"""The data set as it was: what the record held at a time, or what one reader said."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, true

from endodesk.data.chain.rows import COVERED, reach_in
from endodesk.data.chain.writing import BEFORE
from endodesk.data.conclusion_store import conclusions_of
from endodesk.data.connections import raw_of
from endodesk.data.correction_store import StoredCorrection, read_standing
from endodesk.data.override_store import overrides_of, read_overrides
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, OVERRIDES, REVOCATIONS
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.overrides import Overrides


@dataclass(frozen=True, slots=True)
class DataSet:
    """What stood: of each frame the words of its readers, of each case the conclusion, and what was drawn."""

    words: Sequence[StoredCorrection]
    """The newest of each reader and kind."""
    conclusions: Mapping[str, Conclusion]
    overrides: Overrides


@dataclass(frozen=True, slots=True)
class _Cut:
    """Which rows there were: up to a number in each table; of those from before the chain, of which no event tells, by time."""

    newest: dict[str, int]
    unchained: dict[str, int]
    moment: datetime | None

    def holds(self, table: Table) -> ColumnElement[bool]:
        if self.moment is None:
            return true()
        chained_or_earlier = or_(table.c.id > self.unchained[table.name], table.c.at <= self.moment)
        return and_(table.c.id <= self.newest[table.name], chained_or_earlier)


# Why: docs/decisions/data.md 21
def data_set(connection: Connection, moment: datetime | None, reader: str) -> DataSet:
    """What the record held at a moment (None: now), by all readers, or by the one who is named."""
    cut = _cut_at(raw_of(connection), moment)

    def said(table: Table) -> ColumnElement[bool]:
        return and_(cut.holds(table), table.c.reader == reader) if reader else cut.holds(table)

    words = read_standing(connection, said(CORRECTIONS), cut.holds(REVOCATIONS))
    last = select(func.max(CONCLUSIONS.c.id)).where(said(CONCLUSIONS)).group_by(CONCLUSIONS.c.case)
    concluded = {one.case: one for one in conclusions_of(connection, CONCLUSIONS.c.id.in_(last)) if one.text or one.finding}
    about = (OVERRIDES.c.image, OVERRIDES.c.width, OVERRIDES.c.height, OVERRIDES.c.part)
    drawn = select(func.max(OVERRIDES.c.id)).where(said(OVERRIDES)).group_by(*about)
    return DataSet(words, concluded, overrides_of(read_overrides(connection, OVERRIDES.c.id.in_(drawn))))


def _cut_at(connection: sqlite3.Connection, moment: datetime | None) -> _Cut:
    nothing = dict.fromkeys(COVERED, 0)
    if moment is None:
        return _Cut(nothing, nothing, None)
    unchained = _reach(connection, _last_where(connection, "kind = ?", BEFORE)) or nothing
    newest = _reach(connection, _last_where(connection, "at <= ?", moment.astimezone(UTC).isoformat(timespec="microseconds")))
    return _Cut({table: max(number, unchained[table]) for table, number in (newest or nothing).items()}, unchained, moment)


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
