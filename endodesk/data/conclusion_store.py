"""ConclusionStore: what readers concluded of cases. Nothing is ever lost or edited."""

from dataclasses import astuple
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import CONCLUSIONS
from endodesk.domain.conclusions import LONGEST_CONCLUSION, Conclusion
from endodesk.domain.errors import BadRequest

_COLUMNS = tuple(CONCLUSIONS.c[name] for name in ("case", "text", "finding", "reader", "at"))


# Why: docs/decisions/data.md 4
class ConclusionStore:
    """Append-only. Of each case what was added last holds, whatever the clock said."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, conclusion: Conclusion, *, note: ActNote = NOTHING_MORE) -> None:
        """Durably, and the `note` with it in the chain. BadRequest if no case or reader is named or the text is too long; EndoDeskError."""
        if not conclusion.case or not conclusion.reader:
            raise BadRequest("Say which case is concluded, and by whom.")
        if len(conclusion.text) > LONGEST_CONCLUSION:
            raise BadRequest(f"A conclusion has at most {LONGEST_CONCLUSION:,} characters; shorten it.")
        # the columns stand in the order of the dataclass's fields
        values = dict(zip((column.name for column in _COLUMNS), astuple(conclusion), strict=True))
        with self._connections.write(note=note) as connection:
            connection.execute(insert(CONCLUSIONS).values(values))  # no step: Ctrl+Z is for labels, and the earlier text stays on record

    def history(self, case: str) -> list[Conclusion]:
        """All that was ever concluded of a case, oldest first."""
        with self._connections.read() as connection:
            return conclusions_of(connection, CONCLUSIONS.c.case == case)

    def of_folders(self, case: str) -> list[Conclusion]:
        """All that was ever concluded of the folders in a case, and of those that it lies in, where these were cases; oldest first."""
        parts = case.split("/")
        around = ["/".join(parts[:n]) for n in range(1, len(parts))]
        column = CONCLUSIONS.c.case
        inside = func.substr(column, 1, len(case) + 1) == f"{case}/"
        with self._connections.read() as connection:
            return conclusions_of(connection, inside | column.in_(around))

    def concluded(self) -> set[str]:
        """Cases of which something is concluded now."""
        newest = select(func.max(CONCLUSIONS.c.id)).group_by(CONCLUSIONS.c.case)
        said = (CONCLUSIONS.c.text != "") | (CONCLUSIONS.c.finding != "")
        with self._connections.read() as connection:
            query = select(CONCLUSIONS.c.case).where(CONCLUSIONS.c.id.in_(newest), said)
            return set(read_rows(connection, query, lambda row: row.case, RowKind.CONCLUSION))


def conclusions_of(connection: Connection, which: ColumnElement[bool]) -> list[Conclusion]:
    """Those of which that holds, oldest first."""
    query = select(*_COLUMNS).where(which).order_by(CONCLUSIONS.c.id)
    return list(read_rows(connection, query, _conclusion, RowKind.CONCLUSION))


def _conclusion(row: Row[Any]) -> Conclusion:
    return Conclusion(*tuple(row))
