"""The files of a cross-validation: crossval.json, predictions.csv, external.csv of another hospital's frames, and a report by centre."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.csv_table import write_table
from endodesk.dataset.manifest import ManifestRow, class_files, read_files, unique_frames
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.inference.predictor import Predictor
from endodesk.system.atomic import whole_file
from endodesk.system.task import TaskContext
from training.crossval.crossval import CrossvalPlan, FoldResult, ask_frames, cache_of
from training.crossval.crossval_figures import NOTHING_CHOSEN, over_folds, over_models
from training.evaluation.centre_figures import figures_by_centre
from training.evaluation.evaluate import grouping_words
from training.evaluation.metrics import Metrics, measure
from training.evaluation.report import left_out_html
from training.plan.run_folder import REPORT, grouped_frames

RESULT, PREDICTIONS, EXTERNAL = "crossval.json", "predictions.csv", "external.csv"
_FRAME = ("file", "sha256", "label", "group", "answer")


@dataclass(frozen=True, slots=True)
class External:
    """Another hospital's frames that the models are asked about, and what of its folder was left out."""

    folder: Path
    rows: tuple[ManifestRow, ...]
    left_out: dict[str, int]
    """Class folders that the models do not know, with their number of files."""
    known_already: int
    """Frames that the folder of the cross-validation holds too; they are left out."""
    unreadable: tuple[Unreadable, ...]


def read_external(folder: Path, plan: CrossvalPlan, task: TaskContext, class_of: Mapping[str, str] | None = None) -> External:
    """Read and hash another hospital's class folders; one class is enough.

    They are called like the classes, or like the folders that were made one class (`class_of`: folder -> class).
    BadRequest with a sentence if no frame is left. Cancelled.
    """
    files, closed = class_files(folder)
    files = [replace(file, label=(class_of or {}).get(file.label, file.label)) for file in files]
    left_out = {label: sum(file.label == label for file in files) for label in sorted({f.label for f in files} - set(plan.config.classes))}
    scan = read_files([file for file in files if file.label in plan.config.classes], task)
    unique, _ = unique_frames(scan.rows)
    ours = {row.sha256 for row in plan.rows}, {row.phash for row in plan.rows if row.phash}  # an equal hash: the same picture saved again
    new = [row for row in unique if row.sha256 not in ours[0] and row.phash not in ours[1]]
    unreadable = (*closed, *scan.unreadable)
    if not new:
        why = unreadable[0].reason if unreadable and not unique else f"the models answer for {', '.join(plan.config.classes)}."
        raise BadRequest(f"{folder} has no frame that could be measured on (of these classes, and not among the others): {why}")
    return External(folder.absolute(), tuple(grouped_frames(scan.rows, new, plan.config)), left_out, len(unique) - len(new), unreadable)


def write_results(
    plan: CrossvalPlan, results: Sequence[FoldResult], out: Path, external: External | None, task: TaskContext
) -> dict[str, Any]:
    """Write all files, each whole or not at all; what crossval.json holds. OSError if they cannot be written."""
    told = result_of(plan, results)
    _write(
        out / PREDICTIONS, ("repeat", "fold", *(("centre",) if plan.centres else ()), *_FRAME, *plan.config.classes), _lines(plan, results)
    )
    if plan.centres:
        with whole_file(out / REPORT) as beside:
            beside.write_text(_left_out_page(told), encoding="utf-8", errors="replace")
    if external:
        told["external"] = _external(plan, results, out, external, task)
    else:
        (out / EXTERNAL).unlink(missing_ok=True)  # the files tell of one and the same measurement
    with whole_file(out / RESULT) as beside:
        beside.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def result_of(plan: CrossvalPlan, results: Sequence[FoldResult]) -> dict[str, Any]:
    """Figures of each fold, over the folds, and of all out-of-fold answers together."""
    config = plan.config
    truth, table = np.concatenate([r.truth for r in results]), np.concatenate([r.probabilities for r in results])
    groups = [row.group for result in results for row in result.run.test]
    classes = ClassSet(config.classes)
    return {
        "config": config.name,
        "recipe": config.recipe,
        "backbone": config.backbone,
        "classes": list(config.classes),
        "folds": plan.folds,
        "repeats": len(plan.dealt),
        "seed": config.seed,
        "near": config.split.near,
        "case": config.split.case,
        "frames": len(plan.rows),
        "groups": len({row.group for row in plan.rows}),
        "splits": plan.splits,
        "per_fold": [_fold(result) for result in results],
        "over_folds": over_folds([result.metrics for result in results], plan.folds),
        # with repeats a frame is there several times, but in one group, which is drawn whole
        "pooled": measure(truth, table, classes, groups),
        "use": "research use only",
        **(_by_centre(plan, results, truth, table) if plan.centres else {}),
    }


def _by_centre(plan: CrossvalPlan, results: Sequence[FoldResult], truth: NDArray[np.intp], table: NDArray[np.float64]) -> dict[str, Any]:
    tested = [row for result in results for row in result.run.test]
    groups, centres = [row.group for row in tested], [row.centre for row in tested]
    figures = figures_by_centre(truth, table, ClassSet(plan.config.classes), groups, centres, least=1)
    return {"leave_out": "centre", "left_out": list(plan.centres), "notes": list(plan.warnings), "centres": figures}


def _left_out_page(told: Mapping[str, Any]) -> str:
    facts = {
        "Frames": f"{told['frames']} in {told['groups']} groups",
        "Classes": ", ".join(told["classes"]),
        "Configuration": f"{told['config']}: {told['backbone']}, recipe {told['recipe']}, seed {told['seed']}",
        "Split": grouping_words(told["near"], told["case"]),
    }
    return left_out_html("One centre left out at a time", facts, told["centres"], told["notes"])


def _fold(result: FoldResult) -> dict[str, Any]:
    run = result.run
    return {"repeat": run.repeat, "fold": run.fold, "run": run.name, "seconds": round(result.trained_s, 1), **result.metrics}


def _external(plan: CrossvalPlan, results: Sequence[FoldResult], out: Path, external: External, task: TaskContext) -> dict[str, Any]:
    predictors = [Predictor(result.bundle) for result in results]
    said = [ask_frames(predictor, external.rows, cache_of(plan, out), task) for predictor in predictors]
    classes, groups = predictors[0].bundle.classes, [row.group for row in external.rows]
    truth = np.array([classes.index(row.label) for row in external.rows], np.intp)
    each: list[Metrics] = [measure(truth, probabilities, classes, groups) for probabilities in said]
    mean = np.mean(said, axis=0)  # as an ensemble of them would answer
    named = [*((result.run.repeat, result.run.fold, table) for result, table in zip(results, said, strict=True)), ("all", "mean", mean)]
    lines = [
        (repeat, fold, *_frame_cells(plan, row, p)) for repeat, fold, table in named for row, p in zip(external.rows, table, strict=True)
    ]
    _write(out / EXTERNAL, ("repeat", "fold", *_FRAME, *plan.config.classes), lines)
    return {
        "folder": str(external.folder),
        "note": NOTHING_CHOSEN,
        "frames": len(external.rows),
        "left_out": external.left_out,
        "known_already": external.known_already,
        "per_fold": [{"repeat": r.run.repeat, "fold": r.run.fold, **metrics} for r, metrics in zip(results, each, strict=True)],
        "over_folds": over_models(each, truth, said, classes, groups),
        "mean_of_folds": measure(truth, mean, classes, groups),
    }


def _lines(plan: CrossvalPlan, results: Sequence[FoldResult]) -> list[tuple[object, ...]]:
    return [
        (result.run.repeat, result.run.fold, *((row.centre,) if plan.centres else ()), *_frame_cells(plan, row, probabilities))
        for result in results
        for row, probabilities in zip(result.run.test, result.probabilities, strict=True)
    ]


def _frame_cells(plan: CrossvalPlan, row: ManifestRow, probabilities: NDArray[np.float64]) -> tuple[object, ...]:
    answer = plan.config.classes[int(probabilities.argmax())]
    return row.file, row.sha256, row.label, row.group, answer, *(f"{p:.6f}" for p in probabilities)


def _write(path: Path, columns: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    with whole_file(path) as beside:
        write_table(beside, columns, lines)
