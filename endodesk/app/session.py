"""Session: builds the services of one open project, joins them, and lets the keys that label also go on."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.browsing.browsing import COMPARING, MAKING, READING, Browsing, shown_frames
from endodesk.app.browsing.navigation import Navigation
from endodesk.app.browsing.row_facts import RowFacts
from endodesk.app.cases.case_review import CaseReview
from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.frames.folder_layout import news_of_layout
from endodesk.app.frames.folder_reader import FolderReader, closed_told, listed_told, read_otherwise_told
from endodesk.app.frames.frame_list import FrameList, FrameRows
from endodesk.app.frames.indexing import Indexed
from endodesk.app.frames.scan import Listing
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.project.backup_maker import BackupMaker
from endodesk.app.project.damage_told import damage_news
from endodesk.app.project.own_files import tighten_own_files
from endodesk.app.project.project import Project, sweep_project
from endodesk.app.project.stored_pictures import MADE_AGAIN, clear_stored, sweep_stored
from endodesk.app.queues.queue_maker import QueueMaker
from endodesk.app.review.explorer import Explorer
from endodesk.app.review.labelling import Labelling
from endodesk.app.review.overriding import Overriding
from endodesk.app.review.record_guard import RecordGuard
from endodesk.app.review.review_log import ReviewLog
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.app.workspace import NO_ROW, Workspace
from endodesk.data.setting_store import text_of
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind
from endodesk.imaging.thumbnail_store import ThumbnailStore
from endodesk.inference.predictor import Predictor
from endodesk.system.allocator import give_holes_back
from endodesk.system.task import Progress, TaskContext

if TYPE_CHECKING:
    from endodesk.app.queues.queue_snapshot import QueueSnapshot

_TIDIES_EVERY_MS = 15_000
_LONGEST_WAIT_MS = 10
"""Of a key for a file that another program holds; the key is refused then, so that the window answers."""


class Session(QObject):
    """One project while it is open. Panels take the workspace and the services that they use, not the session.

    It alone knows all of them. What follows from an event in an order is called here in that order; then a signal of the
    workspace tells whoever listens.
    """

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        project.database.limit_main_thread_wait(_LONGEST_WAIT_MS)
        self.workspace = workspace = Workspace(project, self)
        self.jobs = Jobs(self, threads=3)
        self.guard = RecordGuard(workspace, self.jobs)
        self.backups = BackupMaker(project, self.jobs, self)
        self.active_overrides = ActiveOverrides(project.database)
        self.answers = BackgroundAnswers(project, self.jobs, self, overrides=self.active_overrides, label_set=lambda: workspace.label_set)
        self.facts = RowFacts(workspace, self.answers)
        self.shown = shown_frames(workspace, self.facts)
        self.navigation = Navigation(workspace, self.shown, self.jobs, self.answers, self.active_overrides)
        self.log = ReviewLog(workspace)
        self.labelling = Labelling(workspace, self.log, partial(self.navigation.name_after, +1))
        self.overriding = Overriding(
            workspace, self.log, self.active_overrides, self.jobs, forget=self.answers.forget, reopen=self.navigation.reopen
        )
        self.explorer = Explorer(workspace, self.jobs)
        self._thumbnail_store = ThumbnailStore(project.cache_folder, lambda: project.keeps_pictures)
        self.thumbnails = Thumbnails(self.jobs, self._thumbnail_store, self._thumbnail_arrived)
        self.queues = QueueMaker(self.jobs, self._queue_snapshot)
        self.browsing = Browsing(workspace, self.shown, self.navigation, self.queues, self.jobs)
        self.cases = CaseReview(workspace, self.shown, self.facts, self.navigation)
        self.model = ActiveModel(self.jobs, project, changed=self._model_changed, failed=workspace.warning.emit)
        self.folder_reader = FolderReader(
            self.jobs,
            project,
            listed=self._listed,
            learned=self._learned,
            failed=self._not_read,
            progressed=self._read_on,
        )
        self._tidying = QTimer(self, interval=_TIDIES_EVERY_MS)
        # at once: while keys are pressed all the time there is always something before what may come later
        self._tidying.timeout.connect(lambda: self.jobs.submit(lambda _: give_holes_back(), urgency=Urgency.NOW))
        self.candidate: Callable[[], Path | None] = lambda: None
        """The model that queues are made by, if that is not the active one."""
        self._may_sweep = True
        self._read_otherwise: list[str] = []
        """Names of frames that an older program showed otherwise, until the reader is told."""
        self.stops: dict[str, Callable[[], None]] = {
            READING: self.folder_reader.stop,
            MAKING: self.browsing.queues.leave,
            COMPARING: self.browsing.near.stop,
        }
        """How to end a long job, by the name under which the workspace tells its progress; dialogs add those of their own."""
        self._join()

    def _join(self) -> None:
        workspace, answers, note_rows = self.workspace, self.answers, self.navigation.note_rows
        self.log.changed.connect(self._reviews_changed)
        self.log.changed.connect(lambda images: self.backups.note(len(images)))
        self.log.classes_turned.connect(self._classes_turned)
        self.backups.failed.connect(workspace.warning)
        self.labelling.revealed.connect(self._reviews_changed)
        workspace.blind_changed.connect(self.navigation.note_all_rows)
        self.labelling.decides = self.browsing.decides
        self.shown.asked.connect(workspace.label_changed)  # whether keys give labels or verdicts
        workspace.label_view_changed.connect(self.navigation.note_all_rows)
        answers.answered.connect(note_rows)
        answers.forgotten.connect(self.shown.forget_answers)
        answers.message.connect(workspace.message)
        answers.failed.connect(workspace.warning)
        answers.model_failed.connect(self.model.take_out)
        workspace.frame_opened.connect(self._note_failure)
        self.project.database.damage.listen(lambda: self.jobs.post(self._tell_damage))

    def _tell_damage(self) -> None:
        for told in damage_news(self.project.database):
            self.workspace.warning.emit(told)

    # --- the folder -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the active model, then list the folder; both in the background."""
        self.model.load()
        self.list_folder()
        self.guard.start()
        self.backups.start()
        self.jobs.submit(self._tidy_job, urgency=Urgency.LATER)
        self._tidying.start()

    def _tidy_job(self, task: TaskContext) -> None:
        self._thumbnail_store.drop_older()
        tighten_own_files(self.project.folder, task)
        sweep_project(self.project.folder, task)
        if not self.project.keeps_pictures:
            clear_stored(self.project.folder, MADE_AGAIN, task)

    def _sweep(self) -> None:
        """Remove the pictures of frames that are gone, in the background; once a session, and only if all of the folder could be read."""
        frames = self.workspace.frames
        if self._may_sweep and len(frames) and frames.sha256s.count(None) == len(frames.unreadable):
            self._may_sweep, rows = False, frames.snapshot()
            self.jobs.submit(lambda task: self._sweep_job(rows, task), urgency=Urgency.LATER)

    def _sweep_job(self, rows: FrameRows, task: TaskContext) -> None:
        images = [image for image in rows.sha256s if image]
        sweep_stored(self.project.folder, {*images, *self.active_overrides.names(images)}, task)

    def keep_pictures(self, on: bool) -> None:
        """Whether thumbnails and features may be kept on the disk; else they live in memory alone, and those kept before are removed."""
        if on != self.project.keeps_pictures:
            self.project.keeps_pictures = on
            self.answers.use(self.workspace.predictor)  # anew: what it has seen is kept elsewhere now
            self.jobs.submit(self._tidy_job, urgency=Urgency.LATER)

    def list_folder(self) -> None:
        """List the frames of the project's folder again: names at once, contents later."""
        source = self.project.source
        if source is not None:
            self.workspace.message.emit(tr("Listing {folder} ...").format(folder=source))
            self.folder_reader.read(source)

    def _listed(self, frames: FrameList, found: Listing) -> None:
        workspace = self.workspace
        self.browsing.queues.leave()  # its rows would be those of the older list
        # listed again the reader stays where they are; at the start, where they were, also if the program was killed
        last = entry.name if (entry := workspace.entry) else self.project.database.settings.read("last_frame", text_of, "")
        workspace.list_frames(frames)
        self.shown.relist(frames, workspace.label_set)
        self.thumbnails.forget()
        self.navigation.renew()
        self.answers.relist(frames)
        workspace.frames_listed.emit()
        workspace.label_changed.emit()
        self._may_sweep = self._may_sweep and not found.closed
        self._tell_listed(found)
        self._tell_layout(frames)
        row = frames.row_of(frames.root / last)
        # it is gone, or there was none: the first one shown
        self.navigation.choose(row if row is not None else self.shown.arrangement.row_after(-1, +1) or 0)

    def _tell_listed(self, found: Listing) -> None:
        self.workspace.message.emit(listed_told(found))
        if found.closed:
            self.workspace.warning.emit(closed_told(found.closed))

    def _tell_layout(self, frames: FrameList) -> None:
        with contextlib.suppress(EndoDeskError):  # what could not be noted as told is told again
            if news := news_of_layout(self.project, frames, self.workspace.label_set):
                self.workspace.warning.emit("\n\n".join(news))

    def _not_read(self, reason: str) -> None:
        source = self.project.source
        self.workspace.message.emit(reason)  # else it would say for ever that the folder is being listed
        if source is not None and not source.is_dir():  # the job that failed has asked for it a moment ago: this answers, too
            self.workspace.folder_missed.emit()
        else:
            self.workspace.warning.emit(reason)
        if not len(self.workspace.frames):
            self.workspace.frames_listed.emit()

    def _learned(self, piece: list[Indexed]) -> None:
        frames, changed = self.workspace.frames, []
        for row, sha256, reason, _ in piece:
            if frames.learn_row(row, sha256) if sha256 else frames.refuse_row(row, reason):
                changed.append(row)
        self.navigation.note_rows(changed)
        self.answers.learned(changed)
        if doubtful := [found for found in piece if found.read_otherwise]:
            self._read_otherwise += [frames.names[found.row] for found in doubtful]
            self.answers.forget([found.read_otherwise for found in doubtful if found.read_otherwise], features=True)

    def _read_on(self, progress: Progress | None) -> None:
        self.workspace.progressed.emit(READING, progress)
        if progress is None and self._read_otherwise:
            self.workspace.warning.emit(read_otherwise_told(self._read_otherwise))
            self._read_otherwise = []
        if progress is None:
            self._sweep()

    def _thumbnail_arrived(self, path: Path) -> None:
        row = self.workspace.frames.row_of(path)
        self.workspace.thumbnail_arrived.emit(NO_ROW if row is None else row)

    # --- what readers say -------------------------------------------------------------------------------------------

    def label(self, name: str) -> None:
        """The reader gives the open frame a class, and goes on to the next. It is on disk before the next frame shows."""
        if self.labelling.label(name):
            self.navigation.go(+1)

    def mark(self, mark: AnnotationKind) -> None:
        """The reader sets a mark, or takes it off; after some of them the reader has done with the frame."""
        if self.labelling.mark(mark):
            self.navigation.go(+1)

    def undo(self) -> None:
        """Take the reader's last step back, and show the frame that it was about."""
        self._show_row(self.labelling.undo())

    def redo(self) -> None:
        """Do the step undone last again, and show the frame that it was about."""
        self._show_row(self.labelling.redo())

    def _show_row(self, row: int | None) -> None:
        if row is not None:
            self.navigation.choose(row)

    def use_classes(self, label_set: LabelSet) -> None:
        """Other classes, keys or colours for this project; labels given before are of the class that their word means now."""
        if label_set != self.workspace.label_set or not self.project.has_classes:
            self.log.choose_classes(label_set)
            self._read_classes()

    def _classes_turned(self) -> None:
        before = self.workspace.label_set
        self._read_classes()
        if self.workspace.label_set == before:
            told = tr("The classes stay as they are: they were changed since, or one that would go is in use. File > Classes changes them.")
            self.workspace.warning.emit(told)

    def _read_classes(self) -> None:
        self.workspace.read_classes()
        self.shown.note_classes(self.workspace.label_set)
        self.workspace.classes_changed.emit()
        self.navigation.note_all_rows()  # class folders may label other frames now

    def _reviews_changed(self, images: list[Sha256]) -> None:
        self.browsing.reading.note(images)
        frames = self.workspace.frames
        self.navigation.note_rows(sorted({row for image in images for row in frames.rows_with(image)}))

    # --- the model --------------------------------------------------------------------------------------------------

    def _model_changed(self, predictor: Predictor | None) -> None:
        self.browsing.queues.leave()  # one in the making would be of the model before
        self.workspace.use_model(predictor)
        self.answers.use(predictor)
        self.workspace.model_changed.emit()
        self.navigation.reopen()

    def _note_failure(self, frame: OpenFrame) -> None:
        if frame.failure:  # posted: the frame is still being shown
            self.jobs.post(lambda: self.model.take_out(frame.failure) if frame.predictor is self.workspace.predictor else None)

    def _queue_snapshot(self) -> "QueueSnapshot":
        return replace(self.answers_snapshot(), candidate=self.candidate())

    def answers_snapshot(self) -> "QueueSnapshot":
        """What readers and the active model say of the frames now: for jobs."""
        from endodesk.app.queues.queue_snapshot import QueueSnapshot  # brings the grouping of training: only who wants a queue waits

        workspace = self.workspace
        return QueueSnapshot(
            self.project,
            workspace.frames.snapshot(),
            workspace.reviews.snapshot(),
            workspace.label_set,
            self.answers.snapshot(),
            self.answers.features,
            workspace.predictor.bundle if workspace.predictor else None,
            workspace.reader if workspace.shows_own else "",
            blind=workspace.blind.on,
        )

    # --- the end ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop all jobs, remember the frame, close the project."""
        self._tidying.stop()
        self.answers.close()
        self.jobs.close()
        with contextlib.suppress(EndoDeskError):  # a full disk at the very end: the place is lost, no label is
            if entry := self.workspace.entry:
                self.project.database.settings.set("last_frame", entry.name)
        self.project.close()
