"""Where every long job is told: in the status bar in a line, opened as a list with progress, time left and cancel for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QPushButton, QToolButton, QWidget

from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.language import marked, tr
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.workspace import Workspace
from endodesk.system.task import Progress
from endodesk.ui.widgets.icons import icon
from endodesk.ui.widgets.plain_text import PlainLabel, button_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

_BAR_PX = 160
_ANSWERS, _TRAINING = marked("Answers of the model"), marked("Training")


@dataclass(frozen=True, slots=True)
class Work:
    """One job that runs, as the status bar and its list tell of it."""

    name: str
    progress: Progress
    cancel: Callable[[], None] | None
    """None for what ends within moments, or is stopped elsewhere."""


class JobIndicator(QToolButton):
    """Hidden while nothing runs. Whoever has a long job calls `tell` with its progress, and with None when it has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.works: dict[str, Work] = {}
        self.list = WorkList(self)
        self.setAutoRaise(True)
        self.setIcon(icon("progress-clock"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(tr("Everything that runs, with what is left of it; here it can be cancelled"))
        self.clicked.connect(lambda: self.list.open_above(self, self.works))
        self.hide()

    def follow(self, workspace: Workspace, stops: Mapping[str, Callable[[], None]], answers: BackgroundAnswers, job: TrainingJob) -> None:
        """Tell of another project from now on: what it reads, compares, gathers and answers, and its training."""
        for name in list(self.works):
            self.tell(name, None)  # jobs of a project that was closed end without a word
        workspace.progressed.connect(lambda name, progress: self.tell(tr(name), progress, stops.get(name)))
        answers.progressed.connect(lambda: self.tell(tr(_ANSWERS), progress_of(answers), answers.cancel))
        job.reading.connect(lambda progress: self.tell(tr(_TRAINING), progress, job.cancel))
        job.progressed.connect(lambda progress: self.tell(tr(_TRAINING), progress, job.cancel))
        job.ended.connect(lambda: self.tell(tr(_TRAINING), None))

    def tell(self, name: str, progress: Progress | None, cancel: Callable[[], None] | None = None) -> None:
        """Say how far the job of that name is; None when it has ended."""
        if progress is None:
            self.works.pop(name, None)
        else:
            self.works[name] = Work(name, progress, cancel)
        self.setVisible(bool(self.works))
        named = [work for name, work in self.works.items() if name != tr(_ANSWERS)]  # these have a bar of their own, with a pause
        words, more = in_words(named[0]) if named else "", len(named) - 1
        self.setText(button_text(tr("{job} and {n} more").format(job=words, n=more) if more > 0 else words))
        self.setAccessibleName(words or tr("What runs"))
        self.list.show_works(self.works)


class WorkList(QFrame):
    """Everything that runs, a line a job, in a popup over the status bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(tr("What runs"))
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(2 * GRID_PX)
        self._works: dict[str, Work] = {}
        self._lines: dict[str, tuple[PlainLabel, QProgressBar, PlainLabel, QPushButton]] = {}

    def open_above(self, button: QWidget, works: dict[str, Work]) -> None:
        """Open over the status bar, within the window."""
        self.show_works(works)
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.sizeHint().width(), -self.sizeHint().height()))
        self.move(corner)
        self.show()

    def show_works(self, works: dict[str, Work]) -> None:
        """Show these jobs. Lines come and go with them; a line that stays keeps the keyboard."""
        self._works = dict(works)
        for name in [name for name in self._lines if name not in works]:
            for widget in self._lines.pop(name):
                self._grid.removeWidget(widget)
                widget.deleteLater()
        for work in works.values():
            if work.name not in self._lines:
                self._add(work)
            _, bar, left, cancel = self._lines[work.name]
            bar.setRange(0, max(0, work.progress.total))  # 0 to 0 lets the bar run to and fro, where nobody can count
            bar.setValue(work.progress.done)
            left.setText(time_left(work.progress))
            cancel.setEnabled(work.cancel is not None)
        if not works:
            self.hide()

    def _cancel(self, name: str) -> None:
        work = self._works.get(name)  # looked up when pressed: how to end a job may be known later than the job
        if work and work.cancel:
            work.cancel()

    def _add(self, work: Work) -> None:
        row = self._grid.rowCount()  # a grid never forgets a row; empty ones take no room
        name, bar, left, cancel = text_label(work.name), QProgressBar(), text_label("", "quiet"), QPushButton(tr("Cancel"))
        bar.setMinimumWidth(_BAR_PX)
        bar.setAccessibleName(work.name)
        cancel.setAccessibleName(tr("Cancel: {job}").format(job=work.name))
        cancel.clicked.connect(lambda: self._cancel(work.name))
        for column, widget in enumerate((name, bar, left, cancel)):
            self._grid.addWidget(widget, row, column)
        self._lines[work.name] = (name, bar, left, cancel)


def progress_of(answers: BackgroundAnswers) -> Progress | None:
    """How far the background answers are; None while none are being given."""
    if answers.state is not AnswersState.RUNNING:
        return None
    told = answers.progress
    return Progress(told.answered, told.total, "", told.answered / told.a_second if told.a_second else 0.0)


def in_words(work: Work) -> str:
    """A job in words, such as: Reading frames 40 %, 12 s left."""
    progress = work.progress
    words = tr("{job} {percent} %").format(job=work.name, percent=progress.percent) if progress.total else work.name
    left = time_left(progress)
    return f"{words}, {left}" if left else words


def time_left(progress: Progress) -> str:
    """The time left in words; empty where nobody knows it, and under two seconds."""
    if (left := progress.rounded_left) is None:
        return ""
    n, unit = left
    return (tr("{n} s left") if unit == "s" else tr("{n} min left")).format(n=n)
