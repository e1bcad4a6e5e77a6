"""Job: a run that was found fit to be trained, before any library of training is imported."""

from dataclasses import dataclass, replace
from pathlib import Path

from endodesk.domain.errors import BadRequest
from training.inputs.examples import verify_files
from training.learning.weights_and_biases import check_wandb
from training.plan.backbones import DOWNLOAD
from training.plan.channel import Channel
from training.plan.checkpoint import Checkpoints
from training.plan.config import Trackers
from training.plan.forecast import Forecast
from training.plan.run_folder import BUNDLE, CHECKPOINTS, RunPlan, open_run


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
    for warning in plan.warnings:
        channel.warn(warning)
    channel.phase("verifying", len(plan.rows))
    verify_files(plan.rows, channel.task)
    return Job(run, plan, channel, resume)


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
