"""The second page of retraining: how it goes."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import Progress
from endodesk.ui.training.curves import Curves
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
        self._phase_seconds = 0
        self._pace = TimeLeft()
        self._epoch_text = ""
        self._warnings: list[str] = []
        layout = fill(QVBoxLayout(self), self.headline, self.detail, self.bar, (self.curves, 1), self.warnings, gap_px=GRID_PX)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)  # far from where the next page has what acts

    def begin(self) -> None:
        """Make the page ready for a run: no curves, no warnings, the clock at nought."""
        self._pace = TimeLeft()
        self.curves.clear()
        self._warnings.clear()
        self.warnings.setText("")
        self.cancel.setEnabled(True)
        self._seconds = self._phase_seconds = 0
        self._epoch_text = ""
        self.bar.setRange(0, 0)
        self.headline.setText(tr("Reading the frames"))
        self._clock.start()
        self._tick()

    def end(self) -> None:
        """Stop the clock, however the run ended; what is shown stays."""
        self._clock.stop()

    def show_reading(self, progress: Progress) -> None:
        """Show how many frames are read, which is before the child process starts."""
        self._show_share(progress.done, progress.total)

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
            self._phase_seconds = 0
            self._epoch_text = ""
            self.headline.setText(tr(_PHASES[event.phase]) if event.phase in _PHASES else event.phase)
            self.bar.setRange(0, 0)  # no end in sight: Qt lets the bar run to and fro
        elif event.kind is RunEventKind.PROGRESS:
            self._show_share(event.done, event.total, event.message)
        elif event.kind is RunEventKind.EPOCH:
            self.curves.add(event.phase, event.metrics)
            loss, accuracy = event.metrics.get("val_loss"), event.metrics.get("val_accuracy")
            if loss is not None and accuracy is not None:
                told = tr("epoch {n} of at most {most}: validation loss {loss:.3f}, accuracy {accuracy:.1%}")
                self._epoch_text = told.format(n=event.done, most=event.total, loss=loss, accuracy=accuracy)
                if event.done < event.total:
                    more = self._phase_seconds / max(event.done, 1) * (event.total - event.done)
                    self._epoch_text += "   " + tr("at most {time} more in this phase").format(time=_clock(more))
            self._tick(count=False)  # time is counted by the clock alone
        elif event.kind is RunEventKind.WARNING:
            self.show_warning(event.message)

    def _show_share(self, done: int, total: int, what: str = "") -> None:
        self.bar.setRange(0, max(total, 1))  # 0 to 0 would be a bar without an end
        self.bar.setValue(done)
        words = (tr("{what}: {done} of {total}") if what else tr("{done} of {total}")).format(what=what, done=done, total=total)
        left = self._pace.seconds_left(done, total, what)
        more = tr("{words}, about {time} left")
        self.bar.setFormat(bar_text(words if left is None else more.format(words=words, time=_clock(left))))

    def _tick(self, *, count: bool = True) -> None:
        self._seconds += count
        self._phase_seconds += count
        self.detail.setText("   ".join(part for part in (tr("{time} so far").format(time=_clock(self._seconds)), self._epoch_text) if part))


class TimeLeft:
    """Time left of something that counts up; begins anew whenever the count, or what is counted, does."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._what, self._done = "", 0
        self._first, self._since = 0, clock()

    def seconds_left(self, done: int, total: int, what: str) -> float | None:
        """Seconds left by the mean pace so far; None for the first second, and before anything moved."""
        now = self._clock()
        if what != self._what or done < self._done:  # each epoch by itself: else the estimate grew from epoch to epoch
            self._first, self._since = done, now
        self._what, self._done = what, done
        moved, seconds = done - self._first, now - self._since
        return seconds / moved * (total - done) if moved > 0 and seconds > 1 else None


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
