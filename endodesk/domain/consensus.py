"""Consensus: what a frame is called where several readers say what it is. The one rule for window, training and exports."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Basis(StrEnum):
    """Why a frame is called what it is called."""

    SINGLE = "single"
    """One reader has labelled it."""
    MAJORITY = "majority"
    """More than half of its readers say so."""
    ADJUDICATED = "adjudicated"
    """Somebody gave a verdict, having seen what the readers say."""
    DISAGREEMENT = "disagreement"
    """No class has a majority: the frame has no label until somebody adjudicates."""


class Said(Protocol):
    """What a word must tell: who said it, when, and the class."""

    @property
    def reader(self) -> str:
        """By name."""
        ...

    @property
    def at(self) -> datetime | None:
        """Aware; None where that is not known."""
        ...

    @property
    def value(self) -> str:
        """The class, as it was called then; of a mark or a note what was said."""
        ...


W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Decision(Generic[W]):
    """What holds of a frame."""

    basis: Basis
    word: W | None
    """The word that holds: of a majority its newest; None while readers disagree."""


def newest(words: Sequence[W], said: Callable[[W], Said]) -> W:
    """Of the words of several readers the one said last: by their times, so that it is the same in whatever order records are joined."""
    return max(words, key=lambda word: (said(word).at or _EARLIEST, said(word).reader))


def in_force(labels: Sequence[W], verdicts: Sequence[W], said: Callable[[W], Said]) -> list[W]:
    """Verdicts whose readers have given the frame no label of their own since: who does is one of its readers from then on."""

    def later_label(verdict: W) -> bool:
        at = said(verdict).at or _EARLIEST
        return any(said(label).reader == said(verdict).reader and (said(label).at or _EARLIEST) > at for label in labels)

    return [verdict for verdict in verdicts if not later_label(verdict)]


# Why: docs/decisions/domain.md 8
def decide(
    labels: Sequence[W], verdicts: Sequence[W], *, said: Callable[[W], Said], class_of: Callable[[str], str] = str
) -> Decision[W] | None:
    """Adjudicated before majority before single; None where nobody has said anything. A verdict counts while it is `in_force`.

    `labels` and `verdicts` hold one word a reader, the last one of theirs that stands. `class_of` tells the class that a word means:
    readers whose words mean the same class agree.
    """
    if standing := in_force(labels, verdicts, said):
        return Decision(Basis.ADJUDICATED, newest(standing, said))
    if len(labels) < 2:
        return Decision(Basis.SINGLE, labels[0]) if labels else None
    called = [class_of(said(word).value) for word in labels]
    name, readers = Counter(called).most_common(1)[0]
    if 2 * readers <= len(labels):
        return Decision(Basis.DISAGREEMENT, None)
    return Decision(Basis.MAJORITY, newest([word for word, of in zip(labels, called, strict=True) if of == name], said))
