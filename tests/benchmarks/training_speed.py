"""How fast an epoch is, ours and the published one, a frame; and fine-tuning beside the bare TensorFlow step. A process of its own.

`python -m tests.benchmarks.training_speed FOLDER` prints the rows as JSON on its last line.
"""

import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import scan_class_folder
from endodesk.domain.classes import ClassSet
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.system.task import TaskContext
from training.inputs.batches import Batch
from training.inputs.examples import Examples, examples, preprocessed
from training.inputs.features import Stem
from training.inputs.sampling import in_batches
from training.learning.finetune import TrainingFrames, finetune_learner
from training.learning.frozen import FrozenFeatures, frozen_learner
from training.learning.keras_network import KerasNetwork, build_network
from training.learning.learner import Learner
from training.learning.learning_rates import Rate
from training.learning.litert import frozen_litert
from training.plan.config import Config, load_config

from .published_training import published_epochs

BATCH, EPOCHS, ROUNDS = 16, 2, 2
Row = tuple[str, float, float, str]
"""What, seconds a frame, processor seconds a frame (which a busy machine disturbs less), remark."""
Spent = NDArray[np.float64]
"""Seconds and processor seconds of this process, all its threads together."""


def main(folder: Path) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    rows = scan_class_folder(folder).rows
    classes = ClassSet.of(sorted({row.label for row in rows}))
    with tempfile.TemporaryDirectory() as cache:
        started = _now()
        finals = preprocessed(rows, recipe_named("paper"), Path(cache), TaskContext())
        preprocessing = (_now() - started) / len(rows)
        frames = examples(rows, finals, classes, balance="none")
        frozen, finetuned = (s / len(rows) for s in published_epochs([row.file for row in rows], frames.one_hot(len(classes)), BATCH))
        measured = [_row("preprocessing, once a frame", preprocessing, "read and cached on all cores")]
        measured.append(_row("published: frozen epoch", frozen))
        measured += _frozen_rows(frames, _config("paper", classes), Path(cache), frozen)
        measured.append(_row("published: fine-tuning epoch", finetuned, "all blocks"))
        measured += _finetune_rows(frames, _config("paper", classes), Path(cache), finetuned)
        measured += _finetune_rows(frames, _config("default", classes), Path(cache), finetuned)
        measured += _finetune_rows(frames, _config("default", classes, kept=1), Path(cache), finetuned)[-1:]
    sys.stdout.write(json.dumps(measured) + "\n")


def _config(name: str, classes: ClassSet, *, kept: int = 0) -> Config:
    config = load_config(name)
    training = dataclasses.replace(config.training, batch=BATCH)
    finetune = dataclasses.replace(config.finetune, epochs=100, views=kept)
    return dataclasses.replace(config, classes=tuple(classes), training=training, finetune=finetune)


def _frozen_rows(frames: Examples, config: Config, cache: Path, published: Spent) -> list[Row]:
    network = build_network(config.scaling, config.head, len(config.classes))
    stem = Stem(frozen_litert(network.backbone, f"whole {config.scaling}", cache), pooled=True)
    data = FrozenFeatures(frames, _few(frames), stem, config, TaskContext())
    learner = frozen_learner(network.head, config, data.steps())

    def epoch(number: int) -> None:
        data.prepare(number)
        for batch in data.epoch(number):
            learner.learn(batch)

    epoch(1)
    fresh = np.minimum(_spent(lambda: epoch(2)), _spent(lambda: epoch(3))) / len(frames)
    kept = np.minimum(_spent(lambda: epoch(1)), _spent(lambda: epoch(2))) / len(frames)
    return [
        _row("ours: frozen epoch on fresh views", fresh, f"{_times(published, fresh)} faster than published"),
        _row("ours: frozen epoch on views that are kept", kept, f"{_times(published, kept)} faster than published"),
    ]


def _finetune_rows(frames: Examples, config: Config, cache: Path, published: Spent) -> list[Row]:
    """Ours and the same step on ready tensors, in turns; the fastest of each."""
    block = config.finetune.from_block
    network = build_network(config.scaling, config.head, len(config.classes))
    lower = frozen_litert(network.lower(block), f"below {block} {config.scaling}", cache) if block else None
    with closing(TrainingFrames(frames, _few(frames), Stem(lower), config, TaskContext())) as data:
        learner = finetune_learner(network, config, data.steps())
        ready = list(data.epoch(1))
        learner.learn(ready[0])  # builds the graph
        data.close()
        rounds = [(*_pipelined(learner, data), _bare(learner, ready)) for _ in range(ROUNDS)]
    ours, step = (np.min([round_[place] for round_ in rounds], axis=0) / len(frames) for place in (0, 2))
    waited = min(waited for _, waited, _ in rounds)
    what = (f"blocks {block} to 16" if block else "all blocks") + (", views kept" if config.finetune.views else "")
    rows = [_row(f"bare TensorFlow step on ready tensors, {what}", step)]
    remark = f"{_times(ours, step)} the bare step, waited {waited:.1%}; {_times(published, ours)} faster than published"
    if block:
        plain, ready = _whole_learner(network, config), _ready_frames(frames)
        plain.learn(ready[0])
        whole = np.min([_bare(plain, ready) for _ in range(ROUNDS)], axis=0) / len(frames)
        rows.append(_row(f"the same on ready frames: TensorFlow runs blocks 0 to {block - 1} too", whole))
        remark += f"; {_times(ours, whole)} the step on ready frames"
    return [*rows, _row(f"ours: fine-tuning epoch, {what}", ours, remark)]


def _pipelined(learner: Learner, data: TrainingFrames) -> tuple[Spent, float]:
    """What an epoch takes and the share of it waited for input; the epoch that fills the queue does not count."""
    waited, started = 0.0, _now()
    for epoch in range(1, 2 + EPOCHS):
        asked = time.perf_counter()
        for batch in data.epoch(epoch):
            waited += time.perf_counter() - asked
            learner.learn(batch)
            asked = time.perf_counter()
        if epoch == 1:
            started, waited = _now(), 0.0
    spent = _now() - started
    data.close()
    return spent / EPOCHS, waited / spent[0]


def _bare(learner: Learner, ready: list[Batch]) -> Spent:
    """What an epoch of ready batches takes."""
    return _spent(lambda: [learner.learn(batch) for _ in range(EPOCHS) for batch in ready]) / EPOCHS


def _whole_learner(network: KerasNetwork, config: Config) -> Learner:
    """As plain TensorFlow does it: the same layers are trained, those below run in the same graph."""
    block, head, pooling = config.finetune.from_block, network.head, keras.layers.GlobalAveragePooling2D()
    lower, upper = network.lower(block), network.upper(block)
    return Learner(
        lambda frames, training: head(pooling(upper(lower(frames, training=False), training=False)), training=training),
        [upper, head],
        lambda: sum(head.losses),
        Rate(config.finetune.learning_rate),
    )


def _ready_frames(frames: Examples) -> list[Batch]:
    labels = frames.one_hot(int(frames.labels.max()) + 1)
    return [(frames.finals[chosen], labels[chosen], frames.weights[chosen]) for chosen in in_batches(len(frames), BATCH)]


def _few(frames: Examples) -> Examples:
    """Two validation frames: they are not what is measured."""
    return Examples(frames.rows[:2], frames.finals[:2], frames.labels[:2], frames.weights[:2])


def _row(name: str, spent: Spent, remark: str = "") -> Row:
    return name, float(spent[0]), float(spent[1]), remark


def _times(more: Spent, less: Spent) -> str:
    seconds, processor = more / less
    return f"{seconds:.2f} times (processor time: {processor:.2f})"


def _spent(work: Callable[[], object]) -> Spent:
    started = _now()
    work()
    return _now() - started


def _now() -> Spent:
    return np.array((time.perf_counter(), time.process_time()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
