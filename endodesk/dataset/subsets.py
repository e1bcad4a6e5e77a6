"""Nested shares of labelled frames: by whole groups, of each class as large a share, the smaller ones within the larger."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from endodesk.dataset.manifest import ManifestRow


def nested_groups(rows: Sequence[ManifestRow], shares: Sequence[float], seed: int) -> list[frozenset[str]]:
    """For each share in 0..1 the names of groups that hold at least so much of the groups of each class; rows have their groups.

    Groups are taken in one order, so that a smaller share lies within a larger one, and no class lacks in any: the next is the first
    shuffled one of the class of which least was taken. Neither order nor names of files matter.
    """
    of_class: dict[str, set[str]] = defaultdict(set)
    of_group: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        of_class[row.label].add(row.group)
        of_group[row.group].add(row.label)
    shuffled = sorted(of_group)  # the shuffle must not see the order of files
    random.Random(seed).shuffle(shuffled)  # noqa: S311  (shares are to be repeated, not to be secret)
    waiting = {label: [name for name in reversed(shuffled) if name in groups] for label, groups in sorted(of_class.items())}
    taken: dict[str, None] = {}
    found: dict[float, frozenset[str]] = {}
    having = Counter[str]()
    for share in sorted(set(shares)):
        while lacking := [label for label in waiting if having[label] < share * len(of_class[label]) - _ROUNDING]:
            name = _next(min(lacking, key=lambda label: having[label] / len(of_class[label])), waiting, taken)
            taken[name] = None
            having.update(of_group[name])
        found[share] = frozenset(taken)
    return [found[share] for share in shares]


_ROUNDING = 1e-9
"""0.7 of 10 groups are 7, though 0.7 x 10 is a little more."""


def _next(label: str, waiting: Mapping[str, list[str]], taken: Mapping[str, None]) -> str:
    """The first group of a class that was not taken along with another class."""
    while (name := waiting[label].pop()) in taken:
        pass
    return name
