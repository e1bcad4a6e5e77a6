"""What a reader of the plan is to read, and how far they have come. For jobs: of 100,000 frames it takes a second."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameEntry
from endodesk.domain.consensus import newest
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.read_plan import ReadKind, ReadPlan, ReadState, Truths, state_of
from endodesk.domain.reviews import YES, AnnotationKind, Correction
from endodesk.system.task import TaskContext

_DONE_BY = frozenset({AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE})
"""Marks by which a reader has dealt with a frame as much as by a label."""

WordsByFrame = Mapping[Sha256, Sequence[Correction]]
"""All that one reader said and did not take back, of each frame, oldest first."""


def ends_reading(said: Correction) -> bool:
    """Whether a reader has read a frame by saying this."""
    return said.kind is AnnotationKind.LABEL or (said.kind in _DONE_BY and said.value == YES)


@dataclass(frozen=True, slots=True)
class KnownFrames:
    """The frames of a study, each once, and what is known of their truth."""

    images: Sequence[Sha256]
    verdicts: Truths
    folders: Truths

    def truths(self, plan: ReadPlan) -> Truths:
        """By the verdicts; of other frames by their class folders, if the plan says that these are true."""
        return {**self.folders, **self.verdicts} if plan.folders_are_true else self.verdicts


def known_frames(entries: Iterable[FrameEntry], reviews: ReviewTable, classes: LabelSet) -> KnownFrames:
    """Of the frames of a folder those that could be read."""
    entry_of = {entry.sha256: entry for entry in entries if entry.sha256 and not entry.unreadable}
    decided = {image: reviews.words_of(image).verdicts for image in entry_of}
    held = {image: newest([stored.correction for stored in verdicts], _itself) for image, verdicts in decided.items() if verdicts}
    folders = {image: entry.folder_label for image, entry in entry_of.items() if entry.folder_label in classes}
    return KnownFrames(
        list(entry_of),
        {image: (classes.class_of(said.value), said.at) for image, said in held.items()},
        {image: (classes.class_of(name), None) for image, name in folders.items()},
    )


def planned_reads(plan: ReadPlan, reader: str, frames: KnownFrames, words: WordsByFrame, now: datetime) -> list[ReadState]:
    """Each reading of the reader in their order, with how far it is."""
    truths = frames.truths(plan)
    found = []
    for read in plan.reads_of(reader, frames.images, truths):
        said = [word for word in words.get(read.image, ()) if ends_reading(word)]
        found.append(state_of(plan, read, said, now, known=truths[read.image][1] if read.kind is ReadKind.HONEYPOT else None))
    return found


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How many frames a reader reads, by why; and how many of all these readings are done."""

    by_kind: Mapping[ReadKind, int]
    done: int

    @property
    def total(self) -> int:
        """Readings of all kinds."""
        return sum(self.by_kind.values())


def counted_reads(states: Iterable[ReadState]) -> ReadCounts:
    """How far a reader has come."""
    known = list(states)
    kinds = Counter(state.read.kind for state in known)
    return ReadCounts({kind: kinds[kind] for kind in ReadKind}, sum(state.done for state in known))


def plan_counts(
    plan: ReadPlan, frames: KnownFrames, words_by: Callable[[str], WordsByFrame], now: datetime, task: TaskContext
) -> dict[str, ReadCounts]:
    """What each reader of a plan reads, and how far they have come; `words_by` tells what a reader said. Cancelled by the task."""
    found = {}
    for number, reader in enumerate(plan.readers):
        task.report(number, len(plan.readers), "counting")
        found[reader] = counted_reads(planned_reads(plan, reader, frames, words_by(reader), now))
    return found


def _itself(said: Correction) -> Correction:
    return said
