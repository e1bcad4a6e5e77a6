"""Where the background answers stand, and how far they are."""

from dataclasses import dataclass
from enum import StrEnum


class AnswersState(StrEnum):
    """Where the background work stands."""

    IDLE = "idle"  # no model, no frames, or nothing left to do
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by the reader, or by a failure


@dataclass(frozen=True, slots=True)
class AnswersProgress:
    """How many of the folder's readable frames have an answer, and how fast more are coming."""

    answered: int
    total: int
    a_second: float
    """Frames answered in a second, of late; 0 while that is not known."""

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this speed; None while the speed is not known."""
        return (self.total - self.answered) / self.a_second if self.a_second > 0 else None
