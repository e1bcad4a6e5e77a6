"""Weights & Biases, where it was asked for: figures and settings of a run, never a frame, a file name or a path."""

import hashlib
import importlib.util
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from endodesk.domain.errors import MissingExtra
from training.learning.history import figures
from training.learning.loop import Confusion
from training.plan.config import Config
from training.plan.epochs import EpochRow

log = logging.getLogger(__name__)
_PRIVATE = {
    "console": "off",
    "save_code": False,
    "disable_git": True,
    "disable_code": True,
    "disable_job_creation": True,
    "host": "endodesk",
    "program": "endodesk",
    "x_disable_meta": True,
    "x_disable_machine_info": True,
    "x_disable_stats": True,
    "x_save_requirements": False,
}
"""Nothing of the machine, its user, its folders or what else runs on it."""


def check_wandb(mode: str) -> None:
    """MissingExtra with a sentence if it is asked for and not installed. It is not loaded."""
    if mode != "off" and importlib.util.find_spec("wandb") is None:
        raise MissingExtra("Weights & Biases is not installed: pip install 'endodesk[wandb]', or train without --wandb.")


class WeightsAndBiases:
    """One run there. Trouble with it is told once and never ends a training."""

    def __init__(self, run: Path, config: Config, classes: Sequence[str], fingerprint: str, warn: Callable[[str], None]) -> None:
        """Begin it, or go on with it after the run was resumed. Offline, everything stays in RUN/wandb (`wandb sync` sends it later)."""
        self._classes, self._warn = classes, warn
        self._run: Any = None
        try:
            os.environ.setdefault("WANDB_ERROR_REPORTING", "false")  # it reports its own crashes to its makers otherwise
            import wandb  # nothing of it is loaded unless it was asked for

            # paths tell names of people and machines
            settings = {key: value for key, value in asdict(config).items() if key not in ("paths", "trackers")}
            self._run = wandb.init(
                project="endodesk",
                name=config.name,
                id=hashlib.sha256(f"{run.name} {fingerprint}".encode()).hexdigest()[:16],  # the same after a resume, and nobody's path
                resume="allow",
                dir=str(run),
                mode=config.trackers.wandb,
                config=settings,
                settings=wandb.Settings(**_PRIVATE),
            )
        except Exception as error:
            self._give_up(error)

    def add(self, step: int, row: EpochRow, confusion: Confusion, trained: Sequence[Any]) -> None:  # noqa: ARG002
        """Figures, and how many frames of each class got which answer."""
        if self._run is None:
            return
        try:
            lines = zip(self._classes, confusion.tolist(), strict=True)
            cells = {truth: dict(zip(self._classes, line, strict=True)) for truth, line in lines}
            self._run.log({"phase": row.phase, **figures(row), "confusion": cells}, step=step)
        except Exception as error:
            self._give_up(error)

    def close(self) -> None:
        """Send or write what is left; trouble is a warning here, too."""
        if self._run is None:
            return
        try:
            self._run.finish()
        except Exception as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._run = None
        log.warning("Weights & Biases: %s", error, exc_info=error)
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        self._warn(f"Weights & Biases cannot be used ({reason}); the training goes on without it.")
