"""The looked-up answers are OpenCV's own for every colour there is."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.imaging.preprocessing.colour_tables import green_pixels, lighter
from endodesk.imaging.preprocessing.steps import STEPS

KNOBS = {(step, knob.name): knob for step in ("field", "scopeguide") for knob in STEPS[step].knobs}


def colours(red: int) -> np.ndarray:
    """All colours of 16 reds from this one on: 4096 x 256 x 3."""
    reds, greens, blues = np.indices((16, 256, 256), np.uint8)
    return np.dstack([plane.reshape(4096, 256) for plane in (reds + np.uint8(red), greens, blues)])


def knob(step: str, name: str) -> st.SearchStrategy[int]:
    return st.integers(int(KNOBS[step, name].low), int(KNOBS[step, name].high))


def green_by_cv2(image: np.ndarray, low: tuple[int, int, int], high: tuple[int, int, int]) -> np.ndarray:
    return cv2.inRange(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), np.array(low), np.array(high)) > 0


@pytest.mark.slow
@pytest.mark.parametrize("l_above", [5, 40, 120])
def test_every_colour_is_as_light_as_in_lab(l_above: int) -> None:
    for red in range(0, 256, 16):
        image = colours(red)
        assert np.array_equal(lighter(image, l_above) > 0, cv2.cvtColor(image, cv2.COLOR_RGB2LAB)[..., 0] > l_above)


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high"), [((35, 100, 100), (85, 255, 255)), ((20, 30, 30), (110, 255, 255))])
def test_every_colour_is_as_green_as_in_hsv(low: tuple[int, int, int], high: tuple[int, int, int]) -> None:
    for red in range(0, 256, 16):
        image = colours(red)
        assert np.array_equal(green_pixels(image, low, high) > 0, green_by_cv2(image, low, high))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), shape=st.tuples(st.integers(1, 70), st.integers(1, 70)), l_above=knob("field", "l_above"))
def test_frames_of_any_size_and_threshold_are_as_light_as_in_lab(seed: int, shape: tuple[int, int], l_above: int) -> None:
    image = np.random.default_rng(seed).integers(0, 130, (*shape, 3), np.uint8)
    assert np.array_equal(lighter(image, l_above) > 0, cv2.cvtColor(image, cv2.COLOR_RGB2LAB)[..., 0] > l_above)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    shape=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    low=st.tuples(*(knob("scopeguide", name) for name in ("hue_low", "saturation_low", "value_low"))),
    hue_high=knob("scopeguide", "hue_high"),
)
def test_frames_of_any_size_and_limits_are_as_green_as_in_hsv(
    seed: int, shape: tuple[int, int], low: tuple[int, int, int], hue_high: int
) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (*shape, 3), np.uint8)
    high = (hue_high, 255, 255)
    assert np.array_equal(green_pixels(image, low, high) > 0, green_by_cv2(image, low, high))


@pytest.mark.parametrize("rows", [slice(None), slice(3, -2)])
@pytest.mark.parametrize("columns", [slice(None), slice(5, None), slice(None, None, 2)])
def test_a_part_of_a_frame_gives_that_part_of_the_answer(rows: slice, columns: slice) -> None:
    image = np.random.default_rng(7).integers(0, 256, (60, 80, 3), np.uint8)
    image[10:40, 10:40] //= 4
    low, high = (35, 100, 100), (85, 255, 255)
    assert np.array_equal(lighter(image[rows, columns], 40), lighter(image, 40)[rows, columns])
    assert np.array_equal(green_pixels(image[rows, columns], low, high), green_pixels(image, low, high)[rows, columns])
