"""FrameExtractor: one film that frames are taken from. It is opened, shown and written in the background."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from endodesk.app.frames.taken_frames import TakenFolder
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.review.review_log import ReviewLog
from endodesk.app.viewing.pictures import to_qimage
from endodesk.app.workspace import Workspace
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import ImageRecord
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.films import Film, open_film
from endodesk.imaging.reading.header import READING
from endodesk.system.task import Progress, TaskContext


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    index: int
    pixels: RGB


class FrameExtractor(QObject):
    """Frames are counted from 0 here and from 1 for the eye and in file names. A failure is a sentence, told by `failed`."""

    opened = Signal()
    """Another film is there; its first frame follows."""
    closed = Signal()
    """No film is open any more, or the one asked for could not be opened."""
    frame_shown = Signal(int, QImage)
    taken_changed = Signal()
    """Other frames of the film are taken than before."""
    progressed = Signal(object)
    """Progress of taking many frames, or of opening; None when it ended."""
    message = Signal(str)
    failed = Signal(str)

    def __init__(self, workspace: Workspace, jobs: Jobs, log: ReviewLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs, self._log = workspace, jobs, log
        self.film: Film | None = None
        self.path: Path | None = None
        self.taken: frozenset[int] = frozenset()
        """Numbers, from 0, of the frames of the film that are taken."""
        self.gained = False
        """Whether the list of frames lacks some that were taken, or has some that were dropped."""
        self._folder: TakenFolder | None = None
        self._shown: _Shown | None = None
        self._wanted: int | None = None
        self._fetching: TaskContext | None = None
        self._opening: TaskContext | None = None
        self._taking: TaskContext | None = None

    # --- the film ---------------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a film instead of the one that is open, in the background; `opened` follows, or `closed` and `failed`."""
        self.close()
        # asked now: jobs get no live objects
        taken, root = self._workspace.project.taken_folder, self._workspace.frames.root
        self.path = path
        self._opening = task = self._jobs.submit(
            lambda t: (open_film(path, t), TakenFolder.of(taken, path, root)),
            done=lambda found: self._arrived(task, *found),
            failed=lambda reason: self._not_opened(task, reason),
            cancelled=lambda: self._not_opened(task, ""),
            progress=lambda progress: self.progressed.emit(progress) if task is self._opening else None,
            urgency=Urgency.NOW,
        )

    def _arrived(self, task: TaskContext, film: Film, folder: TakenFolder) -> None:
        if task is not self._opening:  # another film was asked for meanwhile
            film.close()
            return
        self._opening = None
        self.film, self._folder = film, folder
        self.progressed.emit(None)
        self._look_again()
        self.opened.emit()
        self.go(0)

    def _not_opened(self, task: TaskContext, reason: str) -> None:
        if task is self._opening:
            self._opening = self.path = None
            self.progressed.emit(None)
            self.closed.emit()
            if reason:
                self.failed.emit(reason)

    def close(self) -> None:
        """Let go of the film."""
        self.cancel()
        for task in (self._opening, self._fetching):
            if task:
                task.cancel()
        if self.film:
            film = self.film
            self._jobs.submit(lambda _: film.close())  # it may wait for a frame that is being decoded
        self.film = self.path = self._folder = self._shown = self._wanted = self._fetching = self._opening = None
        self.taken = frozenset()
        self.closed.emit()

    @property
    def frames(self) -> int:
        """How many frames the film has; 0 without one."""
        return self.film.frames if self.film else 0

    # --- going through it -------------------------------------------------------------------------------------------

    @property
    def index(self) -> int:
        """Where the reader is: the frame wanted last, shown or still on its way."""
        if self._wanted is not None:
            return self._wanted
        return self._shown.index if self._shown else 0

    @property
    def waiting(self) -> bool:
        """Whether a frame is still on its way."""
        return self._wanted is not None

    def go(self, index: int) -> None:
        """Go to a frame, or the first or last one if there is none of that number. What was wanted before is skipped."""
        if self.film is None:
            return
        self._wanted = max(0, min(index, self.frames - 1))
        self._fetch()

    def go_by_seconds(self, seconds: float) -> None:
        """Go on by so many seconds of the film, or back if they are below 0; the ends of the film are the furthest."""
        if self.film:
            there = self.film.at(self.film.seconds(self.index) + seconds)
            self.go(there)

    def _fetch(self) -> None:
        film, index = self.film, self._wanted
        # one at a time: once it is there, the one wanted by then is fetched, and those between are skipped
        if film is None or index is None or self._fetching:
            return

        def look_job(_: TaskContext) -> tuple[RGB, QImage]:
            pixels = film.frame(index)
            return pixels, to_qimage(pixels)

        self._fetching = task = self._jobs.submit(
            look_job,
            done=lambda found: self._fetched(task, index, found, ""),
            failed=lambda reason: self._fetched(task, index, None, reason),
            cancelled=lambda: self._fetched(task, index, None, ""),
            urgency=Urgency.NOW,
        )

    def _fetched(self, task: TaskContext, index: int, found: tuple[RGB, QImage] | None, reason: str) -> None:
        if task is not self._fetching:
            return
        self._fetching = None
        if self._wanted == index:
            self._wanted = None
        if found:
            self._shown = _Shown(index, found[0])
            self.frame_shown.emit(index, found[1])
        elif reason:
            self.failed.emit(reason)
        self._fetch()

    # --- taking -----------------------------------------------------------------------------------------------------

    def take(self, label: str = "") -> None:
        """Take the frame that is shown, and give it a class if one is named."""
        shown, folder = self._shown, self._folder
        # on its way is another frame than the one in sight: which one is meant?
        if shown is None or folder is None or self._wanted is not None:
            self.message.emit(tr("Wait until the frame is shown, then take it."))
            return
        self._jobs.submit(
            lambda _: self._keep_job(folder, shown.index, shown.pixels),
            done=lambda record: self._took(folder, shown.index, record, label),
            failed=self.failed.emit,
            urgency=Urgency.NOW,
        )

    def _keep_job(self, folder: TakenFolder, index: int, pixels: RGB) -> ImageRecord:
        """Write a frame, and make it known to the project: a label must have a frame to refer to."""
        record = folder.keep(index + 1, pixels)
        self._workspace.project.database.images.add([(record, FileStamp.of(record.path, READING))])
        return record

    def _took(self, folder: TakenFolder, index: int, record: ImageRecord, label: str) -> None:
        self._changed(folder)
        if label:
            self._try(lambda: self._label(record, label))
        told = tr("Frame {number} taken: {label}") if label else tr("Frame {number} taken")
        self.message.emit(told.format(number=index + 1, label=label))

    def _label(self, record: ImageRecord, label: str) -> None:
        reader = self._workspace.reader
        self._log.give([Correction(record.sha256, label, reader, datetime.now(UTC), kind=AnnotationKind.LABEL)])

    def drop(self) -> None:
        """The frame that is shown is no longer taken. One with a label stays."""
        folder, index = self._folder, self.index
        if folder is None or index not in self.taken:
            self.message.emit(tr("This frame is not taken."))
            return
        self._try(lambda: self._drop(folder, index))

    def _drop(self, folder: TakenFolder, index: int) -> None:
        path, reviews = folder.path(index + 1), self._workspace.reviews
        image = next((record.sha256 for record in [self._record_at(path)] if record), None)
        if image is not None and reviews.is_labelled(image):
            self.message.emit(tr("This frame has a label, and stays. Take the label back first (Ctrl+Z in the main window)."))
            return
        folder.drop(index + 1)
        self._changed(folder)
        self.message.emit(tr("Frame {number} is no longer taken").format(number=index + 1))

    def _record_at(self, path: Path) -> ImageRecord | None:
        return self._workspace.project.database.images.get(sha256_file(path)) if path.is_file() else None

    def take_every(self, seconds: float) -> None:
        """Take a frame every so many seconds of the whole film, in the background; frames that are taken already stay."""
        film, folder = self.film, self._folder
        if film is None or folder is None or self._taking:
            return
        self._taking = task = self._jobs.submit(
            lambda t: self._take_all_job(film, folder, every(film, seconds), t),
            done=lambda counts: self._took_all(task, folder, *counts),
            failed=lambda reason: self._took_all(task, folder, 0, 0, reason),
            cancelled=lambda: self._took_all(task, folder, 0, 0, tr("Stopped. The frames taken until then are kept.")),
            progress=lambda progress: self._progress(task, folder, progress),
            urgency=Urgency.LATER,
        )

    def _take_all_job(self, film: Film, folder: TakenFolder, wanted: list[int], task: TaskContext) -> tuple[int, int]:
        """How many frames are taken now, and how many could not be decoded."""
        skipped, there = 0, folder.numbers()
        for done, index in enumerate(wanted):
            task.report(done, len(wanted))
            if index + 1 not in there:
                pixels = _decoded(film, index)
                if pixels is None:
                    skipped += 1
                else:
                    self._keep_job(folder, index, pixels)
        return len(wanted) - skipped, skipped

    def _progress(self, task: TaskContext, folder: TakenFolder, progress: Progress) -> None:
        if task is self._taking:
            self.progressed.emit(progress)
            self._changed(folder)

    def _took_all(self, task: TaskContext, folder: TakenFolder, taken: int, skipped: int, reason: str = "") -> None:
        self._changed(folder)  # whichever film is open now: frames were gained
        if task is not self._taking:
            return
        self._taking = None
        self.progressed.emit(None)
        told = tr("{n:,} frames taken; {skipped:,} could not be decoded.") if skipped else tr("{n:,} frames taken.")
        self.message.emit(reason or told.format(n=taken, skipped=skipped))

    @property
    def taking(self) -> bool:
        """Whether many frames are being taken."""
        return self._taking is not None

    def cancel(self) -> None:
        """Stop taking many frames; those taken until then are kept."""
        if self._taking:
            self._taking.cancel()

    def _changed(self, folder: TakenFolder) -> None:
        self.gained = True
        if folder is self._folder:
            self._look_again()

    def _look_again(self) -> None:
        self.taken = frozenset(number - 1 for number in self._folder.numbers()) if self._folder else frozenset()
        self.taken_changed.emit()

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except (EndoDeskError, OSError) as error:
            self.failed.emit(str(error))


def count_every(film: Film, seconds: float) -> int:
    """How many frames `every` gives, nearly: at once, for the eye."""
    return min(film.frames, int(film.seconds(film.frames - 1) / max(seconds, 0.01)) + 1)


def every(film: Film, seconds: float) -> list[int]:
    """Frames so many seconds apart, from the first on."""
    last, wanted = film.seconds(film.frames - 1), set[int]()
    for step in range(int(last / max(seconds, 0.01)) + 1):
        wanted.add(film.at(step * seconds))
    return sorted(wanted)


def _decoded(film: Film, index: int) -> RGB | None:
    try:
        return film.frame(index)
    except EndoDeskError:
        return None
