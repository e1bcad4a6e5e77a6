"""RunEvent: one line of the protocol between a training run and whoever watches it (JSON lines on stdout); and what that may wish."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class RunEventKind(StrEnum):
    """The kinds of lines; beside each stand the fields of RunEvent that it fills."""

    PHASE = "phase"  # a phase begins: phase, total (epochs, or frames)
    PROGRESS = "progress"  # within a phase: done, total (frames, or training steps)
    EPOCH = "epoch"  # an epoch ended: phase, done, total, metrics (loss, accuracy, val_loss, val_accuracy)
    ALIVE = "alive"  # heartbeat, every few seconds
    PAUSED = "paused"  # it waits, from its next step on
    GOES_ON = "goes on"
    WARNING = "warning"  # message: worth telling, the run goes on
    DETACHED = "detached"  # it goes on without its watcher, who hears no more on stdout
    FINISHED = "finished"  # bundle (folder), metrics, message
    FAILED = "failed"  # message: one sentence
    CANCELLED = "cancelled"


LAST_KINDS = (RunEventKind.FINISHED, RunEventKind.FAILED, RunEventKind.CANCELLED)
"""Nothing comes after one of these."""
CANCEL, PAUSE, GO_ON, STOP, DETACH = "cancel", "pause", "go on", "stop", "go on alone"
"""What a run can be asked by its watcher, a line each on stdin. After STOP comes who asks: no epoch begins any more, and the best so far
becomes the model."""
LONGEST_WISH = 1000
"""Letters; what is longer is none."""


def stop_wish(reader: str) -> str:
    """As a line: stop and keep the best so far, asked by this reader."""
    return f"{STOP} {' '.join(reader.split())}"[:LONGEST_WISH]


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run. Fields that a kind does not use keep their defaults."""

    kind: RunEventKind
    phase: str = ""
    done: int = 0
    total: int = 0
    metrics: Mapping[str, Any] = field(default_factory=dict)
    bundle: str = ""
    message: str = ""
    seconds: float = 0.0
    """Since the run began, without those in which it was paused."""
    share: float = 0.0
    """How much of the whole run is done, 0 to 1; it never falls."""
    left: float = -1.0
    """Seconds that the run still takes; below 0 while nobody knows."""
    most: float = -1.0
    """Seconds that it takes at most, where phases may end early."""

    def to_line(self) -> str:
        """One line of JSON without the newline."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Self | None:
        """None if the line is not an event (a library that prints to stdout all the same)."""
        try:
            value = json.loads(line)
            told = {field.name: _KINDS[field.type](value[field.name]) for field in fields(cls) if field.name in value}
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return cls(**told) if "kind" in told and told.keys() == value.keys() else None


_LARGEST = 2**53
"""Counts beyond it are no counts, and cannot be divided by each other."""


def _number(value: Any) -> Any:
    """Counts and seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:  # nor NaN
        raise TypeError(f"not a number: {value!r:.80}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r:.80}")
    return value


def _figures(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"no figures by name: {value!r:.80}")
    return value


_KINDS: dict[Any, Callable[[Any], Any]] = {
    RunEventKind: RunEventKind,
    str: _text,
    int: _number,
    float: _number,
    Mapping[str, Any]: _figures,
}
"""What proves a field, by its type."""
