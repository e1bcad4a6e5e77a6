"""Two models on the same frames: what is told of them is what a plain count says, and the same whichever is named first."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from training.evaluation.paired_comparison import PairedComparison, compare, mcnemar
from training.evaluation.predictions import LabelledFrame, Predictions

CLASSES = ("esophagitis", "polyps", "normal")


def answers(labels, said, classes=CLASSES, groups=None) -> Predictions:
    """A model that gives its answer 0.8, and of the other classes the first most, for frames with these labels."""
    table = np.array([[0.8 if name == one else 0.2 / 2**place for place, name in enumerate(classes)] for one in said])
    table = (table / table.sum(axis=1, keepdims=True)).reshape(-1, len(classes))
    frames = [LabelledFrame(Path(f"{number}.png"), label, groups[number] if groups else str(number)) for number, label in enumerate(labels)]
    return Predictions(tuple(frames), np.array([classes.index(one) for one in labels], np.intp), table, ClassSet(classes), ())


@given(mended=st.integers(0, 60), broken=st.integers(0, 60))
def test_mcnemar_is_the_exact_test_of_a_fair_coin(mended: int, broken: int) -> None:
    expected = binomtest(mended, mended + broken).pvalue if mended + broken else 1.0
    assert mcnemar(mended, broken) == pytest.approx(expected)


FRAMES = st.lists(st.tuples(*[st.sampled_from(CLASSES)] * 3), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(frames=FRAMES)
def test_it_counts_as_one_would_by_hand_and_turns_round(frames) -> None:
    labels, new, old = zip(*frames, strict=True)
    found = compare(answers(labels, new), answers(labels, old), resamples=50)
    right = [(a == label, b == label) for label, a, b in frames]
    assert (found.mended, found.broken) == (right.count((True, False)), right.count((False, True)))
    assert sorted(flip.mended for flip in found.flips) == [False] * found.broken + [True] * found.mended
    share = [sum(of) / len(frames) for of in zip(*right, strict=True)]
    assert found.accuracy.value == pytest.approx(share[0] - share[1])
    assert set(found.recall) == set(labels)
    turned = compare(answers(labels, old), answers(labels, new), resamples=50)
    assert (turned.mended, turned.broken, turned.p) == (found.broken, found.mended, found.p)
    assert turned.macro_f1.value == pytest.approx(-found.macro_f1.value)
    if found.macro_f1.interval:
        low, high = found.macro_f1.interval
        assert low <= found.macro_f1.value <= high
        assert turned.macro_f1.interval == pytest.approx([-high, -low])
    assert PairedComparison.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_the_interval_is_narrower_than_that_of_either_model_alone() -> None:
    labels = ["polyps", "normal"] * 60
    wrong = {4, 8, 20, 34, 42, 60, 78, 90, 102, 110}
    old = ["normal" if number in wrong else label for number, label in enumerate(labels)]
    new = ["normal" if number in wrong - {4} else label for number, label in enumerate(labels)]
    found = compare(answers(labels, new), answers(labels, old))
    assert found.accuracy.interval
    low, high = found.accuracy.interval
    alone = found.new["intervals"]["accuracy"]
    assert high - low < (alone[1] - alone[0]) / 2  # both on the same draws: what both have wrong does not count


def test_frames_of_one_case_are_drawn_together() -> None:
    labels = ["polyps", "normal"] * 60
    new = ["polyps" if number < 24 else label for number, label in enumerate(labels)]
    alone = compare(answers(labels, new), answers(labels, labels))
    cases = compare(answers(labels, new, groups=[str(number // 12) for number in range(120)]), answers(labels, labels))
    assert alone.accuracy.value == cases.accuracy.value
    assert alone.accuracy.interval
    assert cases.accuracy.interval is None or cases.accuracy.interval[0] < alone.accuracy.interval[0]


def test_few_groups_give_no_interval() -> None:
    labels = ["polyps", "normal"] * 20
    few = [str(number % 4) for number in range(40)]
    found = compare(answers(labels, labels, groups=few), answers(labels, labels[::-1], groups=few))
    assert (found.accuracy.interval, found.macro_f1.interval, found.groups) == (None, None, 4)


def test_models_of_other_classes_are_compared_over_those_that_both_know() -> None:
    labels = ["polyps", "normal", "polyps", "bleeding"] * 10
    new = answers(labels, labels, ("polyps", "normal", "bleeding"))
    kept = [label for label in labels if label != "bleeding"]
    # a colitis, says the old one of every polyp: among the classes that both know it holds it for normal
    old = answers(
        kept, ["ulcerative-colitis" if label == "polyps" else label for label in kept], ("normal", "polyps", "ulcerative-colitis")
    )
    frames = tuple(frame for frame in new.frames if frame.label != "bleeding")
    old = Predictions(frames, old.truth, old.probabilities, old.classes, ())
    found = compare(new, old)
    assert (found.classes, found.n, found.left_out) == (("polyps", "normal"), 30, {"bleeding": 10})
    assert set(found.not_shared) == {"bleeding", "ulcerative-colitis"}
    assert (found.mended, found.broken) == (20, 0)
    assert {flip.old for flip in found.flips} == {"ulcerative-colitis"}


def test_a_model_that_calls_everything_by_its_new_class_is_not_equal():
    labels = ["polyps", "normal"] * 60
    new = answers(labels, ["bleeding"] * 120, ("polyps", "normal", "bleeding"))
    found = compare(new, answers(labels, labels, ("polyps", "normal")))
    assert (found.mended, found.broken, found.new["accuracy"]) == (0, 120, 0.0)
    assert {flip.new for flip in found.flips} == {"bleeding"}


@pytest.mark.parametrize(("frames", "most"), [(12, 0.3), (120, 0.04), (1200, 0.004)])
def test_no_difference_on_few_frames_is_no_proof(frames, most):
    labels = ["polyps", "normal"] * (frames // 2)
    low, high = compare(answers(labels, labels), answers(labels, labels), resamples=50).macro_f1.interval
    assert (low, high) == (-high, high)
    assert most / 2 < high < most


def test_nothing_in_common_is_said() -> None:
    new, old = answers(["polyps"], ["polyps"]), answers(["a"], ["a"], ("a", "b"))
    with pytest.raises(BadRequest, match="no two classes in common"):
        compare(new, old)


@pytest.mark.parametrize("value", [None, [], {}, {"classes": 5}, {"recall": {"polyps": 1}}, "polyps", {"flips": [1]}])
def test_what_is_no_comparison_is_refused(value) -> None:
    with pytest.raises(BadRequest, match="not the figures of a comparison"):
        PairedComparison.from_json(value)


@pytest.mark.slow
@pytest.mark.parametrize("n_classes", [4, 23])
def test_a_hundred_thousand_groups_take_little_memory(n_classes) -> None:
    n, rng = 100_000, np.random.default_rng(1)
    classes, truth = ClassSet(tuple(f"class {number}" for number in range(n_classes))), rng.integers(0, n_classes, n)
    files = [Path(f"/frames/a hospital with a long name/case {number:06}/frame.png") for number in range(n)]
    frames = tuple(LabelledFrame(file, classes.names[index], str(file.parent)) for file, index in zip(files, truth, strict=True))

    def model() -> Predictions:
        table = rng.random((n, n_classes))
        table[np.arange(n), truth] += 1
        return Predictions(frames, truth, table / table.sum(axis=1, keepdims=True), classes, ())

    new, old = model(), model()
    tracemalloc.start()
    found = compare(new, old, resamples=100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.n, found.groups) == (n, n)
    assert peak < 150e6, f"{peak / 1e6:.0f} MB"
