"""What a model probably finds among frames without labels: its own probabilities, corrected by what other hospitals taught about them."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats

FEWEST = 5.0
"""Frames of a class, and of others, that the probabilities must add up to: of fewer nothing is told."""
_ENDS = 0.002, 0.003  # a share of no frames at all is still one
_ALMOST = 0.005  # no share lies nearer to 0 or 1 than half a frame of a hundred


@dataclass(frozen=True, slots=True)
class Span:
    """A figure and the 95 % interval around it, all in 0..1."""

    value: float
    low: float
    high: float


class Line(NamedTuple):
    """From what the probabilities say of a figure to what it was where hospitals were left out, in log odds."""

    offset: float
    slope: float
    half: float
    """Half the 95 % interval: how far hospitals lay from the line of the others."""


# Why: docs/decisions/evaluation.md 19
FINDING = Line(-0.85, 0.99, 1.43)
"""Recall of a class that shows something."""
NORMAL = Line(-2.25, 1.11, 1.71)
"""Recall of a class of normal mucosa: other mucosa is called a finding far oftener than a finding is overlooked."""
SPECIFICITY = Line(-1.48, 1.20, 1.27)
"""Of any class."""


@dataclass(frozen=True, slots=True)
class ClassFit:
    """What is to be expected of one class."""

    name: str
    called: int
    """Frames that the model gives this class."""
    recall: Span | None
    """None where there are too few frames of it to tell."""
    specificity: Span | None
    """Share of the frames of other classes that are not given this one."""


def estimated(name: str, probabilities: Floats, place: int) -> ClassFit:
    """Of the class at a place of N x C probabilities, of frames that the model has not learnt from."""
    own = probabilities[:, place].astype(np.float64)
    called = probabilities.argmax(axis=1) == place
    recall = specificity = None
    if own.sum() >= FEWEST:
        recall = _along(NORMAL if is_normal(name) else FINDING, said_share(own, called))
    if (1 - own).sum() >= FEWEST:
        specificity = _along(SPECIFICITY, said_share(1 - own, ~called))
    return ClassFit(name, int(called.sum()), recall, specificity)


def said_share(own: NDArray[np.floating], called: NDArray[np.bool_], weights: NDArray[np.floating] | None = None) -> float:
    """What the probabilities themselves say of a recall: of all that they expect of a class, the share in frames that are called so."""
    return float((np.average(own * called, weights=weights) + _ENDS[0]) / (np.average(own, weights=weights) + _ENDS[1]))


def is_normal(name: str) -> bool:
    """Whether a class is one of normal mucosa, by its name: a frame without a finding."""
    return name.casefold().startswith("normal")


def is_checked(name: str) -> bool:
    """Whether hospitals left out had frames of such a class, by its name: of others an estimate is a guess."""
    return is_normal(name) or "polyp" in name.casefold()


def log_odds(share: float) -> float:
    """Of a share in 0..1, both ends included."""
    share = (share + _ALMOST) / (1 + 2 * _ALMOST)
    return math.log(share / (1 - share))


def share_of(odds: float) -> float:
    """The share in 0..1 that has these log odds."""
    share = 1 / (1 + math.exp(-odds))
    return min(1.0, max(0.0, share * (1 + 2 * _ALMOST) - _ALMOST))


def _along(line: Line, said: float) -> Span:
    odds = line.offset + line.slope * log_odds(said)
    return Span(*(share_of(odds + way * line.half) for way in (0, -1, 1)))
