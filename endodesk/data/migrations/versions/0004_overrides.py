"""Overrides: box and field drawn by hand, of a frame or of all frames of a size. Plain SQL, as before."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """CREATE TABLE override (
        id INTEGER NOT NULL,
        image TEXT,
        width INTEGER,
        height INTEGER,
        part TEXT NOT NULL,
        outline TEXT,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        step INTEGER NOT NULL,
        CONSTRAINT pk_override PRIMARY KEY (id),
        CONSTRAINT fk_override_image FOREIGN KEY (image) REFERENCES image (sha256),
        CONSTRAINT fk_override_step FOREIGN KEY (step) REFERENCES step (id)
    )""",
    "CREATE INDEX ix_override_image ON override (image)",
    "CREATE INDEX ix_override_step ON override (step)",
)
_EVENTS = {
    "update": "UPDATE ON override",
    "delete": "DELETE ON override",
    "replace": "INSERT ON override WHEN EXISTS (SELECT 1 FROM override WHERE id = NEW.id)",  # REPLACE fires no DELETE trigger
}


def upgrade() -> None:
    """Add the table of outlines drawn by hand, whose rows triggers keep from being edited, deleted or replaced."""
    for statement in _STATEMENTS:
        op.execute(statement)
    for act, event in _EVENTS.items():
        refuse = "SELECT RAISE(ABORT, 'rows of override are added or taken back, never edited')"
        op.execute(f"CREATE TRIGGER override_no_{act} BEFORE {event} BEGIN {refuse}; END")
