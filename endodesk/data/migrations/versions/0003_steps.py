"""Steps, so that undo outlives the program; marks and notes beside labels; what is taken back can be given again. Plain SQL, as before.

An older project's labels that stand become a step each, in their order, and can be undone; those taken back keep no step.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    """CREATE TABLE step (
        id INTEGER NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        "of" INTEGER,
        CONSTRAINT pk_step PRIMARY KEY (id),
        CONSTRAINT fk_step_of FOREIGN KEY ("of") REFERENCES step (id)
    )""",
    """INSERT INTO step (id, reader, at, kind) SELECT id, reader, at, 'do' FROM correction
        WHERE id NOT IN (SELECT correction FROM revocation)""",
    "ALTER TABLE correction ADD COLUMN said TEXT NOT NULL DEFAULT 'label'",
    "ALTER TABLE correction ADD COLUMN blind BOOLEAN NOT NULL DEFAULT 0",
    "ALTER TABLE correction ADD COLUMN step INTEGER CONSTRAINT fk_correction_step REFERENCES step (id)",
    # the line after it would be refused; the trigger is put back at the end
    "DROP TRIGGER correction_no_update",
    "UPDATE correction SET step = id WHERE id IN (SELECT id FROM step)",
    "CREATE INDEX ix_correction_step ON correction (step)",
    # made anew: SQLite cannot take away that a correction is revoked once only, and now it can be given again
    """CREATE TABLE revocation_new (
        id INTEGER NOT NULL,
        correction INTEGER NOT NULL,
        revoked BOOLEAN NOT NULL,
        reader TEXT NOT NULL,
        at TEXT NOT NULL,
        step INTEGER,
        CONSTRAINT pk_revocation PRIMARY KEY (id),
        CONSTRAINT fk_revocation_correction FOREIGN KEY (correction) REFERENCES correction (id),
        CONSTRAINT fk_revocation_step FOREIGN KEY (step) REFERENCES step (id)
    )""",
    "INSERT INTO revocation_new (id, correction, revoked, reader, at) SELECT id, correction, 1, reader, at FROM revocation",
    "DROP TABLE revocation",
    "ALTER TABLE revocation_new RENAME TO revocation",
    "CREATE INDEX ix_revocation_correction ON revocation (correction)",
    "CREATE INDEX ix_revocation_step ON revocation (step)",
)

_REFUSE = """CREATE TRIGGER {table}_no_{act} BEFORE {event} BEGIN
    SELECT RAISE(ABORT, 'rows of {table} are added or revoked, never edited');
END"""


def upgrade() -> None:
    """Each table is append-only again at the end."""
    for statement in _STATEMENTS:
        op.execute(statement)
    _refuse("correction", "update")
    for table in ("step", "revocation"):
        for act in ("update", "delete", "replace"):
            _refuse(table, act)


def _refuse(table: str, act: str) -> None:
    """REPLACE deletes without firing a DELETE trigger, so an INSERT over an existing row is refused as well."""
    over = f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608  (names are ours)
    event = over if act == "replace" else f"{act.upper()} ON {table}"
    op.execute(_REFUSE.format(table=table, act=act, event=event))
