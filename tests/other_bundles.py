"""Bundles that differ from the tiny one in one thing each, consistent with themselves."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from endodesk.domain.classes import ClassSet
from endodesk.domain.recipes import Recipe
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import read_bundle


def with_another_head(bundle: Path, folder: Path) -> Path:
    """The same backbone, other answers."""
    shutil.copytree(bundle, folder)
    with np.load(folder / "head.npz") as arrays:
        turned = {**arrays, "logits_kernel": arrays["logits_kernel"][:, ::-1]}
    np.savez(folder / "head.npz", **turned)
    return _described(folder, files={**read_bundle(bundle).files, "head.npz": sha256_file(folder / "head.npz")})


def with_another_recipe(bundle: Path, folder: Path, recipe: Recipe) -> Path:
    """The same network, asked about differently prepared frames."""
    shutil.copytree(bundle, folder)
    return _described(folder, recipe=recipe)


def with_other_classes(bundle: Path, folder: Path, classes: Iterable[str]) -> Path:
    """The same network, which calls its three classes otherwise."""
    shutil.copytree(bundle, folder)
    return _described(folder, classes=ClassSet.of(classes))


def _described(folder: Path, **changes: object) -> Path:
    text = json.loads((folder / "bundle.json").read_text())
    from endodesk.domain.bundles import ModelBundle

    bundle = replace(ModelBundle.from_json(text), **changes)
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()))
    return folder
