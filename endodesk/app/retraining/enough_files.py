"""What is written of a learning curve: enough.json, enough.csv, and where matplotlib is installed enough.png."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from endodesk.app.retraining.enough import Enough, enough_told, limits_told
from endodesk.dataset.csv_table import plain_cell, write_table
from endodesk.system.atomic import folder_asked_for
from training.curve.curve_plot import curve_png
from training.curve.learning_curve import FOLDS, REPEATS, CurvePoint
from training.evaluation.paired_comparison import Difference
from training.evaluation.plots import can_plot

_COLUMNS = ("share", "class", "labels", "groups", "figure", "value", "low", "high")


def write_enough(found: Enough, out: Path) -> None:
    """Into a new folder, all or nothing. BadRequest if that cannot be."""
    with folder_asked_for(out, "The learning curve") as folder:
        (folder / "enough.json").write_text(json.dumps(as_json(found), indent=1, ensure_ascii=False) + "\n", "utf-8")
        write_table(folder / "enough.csv", _COLUMNS, _lines(found))
        if can_plot():
            (folder / "enough.png").write_bytes(curve_png(found.curve))


def as_json(found: Enough) -> dict[str, Any]:
    """All figures with their intervals, and the sentences that they come to."""
    curve = found.curve
    return {
        "use": "Research use only.",
        "model": {"id": found.model.id, "name": found.model.name},
        "told": enough_told(found),
        "limits": limits_told(found),
        "notes": list(found.notes),
        "folds": FOLDS,
        "repeats": REPEATS,
        "interval": f"95 %, groups of frames resampled {curve.points[-1].metrics['resamples']:,} times",
        "classes": {name: _class(found, name) for name in curve.classes},
        "left_out": {name: {"groups": found.groups[name]} for name in found.left_out},
        "macro_f1_from_75_to_100": _difference(curve.macro_f1),
        "points": [_point(point) for point in curve.points],
    }


def _class(found: Enough, name: str) -> dict[str, Any]:
    counts = {"labels": found.curve.frames_of[name], "groups": found.groups[name]}
    return {**counts, "gain": found.gains[name], "from_75_to_100": _difference(found.curve.recall[name])}


def _difference(difference: Difference) -> dict[str, float | None]:
    low, high = difference.interval or (None, None)
    return {"value": difference.value, "low": low, "high": high}


def _point(point: CurvePoint) -> dict[str, Any]:
    learnt_from = {name: {"labels": point.labels[name], "groups": point.groups[name]} for name in point.labels}
    return {
        "share": point.share,
        "macro_f1": _figure(point, ""),
        "recall": {name: _figure(point, name) for name in point.labels},
        "learnt_from": learnt_from,
    }


def _figure(point: CurvePoint, name: str) -> dict[str, float | None]:
    """Recall of a class, or without a name macro F1."""
    figures: Mapping[str, Any] = point.metrics
    value = figures["per_class"][name]["recall"] if name else figures["macro"]["f1"]
    between = figures["intervals"]["per_class"][name]["recall"] if name else figures["intervals"]["macro"]["f1"]
    low, high = between or (None, None)
    return {"value": value, "low": low, "high": high}


def _lines(found: Enough) -> Iterator[list[object]]:
    for point in found.curve.points:
        yield [point.share, "", sum(point.labels.values()), "", "macro F1", *_cells(point, "")]  # a group may count for two classes
        for name in point.labels:
            yield [point.share, plain_cell(name), point.labels[name], point.groups[name], "recall", *_cells(point, name)]


def _cells(point: CurvePoint, name: str) -> list[object]:
    return ["" if value is None else value for value in _figure(point, name).values()]
