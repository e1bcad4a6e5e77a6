"""Frames taken from a film: the picture, its timeline, and keys to go through it and to take what matters."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.films.frame_extractor import FrameExtractor, count_every
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.images import DICOM_SUFFIXES, VIDEO_SUFFIXES, printable
from endodesk.imaging.reading.dicom.dicom_kind import may_be_dicom
from endodesk.imaging.reading.films import holds_film
from endodesk.system.task import Progress
from endodesk.ui.films.player import FilmPlayer
from endodesk.ui.films.timeline import FilmPicture, Timeline
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.class_keys import ClassKeys, FixedKey
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.job_indicator import JobIndicator
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.number_boxes import DecimalBox
from endodesk.ui.widgets.theme import GRID_PX, NARROWEST_BOX_PX, text_label

_SIZE_PX = 960, 800
_STEP_S = 5.0
_MOST_DICOM = 200  # files looked into, one by one, for films


class TakeFramesDialog(FittingDialog):
    """Stands beside the window, one film at a time. Frames taken are in the gallery once it is closed."""

    def __init__(
        self,
        extractor: FrameExtractor,
        workspace: Workspace,
        jobs: Jobs,
        list_folder: Callable[[], None],
        works: JobIndicator,
        parent: QWidget | None = None,
    ) -> None:
        """`list_folder` reads the folder again, once frames were taken."""
        super().__init__(parent)
        self._workspace, self._jobs, self._list_folder, self._works = workspace, jobs, list_folder, works
        self.extractor = extractor
        extractor.setParent(self)  # it ends with the dialog
        self.player = FilmPlayer(self.extractor, self)
        self.films: list[Path] = []
        self.setWindowTitle(tr("Take frames from a video"))
        self._make()
        self._place()
        take = FixedKey(self.take_shown)
        fixed = {**self.player.keys(), "Return": take, "Enter": take, "K": take, "Delete": FixedKey(self.extractor.drop)}
        self.keys = ClassKeys(self, self.take_as, fixed)
        self.extractor.opened.connect(self._show_film)
        self.extractor.closed.connect(self._show_none)
        self.extractor.frame_shown.connect(self._show_frame)
        self.extractor.taken_changed.connect(self._show_taken)
        self.extractor.progressed.connect(self._show_progress)
        self.extractor.message.connect(self.message.setText)
        self.extractor.failed.connect(self._refuse)
        self._show_none()
        self.ask_for(*_SIZE_PX)

    def _make(self) -> None:
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Film"))
        self.choice.setMinimumWidth(NARROWEST_BOX_PX)
        self.choice.setToolTip(tr("Videos in the open folder, and DICOM files with many frames"))
        self.other = push_button(tr("Another &file ..."), self.ask_file)
        self.picture, self.timeline = FilmPicture(), Timeline()
        self.place = text_label("", "quiet")
        self.play = push_button(tr("&Play"), self.player.turn, tip=tr("Or stop (Space)"))
        keeps = tr("Keep the frame that is shown (Return or K); a class key keeps and labels it")
        self.take = push_button(tr("&Take this frame"), lambda: self.extractor.take(), tip=keeps)
        drops = tr("The frame that is shown is no longer taken (Delete); one with a label stays")
        self.drop = push_button(tr("Take &back"), self.extractor.drop, tip=drops)
        self.seconds = DecimalBox()
        self.seconds.setDecimals(2)
        self.seconds.setRange(0.1, 600)
        self.seconds.setValue(_STEP_S)
        self.seconds.setSuffix(tr(" s"))
        self.seconds.setAccessibleName(tr("Seconds between frames"))
        self.every = push_button("", self.take_every)
        self.every.setFocusPolicy(
            Qt.FocusPolicy.TabFocus
        )  # a click leaves the field alone: what is refused there is told, and not replaced
        self.cancel = push_button(tr("&Cancel"), self.extractor.cancel)
        self.work = LongWork()
        self.message = text_label("", "quiet", wrap=True)
        for button in (self.other, self.play, self.take, self.drop, self.every, self.cancel):
            button.setAutoDefault(False)  # Return takes the frame: it must not press a button as well
        # by the reader: currentIndexChanged also comes when the films are listed
        self.choice.activated.connect(lambda place: self.show_film(self.films[place]))
        self.timeline.valueChanged.connect(self.player.go)
        self.player.playing_changed.connect(lambda playing: self.play.setText(tr("Sto&p") if playing else tr("&Play")))
        self.seconds.valueChanged.connect(lambda _: self._count())

    def _place(self) -> None:
        name, interval = text_label(tr("Fi&lm")), text_label(tr("One &every"))
        name.setBuddy(self.choice)
        interval.setBuddy(self.seconds)
        top = fill(QHBoxLayout(), name, (self.choice, 1), self.other)
        row = fill(QHBoxLayout(), self.play, self.take, self.drop, (SPACE, 1), interval, self.seconds, self.every)
        ways = tr("Arrow keys go by one frame, with Shift by one second, Page keys by ten; Space plays.")
        takes = tr("Return or K takes the frame, a class key takes and labels it, Delete takes it back.")
        told = (text_label(words, "quiet", wrap=True) for words in (ways, takes))
        bottom = fill(QHBoxLayout(), (self.message, 1), self.work, self.cancel)
        fill(QVBoxLayout(self.page), top, (self.picture, 1), self.timeline, self.place, row, *told, bottom, gap_px=GRID_PX)

    # --- which film -------------------------------------------------------------------------------------------------

    def come_back(self) -> None:
        """List the folder's films as they are now; the one that the reader's frame belongs to, or the first, is opened."""
        self.keys.list_for(self._workspace.label_set)  # classes may be others than last time
        frames, chosen = self._workspace.frames, self._workspace.row
        dicom = [row for row, name in enumerate(frames.names) if frames.is_unreadable(row) and may_be_dicom(Path(name).name)]
        paths = [frames.path(row) for row in dicom[:_MOST_DICOM]]
        wanted = frames.path(chosen) if chosen in dicom else None
        self._list([frames.root / name for name in frames.films])
        # Why: docs/decisions/app.md 16
        self._jobs.submit(
            lambda _: [path for path in paths if holds_film(path)], done=lambda films: self._add(films, wanted), failed=self._refuse
        )

    def _add(self, films: list[Path], wanted: Path | None) -> None:
        self._list([*self.films, *(film for film in films if film not in self.films)])
        if wanted in self.films:
            self.show_film(wanted)
        elif self.extractor.path is None and self.films:
            self.show_film(self.films[0])

    def _list(self, films: list[Path]) -> None:
        root, now = self._workspace.frames.root, self.extractor.path
        self.films = films if now is None or now in films else [*films, now]  # the one that is open may lie elsewhere: it stays listed
        self.choice.clear()
        for film in self.films:
            self.choice.addItem(printable(str(film.relative_to(root) if film.is_relative_to(root) else film)))
        self.choice.setEnabled(bool(self.films))
        if now in self.films:
            self.choice.setCurrentIndex(self.films.index(now))
        if now is None:
            self._show_none()

    def ask_file(self) -> None:
        """Ask for a film that lies elsewhere, and open it."""
        kinds = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES | DICOM_SUFFIXES))
        name, _ = QFileDialog.getOpenFileName(self, tr("A video, or a DICOM film"), "", tr("Films ({kinds})").format(kinds=kinds))
        if name:
            self.show_film(Path(name))

    def show_film(self, path: Path) -> None:
        """Open a film; it is listed from now on. Nothing happens if it is the one that is open."""
        if path == self.extractor.path:
            return
        if path not in self.films:
            self.films.append(path)
            self.choice.addItem(printable(str(path)))
            self.choice.setEnabled(True)
        self.choice.setCurrentIndex(self.films.index(path))
        self.message.setText("")
        self.extractor.open(path)
        self.picture.show_picture(QImage(), tr("Opening {name} ...").format(name=path.name))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _show_film(self) -> None:
        self.timeline.blockSignals(True)
        self.timeline.setRange(0, self.extractor.frames - 1)
        # ten seconds, as the Page keys
        self.timeline.setPageStep(max(1, round(10 * self.extractor.film.rate) if self.extractor.film else 1))
        self.timeline.setValue(0)
        self.timeline.blockSignals(False)
        self._enable(on=True)
        self._count()
        self.timeline.setFocus()

    def _show_none(self) -> None:
        self.player.stop()
        self._enable(on=False)
        self.place.setText("")
        self.picture.show_badge("")
        words = tr("Choose a film above.") if self.films else tr("There are no videos in this folder. Choose another file.")
        self.picture.show_picture(QImage(), words)
        self._count()

    def _enable(self, *, on: bool) -> None:
        for widget in (self.timeline, self.play, self.take, self.drop, self.seconds, self.every):
            widget.setEnabled(on)
        self.cancel.setVisible(self.extractor.taking)

    def _show_frame(self, index: int, picture: QImage) -> None:
        self.picture.show_picture(picture)
        self._follow(index)
        self._show_badge(index)

    def _follow(self, index: int) -> None:
        """Move the slider and the words to where the reader is in the film."""
        self.timeline.blockSignals(True)
        self.timeline.setValue(index)
        self.timeline.blockSignals(False)
        film = self.extractor.film
        if film:
            words = tr("Frame {number:,} of {frames:,}   {time} of {length}   {n:,} taken")
            times = {"time": clock(film.seconds(index)), "length": clock(film.seconds(film.frames - 1))}
            self.place.setText(words.format(number=index + 1, frames=film.frames, n=len(self.extractor.taken), **times))

    def _show_taken(self) -> None:
        self.timeline.show_marks(self.extractor.taken)
        self._follow(self.extractor.index)
        self._show_badge(self.extractor.index)

    def _show_badge(self, index: int) -> None:
        self.picture.show_badge(tr("Taken") if index in self.extractor.taken else "")
        self.drop.setEnabled(index in self.extractor.taken)

    def _show_progress(self, progress: Progress | None) -> None:
        name = tr("Taking frames")
        self.work.tell(name if self.extractor.taking else tr("Opening the film"), progress)
        self._works.tell(name, progress if self.extractor.taking else None, self.extractor.cancel)
        self.cancel.setVisible(self.extractor.taking)
        self.every.setEnabled(not self.extractor.taking and self.extractor.film is not None)

    def _refuse(self, reason: str) -> None:
        self.player.stop()
        self.message.setText(reason)
        if self.extractor.film is None:
            self.picture.show_picture(QImage(), reason)

    # --- what keys and buttons do -----------------------------------------------------------------------------------

    def take_shown(self) -> None:
        """Take the frame that is shown, by key; in the field of seconds, Enter takes one every so many."""
        self.player.stop()
        if self.seconds.hasFocus():
            self.take_every()
        else:
            self.extractor.take()

    def take_as(self, name: str) -> None:
        """Take the frame that is shown and give it the class of that name."""
        self.player.stop()
        self.extractor.take(name)

    def take_every(self) -> None:
        """Take one frame every so many seconds, in the background; nothing where what is typed is no such number."""
        if typed := self.seconds.refused:
            words = tr("{typed} is no number of seconds from {least} to {most}: nothing was taken.")
            least, most = self.seconds.minimum(), self.seconds.maximum()
            self.message.setText(words.format(typed=typed, least=f"{least:g}", most=f"{most:g}"))
            return
        self.seconds.interpretText()
        self.extractor.take_every(self.seconds.value())
        self._enable(on=self.extractor.film is not None)
        self.every.setEnabled(not self.extractor.taking)

    def _count(self) -> None:
        film = self.extractor.film
        n = count_every(film, self.seconds.value()) if film else 0
        words = tr("Take {n:,} f&rames") if n != 1 else tr("Take 1 f&rame")
        self.every.setText(words.format(n=n))

    # --- the end ----------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the film; the gallery takes in what was taken."""
        self.leave()
        super().closeEvent(event)

    def reject(self) -> None:
        """Lets go of the film here too: a dialog left by Escape gets no close event."""
        self.leave()
        super().reject()

    def leave(self) -> None:
        """Let go of the film; the folder is read again if frames were taken from it."""
        self.extractor.close()
        if self.extractor.gained:  # else closing would read the folder for nothing
            self.extractor.gained = False
            self._list_folder()


def clock(seconds: float) -> str:
    """A time of the film in words, such as 0:04.2 or 1:02:03.4."""
    tenths = int(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 10:02d}.{rest % 10}" if hours else f"{minutes}:{rest // 10:02d}.{rest % 10}"
