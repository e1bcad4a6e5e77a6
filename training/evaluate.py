"""Evaluation: what users get is what is measured, from the file through LiteRT and numpy to the answer."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, MissingExtra
from endodesk.domain.images import Unreadable
from endodesk.domain.threads import cores
from endodesk.domain.ticket import Ticket
from endodesk.inference.predictor import Predictor
from training.manifest import class_files

Metrics = dict[str, Any]
"""As in metrics.json: n, accuracy, accuracy_interval, balanced_accuracy, loss, macro and per_class precision, recall,
f1 and specificity, confusion (rows: truth, columns: answers), classes. Shares in 0..1; None where a share has no frames."""

_SCORES = ("precision", "recall", "f1", "specificity")
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model does on some frames."""

    metrics: Metrics
    left_out: dict[str, int]
    """Class folders that the model does not know, with their number of files."""
    unreadable: tuple[Unreadable, ...]


def evaluate_folder(folder: Path, bundle_folder: Path, out: Path, ticket: Ticket | None = None) -> Evaluation:
    """Measure a bundle on a folder of class folders; writes metrics.json and confusion.png into `out`.

    Class folders that the model does not know are left out and told. One class is enough. BadRequest or BadBundle with
    a sentence if there is nothing to measure or the model cannot be used; OSError if `out` cannot be written.
    """
    predictor = Predictor(bundle_folder)
    files, closed = class_files(folder)
    known = predictor.bundle.classes
    left_out = Counter(file.label for file in files if file.label not in known)
    files = [file for file in files if file.label in known]
    if not files:
        raise BadRequest(f"The model knows {', '.join(known)}; {folder} has no frames of these classes.")
    result = evaluate_frames(predictor, [(file.path, file.label) for file in files], ticket)
    if not result.metrics["n"]:
        raise BadRequest(f"No frame in {folder} can be read; the first: {result.unreadable[0].reason}")
    metrics = {**result.metrics, "folder": str(folder.absolute()), "model": predictor.bundle.id, "left_out": dict(left_out)}
    evaluation = Evaluation(metrics, dict(left_out), (*closed, *result.unreadable))
    write_report(out, metrics, title=f"{predictor.bundle.name} on {folder.name}")
    return evaluation


def evaluate_frames(predictor: Predictor, frames: Sequence[tuple[Path, str]], ticket: Ticket | None = None) -> Evaluation:
    """Measure a loaded bundle on files with their labels (of its own classes); unreadable files are told and do not count."""
    classes = predictor.bundle.classes
    truth, probabilities, unreadable = [], [], []
    answers = predictor.predict_files([path for path, _ in frames], workers=cores(), ticket=ticket)
    for (_, label), (_, prediction) in zip(frames, answers, strict=True):
        if isinstance(prediction, Unreadable):
            unreadable.append(prediction)
        else:
            truth.append(classes.index(label))
            probabilities.append(prediction.probabilities)
    table = np.array(probabilities, np.float64).reshape(-1, len(classes))
    return Evaluation(measure(np.array(truth, np.intp), table, classes), {}, tuple(unreadable))


def measure(truth: NDArray[np.intp], probabilities: NDArray[np.float64], classes: ClassSet) -> Metrics:
    """Figures from N class indices and N x C probabilities; macro means are over the classes that have frames."""
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (truth, probabilities.argmax(axis=1)), 1)
    n, right = len(truth), int(np.trace(confusion))
    per_class = {name: _class_scores(confusion, index) for index, name in enumerate(classes)}
    present = [scores for scores in per_class.values() if scores["n"]]
    macro = {score: _mean([scores[score] for scores in present]) for score in _SCORES}
    of_truth = np.maximum(probabilities[np.arange(n), truth], 1e-7)
    return {
        "n": n,
        "classes": list(classes),
        "accuracy": _share(right, n),
        "accuracy_interval": list(wilson_interval(right, n)),
        "balanced_accuracy": macro["recall"],
        "loss": float(-np.log(of_truth).mean()) if n else None,
        "macro": macro,
        "per_class": per_class,
        "confusion": confusion.tolist(),
    }


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, 1927): right of n; 0..1 if n is 0."""
    if not n:
        return 0.0, 1.0
    share, z2 = right / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def write_report(out: Path, metrics: Metrics, *, title: str) -> None:
    """metrics.json and confusion.png in a folder, which is made if need be; each whole or not at all. OSError if it cannot be written."""
    out.mkdir(parents=True, exist_ok=True)
    picture, figures = out / ".confusion.part.png", out / ".metrics.part.json"
    try:
        draw_confusion(picture, metrics, title=title)
        figures.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
        picture.replace(out / "confusion.png")
        figures.replace(out / "metrics.json")
    finally:
        picture.unlink(missing_ok=True)
        figures.unlink(missing_ok=True)


def draw_confusion(path: Path, metrics: Metrics, *, title: str) -> None:
    """The confusion matrix as a picture: counts, coloured by the share of the true class."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # only who draws pays for it
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingExtra("The picture of the confusion matrix needs matplotlib: pip install 'endodesk[train]'.") from error

    names, counts = metrics["classes"], np.array(metrics["confusion"])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(2.6 + 0.9 * len(names), 2.4 + 0.8 * len(names)), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answer", ylabel="label")
    for row, column in np.ndindex(counts.shape):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour)
    low, high = metrics["accuracy_interval"]
    figure.suptitle(f"{title}\naccuracy {metrics['accuracy']:.1%} (95 %: {low:.1%} to {high:.1%}), n = {metrics['n']}", fontsize=9)
    axes.set_title("research use only", fontsize=7)
    figure.savefig(path)


def _class_scores(confusion: NDArray[np.int64], index: int) -> dict[str, Any]:
    n, hits = int(confusion[index].sum()), int(confusion[index, index])
    answered, total = int(confusion[:, index].sum()), int(confusion.sum())
    return {
        "n": n,
        "precision": _share(hits, answered) if answered else 0.0,  # as scikit-learn's zero_division=0
        "recall": _share(hits, n),
        "f1": _share(2 * hits, n + answered),
        "specificity": _share(total - n - answered + hits, total - n),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
