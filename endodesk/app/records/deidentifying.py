"""A project's record without names: the sheet that a person looks at first, then the export of what was approved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2

from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of
from endodesk.app.records.exporting import tell_export
from endodesk.app.records.packs import PACK
from endodesk.dataset.deidentify.clean_frames import CleanFrame, clean_frames
from endodesk.dataset.deidentify.contact_sheet import Approval, write_sheet
from endodesk.dataset.deidentify.nameless_export import Approved, NamelessExport, write_nameless_export
from endodesk.dataset.deidentify.pseudonyms import Pseudonyms, kept_pseudonyms
from endodesk.dataset.exchange.formats import ExchangeFormat, format_named
from endodesk.domain.acts import PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.system.own_record import settings_folder
from endodesk.system.task import TaskContext

_KEY_FILE = "pseudonyms.key"


def user_pseudonyms() -> Pseudonyms:
    """By the key in the user's own folder. BadRequest if it cannot be read or made."""
    return kept_pseudonyms(settings_folder() / _KEY_FILE)


def nameless_format(key: str) -> ExchangeFormat:
    """BadRequest if there is none of that name, or its files cannot go without names."""
    if key == PACK:
        raise BadRequest("A label pack cannot go without names: its chain would not hold. Choose another format.")
    return format_named(key)


def sheet_beside(out: Path) -> Path:
    """Where the sheet for an export lies."""
    return out.with_name(f"{out.name}-sheet")


def frames_to_approve(project: Project, record: PortableRecord, task: TaskContext) -> Iterator[CleanFrame | Unreadable]:
    """Every frame as it would be passed on. For a job: some 30 ms of a processor each."""
    return clean_frames(record.frames, user_pseudonyms(), project.database.overrides.holding(), task, "masking")


@dataclass(frozen=True, slots=True)
class FrameToApprove:
    """One frame as it would be passed on, for the window."""

    name: str
    """Its pseudonym."""
    png_sha256: str
    file: str
    """Where the frame itself lies, relative to the folder: for who looks."""
    jpeg: bytes
    """A small copy."""


def look_job(project: Project, record: PortableRecord, task: TaskContext) -> list[FrameToApprove]:
    """All frames that can be shown, small, in the order of the record. BadRequest, Cancelled."""
    return [
        FrameToApprove(one.name, one.sha256, one.frame.file, _small(one))
        for one in frames_to_approve(project, record, task)
        if isinstance(one, CleanFrame)
    ]


def approval_of(frames: Iterable[FrameToApprove], held_back: int) -> Approval:
    """What a person said who looked: these may go out."""
    return Approval({one.name: one.png_sha256 for one in frames}, held_back, user_pseudonyms().fingerprint)


def _small(frame: CleanFrame) -> bytes:
    return cv2.imencode(".jpg", frame.thumbnail[..., ::-1])[1].tobytes()


def make_sheet(project: Project, record: PortableRecord, sheet: Path, task: TaskContext) -> int:
    """Write the contact sheet, and nothing else; how many frames are on it. BadRequest, Cancelled."""
    return write_sheet(sheet, frames_to_approve(project, record, task), user_pseudonyms().fingerprint)


def export_nameless(project: Project, record: PortableRecord, key: str, out: Path, approval: Approval, task: TaskContext) -> NamelessExport:
    """Export what was approved. BadRequest as `write_nameless_export`; Cancelled."""
    approved = Approved(approval, reader_of(project), datetime.now(UTC))
    drawn = project.database.overrides.holding()
    done = write_nameless_export(record, nameless_format(key), out, user_pseudonyms(), drawn, approved, task)
    tell_export(project, key, out, done.acts, nameless=True)
    return done
