"""Plots of an evaluation, each onto a matplotlib Figure: no window, no state kept between two."""

import importlib.util
import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.shown_text import visible
from training.evaluation.intervals import wilson_interval
from training.evaluation.metrics import Metrics
from training.evaluation.scores import Numbers

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's, told apart by the colour-blind; lines differ in their strokes too."""
STROKES = ("-", "--", "-.", ":")
_INK, _QUIET = "#1c2430", "#5b6673"
_DPI = 150


def can_plot() -> bool:
    """Whether matplotlib came along: the Reviewer edition goes without it, and its reports without plots."""
    return importlib.util.find_spec("matplotlib") is not None


def png(draw: Callable[[Any], None], *, width: float, height: float) -> bytes:
    """What `draw` puts onto a Figure of width x height inches, as a PNG."""
    import matplotlib as mpl  # only who draws pays for it
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # parse_math: a $ in a class name is no formula
    look = {"font.size": 9, "text.parse_math": False, "axes.edgecolor": _QUIET, "axes.labelcolor": _INK, "xtick.color": _INK}
    with mpl.rc_context({**look, "ytick.color": _INK, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)  # instead of pyplot, which looks for a display and keeps every figure
        draw(figure)
        stream = io.BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a name in letters that the font lacks: boxes, and its place tells
            figure.savefig(stream, format="png")
    return stream.getvalue()


def confusion_png(metrics: Metrics, *, title: str = "") -> bytes:
    """The confusion matrix as a picture that grows with the number of classes."""
    classes = len(metrics["classes"])
    return png(lambda figure: draw_confusion(figure, metrics, title=title), width=3.0 + 0.8 * classes, height=2.2 + 0.75 * classes)


def draw_confusion(figure: Any, metrics: Metrics, *, title: str = "") -> None:
    """Counts, coloured by the share of the true class (rows)."""
    names, counts = [_short(name) for name in metrics["classes"]], np.array(metrics["confusion"])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)  # a class of the model that these frames lack has no row to share
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answer", ylabel="label")
    axes.tick_params(length=0)
    for row, column in np.ndindex(counts.shape):
        colour = "white" if shares[row, column] > 0.5 else _INK if counts[row, column] else "#b4bcc6"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour)
    _say(figure, axes, title, metrics)


def draw_roc(figure: Any, truth: NDArray[np.intp], probabilities: Numbers, metrics: Metrics) -> None:
    """Each class against the rest; a class without frames, or without others, has no curve."""
    from sklearn.metrics import roc_curve  # 1.5 s to import

    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#c5ccd4", linewidth=1)
    for index, name in enumerate(metrics["classes"]):
        area = metrics["per_class"][name]["auroc"]
        if area is not None:
            false, true, _ = roc_curve(truth == index, probabilities[:, index])
            n = metrics["per_class"][name]["n"]
            axes.plot(false, true, label=f"{_short(name)} (n = {n}): {area:.3f}", **_line(index))
    axes.set(xlabel="1 - specificity", ylabel="recall", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="lower right", title="area under the curve")
    _say(figure, axes, "", metrics)


def draw_reliability(figure: Any, metrics: Metrics) -> None:
    """How often answers of a probability are right, before and after temperature scaling; points as large as they have frames.

    The bars are 95 % intervals (Wilson) of the answers as they are given.
    """
    found = metrics["calibration"]
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#c5ccd4", linewidth=1)
    drawn = [("as answered", found["reliability"], metrics["ece"], 0)]
    if found["temperature"] != 1:
        drawn.insert(0, ("before scaling", found["reliability_before"], found["before"]["ece"]["value"], 1))
    for when, bins, ece, place in drawn:
        x, y, n = ([row[name] for row in bins] for name in ("confidence", "accuracy", "n"))
        line = _line(place)
        axes.plot(x, y, color=line["color"], linestyle=line["linestyle"], linewidth=0.8, alpha=0.4)
        sizes = [14 + 120 * count / max(1, metrics["n"]) for count in n]
        label = when if ece is None else f"{when}: ECE {ece:.3f}"
        axes.scatter(x, y, s=sizes, color=line["color"], marker="os"[place], label=label, zorder=3 - place)
    for row in found["reliability"]:
        low, high = wilson_interval(row["accuracy"] * row["n"], row["n"])
        axes.plot([row["confidence"]] * 2, [low, high], color=COLOURS[0], linewidth=0.8, alpha=0.5)
    axes.set(xlabel="probability of the answer", ylabel="share of right answers", xlim=(0, 1.03), ylim=(0, 1.03), aspect="equal")
    axes.legend(frameon=False, loc="lower left")
    _say(figure, axes, "", metrics)


def draw_coverage(figure: Any, metrics: Metrics) -> None:
    """How right the answers are if only the surest are given, and where "not sure" would begin."""
    found = metrics["calibration"]
    curve, not_sure = found["coverage"], found["not_sure"]
    axes = figure.add_subplot()
    lowest = min([row["accuracy"] for row in curve] or [0.0])
    axes.plot([row["coverage"] for row in curve], [row["accuracy"] for row in curve], **_line(0))
    axes.axhline(not_sure["target"], color=_QUIET, linewidth=0.8, linestyle=":")
    axes.text(0.01, not_sure["target"], f"aim: {not_sure['target']:.0%}", color=_QUIET, va="top", fontsize=8)
    if not_sure["below"] is not None and not_sure["coverage"] is not None:
        axes.axvline(not_sure["coverage"], color=COLOURS[1], linewidth=1.2, linestyle="--")
        label = f"not sure below {not_sure['below']:.3f}: {not_sure['coverage']:.0%} answered "
        axes.annotate(label, (not_sure["coverage"], 0.03), xycoords=("data", "axes fraction"), ha="right", color=COLOURS[1], fontsize=8)
    axes.set(xlabel="share of frames answered", ylabel="accuracy of what is answered", xlim=(0, 1.02), ylim=(max(0, lowest - 0.05), 1.01))
    _say(figure, axes, "", metrics)


def _say(figure: Any, axes: Any, title: str, metrics: Metrics) -> None:
    """Write above a plot what every one says: title, number of frames and groups, research use only."""
    if title:
        figure.suptitle(_short(title, 70), fontsize=10, color=_INK)
    axes.set_title(f"{metrics['n']} frames in {metrics['groups']} groups. Research use only.", fontsize=8, color=_QUIET)


def _line(index: int) -> dict[str, Any]:
    return {"color": COLOURS[index % len(COLOURS)], "linestyle": STROKES[index % len(STROKES)], "linewidth": 1.6}


def _short(text: str, most: int = 28) -> str:
    text = visible(text)
    return text if len(text) <= most else f"{text[: most - 4]}..."
