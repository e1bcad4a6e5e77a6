"""Chains of other records: their events are kept whole, as the lines that they were exported as, beside the acts that were taken in."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime


def add_foreign(connection: sqlite3.Connection, lines: Iterable[str]) -> int:
    """Keep lines of another record's chain; those that are here already, as its or as our own, are not kept twice. How many were added.

    The lines were proven before, by `endodesk.data.chain.chain_lines.read_chains` if they came in a file.
    """
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    there = {digest for (digest,) in connection.execute("SELECT digest FROM event UNION ALL SELECT digest FROM foreign_event")}
    rows: dict[str, tuple[str, str, str]] = {}
    for line in lines:
        digest = json.loads(line)["event"]["digest"]
        if digest not in there:
            rows[digest] = (digest, line, at)
    connection.executemany("INSERT INTO foreign_event (digest, line, at) VALUES (?, ?, ?)", rows.values())
    return len(rows)
