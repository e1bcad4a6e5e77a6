"""Near pairs and groups, against comparing all with all."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from endodesk.dataset.near_duplicates import MOST_PAIRS, near_groups, near_pairs


@st.composite
def hash_lists(draw, most=40):
    """Hashes around a few centres, copies among them, some not known."""
    centres = draw(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=3))
    flips = st.lists(st.integers(0, 63), max_size=8)
    drawn = draw(st.lists(st.tuples(st.sampled_from(centres), flips), max_size=most))
    values = [centre ^ sum(1 << bit for bit in set(bits)) for centre, bits in drawn]
    return [f"{value:016x}" for value in values]


def all_with_all(hashes, near, parts=None):
    found = []
    for i, j in itertools.combinations(range(len(hashes)), 2):
        if hashes[i] and hashes[j] and (parts is None or parts[i] != parts[j]):
            bits = (int(hashes[i], 16) ^ int(hashes[j], 16)).bit_count()
            found += [(bits, i, j)] if bits <= near else []
    return [[i, j, bits] for bits, i, j in sorted(found)]


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(hash_lists(), st.integers(0, 32), st.sets(st.integers(0, 39), max_size=5))
@example([], 6, set())
@example(["0" * 16], 6, set())
def test_pairs_are_those_of_comparing_all_with_all(hashes, near, unknown):
    hashes = ["" if place in unknown else text for place, text in enumerate(hashes)]
    assert near_pairs(hashes, near).tolist() == all_with_all(hashes, near)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(hash_lists(), st.integers(0, 12), st.data())
def test_pairs_of_different_parts_only(hashes, near, data):
    parts = data.draw(st.lists(st.sampled_from("abc"), min_size=len(hashes), max_size=len(hashes)))
    assert near_pairs(hashes, near, parts=parts).tolist() == all_with_all(hashes, near, parts)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(hash_lists(), st.integers(0, 12), st.integers(1, 30))
@example([f"{value:016x}" for value in (4, 11, 29, 19, 15, 20, 18, 2)], 6, 3)  # a closer pair is met after enough of the farther
@example([f"{value:016x}" for value in (0, 0, 1, 1, 2, 2)], 0, 3)  # copies in twos: four places looked at for each pair
def test_of_too_many_pairs_the_closest_are_kept(hashes, near, most):
    kept, every = near_pairs(hashes, near, most=most).tolist(), all_with_all(hashes, near)
    assert len(kept) == min(most, len(every))
    assert [bits for _, _, bits in kept] == [bits for _, _, bits in every[: len(kept)]]
    assert all(pair in every for pair in kept)
    assert len({(i, j) for i, j, _ in kept}) == len(kept)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(hash_lists(), st.integers(0, 20))
def test_groups_are_the_connected_ones_and_named_by_their_first(hashes, near):
    groups = near_groups(hashes, near)
    expected = list(range(len(hashes)))
    for i, j, _ in all_with_all(hashes, near):
        expected = [expected[i] if root == expected[j] else root for root in expected]
    firsts = {root: expected.index(root) for root in expected}
    assert groups.tolist() == [firsts[root] for root in expected]


def texts(values):
    return [f"{int(value):016x}" for value in values]


@pytest.mark.slow
def test_a_hundred_thousand_hashes_with_known_pairs():
    rng = np.random.default_rng(3)
    values = rng.integers(0, 2**64, 100_000, dtype=np.uint64)
    values[1000:1050] = values[:50] ^ np.uint64(0b111111 << 20)
    values[2000:2050] = values[:50] ^ np.uint64(0b1111111 << 20)  # 7 bits: too far from the first, 1 from the second
    pairs = near_pairs(texts(values), 6)
    assert sorted(pairs.tolist()) == sorted([[i, 1000 + i, 6] for i in range(50)] + [[1000 + i, 2000 + i, 1] for i in range(50)])
    assert np.unique(near_groups(texts(values), 6)).size == 100_000 - 100


@pytest.mark.parametrize("parts", [None, ["train", "test"] * 50_000])
def test_a_hundred_thousand_equal_frames_do_not_fill_the_memory(parts):
    pairs = near_pairs(["00ff" * 4] * 100_000, 6, parts=parts)
    assert len(pairs) == MOST_PAIRS
    assert not pairs[:, 2].any()
    assert near_groups(["00ff" * 4] * 100_000, 6).max() == 0


def test_equal_frames_in_one_part_do_not_hide_the_leak():
    hashes = ["00ff" * 4] * 5000 + ["00ff" * 3 + "00fe"]
    assert near_pairs(hashes, 2, parts=["train"] * 5000 + ["test"], most=100)[0].tolist()[1:] == [5000, 1]
