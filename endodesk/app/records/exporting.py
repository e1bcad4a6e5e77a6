"""A project's record, or a part of it, into a file or folder of one of the formats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of
from endodesk.app.records.packs import PACK, own_signature, pack_format
from endodesk.app.records.portable import WHOLE_RECORD, RecordFilter, portable_record
from endodesk.data.chain.writing import EXPORT, ActNote
from endodesk.data.packs.pack_file import ENDING
from endodesk.dataset.exchange.formats import FORMATS, ExchangeFormat, check_out, format_named, write_export
from endodesk.domain.acts import PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from endodesk.system.task import TaskContext

EXPORTS = (*FORMATS, PACK)
"""What a record can be written as, by the names on the command line."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    acts: int
    frames: int
    left_out: tuple[str, ...]
    """A sentence on each thing that the format has no room for."""
    signed: str = ""
    """A sentence on the key that it was signed with, if it was."""


def export_record(
    project: Project, rows: FrameRows, key: str, out: Path, task: TaskContext, wanted: RecordFilter = WHOLE_RECORD
) -> Exported:
    """For a job. BadRequest if there is no such format, something is in that place, or it cannot be written; Cancelled."""
    form = format_of(project, key, wanted)
    check_out(out, form.ending)
    task.report(0, 0, "collecting")
    return write_record(project, portable_record(project, rows, wanted), key, out, task, wanted)


def write_record(
    project: Project, record: PortableRecord, key: str, out: Path, task: TaskContext, wanted: RecordFilter = WHOLE_RECORD
) -> Exported:
    """A record that was collected before. For a job; raises as `export_record`."""
    told = write_export(record, format_of(project, key, wanted), out, task)
    tell_export(project, key, out, len(record.acts))
    return Exported(len(record.acts), len(record.frames), tuple(told), own_signature(project) if key == PACK else "")


def format_of(project: Project, key: str, wanted: RecordFilter = WHOLE_RECORD) -> ExchangeFormat:
    """One of EXPORTS. BadRequest if there is none of that name, or it cannot hold such a part of the record."""
    return pack_format(project, wanted) if key == PACK else format_named(key)


def ending_of(key: str) -> str:
    """Of the file that one of EXPORTS is written as; empty for a folder. BadRequest if there is none of that name."""
    return ENDING if key == PACK else format_named(key).ending


def tell_export(project: Project, key: str, out: Path, acts: int, *, nameless: bool = False) -> None:
    """Put on record that so many acts went out. EndoDeskError if it could not be; what was written is there."""
    told = {"format": key, "name": printable(out.name), "acts": acts, "without names": nameless}
    project.database.chain.tell(ActNote(EXPORT, reader_of(project), told=told))


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
