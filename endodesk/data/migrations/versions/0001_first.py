"""The first schema, as plain SQL: what it said then it says for ever."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = (
    """CREATE TABLE image (
        sha256 TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        phash TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        CONSTRAINT pk_image PRIMARY KEY (sha256)
    )""",
    """CREATE TABLE image_path (
        path TEXT NOT NULL,
        image TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        CONSTRAINT pk_image_path PRIMARY KEY (path),
        CONSTRAINT fk_image_path_image FOREIGN KEY (image) REFERENCES image (sha256)
    )""",
    "CREATE INDEX ix_image_path_image ON image_path (image)",
    """CREATE TABLE unreadable (
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        CONSTRAINT pk_unreadable PRIMARY KEY (path)
    )""",
    """CREATE TABLE model (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        folder TEXT NOT NULL,
        bundle_json TEXT NOT NULL,
        added_at TEXT NOT NULL,
        CONSTRAINT pk_model PRIMARY KEY (id)
    )""",
    """CREATE TABLE prediction (
        image TEXT NOT NULL,
        bundle TEXT NOT NULL,
        probabilities TEXT NOT NULL,
        created TEXT NOT NULL,
        CONSTRAINT pk_prediction PRIMARY KEY (image, bundle),
        CONSTRAINT fk_prediction_image FOREIGN KEY (image) REFERENCES image (sha256),
        CONSTRAINT fk_prediction_bundle FOREIGN KEY (bundle) REFERENCES model (id)
    )""",
    "CREATE INDEX ix_prediction_bundle ON prediction (bundle)",
    """CREATE TABLE correction (
        id INTEGER NOT NULL,
        image TEXT NOT NULL,
        label TEXT NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        bundle TEXT,
        answer TEXT,
        CONSTRAINT pk_correction PRIMARY KEY (id),
        CONSTRAINT fk_correction_image FOREIGN KEY (image) REFERENCES image (sha256),
        CONSTRAINT fk_correction_bundle FOREIGN KEY (bundle) REFERENCES model (id)
    )""",
    "CREATE INDEX ix_correction_image ON correction (image)",
    """CREATE TABLE revocation (
        id INTEGER NOT NULL,
        correction INTEGER NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        CONSTRAINT pk_revocation PRIMARY KEY (id),
        CONSTRAINT uq_revocation_correction UNIQUE (correction),
        CONSTRAINT fk_revocation_correction FOREIGN KEY (correction) REFERENCES correction (id)
    )""",
    """CREATE TABLE promotion (
        id INTEGER NOT NULL,
        bundle TEXT NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL,
        CONSTRAINT pk_promotion PRIMARY KEY (id),
        CONSTRAINT fk_promotion_bundle FOREIGN KEY (bundle) REFERENCES model (id)
    )""",
    """CREATE TABLE setting (
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        CONSTRAINT pk_setting PRIMARY KEY ("key")
    )""",
)

_REFUSE = """CREATE TRIGGER {table}_no_{act} BEFORE {event} BEGIN
    SELECT RAISE(ABORT, 'rows of {table} are added or revoked, never edited');
END"""


def upgrade() -> None:
    """Make every table of the first version in an empty file, with the triggers that let acts of readers only be added."""
    for statement in _TABLES:
        op.execute(statement)
    _append_only("correction", "id = NEW.id")
    _append_only("revocation", "id = NEW.id OR correction = NEW.correction")
    _append_only("promotion", "id = NEW.id")


def _append_only(table: str, same_row: str) -> None:
    """REPLACE deletes without firing a DELETE trigger, so an INSERT over an existing row is refused as well."""
    over = f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row})"  # noqa: S608  (names are ours)
    for act, event in {"update": f"UPDATE ON {table}", "delete": f"DELETE ON {table}", "replace": over}.items():
        op.execute(_REFUSE.format(table=table, act=act, event=event))
