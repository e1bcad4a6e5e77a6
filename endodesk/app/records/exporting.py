"""A project's record, or a part of it, into a file or folder of one of the formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.project.project import Project
from endodesk.app.records.importing import note_passage
from endodesk.app.records.portable import WHOLE_RECORD, RecordFilter, portable_record
from endodesk.dataset.exchange.formats import check_out, format_named, write_export
from endodesk.domain.errors import BadRequest
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    acts: int
    frames: int
    left_out: tuple[str, ...]
    """A sentence on each thing that the format has no room for."""


def export_record(
    project: Project, rows: FrameRows, key: str, out: Path, task: TaskContext, wanted: RecordFilter = WHOLE_RECORD
) -> Exported:
    """For a job. BadRequest if there is no such format, something is in that place, or it cannot be written; Cancelled."""
    form = format_named(key)
    check_out(out, form)
    task.report(0, 0, "collecting")
    record = portable_record(project, rows, wanted)
    told = write_export(record, form, out, task)
    note_passage("export", len(record.acts))
    return Exported(len(record.acts), len(record.frames), tuple(told))


def moment_of(text: str) -> datetime | None:
    """A time as it is typed: a day (to its end) or ISO 8601, in the zone of this computer unless it names one; None if empty.

    BadRequest if it is none.
    """
    text = text.strip()
    try:
        if not text:
            return None
        if len(text) == len("2026-11-30"):
            return (datetime.combine(date.fromisoformat(text), time()) + timedelta(days=1)).astimezone(UTC) - timedelta(microseconds=1)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadRequest(f"{text!r:.60} is no time: write a day, 2026-11-30, or 2026-11-30T14:05.") from error


def readers_in(project: Project) -> Sequence[str]:
    """Everybody who has done anything, sorted."""
    return sorted({act.reader for act in project.database.acts.recorded()} - {""})
