"""Chains of other records: their events are kept whole, as the lines that they were exported as, beside the acts that were taken in."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime


def add_foreign(connection: sqlite3.Connection, lines: Iterable[str]) -> None:
    """Keep lines of another record's chain; those that are here already, as its or as our own, are not kept twice.

    The lines were proven before, by `endodesk.data.chain.chain_lines.read_chains` if they came in a file.
    """
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    for line in lines:
        event = json.loads(line)["event"]
        own = connection.execute("SELECT 1 FROM event WHERE id = ? AND digest = ?", (event["id"], event["digest"])).fetchone()
        kept = connection.execute("SELECT 1 FROM foreign_event WHERE digest = ?", (event["digest"],)).fetchone()
        if not own and not kept:
            connection.execute("INSERT INTO foreign_event (digest, line, at) VALUES (?, ?, ?)", (event["digest"], line, at))
