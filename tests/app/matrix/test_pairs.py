"""What two sides say, counted by frame and by case: the arrays agree with a plain count."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.matrix.pairs import by_case, by_frame
from endodesk.dataset.agreement import measure_pairs

NAMES = ("a", "b", "c")
FRAMES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-1, 4)), max_size=40)


def arrays(frames, offset=100):
    rows = np.arange(offset, offset + len(frames))
    return (rows, *(np.array([frame[part] for frame in frames], np.int64) for part in range(3)))


def mostly(said):
    counts = Counter(said).most_common(2)
    return None if len(counts) > 1 and counts[0][1] == counts[1][1] else counts[0][0]


@given(FRAMES)
def test_by_frame_each_frame_is_one(frames):
    pairs = by_frame(NAMES, *arrays(frames))
    ones, others, counts = pairs.counts()
    assert (ones, others) == tuple(sorted({frame[side] for frame in frames}) for side in (0, 1))
    assert counts.tolist() == [[sum(f[:2] == (one, other) for f in frames) for other in others] for one in ones]
    for one in (None, 0, 1, 2):
        for other in (None, 0, 1, 2):
            wanted = [100 + n for n, f in enumerate(frames) if one in (None, f[0]) and other in (None, f[1])]
            assert pairs.frames(one, other) == wanted


@given(FRAMES)
def test_by_case_most_of_its_frames_speak_for_it(frames):
    pairs = by_case(NAMES, *arrays(frames))
    cases = {case: [f for f in frames if f[2] == case] for case in {f[2] for f in frames} - {-1}}
    words = {case: (mostly(f[0] for f in of), mostly(f[1] for f in of)) for case, of in cases.items()}
    decided = {case: said for case, said in words.items() if None not in said}
    assert len(pairs) == len(decided)
    assert pairs.undecided == len(words) - len(decided)
    ones, others, counts = pairs.counts()
    assert counts.sum() == len(decided)
    for one, row in zip(ones, counts, strict=True):
        for other, n in zip(others, row, strict=True):
            there = [case for case, said in decided.items() if said == (one, other)]
            assert n == len(there)
            assert pairs.frames(one, other) == [100 + n for n, f in enumerate(frames) if f[2] in there]


def test_what_is_measured_is_what_is_counted():
    frames = [(n % 3, n % 3 if n % 4 else (n + 1) % 3, n // 5) for n in range(60)]
    pairs = by_frame(NAMES, *arrays(frames))
    (found,) = measure_pairs(pairs.ratings(("one", "other")))
    _, _, counts = pairs.counts()
    assert (found.confusion == counts).all()
    assert found.percent.value == pytest.approx(np.trace(counts) / 60)
    assert found.percent.low < found.percent.value < found.percent.high


def test_frames_without_a_case_are_resampled_alone():
    pairs = by_frame(NAMES, *arrays([(0, 0, -1), (0, 1, -1), (1, 1, 2), (1, 1, 2)]))
    assert len(set(pairs.ratings(("", "")).cases)) == 3
