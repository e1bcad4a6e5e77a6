"""One training run, top to bottom: frames -> frozen phase -> fine-tuning -> the better of the two -> bundle -> figures."""

import logging
import os

import cv2
import keras
import numpy as np
import tensorflow as tf

from endodesk.dataset.manifest import PARTS
from endodesk.domain.member_networks import Member
from endodesk.domain.runs import RunEvent
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.inference.predictor import Predictor
from endodesk.system.threads import cores
from training.evaluation.calibration import Calibration, calibrate
from training.inputs.examples import Examples, examples, preprocessed
from training.inputs.windows import preprocessed_windows
from training.learning.export import prove, write_network
from training.learning.finetune import train_finetune
from training.learning.frozen import train_frozen
from training.learning.history import History, Tracker
from training.learning.job import Job
from training.learning.keras_network import KerasNetwork, build_network
from training.learning.litert import frozen_litert
from training.learning.loop import NothingLearnt, PhaseResult
from training.learning.publish import TrainedModel, ask, publish
from training.learning.tensorboard import TensorBoard
from training.learning.weights_and_biases import WeightsAndBiases
from training.plan.backbones import backbone_named, weights_told
from training.plan.checkpoint import Checkpoints
from training.plan.speeds import FINE_TUNING

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
    return publish(job, made_by_keras(job, network, parts["test"], selected, phases))


def make_repeatable(seed: int) -> None:
    """The same seed gives the same weights on the same machine, on as many of its cores."""
    if not hasattr(os, "sched_setaffinity"):  # elsewhere TensorFlow counts by itself the cores that this process may use
        tf.config.threading.set_intra_op_parallelism_threads(cores())
        tf.config.threading.set_inter_op_parallelism_threads(cores())
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()  # else sums of several threads end otherwise each time
    cv2.setNumThreads(1)  # frames go through it in several threads already


def load_parts(job: Job) -> Parts:
    """The frames of train, val and test, preprocessed: from the cache, or made now. Raises as `preprocessed`."""
    plan = job.plan
    finals = preprocessed(plan.rows, recipe_named(plan.config.recipe), job.cache, job.channel.task, plan.overrides)
    chosen = {part: [index for index, row in enumerate(plan.rows) if row.part == part] for part in PARTS}
    balance = plan.config.training.class_balance
    parts = {part: ([plan.rows[i] for i in indices], finals[indices]) for part, indices in chosen.items()}
    rows, shown = preprocessed_windows(plan.windows, plan.part("train"), recipe_named(plan.config.recipe), job.cache, job.channel.task)
    if rows:
        parts["train"] = ([*parts["train"][0], *rows], np.concatenate([parts["train"][1], shown]))
    return {part: examples(own, pixels, plan.classes, balance=balance) for part, (own, pixels) in parts.items()}


def train_phases(job: Job, network: KerasNetwork, parts: Parts) -> tuple[str, list[PhaseResult]]:
    """Both phases, or what is left of them; the network ends with the weights of the selected one. Its name, what each phase reached."""
    config, channel, train, val = job.plan.config, job.channel, parts["train"], parts["val"]
    checkpoints = Checkpoints(job.run, resume=job.resume)
    if job.resume and not checkpoints.rows:
        channel.warn("No epoch of this training was finished: it begins anew.")
    with History(job.run, channel.tell, trackers_of(job), checkpoints.rows) as history:
        channel.phase("frozen", config.frozen.epochs)
        frozen = train_frozen(job, network, train, val, history, checkpoints)
        log.info("%s", frozen)
        if not config.finetune.epochs or job.enough(FINE_TUNING):
            return frozen.phase, [frozen]

        channel.phase(FINE_TUNING, config.finetune.epochs)
        try:
            finetuned = train_finetune(job, network, train, val, history, checkpoints)
        except NothingLearnt:
            _bring_back(network, frozen, checkpoints)
            return frozen.phase, [frozen]
        log.info("%s", finetuned)
    # "fine-tuned" keeps it in any case: the author did so, though phase 1 had the lower loss (method.md)
    if config.training.selection == "best" and finetuned.score >= frozen.score:
        _bring_back(network, frozen, checkpoints)
        return frozen.phase, [frozen, finetuned]
    return finetuned.phase, [frozen, finetuned]


def _bring_back(network: KerasNetwork, frozen: PhaseResult, checkpoints: Checkpoints) -> None:
    """The network as the frozen phase left it."""
    network.restore_imagenet()
    checkpoints.load_best(frozen.phase, network.head.weights)


def trackers_of(job: Job) -> list[Tracker]:
    """TensorBoard always, and Weights & Biases if the configuration asks for it."""
    config, classes = job.plan.config, list(job.plan.classes)
    board = TensorBoard(job.run, classes, config.training.histogram_freq, shifted=config.input.shift != "none")
    if config.trackers.wandb == "off":
        return [board]
    return [board, WeightsAndBiases(job.run, config, classes, job.plan.fingerprint, job.channel.warn)]


def made_by_keras(job: Job, network: KerasNetwork, test: Examples, selected: str, phases: list[PhaseResult]) -> TrainedModel:
    """What `publish` needs to make a bundle of the network."""
    config = job.plan.config
    # untouched, the backbone is the file that the frozen phase ran on
    backbone = frozen_litert(network.backbone, f"whole {config.scaling}", job.cache) if selected == "frozen" else None

    def calibrated(predictor: Predictor) -> Calibration:
        """By the val part, after the exported files were proven to be the trained network, both at temperature 1."""
        difference = prove(predictor, network, test.finals[:16])
        log.info("LiteRT and numpy differ from Keras by at most %.2g", difference)
        answers = ask(job, predictor, "val")
        return calibrate(answers.truth, answers.probabilities)

    return TrainedModel(
        Member(recipe_named(config.recipe), backbone=config.backbone, scaling=config.scaling),
        begun_with=f"{backbone_named(config.backbone).title} ({weights_told(config.weights)})",
        selected=selected,
        phases=phases,
        message=what_helped(selected, phases, config.training.select_by),
        write=lambda folder: write_network(network, folder, backbone=backbone),
        calibrated=calibrated,
    )


def what_helped(selected: str, phases: list[PhaseResult], select_by: str) -> str:
    """A sentence for the user on whether fine-tuning helped, and which phase was kept."""
    if len(phases) < 2:
        return "The head was trained; the backbone is ImageNet's."
    frozen, finetuned = phases
    words = "lowered" if finetuned.score < frozen.score else "did not lower"
    loss = "loss on validation frames whose source is hidden" if select_by == "shifted" else "validation loss"
    loss += " (mean of both kinds)" if select_by == "both" else ""
    return f"Fine-tuning {words} the {loss} ({frozen.score:.4f} before, {finetuned.score:.4f} after); kept: {selected}."
