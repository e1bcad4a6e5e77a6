"""Folds: groups whole, every frame tested once, each class in each fold where groups allow."""

import dataclasses
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from endodesk.dataset.folds import deal_folds, fold_parts
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256

LABELS = ("a", "b", "c")
SHARES = (70.0, 15.0, 15.0)


def rows_of(groups: list[dict[str, int]]) -> list[ManifestRow]:
    """A frame for each of each label, group by group."""
    found = []
    for number, labels in enumerate(groups):
        for label, count in labels.items():
            names = [f"{number:04}{label}{n:03}" for n in range(count)]
            found += [ManifestRow(Path("/") / name, Sha256(name.ljust(64, "0")), "", label, group=f"g{number:04}") for name in names]
    return found


alone = st.tuples(st.sampled_from(LABELS), st.integers(1, 6)).map(lambda pair: {pair[0]: pair[1]})
mixed = st.dictionaries(st.sampled_from(LABELS), st.integers(1, 4), min_size=1, max_size=3)
folds_and_seed = st.tuples(st.integers(2, 6), st.integers(0, 1000))


def dealable(groups: list[dict[str, int]], folds: int) -> bool:
    having = Counter(label for labels in groups for label in labels)
    return all(having[label] >= folds for label in having)


@pytest.mark.slow
@settings(deadline=None)
@given(groups=st.lists(alone | mixed, min_size=6, max_size=60), how=folds_and_seed)
def test_groups_stay_whole_every_frame_is_tested_once_and_parts_are_disjoint(groups, how):
    folds, seed = how
    assume(dealable(groups, folds))
    rows = rows_of(groups)
    dealt = deal_folds(rows, folds, seed)
    assert set(dealt) <= set(range(folds))
    of_group = defaultdict(set)
    for row, fold in zip(rows, dealt, strict=True):
        of_group[row.group].add(fold)
    assert all(len(found) == 1 for found in of_group.values())
    tested = Counter()
    for fold in range(folds):
        parted = fold_parts(rows, dealt, fold, shares=SHARES, seed=seed)
        assert [row.sha256 for row in parted] == [row.sha256 for row in rows]
        parts = defaultdict(set)
        for row in parted:
            parts[row.group].add(row.part)
        assert all(len(found) == 1 for found in parts.values())
        assert {part for found in parts.values() for part in found} <= {"train", "val", "test"}
        tested.update(row.sha256 for row in parted if row.part == "test")
        assert [row.part == "test" for row in parted] == [own == fold for own in dealt]
    assert tested == Counter(row.sha256 for row in rows)


@pytest.mark.slow
@settings(deadline=None)
@given(groups=st.lists(alone, min_size=6, max_size=60), how=folds_and_seed)
def test_each_class_is_in_each_fold_and_folds_are_even(groups, how):
    folds, seed = how
    assume(dealable(groups, folds))
    rows = rows_of(groups)
    dealt = deal_folds(rows, folds, seed)
    for label in {row.label for row in rows}:
        frames = Counter(fold for row, fold in zip(rows, dealt, strict=True) if row.label == label)
        assert len(frames) == folds
        largest = max(labels[label] for labels in groups if label in labels)
        assert max(frames.values()) - min(frames.values()) <= largest
    for fold in range(folds):
        parted = fold_parts(rows, dealt, fold, shares=SHARES, seed=seed)
        assert {row.label for row in parted if row.part == "train"} == {row.label for row in rows}


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(groups=st.lists(alone | mixed, min_size=6, max_size=40), how=folds_and_seed, data=st.data())
def test_neither_the_order_nor_the_names_of_files_matter(groups, how, data):
    folds, seed = how
    assume(dealable(groups, folds))
    rows = rows_of(groups)
    by_content = dict(zip((row.sha256 for row in rows), deal_folds(rows, folds, seed), strict=True))
    moved = [dataclasses.replace(row, file=Path("/elsewhere") / row.file.name) for row in data.draw(st.permutations(rows))]
    assert dict(zip((row.sha256 for row in moved), deal_folds(moved, folds, seed), strict=True)) == by_content


def test_another_seed_deals_anew():
    rows = rows_of([{"a": 1}] * 20 + [{"b": 1}] * 20)
    assert deal_folds(rows, 5, 1) != deal_folds(rows, 5, 2)


def test_a_class_that_a_fold_lacks_is_brought_there():
    """Found by search: dealt group by group, one of these classes ends in one fold alone."""
    rows = rows_of([{"c": 1, "d": 3, "b": 1}, {"d": 1, "b": 3}, {"a": 1, "b": 4, "d": 1}, {"a": 4, "c": 2}])
    dealt = deal_folds(rows, 2, 0)
    for label in "abcd":
        assert len({fold for row, fold in zip(rows, dealt, strict=True) if row.label == label}) == 2


def test_validation_is_taken_from_the_training_folds_in_its_share():
    rows = rows_of([{"a": 1}] * 100 + [{"b": 1}] * 50)
    dealt = deal_folds(rows, 5, 42)
    counts = Counter((row.label, row.part) for row in fold_parts(rows, dealt, 0, shares=SHARES, seed=42))
    assert counts == {("a", "train"): 66, ("a", "val"): 14, ("a", "test"): 20, ("b", "train"): 33, ("b", "val"): 7, ("b", "test"): 10}


def test_too_few_groups_of_a_class_are_a_sentence():
    with pytest.raises(BadRequest, match=r"5 folds need 5 groups of each class .*; b has 3: take --folds 3, leave the class out"):
        deal_folds(rows_of([{"a": 1}] * 9 + [{"b": 4}] * 3), 5, 1)
    with pytest.raises(BadRequest, match=r"b has 1: leave the class out, or add frames of it\.$"):
        deal_folds(rows_of([{"a": 1}] * 9 + [{"b": 4}]), 2, 1)
