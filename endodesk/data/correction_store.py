"""CorrectionStore: every act of a reader, in the order in which it was done. Nothing is ever lost or edited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from endodesk.data.connections import Connections
from endodesk.data.references import require_image, require_model
from endodesk.data.tables import CorrectionRow, RevocationRow
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import BundleId, Correction


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """A correction as it is on disk; revoked if `revoked_at` is set."""

    id: int
    correction: Correction
    revoked_at: datetime | None = None
    revoked_by: str | None = None


class CorrectionStore:
    """Append-only. Newest means added last, whatever the clock said. Redoing after a revocation is adding again."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, correction: Correction) -> int:
        """Returns the row's id once it is on disk.

        Raises BadRequest if the project lacks the frame or the model, EndoDeskError if it could not be written.
        """
        names = ("image", "label", "reader", "at", "bundle", "answer")
        with self._connections.write() as connection:
            require_image(connection, correction.image)
            if correction.bundle is not None:
                require_model(connection, correction.bundle)
            return connection.execute(_ADD, {name: getattr(correction, name) for name in names}).scalar_one()

    def revoke(self, row_id: int, *, reader: str, at: datetime) -> None:
        """Take a correction back, durably. BadRequest if there is none, it was taken back before, or no reader is named."""
        if not reader:
            raise BadRequest("Say who takes the correction back.")
        with self._connections.write() as connection:
            _require_standing(connection, row_id)
            connection.execute(insert(RevocationRow).values(correction=row_id, reader=reader, at=at))

    def current(self) -> dict[Sha256, StoredCorrection]:
        """The newest correction of each frame that was not revoked; frames without one are left out."""
        newest = (
            select(func.max(CorrectionRow.id))
            .outerjoin(RevocationRow, RevocationRow.correction == CorrectionRow.id)
            .where(RevocationRow.id.is_(None))
            .group_by(CorrectionRow.image)
        )
        return {stored.correction.image: stored for stored in self._read(_SELECT.where(CorrectionRow.id.in_(newest)))}

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """All corrections of a frame, revoked ones too, oldest first."""
        return self._read(_SELECT.where(CorrectionRow.image == image).order_by(CorrectionRow.id))

    def _read(self, query: Select[*tuple[Any, ...]]) -> list[StoredCorrection]:
        with self._connections.read() as connection:
            return [_stored(row) for row in connection.execute(query)]


_ADD = insert(CorrectionRow).returning(CorrectionRow.id)
_SELECT = select(
    CorrectionRow.id,
    CorrectionRow.image,
    CorrectionRow.label,
    CorrectionRow.reader,
    CorrectionRow.at,
    CorrectionRow.bundle,
    CorrectionRow.answer,
    RevocationRow.at.label("revoked_at"),
    RevocationRow.reader.label("revoked_by"),
).outerjoin(RevocationRow, RevocationRow.correction == CorrectionRow.id)


def _stored(row: Row[*tuple[Any, ...]]) -> StoredCorrection:
    bundle = None if row.bundle is None else BundleId(row.bundle)
    correction = Correction(Sha256(row.image), row.label, row.reader, row.at, bundle, row.answer)
    return StoredCorrection(row.id, correction, row.revoked_at, row.revoked_by)


def _require_standing(connection: Connection, row_id: int) -> None:
    if connection.scalar(select(CorrectionRow.id).where(CorrectionRow.id == row_id)) is None:
        raise BadRequest(f"There is no correction {row_id} to take back.")
    if connection.scalar(select(RevocationRow.id).where(RevocationRow.correction == row_id)) is not None:
        raise BadRequest(f"The correction {row_id} was taken back before.")
