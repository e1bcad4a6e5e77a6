"""Hiding the source: what is beside the centre, and the colours of a device, change nothing of what is left."""

import numpy as np
import pytest
from frame_folders import CLASSES, png, put
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.inference.predictor import Predictor
from training.evaluation.predictions import LabelledFrame, answer_frames
from training.evaluation.source_hidden import source_hidden


def a_frame(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    small = rng.integers(60, 200, (14, 14, 3), np.uint8)
    return np.kron(small, np.ones((16, 16, 1), np.uint8))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), edge=st.integers(1, 33), value=st.integers(0, 255))
def test_what_lies_at_the_rim_changes_nothing(seed: int, edge: int, value: int) -> None:
    frame = a_frame(seed)
    other = frame.copy()
    for side in (np.s_[:edge], np.s_[-edge:], np.s_[:, :edge], np.s_[:, -edge:]):
        other[side] = value
    assert np.array_equal(source_hidden(frame), source_hidden(other))
    assert source_hidden(frame).shape == frame.shape
    assert source_hidden(frame).dtype == np.uint8


@pytest.mark.parametrize("gain", [0.6, 0.8, 1.2])
def test_brightness_of_a_device_is_nearly_gone(gain: float) -> None:
    frame = a_frame(3)
    other = np.clip(frame * gain, 0, 255).astype(np.uint8)
    before, after = (np.abs(one.astype(int) - two).mean() for one, two in ((frame, other), (source_hidden(frame), source_hidden(other))))
    assert after < before / 4


def test_the_mucosa_is_still_there_and_a_frame_of_one_colour_is_no_fault() -> None:
    one, other = source_hidden(a_frame(1)), source_hidden(a_frame(2))
    assert np.abs(one.astype(int) - other).mean() > 20
    assert source_hidden(np.full((224, 224, 3), 90, np.uint8)).std() < 60


def test_a_model_is_asked_about_what_is_left(tiny_bundle, tmp_path) -> None:
    frames = [LabelledFrame(put(tmp_path / f"{name}.png", png(10 * number, name)), name, name) for number, name in enumerate(CLASSES[:3])]
    frames.append(LabelledFrame(put(tmp_path / "broken.png", b"no frame"), CLASSES[0], "x"))
    predictor = Predictor(tiny_bundle)
    shown = []

    def hide(final):
        shown.append(final.shape)
        return source_hidden(final)

    as_they_are, hidden = answer_frames(predictor, frames), answer_frames(predictor, frames, hide=hide)
    assert shown == [(224, 224, 3)] * 3
    assert [one.path.name for one in hidden.unreadable] == ["broken.png"]
    assert np.array_equal(hidden.truth, as_they_are.truth)
    assert hidden.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(hidden.probabilities, as_they_are.probabilities)
