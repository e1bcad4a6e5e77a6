"""FolderReader: the frames of a folder in two goes: their names at once, their contents as they are read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.indexing import Indexed, index_files
from endodesk.app.frames.scan import Listing, list_images
from endodesk.app.frames.taken_frames import with_taken
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.data.setting_store import text_of
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE
from endodesk.domain.images import printable
from endodesk.domain.shown_text import shortened
from endodesk.inference.feature_file import FEATURES
from endodesk.system.collector import collector_paused
from endodesk.system.task import Progress, TaskContext

_NAMED = 10
"""Frames shown wrongly by an earlier version whose names are told."""


class FolderReader:
    """Reads one folder at a time: a new wish ends the one before, and nothing is heard of that any more."""

    def __init__(
        self,
        jobs: Jobs,
        project: Project,
        *,
        listed: Callable[[FrameList, Listing], None],
        learned: Callable[[list[Indexed]], None],
        failed: Callable[[str], None],
        progressed: Callable[[Progress | None], None],
    ) -> None:
        self._jobs, self._project, self._database = jobs, project, project.database
        self._features = project.cache_folder / FEATURES
        self._tell_listed, self._tell_learned, self._fail, self._progressed = listed, learned, failed, progressed
        self._task: TaskContext | None = None
        self.listing = False
        """Whether the names are still being gathered."""

    def read(self, root: Path) -> None:
        """List the folder, then look at the files that are new or have changed."""
        if self._task:
            self._task.cancel()
        self.listing = True
        self._task = task = self._jobs.submit(
            lambda t: _list(root, self._project, t),
            done=lambda found: self._listed(task, *found),
            failed=lambda reason: self._ended(task, reason),
            urgency=Urgency.NOW,  # the gallery is empty until then
        )

    def stop(self) -> None:
        """Read no more for now; what was read is kept, and reading the folder again goes on from there."""
        if self._task and not self.listing:
            self._task.cancel()
            self._ended(self._task)

    def _listed(self, task: TaskContext, frames: FrameList, found: Listing) -> None:
        if task is not self._task:
            return  # another folder was asked for meanwhile
        self.listing = False
        self._tell_listed(frames, found)

        def learned(own: TaskContext, piece: list[Indexed]) -> None:
            if own is self._task:  # it may have been posted just before another folder was asked for
                self._tell_learned(piece)

        def index_job(own: TaskContext) -> None:
            def tell(piece: list[Indexed]) -> None:
                self._jobs.post(lambda: learned(own, piece))

            with collector_paused():
                index_files(found.places, found.names, self._database, own, tell, self._features)

        self._task = indexing = self._jobs.submit(
            index_job,
            done=lambda _: self._ended(indexing),
            failed=lambda reason: self._ended(indexing, reason),
            progress=lambda progress: self._progressed(progress) if indexing is self._task else None,
            urgency=Urgency.LATER,
        )

    def _ended(self, task: TaskContext, reason: str = "") -> None:
        if task is not self._task:
            return
        self._task, self.listing = None, False
        self._progressed(None)
        if reason:
            self._fail(reason)


def _list(root: Path, project: Project, task: TaskContext) -> tuple[FrameList, Listing]:
    project.note_moved()
    found = with_taken(list_images(root, task), project.taken_folder, task)
    frames = listed_frames(project, root, found)
    frames.films = found.films
    return frames, found


_CaseRule = tuple[str, Callable[[str], str] | None]
_BY_FOLDERS: _CaseRule = (CASE_FOLDER, None)


def listed_frames(project: Project, root: Path, found: Listing) -> FrameList:
    """What was listed, with cases and centres as the project's grouping tells them."""
    case, find_case = project.database.settings.read("grouping", _cases_by, _BY_FOLDERS)
    return FrameList(root, found.names, find_case, found.taken, case, project.centre_rule)


def _cases_by(grouping: Any) -> _CaseRule:
    """What tells a case, and how a pattern tells it from a path with /; None where folders do, or nothing does."""
    case = text_of(grouping["case"])
    if case in (CASE_FOLDER, DEEPEST_FOLDER, NO_CASE):
        return case, None
    from endodesk.dataset.cases import case_finder  # most projects go by folders, and need nothing of training

    return case, case_finder(case)


def listed_told(found: Listing) -> str:
    """A sentence on how many frames there are, videos beside them, and what was passed over."""
    frames = tr("1 frame") if len(found.names) == 1 else tr("{n:,} frames").format(n=len(found.names))
    films = tr("1 video") if len(found.films) == 1 else tr("{n:,} videos").format(n=len(found.films))
    words = tr("{frames} and {films} in {folder}") if found.films else tr("{frames} in {folder}")
    told = words.format(frames=frames, films=films, folder=found.root)
    if found.skipped:
        passed = tr("{n:,} system files skipped") if found.skipped > 1 else tr("1 system file skipped")
        told = f"{told} ({passed.format(n=found.skipped)})"
    return told


def read_otherwise_told(names: Sequence[str]) -> str:
    """A sentence about frames that an older program showed otherwise, or should not have shown, and their names; at least one."""
    one = tr(
        "An earlier version of this program showed {file} wrongly: in its colours, its brightness, or with parts that are not there. Its "
        "labels stay; look at it again where that matters. What models said of it is forgotten, and they are asked anew."
    )
    many = tr(
        "An earlier version of this program showed {n:,} frames wrongly: in their colours, their brightness, or with parts that are not "
        "there. Their labels stay; look at them again where that matters. What models said of them is forgotten, and they are asked anew."
    )
    if len(names) == 1:
        return one.format(file=names[0])
    shown = "\n".join(map(printable, names[:_NAMED])) + ("\n..." if len(names) > _NAMED else "")
    return f"{many.format(n=len(names))}\n\n{shown}"


def closed_told(closed: Sequence[Path]) -> str:
    """A sentence about folders that cannot be read; there must be at least one."""
    one = tr("One folder cannot be read ({folder}); the frames in it are not listed.")
    many = tr("{n} folders cannot be read ({folder}); the frames in it are not listed.")
    return (one if len(closed) == 1 else many).format(n=len(closed), folder=shortened(closed[0]))
