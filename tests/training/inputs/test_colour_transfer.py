import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.inputs.colour_transfer import ColourTransfer
from training.inputs.device_artefacts import fill_corner
from training.inputs.examples import Examples


def noise(colour, spread, seed=0):
    drawn = np.random.default_rng(seed).normal(colour, spread, (32, 32, 3))
    return np.clip(drawn, 0, 255).astype(np.uint8)


def colours_of(frames, labels):
    n = len(frames)
    return ColourTransfer.of(Examples((None,) * n, np.array(frames), np.array(labels), np.ones(n, np.float32)))


def lightness(frame):
    return cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)[..., 0].mean()


def test_after_the_exchange_colours_no_longer_tell_the_class():
    frames = [noise((220, 120, 110), 15, seed) for seed in range(40)] + [noise((120, 60, 40), 15, seed) for seed in range(4)]
    labels = np.array([0] * 40 + [1] * 4)
    colours, rng = colours_of(frames, labels), np.random.default_rng(1)
    exchanged = np.array([[lightness(colours.exchanged(frame, rng)) for _ in range(50)] for frame in frames])
    before = lightness(frames[0]) - lightness(frames[-1])
    after = exchanged[labels == 0].mean() - exchanged[labels == 1].mean()
    assert abs(after) < 0.4 * before  # half of the way on average is kept at least: no frame loses its own colours wholly
    looks_light = exchanged > (lightness(frames[0]) + lightness(frames[-1])) / 2
    assert 0.3 < looks_light[labels == 0].mean() < 0.95  # drawn by class, not by frame: the rare one is as frequent


@settings(max_examples=40, deadline=None)
@given(
    colours=st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=5),
    spread=st.floats(0, 80),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_frame_can_be_given_any_look(colours, spread, seed):
    frames = [noise(colour, spread) for colour in colours]
    colours = colours_of(frames, list(range(len(colours))))
    kept = frames[0].copy()
    exchanged = colours.exchanged(frames[0], np.random.default_rng(seed))
    assert (exchanged.shape, exchanged.dtype) == (frames[0].shape, np.uint8)
    assert (colours.exchanged(frames[0], np.random.default_rng(seed)) == exchanged).all()
    assert (frames[0] == kept).all()


def test_a_frame_that_is_given_its_own_look_stays_itself():
    frame = noise((180, 100, 90), 20)
    exchanged = colours_of([frame], [0]).exchanged(frame, np.random.default_rng(0))
    back_and_forth = cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_RGB2LAB), cv2.COLOR_LAB2RGB)
    assert np.abs(exchanged.astype(int) - back_and_forth).max() <= 2


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_filled_corner_is_smooth_and_the_rest_is_untouched(seed):
    frame = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    filled = fill_corner(frame, np.random.default_rng(seed))
    rows, columns = np.nonzero((filled != frame).any(axis=2))
    top, left, height, width = rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1
    assert 40 <= height <= 101
    assert 40 <= width <= 101
    assert top in (0, 224 - height)
    assert left in (0, 224 - width)
    corner = filled[top : top + height, left : left + width].astype(int)
    assert np.abs(np.diff(corner, axis=0)).max() < 20
