"""Cross-validation: as many trainings as folds, each by the same code as any other, and what their models say of frames they never saw.

The folder holds plan.json, one run folder a fold, and in the end predictions.csv and crossval.json. Folds that are whole stay;
the same command goes on with those that are missing, and within one that was interrupted after its last finished epoch.
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.centres import told_one_sided
from endodesk.dataset.folds import centre_parts, deal_folds, fold_parts
from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.split import fingerprint, told_plain
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadBundle, BadRequest, Cancelled
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor
from endodesk.system.atomic import whole_file
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import plain_bytes
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.crossval.crossval_figures import kept_phase
from training.crossval.fold_progress import FoldProgress
from training.evaluation.metrics import Metrics, measure
from training.inputs.examples import preprocessed
from training.plan.checkpoint import Checkpoints, can_be_resumed
from training.plan.config import Config, Paths
from training.plan.launch import launch
from training.plan.run_folder import BUNDLE, RunPlan, chosen_frames, grouped_frames, open_run, plan_run, prepare_run

PLAN, CACHE = "plan.json", "cache"
MOST_FOLDS = 50
MOST_REPEATS = 100


@dataclass(frozen=True, slots=True)
class FoldRun:
    """One training of a cross-validation: all frames, with one fold as the test part."""

    repeat: int
    """From 1."""
    fold: int
    """From 1."""
    rows: tuple[ManifestRow, ...]
    """All frames with their parts: the fold is test."""

    @property
    def name(self) -> str:
        """What its run folder is called, below the folder of the cross-validation."""
        return f"fold-{self.fold}" if self.repeat == 1 else f"repeat-{self.repeat}-fold-{self.fold}"

    @property
    def test(self) -> list[ManifestRow]:
        """The frames of the fold, which this training's model is tested on."""
        return [row for row in self.rows if row.part == "test"]


@dataclass(frozen=True, slots=True)
class CrossvalPlan:
    """Which frames a cross-validation tests in which fold, with what configuration, before anything is trained."""

    config: Config
    """Its `classes` are the models'."""
    folds: int
    rows: tuple[ManifestRow, ...]
    """All frames, each with the group that is never torn apart."""
    dealt: tuple[tuple[int, ...], ...]
    """Of each repeat: fold (from 0) of each row."""
    warnings: tuple[str, ...]
    centres: tuple[str, ...] = ()
    """Of each fold the centre that it leaves out; empty where groups are dealt out."""

    @property
    def runs(self) -> list[FoldRun]:
        """All trainings, in the order in which they are done: repeat by repeat, fold by fold."""
        return [self._run(repeat, fold) for repeat in range(len(self.dealt)) for fold in range(self.folds)]

    @property
    def splits(self) -> list[str]:
        """Fingerprint of each repeat's folds."""
        return [fingerprint(replace(row, part=str(fold)) for row, fold in zip(self.rows, dealt, strict=True)) for dealt in self.dealt]

    def _run(self, repeat: int, fold: int) -> FoldRun:
        shares, seed = self.config.split.shares, self.config.seed
        if self.centres:
            parted = centre_parts(self.rows, self.centres[fold], shares=shares, seed=seed)
        else:
            parted = fold_parts(self.rows, self.dealt[repeat], fold, shares=shares, seed=seed)
        return FoldRun(repeat + 1, fold + 1, tuple(parted))

    def classes_of(self, run: FoldRun) -> tuple[str, ...]:
        """Those that a fold's model learns: without a centre some may be missing."""
        learnt = {row.label for row in run.rows if row.part != "test"}
        return tuple(name for name in self.config.classes if name in learnt)


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What a fold's model says of the fold's frames."""

    run: FoldRun
    bundle: Path
    truth: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    metrics: Metrics
    """Of these; and `validation`, what the epoch that was kept reached on the fold's validation frames, as far as the bundle tells."""
    trained_s: float
    """0 if it was there already."""


def plan_crossval(rows: Sequence[ManifestRow], config: Config, *, folds: int = 5, repeats: int = 1) -> CrossvalPlan:
    """Deal the frames out; `config.seed` is the seed of the first repeat, the next numbers are those of the others.

    BadRequest with a sentence: no frames, one class, fewer groups of a class than folds, or numbers out of range.
    """
    if not 2 <= folds <= MOST_FOLDS or not 1 <= repeats <= MOST_REPEATS:
        raise BadRequest(f"There can be 2 to {MOST_FOLDS} folds and 1 to {MOST_REPEATS} repeats, not {folds} and {repeats}.")
    grouped, config, warnings = frames_to_deal(rows, config)
    dealt = [deal_folds(grouped, folds, config.seed + repeat) for repeat in range(repeats)]
    warnings += [
        f"{label} has no frame in {folds - present} of {folds} folds (repeat {repeat}): its frames share groups with other classes."
        for repeat, own in enumerate(dealt, 1)
        for label in config.classes
        if (present := len({fold for row, fold in zip(grouped, own, strict=True) if row.label == label})) < folds
    ]
    warnings += told_plain(grouped)
    plan = CrossvalPlan(config, folds, tuple(grouped), tuple(map(tuple, dealt)), tuple(warnings))
    if any(not {"train", "val"} <= {row.part for row in run.rows} for run in plan.runs):
        raise BadRequest(
            "There are too few groups of frames: a fold has none left to train on or to stop by. Add frames, or take more folds."
        )
    return plan


def frames_to_deal(rows: Sequence[ManifestRow], config: Config) -> tuple[list[ManifestRow], Config, list[str]]:
    """Each content once with its group, the configuration of all folds, and what to know. BadRequest as `plan_crossval`."""
    if config.quick:
        raise BadRequest(
            "A quick update goes on from a model that may know the frames of every fold: figures would say nothing. Name another set-up."
        )
    unique, config, warnings = chosen_frames([replace(row, part="") for row in rows], config)
    config = replace(config, paths=replace(config.paths, active="", starter=""))  # the active model may know the frames of every fold
    return grouped_frames(rows, unique, config), config, warnings


def open_crossval(out: Path, plan: CrossvalPlan) -> None:
    """Make the folder with the plan, or find that it holds the same one. BadRequest with a sentence if it does not."""
    # it is the same one wherever its files lie
    told = {"config": replace(plan.config, paths=Paths()).to_toml(), "folds": plan.folds, "splits": plan.splits}
    try:
        there = _read_plan(out)
        if there is None:
            out.mkdir(parents=True, exist_ok=True)
            _write_plan(out, told)
            return
        both = min(len(there["splits"]), len(plan.splits))  # repeats may be added later
        same = {"configuration": there.get("config") == told["config"], "number of folds": there.get("folds") == plan.folds}
        same["choice of frames"] = there["splits"][:both] == plan.splits[:both]
        if differs := [what for what, equal in same.items() if not equal]:
            raise BadRequest(f"{out} holds a cross-validation with another {differs[0]}; name a new folder, or repeat it as it was.")
        if both < len(plan.splits):
            _write_plan(out, told)
    except OSError as error:
        raise BadRequest(f"The folder {out} cannot be written: {reason_of(error)}.") from error


def run_crossval(
    plan: CrossvalPlan, out: Path, *, told: Callable[[FoldResult, float | None], None], warn: Callable[[str], None], task: TaskContext
) -> list[FoldResult]:
    """Train the folds that are missing and ask each model about its fold. `told` hears of each, and of the seconds left.

    The folder was opened with this plan. Raises Cancelled, and EndoDeskError with a sentence if a training failed; folds
    that are whole stay.
    """
    runs, cache = plan.runs, cache_of(plan, out)
    results: list[FoldResult] = []
    spent: list[float] = []
    warned = set(plan.warnings)  # these were told with the plan, and each fold would repeat them

    def once(message: str) -> None:
        if message not in warned:
            warned.add(message)
            warn(message)

    for number, run in enumerate(runs):
        if plan.centres:  # told of all centres together
            warned.update(told_one_sided(row for row in run.rows if row.part == "train"))
        watch = FoldProgress(task, number, len(runs))
        started = time.monotonic()
        if trained := not _is_whole(out, run):
            _train(plan, run, out, watch, once, task)
        results.append(_ask(plan, run, out, cache, task, time.monotonic() - started if trained else 0.0))
        spent += [time.monotonic() - started] if trained else []  # folds that were there already say nothing of the time
        missing = sum(not _is_whole(out, later) for later in runs[number + 1 :])
        told(results[-1], missing * sum(spent) / len(spent) if spent else None)
    return results


def ask_frames(predictor: Predictor, rows: Sequence[ManifestRow], cache: Path, task: TaskContext) -> NDArray[np.float64]:
    """N x C probabilities; frames are preprocessed once for all models of one recipe."""
    finals = preprocessed(rows, predictor.bundle.recipe, cache, task)
    said = list(in_threads(lambda final: predictor.answer(final).probabilities, finals))
    return np.array(said, np.float64).reshape(-1, len(predictor.bundle.classes))


def cache_of(plan: CrossvalPlan, out: Path) -> Path:
    """Where frames are kept between the folds."""
    return Path(plan.config.paths.cache or out.absolute() / CACHE)


def clear_cache(plan: CrossvalPlan, out: Path) -> None:
    """Once all is done; a cache that the configuration names stays."""
    if not plan.config.paths.cache:
        shutil.rmtree(out / CACHE, ignore_errors=True)


def _train(plan: CrossvalPlan, run: FoldRun, out: Path, watch: FoldProgress, warn: Callable[[str], None], task: TaskContext) -> None:
    folder = out / run.name
    config = replace(plan.config, classes=plan.classes_of(run), paths=replace(plan.config.paths, cache=str(cache_of(plan, out))))
    if not (resume := _can_go_on(folder, wanted := plan_run(run.rows, config))):
        shutil.rmtree(folder, ignore_errors=True)
        prepare_run(folder, run.rows, config)
    for message in wanted.warnings:
        warn(message)

    def heard(event: RunEvent) -> None:
        watch.heard(event)
        if event.kind is RunEventKind.WARNING:
            warn(event.message)

    try:
        launch(folder, on_event=heard, task=task, resume=resume, online=True)
    except (Cancelled, KeyboardInterrupt):
        if not can_be_resumed(folder):  # no epoch to go on from
            shutil.rmtree(folder, ignore_errors=True)
        raise


# Why: docs/decisions/training.md 23
def _can_go_on(folder: Path, wanted: RunPlan) -> bool:
    """Whether a fold was interrupted after an epoch, as the run that is wanted now; damaged, or another, it begins anew."""
    try:
        there = open_run(folder)
        return (
            can_be_resumed(folder)
            and not (folder / BUNDLE).exists()  # a damaged one: else the fold would be whole
            and (there.config, there.rows) == (wanted.config, wanted.rows)
            and bool(Checkpoints(folder, resume=True).rows)
        )
    except BadRequest:
        return False


def _ask(plan: CrossvalPlan, run: FoldRun, out: Path, cache: Path, task: TaskContext, trained_s: float) -> FoldResult:
    predictor, test = Predictor(out / run.name / BUNDLE), run.test
    quiet = TaskContext()  # its own bar is that of all folds
    task.raise_if_cancelled()
    classes = ClassSet(plan.config.classes)
    probabilities = np.zeros((len(test), len(classes)))  # of a class that the fold's model does not know: none
    probabilities[:, [classes.index(name) for name in predictor.bundle.classes]] = ask_frames(predictor, test, cache, quiet)
    truth = np.array([classes.index(row.label) for row in test], np.intp)
    metrics = measure(truth, probabilities, classes, [row.group for row in test])
    metrics["validation"] = kept_phase(predictor.bundle.metrics)
    return FoldResult(run, predictor.folder, truth, probabilities, metrics, trained_s)


def _is_whole(out: Path, run: FoldRun) -> bool:
    try:
        # of this very split: another one's folds have the same names
        return read_bundle(out / run.name / BUNDLE).split_fingerprint == fingerprint(run.rows)
    except BadBundle:
        return False


def _read_plan(out: Path) -> dict[str, Any] | None:
    """None if the folder is new or empty; BadRequest if something else lies there."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    try:
        there = json.loads(plain_bytes(out / PLAN).decode("utf-8"))
    except (OSError, ValueError):
        there = None
    if not isinstance(there, dict) or not isinstance(there.get("splits"), list):
        raise BadRequest(f"{out} is there already and holds no cross-validation; name a new folder.")
    return there


def _write_plan(out: Path, told: dict[str, object]) -> None:
    with whole_file(out / PLAN) as beside:
        beside.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
