"""Learning rates: warm-up and decay over a phase's steps."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """The learning rate of each step of a phase."""

    peak: float
    steps: int = 1
    """Of the whole phase, were it not stopped early."""
    warm_up: int = 0
    """Steps in which the rate rises evenly to its peak."""
    decay: str = "none"
    """`cosine`: from the peak to nothing after the last step (Loshchilov and Hutter, 2017, without restarts)."""

    def __call__(self, step: int) -> float:
        """The learning rate of a step, counted from 0 over the whole phase."""
        if step < self.warm_up:
            return self.peak * (step + 1) / self.warm_up
        if self.decay == "none":
            return self.peak
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self.peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
