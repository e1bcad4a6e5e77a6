"""Conclusions: what readers say of a case as a whole. Plain SQL, as before."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = (
    """CREATE TABLE conclusion (
        id INTEGER NOT NULL,
        "case" TEXT NOT NULL,
        text TEXT NOT NULL,
        finding TEXT NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        CONSTRAINT pk_conclusion PRIMARY KEY (id)
    )""",
    'CREATE INDEX ix_conclusion_case ON conclusion ("case")',
)
_EVENTS = {
    "update": "UPDATE ON conclusion",
    "delete": "DELETE ON conclusion",
    "replace": "INSERT ON conclusion WHEN EXISTS (SELECT 1 FROM conclusion WHERE id = NEW.id)",  # REPLACE fires no DELETE trigger
}


def upgrade() -> None:
    """Add the table of conclusions, whose rows triggers keep from being edited, deleted or replaced."""
    for statement in _STATEMENTS:
        op.execute(statement)
    for act, event in _EVENTS.items():
        refuse = "SELECT RAISE(ABORT, 'rows of conclusion are added, never edited')"
        op.execute(f"CREATE TRIGGER conclusion_no_{act} BEFORE {event} BEGIN {refuse}; END")
