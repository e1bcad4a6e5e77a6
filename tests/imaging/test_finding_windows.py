"""Matched windows: same size, same frame, within what may be shown, one with and one without the finding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.imaging.finding_windows import COVERED, HELD, SIDES, cut, window_pairs

sizes = st.integers(100, 300)


def _ellipse(height: int, width: int, at: tuple[float, float], of: tuple[float, float]) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return ((x - at[0] * width) / (of[0] * width)) ** 2 + ((y - at[1] * height) / (of[1] * height)) ** 2 <= 1


shares = st.tuples(st.floats(0, 1), st.floats(0, 1))
extents = st.tuples(st.floats(0.02, 0.6), st.floats(0.02, 0.6))


@settings(max_examples=150, deadline=None)
@given(sizes, sizes, shares, extents, extents, st.integers(0, 2**31), st.integers(1, 4))
def test_pairs_are_of_one_size_and_show_what_they_should(height, width, at, of, lit, seed, pairs):
    finding = _ellipse(height, width, at, of)
    usable = _ellipse(height, width, (0.5, 0.5), (0.3 + lit[0], 0.3 + lit[1]))
    usable[-height // 5 :, : width // 5] = False  # a box
    found = window_pairs(finding, usable, seed=seed, pairs=pairs)
    assert len(found) <= pairs
    assert len({pair.finding[2] for pair in found}) == len(found)  # each of another size
    for pair in found:
        assert pair.finding[2:] == pair.without[2:]
        assert pair.finding[2] == pair.finding[3]
        for x, y, side, _ in (pair.finding, pair.without):
            assert 0 <= x <= width - side
            assert 0 <= y <= height - side
            assert usable[y : y + side, x : x + side].all()
        x, y, side, _ = pair.without
        assert not finding[y : y + side, x : x + side].any()
        x, y, side, _ = pair.finding
        held = finding[y : y + side, x : x + side].sum()
        assert held >= HELD * finding.sum() or held >= COVERED * side * side
    assert found == window_pairs(finding, usable, seed=seed, pairs=pairs)


def test_several_sizes_where_there_is_room_and_other_seeds_choose_others():
    finding, usable = _ellipse(500, 700, (0.2, 0.25), (0.05, 0.05)), np.ones((500, 700), bool)
    assert len(window_pairs(finding, usable, seed=1, pairs=9)) == len(SIDES)
    assert len({window_pairs(finding, usable, seed=seed) for seed in range(8)}) > 4


def test_no_pair_where_there_is_no_room():
    usable = np.ones((300, 300), bool)
    assert window_pairs(np.zeros_like(usable), usable, seed=1) == ()
    assert window_pairs(usable, usable, seed=1) == ()
    assert window_pairs(_ellipse(300, 300, (0.5, 0.5), (0.1, 0.1)), ~usable, seed=1) == ()
    assert window_pairs(_ellipse(100, 100, (0.2, 0.2), (0.1, 0.1)), np.ones((100, 101), bool), seed=1) == ()


def test_a_window_is_cut_from_the_frame_and_not_past_its_edge():
    image = np.arange(20 * 30 * 3, dtype=np.uint16).astype(np.uint8).reshape(20, 30, 3)
    assert np.array_equal(cut(image, (4, 3, 5, 6)), image[3:9, 4:9])
    for wrong in ((26, 0, 5, 5), (0, 16, 5, 5), (-1, 0, 5, 5), (0, 0, 0, 5)):
        with pytest.raises(ValueError, match="does not lie within"):
            cut(image, wrong)
