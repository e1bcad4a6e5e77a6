"""Leaks between parts, near duplicates and label conflicts."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.dataset.leaks import Pair, label_conflicts, leaks, near_duplicates
from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.split import assign_parts
from endodesk.domain.images import Sha256


def row(number, part="", label="a", phash: int | None = None, case=""):
    sha256 = Sha256(f"{random.Random(number).getrandbits(256):064x}")
    text = "" if phash is None else f"{phash:016x}"
    return ManifestRow(Path(f"/frames/{label}/{number}.png"), sha256, text, label, case=case, part=part)


def names(pairs):
    return [(pair.left.file.stem, pair.right.file.stem, pair.bits) for pair in pairs]


def test_near_duplicates_are_all_pairs_within_the_bits_closest_first():
    rows = [row(0, phash=0b111), row(1, phash=0b100), row(2, phash=0b111), row(3, phash=2**64 - 1), row(4)]
    assert names(near_duplicates(rows, 2)) == [("0", "2", 0), ("0", "1", 2), ("1", "2", 2)]
    assert near_duplicates(rows, 0)[0].exact


def test_only_pairs_of_different_parts_leak():
    rows = [row(0, "train", phash=0), row(1, "train", phash=0), row(2, "test", phash=0b110001), row(3, "val", phash=1), row(4, phash=0)]
    found = names(leaks(rows, 2))
    assert sorted(found[:2]) == [("0", "3", 1), ("1", "3", 1)]
    assert found[2:] == [("3", "2", 2)]  # val stands left of test
    assert leaks(rows, 0) == []


def test_equal_bytes_leak_whether_or_not_they_have_a_hash():
    rows = [row(7, "train"), row(7, "test"), row(8, "test")]
    [pair] = leaks(rows, 0)
    assert (pair.left.part, pair.right.part, pair.bits, pair.exact) == ("train", "test", 0, True)


def test_features_find_what_hashes_do_not():
    rows = [row(0, "train", phash=0), row(1, "train", phash=2**40 - 1), row(2, "test", phash=2**20 - 1), row(3, "val", phash=2**64 - 1)]
    features = np.array([[1, 0, 0], [2, 0, 0], [3, 0.3, 0], [0, 0, 0]], np.float32)  # lengths do not matter; zeros are like nothing
    pairs = leaks(rows, 2, features, 0.1)
    assert sorted(names(pairs)) == [("0", "2", 20), ("1", "2", 20)]
    cosine = 1 - 3 / np.sqrt(9 + 0.09)
    assert all(pair.distance is not None and abs(pair.distance - cosine) < 1e-6 for pair in pairs)
    assert leaks(rows, 2, features, cosine / 2) == []


def test_a_frame_that_was_not_measured_still_leaks_by_its_hash_and_by_nothing_else():
    rows = [row(0, "train", phash=0), row(1, "test", phash=1), row(2, "test", phash=2**64 - 1)]
    features = np.array([[1, 0], [0, 0], [0, 0]], np.float32)
    [pair] = leaks(rows, 2, features, 2.0)
    assert (names([pair]), pair.distance) == ([("0", "1", 1)], None)


def test_pairs_within_the_bits_come_first_and_carry_their_distance():
    rows = [row(0, "train", phash=0), row(1, "val", phash=2**30 - 1), row(2, "test", phash=1)]
    features = np.array([[1, 0], [1, 0.01], [0, 1]], np.float32)
    pairs = leaks(rows, 2, features, 0.1)
    assert names(pairs) == [("0", "2", 1), ("0", "1", 30)]
    assert [round(pair.distance or 0, 2) for pair in pairs] == [1, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2**10 - 1)), min_size=1, max_size=60), st.integers(0, 3))
def test_our_own_split_never_leaks_within_its_bits(frames, near):
    rows = [row(number, label=label, phash=phash * 0x40100401) for number, (label, phash) in enumerate(frames)]
    assert leaks(assign_parts(rows, near=near), near) == []


def test_a_label_conflict_is_near_identical_frames_of_several_labels_not_a_case_of_several():
    rows = [row(0, label="a", phash=0), row(1, label="b", phash=0b11), row(2, label="a", phash=0b1111)]
    rows += [
        row(3, label="a", phash=0xFFF << 40, case="7"),
        row(4, label="b", phash=0xFFF << 20, case="7"),
        row(5, label="a"),
        row(6, label="b"),
    ]
    rows += [row(7, label="a", phash=0xFFFF << 8), row(8, label="a", phash=0xFFFE << 8)]  # near, and of one mind
    [group] = label_conflicts(rows, 2)
    assert {r.file.stem for r in group} == {"0", "1", "2"}
    assert label_conflicts(rows, 1) == []


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 15)), max_size=30), st.randoms(use_true_random=False))
def test_conflicts_do_not_depend_on_the_order_of_files(frames, rng):
    rows = [row(number, label=label, phash=phash * 0x1111) for number, (label, phash) in enumerate(frames)]
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert {frozenset(group) for group in label_conflicts(rows, 3)} == {frozenset(group) for group in label_conflicts(shuffled, 3)}


def test_a_pair_is_exact_by_bits_or_by_bytes():
    assert Pair(row(0), row(0), 64).exact
    assert not Pair(row(0), row(1), 1).exact
