"""Predictions and corrections: what models and readers said of a frame."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides

BundleId = NewType("BundleId", str)
"""Name of a model bundle: 12 hexadecimal digits, from the hashes of its files."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One model's answer for one frame; probabilities in the bundle's class order, summing to 1."""

    image: Sha256
    bundle: BundleId
    probabilities: tuple[float, ...]
    given: FrameOverrides = NOTHING_GIVEN
    """What held by hand when it was asked."""
    pages: int = 1
    """How many pictures its file holds, of which the first was answered. Not stored."""

    def __post_init__(self) -> None:
        # 1e-3: a float32 softmax sums to 1 but for its last digits
        if not self.probabilities or min(self.probabilities) < 0 or not math.isclose(sum(self.probabilities), 1.0, abs_tol=1e-3):
            raise ValueError(f"probabilities must be positive and sum to 1, not {self.probabilities}")

    @property
    def answer(self) -> int:
        """Index of the most probable class."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)


class AnnotationKind(StrEnum):
    """What a correction is about. Of each the newest that stands holds, whatever was said of the others."""

    LABEL = "label"
    """The class, in one reader's eyes: each reader has labels of their own."""
    VERDICT = "verdict"
    """The class, by somebody who saw what the readers say: it holds before their labels."""
    EXCLUDED = "excluded"
    POOR_QUALITY = "poor quality"
    NOT_SURE = "not sure"
    FLAGGED = "flagged"
    NOTE = "note"


CLASSED = frozenset({AnnotationKind.LABEL, AnnotationKind.VERDICT})
"""What names a class. All else stands beside it."""
YES = "yes"
MARKS = (AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE, AnnotationKind.FLAGGED)
"""What is said by yes or no."""
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Marks:
    """What readers said of a frame beside its class, as it stands now."""

    excluded: bool = False
    poor_quality: bool = False
    not_sure: bool = False
    flagged: bool = False
    note: str = ""

    @property
    def unfit(self) -> bool:
        """Whether the frame is of no use for training or testing, whatever its label."""
        return self.excluded or self.poor_quality

    @classmethod
    def of(cls, said: Mapping[AnnotationKind, str]) -> "Marks":
        """The marks and the note from the newest standing word on each; what nothing was said of is off, or empty."""
        yes = {mark: said.get(mark, "") == YES for mark in MARKS}
        return cls(
            yes[AnnotationKind.EXCLUDED],
            yes[AnnotationKind.POOR_QUALITY],
            yes[AnnotationKind.NOT_SURE],
            yes[AnnotationKind.FLAGGED],
            said.get(AnnotationKind.NOTE, ""),
        )

    def has(self, mark: AnnotationKind) -> bool:
        """Whether one of MARKS stands."""
        return {
            AnnotationKind.EXCLUDED: self.excluded,
            AnnotationKind.POOR_QUALITY: self.poor_quality,
            AnnotationKind.NOT_SURE: self.not_sure,
            AnnotationKind.FLAGGED: self.flagged,
        }[mark]


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Correction:
    """A reader says something of a frame, having seen (or not) what a model said. Never edited afterwards."""

    image: Sha256
    value: str
    """The class; of a note its words, empty where it is taken away; of a mark YES, or empty where it is taken off."""
    reader: str
    at: datetime
    """Aware, UTC."""
    bundle: BundleId | None = None
    """The model that had answered by then, if any."""
    answer: str | None = None
    """The class that this model had answered; None if none had."""
    kind: AnnotationKind = AnnotationKind.LABEL
    blind: bool = False
    """The answer was kept from the reader until this was said."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a correction must carry its zone")
        if not self.reader or (self.kind in CLASSED and not self.value):
            raise ValueError("a correction needs a label and a reader")

    @property
    def saw_answer(self) -> bool:
        """Whether the reader could see the answer when saying this."""
        return self.answer is not None and not self.blind
