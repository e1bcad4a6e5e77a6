"""What the recipes find and what they give away: `python -m tests.benchmarks.recipes [--data FOLDER] [--outside FOLDER]`.

On generated frames that nothing was tuned on: how well `clean` finds field, box and text. On real frames (a folder of class folders):
cross-validated scores of frozen ImageNet features, and of the same with the mucosa blurred away, which is what outline and box tell.
`--outside` names frames of another hospital, in class folders too: look at them last, and choose nothing by them.
"""

import argparse
import functools
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from endodesk.dataset.manifest import ManifestRow, class_files, read_files, scan_class_folder
from endodesk.dataset.split import assign_parts
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.imaging.pixels import RGB, Floats, Mask
from endodesk.imaging.preprocessing.pipeline import RECIPES, StepResult, apply_recipe, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import TEST, SyntheticFrame, yardstick
from endodesk.inference.backbone import Backbone
from endodesk.system.threads import in_threads
from training.evaluation.shortcut_probe import blurred_away

SEEDS, FOLDS = range(5), 5


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--frames", type=int, default=500, help="generated frames")
    options.add_argument("--data", type=Path, help="folder of class folders with real frames")
    options.add_argument("--outside", type=Path, help="the same from another hospital")
    chosen = options.parse_args()
    out = Console(width=140)
    if chosen.frames:
        out.print(generated(chosen.frames))
    if chosen.data:
        out.print(real(chosen.data, chosen.outside))


# --- generated frames ------------------------------------------------------------------------------------------------------------


def generated(count: int) -> Table:
    """Field, box and text of `clean` beside the truth."""
    fields, boxes, invented, erased, lost = [], [], [], [], []
    for frame, steps in in_threads(_stepped, yardstick(count, seed=TEST)):
        fields.append(_overlap(_mask(steps["lit-field"]), frame.field))
        box, text = _mask(steps["box"]), _mask(steps["text"])
        if frame.box_kind:
            boxes.append(_overlap(box, frame.box))
        else:
            invented.append(bool(box.any()))
        over = frame.text & frame.field & ~_around(frame.box)
        if over.sum() > 20:
            erased.append(float(text[over].mean()))
        lost.append(float((text & ~_around(frame.text | frame.box))[frame.field].mean()))
    table = Table(f"{count} generated frames", "n", "mean", "5th percentile", "worst", box=None)
    for name, values, worst in [
        ("field: overlap (IoU) with the truth", fields, min),
        ("box: overlap (IoU)", boxes, min),
        ("share of frames without a box where one is invented", invented, max),
        ("text over the field: share of its dots erased", erased, min),
        ("share of the field erased that is no text", lost, max),
    ]:
        figures = (np.mean(values), np.quantile(np.array(values, float), 0.05), worst(values))
        table.add_row(name, str(len(values)), *(f"{value:.4f}" for value in figures))
    return table


def _stepped(frame: SyntheticFrame) -> tuple[SyntheticFrame, dict[str, StepResult]]:
    return frame, {step.name: step for step in apply_recipe(frame.image, RECIPES["clean"])}


def _mask(step: StepResult) -> Mask:
    assert step.mask is not None
    return step.mask


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def _around(mask: Mask) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((15, 15), np.uint8)).astype(bool)


# --- real frames -----------------------------------------------------------------------------------------------------------------


def real(folder: Path, outside: Path | None) -> Table:
    """Frozen features and a balanced logistic regression, the paper's three classes, groups whole; each recipe, sharp and blurred."""
    rows = assign_parts(scan_class_folder(folder, PAPER_CLASSES).rows, near=5)  # as wide as in the data's own table
    labels = np.array([PAPER_CLASSES.index(row.label) for row in rows])
    groups = np.array([row.group for row in rows])
    strangers = read_files(class_files(outside)[0]).rows if outside else ()
    names = [f"{len(rows)} frames, {len(set(groups))} groups", "macro F1", "balanced accuracy", "outline alone: balanced accuracy"]
    table = Table(*names, *(["other hospital: recall"] if outside else []), box=None)
    with tempfile.TemporaryDirectory() as cache:
        features = _Features(_imagenet(Path(cache)))
        for name, recipe in RECIPES.items():
            make = functools.partial(preprocess, recipe=recipe)
            sharp = features(rows, make)
            blurred = features(rows, lambda image, make=make: blurred_away(make(image)))
            cells = [_mean_and_spread(_folds(sharp, labels, groups, score)) for score in (_macro_f1, balanced_accuracy_score)]
            cells.append(_mean_and_spread(_folds(blurred, labels, groups, balanced_accuracy_score)))
            if strangers:
                truth = np.array([PAPER_CLASSES.index(row.label) for row in strangers])
                right = _classifier().fit(sharp, labels).predict(features(strangers, make)) == truth
                cells.append(f"{right.sum()}/{len(right)} = {right.mean():.3f}")
            table.add_row(name, *cells)
    return table


class _Features:
    """Pooled features, by one interpreter a thread."""

    def __init__(self, backbone: Path) -> None:
        self._path, self._local = backbone, threading.local()

    def __call__(self, rows: Sequence[ManifestRow], make: Callable[[RGB], RGB]) -> Floats:
        return np.array(list(in_threads(lambda row: self._one(make(read_image(row.file))), rows)), np.float32)

    def _one(self, final: RGB) -> Floats:
        if not hasattr(self._local, "backbone"):
            self._local.backbone = Backbone(self._path)
        return np.asarray(self._local.backbone.features(final[None])[0].mean(axis=(0, 1)), np.float32)


def _imagenet(cache: Path) -> Path:
    from training.learning.keras_network import build_network
    from training.learning.litert import frozen_litert
    from training.plan.config import load_config

    return frozen_litert(build_network("-1..1", load_config("default").head, 3).backbone, "whole -1..1", cache)


def _classifier() -> LogisticRegression:
    return make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=3000))


def _macro_f1(truth: NDArray[np.intp], said: NDArray[np.intp]) -> float:
    return float(f1_score(truth, said, average="macro"))


def _folds(features: Floats, labels: NDArray[np.intp], groups: NDArray[np.str_], score: Callable[..., float]) -> list[float]:
    """The score over all frames, each answered by a model that has not seen its group; once a seed of the folds."""
    scores = []
    for seed in SEEDS:
        said = np.empty_like(labels)
        for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(features, labels, groups):
            said[test] = _classifier().fit(features[train], labels[train]).predict(features[test])
        scores.append(score(labels, said))
    return scores


def _mean_and_spread(scores: list[float]) -> str:
    return f"{np.mean(scores):.3f} ({min(scores):.3f}-{max(scores):.3f})"


if __name__ == "__main__":
    main()
