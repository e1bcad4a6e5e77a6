"""AsOf: the data set as it was at a time, for whoever looks back."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.frames.mark_words import mark_word
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.images import Sha256, printable
from endodesk.domain.reviews import MARKS
from endodesk.system.task import TaskContext

if TYPE_CHECKING:
    from endodesk.data.chain.data_set import DataSet


class AsOf(QObject):
    """Reads in a job, and keeps what it read last: going to another frame reads nothing."""

    read = Signal()
    """`told_of` tells of the time that was asked for last."""

    def __init__(self, workspace: Workspace, jobs: Jobs) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs = workspace, jobs
        self._found: DataSet | None = None
        self.readers: list[str] = []
        """Whose words alone can be asked for, as far as is known."""
        self._task: TaskContext | None = None

    def ask(self, moment: datetime, reader: str = "") -> None:
        """Read how all was at a moment; what one reader had said by then, if one is named. `read` follows; a failure is told."""
        if self._task:
            self._task.cancel()  # the time is still being chosen
        chain = self._workspace.project.database.chain
        self._task = self._jobs.submit(
            lambda _: (chain.data_set(moment, reader=reader), chain.readers()),
            done=self._keep,
            failed=self._workspace.warning.emit,
            urgency=Urgency.NOW,
        )

    def _keep(self, read: "tuple[DataSet, list[str]]") -> None:
        self._found, self.readers = read
        self.read.emit()

    def told_of(self, image: Sha256 | None) -> tuple[str, str]:
        """What stood of a frame then, and what the data set held, as sentences; empty before anything was read."""
        found = self._found
        return ("", "") if found is None else (_of_frame(found, image) if image else "", _of_all(found))


def _of_frame(found: "DataSet", image: Sha256) -> str:
    stored, marks = found.labels.get(image), found.marks.get(image)
    said = [tr("not labelled by a reader")]
    if stored:
        correction = stored.correction
        when = f"{correction.at.astimezone():%Y-%m-%d %H:%M:%S}"
        said = [tr("{what} by {reader}, {when}").format(what=printable(correction.value), reader=correction.reader, when=when)]
    if marks:
        said += [mark_word(mark) for mark in MARKS if marks.has(mark)]
        said += [tr('note "{text}"').format(text=marks.note)] if marks.note else []
    drawn = found.overrides.frames.get(image)
    said += [tr("drawn on by hand")] if drawn else []
    return tr("This frame: {what}").format(what="; ".join(said))


def _of_all(found: "DataSet") -> str:
    told = tr("All frames: {n} labelled by a reader, {marked} marked or with a note; {cases} cases concluded.")
    marked = sum(marks != type(marks)() for marks in found.marks.values())
    return told.format(n=f"{len(found.labels):,}", marked=f"{marked:,}", cases=f"{len(found.conclusions):,}")
