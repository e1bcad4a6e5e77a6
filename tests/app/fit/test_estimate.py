"""What is estimated without labels: the lines, their ends, and what is not told."""

import numpy as np
import pytest

from endodesk.app.fit.estimate import FINDING, NORMAL, SPECIFICITY, estimated, is_checked, is_normal, log_odds, said_share, share_of


def said(*rows):
    return np.array(rows, np.float32)


def test_of_what_the_probabilities_expect_the_share_that_is_called_so():
    own, called = np.array([0.9, 0.8, 0.3, 0.0]), np.array([True, True, False, False])
    assert said_share(own, called) == pytest.approx((1.7 / 4 + 0.002) / (2.0 / 4 + 0.003))
    weights = np.array([1.0, 1.0, 2.0, 0.0])  # a frame may stand for two
    assert said_share(own, called, weights) == pytest.approx((1.7 / 4 + 0.002) / (2.3 / 4 + 0.003))


def test_log_odds_and_back_also_at_both_ends():
    for share in (0.0, 0.01, 0.5, 0.93, 1.0):
        assert share_of(log_odds(share)) == pytest.approx(share, abs=1e-9)
    assert 0 <= share_of(-50) <= share_of(50) <= 1


@pytest.mark.parametrize("sure", [0.6, 0.8, 0.95])
def test_estimates_lie_within_their_intervals_and_below_what_the_model_says_of_itself(sure):
    probabilities = np.tile(said([sure, 1 - sure], [1 - sure, sure]), (50, 1))
    for place, name in enumerate(("polyps", "normal")):
        found = estimated(name, probabilities, place)
        assert found.called == 50
        for span in (found.recall, found.specificity):
            assert 0 <= span.low < span.value < span.high <= 1
            assert span.value < sure  # models believe in themselves too much elsewhere


def test_a_surer_model_is_expected_to_find_more():
    found = [estimated("polyps", np.tile(said([sure, 1 - sure], [1 - sure, sure]), (50, 1)), 0).recall.value for sure in (0.6, 0.8, 0.99)]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_normal_mucosa_is_found_less_often_than_a_finding_at_the_same_word():
    probabilities = np.tile(said([0.85, 0.15], [0.15, 0.85]), (50, 1))
    assert estimated("normal", probabilities, 0).recall.value < estimated("polyps", probabilities, 0).recall.value
    assert is_normal("Normal mucosa")
    assert not is_normal("abnormal")


def test_of_too_few_frames_nothing_is_told():
    probabilities = np.tile(said([0.98, 0.02]), (30, 1))
    found = estimated("polyps", probabilities, 0)
    assert found.recall is not None
    assert found.specificity is None  # 0.6 frames of other classes are expected
    assert estimated("normal", probabilities, 1).recall is None


def test_lines_rise():
    assert all(line.slope > 0 and line.half > 0 for line in (FINDING, NORMAL, SPECIFICITY))


def test_classes_that_hospitals_left_out_had():
    assert [is_checked(name) for name in ("Polyps", "normal", "ulcerative-colitis", "dyed-lifted-polyps")] == [True, True, False, True]
