"""Export: a trained network as a bundle folder that appears only when it is whole and proven."""

import gc
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import TrainingFailed
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.recipes import recipe_named
from endodesk.inference.bundle import DESCRIPTION
from endodesk.inference.predictor import Predictor
from training.calibration import Calibration
from training.litert import to_litert
from training.network import Network
from training.run_folder import RunPlan

TOLERANCE = 1e-4
"""By how much a probability of LiteRT and numpy may differ from Keras'."""


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, which becomes the target if all goes well and vanishes if not. The target must not exist."""
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    beside.mkdir()
    try:
        yield beside
        gc.collect()  # an interpreter that still maps the file would hold the folder on Windows
        for path in [*beside.iterdir(), beside]:
            _fsync(path)
        beside.rename(target)
        _fsync(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_network(network: Network, folder: Path, *, backbone: Path | None = None) -> None:
    """backbone.tflite, head.npz and model.keras; `backbone` is a LiteRT file of the same weights, if there is one already."""
    if backbone is None:
        (folder / "backbone.tflite").write_bytes(to_litert(network.backbone))
    else:
        shutil.copyfile(backbone, folder / "backbone.tflite")
    dense, logits = network.head.get_layer("dense"), network.head.get_layer("probabilities")
    arrays = zip(("dense_kernel", "dense_bias", "logits_kernel", "logits_bias"), [*dense.get_weights(), *logits.get_weights()], strict=True)
    np.savez(folder / "head.npz", **dict(arrays))
    keras.saving.save_model(network.whole, folder / "model.keras")


def describe(
    folder: Path, plan: RunPlan, *, run: Path, parent: str, metrics: dict[str, Any], calibration: Calibration | None = None
) -> ModelBundle:
    """Write bundle.json over all other files of the folder; without a calibration yet, answers are as the network gives them."""
    calibration = calibration or Calibration()
    now = datetime.now(UTC).replace(microsecond=0)
    bundle = ModelBundle(
        name=f"{plan.config.name} {now:%Y-%m-%d %H:%M}",
        classes=plan.classes,
        recipe=recipe_named(plan.config.recipe),
        created=now,
        files={path.name: sha256_file(path) for path in sorted(folder.iterdir()) if path.name != DESCRIPTION},
        backbone=plan.config.backbone,
        scaling=plan.config.scaling,
        temperature=calibration.temperature,
        not_sure_below=calibration.not_sure_below,
        synthetic=plan.config.synthetic,
        parent=parent,
        run=run.name,
        split_fingerprint=plan.fingerprint,
        metrics=metrics,
        notes=" ".join(plan.warnings),
    )
    (folder / DESCRIPTION).write_text(json.dumps(bundle.to_json(), indent=2) + "\n", encoding="utf-8")
    return bundle


def prove(predictor: Predictor, network: Network, finals: NDArray[np.uint8]) -> float:
    """Greatest difference between the bundle's probabilities and Keras' on N x 224 x 224 x 3 frames.

    TrainingFailed if it is above the tolerance: then the bundle is not the network that was trained.
    """
    keras_says = np.asarray(network.whole(finals.astype(np.float32), training=False))
    difference = float(np.abs(predictor.predict_final(finals) - keras_says).max())
    if not difference <= TOLERANCE:
        raise TrainingFailed(f"The exported model differs from the trained one by {difference:.2g}; it was not kept. Please report this.")
    return difference


def _fsync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot flush a folder
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
