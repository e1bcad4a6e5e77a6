import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.member_networks import COLDEST, HOTTEST
from training.evaluation.calibration import (
    calibrate,
    calibration_figures,
    coverage_curve,
    fit_temperature,
    not_sure_threshold,
    reliability,
    tempered,
)
from training.evaluation.metrics import measure


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def believed(n, temperature, seed=0):
    """Labels drawn from what the logits say at a temperature, and what the model says at 1."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (n, 3))
    honest = softmax(logits / temperature)
    truth = (honest.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return truth, softmax(logits)


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 4.0])
def test_the_temperature_that_labels_were_drawn_at_is_found_and_mends_the_probabilities(temperature):
    truth, probabilities = believed(2500, temperature)
    found = fit_temperature(truth, probabilities)
    assert found == pytest.approx(temperature, rel=0.12)
    other, unseen = believed(2500, temperature, seed=1)
    figures = calibration_figures(other, tempered(unseen, found), PAPER_CLASSES, [str(n) for n in range(2500)], found, None)
    after = measure(other, tempered(unseen, found), PAPER_CLASSES, resamples=2)["ece"]
    assert after < 0.03
    if temperature != 1:
        assert figures["before"]["ece"]["value"] > 0.05
    assert figures["before"]["ece"]["value"] == pytest.approx(measure(other, unseen, PAPER_CLASSES, resamples=2)["ece"], abs=1e-6)


def test_a_model_without_mistakes_is_not_made_infinitely_sure():
    truth = np.arange(30) % 3
    probabilities = np.eye(3)[truth] * 0.7 + 0.1
    assert 0.2 < fit_temperature(truth, probabilities) < 1
    assert 1 < fit_temperature(truth, np.roll(probabilities, 1, axis=1)) <= HOTTEST  # and one without a right answer is made less so


@settings(deadline=None)
@given(hnp.arrays(np.float64, (7, 3), elements=st.floats(0, 1)), st.floats(0.2, 5))
def test_scaling_keeps_the_order_and_can_be_undone(weights, temperature):
    probabilities = (weights + 0.01) / (weights + 0.01).sum(axis=1, keepdims=True)
    scaled = tempered(probabilities, temperature)
    assert scaled.sum(axis=1) == pytest.approx(np.ones(7))
    assert tempered(scaled, 1 / temperature) == pytest.approx(probabilities, abs=1e-9)
    assert COLDEST <= fit_temperature(np.zeros(7, np.intp), probabilities) <= HOTTEST
    for row, before in zip(scaled, probabilities, strict=True):
        assert row[before.argmax()] == row.max()


def test_certain_answers_are_no_trouble():
    truth = np.array([0, 1, 2, 0])
    certain = np.eye(3)[[0, 1, 2, 1]]
    assert fit_temperature(truth, certain) > 1
    assert np.isfinite(tempered(certain, 0.5)).all()
    assert calibrate(np.array([], np.intp), np.zeros((0, 3))).not_sure_below is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(51, 100), st.booleans()), max_size=60), st.integers(1, 20), st.sampled_from([0.5, 0.9, 0.98]))
def test_the_threshold_is_the_lowest_that_keeps_the_aim(frames, fewest, target):
    confidence = np.array([percent / 100 for percent, _ in frames]).reshape(-1)
    truth = np.array([0 if right else 1 for _, right in frames], np.intp)
    probabilities = np.stack([confidence, 1 - confidence], axis=1)

    def holds(threshold):
        kept = confidence >= threshold - 1e-9
        return kept.sum() >= fewest and (truth[kept] == 0).mean() >= target

    possible = [threshold for threshold in sorted(set(confidence.tolist())) if holds(threshold)]
    found = not_sure_threshold(truth, probabilities, target=target, fewest=fewest)
    assert found == (pytest.approx(possible[0], abs=1e-4) if possible else None)
    if found is not None:
        assert found <= possible[0]  # what was answered on validation stays so


def test_bins_add_up_to_the_calibration_error():
    truth, probabilities = believed(500, 2.0)
    bins = reliability(truth, probabilities)
    assert sum(row["n"] for row in bins) == 500
    ece = sum(row["n"] * abs(row["confidence"] - row["accuracy"]) for row in bins) / 500
    assert measure(truth, probabilities, PAPER_CLASSES, resamples=2)["ece"] == pytest.approx(ece)
    assert reliability(np.array([0]), np.array([[1.0, 0.0]])) == [{"n": 1, "confidence": 1.0, "accuracy": 1.0}]


def test_the_coverage_curve_ends_at_all_frames():
    truth, probabilities = believed(500, 1.0)
    curve = coverage_curve(truth, probabilities)
    assert len(curve) <= 101
    assert curve[-1]["coverage"] == 1
    assert curve[-1]["accuracy"] == pytest.approx((probabilities.argmax(axis=1) == truth).mean())
    assert [row["confidence"] for row in curve] == sorted((row["confidence"] for row in curve), reverse=True)
    assert coverage_curve(np.array([], np.intp), np.zeros((0, 3))) == []


def test_the_threshold_is_measured_where_it_was_not_chosen():
    truth = np.array([0] * 40 + [1] * 10)
    probabilities = np.array([[0.9, 0.1]] * 40 + [[0.6, 0.4]] * 10)
    assert not_sure_threshold(truth, probabilities) == 0.9
    told = calibration_figures(truth, probabilities, PAPER_CLASSES.of(("a", "b")), [str(n) for n in range(50)], 1.0, 0.9)["not_sure"]
    assert (told["answered"], told["coverage"], told["accuracy"], told["below"]) == (40, 0.8, 1.0, 0.9)
    nothing = calibration_figures(truth, probabilities, PAPER_CLASSES.of(("a", "b")), [str(n) for n in range(50)], 1.0, 0.95)["not_sure"]
    assert (nothing["answered"], nothing["accuracy"]) == (0, None)
