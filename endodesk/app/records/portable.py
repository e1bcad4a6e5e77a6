"""From a project's stores to a frozen record that can be passed on."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from endodesk.app.frames.frame_list import FrameRows, class_depth
from endodesk.app.project.blind_first import BlindFirst
from endodesk.app.project.grouping import grouping_of
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of
from endodesk.dataset.cases import case_finder
from endodesk.domain.acts import Act, PortableFrame, PortableRecord
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which part of a record is wanted."""

    as_of: datetime | None = None
    """As it stood then; aware."""
    reader: str = ""
    """What one reader said; empty for all."""


WHOLE_RECORD = RecordFilter()


def portable_record(project: Project, rows: FrameRows, wanted: RecordFilter = WHOLE_RECORD) -> PortableRecord:
    """What readers did, and the frames that are there. For a job: of 100,000 frames it takes seconds.

    What blind first keeps from the reader of this project is not in it, whoever's act tells of it.
    """
    classes = project.label_set
    frames = _frames(project, rows, classes)
    recorded = project.database.acts.recorded(wanted.as_of, wanted.reader)
    acts = [_placed(act.in_classes(classes), frames) for act in recorded]
    acts, notes = _seen(project, acts)
    known = sum(name is not None for name in rows.sha256s)
    if known > len(frames):
        notes.append(f"Further copies of the same frames in the folder: {known - len(frames):,}.")
    if refused := sum(rows.is_unreadable(row) for row in range(len(rows))):
        notes.append(f"Files that cannot be read: {refused:,}.")
    if unread := sum(name is None and not rows.is_unreadable(row) for row, name in enumerate(rows.sha256s)):
        notes.append(f"Files that were not read yet: {unread:,}. Wait until the folder is read.")
    return PortableRecord(rows.root.name or "frames", tuple(frames.values()), tuple(acts), classes.names.names, tuple(notes))


def portable_frames(project: Project, rows: FrameRows) -> Sequence[PortableFrame]:
    """The frames alone."""
    return list(_frames(project, rows, project.label_set).values())


def _frames(project: Project, rows: FrameRows, classes: LabelSet) -> dict[str, PortableFrame]:
    """Each content once, at the first of its places."""
    sizes, case_of = project.database.acts.frame_sizes(), _cases(project, rows, classes)
    found: dict[str, PortableFrame] = {}
    for row, sha256 in enumerate(rows.sha256s):
        if sha256 is None or sha256 in found:
            continue
        name, (width, height) = rows.names[row], sizes.get(sha256, (0, 0))
        label = rows.folders[rows.folder_of[row]].label
        found[sha256] = PortableFrame(
            name.replace(os.sep, "/"),
            sha256,
            rows.places.path(name),
            width,
            height,
            case_of(row),
            classes.class_of(label) if label in classes else "",
        )
    return found


def _cases(project: Project, rows: FrameRows, classes: LabelSet) -> Callable[[int], str]:
    """What tells the case of a row, as conclusions name it."""
    rule = grouping_of(project).case
    if rule in (CASE_FOLDER, DEEPEST_FOLDER, NO_CASE):
        below = class_depth(rows.folders, classes)
        return lambda row: rows.folders[rows.folder_of[row]].case_below(below, rule)
    find = case_finder(rule)
    return lambda row: find((rows.places.prefix + rows.names[row]).replace(os.sep, "/"))


def _placed(act: Act, frames: Mapping[str, PortableFrame]) -> Act:
    frame = frames.get(act.sha256)
    return replace(act, file=frame.file, case=frame.case) if frame else act


def _seen(project: Project, acts: Sequence[Act]) -> tuple[list[Act], list[str]]:
    """The acts without the answers that blind first keeps from this project's reader, and a sentence if there are such."""
    reader = reader_of(project)
    blind = BlindFirst(project, reader)
    seen = [replace(act, answer="", model="") if act.sha256 and act.answer and blind.hides(Sha256(act.sha256)) else act for act in acts]
    hidden = sum(old is not new for old, new in zip(acts, seen, strict=True))
    words = "The model's answer of {n:,} acts: blind first is on, and {reader} has not labelled these frames."
    return seen, [words.format(n=hidden, reader=reader)] if hidden else []
