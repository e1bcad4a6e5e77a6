"""Evaluation: what users get is what is measured, from the file through LiteRT and numpy to the answer and the report."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from endodesk.dataset.cases import check_case, with_cases
from endodesk.dataset.centres import check_centre, with_centres
from endodesk.dataset.manifest import class_files, read_files
from endodesk.dataset.split import DEFAULT_NEAR, group_names
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE
from endodesk.domain.centre_rules import NO_CENTRE
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.inference.predictor import Predictor
from endodesk.system.atomic import write_files
from endodesk.system.task import TaskContext
from training.evaluation.calibration import calibration_figures
from training.evaluation.centre_figures import figures_by_centre
from training.evaluation.metrics import Metrics, measure
from training.evaluation.mistake_list import mistakes_among, mistakes_json, named_from
from training.evaluation.mistakes import mistakes_png
from training.evaluation.plots import can_plot, confusion_png, draw_coverage, draw_reliability, draw_roc, png
from training.evaluation.predictions import LabelledFrame, Predictions, answer_frames
from training.evaluation.report import report_html
from training.evaluation.shortcut_probe import probe, probe_png
from training.plan.run_folder import METRICS, MISTAKES, REPORT

PICTURES = ("confusion.png", "roc.png", "reliability.png", "coverage.png", "probe.png", "mistakes.png")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a model on a folder of frames, and what of the folder did not count."""

    metrics: Metrics
    left_out: dict[str, int]
    """Class folders that the model does not know, with their number of files."""
    unreadable: tuple[Unreadable, ...]


def evaluate_folder(
    folder: Path,
    bundle_folder: Path,
    out: Path,
    task: TaskContext | None = None,
    *,
    classes: Sequence[str] | None = None,
    near: int = DEFAULT_NEAR,
    case: str = CASE_FOLDER,
    centre: str = NO_CENTRE,
    class_of: Callable[[str], str] = str,
) -> Evaluation:
    """Measure a bundle on a folder of class folders; writes the report's files into `out`.

    Class folders that the model does not know are left out and told; `classes` limits or joins them as in a training
    (`endodesk.dataset.class_folders`). One class is enough. `near` and `case` say which frames are resampled together, as in a split;
    `centre` what tells the centre (`endodesk.dataset.centres`), by which figures are told too.
    `class_of` tells the class that a word of a folder, or of the model, means.
    BadRequest or BadBundle with a sentence if there is nothing to measure or the model cannot be used; OSError if `out` cannot
    be written; Cancelled.
    """
    check_case(case)
    check_centre(centre)
    task = task or TaskContext()
    predictor = Predictor(bundle_folder)
    files, closed = class_files(folder, classes, centre)
    known = tuple(dict.fromkeys(map(class_of, predictor.bundle.classes)))
    files = [replace(file, label=class_of(file.label)) for file in files]
    left_out = Counter(file.label for file in files if file.label not in known)
    files = [file for file in files if file.label in known]
    if not files:
        raise BadRequest(f"The model knows {', '.join(known)}; {folder} has no frames of these classes.")
    scan = read_files(files, task)
    rows = with_cases(with_centres(scan.rows, centre), case)
    groups = group_names(rows, near)
    frames = [LabelledFrame(row.file, row.label, group, row.centre) for row, group in zip(rows, groups, strict=True)]
    answers = answer_frames(predictor, frames, task, class_of=class_of)
    unreadable = (*closed, *scan.unreadable, *answers.unreadable)
    if not answers.frames:
        raise BadRequest(f"No frame in {folder} can be read; the first: {unreadable[0].reason}")
    metrics = {
        **figures_of(predictor.bundle, answers),
        "folder": str(folder.absolute()),
        "left_out": dict(left_out),
        "unreadable": len(unreadable),
        "grouping": grouping_words(near, case),
        "probe": probe(predictor, answers, task) if predictor.one_recipe else {},  # it hides parts of what one recipe shows
    }
    write_report(out, predictor.bundle, answers, metrics, title=f"{predictor.bundle.name} on {folder.absolute().name}", task=task)
    return Evaluation(metrics, dict(left_out), unreadable)


def figures_of(bundle: ModelBundle, answers: Predictions) -> Metrics:
    """The figures for metrics.json that answers alone can tell: scores, intervals, calibration; no file is read."""
    truth, probabilities, groups = answers.truth, answers.probabilities, answers.groups
    calibration = calibration_figures(truth, probabilities, answers.classes, groups, bundle.temperature, bundle.not_sure_below)
    by_centre = figures_by_centre(truth, probabilities, answers.classes, groups, answers.centres)
    found = {**measure(truth, probabilities, answers.classes, groups), "calibration": calibration, "unreadable": len(answers.unreadable)}
    return found | ({"centres": by_centre} if by_centre else {})


def grouping_words(near: int, case: str) -> str:
    """Which frames are resampled together, as a sentence."""
    bits = f"or one that differs in at most {near} of 64 bits" if near else "to the bit"
    folder = ", and frames of one case folder"
    cases = {CASE_FOLDER: folder, DEEPEST_FOLDER: folder, NO_CASE: ""}.get(case, f", and frames that the pattern {case} makes one case")
    return f"A group: frames with an equal perceptual hash, {bits}{cases}."


def write_report(
    out: Path,
    bundle: ModelBundle,
    answers: Predictions,
    metrics: Mapping[str, Any],
    *,
    title: str,
    task: TaskContext | None = None,
    drawn: bool = True,
) -> None:
    """metrics.json, mistakes.json, report.html and its pictures into a folder, all of them whole or none; an earlier report goes.

    Without matplotlib there are no plots; with nothing `drawn` no pictures at all.

    Reads the frames of some mistakes again. OSError if it cannot be written, Cancelled.
    """
    metrics = {**metrics, **_told_by(bundle)}
    pictures = _pictures(bundle, answers, metrics, title, task or TaskContext()) if drawn else {}
    # NaN is no JSON: what is not defined was made None before
    files = {**pictures, METRICS: (json.dumps(metrics, indent=2, allow_nan=False) + "\n").encode()}
    mistakes = mistakes_among(answers)
    files[MISTAKES] = mistakes_json(mistakes)
    # names of files may hold lone surrogates, which UTF-8 refuses
    files[REPORT] = report_html(title, metrics, pictures, mistakes, named_from(mistakes, answers)).encode("utf-8", "replace")
    write_files(out, files, gone=set(PICTURES) - set(pictures))  # an earlier report's picture would pass for one of this


def _told_by(bundle: ModelBundle) -> dict[str, Any]:
    return {
        "model": bundle.id,
        "model_name": bundle.name,
        "recipe": bundle.recipe.name,
        "synthetic": bundle.synthetic,
        "split_fingerprint": bundle.split_fingerprint,
    }


def _pictures(bundle: ModelBundle, answers: Predictions, metrics: Metrics, title: str, task: TaskContext) -> dict[str, bytes]:
    found: dict[str, bytes | None] = {
        "probe.png": probe_png(answers, bundle.recipe) if metrics.get("probe") else None,
        "mistakes.png": mistakes_png(answers, bundle.recipe, task),
    }
    plots = _plots(answers, metrics, title) if can_plot() else {}
    return plots | {name: content for name, content in found.items() if content is not None}


def _plots(answers: Predictions, metrics: Metrics, title: str) -> dict[str, bytes]:
    return {
        "confusion.png": confusion_png(metrics, title=title),
        "roc.png": png(lambda figure: draw_roc(figure, answers.truth, answers.probabilities, metrics), width=5, height=4.8),
        "reliability.png": png(lambda figure: draw_reliability(figure, metrics), width=5, height=4.8),
        "coverage.png": png(lambda figure: draw_coverage(figure, metrics), width=6, height=3.6),
    }
