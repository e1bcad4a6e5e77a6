"""Split: frames into train, val and test by whole groups of equal pictures (paper, section II; method.md, "Split")."""

import hashlib
import math
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from endodesk.dataset.manifest import PARTS, ManifestRow
from endodesk.dataset.near_duplicates import near_groups

# Why: docs/decisions/dataset.md 2
DEFAULT_NEAR = 2
"""Bits of 64 by which perceptual hashes in one group may differ."""
FURTHEST_NEAR = 32
_ROUNDS = 20
_NOTHING = 1e-9  # less is rounding, for which no group is moved
_STICKIEST_FIRST = ("test", "val", "train")  # once in test, for ever in test: else two models could not be compared


@dataclass(frozen=True, slots=True)
class _Group:
    """Frames that go together: name, how many of each label, and the part they are bound to (empty: free)."""

    name: str
    labels: Mapping[str, int]
    bound: str


def assign_parts(
    rows: Sequence[ManifestRow],
    *,
    seed: int = 42,
    shares: tuple[float, float, float] = (70, 15, 15),
    near: int = 0,
    joined: Iterable[tuple[str, str]] = (),
    existing: Mapping[str, str] | None = None,
) -> list[ManifestRow]:
    """The rows, in their order, with group and part.

    Frames of one group (see `group_names`) never stand on two sides, whatever their labels. Free groups are shuffled and
    fill train, then val, then test, each class to its own target; a class of three groups or more has a frame in each
    part. `existing` (sha256 -> part) holds: a group with a frame already in test is test, else val, else train. Neither
    the order of rows nor the names of their files matter.
    """
    names = group_names(rows, near, joined)
    grouped = [replace(row, group=name) for row, name in zip(rows, names, strict=True)]
    return place_groups(grouped, seed=seed, shares=shares, existing=existing)


def place_groups(
    rows: Sequence[ManifestRow], *, seed: int, shares: tuple[float, float, float], existing: Mapping[str, str] | None = None
) -> list[ManifestRow]:
    """As `assign_parts`, for rows that have their groups. A part with a share of 0 stays empty."""
    parts = _place(_groups(rows, existing or {}), shares, seed)
    return [replace(row, part=parts[row.group]) for row in rows]


def group_names(rows: Sequence[ManifestRow], near: int = 0, joined: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Name of each row's group: the smallest SHA-256 in it, 12 digits of it.

    Joined, by chains: equal bytes, hashes that are equal or differ in at most `near` of 64 bits, an equal case (if it has
    a name), and `joined` pairs of sha256 (frames that are not among the rows are passed over). Bytes without structure that
    lie in several cases belong to none of these: else one black frame would make twenty cases one.
    """
    groups = _Groups()
    hashed = [row for row in rows if row.phash]
    for row, group in zip(hashed, near_groups([row.phash for row in hashed], near), strict=True):
        groups.join(row.sha256, hashed[group].sha256)
    first: dict[str, str] = {}
    cases = [unicodedata.normalize("NFC", row.case) for row in rows]  # some disks take a name apart that another keeps as one letter
    nobodys = _in_several_cases(rows, cases)
    for row, case in zip(rows, cases, strict=True):
        if case and row.sha256 not in nobodys:
            groups.join(row.sha256, first.setdefault(case, row.sha256))
    there = {row.sha256 for row in rows}
    for left, right in joined:
        if left in there and right in there:
            groups.join(left, right)
    return [groups.first(row.sha256)[:12] for row in rows]


def _in_several_cases(rows: Sequence[ManifestRow], cases: Sequence[str]) -> set[str]:
    """Contents without structure that lie in more than one case."""
    lies_in: dict[str, set[str]] = defaultdict(set)
    for row, case in zip(rows, cases, strict=True):
        if case and not row.phash:
            lies_in[row.sha256].add(case)
    return {content for content, there in lies_in.items() if len(there) > 1}


def told_plain(rows: Iterable[ManifestRow]) -> list[str]:
    """A sentence on frames without structure, if there are any."""
    n = sum(not row.phash for row in rows)
    if not n:
        return []
    frames, are = ("1 frame has", "it is") if n == 1 else (f"{n:,} frames have", "they are")
    return [f"{frames} no structure (black, or one colour): {are} joined with nothing by likeness."]


def joined_by_copies(rows: Sequence[ManifestRow], kept: Iterable[ManifestRow]) -> list[tuple[str, str]]:
    """Pairs of sha256 of `kept` that belong together by a frame of `rows` that was not kept.

    A frame that lies in two cases makes them one, also where only one of its copies is trained on, or none.
    """
    names = dict(zip((row.sha256 for row in rows), group_names(rows), strict=True))
    first: dict[str, str] = {}
    return [(first.setdefault(names[row.sha256], row.sha256), row.sha256) for row in kept]


def fingerprint(rows: Iterable[ManifestRow]) -> str:
    """16 hexadecimal digits that differ as soon as a frame, a label or a part differs."""
    listing = "\n".join(sorted(f"{row.sha256} {row.label} {row.part}" for row in rows))  # sorted: another order of rows is no other split
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


class _Groups:
    """Names that belong together; a group is called by its smallest name."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def first(self, name: str) -> str:
        """The smallest name of the group that a name belongs to, which the group is called by."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)  # halves the way for whoever asks next
            name = above
        return name

    def join(self, left: str, right: str) -> None:
        """Make the groups of two names one, called by the smaller of their names."""
        low, high = sorted((self.first(left), self.first(right)))
        self._above[high] = low


def _groups(rows: Sequence[ManifestRow], existing: Mapping[str, str]) -> list[_Group]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    bound: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        labels[row.group][row.label] += 1
        bound[row.group].add(existing.get(row.sha256, ""))
    return [
        _Group(name, dict(sorted(labels[name].items())), next((part for part in _STICKIEST_FIRST if part in bound[name]), ""))
        for name in sorted(labels)  # neither the shuffle nor the rounding of a sum over labels may see the order of files
    ]


# Why: docs/decisions/dataset.md 7
def _place(groups: Sequence[_Group], shares: tuple[float, float, float], seed: int) -> dict[str, str]:
    parts = {group.name: group.bound for group in groups if group.bound}
    free = [group for group in groups if not group.bound]
    random.Random(seed).shuffle(free)  # noqa: S311  (a split is to be repeated, not to be secret)
    free.sort(key=lambda group: len(group.labels), reverse=True)  # stable: what is in several classes is placed first
    boxes = _Boxes(groups, shares)
    for group in free:
        parts[group.name] = boxes.put(group)
    for _ in range(_ROUNDS):
        moves = [(group, better) for group in free if (better := boxes.move(group, parts[group.name]))]
        if not moves:
            break
        parts |= {group.name: better for group, better in moves}
    return parts


class _Boxes:
    """How far each class has filled its parts, and where its next group goes."""

    def __init__(self, groups: Sequence[_Group], shares: tuple[float, float, float]) -> None:
        self.shares = shares
        self.parts = [part for part, share in zip(PARTS, shares, strict=True) if share > 0]
        self.all: Counter[str] = Counter()
        self.have: dict[str, Counter[str]] = defaultdict(Counter)
        self.waiting: Counter[str] = Counter()
        self.frames: Counter[str] = Counter()
        for group in groups:
            for label, n in group.labels.items():
                self.frames[label] += n
                if group.bound:
                    self.have[label][group.bound] += n
                    self.all[group.bound] += n
                else:
                    self.waiting[label] += 1
        self.goal = {label: self._goals(label, n) for label, n in self.frames.items()}

    def put(self, group: _Group) -> str:
        """Choose the part for a free group and count it there."""
        wishes = Counter(self._wish(label) for label in group.labels)
        part = max(PARTS, key=lambda p: (wishes[p], -PARTS.index(p)))
        self._count(group, part, 1)
        for label in group.labels:
            self.waiting[label] -= 1
        return part

    def move(self, group: _Group, part: str) -> str:
        """Move a group to where all its classes come closer to their goals, taken together; the new part, or empty: it stays.

        What one class wishes may be too much of another. No class loses its last frame in a part.
        """
        if any(self.have[label][part] == n for label, n in group.labels.items()):
            return ""
        better = min(self.parts, key=lambda p: self._change(group, part, p))
        if self._change(group, part, better) >= -_NOTHING:
            return ""
        self._count(group, part, -1)
        self._count(group, better, 1)
        return better

    def _change(self, group: _Group, part: str, other: str) -> float:
        """By how much the squared distance from the goals grows, a class counting by the share of its frames that move."""
        if part == other:
            return 0.0
        over = {label: {p: self.have[label][p] - self.goal[label][p] for p in (part, other)} for label in group.labels}
        return math.fsum(n * (n + over[label][other] - over[label][part]) / self.frames[label] for label, n in group.labels.items())

    def _count(self, group: _Group, part: str, sign: int) -> None:
        for label, n in group.labels.items():
            self.have[label][part] += sign * n
            self.all[part] += sign * n

    def _goals(self, label: str, frames: int) -> dict[str, int]:
        """Frames that each part shall have: what is bound already stays, the free ones go where they are wanted most."""
        have = [self.have[label][part] for part in PARTS]
        wanted = [max(0.0, frames * share / sum(self.shares) - there) for share, there in zip(self.shares, have, strict=True)]
        free = _apportion(frames - sum(have), wanted)
        return {part: there + more for part, there, more in zip(PARTS, have, free, strict=True)}

    def _wish(self, label: str) -> str:
        have, goal = self.have[label], self.goal[label]
        empty = [part for part in self.parts if not have[part]]
        if len(empty) >= self.waiting[label]:  # the last groups of a class go where it has none
            return min(empty, key=lambda part: (part != "train", self.all[part]))  # not every small class without a test
        if have["train"] < goal["train"]:
            return "train"
        # Counted together, so that one large group in train is made up for by val and test alike.
        return "val" if have["train"] + have["val"] < goal["train"] + goal["val"] else "test"


def _apportion(n: int, weights: Sequence[float]) -> list[int]:
    """`n` as whole numbers in the ratio of the weights: largest remainders, the earlier first."""
    total = sum(weights) or 1.0  # nothing is wanted anywhere
    exact = [n * weight / total for weight in weights]
    whole = [int(value) for value in exact]
    order: Any = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for index in order[: n - sum(whole)]:
        whole[index] += 1
    return whole
