from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.frames.row_runs import runs


@given(st.sets(st.integers(0, 200)))
def test_runs_hold_the_rows_and_no_others(rows):
    found = runs(rows, most=1_000)
    assert [row for first, last in found for row in range(first, last + 1)] == sorted(rows)
    assert all(second[0] > first[1] + 1 for first, second in pairwise(found))


def test_many_runs_are_told_as_one_from_the_first_to_the_last():
    assert runs([9, 1, 5], most=3) == [(1, 1), (5, 5), (9, 9)]
    assert runs([9, 1, 5, 3], most=3) == [(1, 9)]
