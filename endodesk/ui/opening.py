"""Opening: from the wish to see another folder to its project in the window, with what has to be asked on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMainWindow

from endodesk.app.jobs import Urgency
from endodesk.app.language import marked, tr
from endodesk.app.preferences import PROJECT_PLACE, Preferences
from endodesk.app.project.kept_places import wished_place
from endodesk.app.project.project import Project, project_folder
from endodesk.app.project.project_file import place_to_open
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.session import Session
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext
from endodesk.ui.dialogs.questions import ask, ask_reader, confirm, may_leave_training, offer
from endodesk.ui.widgets.places import title_of

if TYPE_CHECKING:
    from endodesk.app.places.found_again import KnownFolder

_LOOKING = marked("Looking whether frames are known")


@dataclass(frozen=True, slots=True)
class Wish:
    """A folder to be opened, and how, should its project be a new one."""

    folder: Path
    label_set: LabelSet | None = None
    place: Path | None = None
    """Where the project is to be kept; None for the usual place."""


class Opening:
    """Of a window while one project is open. `keep` keeps an unsaved conclusion, and whether it could; `change` shows another one."""

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        job: TrainingJob,
        preferences: Preferences,
        *,
        keep: Callable[[], bool],
        change: Callable[[Project], None],
    ) -> None:
        self._window, self._session, self._job, self._keep, self._change = window, session, job, keep, change
        self._preferences = preferences
        self._task: TaskContext | None = None
        session.workspace.folder_missed.connect(self._ask_where)
        session.workspace.frames_listed.connect(self._ask_who)
        self._asks_who = True

    def open_place(self, place: Path) -> None:
        """Open the project of a folder, or the one that a project's file stands for; a failure is told."""
        try:
            folder = place_to_open(place)
        except EndoDeskError as error:
            self._warn(str(error))
            return
        self.open(Wish(folder))

    def open(self, wish: Wish) -> None:
        """Open the project of a folder; where there is none, first look whether another knows its frames. A failure changes nothing."""
        if not wish.folder.is_dir():
            self._warn(tr("There is no folder {folder}.").format(folder=wish.folder))
            return
        # this window holds the project's lock: opened once more, it would be refused
        if project_folder(wish.folder).absolute() == self._session.project.folder:
            if wish.label_set:
                self._session.use_classes(wish.label_set)
            self._session.list_folder()
        elif self._may_leave():
            from endodesk.app.places.found_again import find_known, may_be_known

            if may_be_known(wish.folder):
                self._look(lambda task: find_known(wish.folder, task), lambda known: self._looked(wish, known))
            else:
                self._begin(wish)

    # --- frames that are known --------------------------------------------------------------------------------------

    def _look(self, work: "Callable[[TaskContext], KnownFolder | None]", done: "Callable[[KnownFolder | None], None]") -> None:
        """In a job, which the status bar can stop: then nothing is opened."""
        progressed = partial(self._session.workspace.progressed.emit, _LOOKING)

        def ended(then: Callable[[], None]) -> None:
            progressed(None)
            then()

        if self._task:
            self._task.cancel()
        self._task = task = self._session.jobs.submit(
            work,
            done=lambda known: ended(lambda: done(known) if task is self._task else None),
            failed=lambda reason: ended(lambda: self._warn(reason)),
            cancelled=lambda: ended(lambda: None),
            progress=progressed,
            urgency=Urgency.NOW,
        )
        self._session.stops[_LOOKING] = task.cancel

    def _looked(self, wish: Wish, known: "KnownFolder | None") -> None:
        if known is None:
            self._begin(wish)
            return
        words = tr("{known} Go on with that work? To begin anew leaves it as it is.").format(known=known.told)
        choices = {tr("&Go on"): lambda: self._go_on(known), tr("Begin &anew"): lambda: self._begin(wish)}
        offer(self._window, tr("Known frames"), words, choices)

    def _go_on(self, known: "KnownFolder") -> None:
        if known.project == self._session.project.folder:
            self._show_here(known)
        else:
            self._show(lambda: known.open_project(moves=True))

    def _show_here(self, known: "KnownFolder") -> None:
        try:
            known.show_in(self._session.project, moves=True)
        except EndoDeskError as error:
            self._warn(str(error))
            return
        self._window.setWindowTitle(title_of(self._session.project))
        self._session.list_folder()

    # --- who reads ---------------------------------------------------------------------------------------------------

    def _ask_who(self) -> None:
        """Once, where others than the reader named have labelled: no label is to be given in somebody else's name."""
        workspace = self._session.workspace
        if self._asks_who and not {*workspace.reviews.readers} <= {workspace.reader}:
            ask_reader(self._window, workspace, self._session.labelling)
        self._asks_who = False

    # --- a folder that is gone --------------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        words = tr(
            "The folder {folder} is not there: it was renamed or moved, or its drive is not connected. Labels and all other work on it "
            "are kept. Say where it is now, and go on."
        )
        text = words.format(folder=self._session.project.source)
        ask(self._window, tr("The folder of frames"), text, yes=tr("&Locate ..."), then=self._locate)

    def _locate(self) -> None:
        project, gone = self._session.project.folder, self._session.project.source
        near = next((folder for folder in gone.parents if folder.is_dir()), None) if gone else None  # what was renamed lies beside
        if chosen := QFileDialog.getExistingDirectory(self._window, tr("Where the frames are now"), str(near or "")):
            from endodesk.app.places.found_again import look_in

            folder = Path(chosen)
            self._look(lambda task: look_in(folder, project, task), self._located)

    def _located(self, known: "KnownFolder | None") -> None:
        if known is None:
            return
        if known.known:
            self._session.workspace.message.emit(known.told)
            self._show_here(known)
        else:
            words = tr("This project knows none of the {n:,} frames in {folder}. Take that folder all the same?")
            text = words.format(n=known.frames, folder=known.folder)
            ask(self._window, tr("The folder of frames"), text, yes=tr("Take it"), then=lambda: self._show_here(known))

    # --- another project --------------------------------------------------------------------------------------------

    def _begin(self, wish: Wish) -> None:
        place = wish.place or wished_place(wish.folder, self._preferences.text(PROJECT_PLACE))
        self._show(lambda: Project.of_images(wish.folder, label_set=wish.label_set, at=place))

    def _may_leave(self) -> bool:
        if not may_leave_training(self._window, self._job):
            return False
        return self._keep() or confirm(self._window, tr("A conclusion could not be saved. Going on loses it."), tr("Go on"))

    def _show(self, opened: Callable[[], Project]) -> None:
        try:
            project = opened()  # before the old one is closed: on failure everything stays as it is
        except EndoDeskError as error:
            self._warn(str(error))
            return
        if self._job.running and not self._job.goes_on_alone:  # stopping takes seconds: the window stays alive meanwhile
            self._window.statusBar().showMessage(tr("Stopping the training ..."))
            self._job.ended.connect(lambda: self._change(project))
            self._job.cancel()
        else:
            self._change(project)

    def _warn(self, text: str) -> None:
        self._session.workspace.warning.emit(text)
