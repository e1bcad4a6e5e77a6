"""Session: the open project. Panels ask it and listen to it; they do not know each other."""

import contextlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.browsing.browsing import READING, Browsing
from endodesk.app.frames.current_reviews import Label, Reviews
from endodesk.app.frames.folder_reader import FolderReader, closed_told, listed_told
from endodesk.app.frames.frame_list import FrameEntry, FrameList
from endodesk.app.frames.indexing import Indexed
from endodesk.app.frames.row_runs import runs
from endodesk.app.frames.scan import Listing
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of, set_reader
from endodesk.app.queues.queue_maker import QueueMaker, QueueSource
from endodesk.app.review.labelling import Labelling
from endodesk.app.viewing.opening import FrameOpener, OpenFrame
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.recipes import Recipe
from endodesk.imaging.preprocessing.pipeline import CLEAN, recipe_named
from endodesk.imaging.thumbnail_store import ThumbnailStore
from endodesk.inference.predictor import Predictor

_FETCHED_AHEAD = (1, 2, -1, 3, -2, -3)  # steps from the open frame, the likeliest first


class Session(QObject):
    """One project, its frames, and the frame that is open. Signals tell what happened, in the past tense."""

    frames_listed = Signal()
    """The list of frames is another one."""
    rows_changed = Signal(int, int)
    """Label or content of the rows from the first to the last."""
    thumbnail_arrived = Signal(int)
    """Of a row."""
    frame_chosen = Signal(int)
    """The reader went to a row; its pixels follow."""
    frame_opened = Signal(object)
    """OpenFrame of the chosen row."""
    frame_failed = Signal(str)
    """The chosen row cannot be shown, and why."""
    label_changed = Signal()
    """Of the chosen row."""
    classes_changed = Signal()
    """The project's classes are other ones."""
    model_changed = Signal()
    """Another model is active, or none."""
    progressed = Signal(str, object)
    """Name of a long job, and its Progress; None when it ended."""
    message = Signal(str)
    """Something worth a line in the status bar."""
    warning = Signal(str)
    """Something that the reader must know."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = Jobs(self, threads=3)
        self.frames = FrameList(project.source or project.folder, [])
        self.reviews = Reviews(project.database)
        self.labelling = Labelling(self)
        self.labelling.log.changed.connect(self._reviews_changed)
        self.labelling.revealed.connect(self._reviews_changed)
        self.labelling.blind_changed.connect(self._tell_all_rows)
        self.thumbnails = Thumbnails(self.jobs, ThumbnailStore(project.cache_folder / "thumbnails"), self._thumbnail_arrived)
        self._read_classes()
        self.answers = BackgroundAnswers(project, self.jobs, self, overrides=self.labelling.overrides.held)
        self.answers.answered.connect(self._tell_rows)
        self.answers.message.connect(self.message)
        self.answers.failed.connect(self.warning)
        self.queues = QueueMaker(self.jobs, self._queue_source)
        self.browsing = Browsing(self)
        self.shown = self.browsing.shown
        self.row = -1
        self.open_frame: OpenFrame | None = None
        self.recipe_choice = ""
        self._model = ActiveModel(self.jobs, project, changed=self._model_changed, failed=self.warning.emit)
        self.folder_reader = FolderReader(
            self.jobs,
            project,
            listed=self._listed,
            learned=self._learned,
            failed=self._not_read,
            progressed=partial(self.progressed.emit, READING),
        )
        self._opener = FrameOpener(self.jobs, self.labelling.overrides.held.of)
        self._opener.use(self.recipe, None)

    # --- the folder -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the active model, then list the folder; both in the background."""
        self.use_active_model()
        self.list_folder()

    def list_folder(self) -> None:
        """List the frames of the project's folder again: names at once, contents later."""
        source = self.project.source
        if source is not None:
            self.message.emit(tr("Listing {folder} ...").format(folder=source))
            self.folder_reader.read(source)

    @property
    def listing(self) -> bool:
        """Whether the folder is being listed."""
        return self.folder_reader.listing

    def _listed(self, frames: FrameList, found: Listing) -> None:
        self.browsing.queues.leave()  # its rows would be those of the older list
        last = entry.name if (entry := self.entry) else self.project.database.settings.get("last_frame", "")
        self.frames = frames
        self.project.suggest_classes(frames.class_folders)
        self._read_classes()
        self.row, self.open_frame = -1, None
        self.shown.relist(frames, self.classes)
        self.thumbnails.forget()
        self._opener.use(self.recipe, self.predictor)
        self.answers.relist(frames)
        self.frames_listed.emit()
        self.label_changed.emit()
        self._tell_listed(found)
        row = frames.row_of(frames.root / last)
        self.choose(row if row is not None else self.shown.row_after(-1, +1) or 0)

    def _tell_listed(self, found: Listing) -> None:
        self.message.emit(listed_told(found))
        if found.closed:
            self.warning.emit(closed_told(found.closed))

    def _not_read(self, reason: str) -> None:
        self.warning.emit(reason)
        if not len(self.frames):
            self.frames_listed.emit()

    def _learned(self, piece: list[Indexed]) -> None:
        changed = []
        for found in piece:
            row, sha256, reason = found
            if self.frames.learn_row(row, sha256) if sha256 else self.frames.refuse_row(row, reason):
                changed.append(row)
        self._tell_rows(changed)
        self.answers.learned(changed)

    def _tell_rows(self, rows: list[int]) -> None:
        self.shown.note(rows)
        for first, last in runs(rows):
            self.rows_changed.emit(first, last)
        if self.row in rows:
            self.label_changed.emit()

    def choose_classes(self, label_set: LabelSet) -> None:
        """Other classes, keys or colours for this project; labels given before stay as they are."""
        self.project.label_set = label_set
        self._read_classes()
        self.shown.note_classes(self.classes)
        self.classes_changed.emit()
        self._tell_all_rows()

    def _read_classes(self) -> None:
        self.label_set = self.project.label_set
        self.classes = self.label_set.names
        self._class_names = frozenset(self.classes)

    # --- the frame --------------------------------------------------------------------------------------------------

    @property
    def entry(self) -> FrameEntry | None:
        """The chosen row."""
        return self.frames[self.row] if 0 <= self.row < len(self.frames) else None

    def choose(self, row: int) -> None:
        """Go to a row; `frame_opened` or `frame_failed` follows."""
        if not 0 <= row < len(self.frames) or row == self.row:
            return
        self.row, self.open_frame = row, None
        self.shown.stay_at(row)
        self.frame_chosen.emit(row)
        self.label_changed.emit()
        self.open_chosen()

    def go(self, step: int) -> None:
        """Forward or back by some of the frames shown, stopping at the ends."""
        self.choose(self.row_after(step))

    def row_after(self, step: int) -> int:
        """Where `go` leads; the chosen row itself where nothing is shown."""
        return self.row if (row := self.shown.row_after(self.row, step)) is None else row

    def go_to_unread(self) -> bool:
        """To the next frame shown that no reader has dealt with; False if there is none after this one."""
        row = self.shown.next_unread(self.row)
        if row is not None:
            self.choose(row)
        return row is not None

    def remember(self) -> None:
        """Note the open frame, for the next start."""
        if entry := self.entry:
            self.project.database.settings.set("last_frame", entry.name)

    def open_chosen(self) -> None:
        """Fetch the chosen frame, and those around it ahead."""
        if entry := self.entry:
            near = self.shown.around(self.row, _FETCHED_AHEAD)
            around = [self.frames.path(r) for r in near if not self.frames.is_unreadable(r)]
            self._opener.open(entry.path, around=around, done=self._opened, failed=self._not_opened)

    def _opened(self, frame: OpenFrame) -> None:
        entry = self.entry
        if entry is None or entry.path != frame.record.path:
            return
        self.open_frame = frame
        row = self.frames.learn(frame.record.path, frame.record.sha256)
        self.frame_opened.emit(frame)
        self._tell_rows([] if row is None else [row])
        self.answers.opened(frame)
        self.jobs.submit(lambda _: self._note(frame), failed=self.message.emit, urgency=Urgency.LATER)

    def _note(self, frame: OpenFrame) -> None:
        """The frame and its answer, into the database. Runs in a job: nothing that the reader did is lost if it fails."""
        self.ensure_known(frame)
        self.answers.keep(frame)

    def ensure_known(self, frame: OpenFrame) -> None:
        """A correction must have a frame to refer to, also when the folder is still being read."""
        if self.project.database.images.get(frame.record.sha256) is None:
            self.project.database.images.add([(frame.record, frame.stamp)])

    def _not_opened(self, path: Path, reason: str) -> None:
        row = self.frames.refuse(path, reason)
        self._tell_rows([] if row is None else [row])
        self.answers.learned([] if row is None else [row])
        self.frame_failed.emit(reason)

    def _thumbnail_arrived(self, path: Path) -> None:
        row = self.frames.row_of(path)
        if row is not None:
            self.thumbnail_arrived.emit(row)

    # --- labels -----------------------------------------------------------------------------------------------------

    @property
    def reader(self) -> str:
        """Who labels; the name on the computer until another is given."""
        return reader_of(self.project)

    @reader.setter
    def reader(self, name: str) -> None:
        set_reader(self.project, name)
        self.labelling.reader_changed()

    def label_of(self, row: int) -> Label | None:
        """What a row's frame is said to be."""
        return self.reviews.label_of(self.frames[row], self._class_names)

    def answer_of(self, row: int) -> tuple[str, float] | None:
        """What the model says of a row's frame and how probable that is; None while it is not known, or hidden from a blind reader."""
        return None if self.labelling.blind.hides(self.frames.sha256s[row]) else self.answers.said_of(row)

    def correct(self, label: str) -> None:
        """The reader gives the open frame a label, and goes on to the next. It is on disk before the next frame shows."""
        self.labelling.label(label)

    def undo(self) -> None:
        """Take the reader's last step back, and show the frame that it was about."""
        self.labelling.undo()

    def redo(self) -> None:
        """Do it again, and show the frame."""
        self.labelling.redo()

    def hides_answer(self, row: int) -> bool:
        """Whether nothing that tells a model's answer may be shown of a row: blind first, before the reader's own label."""
        return 0 <= row < len(self.frames) and self.labelling.blind.hides(self.frames.sha256s[row])

    def _reviews_changed(self, images: list[Sha256]) -> None:
        self._tell_rows(sorted({row for image in images for row in self.frames.rows_with(image)}))

    def _tell_all_rows(self) -> None:
        self.label_changed.emit()
        self.shown.note_all()
        if len(self.frames):
            self.rows_changed.emit(0, len(self.frames) - 1)

    # --- the model --------------------------------------------------------------------------------------------------

    @property
    def recipe(self) -> Recipe:
        """The recipe whose steps are shown: the one chosen, else the model's, else ours."""
        if self.recipe_choice:
            return recipe_named(self.recipe_choice)
        return self.predictor.bundle.recipe if self.predictor else CLEAN

    def show_recipe(self, name: str) -> None:
        """Show the steps of another recipe; empty for the model's own. The answer always follows the model's."""
        self.recipe_choice = name
        self._refresh()

    @property
    def predictor(self) -> Predictor | None:
        """The active model, once it is loaded."""
        return self._model.predictor

    @property
    def loading_model(self) -> bool:
        """Whether answers are still to come."""
        return self._model.loading

    def use_active_model(self) -> None:
        """Load the project's active model in the background, then answer with it."""
        self._model.load()

    def promote(self, folder: Path, why: str) -> None:
        """Make a bundle in the project the active model. BadBundle if it is not whole."""
        self._model.promote(folder, reader=self.reader, why=why)

    def _model_changed(self) -> None:
        self.browsing.queues.leave()  # one in the making would mix two models
        self.answers.use(self.predictor)
        self.model_changed.emit()
        self._refresh()

    def _refresh(self) -> None:
        self._opener.use(self.recipe, self.predictor)
        self.open_chosen()

    def _queue_source(self) -> QueueSource:
        unfit, blind = (lambda image: self.reviews.marks_of(image).unfit), self.labelling.blind.on
        return QueueSource(self.project, self.frames, self.answers, self.label_of, self.predictor, unfit=unfit, blind=blind)

    # --- the end ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop all jobs, remember the frame, close the project."""
        self.answers.close()
        self.jobs.close()
        with contextlib.suppress(EndoDeskError):  # a full disk at the very end: the place is lost, no label is
            self.remember()
        self.project.close()
