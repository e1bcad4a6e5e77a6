"""Rows as they are taken out of a project's file. Each is proven, since a disk, a sync client or a stranger may have changed it."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Boolean, Column, Connection, Integer, Row, Select

from endodesk.data.column_types import PathText, UnknownTime, UtcTime
from endodesk.domain.errors import EndoDeskError

T = TypeVar("T")
R = TypeVar("R", bound=Iterable[Any])

DAMAGED = (ValueError, TypeError, KeyError, OverflowError, RecursionError, EndoDeskError)
"""What making something of a damaged row raises."""


class RowKind(StrEnum):
    """What a row tells of, for whoever hears that it cannot be read."""

    LABEL = "label"
    CONCLUSION = "conclusion"
    FILE = "file"
    MERGE = "merge"
    MODEL = "model"
    OUTLINE = "outline"
    SETTING = "setting"
    STEP = "step"
    TIME = "time"
    """A row that is whole but for its time."""


class DamageLog:
    """Of which kinds rows were left out. Any thread may note; each kind is news once, however often its rows are read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: set[RowKind] = set()
        self._news: list[RowKind] = []
        self._tell: Callable[[], None] = lambda: None

    def note(self, kind: RowKind) -> None:
        """A row of this kind cannot be read."""
        with self._lock:
            if kind in self._found:
                return
            self._found.add(kind)
            self._news.append(kind)
        self._tell()

    def listen(self, tell: Callable[[], None]) -> None:
        """Have this called, in the thread that notes, when there is news; at once if there is some already."""
        self._tell = tell
        if self._news:
            tell()

    def take_news(self) -> list[RowKind]:
        """The kinds noted since this was last asked."""
        with self._lock:
            news, self._news = self._news, []
        return news


def rows_as_stored(connection: Connection, query: Select[Any]) -> list[Any] | None:
    """All rows as SQLite holds them, of which nothing is proven, in half the time of `read_rows`; None if a text of them is none."""
    with closing(connection.execute(query)) as found:
        driver = connection.connection.driver_connection
        if driver is None or found.cursor is None:
            return None
        asks, driver.text_factory = driver.text_factory, str
        try:
            return list(found.cursor.fetchall())
        except sqlite3.OperationalError:  # "Could not decode to UTF-8"; of anything else whoever asks again hears
            return None
        finally:
            driver.text_factory = asks


# Why: docs/decisions/data.md 14
def read_rows(connection: Connection, query: Select[Any], build: Callable[[Row[Any]], T], kind: RowKind) -> Iterator[T]:
    """What `build` makes of each row; one whose values are not of the schema's kinds, or which `build` refuses, is left out and noted."""
    return proven(connection, connection.execute(query), [_types_of(column) for column in query.selected_columns], build, kind)


def proven(
    connection: Connection, rows: Iterable[R], types: Sequence[frozenset[type]], build: Callable[[R], T], kind: RowKind
) -> Iterator[T]:
    """As `read_rows`, for rows that were asked for in another way: `types` are those that each column may have."""
    damage: DamageLog = connection.get_execution_options()["damage"]
    seen: dict[tuple[type, ...], bool] = {}  # most rows are of one or two forms: a look instead of a check a column
    for row in rows:
        form = tuple(map(type, row))
        fits = seen.get(form)
        if fits is None:
            fits = seen[form] = all(found in may_be for found, may_be in zip(form, types, strict=True))
            if fits and UnknownTime in form:
                damage.note(RowKind.TIME)
        if fits:
            try:
                yield build(row)
            except DAMAGED:
                damage.note(kind)
        else:
            damage.note(kind)


def _types_of(column: Any) -> frozenset[type]:
    """A label or a function of columns may be NULL, as what an outer join did not find is."""
    types = next((found for kind, found in _TYPES if isinstance(column.type, kind)), frozenset({str}))
    return types | {type(None)} if not isinstance(column, Column) or column.nullable else types


_TYPES: tuple[tuple[type, frozenset[type]], ...] = (
    (Boolean, frozenset({bool})),
    (Integer, frozenset({int})),
    (UtcTime, frozenset({datetime, UnknownTime})),
    (PathText, frozenset({type(Path())})),
)
