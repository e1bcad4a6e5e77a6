"""Writes a small whole bundle (ImageNet backbone, untrained head of 8 units) into a folder. Run as a module: it needs TensorFlow."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import CLEAN
from training.learning.keras_network import build_network
from training.learning.litert import to_litert
from training.plan.config import HeadConfig


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    network = build_network("-1..1", HeadConfig(units=8), len(PAPER_CLASSES))
    (folder / "backbone.tflite").write_bytes(to_litert(network.backbone))
    rng = np.random.default_rng(1)
    kernel = rng.normal(0, 0.1, (1280, 8)).astype(np.float32)
    logits = rng.normal(0, 1, (8, 3)).astype(np.float32)
    np.savez(folder / "head.npz", dense_kernel=kernel, dense_bias=np.zeros(8, "f"), logits_kernel=logits, logits_bias=np.zeros(3, "f"))
    files = {name: sha256_file(folder / name) for name in ("backbone.tflite", "head.npz")}
    bundle = ModelBundle("tiny", PAPER_CLASSES, CLEAN, datetime(2025, 11, 23, tzinfo=UTC), files, synthetic=True, metrics={"n": 0})
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()), encoding="utf-8")


if __name__ == "__main__":
    keras.utils.set_random_seed(1)
    main(Path(sys.argv[1]))
