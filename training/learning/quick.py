"""The quick update, top to bottom: the head of a model learns on, its backbone stays. Numpy alone; nothing here needs TensorFlow."""

import logging
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import TrainingFailed, UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.domain.member_networks import Member
from endodesk.domain.overrides import NOTHING_GIVEN
from endodesk.domain.runs import RunEvent
from endodesk.imaging.pixels import Floats
from endodesk.inference.feature_file import FeatureFile
from endodesk.inference.head import Head, HeadArrays
from endodesk.inference.predictor import Predictor
from endodesk.inference.second_opinion import second_opinion
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from resources import STARTER_MODEL
from training.evaluation.calibration import Calibration, calibrate
from training.evaluation.report_words import TOO_GOOD
from training.inputs.batches import Batch
from training.inputs.examples import class_weights, preprocessed_frame
from training.inputs.features import Stem
from training.inputs.frame_cache import FrameCache
from training.inputs.sampling import Indices, Sampler, in_batches
from training.inputs.windows import preprocessed_windows
from training.learning.bundle_folder import write_head
from training.learning.head_learner import Committee, HeadLearner
from training.learning.history import History
from training.learning.job import Job
from training.learning.learning_rates import Rate
from training.learning.loop import Confusion, PhaseResult, fit
from training.learning.phase import rate_of, schedule_of
from training.learning.publish import SeenFrames, TrainedModel, publish
from training.plan.config import Config
from training.plan.epochs import EpochRow

log = logging.getLogger(__name__)
PHASE = "frozen"
ENOUGH = 500
"""Training frames; fewer are too few to doubt a label by the others."""
DOUBTFUL = 0.02
"""Share of contradicted labels from which on all are doubted. Real labels: 0.005 at most; with 5 % flipped: 0.03 or more."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What a backbone sees in the frames of one part."""

    rows: Sequence[ManifestRow]
    inputs: Floats
    """N x K pooled features."""
    one_hot: Floats
    """N x C, 1 for the label."""
    weights: Floats
    """N, what each frame counts in the loss."""

    def some(self, chosen: Indices) -> Batch:
        """The chosen frames as a batch: inputs, one-hot labels and weights."""
        return self.inputs[chosen], self.one_hot[chosen], self.weights[chosen]


# Why: docs/decisions/training.md 24
def update_run(job: Job) -> RunEvent:
    """Do what the run folder asks for and leave the bundle in it. Returns the FINISHED event (not told yet).

    Raises EndoDeskError with a sentence (BadBundle for a base that cannot be used), OSError, Cancelled.
    """
    config, channel = job.plan.config, job.channel
    base = Predictor(Path(config.paths.base or STARTER_MODEL), threads=1)
    network = base.networks[0]
    if len(base.networks) > 1:
        channel.warn(f"{base.bundle.name} is an ensemble of {len(base.networks)} networks: the update goes on from its first one alone.")
    inputs, unreadable = _seen(job, base, job.plan.rows)
    train, val = (_pooled(job, part, inputs[_places(job, part)], unreadable) for part in ("train", "val"))
    seen = SeenFrames(base.bundle, inputs[_places(job, "test")], unreadable)
    train, contradicted = weighed(train, val)
    if contradicted:
        told = f"{contradicted} of {len(train.inputs)} training labels are contradicted by frames of other cases"
        channel.warn(f"{told}, so each label counted as far as those bear it out. The order Probably mislabelled first shows them.")

    train = with_windows(job, base, train)
    channel.phase(PHASE, config.frozen.epochs)
    frames = Frames(train, val, config)
    began_with = starting_weights(network.head, tuple(map(job.plan.class_of, base.bundle.classes)), job.plan.classes, seed=config.seed)
    rate = rate_of(config.frozen, frames.steps())
    # a head that learnt labels which are doubted now keeps to them
    learner = Committee.beside(began_with, config, rate) if contradicted else _alone(began_with, config, rate)
    result, head = _learnt(job, learner, frames)
    log.info("%s", result)

    channel.phase("exporting")
    return publish(job, _made(base, head, val, result, seen))


def _alone(began_with: HeadArrays, config: Config, rate: Rate) -> HeadLearner:
    return HeadLearner(began_with, config.head, rate, smoothing=config.training.label_smoothing, seed=config.seed)


# Why: docs/decisions/training.md 34
def weighed(train: Pooled, val: Pooled) -> tuple[Pooled, int]:
    """Training frames as they are to count, and how many of their labels are contradicted, by each other and by the validation frames.

    Where that is a share of DOUBTFUL, each label counts as far as frames of other groups bear it out; else all as before, and 0.
    """
    n = len(train.inputs)
    if n < ENOUGH:
        return train, 0
    inputs, one_hot = np.concatenate([train.inputs, val.inputs]), np.concatenate([train.one_hot, val.one_hot])
    _, groups = np.unique([row.group or row.sha256 for row in (*train.rows, *val.rows)], return_inverse=True)
    with threadpool_limits(1):
        found = second_opinion(inputs, one_hot.argmax(axis=1), groups.astype(np.int64), TaskContext())  # seconds: nobody waits to cancel
    if found is None or found.contradicted[:n].mean() < DOUBTFUL:
        return train, 0
    return replace(train, weights=train.weights * found.borne_out[:n]), int(found.contradicted[:n].sum())


def with_windows(job: Job, base: Predictor, train: Pooled) -> Pooled:
    """Training frames and their matched windows, each of which counts as a frame of its class does on average."""
    member = base.networks[0].member
    rows, finals = preprocessed_windows(job.plan.windows, job.plan.part("train"), member.recipe, job.cache, job.channel.task)
    if not rows:
        return train
    stem = Stem(base.folder / member.backbone_file, pooled=True)
    seen = np.stack([np.asarray(one, np.float16).astype(np.float32) for one in in_threads(stem, finals)])
    labels = np.eye(len(job.plan.classes), dtype=np.float32)[[job.plan.classes.index(row.label) for row in rows]]
    mean = train.one_hot.T @ train.weights / np.maximum(train.one_hot.sum(axis=0), 1)
    parts = ((train.inputs, seen), (train.one_hot, labels), (train.weights, (labels @ mean).astype(np.float32)))
    return Pooled([*train.rows, *rows], *(np.concatenate(pair) for pair in parts))


def starting_weights(head: Head, known: Sequence[str], wanted: ClassSet, *, seed: int) -> HeadArrays:
    """A head's four arrays for other classes: those it knows keep their logits, others begin at random (Glorot and Bengio, 2010)."""
    units = head.logits_kernel.shape[0]
    limit = (6 / (units + len(wanted))) ** 0.5
    kernel = np.random.default_rng(seed).uniform(-limit, limit, (units, len(wanted))).astype(np.float32)
    bias = np.zeros(len(wanted), np.float32)
    for place, name in enumerate(wanted):
        if name in known:
            kernel[:, place], bias[place] = head.logits_kernel[:, known.index(name)], head.logits_bias[known.index(name)]
    return head.dense_kernel, head.dense_bias, kernel, bias


class Frames:
    """The batches of the one phase: each frame once an epoch, or as many of each class (`training.class_balance`)."""

    def __init__(self, train: Pooled, val: Pooled, config: Config) -> None:
        self._train, self._val, self._config = train, val, config
        self._sampler = Sampler.of(train.rows, train.one_hot.argmax(axis=1), config, seed=config.seed)

    def steps(self) -> int:
        """How many batches an epoch has; the last one may be smaller."""
        return -(-len(self._train.inputs) // self._config.training.batch)

    def prepare(self, epoch: int) -> None:
        """There is nothing to make: the features of all frames are in memory."""

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The training batches of an epoch (from 1)."""
        for batch in self._sampler.draw(epoch).batches(self._config.training.batch):
            yield self._train.some(batch.indices)

    def validation(self) -> Iterator[Batch]:
        """The features of the validation frames in batches, the same ones each time."""
        for chosen in in_batches(len(self._val.inputs), self._config.training.batch):
            yield self._val.some(chosen)

    def shifted(self) -> None:
        """A quick update has no frames whose source is hidden."""


class _BestEpoch:
    """Records the epochs of the phase: each in the history, and the head of the one that is kept in memory."""

    def __init__(self, learner: HeadLearner | Committee, history: History) -> None:
        self._learner, self._history = learner, history
        self.head = learner.head

    def record(self, row: EpochRow, confusion: Confusion) -> None:
        self._history.add(row, confusion)

    def keep(self) -> None:
        self.head = deepcopy(self._learner.head)  # the learner goes on in the same arrays

    def save(self, rows: Sequence[EpochRow]) -> None:
        """Not needed: what was interrupted is done again in seconds."""


def _learnt(job: Job, learner: HeadLearner | Committee, frames: Frames) -> tuple[PhaseResult, Head]:
    config = job.plan.config
    schedule = schedule_of(PHASE, config.frozen, config.training)
    # One thread: matrices so small gain nothing by a second, and on a busy machine the two wait for each other (33 ms a step, not 5).
    with History(job.run, job.channel.tell, ()) as history, threadpool_limits(1):
        history.begin(schedule.epochs, (), ())
        best = _BestEpoch(learner, history)
        result = fit(learner, frames, schedule, best, job.channel.task, since=time.monotonic(), enough=partial(job.enough, PHASE))
    return result, best.head


def _places(job: Job, part: str) -> Indices:
    return np.flatnonzero([row.part == part for row in job.plan.rows])


def _pooled(job: Job, part: str, inputs: Floats, unreadable: Mapping[Path, str]) -> Pooled:
    """The frames of a part by what is seen in them. UnreadableImage if one cannot be read any more."""
    plan, rows = job.plan, job.plan.part(part)
    for row in rows:
        if row.file in unreadable:
            raise UnreadableImage(unreadable[row.file])
    labels = np.array([plan.classes.index(row.label) for row in rows], np.intp)
    # drawn evenly, training frames need no weights: a rare class would count twice
    balanced = plan.config.training.class_balance != "none" and not (part == "train" and plan.config.training.class_balance == "sampling")
    return Pooled(rows, inputs, np.eye(len(plan.classes), dtype=np.float32)[labels], class_weights(labels, balanced=balanced))


def _seen(job: Job, base: Predictor, rows: Sequence[ManifestRow]) -> tuple[Floats, dict[Path, str]]:
    """What the base's first backbone sees in frames (N x K), from what the window keeps or anew; files that cannot be read any more."""
    plan, network = job.plan, base.networks[0]
    names = [plan.overrides.frames.get(row.sha256, NOTHING_GIVEN).name_of(row.sha256) for row in rows]
    inputs, unreadable = _kept(plan.config.paths.features, base, names), dict[Path, str]()
    missing = np.flatnonzero(np.isnan(inputs).any(axis=1)).tolist()
    if missing:
        job.channel.phase("preprocessing", len(missing))
        frames = FrameCache(job.cache, network.member.recipe)
        stem = Stem(base.folder / network.member.backbone_file, pooled=True)

        def look(number: int) -> Floats | str:
            try:
                return np.asarray(stem(preprocessed_frame(rows[number], frames, plan.overrides)), np.float32)
            except UnreadableImage as error:
                return str(error)

        for done, (number, found) in enumerate(zip(missing, in_threads(look, missing), strict=True), 1):
            if isinstance(found, str):
                unreadable[rows[number].file], inputs[number] = found, 0
            else:
                inputs[number] = found.astype(np.float16)  # as a FeatureFile keeps them: both ways lead to the same head
            job.channel.task.report(done, len(missing), "preprocessing")
    return inputs, unreadable


def _kept(folder: str, base: Predictor, names: Sequence[Sha256]) -> Floats:
    """N x K, NaN where there is none."""
    channels = base.networks[0].head.dense_kernel.shape[0]
    if folder:
        try:
            return FeatureFile(Path(folder), base.bundle, channels).get(names).astype(np.float32)
        except OSError as error:
            log.info("features are made anew: %s", error)
    return np.full((len(names), channels), np.nan, np.float32)


def _made(base: Predictor, head: Head, val: Pooled, result: PhaseResult, seen: SeenFrames) -> TrainedModel:
    member = base.networks[0].member

    def write(folder: Path) -> None:
        shutil.copyfile(base.folder / member.backbone_file, folder / "backbone.tflite")
        write_head(folder, head.arrays)

    def calibrated(predictor: Predictor) -> Calibration:
        written = predictor.networks[0].head
        if not all(np.array_equal(a, b) for a, b in zip(written.arrays, head.arrays, strict=True)):
            raise TrainingFailed("The head that was written is not the one that was trained; it was not kept. Please report this.")
        return calibrate(val.one_hot.argmax(axis=1), written.probabilities(val.inputs).astype(np.float64))

    name = f"{base.bundle.name} ({base.bundle.id})"
    return TrainedModel(
        Member(member.recipe, backbone=member.backbone, scaling=member.scaling),
        begun_with=f"The backbone of {name}, unchanged,",
        selected=PHASE,
        phases=[result],
        message=f"The head of {name} was trained on; its backbone is unchanged. {TOO_GOOD}",
        write=write,
        calibrated=calibrated,
        seen=seen,
        probed=False,
        goes_on_from=name,
        parent=base.bundle.id,
    )
