"""Figures of models in a table: two beside each other on the same frames, or one alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.retraining.verdict import difference_told
from endodesk.domain.images import printable
from endodesk.ui.widgets.theme import GRID_PX, text_label

if TYPE_CHECKING:
    from training.evaluation.paired_comparison import PairedComparison

Row = tuple[str, str, str, str]


def rows_beside(comparison: "PairedComparison") -> list[Row]:
    """A heading, and lines of name, new model, other model and difference, all of them on the same frames."""
    new, old = comparison.new, comparison.old
    rows = [
        (
            tr("{n:,} frames of {groups:,} groups").format(n=comparison.n, groups=comparison.groups),
            tr("New model"),
            tr("The other"),
            tr("Difference"),
        ),
        (tr("Accuracy (95 % interval)"), _told(new, ("accuracy",)), _told(old, ("accuracy",)), difference_told(comparison.accuracy)),
        (tr("Macro F1"), _told(new, ("macro", "f1")), _told(old, ("macro", "f1")), difference_told(comparison.macro_f1)),
    ]
    recall = tr("Recall, {label} (n = {n})")
    for label, difference in comparison.recall.items():
        name, path = recall.format(label=label, n=new["per_class"][label]["n"]), ("per_class", label, "recall")
        rows.append((name, _told(new, path), _told(old, path), difference_told(difference)))
    rows.append((tr("Calibration error (ECE)"), _told(new, ("ece",)), _told(old, ("ece",)), difference_told(comparison.ece)))
    return rows


def rows_alone(new: Any) -> list[Row]:
    """The same for a model that nothing stands beside."""
    rows = [
        (tr("{n:,} frames of {groups:,} groups").format(n=new["n"], groups=new["groups"]), tr("New model"), "", ""),
        (tr("Accuracy (95 % interval)"), _told(new, ("accuracy",)), "", ""),
        (tr("Macro F1"), _told(new, ("macro", "f1")), "", ""),
    ]
    recall = tr("Recall, {label} (n = {n})")
    for label, own in new["per_class"].items():
        rows.append((recall.format(label=label, n=own["n"]), _told(new, ("per_class", label, "recall")), "", ""))
    return [*rows, (tr("Calibration error (ECE)"), _told(new, ("ece",)), "", "")]


def rows_by_centre(found: Any) -> list[Row]:
    """A heading, a line a centre, their mean and the worst, from `training.evaluation.centre_figures`; nothing where there are none."""
    if not found:
        return []
    over, shown = found["over"], ("accuracy", "macro_f1")
    recalls = {figure: figure.removeprefix("recall ") for figure in over if figure not in shown}
    rows = [(tr("Centre"), tr("Accuracy (95 % interval)"), tr("Macro F1 (its classes)"), tr("Recall"))]
    for name, centre in found["each"].items():
        own = centre["figures"]
        told = _listed({label: own[figure]["value"] for figure, label in recalls.items() if figure in own})
        named = tr("{centre} ({n:,} frames)").format(centre=printable(name) or tr("the centre without a name"), n=centre["n"])
        accuracy, macro = (_with_interval(own[figure]["value"], own[figure]["interval"]) for figure in shown)
        rows.append((named, accuracy, macro, told))
    mean, worst = (_listed({label: over[figure][which] for figure, label in recalls.items()}) for which in ("mean", "worst"))
    of_all = [(_with_interval(over[figure]["mean"], over[figure]["interval"]), _share(over[figure]["worst"])) for figure in shown]
    (accuracy, least_accuracy), (macro, least_macro) = of_all
    counted = tr("Mean of centres with {n} frames or more").format(n=least) if (least := over["accuracy"]["least"]) > 1 else ""
    mean_row = (counted or tr("Mean of the centres"), accuracy, macro, mean)
    return [*rows, mean_row, (tr("The worst of each"), least_accuracy, least_macro, worst)]


def _listed(recalls: Mapping[str, float | None]) -> str:
    """Classes with their recall; a line breaks between two of them alone."""
    return ", ".join(f"{printable(label)} {_share(value)}".replace(" ", "\N{NO-BREAK SPACE}") for label, value in recalls.items())


def _told(metrics: Any, path: tuple[str, ...]) -> str:
    """A figure with its interval; a dash where it is not defined."""
    value, between = metrics, metrics.get("intervals", {})
    for key in path:
        value, between = (value or {}).get(key), (between or {}).get(key)
    return _with_interval(value, between)


def _with_interval(value: float | None, between: Sequence[float] | None) -> str:
    return _share(value) + (f"  ({100 * between[0]:.1f} - {100 * between[1]:.1f})" if between and value is not None else "")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def figures_table(rows: list[Row]) -> QWidget:
    """The rows as labels; the first is the heading."""
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(3 * GRID_PX)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            kind = "heading" if row == 0 else "quiet" if column == 0 else ""
            grid.addWidget(text_label(text, kind, wrap=column == len(cells) - 1), row, column)  # that of many classes is long
    grid.setColumnStretch(3, 1)
    return widget
