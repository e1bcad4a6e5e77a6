"""A learning curve: heads learnt anew from growing shares of the labels, each asked about frames that it never saw.

The frames are dealt out into folds by whole groups. For each fold heads learn from 25, 50, 75 and 100 % of the groups outside of it,
the smaller shares within the larger, and answer the fold. All of it is repeated with other folds and other draws, so that a figure is
less a matter of which labels a share happened to have. Numpy alone, on pooled features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count, islice

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from endodesk.dataset.folds import deal_folds
from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.subsets import nested_groups
from endodesk.domain.classes import ClassSet
from endodesk.imaging.pixels import Floats
from endodesk.inference.head import Head, HeadArrays
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.evaluation.metrics import RESAMPLES, Metrics, measure
from training.evaluation.paired_comparison import Difference, compare
from training.evaluation.predictions import LabelledFrame, Predictions
from training.inputs.sampling import Sampler
from training.learning.head_learner import HeadLearner
from training.learning.learning_rates import Rate
from training.plan.config import Config

SHARES = (0.25, 0.5, 0.75, 1.0)
FOLDS = 5
REPEATS = 2
_EPOCHS, _LEAST_STEPS = 6, 200
"""Every head learns for as many steps as these epochs of the largest share have: else a small share would be learnt less, not know less."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What heads that learnt from one share of the labels come to on frames that they never saw."""

    share: float
    """Of the groups outside of a fold."""
    labels: dict[str, float]
    """Frames of each class that a head learnt from, as the mean of the heads."""
    groups: dict[str, float]
    """Groups of each class, as `labels`; a group of two classes counts for both."""
    metrics: Metrics
    """Over all frames, each answered once a repeat by the head of its fold; groups are resampled with all answers to them."""


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """A point for each of SHARES, and what the last step gained."""

    classes: ClassSet
    points: tuple[CurvePoint, ...]
    macro_f1: Difference
    """Of the last point less the one before, on the same resamples."""
    recall: dict[str, Difference]
    """As `macro_f1`, of each class."""
    n: int
    groups: int
    frames_of: dict[str, int]
    """Number of frames of each class."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A head that is to be learnt: from which frames, asked about which; indices of rows."""

    share: int
    repeat: int
    seed: int
    learns: NDArray[np.intp]
    asked: NDArray[np.intp]


# Why: docs/decisions/evaluation.md 12
def learning_curve(
    rows: Sequence[ManifestRow],
    features: Floats,
    classes: ClassSet,
    config: Config,
    *,
    units: int,
    task: TaskContext,
    resamples: int = RESAMPLES,
) -> LearningCurve:
    """The curve of labelled, grouped rows with their pooled features (N x K, float32), for heads of so many hidden units.

    `config` tells how a head learns (the quick update's) and the seed. BadRequest if a class has fewer groups than FOLDS; Cancelled.
    """
    truth = np.array([classes.index(row.label) for row in rows], np.intp)
    lessons = [lesson for repeat in range(REPEATS) for lesson in _lessons(rows, repeat, config.seed)]
    steps = max(_LEAST_STEPS, _EPOCHS * max(len(lesson.learns) for lesson in lessons) // config.training.batch)
    tables = np.zeros((len(SHARES), REPEATS, len(rows), len(classes)))

    def learnt(lesson: _Lesson) -> Floats:
        own = lesson.learns
        began_with = _at_random(features.shape[1], units, len(classes), lesson.seed)
        head = _learnt_head(features[own], truth[own], began_with, config, steps, lesson.seed, task)
        return head.probabilities(features[lesson.asked])

    # one thread a head: matrices so small gain nothing by a second one (docs/decisions/training.md 24)
    with threadpool_limits(1):
        for done, (lesson, answers) in enumerate(zip(lessons, in_threads(learnt, lessons), strict=True), 1):
            tables[lesson.share, lesson.repeat, lesson.asked] = answers
            task.report(done, len(lessons), "learning")
    # each repeat's answer to a frame is one of its own
    frames = tuple(LabelledFrame(row.file / str(repeat), row.label, row.group) for repeat in range(REPEATS) for row in rows)
    answered = [Predictions(frames, np.tile(truth, REPEATS), np.concatenate(table), classes, ()) for table in tables]
    points = []
    for number, (share, said) in enumerate(zip(SHARES, answered, strict=True)):
        metrics = measure(said.truth, said.probabilities, classes, said.groups, resamples=resamples)
        points.append(CurvePoint(share, *_learnt_from(rows, [lesson for lesson in lessons if lesson.share == number], classes), metrics))
        task.raise_if_cancelled()
    step = compare(answered[-1], answered[-2], resamples=resamples)
    frames_of = {name: sum(row.label == name for row in rows) for name in classes}
    return LearningCurve(classes, tuple(points), step.macro_f1, step.recall, len(rows), step.groups, frames_of)


def _lessons(rows: Sequence[ManifestRow], repeat: int, seed: int) -> list[_Lesson]:
    dealt = deal_folds(rows, FOLDS, seed + repeat)
    found = []
    for fold in range(FOLDS):
        asked = np.array([place for place, own in enumerate(dealt) if own == fold], np.intp)
        outside = [place for place, own in enumerate(dealt) if own != fold]
        own_seed = seed + repeat * FOLDS + fold
        taken = nested_groups([rows[place] for place in outside], SHARES, own_seed)
        for share, names in enumerate(taken):
            learns = np.array([place for place in outside if rows[place].group in names], np.intp)
            found.append(_Lesson(share, repeat, own_seed, learns, asked))
    return found


def _learnt_head(
    inputs: Floats, labels: NDArray[np.intp], began_with: HeadArrays, config: Config, steps: int, seed: int, task: TaskContext
) -> Head:
    """A head that learnt for so many batches, with as many frames of each class. Cancelled between two steps."""
    # to nothing at the end: else the last steps' chance is in the curve, where a quick update has the best of its epochs
    rate = Rate(config.frozen.learning_rate, steps, decay="cosine")
    learner = HeadLearner(began_with, config.head, rate, smoothing=config.training.label_smoothing, seed=seed)
    one_hot, weights = np.eye(began_with[3].size, dtype=np.float32)[labels], np.ones(len(labels), np.float32)
    sampler = Sampler(labels, seed, balanced=True)
    epochs = (sampler.draw(epoch).batches(config.training.batch) for epoch in count(1))
    for batch in islice(chain.from_iterable(epochs), steps):
        task.raise_if_cancelled()
        learner.learn((inputs[batch.indices], one_hot[batch.indices], weights[batch.indices]))
    return learner.head


def _at_random(channels: int, units: int, classes: int, seed: int) -> HeadArrays:
    """Uniform, as wide as Glorot and Bengio (2010) have it; biases 0."""
    chance = np.random.default_rng(seed)

    def kernel(inputs: int, outputs: int) -> Floats:
        limit = (6 / (inputs + outputs)) ** 0.5
        return chance.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)

    return kernel(channels, units), np.zeros(units, np.float32), kernel(units, classes), np.zeros(classes, np.float32)


def _learnt_from(rows: Sequence[ManifestRow], lessons: Sequence[_Lesson], classes: ClassSet) -> tuple[dict[str, float], dict[str, float]]:
    """Frames and groups of each class, as means of the lessons."""
    frames = [rows[place] for lesson in lessons for place in lesson.learns]
    groups = {(lesson.seed, rows[place].group, rows[place].label) for lesson in lessons for place in lesson.learns}
    of_frames = {name: sum(row.label == name for row in frames) / len(lessons) for name in classes}
    return of_frames, {name: sum(label == name for _, _, label in groups) / len(lessons) for name in classes}
