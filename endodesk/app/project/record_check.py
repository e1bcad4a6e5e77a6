"""Verifying a project's record by its chain, and by an anchor that was kept elsewhere, in words for whoever asked."""

from dataclasses import dataclass
from pathlib import Path

from endodesk.app.language import reason_of, tr
from endodesk.app.project.project import hold_project
from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME
from endodesk.data.chain.anchor import Anchor
from endodesk.data.chain.chain_store import ChainStore
from endodesk.data.chain.verifying import BrokenRow, ChainVerdict, Fault
from endodesk.data.safety.recovery import open_record
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """What verifying came to."""

    verdict: ChainVerdict
    fault: str = ""
    """The first row that does not hold, or how the anchor differs; empty if all holds."""
    anchored: str = ""
    """What the anchor says, or that it is kept now; empty if none was named."""

    @property
    def told(self) -> str:
        """All of it as sentences."""
        if self.fault:
            return tr("Broken: {fault}.").format(fault=self.fault)
        if not self.verdict.events:
            return tr("Nobody has done anything here yet.")
        held = tr("All holds. Events: {n}. The last digest: {digest}").format(n=f"{self.verdict.events:,}", digest=self.verdict.digest)
        return f"{held}\n{self.anchored}" if self.anchored else held


def check_record(place: Path, anchor: Path | None, task: TaskContext) -> tuple[RecordCheck, str]:
    """Verify the project that is kept for a place, while no window has it open; and what happened to its file before, if anything did.

    Raises as `hold_project`, `Database.open` and `check_chain` do.
    """
    with hold_project(place) as folder:
        database, told = open_record(folder / DATABASE_NAME, folder / JOURNAL_NAME)
        with database:
            return check_chain(database.chain, anchor, task), told


def check_chain(chain: ChainStore, anchor: Path | None, task: TaskContext) -> RecordCheck:
    """Verify a record, and by an anchor if that is there; one that is not there is kept. BadRequest, EndoDeskError, Cancelled."""
    kept = Anchor.read(anchor) if anchor and anchor.exists() else None  # before minutes of work
    verdict = chain.verify(task)
    if verdict.broken:
        return RecordCheck(verdict, broken_words(verdict.broken))
    if anchor is None:
        return RecordCheck(verdict)
    if kept is None:
        return RecordCheck(verdict, anchored=keep_anchor(verdict, anchor))
    here = chain.digest_at(kept.count) if kept.count else ""
    known = {"n": f"{kept.count:,}", "date": kept.date}
    if here is None:
        return RecordCheck(verdict, tr("event {n} is missing, which the anchor of {date} knows").format(**known))
    if here != kept.digest:
        return RecordCheck(verdict, tr("event {n} is another one than on {date}, when the anchor was kept").format(**known))
    return RecordCheck(verdict, anchored=tr("They go on from the anchor of {date}, which knows {n}.").format(**known))


def keep_anchor(verdict: ChainVerdict, path: Path) -> str:
    """Write down how far a chain goes that holds; a sentence on it. EndoDeskError if it cannot be written."""
    place = printable(str(path))
    try:
        Anchor.of(verdict).write(path)
    except OSError as error:
        raise EndoDeskError(tr("The anchor cannot be written to {file}: {reason}.").format(file=place, reason=reason_of(error))) from error
    return tr("The anchor is kept in {file}. Keep it on another PC, or on paper, and verify by it later.").format(file=place)


def broken_words(row: BrokenRow) -> str:
    """The row and what happened to it. Tables have the names that they have in the file: whoever looks there finds them."""
    name = f"{row.table} {row.id}"
    if row.fault is Fault.CHANGED:
        return tr("{row} was changed").format(row=name)
    if row.fault is Fault.MISSING:
        return tr("{row} is missing").format(row=name)
    if row.fault is Fault.INSERTED:
        return tr("{row} was inserted").format(row=name)
    return tr("{row} was swapped with {other}").format(row=name, other=f"{row.table} {row.other}")
