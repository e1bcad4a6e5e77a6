"""RunEvent: one line of the protocol between a training run and whoever watches it (JSON lines on stdout)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class RunEventKind(StrEnum):
    """The kinds of lines; beside each stand the fields of RunEvent that it fills."""

    PHASE = "phase"  # a phase begins: phase, total (epochs, or frames)
    PROGRESS = "progress"  # within a phase: done, total (frames, or training steps)
    EPOCH = "epoch"  # an epoch ended: phase, done, total, metrics (loss, accuracy, val_loss, val_accuracy)
    ALIVE = "alive"  # heartbeat, every few seconds
    WARNING = "warning"  # message: worth telling, the run goes on
    FINISHED = "finished"  # bundle (folder), metrics, active_metrics, message
    FAILED = "failed"  # message: one sentence
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run. Fields that a kind does not use keep their defaults."""

    kind: RunEventKind
    phase: str = ""
    done: int = 0
    total: int = 0
    metrics: Mapping[str, Any] = field(default_factory=dict)
    active_metrics: Mapping[str, Any] = field(default_factory=dict)
    """The active model's figures on the same test frames; empty where it cannot be compared."""
    bundle: str = ""
    message: str = ""
    seconds: float = 0.0
    """Since the run began."""

    def to_line(self) -> str:
        """One line of JSON without the newline."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Self | None:
        """None if the line is not an event (a library that prints to stdout all the same)."""
        try:
            value = json.loads(line)
            return cls(**{**value, "kind": RunEventKind(value["kind"])})
        except (ValueError, TypeError, KeyError):
            return None
