"""Merges: which frames a reader said belong together. Plain SQL, as in the step before."""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLE = """CREATE TABLE merge (
    id INTEGER NOT NULL,
    image_a TEXT NOT NULL,
    image_b TEXT NOT NULL,
    joined BOOLEAN NOT NULL,
    reader TEXT NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_merge PRIMARY KEY (id),
    CONSTRAINT fk_merge_image_a FOREIGN KEY (image_a) REFERENCES image (sha256),
    CONSTRAINT fk_merge_image_b FOREIGN KEY (image_b) REFERENCES image (sha256)
)"""
_EVENTS = {
    "update": "UPDATE ON merge",
    "delete": "DELETE ON merge",
    "replace": "INSERT ON merge WHEN EXISTS (SELECT 1 FROM merge WHERE id = NEW.id)",  # REPLACE fires no DELETE trigger
}


def upgrade() -> None:
    """Add the table of merges, whose rows triggers keep from being edited, deleted or replaced."""
    op.execute(_TABLE)
    for act, event in _EVENTS.items():
        op.execute(f"CREATE TRIGGER merge_no_{act} BEFORE {event} BEGIN SELECT RAISE(ABORT, 'rows of merge are added, never edited'); END")
