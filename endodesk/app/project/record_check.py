"""Verifying a project's record by its chain, and by an anchor that was kept elsewhere."""

from dataclasses import dataclass
from pathlib import Path

from endodesk.app.project.project import hold_project
from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME
from endodesk.data.chain.anchor import Anchor
from endodesk.data.safety.recovery import open_record
from endodesk.domain.images import printable
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """What verifying a record came to, in words for whoever asked."""

    events: int
    digest: str
    fault: str
    """The first row that does not hold, or how the anchor differs; empty if all holds."""
    anchored: str
    """What the anchor says, or that it is kept now; empty if none was named."""
    told: str
    """What happened to the file before it was opened; empty as a rule."""


def check_record(place: Path, anchor: Path | None, task: TaskContext) -> RecordCheck:
    """Verify the record of the project that is kept for a place; an anchor that is not there is kept. BadRequest, BadProject, Cancelled."""
    kept = Anchor.read(anchor) if anchor and anchor.exists() else None  # before minutes of work
    with hold_project(place) as folder:
        database, told = open_record(folder / DATABASE_NAME, folder / JOURNAL_NAME)
        with database:
            verdict = database.chain.verify(task)
            differs = kept.fault(database.chain.digest_at) if kept else ""
    fault, anchored = str(verdict.broken) if verdict.broken else differs, ""
    if anchor and kept and not fault:
        anchored = f"It goes on from the anchor of {kept.date}, which knows {kept.count} events."
    elif anchor and not fault:
        Anchor.of(verdict).write(anchor)
        anchored = f"The anchor is kept in {printable(str(anchor))}: keep it elsewhere, and verify with it later."
    return RecordCheck(verdict.events, verdict.digest, fault, anchored, told)
