"""Job: a run that was found fit to be trained, before any library of training is imported."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_file
from endodesk.system.plain_files import plain_bytes
from training.inputs.examples import verify_files
from training.learning.loop import PhaseResult
from training.learning.weights_and_biases import check_wandb
from training.plan.backbones import DOWNLOAD
from training.plan.channel import Channel
from training.plan.checkpoint import Checkpoints
from training.plan.config import Trackers
from training.plan.forecast import Forecast
from training.plan.run_folder import BUNDLE, CHECKPOINTS, STOPPED, RunPlan, open_run


@dataclass(frozen=True, slots=True)
class Job:
    """What every stage of a run needs to know."""

    run: Path
    plan: RunPlan
    channel: Channel
    resume: bool = False
    """Go on where it was interrupted."""

    @property
    def cache(self) -> Path:
        """Where preprocessed frames and frozen backbones are kept."""
        return Path(self.plan.config.paths.cache or self.run / "cache")

    def enough(self, phase: str) -> bool:
        """Whether a phase need not go on, for somebody asked to keep the best so far. Noted in the run folder: it holds when resumed."""
        by, place = self.channel.stopped_by, self.run / STOPPED
        if by is not None and not place.exists():
            write_file(place, json.dumps({"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds"), "phase": phase}).encode())
        if by is not None and self.channel.forecast:
            self.channel.forecast.end_early()
        return by is not None

    def cut_short(self, phases: Sequence[PhaseResult]) -> dict[str, Any]:
        """Who stopped the run, when, and after which epoch of how many, for its record; empty if it came to its own end."""
        stopped = stopped_run(self.run)
        if not stopped:
            return {}
        config, phase = self.plan.config, stopped["phase"]
        done = next((one.epochs for one in phases if one.phase == phase), 0)
        return {**stopped, "epoch": done, "of": (config.finetune if phase == "fine-tuning" else config.frozen).epochs}

    @property
    def checkpoints(self) -> Path:
        """Where a training that is killed can go on from, until there is a bundle."""
        return self.run / CHECKPOINTS


def open_job(run: Path, channel: Channel, *, resume: bool = False, online: bool = False) -> Job:
    """Check the run folder and every frame in it; BadRequest with a sentence if it cannot be trained, or not be gone on with.

    Not `online`, nothing is told to Weights & Biases, whatever the run's configuration says.
    """
    plan = open_run(run)
    channel.forecast = Forecast.of(plan)
    if (run / BUNDLE).exists():
        raise BadRequest(f"{run} has a finished model already; prepare a new training.")
    if not online:
        plan = _kept_offline(plan, run, channel)
    check_wandb(plan.config.trackers.wandb)  # now, not after all frames are preprocessed
    if resume:
        Checkpoints(run, resume=True)  # made only for its checks: whether configuration and manifest are what they were
        channel.stopped_by = stopped_run(run).get("by")
    for warning in plan.warnings:
        channel.warn(warning)
    channel.phase("verifying", len(plan.rows))
    verify_files(plan.rows, channel.task)
    return Job(run, plan, channel, resume)


def stopped_run(run: Path) -> dict[str, str]:
    """What was noted when somebody stopped a run to keep the best so far; empty if nobody did, or it is damaged."""
    try:
        noted = json.loads(plain_bytes(run / STOPPED))
        return {name: str(noted[name]) for name in ("by", "at", "phase")}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


# Why: docs/decisions/training.md 27
def _kept_offline(plan: RunPlan, run: Path, channel: Channel) -> RunPlan:
    """The plan without what would open a socket; BadRequest if it cannot do without."""
    config, again = plan.config, f"endodesk train --resume {run} --online"
    if config.weights == DOWNLOAD:
        raise BadRequest(f"This training takes its weights from Keras online, which you did not ask for. If you want that: {again}")
    if config.trackers == Trackers():
        return plan
    channel.warn(f"This training would tell Weights & Biases, which you did not ask for: nothing is told. If you want that: {again}")
    return replace(plan, config=replace(config, trackers=Trackers()))
