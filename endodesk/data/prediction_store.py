"""PredictionStore: what each model said of each frame."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from endodesk.data.connections import Connections
from endodesk.data.override_store import held_now
from endodesk.data.references import require_image, require_model
from endodesk.data.schema import PREDICTIONS
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NOTHING_GIVEN
from endodesk.domain.reviews import BundleId, Prediction

_PIECE = 500
_NEW = insert(PREDICTIONS)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["image", "bundle"], set_={name: _NEW.excluded[name] for name in ("probabilities", "created")}
)


class PredictionStore:
    """At most one prediction a frame and bundle; a new one takes the old one's place."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, predictions: Iterable[Prediction]) -> None:
        """All in one transaction; not those of frames of which something else holds by hand now than when the model was asked.

        BadRequest, and none is added, if the project lacks a frame or a model among them.
        """
        batch = list(predictions)  # drawn out first: inference must not go on inside the transaction
        if not batch:
            return
        now = datetime.now(UTC)
        with self._connections.write() as connection:
            held = held_now(connection, [p.image for p in batch])
            batch = [p for p in batch if p.given == held.get(p.image, NOTHING_GIVEN)]
            rows = [{"image": p.image, "bundle": p.bundle, "probabilities": _to_json(p.probabilities), "created": now} for p in batch]
            if not rows:
                return
            try:
                connection.execute(_PUT, rows)
            except IntegrityError:
                # asked only now: nearly all rows fit, and the sentence is to name what is missing
                _require_all(connection, batch)
                raise

    def pieces_of(self, bundle: BundleId, classes: int) -> Iterator[tuple[list[Sha256], NDArray[np.float32]]]:
        """Every prediction of a model, some hundred frames at a time: their names, and N x C probabilities.

        A damaged one is passed over, as if the model had not been asked.
        """
        query = select(PREDICTIONS.c.image, PREDICTIONS.c.probabilities).where(PREDICTIONS.c.bundle == bundle)
        with self._connections.read() as connection:
            for piece in connection.execute(query).partitions(_PIECE):
                images, texts = zip(*piece, strict=True)
                values = _many_from_json(texts, classes)
                whole = np.isfinite(values[:, 0])
                yield [Sha256(image) for image, good in zip(images, whole, strict=True) if good], values[whole]

    def of_bundle(self, bundle_id: BundleId) -> dict[Sha256, Prediction]:
        """Every prediction of a model by frame; empty for a model that said nothing yet. Damaged ones are passed over."""
        query = select(PREDICTIONS.c.image, PREDICTIONS.c.probabilities).where(PREDICTIONS.c.bundle == bundle_id)
        with self._connections.read() as connection:
            rows = connection.execute(query).all()
        found = ((Sha256(image), _from_json(text)) for image, text in rows)
        return {image: Prediction(image, bundle_id, said) for image, said in found if said}

    def answered(self, images: Sequence[Sha256]) -> set[Sha256]:
        """Those of these frames of which any model said something."""
        if not images:
            return set()
        with self._connections.read() as connection:
            return {Sha256(image) for image in connection.scalars(select(PREDICTIONS.c.image).where(PREDICTIONS.c.image.in_(images)))}

    def get(self, image: Sha256, bundle: BundleId) -> Prediction | None:
        """What the model said of the frame; None if it was not asked, or its answer is damaged."""
        query = select(PREDICTIONS.c.probabilities).where(PREDICTIONS.c.image == image, PREDICTIONS.c.bundle == bundle)
        with self._connections.read() as connection:
            said = _from_json(connection.scalar(query))
        return Prediction(image, bundle, said) if said else None


def _require_all(connection: Connection, batch: Sequence[Prediction]) -> None:
    for bundle in sorted({prediction.bundle for prediction in batch}):
        require_model(connection, bundle)
    for prediction in batch:
        require_image(connection, prediction.image)


def _to_json(probabilities: Sequence[float]) -> str:
    return json.dumps([float(p) for p in probabilities])  # float(): a model's answer may hold numpy's


def _from_json(text: object) -> tuple[float, ...]:
    """The stored probabilities; empty if the text is no list of them that sums to 1."""
    try:
        said = tuple(float(value) for value in json.loads(str(text)))
        Prediction(Sha256(""), BundleId(""), said)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return ()
    return said


def _many_from_json(texts: Sequence[object], classes: int) -> NDArray[np.float32]:
    """N x C; NaN in rows that are damaged or of another number of classes."""
    try:  # all at once: ten times faster than one by one
        values = np.array(json.loads(f"[{','.join(map(str, texts))}]"), np.float32)
    except (ValueError, TypeError, OverflowError, RecursionError):
        values = np.empty(0, np.float32)
    if values.shape != (len(texts), classes):
        told = [_from_json(text) for text in texts]
        values = np.array([said if len(said) == classes else (np.nan,) * classes for said in told], np.float32)
    proper = (values >= 0).all(axis=1) & (np.abs(values.sum(axis=1) - 1) < 1e-3)  # as Prediction demands of one
    values[~proper] = np.nan
    return values
