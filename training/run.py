"""One training run, top to bottom: frames -> frozen phase -> fine-tuning -> the better of the two -> bundle -> figures."""

import logging
import shutil
from dataclasses import asdict
from pathlib import Path

import cv2
import keras
import tensorflow as tf

from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.recipes import recipe_named
from endodesk.inference.predictor import Predictor
from training.answers import Answers, LabelledFrame, answer_frames
from training.calibration import Calibration, calibrate
from training.cases import NO_CASE
from training.checkpoint import Checkpoints
from training.dataset import Examples, examples, preprocessed
from training.evaluate import figures_of, grouping_words, write_report
from training.export import describe, prove, staging, write_network
from training.finetune import train_finetune
from training.frozen import train_frozen
from training.history import History, Tracker
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
from training.tensorboard import TensorBoard
from training.weights_and_biases import WeightsAndBiases

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
    finals = preprocessed(plan.rows, recipe_named(plan.config.recipe), job.cache, job.channel.ticket, plan.overrides)
    chosen = {part: [index for index, row in enumerate(plan.rows) if row.part == part] for part in PARTS}
    return {
        part: examples([plan.rows[i] for i in indices], finals[indices], plan.classes, balance=plan.config.training.class_balance)
        for part, indices in chosen.items()
    }


def train_phases(job: Job, network: Network, parts: Parts) -> tuple[str, list[PhaseResult]]:
    """Both phases, or what is left of them; the network ends with the weights of the selected one. Its name, what each phase reached."""
    config, channel, train, val = job.plan.config, job.channel, parts["train"], parts["val"]
    checkpoints = Checkpoints(job.run, resume=job.resume)
    if job.resume and not checkpoints.rows:
        channel.warn("No epoch of this training was finished: it begins anew.")
    with History(job.run, channel.tell, trackers_of(job), checkpoints.rows) as history:
        channel.phase("frozen", config.frozen.epochs)
        frozen = train_frozen(job, network, train, val, history, checkpoints)
        log.info("%s", frozen)
        if not config.finetune.epochs:
            return frozen.phase, [frozen]

        channel.phase("fine-tuning", config.finetune.epochs)
        finetuned = train_finetune(job, network, train, val, history, checkpoints)
        log.info("%s", finetuned)
    if config.training.selection == "best" and finetuned.score >= frozen.score:
        network.restore_imagenet()
        checkpoints.load_best(frozen.phase, network.head.weights)
        return frozen.phase, [frozen, finetuned]
    return finetuned.phase, [frozen, finetuned]


def trackers_of(job: Job) -> list[Tracker]:
    """TensorBoard, and what else was asked for."""
    config, classes = job.plan.config, list(job.plan.classes)
    board = TensorBoard(job.run, classes, config.training.histogram_freq, shifted=config.input.shift != "none")
    if config.trackers.wandb == "off":
        return [board]
    return [board, WeightsAndBiases(job.run, config, classes, job.plan.fingerprint, job.channel.warn)]


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
    message = what_helped(selected, phases, plan.config.training.select_by)
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
    """A bundle's answers to the frames of a part, from their files. Frames that came split get groups here, by their hashes.

    Those that cannot be read any more are told; BadRequest if none can.
    """
    rows = job.plan.part(part)
    groups = [row.group for row in rows] if job.plan.grouped else group_names(rows, job.plan.config.split.near)
    frames = [LabelledFrame(row.file, row.label, group) for row, group in zip(rows, groups, strict=True)]
    answers = answer_frames(predictor, frames, job.channel.ticket, job.plan.overrides)
    for problem in answers.unreadable:
        job.channel.warn(f"Not measured: {problem.reason}")
    if not answers.frames:
        raise BadRequest(
            f"None of the {len(rows)} frames of the {part} part can be read any more, so the new model cannot be measured. "
            "Bring them back to where they were and go on with this training: its epochs are kept."
        )
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


def what_helped(selected: str, phases: list[PhaseResult], select_by: str) -> str:
    """A sentence on the two phases."""
    if len(phases) < 2:
        return "The head was trained; the backbone is ImageNet's."
    frozen, finetuned = phases
    words = "lowered" if finetuned.score < frozen.score else "did not lower"
    loss = "loss on validation frames whose source is hidden" if select_by == "shifted" else "validation loss"
    loss += " (mean of both kinds)" if select_by == "both" else ""
    return f"Fine-tuning {words} the {loss} ({frozen.score:.4f} before, {finetuned.score:.4f} after); kept: {selected}."
