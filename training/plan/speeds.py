"""Speeds: what the stages of a training take, on a reference machine and, as earlier runs noted it, on this one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from endodesk.system.own_record import note, noted
from endodesk.system.threads import cores
from training.plan.config import Config, Paths, Split, Trackers

SPEEDS = "training-speeds"
"""Under this, how fast each kind of training went on this PC is noted (`endodesk.system.own_record`)."""
FROZEN, FINE_TUNING = "frozen", "fine-tuning"
_REFERENCE: Mapping[str, tuple[float, float]] = {
    "verifying": (0.05, 0.0003),
    "starting": (5.0, 0),
    "preprocessing": (1.2, 0.008),
    "inputs": (1.5, 0.008),
    "features": (0.1, 0.0075),
    "steps": (0.015, 0.0001),
    "lower inputs": (6.0, 0.006),
    "tracing": (8.0, 0),
    "tuned": (0.1, 0.0205),
    "ended": (0.1, 0),
    "exporting": (0.4, 0),
    "exporting tuned": (5.0, 0),
    "loading": (1.4, 0),
    "answers": (0.2, 0.018),
    "probe": (0.3, 0.1),
    "report": (1.2, 0),
}
"""Seconds that each stage takes on two cores of 2020, and seconds for each of its frames. Others differ by a factor, mostly one for all."""
_FIRST_S: Mapping[str, float] = {"features": 0.4, "steps": 0.4, "tuned": 2.5}
"""More in the first epoch: interpreters are made, and TensorFlow builds what validates."""
_BELIEVED = (0.001, 1000.0)
"""Times the reference that a stage can take."""
_MOST_EPOCHS = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """What a run does for a while: a stage, for so many frames."""

    stage: str
    frames: int = 0
    phase: str = ""
    epoch: int = 0
    """The epoch of the phase that it belongs to; 0 outside of epochs."""

    @property
    def reference_s(self) -> float:
        """Seconds on the reference machine."""
        fixed, each = _REFERENCE[self.stage]
        return fixed + each * self.frames + (_FIRST_S.get(self.stage, 0.0) if self.epoch == 1 else 0.0)


@dataclass(slots=True)
class Speeds:
    """How one kind of training went on this machine: times the reference, by stage, and epochs that each phase took."""

    factors: dict[str, float] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)

    @classmethod
    def noted(cls, kind: str) -> Self:
        """From earlier runs; without what is not noted, or cannot be believed."""
        try:
            value = json.loads(noted(SPEEDS, kind) or "{}")
            factors = {name: float(value["factors"][name]) for name in _REFERENCE if name in value["factors"]}
            epochs = {phase: int(value["epochs"][phase]) for phase in (FROZEN, FINE_TUNING) if phase in value["epochs"]}
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return cls()
        least, most = _BELIEVED
        return cls(
            {name: factor for name, factor in factors.items() if least < factor < most},
            {phase: n for phase, n in epochs.items() if 0 < n <= _MOST_EPOCHS},
        )

    def note(self, kind: str) -> None:
        """For later runs of this kind."""
        factors = {name: round(factor, 4) for name, factor in self.factors.items()}
        note(SPEEDS, kind, json.dumps({"factors": factors, "epochs": self.epochs}, separators=(",", ":")))


def kind_of(config: Config) -> str:
    """A digest of all that the speed of a training hangs on, but for the number of its frames."""
    same = replace(config, name="", seed=0, classes=(), aliases=(), left_out=(), synthetic=False)
    same = replace(same, split=Split(), paths=Paths(), trackers=Trackers())
    return hashlib.sha256(f"{cores()}\n{same.to_toml()}".encode("utf-8", "surrogateescape")).hexdigest()


def pieces_of(config: Config, *, train: int, val: int, test: int, others: int) -> list[Piece]:
    """What a run of so many frames does, in its order, if no phase ends early; the new model is measured beside so many `others`."""
    seen = val * (1 + (config.input.shift_views if config.input.shift != "none" else 0))
    pieces = [Piece("verifying", train + val + test)]
    if config.quick:
        pieces += [Piece("preprocessing", train + val + test)]
    else:
        pieces += [Piece("starting"), Piece("preprocessing", train + val + test), Piece("inputs", seen, FROZEN)]
    for epoch in range(1, config.frozen.epochs + 1):
        if not config.quick and epoch <= config.frozen.views:
            pieces.append(Piece("features", train, FROZEN, epoch))
        pieces.append(Piece("steps", train + seen, FROZEN, epoch))
    if config.finetune.epochs:
        pieces += [Piece("ended", phase=FROZEN), Piece("lower inputs", seen, FINE_TUNING), Piece("tracing", phase=FINE_TUNING)]
        pieces += [Piece("tuned", train + seen // 2, FINE_TUNING, epoch) for epoch in range(1, config.finetune.epochs + 1)]
    if not config.quick:
        pieces.append(Piece("ended", phase=FINE_TUNING if config.finetune.epochs else FROZEN))
    pieces.append(Piece("exporting tuned" if config.finetune.epochs else "exporting"))
    if config.quick:  # its base is loaded already, and sees what most others see
        return [*pieces, Piece("answers"), Piece("report")]
    return [*pieces, Piece("loading"), Piece("answers", val + test * (1 + others)), Piece("probe", test), Piece("report")]
