"""Checking a split before it is trained on: parts, label conflicts, near duplicates and leaks, as the next run would have them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.language import tr
from endodesk.app.project.grouping import Grouping
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import earlier_parts
from endodesk.app.retraining.label_counts import told_by_centre
from endodesk.app.retraining.retraining import reader_labels
from endodesk.data.merge_store import FramePair, Merge, frame_pair
from endodesk.dataset.cases import with_cases
from endodesk.dataset.centres import with_centres
from endodesk.dataset.leak_report import as_matrix
from endodesk.dataset.leaks import Pair, bits_between, label_conflicts, leaks, near_duplicates
from endodesk.dataset.manifest import ClassFile, ManifestRow, unique_frames
from endodesk.dataset.split import assign_parts, joined_by_copies
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.system.task import TaskContext
from training.plan.config import load_config

BEYOND = 4
"""Pairs that differ in so many bits more than makes a group are shown too: some of them belong together."""
_LARGE, _LARGE_FRAMES = 0.2, 5


@dataclass(frozen=True, slots=True)
class PartCount:
    """Frames and groups of one class, by part. A group of two classes counts for both."""

    label: str
    frames: Mapping[str, int]
    groups: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SplitCheck:
    """The split that the next run would have."""

    grouping: Grouping
    rows: tuple[ManifestRow, ...]
    """Each content once, with group and part."""
    counts: tuple[PartCount, ...]
    """A count for each class, in the order of names; the last one is of all classes together."""
    bound: int
    """Frames whose part in an earlier run decides."""
    moved: int
    """How many of these now follow their group into another part."""
    readers: Mapping[Sha256, str]
    """Who labelled a frame; the others have the label of their class folder."""
    merges: Mapping[FramePair, Merge]
    pairs: tuple[Pair, ...]
    """Pairs within `grouping.near + BEYOND` bits, the closest first; then those further apart that a reader merged."""
    conflicts: tuple[tuple[ManifestRow, ...], ...]
    """Groups whose frames carry different labels; first the files of equal content that do, which no run learns from."""
    leaks: tuple[Pair, ...]
    """Pairs of frames in different parts that show the same, by their hashes or by what the model sees."""
    measured: int
    """Frames that were compared by what the model sees, too."""
    warnings: tuple[str, ...]

    def merge_of(self, pair: Pair) -> Merge | None:
        """The reader's word that the two belong together, if it stands."""
        return self.merges.get(frame_pair(pair.left.sha256, pair.right.sha256))

    @property
    def near(self) -> int:
        """How many of the pairs are within the bits that make a group."""
        return sum(pair.bits <= self.grouping.near for pair in self.pairs)


def check_splits(
    project: Project,
    files: Sequence[ClassFile],
    grouping: Grouping,
    task: TaskContext,
    features: Mapping[Sha256, Floats] | None = None,
    notes: Iterable[str] = (),
) -> SplitCheck:
    """Group and split labelled files as the next run would; `features` (of `measuring.measure_features`) find leaks that hashes cannot.

    `notes` are what there is to know of the folder; they stand among the warnings.

    BadRequest if there is nothing to split or the pattern of cases cannot be read. Cancelled by the task.
    """
    scan = hash_files(files, project.database, task)
    labelled = with_cases(with_centres(reader_labels(project, scan.rows), grouping.centre), grouping.case)
    unique, _ = unique_frames(labelled)
    if not unique:
        raise BadRequest(tr("There are no labelled frames yet: label some, or put them into folders named by class."))
    config, merges, existing = load_config("default"), project.database.merges.standing(), earlier_parts(project)
    shares = config.split.shares
    joined = (*merges, *joined_by_copies(labelled, unique))  # a frame that lies in two cases makes them one
    rows = assign_parts(unique, seed=config.seed, shares=shares, near=grouping.near, joined=joined, existing=existing)
    task.raise_if_cancelled()  # what follows takes its time, and hears of no cancel
    return SplitCheck(
        grouping=grouping,
        rows=tuple(rows),
        counts=part_counts(rows),
        bound=sum(row.sha256 in existing for row in rows),
        moved=sum(existing.get(row.sha256, row.part) != row.part for row in rows),
        readers={image: kept.correction.reader for image, kept in project.database.corrections.current(project.label_set.class_of).items()},
        merges=merges,
        pairs=_pairs(rows, grouping.near + BEYOND, merges),
        conflicts=(*_contradictions(labelled), *label_conflicts(rows, grouping.near)),
        leaks=_leaks(rows, grouping.near, features or {}),
        measured=sum(row.sha256 in features for row in rows) if features else 0,
        warnings=(
            *notes,
            *told_by_centre({(row.label, row.centre) for row in rows}),
            *_plain_told(rows),
            *large_groups(rows),
            *(file.reason for file in scan.unreadable),
        ),
    )


def join_frames(project: Project, pair: Pair, *, joined: bool, reader: str) -> None:
    """Keep a reader's word that two frames belong together, or no longer. EndoDeskError if it could not be written."""
    project.database.merges.add(pair.left.sha256, pair.right.sha256, joined=joined, reader=reader, at=datetime.now(UTC))


def part_counts(rows: Sequence[ManifestRow]) -> tuple[PartCount, ...]:
    """Counts by class, in the order of names; then of all together."""
    labels = sorted({row.label for row in rows})
    return (*(_counted(name, [row for row in rows if row.label == name]) for name in labels), _counted(tr("All classes"), rows))


def _counted(label: str, rows: Sequence[ManifestRow]) -> PartCount:
    groups = Counter(part for part, _ in {(row.part, row.group) for row in rows})
    return PartCount(label, Counter(row.part for row in rows), groups)


def _pairs(rows: Sequence[ManifestRow], bits: int, merges: Iterable[FramePair]) -> tuple[Pair, ...]:
    """Near ones, and those that a reader merged however far they are: else nobody could take these apart."""
    near = near_duplicates(rows, bits)
    there = {frame_pair(pair.left.sha256, pair.right.sha256) for pair in near}
    by_name = {row.sha256: row for row in rows}
    far = [(by_name[a], by_name[b]) for a, b in merges if (a, b) not in there and a in by_name and b in by_name]
    return (*near, *sorted((Pair(left, right, bits_between(left, right)) for left, right in far), key=lambda pair: pair.bits))


def _leaks(rows: Sequence[ManifestRow], near: int, features: Mapping[Sha256, Floats]) -> tuple[Pair, ...]:
    if not any(row.sha256 in features for row in rows):
        return tuple(leaks(rows, near))
    return tuple(leaks(rows, near, as_matrix(rows, features)))


def _contradictions(rows: Iterable[ManifestRow]) -> list[tuple[ManifestRow, ...]]:
    by_content: dict[Sha256, list[ManifestRow]] = defaultdict(list)
    for row in rows:
        by_content[row.sha256].append(row)
    return [tuple(same) for same in by_content.values() if len({row.label for row in same}) > 1]


def _plain_told(rows: Sequence[ManifestRow]) -> list[str]:
    """The same as `endodesk.dataset.split.told_plain`, in the language of the window."""
    n = sum(not row.phash for row in rows)
    one = tr("1 frame has no structure (black, or one colour): it is joined with nothing by likeness.")
    many = tr("{n:,} frames have no structure (black, or one colour): they are joined with nothing by likeness.")
    return [(one if n == 1 else many).format(n=n)] if n else []


def large_groups(rows: Sequence[ManifestRow]) -> list[str]:
    """A sentence for each class of which one group holds more than a fifth: its parts cannot have their shares."""
    of_class = Counter(row.label for row in rows)
    largest: dict[str, int] = {}
    for (label, _), n in Counter((row.label, row.group) for row in rows).items():
        largest[label] = max(largest.get(label, 0), n)
    return [
        tr(
            "One group holds {n:,} of the {total:,} frames of {label} ({share:.0%})."
            " Its class cannot be divided well: fewer bits, or narrower cases, make smaller groups."
        ).format(n=n, total=of_class[label], label=label, share=n / of_class[label])
        for label, n in sorted(largest.items())
        if n >= _LARGE_FRAMES and n > _LARGE * of_class[label]
    ]
