"""The background answers, in the status bar: how many there are, how fast more are coming, pause and cancel."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from endodesk.app.answers.answers_progress import AnswersProgress, AnswersState
from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.language import marked, tr
from endodesk.ui.widgets.icons import icon as glyph
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

_ICONS = {"pause": "pause", "go on": "play", "cancel": "close"}

_PLAIN = marked("Answers: {answered:,} of {total:,}")
_WORDS = {
    AnswersState.PAUSED: marked("Answers: {answered:,} of {total:,}, paused"),
    AnswersState.STOPPED: marked("Answers: {answered:,} of {total:,}, stopped"),
}


class AnswersBar(QWidget):
    """How far the background answers are, with pause and cancel; hidden while nothing is to be answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: BackgroundAnswers | None = None
        self._words, self._bar = text_label("", "quiet"), QProgressBar()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._bar.setFixedWidth(90)
        self._bar.setTextVisible(False)  # the words beside it say more
        self._bar.setAccessibleName(tr("Frames answered"))
        self.pause_button, self.cancel_button = QToolButton(), QToolButton()
        for button in (self.pause_button, self.cancel_button):
            button.setAutoRaise(True)
            button.setIconSize(QSize(14, 14))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID_PX, 0)
        layout.setSpacing(GRID_PX // 2)
        for widget in (self._words, self._bar, self.pause_button, self.cancel_button):
            layout.addWidget(widget)
        self.pause_button.clicked.connect(self._pause_or_go_on)
        self.cancel_button.clicked.connect(lambda: self._answers.cancel() if self._answers else None)
        self._look("cancel", self.cancel_button, tr("Stop answering; the answers so far are kept"))
        self.hide()

    def follow(self, answers: BackgroundAnswers) -> None:
        """Show the answers of another session from now on."""
        self._answers = answers
        answers.progressed.connect(self._show)
        self._show()

    def _show(self) -> None:
        answers = self._answers
        if answers is None:
            return
        state, progress = answers.state, answers.progress
        self.setVisible(state is not AnswersState.IDLE)
        self._words.setText(in_words(state, progress))
        self._bar.setRange(0, max(1, progress.total))
        self._bar.setValue(progress.answered)
        running = state is AnswersState.RUNNING
        words = tr("Pause answering: leaves the computer to you") if running else tr("Go on answering")
        self._look("pause" if running else "go on", self.pause_button, words)
        self.cancel_button.setEnabled(state is not AnswersState.STOPPED)

    def _pause_or_go_on(self) -> None:
        if self._answers and self._answers.state is AnswersState.RUNNING:
            self._answers.pause()
        elif self._answers:
            self._answers.go_on()

    def _look(self, icon: str, button: QToolButton, words: str) -> None:
        if button.toolTip() == words:  # this comes some times a second: the same icon is not made anew
            return
        button.setIcon(glyph(_ICONS[icon]))
        button.setToolTip(tip_text(words))
        button.setAccessibleName(words)


def in_words(state: AnswersState, progress: AnswersProgress) -> str:
    """How far it is in words, such as: Answers: 1,234 of 10,000, 81 a second, 2 min left."""
    answered, total = progress.answered, progress.total
    if state is AnswersState.RUNNING and progress.a_second:
        left = progress.seconds_left or 0.0
        time_left = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
        return tr("Answers: {answered:,} of {total:,}, {pace:.0f} a second, {time} left").format(
            answered=answered, total=total, pace=progress.a_second, time=time_left
        )
    return tr(_WORDS.get(state, _PLAIN)).format(answered=answered, total=total)
