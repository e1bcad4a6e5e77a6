"""The schema at a glance. It comes into being through `migrations/`; a test holds both to be the same.

Rows of `step`, `correction`, `revocation`, `promotion` and `merge` are only ever added: triggers in the database refuse
UPDATE, DELETE and REPLACE.
A row class never leaves this folder; the stores take and give frozen dataclasses.
"""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import Text

from endodesk.data.column_types import PathText, UtcTime

_NAMES = {  # every constraint has a name, so that a later migration can speak of it
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class Base(DeclarativeBase):
    """Of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {str: Text, datetime: UtcTime, Path: PathText}


class ImageRow(Base):
    """A frame by its content. Never deleted: predictions and corrections refer to it."""

    __tablename__ = "image"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    phash: Mapped[str]
    first_seen: Mapped[datetime]


class ImagePathRow(Base):
    """Where a frame lies, and how the file looked when it was read; one frame may lie in several places."""

    __tablename__ = "image_path"
    path: Mapped[Path] = mapped_column(primary_key=True)
    image: Mapped[str] = mapped_column(ForeignKey("image.sha256"), index=True)
    size_bytes: Mapped[int]
    mtime_ns: Mapped[int]


class UnreadableRow(Base):
    """A file that could not be read as an image, and why."""

    __tablename__ = "unreadable"
    path: Mapped[Path] = mapped_column(primary_key=True)
    reason: Mapped[str]
    size_bytes: Mapped[int]
    mtime_ns: Mapped[int]


class ModelRow(Base):
    """A bundle that the project knows. `folder` is relative to the project if it lies within."""

    __tablename__ = "model"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folder: Mapped[Path]
    bundle_json: Mapped[str]
    added_at: Mapped[datetime]


class PredictionRow(Base):
    """What a model said of a frame; `probabilities` is a JSON list in the bundle's class order."""

    __tablename__ = "prediction"
    image: Mapped[str] = mapped_column(ForeignKey("image.sha256"), primary_key=True)
    bundle: Mapped[str] = mapped_column(ForeignKey("model.id"), primary_key=True, index=True)
    probabilities: Mapped[str]
    created: Mapped[datetime]


class StepRow(Base):
    """What a reader did at one go: rows added or taken back; or the undoing or redoing of an earlier step, `of`. Append-only."""

    __tablename__ = "step"
    id: Mapped[int] = mapped_column(primary_key=True)
    reader: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str]
    of: Mapped[int | None] = mapped_column(ForeignKey("step.id"))


class CorrectionRow(Base):
    """One act of a reader on one frame. Append-only; the newest has the highest id."""

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    image: Mapped[str] = mapped_column(ForeignKey("image.sha256"), index=True)
    label: Mapped[str]
    reader: Mapped[str]
    at: Mapped[datetime]
    bundle: Mapped[str | None] = mapped_column(ForeignKey("model.id"))
    answer: Mapped[str | None]
    said: Mapped[str] = mapped_column(server_default="label")
    blind: Mapped[bool] = mapped_column(server_default="0")
    step: Mapped[int | None] = mapped_column(ForeignKey("step.id"), index=True)
    """None for what an older program took back."""


class RevocationRow(Base):
    """A correction taken back, or given again. Append-only; of a correction the row with the highest id holds."""

    __tablename__ = "revocation"
    id: Mapped[int] = mapped_column(primary_key=True)
    correction: Mapped[int] = mapped_column(ForeignKey("correction.id"), index=True)
    revoked: Mapped[bool]
    reader: Mapped[str]
    at: Mapped[datetime]
    step: Mapped[int | None] = mapped_column(ForeignKey("step.id"), index=True)


class PromotionRow(Base):
    """A model made the active one. Append-only; the row with the highest id tells the active model."""

    __tablename__ = "promotion"
    id: Mapped[int] = mapped_column(primary_key=True)
    bundle: Mapped[str] = mapped_column(ForeignKey("model.id"))
    reader: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str]


class MergeRow(Base):
    """A reader's word that two frames belong together (or no longer do). Append-only; of a pair the highest id holds."""

    __tablename__ = "merge"
    id: Mapped[int] = mapped_column(primary_key=True)
    image_a: Mapped[str] = mapped_column(ForeignKey("image.sha256"))
    image_b: Mapped[str] = mapped_column(ForeignKey("image.sha256"))
    joined: Mapped[bool]
    reader: Mapped[str]
    at: Mapped[datetime]


class SettingRow(Base):
    """One setting of the project; `value` is JSON."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
