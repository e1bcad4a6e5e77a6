"""The second page of retraining: how it goes."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import Progress
from endodesk.ui.training.curves import Curves
from endodesk.ui.widgets.job_indicator import time_left
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import bar_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

_PHASES = {
    "verifying": marked("Checking the frames"),
    "starting": marked("Starting TensorFlow"),
    "preprocessing": marked("Preprocessing the frames"),
    "frozen": marked("Training the head (the backbone stays as it is)"),
    "fine-tuning": marked("Fine-tuning the network"),
    "exporting": marked("Writing the new model"),
    "evaluating": marked("Measuring on the test frames"),
}

_LEARNING = ("frozen", "fine-tuning")
_OPEN = 1.2
"""Times the expected, from which on the longest is told beside it."""


class RunningPage(QWidget):
    """How a run goes: phase, progress, time left, and the curves."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = text_label("", "large", wrap=True)
        self.detail = text_label("", "quiet", wrap=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress of the training"))
        self.curves = Curves()
        self.warnings = text_label("", "warning", wrap=True)
        self.cancel, self.pause = QPushButton(tr("&Cancel")), QPushButton(tr("&Pause"))
        self.pause.setCheckable(True)
        self.pause.setToolTip(tr("The training waits, at its next step, until this is pressed again"))
        self.stop = QPushButton(tr("&Stop and keep the best so far"))
        for button in (self.cancel, self.pause, self.stop):
            button.setAutoDefault(False)  # Enter anywhere in the dialog would press it
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self._seconds = 0
        self._most = 0.0
        self._epoch_text = self._headline = ""
        self._stopping = False
        self._warnings: list[str] = []
        layout = fill(QVBoxLayout(self), self.headline, self.detail, self.bar, (self.curves, 1), self.warnings, gap_px=GRID_PX)
        # far from where the next page has what decides
        layout.addLayout(fill(QHBoxLayout(), self.cancel, self.pause, self.stop, SPACE))

    def begin(self) -> None:
        """Make the page ready for a run: no curves, no warnings, the clock at nought."""
        self.curves.clear()
        self._warnings.clear()
        self.warnings.setText("")
        self.cancel.setEnabled(True)
        self.pause.setChecked(False)
        for button in (self.pause, self.stop):
            button.setEnabled(False)  # there is nobody to ask yet, and nothing to keep
        self._seconds, self._most = 0, 0.0
        self._epoch_text = self._headline = ""
        self._stopping = False
        self.bar.setRange(0, 0)
        self.headline.setText(tr("Reading the frames"))
        self._clock.start()
        self._tick()

    def end(self) -> None:
        """Stop the clock, however the run ended; what is shown stays."""
        self._clock.stop()

    def show_stopping(self) -> None:
        """Somebody asked for the best so far: nobody can ask again."""
        self._stopping = True
        self.stop.setEnabled(False)
        self.headline.setText(tr("Ending the phase: the best so far is kept"))

    def _show_paused(self, headline: str, *, on: bool) -> None:
        self.headline.setText(headline)
        self.pause.setChecked(on)
        (self._clock.stop if on else self._clock.start)()

    def show_progress(self, progress: Progress) -> None:
        """Show how much is done, and how long it still takes: of reading the frames at first, then of the whole run."""
        self.bar.setRange(0, max(progress.total, 1))  # 0 to 0 would be a bar without an end
        self.bar.setValue(progress.done)
        told = (tr("{n} %").format(n=progress.percent), time_left(progress))
        self.bar.setFormat(bar_text(", ".join(filter(None, told))))

    def show_warning(self, text: str) -> None:
        """Add a sentence that the reader should know; four are shown, the others counted."""
        if text in self._warnings:  # what is found while a run is made, its child finds again
            return
        self._warnings.append(text)
        more = [tr("... and {n} more.").format(n=len(self._warnings) - 4)] if len(self._warnings) > 4 else []
        self.warnings.setText("\n".join(self._warnings[:4] + more))

    def show_event(self, event: RunEvent) -> None:
        """Show what one line of the child process tells: a phase, progress, an epoch, a warning."""
        self._seconds = max(self._seconds, round(event.seconds))  # it may have begun long before this page
        if event.kind is RunEventKind.PHASE:
            self._epoch_text = ""
            self._headline = tr(_PHASES[event.phase]) if event.phase in _PHASES else event.phase
            self.headline.setText(self._headline)
            self.pause.setEnabled(True)
            self.stop.setEnabled(self.stop.isEnabled() and event.phase in _LEARNING)
        elif event.kind is RunEventKind.PAUSED:
            self._show_paused(tr("Paused: {what}").format(what=self._headline), on=True)
        elif event.kind is RunEventKind.GOES_ON:
            self._show_paused(self._headline, on=False)
        elif event.kind is RunEventKind.EPOCH:
            self.curves.add(event.phase, event.metrics)
            self.stop.setEnabled(not self._stopping)
            loss, accuracy = event.metrics.get("val_loss"), event.metrics.get("val_accuracy")
            if loss is not None and accuracy is not None:
                told = tr("epoch {n} of at most {most}: validation loss {loss:.3f}, accuracy {accuracy:.1f} %")
                self._epoch_text = told.format(n=event.done, most=event.total, loss=loss, accuracy=100 * accuracy)
            self._most = event.most if event.most > _OPEN * event.left else 0.0
            self._tick(count=False)  # time is counted by the clock alone
        elif event.kind is RunEventKind.WARNING:
            self.show_warning(event.message)

    def _tick(self, *, count: bool = True) -> None:
        self._seconds += count
        most = tr("at most {time} more").format(time=_clock(self._most)) if self._most else ""
        told = (tr("{time} so far").format(time=_clock(self._seconds)), self._epoch_text, most)
        self.detail.setText("   ".join(filter(None, told)))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
