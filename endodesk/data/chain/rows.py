"""Rows and their digests: the form in which a row is hashed is the one in which it is exported, so that anybody can hash it again."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

COVERED = ("step", "correction", "revocation", "override", "merge", "conclusion", "promotion", "foreign_event")
"""Append-only tables whose rows events cover, each after those that it refers to. A column that one gets later must be NULL in older
rows: NULLs are left out of what is hashed."""
Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by table, NULLs left out, in the order in which they were added."""

NEWEST = "SELECT " + ", ".join(f'coalesce((SELECT max(id) FROM "{table}"), 0)' for table in COVERED)  # noqa: S608  (names of ours)


def rows_in(connection: sqlite3.Connection, query: str, values: Sequence[Any] = ()) -> Iterator[Row]:
    """What a query finds, NULLs left out."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def as_json(value: object) -> object:
    """For `json`: bytes, which paths that are no Unicode are in the database, and texts that somebody damaged."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    raise TypeError(f"a database holds no {type(value)}")


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=as_json).encode


# Why: docs/decisions/data.md 25
def named(table: str, row: Row) -> Row:
    """The row as it is hashed and exported: with the name of its table. Of a foreign event the digest stands for its line."""
    return {"table": table, **{name: value for name, value in row.items() if (table, name) != ("foreign_event", "line")}}


def digest_of(values: Row) -> str:
    """SHA-256 of the values as JSON in ASCII, keys sorted, no blanks."""
    return hashlib.sha256(_canonical(values).encode()).hexdigest()


def line_of(values: Row) -> str:
    """The same JSON, as a line of an export."""
    return _canonical(values)


def covers_of(rows: Iterable[tuple[str, Row]]) -> str:
    """What an event says of the rows that it covers: table, number and digest, a line each."""
    return "\n".join(f"{table} {row['id']} {digest_of(named(table, row))}" for table, row in rows)


def covered_by(event: Row) -> list[tuple[str, int, str]]:
    """Table, number and digest of each row that an event covers. ValueError where it does not say so properly."""
    try:
        named_rows = [line.split(" ") for line in event["covers"].splitlines()]
        return [(table, int(number), digest) for table, number, digest in named_rows]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("an event that names no rows") from error


def reach_in(text: object) -> dict[str, int] | None:
    """The newest number of each table, as an event has it; None if it is damaged. Tables that came later had no rows then."""
    try:
        numbers = json.loads(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(numbers, list) or len(numbers) > len(COVERED) or not all(isinstance(number, int) for number in numbers):
        return None
    return dict.fromkeys(COVERED, 0) | dict(zip(COVERED, numbers, strict=False))
