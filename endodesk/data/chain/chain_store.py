"""ChainStore: what happened in this record, as a chain that can be verified and passed on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select, true

from endodesk.data.acts.standing_words import StandingWords, read_standing
from endodesk.data.chain.anchor import Anchor
from endodesk.data.chain.chain_lines import export_chain
from endodesk.data.chain.data_set import DataSet, data_set
from endodesk.data.chain.moment import cut_after, cut_at, last_event
from endodesk.data.chain.verifying import BrokenRow, ChainVerdict, Fault, digest_at, verify_chain
from endodesk.data.chain.writing import ActNote
from endodesk.data.connections import Connections, raw_of
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.safety.journal import ending_of, kept_journals
from endodesk.data.schema import STEPS
from endodesk.system.task import TaskContext

_KNOWN = "SELECT 1 FROM event WHERE id = ? AND digest = ? UNION SELECT 1 FROM foreign_event WHERE digest = ?"


class ChainStore:
    """Written by every store, through its transactions; read here."""

    def __init__(self, connections: Connections, journal: Path | None) -> None:
        self._connections, self._journal = connections, journal

    def tell(self, note: ActNote) -> None:
        """Put an act into the chain that adds no row of its own: an import, an export. EndoDeskError if it could not be written."""
        with self._connections.write(note=note):
            pass

    def verify(self, task: TaskContext | None = None) -> ChainVerdict:
        """Look through all events and rows; and whether journals beside the record know of events that it lacks. Cancelled."""
        journals = [self._journal, *kept_journals(self._journal)] if self._journal else []
        with self._connections.read() as connection:
            verdict = verify_chain(raw_of(connection), task or TaskContext())
            lacking = [lacked for journal in journals if (lacked := _lacked(connection, journal))]
        if verdict.broken or not lacking:
            return verdict
        return ChainVerdict(verdict.events, verdict.digest, BrokenRow("event", max(lacking), Fault.MISSING))

    def data_set(self, moment: datetime | None = None, *, reader: str = "") -> DataSet:
        """What the record held at a moment (None: now), by all readers or by the one who is named: exact, undo and taking back included.

        Of what is older than the chain the times that stand in its rows count, else those at which it was written here.
        """
        with self._connections.read() as connection:
            return data_set(connection, cut_at(connection, moment), reader)

    def data_set_after(self, event: int) -> DataSet:
        """What the record held once an event had been written, by all readers; nothing if it is 0. EndoDeskError where it is damaged."""
        with self._connections.read() as connection:
            return data_set(connection, cut_after(connection, event))

    def anchored_words(self) -> tuple[Anchor, StandingWords]:
        """How far the chain goes, and what stands of each frame there: of the same moment, whoever labels meanwhile."""
        with self._connections.read() as connection:
            last = last_event(raw_of(connection), None)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            return Anchor(last, digest_at(raw_of(connection), last) or "", now), read_standing(connection, true())

    def readers(self) -> list[str]:
        """Everybody who ever labelled, marked, drew or undid anything here."""
        with self._connections.read() as connection:
            query = select(STEPS.c.reader).distinct().order_by(STEPS.c.reader)
            return list(read_rows(connection, query, lambda row: row.reader, RowKind.STEP))

    def digest_at(self, number: int) -> str | None:
        """The digest of an event; None if there is none of that number."""
        with self._connections.read() as connection:
            return digest_at(raw_of(connection), number)

    def last_event(self, moment: datetime | None = None) -> int:
        """The number of the last event, or of the last one by that time; 0 if there was none."""
        with self._connections.read() as connection:
            return last_event(raw_of(connection), moment)

    def lines(self, task: TaskContext | None = None, *, last: int | None = None) -> Iterator[str]:
        """The chain with its rows, to its end or to the event `last`, as lines of JSON without ends; `docs/verify_export.py` verifies them.

        BrokenLine where an event is damaged; Cancelled.
        """
        with self._connections.read() as connection:
            yield from export_chain(raw_of(connection), task or TaskContext(), last)


def _lacked(connection: Connection, journal: Path) -> int:
    """The number of the last event that a journal knows, if the record lacks it; else 0."""
    reach = ending_of(journal).reach
    number, digest = reach.ids[-1], reach.digest
    if not number or raw_of(connection).execute(_KNOWN, (number, digest, digest)).fetchone():
        return 0
    return number
