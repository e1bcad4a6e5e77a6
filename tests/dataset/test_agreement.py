"""Agreement of readers, held against worked examples of the literature and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.dataset.agreement import Ratings, measure, measure_pairs


def ratings(rows, *, classes=5, cases=None):
    given = np.array(rows, np.int32)
    readers = tuple(f"reader {number}" for number in range(given.shape[1]))
    names = tuple(f"class {number}" for number in range(classes))
    return Ratings(readers, names, given, tuple(cases or (str(number) for number in range(len(given)))))


def test_krippendorffs_own_example():
    """Four observers, twelve units, nominal, with gaps: alpha is 0.743 (Krippendorff 2011, section C)."""
    nothing = -1
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nothing, nothing, nothing],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nothing, 3],
        [nothing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nothing],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nothing],
    ]
    found = measure(ratings(np.array(observers).T, classes=6))
    assert found.alpha.value == pytest.approx(0.743, abs=0.0005)
    assert found.alpha.n == 11  # the twelfth unit was seen by one alone


def test_fleiss_own_example():
    """14 raters, ten subjects, five categories: kappa is 0.210 (Fleiss 1971, as tabulated in many texts)."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    rows = [np.repeat(np.arange(5), row) for row in counts]
    found = measure(ratings(rows))
    assert found.fleiss.value == pytest.approx(0.210, abs=0.0005)
    assert found.fleiss.low < found.fleiss.value < found.fleiss.high


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60))
def test_cohens_kappa_is_that_of_scikit_learn(pairs):
    metrics = pytest.importorskip("sklearn.metrics")
    left, right = zip(*pairs, strict=True)
    (found,) = measure_pairs(ratings(pairs, classes=4))
    expected = metrics.cohen_kappa_score(left, right, labels=range(4)) if len({*left, *right}) > 1 else np.nan
    if np.isfinite(expected):
        assert found.kappa.value == pytest.approx(expected, abs=1e-9)
    else:
        assert found.kappa.value is None
    assert found.confusion.tolist() == metrics.confusion_matrix(left, right, labels=range(4)).tolist()
    assert found.percent.value == pytest.approx(np.mean(np.array(left) == np.array(right)))


def test_the_same_words_agree_wholly_and_one_class_alone_says_nothing():
    same = measure(ratings([[0, 0], [1, 1], [0, 0]]))
    assert (same.percent.value, same.alpha.value, same.fleiss.value) == (1, 1, 1)
    alone = measure(ratings([[0, 0], [0, 0]]))
    assert (alone.percent.value, alone.alpha.value, alone.fleiss.value) == (1, None, None)


def test_nobody_in_common():
    found = measure(ratings([[0, -1], [-1, 1]]))
    assert (found.percent.value, found.alpha.n, found.cases) == (None, 0, 0)
    assert list(measure_pairs(ratings([[0, -1], [-1, 1]]))) == []


def test_frames_of_one_case_are_resampled_together():
    rng = np.random.default_rng(0)
    rows = np.repeat(np.column_stack([first := rng.integers(0, 2, 20), np.where(rng.random(20) < 0.7, first, 1 - first)]), 10, axis=0)
    alone, together = measure(ratings(rows)), measure(ratings(rows, cases=[str(frame // 10) for frame in range(200)]))
    assert together.percent.value == alone.percent.value
    assert together.percent.high - together.percent.low > 2 * (alone.percent.high - alone.percent.low)


def test_one_class_against_the_rest():
    rest = ratings([[0, 1], [2, 1], [0, 0]], classes=3).against_rest("class 0")
    assert rest.given.tolist() == [[0, 1], [1, 1], [0, 0]]
    assert measure(rest).percent.value == pytest.approx(2 / 3)


def test_many_cases_alike_have_the_interval_of_as_many_single_ones():
    """They are drawn together: the interval is that of 4,000 draws all the same (the normal one of a share of 0.9, within a tenth)."""
    agreeing = [[0, 0] if n % 10 else [0, 1] for n in range(4000)]
    (found,) = measure_pairs(ratings(agreeing, classes=2))
    half = 1.96 * (0.9 * 0.1 / 4000) ** 0.5
    assert found.percent.value == pytest.approx(0.9)
    assert (found.percent.high - found.percent.low) / 2 == pytest.approx(half, rel=0.1)
