"""Answers and a bundle's description made by hand, for the tests of reports."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES, ClassSet
from endodesk.imaging.preprocessing.pipeline import PAPER
from training.evaluation.predictions import LabelledFrame, Predictions

DIGEST = "ab" * 32


def a_bundle(classes: ClassSet = PAPER_CLASSES, **more: object) -> ModelBundle:
    files = {"backbone.tflite": DIGEST, "head.npz": DIGEST}
    return ModelBundle("made by hand", classes, PAPER, datetime(2025, 11, 23, tzinfo=UTC), files, **more)  # type: ignore[arg-type]


def some_answers(files: list[Path], *, classes: ClassSet = PAPER_CLASSES, seed: int = 0) -> Predictions:
    """Labels in turn; most answers right."""
    rng = np.random.default_rng(seed)
    truth = np.arange(len(files)) % len(classes)
    probabilities = rng.dirichlet([0.5] * len(classes), len(files))
    probabilities[np.arange(len(files)), truth] += 0.4
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    frames = tuple(LabelledFrame(path, classes.names[label], path.name) for path, label in zip(files, truth, strict=True))
    return Predictions(frames, truth.astype(np.intp), probabilities, classes, ())
