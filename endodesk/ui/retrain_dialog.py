"""Retraining from the window: what there is to learn from, how it goes, and whether the new model is better."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from endodesk.app.retraining import LabelCount, count_labels, labelled_files
from endodesk.app.session import Session
from endodesk.app.training_job import JobState, TrainingJob
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.domain.ticket import Progress
from endodesk.ui.curves import Curves
from endodesk.ui.theme import GRID_PX, text_label

PRESETS = (
    ("default", "Recommended", "Clean crops, class-balanced; the head first, then the top of the network. Minutes per 1,000 frames."),
    ("head", "Head only", "The network stays as it is, only the last layers learn. The quickest."),
    ("paper", "Published", "The paper's set-up to the letter. The slowest by far."),
)
_PHASES = {
    "verifying": "Checking the frames",
    "starting": "Starting TensorFlow",
    "preprocessing": "Preprocessing the frames",
    "frozen": "Training the head (the backbone stays as it is)",
    "fine-tuning": "Fine-tuning the network",
    "exporting": "Writing the new model",
    "evaluating": "Measuring on the test frames",
}


class RetrainDialog(QDialog):
    """Three pages: set up, running, result. Not modal: one can go on reading frames meanwhile."""

    def __init__(self, session: Session, job: TrainingJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._job = session, job
        self.setWindowTitle("Retrain")
        self.resize(760, 620)
        self.setup = _Setup(session)
        self.running = _Running()
        self.outcome = _Result()
        self.pages = QStackedWidget()
        for page in (self.setup, self.running, self.outcome):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages)
        layout.addWidget(text_label("Research use only. Not for diagnosis.", "quiet"))
        self.setup.start.clicked.connect(self._start)
        self.running.cancel.clicked.connect(self._cancel)
        self.outcome.use.clicked.connect(self._promote)
        self.outcome.keep.clicked.connect(self._keep)
        self.outcome.again.clicked.connect(self.show_setup)
        job.reading.connect(self.running.show_reading)
        job.warned.connect(self.running.show_warning)
        job.happened.connect(self.running.show_event)
        job.ended.connect(self._ended)
        self.show_setup()

    def show_setup(self) -> None:
        """Begin anew with the labels as they are now; a run under way stays in view."""
        if not self._job.running:
            self.setup.refresh()
            self.pages.setCurrentWidget(self.setup)

    def _start(self) -> None:
        preset, classes = self.setup.preset.currentData(), self.setup.chosen_classes
        files = [file for file, _ in self.setup.files if file.label in classes]
        self.running.begin()
        self.pages.setCurrentWidget(self.running)
        self._job.start(self._session.project, files, preset, classes)

    def _cancel(self) -> None:
        self.running.cancel.setEnabled(False)
        self.running.headline.setText("Stopping ...")
        self._job.cancel()

    def _ended(self) -> None:
        self.running.end()
        if self._job.state is JobState.FINISHED and self._job.result:
            active = self._session.predictor.bundle.name if self._session.predictor else ""
            self.outcome.show_comparison(self._job.result, active)
        elif self._job.state is JobState.CANCELLED:
            self.outcome.show_sentence("Cancelled.", "Nothing was changed: the active model is what it was.")
        else:
            self.outcome.show_sentence("The training failed.", f"{self._job.reason} The active model is what it was.")
        self.pages.setCurrentWidget(self.outcome)

    def _promote(self) -> None:
        if self._job.model_folder is None:
            return
        try:
            self._session.promote(self._job.model_folder, "retrained; test figures compared by the reader")
        except EndoDeskError as error:
            self.outcome.show_sentence("The new model cannot be used.", str(error))
            return
        self.accept()

    def _keep(self) -> None:
        self.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing hides the dialog; a run goes on, and the status bar shows it."""
        event.accept()


class _Setup(QWidget):
    """Counts per class, which classes to train on, and how."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.files = labelled_files(session.frames, session.reviews, ())
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels(["Class", "Labelled frames", "of these by a reader"])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.itemChanged.connect(self._tell)
        self.preset = QComboBox()
        for key, title, _ in PRESETS:
            self.preset.addItem(title, key)
        self.preset.currentIndexChanged.connect(self._tell)
        self._about = text_label("", "quiet", wrap=True)
        self._advice = text_label("", "warning", wrap=True)
        self.start = QPushButton("Start training")
        self.start.setProperty("kind", "main")
        form = QFormLayout()
        form.addRow("Set-up", self.preset)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID_PX)
        layout.addWidget(text_label("What the new model will learn from", "large"))
        layout.addWidget(
            text_label(
                "Each frame counts with its latest label: the reader's, else its class folder's. Near-identical frames stay together in"
                " one part; a frame once used for testing stays in the test part. Untick a class to leave its frames out.",
                "quiet",
                wrap=True,
            )
        )
        layout.addWidget(self.table, 1)
        layout.addLayout(form)
        layout.addWidget(self._about)
        layout.addWidget(self._advice)
        layout.addWidget(self.start, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def chosen_classes(self) -> tuple[str, ...]:
        """Ticked classes in class order."""
        items = [self.table.item(row, 0) for row in range(self.table.rowCount())]
        return tuple(item.text() for item in items if item and item.checkState() is Qt.CheckState.Checked)

    def refresh(self) -> None:
        """Count the labels again."""
        classes = self._session.classes
        self.files = labelled_files(self._session.frames, self._session.reviews, classes)
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for count in count_labels(self.files, tuple(classes)):
            self._add_row(count)
        self.table.blockSignals(False)
        self._tell()

    def _add_row(self, count: LabelCount) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        name = QTableWidgetItem(count.label)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        name.setCheckState(Qt.CheckState.Checked if count.frames else Qt.CheckState.Unchecked)
        self.table.setItem(row, 0, name)
        for column, value in ((1, count.frames), (2, count.corrected)):
            item = QTableWidgetItem(f"{value:,}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(row, column, item)

    def _tell(self, _changed: object = None) -> None:
        self._about.setText(PRESETS[max(0, self.preset.currentIndex())][2])
        chosen = self.chosen_classes
        counts = {count.label: count.frames for count in count_labels(self.files, chosen)}
        empty = [name for name in chosen if counts[name] < 3]
        if len(chosen) < 2:
            advice = "Tick at least two classes that have frames: label some of each first."
        elif empty:
            n = counts[empty[0]]
            advice = f"{empty[0]} has {n} labelled frames; it takes at least 3 (train, validation, test). Label more, or untick it."
        else:
            advice = ""
        self._advice.setText(advice)
        self.start.setEnabled(not advice)


class _Running(QWidget):
    """Phase, progress, time left, and the curves."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = text_label("", "large", wrap=True)
        self.detail = text_label("", "quiet", wrap=True)
        self.bar = QProgressBar()
        self.curves = Curves()
        self.warnings = text_label("", "warning", wrap=True)
        self.cancel = QPushButton("Cancel")
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._seconds = 0
        self._phase_seconds = 0
        self._epoch_text = ""
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID_PX)
        for widget in (self.headline, self.detail, self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.curves, 1)
        layout.addWidget(self.warnings)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignRight)

    def begin(self) -> None:
        """A run starts."""
        self.curves.clear()
        self.warnings.setText("")
        self.cancel.setEnabled(True)
        self._seconds = self._phase_seconds = 0
        self._epoch_text = ""
        self.bar.setRange(0, 0)
        self.headline.setText("Reading the frames")
        self._clock.start()
        self._tick()

    def end(self) -> None:
        """It ended, however."""
        self._clock.stop()

    def show_reading(self, progress: Progress) -> None:
        """Before the child starts."""
        self._show_share(progress.done, progress.total)

    def show_warning(self, text: str) -> None:
        """Gather what the reader should know."""
        lines = [*self.warnings.text().splitlines(), text]
        more = [f"... and {len(lines) - 4} more, in the run's folder."] if len(lines) > 4 else []
        self.warnings.setText("\n".join(lines[:4] + more))

    def show_event(self, event: RunEvent) -> None:
        """One line of the child."""
        if event.kind is RunEventKind.PHASE:
            self._phase_seconds = 0
            self._epoch_text = ""
            self.headline.setText(_PHASES.get(event.phase, event.phase))
            self.bar.setRange(0, 0)
        elif event.kind is RunEventKind.PROGRESS:
            self._show_share(event.done, event.total)
        elif event.kind is RunEventKind.EPOCH:
            self.curves.add(event.phase, event.metrics)
            loss, accuracy = event.metrics.get("val_loss"), event.metrics.get("val_accuracy")
            if loss is not None and accuracy is not None:
                self._epoch_text = f"epoch {event.done} of at most {event.total}: validation loss {loss:.3f}, accuracy {accuracy:.1%}"
            self._tick(count=False)
        elif event.kind is RunEventKind.WARNING:
            self.show_warning(event.message)

    def _show_share(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        left = self._phase_seconds / done * (total - done) if done and self._phase_seconds > 1 else None
        self.bar.setFormat(f"{done} of {total}" + (f", about {_clock(left)} left" if left is not None else ""))

    def _tick(self, *, count: bool = True) -> None:
        self._seconds += count
        self._phase_seconds += count
        self.detail.setText("   ".join(part for part in (f"{_clock(self._seconds)} so far", self._epoch_text) if part))


class _Result(QWidget):
    """The new model beside the active one, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = text_label("", "large", wrap=True)
        self.sentence = text_label("", "", wrap=True)
        self._grid_place = QVBoxLayout()
        self._grid: QWidget | None = None
        self.use = QPushButton("Use the new model")
        self.use.setProperty("kind", "main")
        self.keep = QPushButton("Keep the present one")
        self.again = QPushButton("Back")
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.again, self.keep, self.use):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID_PX)
        layout.addWidget(self.headline)
        layout.addWidget(self.sentence)
        layout.addLayout(self._grid_place)
        layout.addStretch()
        layout.addLayout(buttons)

    def show_sentence(self, headline: str, sentence: str) -> None:
        """No new model."""
        self._show(headline, sentence, None)

    def show_comparison(self, event: RunEvent, active_name: str) -> None:
        """Test figures side by side."""
        same = "on the same test frames" if event.active_metrics else "on its test frames"
        missing = f" The active model ({active_name}) knows other classes, so it cannot be put beside it." if active_name else ""
        sentence = f"Measured {same}, which neither validation nor training saw.{'' if event.active_metrics else missing}"
        if event.message:
            sentence += f" {event.message}"
        self._show("The new model is ready. Use it?", sentence, comparison_rows(event.metrics, event.active_metrics))

    def _show(self, headline: str, sentence: str, rows: list[tuple[str, str, str]] | None) -> None:
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        if self._grid:
            self._grid_place.removeWidget(self._grid)
            self._grid.deleteLater()
            self._grid = None
        if rows:
            self._grid = _comparison(rows)
            self._grid_place.addWidget(self._grid)
        for button in (self.use, self.keep):
            button.setVisible(rows is not None)
        self.again.setVisible(rows is None)


def comparison_rows(new: Any, active: Any) -> list[tuple[str, str, str]]:
    """Name, new, active: accuracy with its interval, macro figures, and each class's recall."""

    def cell(value: float | None) -> str:
        return "" if value is None else f"{100 * value:.1f} %"

    def accuracy(metrics: Any) -> str:
        if not metrics or metrics["accuracy"] is None:
            return ""
        low, high = metrics["accuracy_interval"]
        return f"{100 * metrics['accuracy']:.1f} %  ({100 * low:.1f} - {100 * high:.1f})"

    rows = [
        ("Test frames", str(new["n"]), str(active["n"]) if active else ""),
        ("Accuracy (95 % interval)", accuracy(new), accuracy(active)),
    ]
    rows.append(("Balanced accuracy", cell(new.get("balanced_accuracy")), cell(active.get("balanced_accuracy"))))
    rows.append(("Macro F1", cell(new["macro"]["f1"]), cell(active["macro"]["f1"] if active else None)))
    for label, figures in new["per_class"].items():
        other = active["per_class"].get(label, {}) if active else {}
        rows.append((f"Recall, {label} (n = {figures['n']})", cell(figures["recall"]), cell(other.get("recall"))))
    return rows


def _comparison(rows: list[tuple[str, str, str]]) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(3 * GRID_PX)
    for column, title in enumerate(("", "New model", "Active model")):
        grid.addWidget(text_label(title, "heading"), 0, column)
    for row, (name, new, active) in enumerate(rows, 1):
        grid.addWidget(text_label(name, "quiet"), row, 0)
        grid.addWidget(text_label(new), row, 1)
        grid.addWidget(text_label(active or "-"), row, 2)
    grid.setColumnStretch(2, 1)
    return widget


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
