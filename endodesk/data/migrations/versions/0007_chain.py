"""The chain: events that cover each act by its digest; corrections are found by frame and kind. Plain SQL, as before.

What is there already is covered at the end of the migration (`endodesk.data.chain.writing.begin_chain`).
"""

from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = {
    "event": """CREATE TABLE event (
        id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reader TEXT,
        at TEXT NOT NULL,
        utc_offset_min INTEGER NOT NULL,
        spent_ms INTEGER,
        told TEXT,
        covers TEXT NOT NULL,
        reach TEXT NOT NULL,
        digest TEXT NOT NULL,
        CONSTRAINT pk_event PRIMARY KEY (id)
    )""",
    "foreign_event": """CREATE TABLE foreign_event (
        id INTEGER NOT NULL,
        digest TEXT NOT NULL,
        line TEXT NOT NULL,
        at TEXT NOT NULL,
        CONSTRAINT pk_foreign_event PRIMARY KEY (id),
        CONSTRAINT uq_foreign_event_digest UNIQUE (digest)
    )""",
}
_EVENTS = {
    "update": "UPDATE ON {table}",
    "delete": "DELETE ON {table}",
    "replace": "INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # REPLACE fires no DELETE trigger
}
_SAME = {"event": "id = NEW.id", "foreign_event": "id = NEW.id OR digest = NEW.digest"}


def upgrade() -> None:
    """Add both tables, whose rows triggers keep from being edited, deleted or replaced."""
    for table, statement in _TABLES.items():
        op.execute(statement)
        for act, event in _EVENTS.items():
            on = event.format(table=table, same=_SAME[table])
            op.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {on} BEGIN SELECT RAISE(ABORT, 'events are added, never edited'); END")
    op.execute("DROP INDEX ix_correction_image")
    op.execute("CREATE INDEX ix_correction_image ON correction (image, said)")
