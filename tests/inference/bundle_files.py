"""Bundles whose backbone is no network: enough for whatever only reads and proves them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import CLEAN

Description = dict[str, Any]


def head_arrays(channels: int = 12, units: int = 5, classes: int = 3, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"dense_kernel": (channels, units), "dense_bias": (units,), "logits_kernel": (units, classes), "logits_bias": (classes,)}
    return {name: rng.normal(0, 1, shape).astype(np.float32) for name, shape in shapes.items()}


def write_bundle(folder: Path, change: Callable[[Description], object] = dict) -> Path:
    """A bundle that is whole, unless `change` spoils its description."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backbone.tflite").write_bytes(b"no network")
    np.savez(folder / "head.npz", **head_arrays())
    files = {name: sha256_file(folder / name) for name in ("backbone.tflite", "head.npz")}
    bundle = ModelBundle("x", PAPER_CLASSES, CLEAN, datetime(2025, 11, 23, tzinfo=UTC), files, metrics={"n": 3})
    told = bundle.to_json()
    change(told)
    (folder / "bundle.json").write_text(json.dumps(told), encoding="utf-8")
    return folder
