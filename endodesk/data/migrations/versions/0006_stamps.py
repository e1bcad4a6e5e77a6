"""What a file is known again by, and which version of the reading room saw it. Plain SQL, as before."""

from alembic import op

revision = "0006"
down_revision = "0005"

_COLUMNS = ("inode", "ctime_ns", "reading")


def upgrade() -> None:
    """Add the columns; 0 in those of files, so that each is read once more: size and time alone did not prove which picture it is."""
    for table in ("image_path", "unreadable"):
        for column in _COLUMNS:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER DEFAULT '0' NOT NULL")
    op.execute("ALTER TABLE image ADD COLUMN reading INTEGER DEFAULT '1' NOT NULL")
