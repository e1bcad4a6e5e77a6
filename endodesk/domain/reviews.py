"""Predictions and corrections: what models and readers said of a frame."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from endodesk.domain.images import Sha256

BundleId = NewType("BundleId", str)
"""Name of a model bundle: 12 hexadecimal digits, from the hashes of its files."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One model's answer for one frame; probabilities in the bundle's class order, summing to 1."""

    image: Sha256
    bundle: BundleId
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.probabilities or min(self.probabilities) < 0 or not math.isclose(sum(self.probabilities), 1.0, abs_tol=1e-3):
            raise ValueError(f"probabilities must be positive and sum to 1, not {self.probabilities}")

    @property
    def answer(self) -> int:
        """Index of the most probable class."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)


@dataclass(frozen=True, slots=True)
class Correction:
    """A reader gives a frame a label, having seen (or not) what a model said. Never edited afterwards."""

    image: Sha256
    label: str
    reader: str
    at: datetime
    """Aware, UTC."""
    bundle: BundleId | None = None
    """The model whose answer was on screen, if any."""
    answer: str | None = None
    """What it said."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a correction must carry its zone")
        if not self.label or not self.reader:
            raise ValueError("a correction needs a label and a reader")
