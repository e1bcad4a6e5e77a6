"""Workspace: what is open. Everybody may ask it and listen to it; it calls nobody, and it alone writes what it holds."""

import time
from collections.abc import Iterable
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal

from endodesk.app.frames.current_reviews import Label, Reviews
from endodesk.app.frames.frame_list import FrameEntry, FrameList
from endodesk.app.frames.reading_view import ReadingView
from endodesk.app.frames.row_runs import runs
from endodesk.app.language import tr
from endodesk.app.project.blind_first import BlindFirst
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of, set_reader
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.recipes import Recipe
from endodesk.domain.reviews import Correction, Marks
from endodesk.imaging.preprocessing.pipeline import CLEAN, recipe_named
from endodesk.inference.predictor import Predictor
from endodesk.system.collector import collector_paused
from endodesk.system.threads import main_thread_only

NO_ROW = -1
_OWN_LABELS = "own_labels"


class Workspace(QObject):
    """One project, its frames, and the frame that is open.

    Signals tell what happened, in the past tense, and no listener may count on coming before another: who needs an order
    is called by the Session in that order, before the signal. Everything here is for the main thread.
    """

    frames_listed = Signal()
    """The list of frames is another one."""
    folder_missed = Signal()
    """The project's folder of frames is not where it was."""
    rows_changed = Signal(int, int)
    """Label, answer or content of the rows from the first to the last is another one."""
    thumbnail_arrived = Signal(int)
    """The picture of a row is there; of NO_ROW: that of a file that lies elsewhere."""
    frame_chosen = Signal(int)
    """The reader went to a row; its pixels follow."""
    frame_opened = Signal(object)
    """The OpenFrame of the chosen row is there."""
    frame_failed = Signal(str)
    """The chosen row cannot be shown, and why."""
    label_changed = Signal()
    """What is said of the chosen row is another thing, or another row is chosen."""
    classes_changed = Signal()
    """The project's classes are other ones."""
    model_changed = Signal()
    """Another model is active, or none."""
    label_view_changed = Signal()
    """The labels of other readers are shown, or are not any more."""
    plan_changed = Signal()
    """Readers read other frames from now on, or there is no plan any more."""
    blind_changed = Signal()
    """Other answers may be shown than before, of any frame."""
    progressed = Signal(str, object)
    """Name of a long job, and its Progress; None when it ended."""
    message = Signal(str)
    """Something worth a line in the status bar."""
    warning = Signal(str)
    """Something that the reader must know."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        with collector_paused():
            self.reviews = Reviews(project.database)
        """What readers say of each frame; written by the ReviewLog."""
        self.blind = BlindFirst(project, reader_of(project))
        """Whether answers are kept from the reader until the reader's own label; turned by Labelling."""
        self._frames = FrameList(project.source or project.folder, [])
        self._row = NO_ROW
        self._open_frame: OpenFrame | None = None
        self._shown_since: float | None = None
        self._predictor: Predictor | None = None
        self._recipe_choice = ""
        self._reader = reader_of(project)
        self._only_of = self._reader if project.database.settings.get(_OWN_LABELS, False) is True else ""
        self._reading: ReadingView | None = None
        self.read_classes()

    # --- the frames -------------------------------------------------------------------------------------------------

    @property
    def frames(self) -> FrameList:
        """The frames of the project's folder, as they were listed last."""
        return self._frames

    @main_thread_only
    def list_frames(self, frames: FrameList) -> None:
        """Other frames, and none of them chosen yet. The Session tells of it once all services have them."""
        self._frames, self._row, self._open_frame, self._shown_since = frames, NO_ROW, None, None
        self.project.suggest_classes(frames.class_folders)  # the folders of a new project are known only now
        self.read_classes()

    @main_thread_only
    def tell_rows(self, rows: Iterable[int]) -> None:
        """Something else is known of these rows."""
        changed = list(rows)
        for first, last in runs(changed):
            self.rows_changed.emit(first, last)
        if self._row in changed:
            self.label_changed.emit()

    @main_thread_only
    def tell_all_rows(self) -> None:
        """Something else may be known of any row."""
        self.label_changed.emit()
        if len(self._frames):
            self.rows_changed.emit(0, len(self._frames) - 1)

    # --- the chosen frame -------------------------------------------------------------------------------------------

    @property
    def row(self) -> int:
        """The row that is chosen; NO_ROW before any was."""
        return self._row

    @property
    def entry(self) -> FrameEntry | None:
        """The frame of the chosen row, as far as it is known; None before any was chosen."""
        return self._frames[self._row] if 0 <= self._row < len(self._frames) else None

    @property
    def open_frame(self) -> OpenFrame | None:
        """The chosen row's pixels, steps and answer; None while they are on their way."""
        return self._open_frame

    @main_thread_only
    def choose(self, row: int) -> None:
        """Another row, whose pixels are not there yet. Navigation tells of it."""
        self._row, self._open_frame, self._shown_since = row, None, None

    @main_thread_only
    def show(self, frame: OpenFrame) -> None:
        """The chosen row is open, or is shown with other steps now."""
        self._open_frame = frame
        self._shown_since = self._shown_since or time.monotonic()

    @property
    def shown_ms(self) -> int | None:
        """How long the chosen row has been open; None while it is not."""
        return None if self._shown_since is None else round(1000 * (time.monotonic() - self._shown_since))

    # --- what is said of frames -------------------------------------------------------------------------------------

    @property
    def reader(self) -> str:
        """Who labels; the name on the computer until another is given."""
        return self._reader

    @main_thread_only
    def name_reader(self, name: str) -> None:
        """Labels are given by this reader from now on. EndoDeskError if the name could not be kept."""
        set_reader(self.project, name)
        self.read_reader()

    @main_thread_only
    def read_reader(self) -> None:
        """Read anew who labels: asking the database and the settings at each key would take longer than the rest of it."""
        self._reader = reader_of(self.project)
        self._only_of = self._reader if self._only_of else ""

    @property
    def shows_own(self) -> bool:
        """Whether the reader sees no labels but their own; else those that hold by the project's rule."""
        return bool(self._only_of or self._reading)

    @main_thread_only
    def show_own(self, *, on: bool) -> None:
        """Show the reader's own labels alone, or those that hold. EndoDeskError if that could not be kept, or a reading list is shown."""
        if self._reading:
            self.label_view_changed.emit()  # the menu's tick goes back
            raise BadRequest(tr("In your reading list you see your own labels alone. Choose another order to see those of others."))
        self.project.database.settings.set(_OWN_LABELS, on)
        self._only_of = self.reader if on else ""
        self.label_view_changed.emit()

    @property
    def reading(self) -> ReadingView | None:
        """What is seen of frames while the reader's reading list is shown; None otherwise."""
        return self._reading

    @main_thread_only
    def show_reading(self, reading: ReadingView | None) -> None:
        """A reading list is shown from now on, or none any more. The ReadingList tells of it."""
        self._reading = reading

    @property
    def label_set(self) -> LabelSet:
        """The project's classes with their keys and colours."""
        return self._label_set

    @property
    def classes(self) -> ClassSet:
        """Names of the project's classes, in the order in which they are shown."""
        return self._label_set.names

    @main_thread_only
    def read_classes(self) -> None:
        """The project's classes as they are now; written by the ReviewLog."""
        self._label_set = self.project.label_set

    def label_of(self, row: int) -> Label | None:
        """What a row's frame is said to be: by the project's rule, or by this reader alone where only their own labels are shown."""
        if self._reading:
            own = self.reviews.own_label_of(self._frames[row], self._label_set, self._reading.reader)
            return own if own and own.correction and self._reading.shows(own.correction.correction) else None
        if self._only_of:
            return self.reviews.own_label_of(self._frames[row], self._label_set, self._only_of)
        return self.reviews.label_of(self._frames[row], self._label_set)

    def marks_of(self, image: Sha256 | None) -> Marks:
        """What stands beside a frame's label; where only the reader's own labels are shown theirs, in a list what they said since."""
        reading = self._reading
        if reading and image and reading.holds(image):
            return reading.marks_of(image)
        alone = reading.reader if reading else self._only_of
        return self.reviews.own_marks_of(image, alone) if alone else self.reviews.marks_of(image)

    def hides_answer(self, row: int) -> bool:
        """Whether nothing that tells a model's answer may be shown of a row: blind first, before the reader's own label."""
        return 0 <= row < len(self._frames) and self.blind.hides(self._frames.sha256s[row])

    # --- the model --------------------------------------------------------------------------------------------------

    @property
    def predictor(self) -> Predictor | None:
        """The active model; None while it loads, or where there is none."""
        return self._predictor

    @main_thread_only
    def use_model(self, predictor: Predictor | None) -> None:
        """Another model, or none. The Session tells of it once all services have it."""
        self._predictor = predictor

    @property
    def recipe_choice(self) -> str:
        """Name of the recipe whose steps the reader wants to see; empty for the model's own."""
        return self._recipe_choice

    @main_thread_only
    def choose_recipe(self, name: str) -> None:
        """Another recipe for the eye. The answer always follows the model's."""
        self._recipe_choice = name

    @property
    def recipe(self) -> Recipe:
        """The recipe whose steps are shown: the one chosen, else the model's, else ours."""
        if self._recipe_choice:
            return recipe_named(self._recipe_choice)
        return self._predictor.bundle.recipe if self._predictor else CLEAN


def may_see(workspace: Workspace, said: Correction) -> bool:
    """Whether the reader may see a word that was said of a frame."""
    if workspace.reading:
        return workspace.reading.shows(said)
    return not workspace.shows_own or said.reader == workspace.reader


def shown_name(workspace: Workspace, row: int) -> str:
    """Name of a row's file for the eye; in a reading list without its folders, which may say what the frame is."""
    name = workspace.frames.names[row]
    return PurePath(name).name if workspace.reading else name
