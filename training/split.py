"""Split: frames into train, val and test by whole groups of equal pictures (paper, section II; method.md, "Split")."""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.manifest import PARTS, ManifestRow

_STICKIEST_FIRST = ("test", "val", "train")
_CHUNK = 512


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
    existing: Mapping[str, str] | None = None,
) -> list[ManifestRow]:
    """The rows, in their order, with group and part.

    Frames with an equal perceptual hash (or one that differs in at most `near` of 64 bits) form a group, which never
    stands on two sides, whatever its labels. Free groups are shuffled and fill train, then val, then test, each class
    to its own target; a class of three groups or more has a frame in each part. `existing` (sha256 -> part) holds:
    a group with a frame already in test is test, else val, else train. The order of rows does not matter.
    """
    names = group_names(rows, near)
    grouped = [replace(row, group=name) for row, name in zip(rows, names, strict=True)]
    parts = _place(_groups(grouped, existing or {}), shares, seed)
    return [replace(row, part=parts[row.group]) for row in grouped]


def group_names(rows: Sequence[ManifestRow], near: int = 0) -> list[str]:
    """Name of each row's group: the smallest SHA-256 in it, 12 digits of it."""
    hashes = sorted({row.phash for row in rows if row.phash})
    root = dict(zip(hashes, _joined(hashes, near), strict=True))
    keys: list[object] = [root[row.phash] if row.phash else row.sha256 for row in rows]
    first: dict[object, str] = {}
    for key, row in zip(keys, rows, strict=True):
        first[key] = min(first.get(key, row.sha256), row.sha256)
    return [first[key][:12] for key in keys]


def fingerprint(rows: Iterable[ManifestRow]) -> str:
    """16 hexadecimal digits that differ as soon as a frame, a label or a part differs."""
    listing = "\n".join(sorted(f"{row.sha256} {row.label} {row.part}" for row in rows))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def _joined(hashes: Sequence[str], near: int) -> NDArray[np.intp]:
    """Index of the group of each hash: union-find over the pairs that differ in at most `near` bits."""
    parent = np.arange(len(hashes))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = int(parent[index])
        return index

    bits = np.array([int(text, 16) for text in hashes], np.uint64)
    for start in range(0, len(bits) if near > 0 else 0, _CHUNK):
        block = bits[start : start + _CHUNK, None]
        pairs = np.argwhere(np.bitwise_count(block ^ bits[None, start:]) <= near)
        for left, right in pairs[pairs[:, 0] < pairs[:, 1]] + start:
            a, b = sorted((root(int(left)), root(int(right))))
            parent[b] = a
    return np.array([root(index) for index in range(len(hashes))], np.intp)


def _groups(rows: Sequence[ManifestRow], existing: Mapping[str, str]) -> list[_Group]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    bound: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        labels[row.group][row.label] += 1
        bound[row.group].add(existing.get(row.sha256, ""))
    return [
        _Group(name, labels[name], next((part for part in _STICKIEST_FIRST if part in bound[name]), ""))
        for name in sorted(labels)  # the shuffle must not see the order of files
    ]


def _place(groups: Sequence[_Group], shares: tuple[float, float, float], seed: int) -> dict[str, str]:
    parts = {group.name: group.bound for group in groups if group.bound}
    free = [group for group in groups if not group.bound]
    random.Random(seed).shuffle(free)  # noqa: S311  (a split is to be repeated, not to be secret)
    free.sort(key=lambda group: len(group.labels), reverse=True)  # stable: what is in several classes is placed first
    boxes = _Boxes(groups, shares)
    for group in free:
        parts[group.name] = boxes.put(group)
    return parts


class _Boxes:
    """How far each class has filled its parts, and where its next group goes."""

    def __init__(self, groups: Sequence[_Group], shares: tuple[float, float, float]) -> None:
        self.have: dict[str, Counter[str]] = defaultdict(Counter)
        self.waiting: Counter[str] = Counter()
        frames: Counter[str] = Counter()
        for group in groups:
            for label, n in group.labels.items():
                frames[label] += n
                if group.bound:
                    self.have[label][group.bound] += n
                else:
                    self.waiting[label] += 1
        self.goal = {label: self._goals(label, frames[label], shares) for label in frames}

    def put(self, group: _Group) -> str:
        """Choose the part for a free group and count it there."""
        wishes = Counter(self._wish(label) for label in group.labels)
        part = max(PARTS, key=lambda p: (wishes[p], -PARTS.index(p)))
        for label, n in group.labels.items():
            self.have[label][part] += n
            self.waiting[label] -= 1
        return part

    def _goals(self, label: str, frames: int, shares: tuple[float, float, float]) -> dict[str, int]:
        """Frames that each part shall have: what is bound already stays, the free ones go where they are wanted most."""
        have = [self.have[label][part] for part in PARTS]
        wanted = [max(0.0, frames * share / sum(shares) - there) for share, there in zip(shares, have, strict=True)]
        free = _apportion(frames - sum(have), wanted)
        return {part: there + more for part, there, more in zip(PARTS, have, free, strict=True)}

    def _wish(self, label: str) -> str:
        have, goal = self.have[label], self.goal[label]
        empty = [part for part in PARTS if not have[part]]
        if len(empty) >= self.waiting[label]:  # the last groups of a class go where it has none
            return empty[0]
        if have["train"] < goal["train"]:
            return "train"
        # Counted together, so that one large group in train is made up for by val and test alike.
        return "val" if have["train"] + have["val"] < goal["train"] + goal["val"] else "test"


def _apportion(n: int, weights: Sequence[float]) -> list[int]:
    """`n` as whole numbers in the ratio of the weights: largest remainders, the earlier first."""
    total = sum(weights) or 1.0
    exact = [n * weight / total for weight in weights]
    whole = [int(value) for value in exact]
    order: Any = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for index in order[: n - sum(whole)]:
        whole[index] += 1
    return whole
