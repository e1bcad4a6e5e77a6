"""Near duplicates: pairs of perceptual hashes that differ in a few of 64 bits, among 100,000 hashes in seconds."""

import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Why: docs/decisions/dataset.md 4
MOST_PAIRS = 200_000
"""More than anybody looks at; a folder of 100,000 equal frames has five thousand million."""
_BATCH = 1 << 18
_STEPS = 64
"""So often the search looks again which hashes are joined already."""
Bits = NDArray[np.uint64]
Places = NDArray[np.intp]


def near_pairs(hashes: Sequence[str], near: int, *, parts: Sequence[Hashable] | None = None, most: int = MOST_PAIRS) -> NDArray[np.int64]:
    """M x 3: i, j (i < j, places in `hashes`) and the bits by which they differ (<= near); sorted by bits, i, j.

    Hashes are 16 hexadecimal digits; an empty one is near to nothing. With `parts` (one for each hash) only pairs whose
    parts differ. Where there are more than `most` pairs, the closest; which of those that differ in the last number of
    bits is not said, but always the same.
    """
    names: dict[Hashable, int] = {}
    sides = [0] * len(hashes) if parts is None else [names.setdefault(part, len(names)) for part in parts]
    places = np.array([place for place, text in enumerate(hashes) if text], np.intp)
    bits, side = _as_bits([hashes[place] for place in places]), np.array(sides, np.int64)[places]
    order = np.lexsort((places, side, bits))
    bits, side, places = bits[order], side[order], places[order]
    first = np.flatnonzero(np.r_[True, (bits[1:] != bits[:-1]) | (side[1:] != side[:-1])]) if len(bits) else np.empty(0, np.intp)
    copies = np.diff(np.r_[first, len(bits)])
    kept = _Closest(near, most)
    if parts is None:
        alike = np.flatnonzero(copies > 1)
        kept.add(alike, alike, np.zeros(len(alike), np.int64))  # equal hashes are one place here; `_spread` makes pairs of their copies
    for left, right, differing in _hits(bits[first], kept):
        apart = slice(None) if parts is None else side[first[left]] != side[first[right]]
        kept.add(left[apart], right[apart], differing[apart])
    return _spread(kept.pairs(), first, copies, places, most)


def near_groups(hashes: Sequence[str], near: int) -> NDArray[np.intp]:
    """For each hash the place of the first in its group: hashes within `near` bits of each other are joined, by chains."""
    bits, where = np.unique(_as_bits(hashes), return_inverse=True)
    root = np.arange(len(bits))
    waiting: list[tuple[Places, Places]] = []
    for left, right, _ in _hits(bits, _Radius(near), root):
        waiting.append((left, right))
        if sum(len(pair[0]) for pair in waiting) >= _BATCH:
            _join(root, waiting)
            waiting.clear()
    _join(root, waiting)
    group: Places = root[where]
    first = np.full(len(bits), len(where), np.intp)
    np.minimum.at(first, group, np.arange(len(where)))
    return np.asarray(first[group], np.intp)


@dataclass
class _Radius:
    """By how many bits hashes may differ to be looked for; a search reads it again and again, as it may shrink."""

    near: int


class _Closest(_Radius):
    """Keeps the closest pairs; looks less far once it has enough."""

    def __init__(self, near: int, most: int) -> None:
        super().__init__(near)
        self._most, self._held = most, 0
        self._pairs: list[NDArray[np.int64]] = []

    def add(self, left: Places, right: Places, differing: NDArray[np.int64]) -> None:
        if len(left):
            self._pairs.append(np.stack([differing, left, right], axis=1).astype(np.int64))
            self._held += len(left)
            if self._held > 2 * self._most:  # at twice as many, so that each sort is for as many new pairs
                self._pairs = [self.pairs()]
                self._held = len(self._pairs[0])
                self.near = int(self._pairs[0][-1, 0]) - 1  # of pairs as far as the last one there are enough

    def pairs(self) -> NDArray[np.int64]:
        """At most `most` x 3: bits and two places, the closest first."""
        every = np.concatenate([np.empty((0, 3), np.int64), *self._pairs])
        return every[np.lexsort(every.T[::-1])][: self._most]


def _as_bits(hashes: Sequence[str]) -> Bits:
    return np.array([int(text, 16) for text in hashes], np.uint64)


def _hits(bits: Bits, radius: _Radius, root: Places | None = None) -> Iterator[tuple[Places, Places, NDArray[np.int64]]]:
    """Every pair of places within the radius once, in pieces of no more pairs than there are hashes.

    With `root`, which may change meanwhile, pairs of an equal root may be left out.

    Two hashes that differ in k bits are equal in one of k + 1 chunks at least (pigeonholes), so only hashes of an equal
    chunk are compared. Where that would compare more than all with all (a large radius, hashes that are much alike in
    their chunks), all are compared with all: 64-bit words, an XOR and a count of bits.
    """
    if radius.near < 0:
        return
    masks = _masks(radius.near + 1)
    keys = [bits & mask for mask in masks]
    holes = [np.unique(key, return_counts=True)[1].astype(np.int64) for key in keys]
    if 4 * sum(int((n * (n - 1) // 2).sum()) for n in holes) > len(bits) * (len(bits) - 1) // 2:  # what is gathered costs more
        masks, keys = [np.uint64(0)], [np.zeros(len(bits), np.uint64)]
    for number, key in enumerate(keys):
        order = np.argsort(key, kind="stable")
        for left, right, difference in _in_holes(bits, key, order, radius, root):
            new = np.ones(len(left), bool)
            for earlier in masks[:number]:
                new &= difference & earlier != 0  # equal in an earlier chunk: found there
            left, right = left[new], right[new]
            yield np.minimum(left, right), np.maximum(left, right), np.bitwise_count(difference[new]).astype(np.int64)


def _in_holes(bits: Bits, key: Bits, order: Places, radius: _Radius, root: Places | None) -> Iterator[tuple[Places, Places, Bits]]:
    """Pairs within the radius among hashes of an equal key (`order` sorts by it): each with the next, the next but one ..."""
    bits, key = bits[order], key[order]
    one = len(key) > 0 and key[0] == key[-1]  # slices of all of it are several times faster than places
    start, group = np.arange(len(key)), np.empty(0, np.intp)
    for step in range(1, len(bits)):
        if root is not None and step % _STEPS == 1:
            group = root[order]
        start = start[: np.searchsorted(start, len(bits) - step)]
        if not one:
            start = start[key[start] == key[start + step]]
        left: Places | slice = slice(None, -step) if one else start
        right: Places | slice = slice(step, None) if one else start + step
        near = np.bitwise_count(difference := bits[left] ^ bits[right]) <= radius.near
        if not len(near) or radius.near < 0:
            return
        if len(group):
            near &= group[left] != group[right]
        hit = np.flatnonzero(near)
        if len(hit):
            yield order[start[hit]], order[start[hit] + step], difference[hit]


def _masks(chunks: int) -> list[np.uint64]:
    """64 bits in so many chunks, as equal as can be."""
    ends = [64 * number // chunks for number in range(chunks + 1)]
    return [np.uint64((1 << high) - (1 << low)) for low, high in itertools.pairwise(ends)]


def _join(root: Places, pairs: Sequence[tuple[Places, Places]]) -> None:
    """Make the root of every group the smallest of its members, given new pairs."""
    if not pairs:
        return
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    while True:
        a, b = root[left], root[right]
        apart = a != b
        if not apart.any():
            return
        left, right, a, b = left[apart], right[apart], a[apart], b[apart]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while ((higher := root[root]) != root).any():
            root[:] = higher  # each points to its end, so that the next look-up is one step


def _spread(pairs: NDArray[np.int64], first: Places, copies: Places, places: Places, most: int) -> NDArray[np.int64]:
    """From pairs of different hashes to pairs of places: each copy of the one with each of the other, up to `most`."""
    bits, a, b = pairs.T
    sizes = copies[a] * copies[b]
    budget = 4 * most  # a hash with itself gives each pair twice, and each copy with itself: two copies, four for one pair
    enough = int(np.searchsorted(np.cumsum(sizes), budget)) + 1
    bits, a, b, sizes = bits[:enough], a[:enough], b[:enough], sizes[:enough]
    ends = np.cumsum(sizes)
    total = min(int(ends[-1]), budget) if len(ends) else 0
    pair = np.searchsorted(ends, np.arange(total), side="right")
    within = np.arange(total) - (ends - sizes)[pair]
    i, j = places[first[a[pair]] + within // copies[b[pair]]], places[first[b[pair]] + within % copies[b[pair]]]
    once = (a[pair] != b[pair]) | (i < j)
    found: NDArray[np.int64] = np.stack([np.minimum(i, j), np.maximum(i, j), bits[pair]], axis=1)[once]
    return np.asarray(found[np.lexsort((found[:, 1], found[:, 0], found[:, 2]))][:most], np.int64)
