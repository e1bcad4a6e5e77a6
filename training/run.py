"""One training run, top to bottom: frames -> frozen phase -> fine-tuning -> the better of the two -> bundle -> figures."""

import logging
import shutil
from dataclasses import asdict
from pathlib import Path

import cv2
import keras
import tensorflow as tf

from endodesk.domain.errors import BadBundle
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.recipes import recipe_named
from endodesk.inference.predictor import Predictor
from training.answers import Answers, LabelledFrame, answer_frames
from training.calibration import Calibration, calibrate
from training.cases import NO_CASE
from training.dataset import Examples, examples, preprocessed
from training.evaluate import figures_of, grouping_words, write_report
from training.export import describe, prove, staging, write_network
from training.finetune import train_finetune
from training.frozen import train_frozen
from training.history import History
from training.job import Job
from training.litert import frozen_litert
from training.loop import PhaseResult
from training.manifest import PARTS
from training.measures import Metrics
from training.model_card import model_card
from training.network import Network, build_network
from training.probe import probe
from training.run_folder import BUNDLE
from training.split import group_names

log = logging.getLogger(__name__)
Parts = dict[str, Examples]


def train_run(job: Job) -> RunEvent:
    """Do what the run folder asks for and leave the bundle in it. Returns the FINISHED event (not told yet).

    Raises EndoDeskError with a sentence, OSError (disk full, not writable), Cancelled.
    """
    config, channel = job.plan.config, job.channel
    make_repeatable(config.seed)

    channel.phase("preprocessing", len(job.plan.rows))
    parts = load_parts(job)

    network = build_network(config.scaling, config.head, len(job.plan.classes), backbone=config.backbone, weights=config.weights)
    selected, phases = train_phases(job, network, parts)

    channel.phase("exporting")
    return export_and_measure(job, network, parts, selected, phases)


def make_repeatable(seed: int) -> None:
    """The same seed gives the same weights on the same machine."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    cv2.setNumThreads(1)  # frames go through it in several threads already


def load_parts(job: Job) -> Parts:
    """train, val and test, preprocessed."""
    plan = job.plan
    finals = preprocessed(plan.rows, recipe_named(plan.config.recipe), job.cache, job.channel.ticket)
    chosen = {part: [index for index, row in enumerate(plan.rows) if row.part == part] for part in PARTS}
    return {
        part: examples([plan.rows[i] for i in indices], finals[indices], plan.classes, balance=plan.config.training.class_balance)
        for part, indices in chosen.items()
    }


def train_phases(job: Job, network: Network, parts: Parts) -> tuple[str, list[PhaseResult]]:
    """Both phases; the network ends with the weights of the selected one. Returns its name and what each phase reached."""
    config, channel = job.plan.config, job.channel
    job.checkpoints.mkdir(exist_ok=True)
    frozen_file, finetuned_file = job.checkpoints / "frozen.weights.h5", job.checkpoints / "finetune.weights.h5"
    with History(job.run, channel.tell, config.training.histogram_freq) as history:
        channel.phase("frozen", config.frozen.epochs)
        frozen = train_frozen(network, parts["train"], parts["val"], config, job.cache, frozen_file, history, channel.ticket)
        log.info("%s", frozen)
        if not config.finetune.epochs:
            return frozen.phase, [frozen]

        channel.phase("fine-tuning", config.finetune.epochs)
        finetuned = train_finetune(network, parts["train"], parts["val"], config, job.cache, finetuned_file, history, channel.ticket)
        log.info("%s", finetuned)
    if config.training.selection == "best" and finetuned.val_loss >= frozen.val_loss:
        network.restore_imagenet()
        network.head.load_weights(frozen_file)
        return frozen.phase, [frozen, finetuned]
    return finetuned.phase, [frozen, finetuned]


def export_and_measure(job: Job, network: Network, parts: Parts, selected: str, phases: list[PhaseResult]) -> RunEvent:
    """Export, prove, measure on the test part beside the active model, and let the bundle appear."""
    plan, active = job.plan, load_active(job)
    scaling, parent = plan.config.scaling, active.bundle.id if active else ""
    backbone = frozen_litert(network.backbone, f"whole {scaling}", job.cache) if selected == "frozen" else None
    with staging(job.run / BUNDLE) as folder:
        write_network(network, folder, backbone=backbone)
        describe(folder, plan, run=job.run, parent=parent, metrics={})  # enough for the predictor to take it
        job.channel.phase("evaluating", len(parts["test"]))
        calibration = prove_and_calibrate(job, network, parts["test"], folder)
        describe(folder, plan, run=job.run, parent=parent, metrics={}, calibration=calibration)
        predictor = Predictor(folder)
        answers, metrics = measure(job, predictor)
        active_metrics = measure(job, active)[1] if active else {}
        metrics |= {"probe": probe(predictor, answers, job.channel.ticket)}
        metrics |= {"selected": selected, "phases": [asdict(phase) for phase in phases]}
        (folder / "MODEL_CARD.md").write_text(model_card(plan, metrics, selected=selected), encoding="utf-8")
        bundle = describe(folder, plan, run=job.run, parent=parent, metrics=metrics, calibration=calibration)
        write_report(
            job.run, bundle, answers, {**metrics, "active": active_metrics}, title=f"{bundle.name}: test frames", ticket=job.channel.ticket
        )
    shutil.rmtree(job.checkpoints, ignore_errors=True)  # what was kept is in the bundle
    if not plan.config.paths.cache:
        shutil.rmtree(job.cache, ignore_errors=True)
    message = what_helped(selected, phases)
    return RunEvent(RunEventKind.FINISHED, metrics=metrics, active_metrics=active_metrics, bundle=str(job.run / BUNDLE), message=message)


def prove_and_calibrate(job: Job, network: Network, test: Examples, folder: Path) -> Calibration:
    """What the val part tells of the exported files, after they were proven to be the trained network, both at temperature 1."""
    predictor = Predictor(folder)
    difference = prove(predictor, network, test.finals[:16])
    log.info("LiteRT and numpy differ from Keras by at most %.2g", difference)
    answers = ask(job, predictor, "val")
    calibration = calibrate(answers.truth, answers.probabilities)
    log.info("%s", calibration)
    return calibration


def measure(job: Job, predictor: Predictor) -> tuple[Answers, Metrics]:
    """A bundle's answers to the run's test frames, and what they come to."""
    answers, split = ask(job, predictor, "test"), job.plan.config.split
    grouping = grouping_words(split.near, split.case if job.plan.grouped else NO_CASE)
    return answers, {"part": "test", **figures_of(predictor.bundle, answers), "grouping": grouping}


def ask(job: Job, predictor: Predictor, part: str) -> Answers:
    """A bundle's answers to the frames of a part, from their files. Frames that came split get groups here, by their hashes."""
    rows = job.plan.part(part)
    groups = [row.group for row in rows] if job.plan.grouped else group_names(rows, job.plan.config.split.near)
    frames = [LabelledFrame(row.file, row.label, group) for row, group in zip(rows, groups, strict=True)]
    answers = answer_frames(predictor, frames, job.channel.ticket)
    for problem in answers.unreadable:
        job.channel.warn(f"Not measured: {problem.reason}")
    return answers


def load_active(job: Job) -> Predictor | None:
    """The bundle to compare with; None, and a warning, if it cannot be compared."""
    folder = job.plan.config.paths.active
    if not folder:
        return None
    try:
        predictor = Predictor(Path(folder))
    except BadBundle as error:
        job.channel.warn(f"The active model cannot be compared: {error}")
        return None
    if set(predictor.bundle.classes) != set(job.plan.classes):
        job.channel.warn(f"The active model has other classes ({', '.join(predictor.bundle.classes)}) and was not compared.")
        return None
    return predictor


def what_helped(selected: str, phases: list[PhaseResult]) -> str:
    """A sentence on the two phases."""
    if len(phases) < 2:
        return "The head was trained; the backbone is ImageNet's."
    frozen, finetuned = phases
    words = "lowered" if finetuned.val_loss < frozen.val_loss else "did not lower"
    return f"Fine-tuning {words} the validation loss ({frozen.val_loss:.4f} before, {finetuned.val_loss:.4f} after); kept: {selected}."
