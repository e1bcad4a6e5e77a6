"""What an epoch came to: as the curves show it, as history and checkpoints keep it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EpochRow:
    """What an epoch (from 1, in its phase) came to. Losses are in nats, accuracies and shares in 0..1."""

    phase: str
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    shifted_loss: float | None
    """On validation frames whose source is hidden; None without `input.shift`."""
    shifted_accuracy: float | None
    waited: float
    """Share of the time of the training steps in which they waited for input."""
    seconds: float
    """Of the epoch with its validation."""

    def score(self, select_by: str) -> float:
        """The loss by which the best epoch is chosen (`training.select_by`); the lowest is the best, nan is none."""
        if self.shifted_loss is None or select_by == "validation":
            return self.val_loss
        return self.shifted_loss if select_by == "shifted" else (self.val_loss + self.shifted_loss) / 2
