"""The schema at a glance. It comes into being through `migrations/`; a test holds both to be the same.

Rows of `step`, `correction`, `revocation`, `promotion`, `merge`, `override`, `conclusion`, `foreign_event` and `event` are only ever
added: triggers in the database refuse UPDATE, DELETE and REPLACE.
A row never leaves this folder; the stores take and give frozen dataclasses. So the tables are SQLAlchemy's Core, without its mapper
of objects: that alone would take a tenth of the time until the window shows.
"""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text

from endodesk.data.column_types import PathText, UtcTime

METADATA = MetaData(
    naming_convention={  # every constraint has a name, so that a later migration can speak of it
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _filled(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """A column that is never NULL, as nearly all are."""
    return Column(name, kind, *more, nullable=False, **options)


def _stamp() -> list[Column[Any]]:
    """How a file looked when it was read, and by which version of the reading room."""
    # 0 where an older program read it: its stamp proves nothing
    later = (_filled(name, Integer, server_default="0") for name in ("inode", "ctime_ns", "reading"))
    return [_filled("size_bytes", Integer), _filled("mtime_ns", Integer), *later]


IMAGES = Table(
    "image",
    METADATA,
    Column("sha256", Text, primary_key=True),
    _filled("width", Integer),
    _filled("height", Integer),
    _filled("phash", Text),  # empty while it is not known; it can be found later
    _filled("first_seen", UtcTime),
    _filled("reading", Integer, server_default="1"),  # the version of the reading room that its answers and its hash go by
)
"""Frames by their content. Never deleted: predictions and corrections refer to them."""

IMAGE_PATHS = Table(
    "image_path",
    METADATA,
    Column("path", PathText, primary_key=True),
    _filled("image", Text, ForeignKey("image.sha256"), index=True),
    *_stamp(),
)
"""Where a frame lies, and how the file looked when it was read; one frame may lie in several places."""

UNREADABLE = Table(
    "unreadable",
    METADATA,
    Column("path", PathText, primary_key=True),
    _filled("reason", Text),
    *_stamp(),
)
"""Files that could not be read as an image, and why."""

MODELS = Table(
    "model",
    METADATA,
    Column("id", Text, primary_key=True),
    _filled("name", Text),
    _filled("folder", PathText),
    _filled("bundle_json", Text),
    _filled("added_at", UtcTime),
)
"""Bundles that the project knows. `folder` is relative to the project if it lies within."""

PREDICTIONS = Table(
    "prediction",
    METADATA,
    Column("image", Text, ForeignKey("image.sha256"), primary_key=True),
    Column("bundle", Text, ForeignKey("model.id"), primary_key=True, index=True),
    _filled("probabilities", Text),
    _filled("created", UtcTime),
)
"""What a model said of a frame; `probabilities` is a JSON list in the bundle's class order."""

# Why: docs/decisions/data.md 7
STEPS = Table(
    "step",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("reader", Text),
    _filled("at", UtcTime),
    _filled("kind", Text),
    Column("of", Integer, ForeignKey("step.id")),
)
"""What a reader did at one go: rows added or taken back; or the undoing or redoing of an earlier step, `of`. Append-only."""

# Why: docs/decisions/data.md 1
CORRECTIONS = Table(
    "correction",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("image", Text, ForeignKey("image.sha256")),
    _filled("label", Text),
    _filled("reader", Text),
    _filled("at", UtcTime),
    Column("bundle", Text, ForeignKey("model.id")),
    Column("answer", Text),
    _filled("said", Text, server_default="label"),  # what older programs wrote were labels alone
    _filled("blind", Boolean, server_default="0"),
    Column("step", Integer, ForeignKey("step.id"), index=True),  # NULL for what an older program took back
    Index("ix_correction_image", "image", "said", "reader"),  # of each kind the newest: a million are grouped as they lie in it
)
"""Acts of a reader, each on one frame. Append-only; the newest has the highest id."""

# Why: docs/decisions/data.md 8
REVOCATIONS = Table(
    "revocation",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("correction", Integer, ForeignKey("correction.id"), index=True),
    _filled("revoked", Boolean),
    _filled("reader", Text),
    _filled("at", UtcTime),
    Column("step", Integer, ForeignKey("step.id"), index=True),
)
"""Corrections taken back, or given again. Append-only; of a correction the row with the highest id holds."""

PROMOTIONS = Table(
    "promotion",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("bundle", Text, ForeignKey("model.id")),
    _filled("reader", Text),
    _filled("at", UtcTime),
    _filled("why", Text),
)
"""Models made the active one. Append-only; the row with the highest id tells the active model."""

# Why: docs/decisions/data.md 2
MERGES = Table(
    "merge",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("image_a", Text, ForeignKey("image.sha256")),
    _filled("image_b", Text, ForeignKey("image.sha256")),
    _filled("joined", Boolean),
    _filled("reader", Text),
    _filled("at", UtcTime),
)
"""A reader's word that two frames belong together (or no longer do). Append-only; of a pair the highest id holds."""

OVERRIDES = Table(
    "override",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("image", Text, ForeignKey("image.sha256"), index=True),
    Column("width", Integer),
    Column("height", Integer),
    _filled("part", Text),
    Column("outline", Text),
    _filled("reader", Text),
    _filled("at", UtcTime),
    _filled("step", Integer, ForeignKey("step.id"), index=True),
)
"""Box or field drawn by hand, of a frame or (`image` NULL) of all frames of a size. `outline` is JSON: corners in shares of the
frame; empty: there is none; NULL: back to what is found. Append-only; of a part of a frame or size the highest id holds."""

CONCLUSIONS = Table(
    "conclusion",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("case", Text, index=True),
    _filled("text", Text),
    _filled("finding", Text),
    _filled("reader", Text),
    _filled("at", UtcTime),
)
"""What readers concluded of cases, by the case's name. Append-only; of a case the row with the highest id holds."""

# Why: docs/decisions/data.md 19
EVENTS = Table(
    "event",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("kind", Text),
    Column("reader", Text),  # NULL where several are concerned, or nobody: as for what was there before the chain
    _filled("at", UtcTime),
    _filled("utc_offset_min", Integer),
    Column("spent_ms", Integer),
    Column("told", Text),
    _filled("covers", Text),
    _filled("reach", Text),
    _filled("digest", Text),
)
"""The chain: one row for what a transaction added, numbered without a gap. `covers` names each row with its digest, `reach` is a JSON
list of the newest numbers of all tables by then, `told` is JSON; `digest` is of all these and of the digest before. Append-only."""

FOREIGN_EVENTS = Table(
    "foreign_event",
    METADATA,
    Column("id", Integer, primary_key=True),
    _filled("digest", Text, unique=True),
    _filled("line", Text),
    _filled("at", UtcTime),
)
"""Events of other records whose acts were taken in, each as the line of its export, with the rows as they are numbered there.
Append-only."""

SETTINGS = Table("setting", METADATA, Column("key", Text, primary_key=True), _filled("value", Text))
"""The project's settings; `value` is JSON."""
