"""Reproducing a model: its proof is held against what is here, then it is trained anew from what it was made of, and compared."""

import contextlib
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import tr
from endodesk.app.project.own_projects import is_on_network
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.app.project.starter import starter_folder
from endodesk.app.retraining.model_choice import NamedModel
from endodesk.app.retraining.model_comparison import as_they_lie_now
from endodesk.app.retraining.proof.model_proof import ModelProof, check_proof, proof_of, told_changed, when_told
from endodesk.app.retraining.proof.proof_checking import anchor_faults, frames_gone, labels_now, labels_then, run_faults
from endodesk.app.retraining.proof.proof_signing import made_with
from endodesk.dataset.manifest import ManifestRow, read_manifest, write_manifest
from endodesk.dataset.overrides_file import OVERRIDES
from endodesk.dataset.split import fingerprint
from endodesk.dataset.window_examples import WINDOWS
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import described, read_bundle
from endodesk.inference.head import Head
from endodesk.system.task import TaskContext
from training.plan.backbones import DOWNLOAD
from training.plan.config import Config, FineTuning, FrozenPhase, Paths, Trackers, load_config
from training.plan.launch import launch
from training.plan.run_folder import CONFIG, MANIFEST
from training.plan.speeds import FINE_TUNING

# Why: docs/decisions/evaluation.md 14
TOLERANCE = 0.02
"""Of accuracy and macro F1, for a training of the whole network; or what one test frame makes, where that is more."""
_STOPPED = "stopped"
_COURSE = ("phases", _STOPPED)
"""Of the figures: how the training went, which those that follow tell again."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of it, a sentence each."""

    signer: str = ""
    """Who signed, and with which key; empty without a proof that holds."""
    faults: tuple[str, ...] = ()
    """What is not as it was; with any found before the training, nothing was trained."""
    told: tuple[str, ...] = ()
    """What is as it was, and the difference."""
    notes: tuple[str, ...] = ()
    """What today is otherwise than then, and has no part in it."""


def reproduce(
    project: Project,
    model: NamedModel,
    frames: FrameRows,
    reviews: ReviewTable,
    task: TaskContext,
    on_event: Callable[[RunEvent], None],
) -> Reproduction:
    """Verify a model's proof, train it anew in a folder that vanishes again, and compare. For a job; nothing is promoted or kept.

    BadBundle if the model cannot be used; as `training.plan.launch.launch` where the training fails; OSError, Cancelled.
    """
    bundle, here = model.bundle, trained_here(project, model.bundle)
    run = project.runs_folder / bundle.run
    checked = proof_of(model.folder) or (check_proof(run, bundle) if here else None)
    if checked is None:
        return Reproduction(faults=(_no_proof(), *(_split_told(bundle, run) if here else ())))
    proof = checked.proof
    if proof is None or not here:
        elsewhere = tr("Its training is not in this project: what it was made of cannot be looked at, nor trained anew.")
        return Reproduction(checked.signer, (*checked.faults, *(() if here else (elsewhere,))))
    names = {entry.sha256: entry.name for entry in frames if entry.sha256}
    faults = [*checked.faults, *run_faults(project, proof, run, names, bundle.classes.names), *anchor_faults(project, proof)]
    if faults:
        return Reproduction(checked.signer, tuple(faults))
    rows, config = read_manifest(run / MANIFEST), load_config(run / CONFIG)
    notes = tuple(labels_now(project, rows, frames, reviews))
    there, base = as_they_lie_now(project, rows), _base_folder(project, proof, config)
    faults = [*labels_then(project, proof, rows, names), *frames_gone(project, rows, there, names), *_not_here(proof, config, base)]
    if faults:
        return Reproduction(checked.signer, tuple(faults), notes=notes)
    signed = _signed_told(proof)

    def heard(event: RunEvent) -> None:
        if not (event.kind is RunEventKind.WARNING and event.message in bundle.notes):  # what was told when it was trained first
            on_event(event)

    with _trained_anew(project, run, there, _config_anew(config, base, _stopped(proof)), task, heard) as again:
        told, faults = (_same_head if config.quick else _within_tolerance)(model, again)
    if faults:
        faults += told_changed(tr("Made with {key} {signed}, here with {now}."), proof.made_with, made_with())
    return Reproduction(checked.signer, tuple(faults), (signed, *told), notes)


def _no_proof() -> str:
    return tr(
        "This model has no proof: it was trained by an older EndoDesk, or elsewhere. What it was made of cannot be told for sure. "
        "Retrain: the new model will have one."
    )


def _split_told(bundle: ModelBundle, run: Path) -> list[str]:
    """What a model without a proof tells of its training all the same: the short name of the split."""
    if fingerprint(read_manifest(run / MANIFEST)) == bundle.split_fingerprint:
        return []
    return [tr("The training's list of frames is not the one that the model names.")]


def _signed_told(proof: ModelProof) -> str:
    words = tr(
        "As signed: weights, figures, configuration, split, the labels of {n:,} frames, and the record up to event {event:,} of {date}."
    )
    return words.format(n=len(proof.rows), event=proof.anchor["count"], date=when_told(proof.anchor["date"]))


# --- training anew ----------------------------------------------------------------------------------------------------


def _base_folder(project: Project, proof: ModelProof, config: Config) -> Path | None:
    """Where the bundle lies that a quick update goes on from; None if it is not here, or there is none to go on from."""
    named = Path(config.paths.base) if config.paths.base and (project.is_own or not is_on_network(Path(config.paths.base))) else None
    for folder in (named, *(stored.folder for stored in project.database.models.all()), starter_folder()):
        with contextlib.suppress(BadBundle):
            if folder and proof.base and described(folder).id == proof.base:
                return folder
    return None


def _not_here(proof: ModelProof, config: Config, base: Path | None) -> list[str]:
    if proof.base and base is None:
        return [tr("The model that it goes on from ({model}) is not here any more.").format(model=proof.base)]
    if (stopped := _stopped(proof)) and _phase_stopped(config, stopped[0]).decay != "none":
        told = tr("It was stopped after epoch {epoch:,} while its learning rate was falling: such an end cannot be repeated.")
        return [told.format(epoch=stopped[1])]
    if config.weights == DOWNLOAD:
        return [tr("It began with weights from Keras online, which nothing fetches here: it cannot be trained anew.")]
    return []


def _stopped(proof: ModelProof) -> tuple[str, int] | None:
    """In which phase and after how many of its epochs somebody stopped the training; None if it came to its own end."""
    match proof.figures.get(_STOPPED):
        case {"phase": str(phase), "epoch": int(epoch)}:
            return phase, epoch
    return None


def _phase_stopped(config: Config, phase: str) -> FrozenPhase | FineTuning:
    return config.finetune if phase == FINE_TUNING else config.frozen


def _config_anew(config: Config, base: Path | None, stopped: tuple[str, int] | None) -> Config:
    """The same training to the same end, without what it told others, kept for later runs or was compared with.

    Features are made from the frames.
    """
    config = replace(config, trackers=Trackers(), paths=Paths(base=str(base or "")))
    if stopped is None:
        return config
    phase, epochs = stopped
    if phase == FINE_TUNING:
        return replace(config, finetune=replace(config.finetune, epochs=epochs))
    return replace(config, frozen=replace(config.frozen, epochs=epochs), finetune=replace(config.finetune, epochs=0))


@contextmanager
def _trained_anew(
    project: Project, run: Path, rows: Sequence[ManifestRow], config: Config, task: TaskContext, on_event: Callable[[RunEvent], None]
) -> Iterator[Path]:
    """The bundle that a run comes to now, in a folder that vanishes with all in it; one that a killed process leaves is swept."""
    place = project.cache_folder / f".reproduced.e{uuid.uuid4().hex[:7]}"
    try:
        place.mkdir(parents=True)
        (place / CONFIG).write_text(config.to_toml(), encoding="utf-8", errors="surrogateescape")
        write_manifest(place / MANIFEST, rows)
        for name in (OVERRIDES, WINDOWS):
            if (run / name).is_file():
                shutil.copyfile(run / name, place / name)
        yield Path(launch(place, on_event=on_event, task=task).bundle)
    finally:
        shutil.rmtree(place, ignore_errors=True)


# --- comparing --------------------------------------------------------------------------------------------------------


def _same_head(model: NamedModel, again: Path) -> tuple[list[str], list[str]]:
    """What is the same to the last digit, and what is not."""
    bundle, new = model.bundle, read_bundle(again)
    old_head, new_head = (_head(one, folder) for one, folder in ((bundle, model.folder), (new, again)))
    pairs = list(zip(old_head.arrays, new_head.arrays, strict=True))
    n, faults = sum(old.size for old, _ in pairs), list[str]()
    if any(old.shape != anew.shape for old, anew in pairs):
        faults.append(tr("The head is of another size."))
    elif differing := sum(int((old.view(np.uint32) != anew.view(np.uint32)).sum()) for old, anew in pairs):
        greatest = max(float(np.abs(old - anew).max()) for old, anew in pairs)
        words = tr("The head is not the same to the last digit: {n:,} of {all:,} numbers differ, by up to {greatest:.2g}.")
        faults.append(words.format(n=differing, all=n, greatest=greatest))
    if bundle.temperature != new.temperature:
        words = tr("The temperature was {then}, and is {now} now.")
        faults.append(words.format(then=repr(bundle.temperature), now=repr(new.temperature)))
    if faults:  # then most figures differ somewhere behind the point
        words = tr("Trained anew: {figures}. Signed: {signed}.")
        return [words.format(figures=_figures_told(new), signed=_figures_told(bundle))], faults
    then, now = ({key: value for key, value in one.metrics.items() if key not in _COURSE} for one in (bundle, new))
    faults = told_changed(tr("{key} is {now} when trained anew; {signed} was signed."), then, now)
    if faults:
        return [], faults
    words = tr("Trained anew: all {n:,} numbers of the head are the same to the last digit, and so are {figures}. Difference: 0.")
    return [words.format(n=n, figures=_figures_told(new))], []


def _within_tolerance(model: NamedModel, again: Path) -> tuple[list[str], list[str]]:
    """How far accuracy and macro F1 lie from those that were signed; a fault where that is more than the tolerance."""
    new = read_bundle(again)
    now = _figures(new)
    try:
        then, tolerance = _figures(model.bundle), max(TOLERANCE, 1 / int(model.bundle.metrics["n"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):  # whoever signed it, it is not what a training comes to
        return [], [tr("The model tells no accuracy and macro F1 to compare with.")]
    differences = [abs(before - after) for before, after in zip(then, now, strict=True)]
    told = tr("Trained anew: {figures}. Signed: {signed}. Difference: {accuracy:.4f} and {macro:.4f}; the tolerance is {tolerance:.3f}.")
    sentence = told.format(
        figures=_figures_told(new),
        signed=_figures_told(model.bundle),
        accuracy=differences[0],
        macro=differences[1],
        tolerance=tolerance,
    )
    if not all(difference <= tolerance for difference in differences):  # NaN too
        return [], [sentence]
    same = all(new.files[name] == digest for name, digest in model.bundle.files.items() if name.endswith((".npz", ".tflite")))
    return [sentence, *([tr("Its weights are the same to the last digit.")] if same else [])], []


def _head(bundle: ModelBundle, folder: Path) -> Head:
    return Head.load(folder / bundle.networks[0].head_file)


def _figures(bundle: ModelBundle) -> tuple[float, float]:
    metrics: Any = bundle.metrics
    macro = metrics["macro"]["f1"]
    return float(metrics["accuracy"]), float("nan") if macro is None else float(macro)


def _figures_told(bundle: ModelBundle) -> str:
    try:
        accuracy, macro = _figures(bundle)
    except (KeyError, TypeError, ValueError):  # of a model from elsewhere
        return tr("none")
    words = tr("accuracy {accuracy:.4f} and macro F1 {macro:.4f} on {n:,} test frames")
    return words.format(accuracy=accuracy, macro=macro, n=int(bundle.metrics["n"]))
