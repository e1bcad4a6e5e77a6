"""NearFrames: which frames of the open folder are near-identical, found in the background when somebody wants to know."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from endodesk.app.frames.frame_list import FrameList, FrameRows
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.project.project import Project
from endodesk.system.collector import collector_paused
from endodesk.system.task import Progress, TaskContext


class NearFrames:
    """Looks for them by perceptual hash, within the bits that the project's grouping says. What was asked for last wins."""

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
        self._looking: TaskContext | None = None

    def look(self, frames: FrameList) -> None:
        """`found` follows with a group number for each row, or `failed` with a sentence."""
        if self._looking:
            self._looking.cancel()
        taken = frames.snapshot()

        def near_job(own: TaskContext) -> NDArray[np.int64]:
            with collector_paused():
                return near_rows(taken, self._project, own)

        self._looking = task = self._jobs.submit(
            near_job,
            done=lambda group: self._end(task, lambda: self._found(frames, group)),
            failed=lambda reason: self._end(task, lambda: self._failed(reason)),
            progress=lambda progress: self._progressed(progress) if task is self._looking else None,
            urgency=Urgency.LATER,
        )

    def stop(self) -> None:
        """Look no further: neither `found` nor `failed` follows."""
        if self._looking:
            self._looking.cancel()
            self._looking = None
            self._progressed(None)

    def _end(self, task: TaskContext, tell: Callable[[], None]) -> None:
        if task is self._looking:  # else it was stopped, or asked for again
            self._looking = None
            self._progressed(None)
            tell()


def near_rows(frames: FrameRows, project: Project, task: TaskContext) -> NDArray[np.int64]:
    """For each row a number, equal for near-identical frames; a frame that cannot be read is like no other. Cancelled by the task."""
    from endodesk.app.frames.hashed_files import hash_files
    from endodesk.app.project.grouping import grouping_of  # nothing of training is loaded before it is wanted
    from endodesk.dataset.manifest import ClassFile
    from endodesk.dataset.near_duplicates import near_groups

    group = np.arange(len(frames), dtype=np.int64)
    files = [ClassFile(frames.path(row), "", "") for row in range(len(frames)) if not frames.is_unreadable(row)]
    found = [(row, said) for said in hash_files(files, project.database, task).rows if (row := frames.row_of(said.file)) is not None]
    first: dict[str, int] = {}
    for row, said in found:
        group[row] = first.setdefault(said.sha256, row)  # equal bytes are equal frames, also where they show no structure
    hashed = [(row, said.phash) for row, said in found if said.phash]
    if hashed:
        rows = np.array([row for row, _ in hashed])
        group[rows] = rows[near_groups([phash for _, phash in hashed], grouping_of(project).near)]
    return group
