"""The row that a step begins with, within a writing transaction."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert

from endodesk.data.schema import STEPS


class StepKind(StrEnum):
    """What a step is to the steps before it."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


def new_step(connection: Connection, reader: str, at: datetime, kind: StepKind = StepKind.DO, of: int | None = None) -> int:
    """Add the row of a new step, and return its number; `of` is the step that an undo or redo is about."""
    values = {"reader": reader, "at": at, "kind": str(kind), "of": of}
    step: int = connection.execute(insert(STEPS).values(**values).returning(STEPS.c.id)).scalar_one()
    return step
