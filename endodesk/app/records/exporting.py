"""A project's record, or a part of it, into a file or folder of one of the formats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.project.project import Project
from endodesk.app.records.importing import note_passage
from endodesk.app.records.portable import WHOLE_RECORD, RecordFilter, portable_record
from endodesk.dataset.exchange.formats import check_out, format_named, write_export
from endodesk.domain.acts import PortableRecord
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
    check_out(out, format_named(key))
    task.report(0, 0, "collecting")
    return write_record(project, portable_record(project, rows, wanted), key, out, task)


def write_record(project: Project, record: PortableRecord, key: str, out: Path, task: TaskContext) -> Exported:
    """A record that was collected before. For a job; raises as `export_record`."""
    told = write_export(record, format_named(key), out, task)
    note_passage(project, "export", len(record.acts))
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
