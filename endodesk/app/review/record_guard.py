"""RecordGuard: whether the project's file is still the one that is open, labels found beside it, what one from elsewhere asks for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace

_LOOKS_EVERY_MS = 2000
_MOST_NAMED = 10


class RecordGuard(QObject):
    """Looks every two seconds, in a job: a reader who labels nothing is to hear of it too, and a share may not answer."""

    lost = Signal(str)
    """Nothing more is stored, and why; once."""
    found = Signal(str, object)
    """A question, and what `take_in` is to be given if the answer is yes: journals with labels that the project lacks."""

    withheld = Signal(str)
    """A question: whether to look for frames on the computer that a project from elsewhere names; `take_on` is the yes."""

    def __init__(self, workspace: Workspace, jobs: Jobs) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs, self._database = workspace, jobs, workspace.project.database
        self._timer = QTimer(self, interval=_LOOKS_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Tell what happened to the file before it was opened, and begin to look."""
        project = self._workspace.project
        if project.told:
            self._workspace.warning.emit(project.told)
        if not project.is_own:
            self._tell_elsewhere()
        if not project.is_nothing:
            self._jobs.submit(lambda _: self._database.look_through(), failed=self._workspace.warning.emit, urgency=Urgency.LATER)
            self._jobs.submit(self._count_job, done=self._offer, failed=self._workspace.warning.emit, urgency=Urgency.LATER)
            self._timer.start()

    def take_on(self, done: Callable[[], None]) -> None:
        """The project from elsewhere counts as made here from now on; `done` follows: it is to be opened again."""
        self._workspace.project.take_on()
        done()

    def _tell_elsewhere(self) -> None:
        project = self._workspace.project
        if unknown := self._database.settings.unknown():
            told = tr("This project was not made here, and holds settings that EndoDesk does not know: {names}. They are not used.")
            self._workspace.warning.emit(told.format(names=", ".join(unknown[:_MOST_NAMED])))
        if source := project.withheld_source:
            told = tr(
                "This project was not made here. Its frames are said to lie on another computer: {folder}. Look there? Windows then "
                "signs in to that computer with your name. Agree only if you know the place."
            )
            self.withheld.emit(told.format(folder=source))

    def take_in(self, journals: list[Path], done: Callable[[], None]) -> None:
        """Take in what these hold; `done` follows: what is open then holds less than the file. A failure is told."""
        database, workspace = self._database, self._workspace

        def take_in_job(_: object) -> int:
            return sum(database.take_in(journal) for journal in journals)

        self._jobs.submit(take_in_job, done=lambda _: done(), failed=workspace.warning.emit, urgency=Urgency.NOW)

    def _look(self) -> None:
        self._timer.stop()  # a second look does not wait behind one that gets no answer
        look_again = self._timer.start  # whatever went wrong with this look
        self._jobs.submit(lambda _: self._database.lost, done=self._looked, failed=lambda _: look_again(), urgency=Urgency.NOW)

    def _looked(self, why: Exception | None) -> None:
        if why is None:
            self._timer.start()
        else:
            self.lost.emit(str(why))

    def _count_job(self, _: object) -> list[tuple[Path, int]]:
        return [(journal, self._database.lacking(journal)) for journal in self._database.kept_journals]

    def _offer(self, counted: list[tuple[Path, int]]) -> None:
        acts = sum(lacking for _, lacking in counted)
        if acts:
            text = tr(
                "This project lacks {n} labels, marks and other acts of readers that were stored here before: its file is an older copy, "
                "or another one. They are kept in {file}. Take them in? What was said of a frame since stays on top; nothing is removed."
            )
            self.found.emit(text.format(n=f"{acts:,}", file=counted[0][0].name), [journal for journal, lacking in counted if lacking])
