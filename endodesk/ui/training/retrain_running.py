"""The second page of retraining: how it goes."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import Progress
from endodesk.ui.training.curves import Curves
from endodesk.ui.widgets.job_indicator import time_left
from endodesk.ui.widgets.layouts import fill
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
        self.cancel = QPushButton(tr("&Cancel"))
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self._seconds = 0
        self._most = 0.0
        self._epoch_text = ""
        self._warnings: list[str] = []
        layout = fill(QVBoxLayout(self), self.headline, self.detail, self.bar, (self.curves, 1), self.warnings, gap_px=GRID_PX)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)  # far from where the next page has what acts

    def begin(self) -> None:
        """Make the page ready for a run: no curves, no warnings, the clock at nought."""
        self.curves.clear()
        self._warnings.clear()
        self.warnings.setText("")
        self.cancel.setEnabled(True)
        self._seconds, self._most = 0, 0.0
        self._epoch_text = ""
        self.bar.setRange(0, 0)
        self.headline.setText(tr("Reading the frames"))
        self._clock.start()
        self._tick()

    def end(self) -> None:
        """Stop the clock, however the run ended; what is shown stays."""
        self._clock.stop()

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
        if event.kind is RunEventKind.PHASE:
            self._epoch_text = ""
            self.headline.setText(tr(_PHASES[event.phase]) if event.phase in _PHASES else event.phase)
        elif event.kind is RunEventKind.EPOCH:
            self.curves.add(event.phase, event.metrics)
            loss, accuracy = event.metrics.get("val_loss"), event.metrics.get("val_accuracy")
            if loss is not None and accuracy is not None:
                told = tr("epoch {n} of at most {most}: validation loss {loss:.3f}, accuracy {accuracy:.1%}")
                self._epoch_text = told.format(n=event.done, most=event.total, loss=loss, accuracy=accuracy)
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
