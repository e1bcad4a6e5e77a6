"""An export without names: the frames that a person approved, what was said of them, and the certificate, in one folder."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from endodesk.dataset.deidentify.certificate import Certified, write_certificate
from endodesk.dataset.deidentify.clean_frames import CleanFrame, clean_frames
from endodesk.dataset.deidentify.contact_sheet import Approval
from endodesk.dataset.deidentify.nameless import nameless
from endodesk.dataset.deidentify.pseudonyms import Pseudonyms
from endodesk.dataset.exchange.formats import LEFT_OUT, ExchangeFormat, check_out, left_out_text
from endodesk.domain.acts import PortableFrame, PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable, printable
from endodesk.domain.overrides import Overrides
from endodesk.system.atomic import folder_asked_for
from endodesk.system.private import share_folder_as_usual
from endodesk.system.task import TaskContext

_FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Approved:
    """Who looked at the sheet, what they said of it, and when."""

    approval: Approval
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NamelessExport:
    """What was written."""

    frames: int
    acts: int
    left_out: tuple[str, ...]


def write_nameless_export(
    record: PortableRecord, form: ExchangeFormat, out: Path, names: Pseudonyms, drawn: Overrides, approved: Approved, task: TaskContext
) -> NamelessExport:
    """A folder with the approved frames as PNG and the format's file, or, of a format of copies, with these alone.

    BadRequest if something is in that place, the sheet was made with another key or a frame looks otherwise than on it: then nothing is
    written. Cancelled.
    """
    folder = replace(form, ending="")
    check_out(out, folder.ending)
    approval = approved.approval
    if approval.key != names.fingerprint:
        raise BadRequest("The contact sheet was made with another key for names. Make a new one on this PC, and look at it.")
    wanted = [frame for frame in record.frames if names.frame(frame.sha256) in approval.passed]
    if not wanted:
        raise BadRequest("No frame of this project is approved on the sheet. Nothing was exported.")
    with folder_asked_for(out, "The export") as beside:
        (beside / _FRAMES).mkdir()
        frames: dict[str, PortableFrame] = {}
        certified: list[Certified] = []
        for one in _as_approved(clean_frames(wanted, names, drawn, task, "writing frames"), approval):
            file = f"{_FRAMES}/{one.name}.png"
            (beside / file).write_bytes(one.png)
            frames[one.frame.sha256] = replace(
                one.frame, file=file, sha256=one.sha256, place=str(beside / file), case=names.case(one.frame.case)
            )
            certified.append(Certified.of(one))
        result = nameless(record, frames, names)
        form.write(result.record, beside / f"{form.key}{form.ending}" if form.ending else beside, task)
        if form.copies:
            shutil.rmtree(beside / _FRAMES)
        told = form.left_out(result.record)
        (beside / LEFT_OUT).write_text(left_out_text(result.record, form, told), "utf-8", errors="replace")
        refused = len(record.frames) - len(certified)
        write_certificate(beside, certified, refused=refused, dropped=result.dropped, approved_by=names.reader(approved.by), at=approved.at)
    share_folder_as_usual(out)
    return NamelessExport(len(certified), len(result.record.acts), tuple(told))


def _as_approved(frames: Iterator[CleanFrame | Unreadable], approval: Approval) -> Iterator[CleanFrame]:
    """Just what was looked at. A recipe that finds otherwise now, or another outline drawn, needs another look."""
    for one in frames:
        if isinstance(one, CleanFrame) and approval.passed[one.name] == one.sha256:
            yield one
        else:
            file = one.frame.file if isinstance(one, CleanFrame) else one.path.name
            raise BadRequest(
                f"{printable(file)} looks otherwise than on the contact sheet. Make a new sheet, and look at it. Nothing was exported."
            )
