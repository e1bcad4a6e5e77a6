"""Session: the open project. Panels ask it and listen to it; they do not know each other."""

import contextlib
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from endodesk.app.commands import CorrectLabel
from endodesk.app.frames import FrameEntry, FrameList
from endodesk.app.indexing import Indexed, index_files
from endodesk.app.jobs import Jobs
from endodesk.app.opening import FrameOpener, OpenFrame
from endodesk.app.project import Project
from endodesk.app.reviews import Label, Reviews
from endodesk.app.scan import Listing, list_images
from endodesk.app.thumbnails import Thumbnails
from endodesk.data.image_store import FileStamp
from endodesk.data.model_store import StoredModel
from endodesk.domain.errors import BadBundle, EndoDeskError
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.recipes import Recipe
from endodesk.domain.reviews import Correction, Prediction
from endodesk.domain.ticket import Ticket
from endodesk.imaging.recipes import CLEAN, recipe_named
from endodesk.imaging.thumbnails import ThumbnailStore
from endodesk.inference.predictor import Predictor


class Session(QObject):
    """One project, its frames, and the frame that is open. Signals tell what happened, in the past tense."""

    frames_listed = Signal()
    """The list of frames is another one."""
    row_changed = Signal(int)
    """Label, content or thumbnail of a row."""
    frame_chosen = Signal(int)
    """The reader went to a row; its pixels follow."""
    frame_opened = Signal(object)
    """OpenFrame of the chosen row."""
    frame_failed = Signal(str)
    """The chosen row cannot be shown, and why."""
    label_changed = Signal()
    """Of the chosen row."""
    model_changed = Signal()
    """Another model is active, or none."""
    progressed = Signal(str, object)
    """Name of a long job, and its Progress; None when it ended."""
    told = Signal(str)
    """Something worth a line in the status bar."""
    warned = Signal(str)
    """Something that the reader must know."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = Jobs(self, threads=2)
        self.undo_stack = QUndoStack(self)
        self.frames = FrameList(project.source or project.folder, [])
        self.reviews = Reviews(project.database, self._review_changed)
        self.thumbnails = Thumbnails(self.jobs, ThumbnailStore(project.cache_folder / "thumbnails"), self._thumbnail_arrived)
        self._read_classes()
        self.row = -1
        self.open_frame: OpenFrame | None = None
        self.predictor: Predictor | None = None
        self.recipe_choice = ""
        self._opener = FrameOpener(self.jobs)
        self._opener.use(self.recipe, None)

    # --- the folder -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the active model, then list the folder; both in the background."""
        self.use_active_model()
        self.list_folder()

    def list_folder(self) -> None:
        """List the frames of the project's folder again: names at once, contents later."""
        if (source := self.project.source) is None:
            return
        self.told.emit(f"Listing {source} ...")
        self.jobs.submit(lambda t: list_images(source, t), done=lambda found: self._listed(source, found), failed=self.warned.emit)

    def _listed(self, root: Path, found: Listing) -> None:
        self.frames = FrameList(root, found.files)
        self.project.suggest_classes(self.frames.class_folders)
        self._read_classes()
        known = self.project.database.images.known()
        for path in found.files:
            if (kept := known.get(path)) and isinstance(kept.found, ImageRecord):
                self.frames.learn(path, kept.found.sha256)
        self.row, self.open_frame = -1, None
        self.frames_listed.emit()
        self._tell_listed(found)
        self._index(found.files)
        if len(self.frames):
            last = self.frames.row_of(root / self.project.database.settings.get("last_frame", ""))
            self.choose(0 if last is None else last)

    def _tell_listed(self, found: Listing) -> None:
        self.told.emit(f"{len(found.files):,} frames in {self.frames.root}")
        if found.closed:
            self.warned.emit(f"{len(found.closed)} folders may not be read, among them {found.closed[0]}. Their frames are not listed.")

    def _index(self, files: tuple[Path, ...]) -> None:
        database = self.project.database

        def work(ticket: Ticket) -> None:
            index_files(files, database, ticket, lambda piece: self.jobs.post(lambda: self._indexed(piece)))

        def ended(reason: str = "") -> None:
            self.progressed.emit("Reading frames", None)
            if reason:
                self.warned.emit(reason)

        progress = partial(self.progressed.emit, "Reading frames")
        self.jobs.submit(work, progress=progress, done=lambda _: ended(), cancelled=ended, failed=ended)

    def _indexed(self, piece: list[Indexed]) -> None:
        for found in piece:
            row = self.frames.learn(found.path, found.sha256) if found.sha256 else self.frames.refuse(found.path, found.reason)
            if row is not None:
                self.row_changed.emit(row)
                if row == self.row:
                    self.label_changed.emit()

    def _read_classes(self) -> None:
        self.classes = self.project.classes
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
        self.frame_chosen.emit(row)
        self.label_changed.emit()
        self._open()

    def go(self, step: int) -> None:
        """Forward or back by some rows, stopping at the ends."""
        self.choose(min(max(self.row + step, 0), len(self.frames) - 1))

    def go_to_unread(self) -> bool:
        """To the next frame that no reader has labelled; False if there is none after this one."""
        for row in range(self.row + 1, len(self.frames)):
            label = self.label_of(row)
            if not self.frames[row].unreadable and (label is None or label.correction is None):
                self.choose(row)
                return True
        return False

    def remember(self) -> None:
        """Note the open frame, for the next start."""
        if entry := self.entry:
            self.project.database.settings.set("last_frame", entry.name)

    def _open(self) -> None:
        if entry := self.entry:
            near = [r for step in (1, 2, 3, -1) if 0 <= (r := self.row + step) < len(self.frames)]
            around = [self.frames[r].path for r in near if not self.frames[r].unreadable]
            self._opener.open(entry.path, around=around, done=self._opened, failed=self._not_opened)

    def _opened(self, frame: OpenFrame) -> None:
        self.open_frame = frame
        try:
            self._note(frame)
        except EndoDeskError as error:
            self.warned.emit(str(error))
        self.frame_opened.emit(frame)
        self.label_changed.emit()

    def _note(self, frame: OpenFrame) -> None:
        """The frame's name and answer, into the database: a correction must have something to refer to."""
        self._ensure_known(frame)
        if self.predictor and frame.answer:
            prediction = Prediction(frame.record.sha256, self.predictor.bundle.id, frame.answer.probabilities)
            self.project.database.predictions.add([prediction])

    def _ensure_known(self, frame: OpenFrame) -> None:
        record = frame.record
        if self.project.database.images.get(record.sha256) is None:
            self.project.database.images.add([(record, FileStamp.of(record.path))])
        row = self.frames.learn(record.path, record.sha256)
        if row is not None:
            self.row_changed.emit(row)

    def _not_opened(self, path: Path, reason: str) -> None:
        self.frames.refuse(path, reason)
        self.frame_failed.emit(reason)

    def _thumbnail_arrived(self, path: Path) -> None:
        row = self.frames.row_of(path)
        if row is not None:
            self.row_changed.emit(row)

    # --- labels -----------------------------------------------------------------------------------------------------

    @property
    def reader(self) -> str:
        """Who labels; the name on the computer until another is given."""
        return str(self.project.database.settings.get("reader", "")) or _login_name()

    @reader.setter
    def reader(self, name: str) -> None:
        self.project.database.settings.set("reader", name.strip())
        self.label_changed.emit()

    def label_of(self, row: int) -> Label | None:
        """What a row's frame is said to be."""
        return self.reviews.label_of(self.frames[row], self._class_names)

    def correct(self, label: str) -> None:
        """The reader gives the open frame a label, and goes on to the next. It is on disk before the next frame shows."""
        frame, entry = self.open_frame, self.entry
        if frame is None or entry is None:
            self.told.emit("Wait until the frame is shown, then label it.")
            return
        shown = self.predictor if frame.answer else None
        answer = shown.bundle.classes.names[_largest(frame.answer.probabilities)] if shown and frame.answer else None
        bundle = shown.bundle.id if shown else None
        correction = Correction(frame.record.sha256, label, self.reader, datetime.now(UTC), bundle, answer)
        try:
            self._ensure_known(frame)
            self.undo_stack.push(CorrectLabel(self.reviews, correction, entry.path, self.warned.emit))
        except EndoDeskError as error:
            self.warned.emit(f"The label was not saved. {error}")
            return
        self.told.emit(f"{entry.path.name}: {label}")
        self.go(+1)

    def undo(self) -> None:
        """Take the last label back, and show the frame it was given to."""
        self._follow(self.undo_stack.index() - 1, self.undo_stack.undo)

    def redo(self) -> None:
        """Give it again, and show the frame."""
        self._follow(self.undo_stack.index(), self.undo_stack.redo)

    def _follow(self, index: int, change: Callable[[], None]) -> None:
        command = self.undo_stack.command(index)
        if isinstance(command, CorrectLabel):
            path = command.path  # first: a change that fails makes the command obsolete, and Qt deletes it
            change()
            if (row := self.frames.row_of(path)) is not None:
                self.choose(row)

    def _review_changed(self, image: Sha256) -> None:
        for row in self.frames.rows_with(image):
            self.row_changed.emit(row)
            if row == self.row:
                self.label_changed.emit()

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

    def use_active_model(self) -> None:
        """Load the project's active model in the background, then answer with it."""
        stored = self.project.active_model
        if stored is None:
            self._use(None)
        else:
            self.jobs.submit(lambda _: _load(stored), done=self._use, failed=self._model_failed)

    def promote(self, folder: Path, why: str) -> None:
        """Make a bundle in the project the active model. BadBundle if it is not whole."""
        predictor = Predictor(folder, threads=2)
        models = self.project.database.models
        models.add(predictor.bundle, folder)
        models.promote(predictor.bundle.id, reader=self.reader, why=why, at=datetime.now(UTC))
        self._use(predictor)

    def _use(self, predictor: Predictor | None) -> None:
        self.predictor = predictor
        self.model_changed.emit()
        self._refresh()

    def _model_failed(self, reason: str) -> None:
        self._use(None)
        self.warned.emit(f"The active model cannot be used. {reason} Choose another under Model > Models.")

    def _refresh(self) -> None:
        self._opener.use(self.recipe, self.predictor)
        self._open()

    # --- the end ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop all jobs, remember the frame, close the project."""
        self.jobs.close()
        with contextlib.suppress(EndoDeskError):  # a full disk at the very end: the place is lost, no label is
            self.remember()
        self.project.close()


def _load(stored: StoredModel) -> Predictor:
    predictor = Predictor(stored.folder, threads=2)
    if predictor.bundle.id != stored.bundle.id:
        raise BadBundle(f"The model folder {stored.folder.name} holds another model than the project knows.")
    return predictor


def _largest(probabilities: tuple[float, ...]) -> int:
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reader"
