"""PredictionStore: what each model said of each frame."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from endodesk.data.connections import Connections
from endodesk.data.references import require_image, require_model
from endodesk.data.tables import PredictionRow
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import BundleId, Prediction

_NEW = insert(PredictionRow)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["image", "bundle"], set_={name: _NEW.excluded[name] for name in ("probabilities", "created")}
)


class PredictionStore:
    """At most one prediction a frame and bundle; a new one takes the old one's place."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, predictions: Iterable[Prediction]) -> None:
        """All in one transaction. BadRequest, and none is added, if the project lacks a frame or a model among them."""
        batch = list(predictions)  # drawn out first: inference must not go on inside the transaction
        if not batch:
            return
        now = datetime.now(UTC)
        rows = [{"image": p.image, "bundle": p.bundle, "probabilities": _to_json(p.probabilities), "created": now} for p in batch]
        with self._connections.write() as connection:
            try:
                connection.execute(_PUT, rows)
            except IntegrityError:
                _require_all(connection, batch)
                raise

    def of_bundle(self, bundle_id: BundleId) -> dict[Sha256, Prediction]:
        """Every prediction of a model by frame; empty for a model that said nothing yet."""
        query = select(PredictionRow.image, PredictionRow.probabilities).where(PredictionRow.bundle == bundle_id)
        with self._connections.read() as connection:
            rows = connection.execute(query).all()
        return {Sha256(image): Prediction(Sha256(image), bundle_id, _from_json(text)) for image, text in rows}

    def get(self, image: Sha256, bundle: BundleId) -> Prediction | None:
        """What the model said of the frame; None if it was not asked."""
        query = select(PredictionRow.probabilities).where(PredictionRow.image == image, PredictionRow.bundle == bundle)
        with self._connections.read() as connection:
            text = connection.scalar(query)
        return None if text is None else Prediction(image, bundle, _from_json(text))


def _require_all(connection: Connection, batch: Sequence[Prediction]) -> None:
    for bundle in sorted({prediction.bundle for prediction in batch}):
        require_model(connection, bundle)
    for prediction in batch:
        require_image(connection, prediction.image)


def _to_json(probabilities: Sequence[float]) -> str:
    return json.dumps([float(p) for p in probabilities])  # float(): a model's answer may hold numpy's


def _from_json(text: str) -> tuple[float, ...]:
    return tuple(json.loads(text))
