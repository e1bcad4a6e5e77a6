"""ModelStore: the bundles that a project knows, and which of them is active."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Row, select
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.connections import Connections
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
        folder = folder.absolute()
        place = folder.relative_to(self._project) if folder.is_relative_to(self._project) else folder
        # name, figures and notes are not in the id: they may be new ones
        told = {"name": bundle.name, "folder": place, "bundle_json": json.dumps(bundle.to_json())}
        row = insert(MODELS).values(id=bundle.id, added_at=datetime.now(UTC), **told)
        with self._connections.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=told))

    def all(self) -> list[StoredModel]:
        """All models that the project knows, in the order in which they were added."""
        with self._connections.read() as connection:
            return [self._stored(row) for row in connection.execute(_SELECT.order_by(MODELS.c.added_at, MODELS.c.id))]

    def promote(self, bundle_id: BundleId, *, reader: str, why: str, at: datetime) -> None:
        """Make a model the active one, durably; rolling back is promoting the older one. BadRequest if it or the reader is missing."""
        if not reader:
            raise BadRequest("Say who promotes the model.")
        with self._connections.write() as connection:
            require_model(connection, bundle_id)
            connection.execute(insert(PROMOTIONS).values(bundle=bundle_id, reader=reader, at=at, why=why))

    def active(self) -> StoredModel | None:
        """The model promoted last; None before the first promotion."""
        query = _SELECT.join(PROMOTIONS, PROMOTIONS.c.bundle == MODELS.c.id).order_by(PROMOTIONS.c.id.desc()).limit(1)
        with self._connections.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else self._stored(row)

    def promotions(self) -> list[Promotion]:
        """Every change of the active model there ever was, oldest first; going back to an older model is one, too."""
        columns = (PROMOTIONS.c.id, PROMOTIONS.c.bundle, PROMOTIONS.c.reader, PROMOTIONS.c.at, PROMOTIONS.c.why)
        with self._connections.read() as connection:
            rows = connection.execute(select(*columns).order_by(PROMOTIONS.c.id)).all()
        return [Promotion(row_id, BundleId(bundle), reader, at, why) for row_id, bundle, reader, at, why in rows]

    def _stored(self, row: Row[str, Path, datetime]) -> StoredModel:
        return StoredModel(ModelBundle.from_json(json.loads(row.bundle_json)), self._project / row.folder, row.added_at)


_SELECT = select(MODELS.c.bundle_json, MODELS.c.folder, MODELS.c.added_at)
