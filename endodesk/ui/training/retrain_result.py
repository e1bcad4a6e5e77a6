"""The last page of retraining: whether the new model is better."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.domain.runs import RunEvent
from endodesk.ui.training.report_button import ReportButton
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label
from training.plan.run_folder import REPORT


class ResultPage(QWidget):
    """The new model beside the active one, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = text_label("", "large", wrap=True)
        self.sentence = text_label("", "", wrap=True)
        self._grid_place = QVBoxLayout()
        self._grid: QWidget | None = None
        self.use = push_button(tr("&Use the new model"), kind="main")
        self.keep = QPushButton(tr("&Keep the present one"))
        self.again = QPushButton(tr("&Back"))
        self.report = ReportButton()
        buttons = fill(QHBoxLayout(), self.report, SPACE, self.again, self.keep, self.use)
        fill(QVBoxLayout(self), self.headline, self.sentence, self._grid_place, SPACE, buttons, gap_px=2 * GRID_PX)

    def show_sentence(self, headline: str, sentence: str) -> None:
        """Say that there is no new model, and why; the one button left leads back to the first page."""
        self._show(headline, sentence, None)

    def show_comparison(self, event: RunEvent, active_name: str, *, same_parts: bool) -> None:
        """Show the test figures of both models side by side, with what must be known to read them."""
        sentences = [tr("Measured on the test frames, which this training kept out of learning and validation.")]
        if event.active_metrics:
            sentences.append(tr("Both models answered the same frames."))
            if not same_parts:  # test frames of this project may have been training frames of that one
                sentences.append(tr("The active model comes from elsewhere: if it was trained on some of them, it looks too good."))
        elif active_name:
            other = tr("The active model ({name}) could not be put beside it: it knows other classes, or is damaged.")
            sentences.append(other.format(name=active_name))
        if base := event.metrics.get("goes_on_from"):
            told = tr(
                "The head of {model} was trained on; its backbone is unchanged. If that model had learnt from some of these test frames, "
                "the figures are too good."
            )
            sentences.append(told.format(model=base))
        elif event.message:
            sentences.append(event.message)
        self.keep.setText(tr("&Keep the present one") if active_name else tr("&Not now"))
        self._show(tr("The new model is ready. Use it?"), " ".join(sentences), comparison_rows(event.metrics, event.active_metrics))
        self.report.offer(Path(event.bundle).parent / REPORT)

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
        self.report.offer(None)


def comparison_rows(new: Any, active: Any) -> list[tuple[str, str, str]]:
    """Lines of name, new and active: accuracies, macro F1, recall of each class with 95 % intervals, and calibration."""
    rows = [(tr("Test frames"), str(new["n"]), str(active["n"]) if active else "")]
    named = [
        (tr("Accuracy (95 % interval)"), ("accuracy",)),
        (tr("Balanced accuracy"), ("balanced_accuracy",)),
        (tr("Macro F1"), ("macro", "f1")),
    ]
    recall = tr("Recall, {label} (n = {n})")
    named += [(recall.format(label=label, n=own["n"]), ("per_class", label, "recall")) for label, own in new["per_class"].items()]
    rows += [(name, _told(new, path), _told(active, path)) for name, path in named]
    rows.append((tr("Calibration error (ECE)"), _told(new, ("ece",)), _told(active, ("ece",))))
    return rows


def _told(metrics: Any, path: tuple[str, ...]) -> str:
    """A figure with its interval; empty where there is none."""
    value, between = metrics, metrics.get("intervals", {}) if metrics else {}
    for key in path:
        # there may be no active model beside it, or one without this figure
        value, between = (value or {}).get(key), (between or {}).get(key)
    if value is None:
        return ""
    return f"{100 * value:.1f} %" + (f"  ({100 * between[0]:.1f} - {100 * between[1]:.1f})" if between else "")


def _comparison(rows: list[tuple[str, str, str]]) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(3 * GRID_PX)
    for column, title in enumerate(("", tr("New model"), tr("Active model"))):
        grid.addWidget(text_label(title, "heading"), 0, column)
    for row, (name, new, active) in enumerate(rows, 1):
        grid.addWidget(text_label(name, "quiet"), row, 0)
        grid.addWidget(text_label(new), row, 1)
        grid.addWidget(text_label(active or "-"), row, 2)
    grid.setColumnStretch(2, 1)
    return widget
