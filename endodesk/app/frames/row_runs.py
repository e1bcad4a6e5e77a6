"""Rows that lie beside each other, told together."""

from collections.abc import Iterable
from itertools import groupby

MOST = 20


def runs(rows: Iterable[int], most: int = MOST) -> list[tuple[int, int]]:
    """First and last row of each run of neighbours, ascending; of more runs than `most`, one run from the first row to the last.

    A view lays out and paints a run at one go, while each signal of many would make it look anew.
    """
    groups = [[row for _, row in group] for _, group in groupby(enumerate(sorted(rows)), lambda pair: pair[1] - pair[0])]
    found = [(group[0], group[-1]) for group in groups]
    return [(found[0][0], found[-1][1])] if len(found) > most else found
