"""Nested shares of groups: what a learning curve learns from."""

import itertools
import math
import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.subsets import nested_groups
from endodesk.domain.images import Sha256

SHARES = (0.25, 0.5, 0.75, 1.0)
labelled_groups = st.lists(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4), min_size=1, max_size=40)
"""For each group the labels of its frames."""
seeds = st.integers(0, 1000)


def rows_of(groups):
    return [
        ManifestRow(Path(f"/{number}-{place}.png"), Sha256(f"{number:032x}{place:032x}"), "", label, group=f"g{number}")
        for number, labels in enumerate(groups)
        for place, label in enumerate(labels)
    ]


def groups_of_class(rows, label, names):
    return {row.group for row in rows if row.label == label and row.group in names}


@given(labelled_groups, seeds)
def test_shares_are_nested_and_hold_enough_of_each_class(groups, seed):
    rows = rows_of(groups)
    taken = nested_groups(rows, SHARES, seed)
    everything = {row.group for row in rows}
    assert taken[-1] == everything
    for smaller, larger in itertools.pairwise(taken):
        assert smaller <= larger
    for share, names in zip(SHARES, taken, strict=True):
        for label in {row.label for row in rows}:
            total = len(groups_of_class(rows, label, everything))
            assert len(groups_of_class(rows, label, names)) >= math.ceil(share * total) >= 1  # no class vanishes


@given(labelled_groups, seeds)
def test_groups_of_one_class_are_taken_to_the_number(groups, seed):
    rows = rows_of([labels[:1] for labels in groups])
    for share, names in zip(SHARES, nested_groups(rows, SHARES, seed), strict=True):
        for label in {row.label for row in rows}:
            total = len({row.group for row in rows if row.label == label})
            assert len(groups_of_class(rows, label, names)) == math.ceil(share * total)


@given(labelled_groups, seeds)
def test_the_same_seed_takes_the_same_whatever_the_order_of_rows(groups, seed):
    rows = rows_of(groups)
    mixed = random.Random(seed).sample(rows, len(rows))
    assert nested_groups(rows, SHARES, seed) == nested_groups(mixed, SHARES, seed)
    assert nested_groups(rows, SHARES[::-1], seed) == nested_groups(rows, SHARES, seed)[::-1]


def test_another_seed_takes_others():
    rows = rows_of([["A"], ["B"]] * 20)
    assert len({nested_groups(rows, SHARES, seed)[0] for seed in range(10)}) > 5


def test_a_share_is_not_rounded_up_by_a_last_digit():
    rows = rows_of([["A"]] * 10)
    assert len(nested_groups(rows, [0.1 + 0.2], 1)[0]) == 3  # 0.30000000000000004


def test_no_rows_have_no_groups():
    assert nested_groups([], SHARES, 1) == [frozenset()] * 4
