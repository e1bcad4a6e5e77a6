"""A run that has ended with a new model, without the training: what the window and the gate find of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from training.evaluation.compared_models import ACTIVE, ComparedModel, write_comparisons
from training.evaluation.paired_comparison import PairedComparison, compare
from training.evaluation.predictions import LabelledFrame, Predictions


def answered(labels, wrong, frames: Path = Path("/frames")) -> Predictions:
    """A model that has all frames right but these; each frame is a group of its own. A wrong answer is the next class."""
    truth = np.array([PAPER_CLASSES.index(label) for label in labels], np.intp)
    says = [(index + (number in wrong)) % 3 for number, index in enumerate(truth)]
    table = np.full((len(labels), 3), 0.05)
    table[np.arange(len(labels)), says] = 0.9
    listed = tuple(LabelledFrame(frames / f"{number:03}.png", label, str(number)) for number, label in enumerate(labels))
    return Predictions(listed, truth, table, PAPER_CLASSES, ())


def compared(new_wrong, old_wrong, *, n: int = 120, frames: Path = Path("/frames")) -> PairedComparison:
    """Two models on n frames, the classes in turn, that have these frames wrong."""
    labels = [PAPER_CLASSES.names[number % 3] for number in range(n)]
    return compare(answered(labels, set(new_wrong), frames), answered(labels, set(old_wrong), frames), resamples=200)


def finished_run(project, bundle: Path, comparison: PairedComparison | None) -> RunEvent:
    """A run of the project whose new model has the files of `bundle`, held against the active one; what its child says at the end."""
    run = project.runs_folder / "2026-03-01 10.00.00"
    shutil.copytree(bundle, run / "bundle")
    told = replace(read_bundle(bundle), name="new", temperature=1.5, run=run.name)
    (run / "bundle" / "bundle.json").write_text(json.dumps(told.to_json()), "utf-8")
    (run / "manifest.csv").write_text("", "utf-8")
    active = project.active_model
    if comparison and active:
        write_comparisons(run, [ComparedModel(ACTIVE, active.bundle.id, active.bundle.name, comparison)])
    measured = comparison or compared((), ())
    metrics = {**measured.new, "n": measured.n, "groups": measured.groups}
    return RunEvent(RunEventKind.FINISHED, metrics=metrics, bundle=str(run / "bundle"))
