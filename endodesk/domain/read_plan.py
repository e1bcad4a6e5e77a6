"""Read plan: who reads which frames of a study, in which order. From a seed and the frames' names alone, so the same on each PC."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from endodesk.domain.consensus import Said
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import YES, AnnotationKind, Correction

MOST_READERS = 50
LONGEST_WASH_OUT_DAYS = 3650
LARGEST_SEED = 2**31 - 1
_LONGEST_NAME = 200
_YEARS = 2000, 2200
_AT_LEAST = timedelta(microseconds=1)
"""Between a word and one of a later reading, also without a wash-out."""
_RANGE = 2**64

S = TypeVar("S", bound=Said)


def can_be_planned(name: str) -> bool:
    """Whether a read plan can name this reader."""
    return bool(name.strip()) and name == name.strip() and len(name) <= _LONGEST_NAME and name.isprintable()


class ReadKind(StrEnum):
    """Why a reader reads a frame. No reader is told which it is."""

    FIRST = "first"
    SECOND = "second"
    """Once more, after the wash-out: how far the reader agrees with themselves."""
    HONEYPOT = "honeypot"
    """The truth is known, and the frame is not among the reader's own: how far the reader agrees with it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of one frame."""

    image: Sha256
    kind: ReadKind


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A study. BadRequest, a sentence, for what is no plan."""

    readers: tuple[str, ...]
    since: datetime
    """When the study began, aware: what was said of a honeypot before does not count."""
    overlap_percent: int = 20
    """Of all frames, those that each reader reads; the others are dealt out evenly."""
    second_percent: int = 10
    """Of a reader's own frames, those to be read a second time."""
    wash_out_days: int = 28
    honeypot_percent: int = 5
    """Honeypots for a hundred frames of a reader's own."""
    folders_are_true: bool = False
    """Whether class folders tell the truth of honeypots where there is no verdict."""
    seed: int = 42

    def __post_init__(self) -> None:
        if not 1 <= len(self.readers) <= MOST_READERS:
            raise BadRequest(f"A read plan needs at least one reader, and at most {MOST_READERS}.")
        for name in self.readers:
            if not can_be_planned(name):
                raise BadRequest(f"{name[:40]!r} is no name of a reader.")
        if len(set(self.readers)) < len(self.readers):
            raise BadRequest("Two readers of the plan have the same name.")
        for share in (self.overlap_percent, self.second_percent, self.honeypot_percent):
            _check_within(share, 100, "A share of a read plan is a whole number from 0 to 100 percent")
        _check_within(self.wash_out_days, LONGEST_WASH_OUT_DAYS, f"The wash-out is a number of days, at most {LONGEST_WASH_OUT_DAYS}")
        _check_within(self.seed, LARGEST_SEED, f"The seed is a whole number from 0 to {LARGEST_SEED}")
        if self.since.tzinfo is None or not _YEARS[0] <= self.since.year <= _YEARS[1]:
            raise BadRequest(f"The time of a read plan must carry its zone, and a year from {_YEARS[0]} to {_YEARS[1]}.")

    @property
    def wash_out(self) -> timedelta:
        """Between a frame's first and second reading."""
        return max(timedelta(days=self.wash_out_days), _AT_LEAST)

    # Why: docs/decisions/domain.md 9
    def own(self, reader: str, images: Iterable[Sha256]) -> list[Sha256]:
        """The frames of which this reader gives the first reading: those of all readers, and this one's share of the rest."""
        if reader not in self.readers:
            return []
        return [image for image in images if self._is_among("overlap", image, self.overlap_percent) or self._owner(image) == reader]

    def reads_of(self, reader: str, images: Iterable[Sha256], known: Collection[Sha256] = ()) -> list[Read]:
        """All that a reader reads of these frames, in the reader's order; nothing for who is not in the plan.

        `known` are the frames whose truth is known; those of the reader's own are no honeypots.
        """
        there = dict.fromkeys(images)
        own = dict.fromkeys(self.own(reader, there))
        among = sorted((image for image in known if image in there and image not in own), key=lambda image: self._number("honeypot", image))
        pots = among[: round(len(own) * self.honeypot_percent / 100)]
        again = [image for image in own if self._is_among(f"again\0{reader}", image, self.second_percent)]
        reads = [Read(image, kind) for kind, of in zip(ReadKind, (own, again, pots), strict=True) for image in of]
        return sorted(reads, key=lambda read: self._number(f"order\0{reader}\0{read.kind is ReadKind.SECOND}", read.image))

    def _owner(self, image: Sha256) -> str:
        """Of a frame that one reader reads. By the highest number, so that a reader who joins takes frames only for themselves."""
        return max(self.readers, key=lambda reader: (self._number(f"owner\0{reader}", image), reader))

    def _is_among(self, purpose: str, image: Sha256, percent: int) -> bool:
        return self._number(purpose, image) * 100 < percent * _RANGE

    def _number(self, purpose: str, image: Sha256) -> int:
        """By chance, and the same each time: 0 .. 2**64 - 1."""
        return int.from_bytes(hashlib.blake2b(f"{self.seed}\0{purpose}\0{image}".encode(), digest_size=8).digest())

    # --- as a setting -----------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """For the project's settings."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**named, "readers": list(self.readers), "since": self.since.astimezone(UTC).isoformat()}

    @classmethod
    def from_json(cls, told: Any) -> "ReadPlan":
        """What `to_json` gave. TypeError, ValueError or BadRequest for anything else: it may come from anybody."""
        if not isinstance(told, dict) or told.keys() != {field.name for field in fields(cls)}:
            raise ValueError("not a read plan")
        readers, since = told["readers"], told["since"]
        if not isinstance(readers, list) or not all(isinstance(name, str) for name in readers) or not isinstance(since, str):
            raise TypeError("not the readers and the time of a read plan")
        if not isinstance(told["folders_are_true"], bool):
            raise TypeError("not a yes or no")
        return cls(**{**told, "readers": tuple(readers), "since": datetime.fromisoformat(since)})

    def deals_as(self, other: "ReadPlan") -> bool:
        """Whether two plans give each reader the same, whenever each of them was made."""
        return replace(self, since=other.since, readers=other.readers) == other and {*self.readers} == {*other.readers}

    def goes_on(self, before: "ReadPlan | None") -> "ReadPlan":
        """As a change of the plan before: with the same seed the study began when that one did."""
        return replace(self, since=before.since) if before and before.seed == self.seed else self


def _check_within(number: int, most: int, rule: str) -> None:
    if type(number) is not int or not 0 <= number <= most:
        raise BadRequest(f"{rule}, not {number!r:.40}.")


# --- how far a reader has come -----------------------------------------------------------------------------------------


_ENDS = frozenset({AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE})
"""Marks by which a reader has dealt with a frame as much as by a label."""


def ends_reading(said: Correction) -> bool:
    """Whether a reader has read a frame by saying this."""
    return said.kind is AnnotationKind.LABEL or (said.kind in _ENDS and said.value == YES)


@dataclass(frozen=True, slots=True)
class ReadState:
    """How far one reading is."""

    read: Read
    done: bool
    since: datetime | None = None
    """From when on a word counts for this reading; None: whenever it was said, or the first reading must come first."""
    waits: bool = False
    """For its first reading, or for the wash-out to end."""


def readings(words: Sequence[S], wash_out: timedelta) -> tuple[Sequence[S], Sequence[S]]:
    """One reader's words on one frame, oldest first, as those of the first reading and those from the second on.

    A second reading begins with a word that comes after the one before it by the wash-out or more.
    """
    times = [word.at for word in words]
    for place, (before, at) in enumerate(pairwise(times), 1):
        if before and at and at - before >= wash_out:
            return words[:place], words[place:]
    return words, ()


def words_for(plan: ReadPlan, kind: ReadKind, words: Sequence[S], known: datetime | None = None) -> tuple[Sequence[S], Sequence[S]]:
    """One reader's words on one frame, oldest first, as those from before a reading of that kind, and those of it.

    Of a honeypot `known` says since when its truth is; None: always.
    """
    if kind is ReadKind.HONEYPOT:
        begin = max(known or plan.since, plan.since)
        counted = sum(word.at is not None and word.at >= begin for word in words)
        return words[: len(words) - counted], words[len(words) - counted :]
    first, later = readings(words, plan.wash_out)
    return (first, later) if kind is ReadKind.SECOND else ((), first)


def state_of(plan: ReadPlan, read: Read, words: Sequence[Said], now: datetime, *, known: datetime | None = None) -> ReadState:
    """How far a reading is, by what `words_for` takes."""
    if read.kind is ReadKind.FIRST:
        return ReadState(read, bool(words))
    first, later = words_for(plan, read.kind, words, known)
    last = next((word.at for word in reversed(first) if word.at), None)
    due = last + plan.wash_out if last else None
    if later:
        return ReadState(read, True, due)
    if read.kind is ReadKind.SECOND and due is None:
        return ReadState(read, False, waits=True)
    return ReadState(read, False, due, due is not None and due > now)


class Truth(NamedTuple):
    """What a frame is known to be."""

    name: str
    """The class of today."""
    since: datetime | None = None
    """None: always."""
    by: str = ""
    """Who has said so, and is no honeypot's reader therefore; empty for a class folder."""


Truths = Mapping[Sha256, Truth]
