"""What a reader of the plan is to read, and how far they have come. For jobs: of 100,000 frames it takes a second."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameEntry, FrameRows
from endodesk.app.frames.reading_view import ListedReads
from endodesk.app.language import tr
from endodesk.data.database import Database
from endodesk.domain.consensus import newest
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.read_plan import ReadKind, ReadPlan, ReadState, Truth, Truths, ends_reading, state_of
from endodesk.domain.reviews import Correction
from endodesk.system.task import TaskContext

WordsByFrame = Mapping[Sha256, Sequence[Correction]]
"""All that one reader said and did not take back, of each frame, oldest first."""


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
        {image: Truth(classes.class_of(said.value), said.at, said.reader) for image, said in held.items()},
        {image: Truth(classes.class_of(name)) for image, name in folders.items()},
    )


def planned_reads(plan: ReadPlan, reader: str, frames: KnownFrames, words: WordsByFrame, now: datetime) -> list[ReadState]:
    """Each reading of the reader in their order, with how far it is."""
    truths = {image: truth for image, truth in frames.truths(plan).items() if truth.by != reader}
    found = []
    for read in plan.reads_of(reader, frames.images, truths):
        said = [word for word in words.get(read.image, ()) if ends_reading(word)]
        found.append(state_of(plan, read, said, now, known=truths[read.image].since if read.kind is ReadKind.HONEYPOT else None))
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


@dataclass(frozen=True, slots=True)
class PlanOutlook:
    """What a plan comes to in a folder."""

    frames: int
    shared: int
    """Frames that all readers read."""
    known: int
    """Frames whose truth is known."""
    counts: Mapping[str, ReadCounts]
    """By reader."""


def look_ahead(
    plan: ReadPlan, frames: KnownFrames, words_by: Callable[[str], WordsByFrame], now: datetime, task: TaskContext
) -> PlanOutlook:
    """What each reader of a plan reads, and how far they have come; `words_by` tells what a reader said. Cancelled by the task."""
    counts = {}
    for number, reader in enumerate(plan.readers):
        task.report(number, len(plan.readers), "dealing")
        counts[reader] = counted_reads(planned_reads(plan, reader, frames, words_by(reader), now))
    n, others = len(frames.images), len(plan.readers) - 1
    given = sum(count.by_kind[ReadKind.FIRST] for count in counts.values())
    return PlanOutlook(n, (given - n) // others if others else n, len(frames.truths(plan)), counts)


# --- the list of one reader -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class ListSnapshot:
    """What a reading list is made of, at one moment."""

    plan: ReadPlan
    reader: str
    rows: FrameRows
    reviews: ReviewTable
    classes: LabelSet
    database: Database


def list_reads(taken: ListSnapshot, now: datetime) -> ListedReads:
    """What the reader is to read now, each frame at the first of its rows. BadRequest, a sentence, if there is nothing."""
    frames = known_frames(taken.rows, taken.reviews, taken.classes)
    states = planned_reads(taken.plan, taken.reader, frames, taken.database.corrections.words_by(taken.reader), now)
    counts = counted_reads(states)
    wanted = {state.read.image: state.since for state in states if not (state.done or state.waits)}
    if not wanted:
        raise BadRequest(_nothing_told(states, counts))
    row_of: dict[Sha256, int] = {}
    for row, image in enumerate(taken.rows.sha256s):
        if image and not taken.rows.is_unreadable(row):
            row_of.setdefault(image, row)
    return ListedReads(tuple(row_of[image] for image in wanted), wanted, counts.done, counts.total)


def _nothing_told(states: Iterable[ReadState], counts: ReadCounts) -> str:
    if not counts.total:
        return tr("The plan gives you no frame of this folder, as far as it has been read.")
    told = tr("There is nothing for you to read now: {done:,} of {total:,} read.").format(done=counts.done, total=counts.total)
    if dates := [state.since for state in states if state.waits and state.since]:
        told += " " + tr("More follows from {date} on.").format(date=f"{min(dates).astimezone():%Y-%m-%d %H:%M}")
    return told


def _itself(said: Correction) -> Correction:
    return said
