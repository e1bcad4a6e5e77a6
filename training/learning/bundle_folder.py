"""The folder of a bundle in the making: it appears only when it is whole and proven."""

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.member_networks import Member
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.pixels import Floats
from endodesk.inference.bundle import DESCRIPTION
from endodesk.inference.head import HEAD_ARRAYS
from endodesk.system.atomic import whole_folder
from training.evaluation.calibration import Calibration
from training.plan.run_folder import RunPlan


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, which becomes the target if all goes well and vanishes if not. The target must not exist."""
    with whole_folder(target) as beside:
        yield beside
        gc.collect()  # an interpreter that still maps a file would hold the folder on Windows


def write_head(folder: Path, weights: Sequence[Floats]) -> None:
    """head.npz of the four arrays that `inference.head.Head` takes, in its order."""
    np.savez(folder / "head.npz", **dict(zip(HEAD_ARRAYS, weights, strict=True)))  # type: ignore[arg-type]  # names, not its options


def describe(
    folder: Path, plan: RunPlan, made_of: Member, *, run: Path, parent: str, metrics: dict[str, Any], calibration: Calibration | None = None
) -> ModelBundle:
    """Write bundle.json over all other files of the folder, whose only network is `made_of`.

    Without a calibration yet, answers are as the network gives them.
    """
    calibration = calibration or Calibration()
    now = datetime.now(UTC).replace(microsecond=0)
    bundle = ModelBundle(
        name=f"{plan.config.name} {now:%Y-%m-%d %H:%M}",
        classes=plan.classes,
        recipe=made_of.recipe,
        created=now,
        # it cannot hold its own hash
        files={path.name: sha256_file(path) for path in sorted(folder.iterdir()) if path.name != DESCRIPTION},
        backbone=made_of.backbone,
        scaling=made_of.scaling,
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
