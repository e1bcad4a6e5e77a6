"""Leaks: pictures in one part of a split that are, or nearly are, in another; and equal pictures with unequal labels."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import PARTS, ManifestRow
from endodesk.dataset.near_duplicates import MOST_PAIRS, near_groups, near_pairs
from endodesk.dataset.split import DEFAULT_NEAR
from endodesk.imaging.pixels import Floats

# Why: docs/decisions/dataset.md 3
DEFAULT_DISTANCE = 0.12
"""Cosine distance of pooled features of the ImageNet backbone, frames as `clean` shows them."""
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Pair:
    """Two frames that are, or nearly are, the same picture, and how close they are."""

    left: ManifestRow
    right: ManifestRow
    bits: int
    """Of 64, by which their perceptual hashes differ; 64 if one of them has none."""
    distance: float | None = None
    """Cosine distance of their features, 0..2; None if it was not measured."""

    @property
    def exact(self) -> bool:
        """Whether they are the same picture: equal bytes or equal perceptual hash."""
        return self.bits == 0 or self.left.sha256 == self.right.sha256


def near_duplicates(rows: Sequence[ManifestRow], near: int = DEFAULT_NEAR) -> list[Pair]:
    """All pairs whose hashes differ in at most `near` bits, the closest first (of very many, the closest)."""
    return [Pair(rows[i], rows[j], bits) for i, j, bits in near_pairs([row.phash for row in rows], near).tolist()]


def leaks(
    rows: Sequence[ManifestRow], near: int = DEFAULT_NEAR, features: Floats | None = None, distance: float = DEFAULT_DISTANCE
) -> list[Pair]:
    """Pairs in different parts that have equal bytes, or hashes within `near` bits, or features within `distance`.

    The closest first: by bits, then by features; left is train before val before test. `features` are N x K in the order
    of the rows, zeros for a frame that was not measured; frames without structure are not compared by them. Rows without
    a part cannot leak. Of very many pairs the closest are told (see `endodesk.dataset.near_duplicates.MOST_PAIRS`).
    """
    placed = [index for index, row in enumerate(rows) if row.part]
    rows = [rows[index] for index in placed]
    parts = [row.part for row in rows]
    bits = {(i, j): n for i, j, n in near_pairs([row.phash for row in rows], near, parts=parts).tolist()}
    bits |= {pair: 0 for pair in _equal_bytes(rows) if pair not in bits}
    if features is None:
        pairs = [_pair(rows[i], rows[j], n, None) for (i, j), n in bits.items()]
    else:
        shown = np.array([bool(row.phash) for row in rows])[:, None]
        unit = _unit(np.where(shown, features[placed], 0))  # all black frames look alike, and none of them tells anything
        alike = {pair: bits_between(rows[pair[0]], rows[pair[1]]) for pair in _alike(unit, parts, distance)}
        pairs = [_pair(rows[i], rows[j], n, _distance(unit, i, j)) for (i, j), n in {**alike, **bits}.items()]
    # beyond `near`, bits mean nothing: features tell
    return sorted(pairs, key=lambda pair: (min(pair.bits, near + 1), pair.distance or 0, pair.left.sha256, pair.right.sha256))


def label_conflicts(rows: Sequence[ManifestRow], near: int = DEFAULT_NEAR) -> list[tuple[ManifestRow, ...]]:
    """Groups of frames within `near` bits of each other, by chains, that carry more than one label; the largest first.

    A case may well show several findings: what is joined by its case alone is no conflict.
    """
    hashed = sorted((row for row in rows if row.phash), key=lambda row: (row.sha256, row.label, str(row.file)))
    groups: dict[int, list[ManifestRow]] = defaultdict(list)
    for row, group in zip(hashed, near_groups([row.phash for row in hashed], near).tolist(), strict=True):
        groups[group].append(row)
    return sorted((tuple(group) for group in groups.values() if len({row.label for row in group}) > 1), key=len, reverse=True)


def _pair(one: ManifestRow, other: ManifestRow, bits: int, distance: float | None) -> Pair:
    """Train stands left of val, and val of test."""
    left, right = sorted((one, other), key=lambda row: PARTS.index(row.part))
    return Pair(left, right, bits, distance)


def _equal_bytes(rows: Sequence[ManifestRow]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of equal bytes in different parts, whether or not they have a hash: each with the first of its bytes' other parts."""
    firsts: dict[str, dict[str, int]] = defaultdict(dict)
    for index, row in enumerate(rows):
        for part, first in firsts[row.sha256].items():
            if part != row.part:
                yield first, index
        firsts[row.sha256].setdefault(row.part, index)


def bits_between(left: ManifestRow, right: ManifestRow) -> int:
    """Of 64, by which two frames' perceptual hashes differ; 64 if one of them has none."""
    return (int(left.phash, 16) ^ int(right.phash, 16)).bit_count() if left.phash and right.phash else 64


def _unit(features: Floats) -> Floats:
    """Each row of length 1 (a row of zeros stays one)."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.where(lengths > 0, lengths, 1), np.float32)


def _distance(unit: Floats, i: int, j: int) -> float | None:
    return max(0.0, 1.0 - float(unit[i] @ unit[j])) if unit[i].any() and unit[j].any() else None  # rounding may bring equal ones below 0


def _alike(unit: Floats, parts: Sequence[str], distance: float) -> list[tuple[int, int]]:
    """The closest pairs of different parts within the distance, in blocks: all products at once would fill the memory."""
    side = np.unique(parts, return_inverse=True)[1]
    there = np.linalg.norm(unit, axis=1) > 0  # frames that were measured
    found: list[NDArray[np.float64]] = [np.empty((0, 3))]
    for start in range(0, len(unit), _BLOCK):  # a block against 100,000 frames: 100 MB of distances
        apart = 1.0 - unit[start : start + _BLOCK] @ unit[start:].T
        across = (side[start : start + _BLOCK, None] != side[None, start:]) & there[start : start + _BLOCK, None] & there[None, start:]
        full = len(found[0]) == MOST_PAIRS  # what is no closer than the last of these stands behind it
        i, j = np.nonzero((apart < found[0][-1, 0] if full else apart <= distance) & across)
        later = i < j
        found.append(np.stack([apart[i, j], i + start, j + start], axis=1)[later])
        if sum(map(len, found)) > MOST_PAIRS:
            found = [_closest(found)]
    return [(int(i), int(j)) for _, i, j in _closest(found)]


def _closest(found: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    every = np.concatenate(found)
    return every[np.lexsort(every.T[::-1])][:MOST_PAIRS]
