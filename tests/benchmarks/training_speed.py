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

from endodesk.domain.classes import ClassSet
from endodesk.domain.ticket import Ticket
from endodesk.imaging.recipes import recipe_named
from training.config import Config, load_config
from training.dataset import Examples, examples, preprocessed
from training.draws import in_batches
from training.features import Stem
from training.finetune import TrainingFrames, finetune_learner
from training.frozen import FrozenFeatures, frozen_learner
from training.learner import Learner
from training.litert import frozen_litert
from training.loop import Batch
from training.manifest import scan_class_folder
from training.network import Network, build_network
from training.rates import Rate

from .published_training import published_epochs

BATCH, EPOCHS = 16, 3
Row = tuple[str, float, str]


def main(folder: Path) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    rows = scan_class_folder(folder).rows
    classes = ClassSet.of(sorted({row.label for row in rows}))
    with tempfile.TemporaryDirectory() as cache:
        started = time.perf_counter()
        finals = preprocessed(rows, recipe_named("paper"), Path(cache), Ticket())
        preprocessing = (time.perf_counter() - started) / len(rows)
        frames = examples(rows, finals, classes, balance="none")
        frozen, finetuned = (s / len(rows) for s in published_epochs([row.file for row in rows], frames.one_hot(len(classes)), BATCH))
        measured = [("preprocessing, once a frame", preprocessing, "read and cached on all cores"), ("published: frozen epoch", frozen, "")]
        measured += _frozen_rows(frames, _config("paper", classes), Path(cache), frozen)
        measured.append(("published: fine-tuning epoch", finetuned, "all blocks"))
        measured += _finetune_rows(frames, _config("paper", classes), Path(cache), finetuned)
        measured += _finetune_rows(frames, _config("default", classes), Path(cache), finetuned)
    sys.stdout.write(json.dumps(measured) + "\n")


def _config(name: str, classes: ClassSet) -> Config:
    config = load_config(name)
    training = dataclasses.replace(config.training, batch=BATCH)
    finetune = dataclasses.replace(config.finetune, epochs=100)
    return dataclasses.replace(config, classes=tuple(classes), training=training, finetune=finetune)


def _frozen_rows(frames: Examples, config: Config, cache: Path, published: float) -> list[Row]:
    network = build_network(config.input.scaling, config.head, len(config.classes))
    stem = Stem(frozen_litert(network.backbone, f"whole {config.input.scaling}", cache), pooled=True)
    data = FrozenFeatures(frames, _few(frames), stem, config, Ticket())
    learner = frozen_learner(network.head, config, data.steps())

    def epoch(number: int) -> None:
        data.prepare(number)
        for batch in data.epoch(number):
            learner.learn(batch)

    epoch(1)
    fresh = _seconds(lambda: [epoch(2), epoch(3)]) / 2 / len(frames)
    kept = min(_seconds(lambda: epoch(1)) for _ in range(3)) / len(frames)
    return [
        ("ours: frozen epoch on fresh views", fresh, f"{published / fresh:.0f} times faster"),
        ("ours: frozen epoch on views that are kept", kept, f"{published / kept:.0f} times faster"),
    ]


def _finetune_rows(frames: Examples, config: Config, cache: Path, published: float) -> list[Row]:
    """Ours over the same step on ready tensors, before and after: the faster of the two is the bare step."""
    block = config.finetune.from_block
    network = build_network(config.input.scaling, config.head, len(config.classes))
    lower = frozen_litert(network.lower(block), f"below {block} {config.input.scaling}", cache) if block else None
    with closing(TrainingFrames(frames, _few(frames), Stem(lower), config, Ticket())) as data:
        learner = finetune_learner(network, config, data.steps())
        ready = list(data.epoch(1))
        data.close()
        step = _bare(learner, ready)
        ours, waited = _pipelined(learner, data)
        data.close()
        step = min(step, _bare(learner, ready)) / len(frames)
    ours /= len(frames)
    what = f"blocks {block} to 16" if block else "all blocks"
    rows = [(f"bare TensorFlow step on ready tensors, {what}", step, "")]
    remark = f"{ours / step:.2f} times the bare step, waited {waited:.1%}; {published / ours:.1f} times faster than published"
    if block:
        whole = _bare(_whole_learner(network, config), _ready_frames(frames)) / len(frames)
        rows.append((f"the same on ready frames: TensorFlow runs blocks 0 to {block - 1} too", whole, ""))
        remark += f"; {ours / whole:.2f} times the step on ready frames"
    return [*rows, (f"ours: fine-tuning epoch, {what}", ours, remark)]


def _pipelined(learner: Learner, data: TrainingFrames) -> tuple[float, float]:
    """Seconds of an epoch and the share of them waited for input; the first epoch, which fills the queue, does not count."""
    waited = started = 0.0
    for epoch in range(1, 2 + EPOCHS):
        asked = time.perf_counter()
        for batch in data.epoch(epoch):
            waited += time.perf_counter() - asked
            learner.learn(batch)
            asked = time.perf_counter()
        if epoch == 1:
            started, waited = time.perf_counter(), 0.0
    seconds = time.perf_counter() - started
    return seconds / EPOCHS, waited / seconds


def _bare(learner: Learner, ready: list[Batch]) -> float:
    """Seconds of an epoch of ready batches; the first builds the graph and does not count."""
    learner.learn(ready[0])
    return _seconds(lambda: [learner.learn(batch) for _ in range(EPOCHS) for batch in ready]) / EPOCHS


def _whole_learner(network: Network, config: Config) -> Learner:
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


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]))
