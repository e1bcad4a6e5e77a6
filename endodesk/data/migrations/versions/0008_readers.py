"""Readers: each one's newest word on a frame is found as the index lies. Plain SQL, as before."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The index of corrections tells the reader too."""
    op.execute("DROP INDEX ix_correction_image")
    op.execute("CREATE INDEX ix_correction_image ON correction (image, said, reader)")
