"""Folds: frames dealt out for cross-validation by whole groups, each class evenly. Every frame is tested once."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.split import place_groups
from endodesk.domain.errors import BadRequest

Labels = Mapping[str, int]
"""Frames of each label in a group."""


def deal_folds(rows: Sequence[ManifestRow], folds: int, seed: int) -> list[int]:
    """Fold (0..folds - 1) of each row; rows have their groups.

    Groups are shuffled and dealt, those of several classes and large ones first, to where their classes have least. Then a
    class that a fold lacks is brought there, if a group can be spared. Neither order nor names of files matter.
    BadRequest with a sentence if a class has fewer groups than there are folds.
    """
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        groups[row.group][row.label] += 1
    _check(groups, folds)
    order = sorted(groups)  # the shuffle must not see the order of files
    random.Random(seed).shuffle(order)  # noqa: S311  (folds are to be repeated, not to be secret)
    order.sort(key=lambda name: (len(groups[name]), sum(groups[name].values())), reverse=True)  # stable: equal ones stay shuffled
    table = _Folds(groups, folds)
    for name in order:
        table.deal(name)
    table.mend()
    return [table.fold_of[row.group] for row in rows]


def fold_parts(
    rows: Sequence[ManifestRow], dealt: Sequence[int], fold: int, *, shares: tuple[float, float, float], seed: int
) -> list[ManifestRow]:
    """The rows, in their order, with parts: the fold is test, the others train and val, in the ratio of their shares."""
    rest = [row for row, own in zip(rows, dealt, strict=True) if own != fold]
    parts = {row.group: row.part for row in place_groups(rest, seed=seed, shares=(shares[0], shares[1], 0))}
    return [replace(row, part=parts.get(row.group, "test")) for row in rows]  # a group that is not among the rest is the fold's


# Why: docs/decisions/training.md 33
def without_centre(rows: Sequence[ManifestRow], centre: str) -> tuple[list[ManifestRow], list[ManifestRow]]:
    """What can be learnt without a centre, and what of the centre can then be tested; rows have their groups.

    A frame of another centre whose group has a frame of this one teaches nothing: it may be a copy. Classes of which fewer than two
    frames are left are in neither.
    """
    own = {row.group for row in rows if row.centre == centre}
    rest = [row for row in rows if row.group not in own]
    left = Counter(row.label for row in rest)
    known = {label for label, n in left.items() if n > 1}
    return [row for row in rest if row.label in known], [row for row in rows if row.centre == centre and row.label in known]


def centre_parts(rows: Sequence[ManifestRow], centre: str, *, shares: tuple[float, float, float], seed: int) -> list[ManifestRow]:
    """The rows of `without_centre` with parts: those of the centre are test, the others train and val, in the ratio of their shares."""
    rest, tested = without_centre(rows, centre)
    return [*place_groups(rest, seed=seed, shares=(shares[0], shares[1], 0)), *(replace(row, part="test") for row in tested)]


def _check(groups: Mapping[str, Labels], folds: int) -> None:
    having = Counter(label for labels in groups.values() for label in labels)
    for label, n in sorted(having.items()):
        if n < folds:
            smaller = f"take --folds {n}, " if n > 1 else ""
            raise BadRequest(
                f"{folds} folds need {folds} groups of each class (equal and near pictures and cases are one group); "
                f"{label} has {n}: {smaller}leave the class out, or add frames of it."
            )


class _Folds:
    """How many frames and groups of each class lie in each fold."""

    def __init__(self, groups: Mapping[str, Labels], folds: int) -> None:
        self._groups, self._folds = groups, range(folds)
        self._all = Counter[str]()
        for labels in groups.values():
            self._all.update(labels)
        self._frames: list[Counter[str]] = [Counter() for _ in self._folds]
        self._having: list[Counter[str]] = [Counter() for _ in self._folds]
        self.fold_of: dict[str, int] = {}

    def deal(self, name: str) -> None:
        """Put a group where its classes are lacking, or least."""
        labels = self._groups[name]

        def fullness(fold: int) -> tuple[int, float, int, int]:
            lacking = sum(not self._frames[fold][label] for label in labels)
            share = math.fsum(self._frames[fold][label] / self._all[label] for label in labels)  # in any order the same to the last bit
            return -lacking, share, sum(self._frames[fold].values()), fold

        self._put(name, min(self._folds, key=fullness))

    def mend(self) -> None:
        """Bring each class to the folds that lack it, by the smallest group that no other class misses where it lay."""
        for label in sorted(self._all):
            for fold in self._folds:
                if self._having[fold][label]:
                    continue
                spare = [name for name, labels in self._groups.items() if label in labels and self._can_be_spared(name)]
                if spare:
                    self._put(min(spare, key=lambda name: (sum(self._groups[name].values()), name)), fold)

    def _can_be_spared(self, name: str) -> bool:
        return all(self._having[self.fold_of[name]][label] > 1 for label in self._groups[name])

    def _put(self, name: str, fold: int) -> None:
        labels, old = self._groups[name], self.fold_of.get(name)
        if old is not None:
            self._frames[old].subtract(labels)
            self._having[old].subtract(list(labels))
        self._frames[fold].update(labels)
        self._having[fold].update(list(labels))
        self.fold_of[name] = fold
