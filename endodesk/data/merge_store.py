"""MergeStore: which frames a reader said belong together, and which no longer. Nothing is ever lost or edited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.references import require_image
from endodesk.data.schema import MERGES
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, sha256_of

FramePair = tuple[Sha256, Sha256]
"""Two frames, the smaller name first."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One act of a reader: from `at` on these two frames belong together, or no longer do if not `joined`."""

    images: FramePair
    joined: bool
    reader: str
    at: datetime


class MergeStore:
    """Append-only. Of each pair of frames the act added last holds, whatever the clock said."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, left: Sha256, right: Sha256, *, joined: bool, reader: str, at: datetime) -> None:
        """Durably; the order of the two does not matter. BadRequest if the project lacks a frame, both are one, or nobody is named."""
        if left == right:
            raise BadRequest("A frame always belongs together with itself. Choose two frames.")
        if not reader:
            raise BadRequest("Say who joins the frames, or takes them apart.")
        image_a, image_b = frame_pair(left, right)  # one order, or the newest act on a pair could not be grouped out
        with self._connections.write() as connection:
            require_image(connection, image_a)
            require_image(connection, image_b)
            # of two frames, not of groups: these are made anew each time, and the act holds whatever makes them
            connection.execute(insert(MERGES).values(image_a=image_a, image_b=image_b, joined=joined, reader=reader, at=at))

    def standing(self) -> dict[FramePair, Merge]:
        """The pairs that belong together now, each with the act that says so, in the order of these acts."""
        newest = select(func.max(MERGES.c.id)).group_by(MERGES.c.image_a, MERGES.c.image_b)
        columns = (MERGES.c.image_a, MERGES.c.image_b, MERGES.c.joined, MERGES.c.reader, MERGES.c.at)
        query = select(*columns).where(MERGES.c.id.in_(newest), MERGES.c.joined).order_by(MERGES.c.id)
        with self._connections.read() as connection:
            return {merge.images: merge for merge in read_rows(connection, query, _merge, RowKind.MERGE)}


def _merge(row: Row[Any]) -> Merge:
    return Merge((sha256_of(row.image_a), sha256_of(row.image_b)), row.joined, row.reader, row.at)


def frame_pair(left: Sha256, right: Sha256) -> FramePair:
    """The two in the order in which a pair is kept."""
    return (left, right) if left < right else (right, left)
