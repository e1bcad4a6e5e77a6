"""The plot of a learning curve."""

from functools import partial
from typing import Any

from endodesk.domain.shown_text import visible
from training.curve.learning_curve import SHARES, LearningCurve
from training.evaluation.plots import COLOURS, STROKES, png

_LONGEST = 28


def curve_png(curve: LearningCurve) -> bytes:
    """Recall of each class and macro F1 by share of the labels, with 95 % intervals, as a PNG."""
    return png(partial(_draw, curve), width=7, height=4.2)


def _draw(curve: LearningCurve, figure: Any) -> None:
    axes = figure.add_subplot()
    lines: list[tuple[str, list[Any], list[Any]]] = [
        ("macro F1", [p.metrics["macro"]["f1"] for p in curve.points], [p.metrics["intervals"]["macro"]["f1"] for p in curve.points])
    ]
    for name in curve.classes:
        told = f"recall of {visible(name)[:_LONGEST]} (n = {curve.frames_of[name]:,})"
        recall = [point.metrics["per_class"][name]["recall"] for point in curve.points]
        lines.append((told, recall, [point.metrics["intervals"]["per_class"][name]["recall"] for point in curve.points]))
    for place, (told, values, intervals) in enumerate(lines):
        colour, stroke = COLOURS[(place - 1) % len(COLOURS)], STROKES[(place - 1) % len(STROKES)]
        beside = [100 * share + (place - len(lines) / 2) * 0.7 for share in SHARES]  # or bars would hide each other
        width = 2.4 if place == 0 else 1.4
        axes.plot(beside, values, color=colour, linestyle=stroke, linewidth=width, marker="o", markersize=3, label=told)
        for x, between in zip(beside, intervals, strict=True):
            if between:
                axes.plot([x, x], between, color=colour, linewidth=0.8, alpha=0.6)
    axes.set(xlabel="per cent of the labels outside of each fold", ylabel="on frames that were not learnt from", ylim=(None, 1.02))
    axes.set_xticks([100 * share for share in SHARES])
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    n, groups = curve.n, curve.groups
    axes.set_title(f"{n:,} frames in {groups:,} groups, 95 % intervals. Research use only.", fontsize=8)
