"""NearFrames: which frames of the open folder are near-identical, found in the background when somebody wants to know."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.project.project import Project
from endodesk.system.task import Progress, Ticket


class NearFrames:
    """By perceptual hash, within the bits that the project's grouping says. What was asked for last wins."""

    def __init__(
        self,
        jobs: Jobs,
        project: Project,
        *,
        found: Callable[[FrameList, NDArray[np.int64]], None],
        failed: Callable[[str], None],
        progressed: Callable[[Progress | None], None],
    ) -> None:
        self._jobs, self._project = jobs, project
        self._found, self._failed, self._progressed = found, failed, progressed
        self._looking: Ticket | None = None

    def look(self, frames: FrameList) -> None:
        """`found` follows with a group number for each row, or `failed` with a sentence."""
        if self._looking:
            self._looking.cancel()
        self._looking = ticket = self._jobs.submit(
            lambda t: near_rows(frames, self._project, t),
            done=lambda group: self._end(ticket, lambda: self._found(frames, group)),
            failed=lambda reason: self._end(ticket, lambda: self._failed(reason)),
            progress=lambda progress: self._progressed(progress) if ticket is self._looking else None,
            urgency=Urgency.LATER,
        )

    def stop(self) -> None:
        """Nothing follows."""
        if self._looking:
            self._looking.cancel()
            self._looking = None
            self._progressed(None)

    def _end(self, ticket: Ticket, tell: Callable[[], None]) -> None:
        if ticket is self._looking:
            self._looking = None
            self._progressed(None)
            tell()


def near_rows(frames: FrameList, project: Project, ticket: Ticket) -> NDArray[np.int64]:
    """For each row a number, equal for near-identical frames; a frame that cannot be read is like no other. Cancelled by the ticket."""
    from endodesk.app.frames.hashed_files import hash_files
    from endodesk.app.project.grouping import grouping_of  # nothing of training is loaded before it is wanted
    from endodesk.dataset.manifest import ClassFile
    from endodesk.dataset.near_duplicates import near_groups

    group = np.arange(len(frames), dtype=np.int64)
    files = [ClassFile(frames.path(row), "", "") for row in range(len(frames)) if not frames.is_unreadable(row)]
    hashed = [
        (row, found.phash) for found in hash_files(files, project.database, ticket).rows if (row := frames.row_of(found.file)) is not None
    ]
    if hashed:
        rows = np.array([row for row, _ in hashed])
        group[rows] = rows[near_groups([phash for _, phash in hashed], grouping_of(project).near)]
    return group
