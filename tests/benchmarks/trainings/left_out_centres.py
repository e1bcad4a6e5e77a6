"""Backbones and draws judged where they never learnt: `python -m tests.benchmarks.trainings.left_out_centres DATA WORK [--seeds 3]`.

DATA has `frames`, `external-hospital` and `centres` (one folder a hospital, class folders in it). The head learns on frozen features as
in the frozen phase of `default.toml`, on frames as they are, its rate falling to nothing; WORK keeps frames and features. Figures are
means over seeds.

- polyps: recall at each hospital with polyps by a head that learnt from all others (PolypGen's folders are left out together);
- normal: colon of PolypGen by heads that knew other sequences of it (seen) or nothing of it (unseen); stomach and esophagus of MEASURED;
- inside: macro F1 of `frames`, dealt out into five folds by groups; all other hospitals are always learnt from.
"""

import argparse
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from endodesk.dataset.folds import deal_folds
from endodesk.dataset.manifest import ManifestRow, class_files, read_files
from endodesk.dataset.split import group_names
from endodesk.domain.centre_rules import ABOVE_CLASS
from endodesk.imaging.pixels import Floats
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.inference.backbone import Backbone
from endodesk.system.task import TaskContext
from training.inputs.examples import preprocessed
from training.inputs.features import Stem
from training.inputs.sampling import Sampler
from training.learning.head_learner import HeadLearner
from training.learning.learning_rates import Rate
from training.learning.litert import frozen_litert
from training.plan.backbones import AS_TRAINED
from training.plan.config import CENTRE_BALANCES, Config, load_config

CLASSES = ("esophagitis", "polyps", "ulcerative-colitis", "normal")
WORDS = [*CLASSES[:3], "normal=normal-cecum", "normal=normal-pylorus", "normal=normal-z-line"]
INSIDE, CLIPS, NEGATIVES = "kvasir", "mesejo", "polypgen-negatives"
POLYPGEN = ("polypgen-a", "polypgen-c", NEGATIVES)
WITH_POLYPS = ("hanoi", "barcelona", CLIPS, "polypgen-a", "polypgen-c")
MEASURED = ("barcelona-egd", "montreal", "hpylori-app")
"""No terms are stated for these frames: they are looked at, and nothing learns from them."""
OMITTED = ("kvasir-squashed", "unlabelled-hanoi-esophagus", "masks")
NEAR, FOLDS = 5, 5
BACKBONES = ("mobilenetv2", "efficientnetlite0")
TIMED = 150


@dataclass(frozen=True)
class Frames:
    """All frames with their centres and groups."""

    rows: list[ManifestRow]
    labels: np.ndarray
    centres: np.ndarray
    dealt: np.ndarray
    """N, the fold that a frame inside, or a sequence of PolypGen, is tested in; -1 for all others."""

    @property
    def fingerprint(self) -> str:
        """16 digits of all frames, their labels, centres and folds."""
        lines = sorted(f"{row.sha256} {row.label} {row.centre} {fold}" for row, fold in zip(self.rows, self.dealt, strict=True))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def read(data: Path) -> Frames:
    """The frames of all hospitals."""
    inside = [replace(file, centre=INSIDE) for file in class_files(data / "frames", WORDS)[0]]
    clips = [replace(file, centre=CLIPS) for file in class_files(data / "external-hospital", ["polyps"])[0]]
    there = [name for name in sorted(path.name for path in (data / "centres").iterdir()) if name not in OMITTED and "." not in name]
    others = [file for file in class_files(data / "centres", CLASSES, ABOVE_CLASS)[0] if file.centre in there]
    rows = list(read_files([*inside, *clips, *others]).rows)
    rows = [replace(row, group=group) for row, group in zip(rows, group_names(rows, NEAR), strict=True)]
    centres = np.array([row.centre for row in rows])
    dealt = np.full(len(rows), -1)
    own = np.flatnonzero(centres == INSIDE)
    dealt[own] = deal_folds([rows[place] for place in own], FOLDS, 42)
    sequences = {name: number for number, name in enumerate(sorted({row.case for row in rows if row.centre == NEGATIVES}))}
    negatives = np.flatnonzero(centres == NEGATIVES)
    dealt[negatives] = [sequences[rows[place].case] % FOLDS for place in negatives]
    return Frames(rows, np.array([CLASSES.index(row.label) for row in rows], np.intp), centres, dealt)


def features(backbone: str, frames: Frames, finals: np.ndarray, work: Path) -> tuple[Floats, Path]:
    """N x channels, made once; and the LiteRT file that made them."""
    from training.learning.keras_network import build_network  # TensorFlow

    network = build_network(AS_TRAINED, Config().head, len(CLASSES), backbone=backbone)
    lite = frozen_litert(network.backbone, f"whole {backbone}", work)
    kept = work / f"{lite.stem}-{frames.fingerprint}.npy"
    if not kept.is_file():
        stem = Stem(lite, pooled=True, workers=1)
        np.save(kept, np.stack([stem(final) for final in finals]))
    return np.load(kept), lite


def milliseconds(lites: Sequence[Path], finals: np.ndarray) -> list[float]:
    """Of a processor for a frame, the median; the networks take turns, one thread each."""
    networks = [Backbone(lite) for lite in lites]
    took: list[list[float]] = [[] for _ in lites]
    for final in finals[:TIMED]:
        for network, own in zip(networks, took, strict=True):
            begun = time.thread_time()
            network.features(final[None])
            own.append(1e3 * (time.thread_time() - begun))
    return [float(np.median(own)) for own in took]


def answers(frames: Frames, seen: Floats, learns: np.ndarray, balance: str, seed: int) -> Floats:
    """N x C probabilities of all frames by a head that learnt from some."""
    config = load_config("default")
    config = replace(config, training=replace(config.training, centre_balance=balance))
    rows = [frames.rows[place] for place in learns]
    sampler = Sampler.of(rows, frames.labels[learns], config, seed=seed)
    steps = config.frozen.epochs * -(-len(learns) // config.training.batch)
    chance = np.random.default_rng(seed)
    kernels = [chance.uniform(-1, 1, shape) * (6 / sum(shape)) ** 0.5 for shape in ((seen.shape[1], 256), (256, len(CLASSES)))]
    began = (kernels[0], np.zeros(256), kernels[1], np.zeros(len(CLASSES)))
    rate = Rate(config.frozen.learning_rate, steps, decay="cosine")
    learner = HeadLearner(began, config.head, rate, smoothing=config.training.label_smoothing, seed=seed)
    one_hot, inputs = np.eye(len(CLASSES), dtype=np.float32)[frames.labels[learns]], seen[learns]
    epochs = (sampler.draw(epoch).batches(config.training.batch) for epoch in range(1, config.frozen.epochs + 1))
    for batch in chain.from_iterable(epochs):
        learner.learn((inputs[batch.indices], one_hot[batch.indices], np.ones(len(batch.indices), np.float32)))
    return learner.head.probabilities(seen)


@dataclass(frozen=True)
class Answers:
    """What heads say, N x C: each frame by a head that did not know it."""

    elsewhere: Floats
    """By heads that learnt from no frame of its hospital; of MEASURED by the mean of the folds' heads."""
    inside: Floats
    """By heads that learnt from other groups of its hospital."""


def mean_of(one: Answers, other: Answers) -> Answers:
    """What an ensemble of the two says."""
    return Answers((one.elsewhere + other.elsewhere) / 2, (one.inside + other.inside) / 2)


def all_answers(frames: Frames, seen: Floats, balance: str, seed: int) -> Answers:
    """One hospital left out after the other, then one fold."""
    learnt = ~np.isin(frames.centres, MEASURED)
    elsewhere, inside = (np.zeros((len(frames.rows), len(CLASSES)), np.float32) for _ in range(2))
    for left_out in (("hanoi",), ("barcelona",), (CLIPS,), POLYPGEN):
        own = np.isin(frames.centres, left_out)
        elsewhere[own] = answers(frames, seen, np.flatnonzero(learnt & ~own), balance, seed)[own]
    for fold in range(FOLDS):
        own = frames.dealt == fold
        told = answers(frames, seen, np.flatnonzero(learnt & ~own), balance, seed)
        inside[own] = told[own]
        elsewhere[~learnt] += told[~learnt] / FOLDS
    return Answers(elsewhere, inside)


def figures(frames: Frames, told: Answers) -> dict[str, float]:
    """The columns of the table."""
    elsewhere, inside, label = told.elsewhere.argmax(axis=1), told.inside.argmax(axis=1), frames.labels
    polyps, normal, colitis = (CLASSES.index(name) for name in ("polyps", "normal", "ulcerative-colitis"))
    recalls = {name: float((elsewhere[(frames.centres == name) & (label == polyps)] == polyps).mean()) for name in WITH_POLYPS}
    negatives, stomach = frames.centres == NEGATIVES, frames.centres == "barcelona-egd"
    own = frames.centres == INSIDE
    scores = []
    for one in range(len(CLASSES)):
        hits = ((inside == one) & (label == one) & own).sum()
        scores.append(2 * hits / (((inside == one) & own).sum() + ((label == one) & own).sum()))
    return {
        **recalls,
        "polyps mean": float(np.mean(list(recalls.values()))),
        "polyps worst": min(recalls.values()),
        "normal seen": float((inside[negatives] == normal).mean()),
        "normal unseen": float((elsewhere[negatives] == normal).mean()),
        "normal egd": float((elsewhere[stomach] == normal).mean()),
        "egd as colitis": float((elsewhere[stomach] == colitis).mean()),
        "macro F1 inside": float(np.mean(scores)),
    }


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    frames = read(asked.data)
    console = Console(width=200)
    counts = {str(name): int((frames.centres == name).sum()) for name in np.unique(frames.centres)}
    console.print(f"{len(frames.rows)} frames, fingerprint {frames.fingerprint}: {counts}")
    finals = preprocessed(frames.rows, recipe_named("clean"), asked.work, TaskContext())
    seen = {name: features(name, frames, finals, asked.work) for name in BACKBONES}
    took = milliseconds([lite for _, lite in seen.values()], finals)
    console.print(", ".join(f"{name} {ms:.2f} ms" for name, ms in zip(seen, took, strict=True)), f"ratio {took[1] / took[0]:.3f}")
    rows: dict[tuple[str, str], dict[str, float]] = {}
    for balance in CENTRE_BALANCES:
        told = {name: [all_answers(frames, inputs, balance, seed) for seed in range(asked.seeds)] for name, (inputs, _) in seen.items()}
        together = [mean_of(one, other) for one, other in zip(*told.values(), strict=True)]
        for name, by_seed in {**told, "mean of both": together}.items():
            found = [figures(frames, one) for one in by_seed]
            rows[name, balance] = {key: float(np.mean([one[key] for one in found])) for key in found[0]}
            console.print(name, balance, {key: round(value, 3) for key, value in rows[name, balance].items()})
    table = Table("backbone", "centre_balance", *next(iter(rows.values())))
    for (name, balance), values in sorted(rows.items()):
        table.add_row(name, balance, *(f"{value:.3f}" for value in values.values()))
    console.print(table)


if __name__ == "__main__":
    main()
