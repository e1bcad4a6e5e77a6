"""What stands in a project's database beside what our migrations put there: it would act, or compute, without a word."""

import re
import sqlite3

from endodesk.data.schema import METADATA

_OF_SQLITE, _OF_ALEMBIC = "sqlite_", "alembic_version"
_TRIGGER = re.compile(
    r"CREATE TRIGGER (\w+)_no_(?:update BEFORE UPDATE ON \1|delete BEFORE DELETE ON \1"
    r"|replace BEFORE INSERT ON \1 WHEN EXISTS \(SELECT 1 FROM \1 WHERE id = NEW\.id(?: OR (correction|digest) = NEW\.\2)?\))"
    r" BEGIN SELECT RAISE\(ABORT, '[a-z ,]+'\); END"
)
"""Ours do nothing but refuse that rows are edited."""
_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX "?\w+"? ON "?\w+"? \("?\w+"?(?:, "?\w+"?)*\)')
_TABLE = re.compile(r"CREATE TABLE (?!.*\b(?:CHECK|GENERATED|AS)\b)(?!.*\bDEFAULT ?\()", re.IGNORECASE)
"""Names and columns; nothing in it is computed."""


# Why: docs/decisions/data.md 15
def foreign_object(file: sqlite3.Connection) -> str:
    """Kind and name of something in the schema that no EndoDesk made, as words for a sentence; empty if there is nothing."""
    for kind, name, sql in file.execute("SELECT type, name, sql FROM sqlite_master"):
        if not _is_ours(str(kind), str(name), None if sql is None else " ".join(str(sql).split())):
            return f"the {kind} {name!r}"
    return ""


def _is_ours(kind: str, name: str, sql: str | None) -> bool:
    if kind == "trigger":
        return sql is not None and _TRIGGER.fullmatch(sql) is not None
    if kind == "index":
        return sql is None or _INDEX.fullmatch(sql) is not None  # without a text: SQLite's own, of a key
    if kind == "table":
        known = name in METADATA.tables or name == _OF_ALEMBIC or name.startswith(_OF_SQLITE)
        return known and sql is not None and _TABLE.match(sql) is not None
    return False  # a view; we have none
