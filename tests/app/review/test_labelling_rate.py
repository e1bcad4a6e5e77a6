import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.review.labelling_rate import PAUSE_S, WINDOW_S, LabellingRate


def after(*acts):
    pace, now = LabellingRate(), 1000.0
    for gap, frames in acts:
        now += gap
        pace.add(now, frames)
    return pace.per_minute


def test_nothing_is_said_of_one_frame():
    assert LabellingRate().per_minute is None
    assert after((0, 1)) is None


def test_a_frame_every_two_seconds_is_thirty_a_minute():
    assert after((0, 1), *[(2, 1)] * 20) == pytest.approx(30)


def test_several_at_once_count_as_so_many():
    assert after((0, 1), (60, 10)) == pytest.approx(10)


def test_a_pause_does_not_slow_the_pace():
    assert after((0, 1), (2, 1), (2, 1), (PAUSE_S + 1, 1), (2, 1)) == pytest.approx(30)


def test_what_was_long_ago_is_forgotten():
    assert after((0, 1), *[(30, 1)] * 20, *[(3, 1)] * (int(WINDOW_S / 3) + 1)) == pytest.approx(20, rel=0.1)


@given(st.lists(st.tuples(st.floats(0.05, 100), st.integers(1, 50)), max_size=60))
def test_the_pace_lies_between_the_slowest_and_the_fastest_stretch_of_work(acts):
    pace = after((0, 1), *acts)
    paces = [60 * frames / gap for gap, frames in acts if gap <= PAUSE_S]
    if not paces:
        assert pace is None
    else:
        assert min(paces) * 0.999 <= pace <= max(paces) * 1.001
