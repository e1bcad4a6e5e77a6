"""AsOf: the data set as it was at a time, for whoever looks back."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.data.acts.standing_words import StoredCorrection
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
        self._found: tuple[DataSet, ReviewTable] | None = None
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
        found, self.readers = read
        self._found = found, ReviewTable(found.words)
        self.read.emit()

    def told_of(self, image: Sha256 | None) -> tuple[str, str]:
        """What stood of a frame then, and what the data set held, as sentences; empty before anything was read."""
        if self._found is None:
            return "", ""
        return _of_frame(*self._found, image) if image else "", _of_all(*self._found)


def _of_frame(found: "DataSet", reviews: ReviewTable, image: Sha256) -> str:
    words, marks = reviews.words_of(image), reviews.marks_of(image)
    said = [_said(tr("{what} by {reader}, {when}"), stored) for stored in words.labels] or [tr("not labelled by a reader")]
    said += [_said(tr("verdict {what} by {reader}, {when}"), stored) for stored in words.verdicts]
    said += [mark_word(mark) for mark in MARKS if marks.has(mark)]
    said += [tr('note "{text}"').format(text=marks.note)] if marks.note else []
    drawn = found.overrides.frames.get(image)
    said += [tr("drawn on by hand")] if drawn else []
    return tr("This frame: {what}").format(what="; ".join(said))


def _said(form: str, stored: StoredCorrection) -> str:
    said = stored.correction
    return form.format(what=printable(said.value), reader=said.reader, when=f"{said.at.astimezone():%Y-%m-%d %H:%M:%S}")


def _of_all(found: "DataSet", reviews: ReviewTable) -> str:
    told = tr("All frames: {n} labelled by a reader, {marked} marked or with a note; {cases} cases concluded.")
    return told.format(n=f"{len(reviews):,}", marked=f"{reviews.marked:,}", cases=f"{len(found.conclusions):,}")
