"""ModelStore: the bundles that a project knows, and which of them is active."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.references import require_model
from endodesk.data.schema import MODELS, PROMOTIONS
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import BundleId


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A bundle and where its folder is (absolute)."""

    bundle: ModelBundle
    folder: Path
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Promotion:
    """A model was made the active one: which, by whom, when and why."""

    id: int
    bundle: BundleId
    reader: str
    at: datetime
    why: str


class ModelStore:
    """Models are added and promoted, never removed. Folders within the project are kept relative, so that it can be moved."""

    def __init__(self, connections: Connections, project: Path) -> None:
        self._connections = connections
        self._project = project

    def add(self, bundle: ModelBundle, folder: Path) -> None:
        """Make a bundle known; one that is known already keeps its time and gets the new folder."""
        with self._connections.write() as connection:
            self._add(connection, bundle, folder)

    def all(self) -> list[StoredModel]:
        """All models that the project knows, in the order in which they were added."""
        with self._connections.read() as connection:
            return list(read_rows(connection, _SELECT.order_by(MODELS.c.added_at, MODELS.c.id), self._stored, RowKind.MODEL))

    def promote(
        self,
        bundle_id: BundleId,
        *,
        reader: str,
        why: str,
        at: datetime,
        note: ActNote = NOTHING_MORE,
        adds: tuple[ModelBundle, Path] | None = None,
    ) -> None:
        """Make a model the active one, durably; rolling back is promoting the older one. The `note` goes into the chain with it.

        One that is not known yet is made known as `add` does (`adds`), or neither happens. BadRequest if it or the reader is missing.
        """
        if not reader:
            raise BadRequest("Say who promotes the model.")
        with self._connections.write(note=note) as connection:
            if adds:
                self._add(connection, *adds)
            require_model(connection, bundle_id)
            connection.execute(insert(PROMOTIONS).values(bundle=bundle_id, reader=reader, at=at, why=why))

    def active(self) -> StoredModel | None:
        """The model promoted last, and no other in its place; None before the first promotion, or if what is known of it is damaged."""
        newest = select(PROMOTIONS.c.bundle).order_by(PROMOTIONS.c.id.desc()).limit(1)
        query = _SELECT.where(MODELS.c.id == newest.scalar_subquery())
        with self._connections.read() as connection:
            return next(read_rows(connection, query, self._stored, RowKind.MODEL), None)

    def any_promoted(self) -> bool:
        """Whether a model was ever made the active one."""
        with self._connections.read() as connection:
            return connection.scalar(select(PROMOTIONS.c.id).limit(1)) is not None

    def promotions(self) -> list[Promotion]:
        """Every change of the active model there ever was, oldest first; going back to an older model is one, too."""
        columns = (PROMOTIONS.c.id, PROMOTIONS.c.bundle, PROMOTIONS.c.reader, PROMOTIONS.c.at, PROMOTIONS.c.why)
        with self._connections.read() as connection:
            return list(
                read_rows(connection, select(*columns).order_by(PROMOTIONS.c.id), lambda row: Promotion(*tuple(row)), RowKind.MODEL)
            )

    def _add(self, connection: Connection, bundle: ModelBundle, folder: Path) -> None:
        folder = folder.absolute()
        place = folder.relative_to(self._project) if folder.is_relative_to(self._project) else folder
        # name, figures and notes are not in the id: they may be new ones
        told = {"name": bundle.name, "folder": place, "bundle_json": json.dumps(bundle.to_json())}
        row = insert(MODELS).values(id=bundle.id, added_at=datetime.now(UTC), **told)
        connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=told))

    def _stored(self, row: Row[Any]) -> StoredModel:
        return StoredModel(ModelBundle.from_json(json.loads(row.bundle_json)), self._project / row.folder, row.added_at)


_SELECT = select(MODELS.c.bundle_json, MODELS.c.folder, MODELS.c.added_at)
