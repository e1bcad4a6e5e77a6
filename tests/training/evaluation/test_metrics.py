import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from endodesk.domain.classes import PAPER_CLASSES, ClassSet
from training.evaluation.intervals import FEW_GROUPS, resampled_figures, wilson_interval
from training.evaluation.metrics import WHOLE, measure
from training.evaluation.scores import SCORES, Sample

PUBLISHED = [[150, 0, 0], [2, 135, 13], [7, 1, 142]]
ABCD = ClassSet(("a", "b", "c", "d"))


def from_confusion(confusion):
    pairs = [(t, a) for t, line in enumerate(confusion) for a, n in enumerate(line) for _ in range(n)]
    truth, answers = np.array(pairs, np.intp).T
    return truth, np.eye(len(confusion))[answers] * 0.8 + 0.2 / len(confusion)


def drawn(n, *, classes=3, seed=0, sure=1.0):
    """Answers that are right more often than not."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, n)
    probabilities = rng.dirichlet([0.5] * classes, n)
    probabilities[np.arange(n), truth] += sure
    return truth, probabilities / probabilities.sum(axis=1, keepdims=True)


@st.composite
def samples(draw):
    """Truth, probabilities with ties, and groups, of 1 to 40 frames in 4 classes."""
    n = draw(st.integers(1, 40))
    truth = draw(hnp.arrays(np.intp, n, elements=st.integers(0, 3)))
    weights = draw(hnp.arrays(np.int64, (n, 4), elements=st.integers(1, 4)))
    groups = draw(st.lists(st.sampled_from("uvwxyz"), min_size=n, max_size=n))
    return truth, weights / weights.sum(axis=1, keepdims=True), groups


def test_the_published_matrix_gives_the_published_table():
    """method.md, "Published result"."""
    metrics = measure(*from_confusion(PUBLISHED), PAPER_CLASSES)
    assert metrics["confusion"] == PUBLISHED
    assert (metrics["n"], metrics["groups"]) == (450, 450)
    assert metrics["accuracy"] == pytest.approx(0.9489, abs=5e-5)
    assert metrics["accuracy_interval"] == metrics["intervals"]["accuracy"] == pytest.approx([0.925, 0.966], abs=0.005)  # Wilson's
    table = {
        "esophagitis": (0.9434, 1.0, 0.9709, 0.97),
        "polyps": (0.9926, 0.90, 0.9441, 0.9967),
        "ulcerative-colitis": (0.9161, 0.9467, 0.9311, 0.9567),
    }
    for name, figures in table.items():
        scores = metrics["per_class"][name]
        assert [scores[k] for k in ("precision", "recall", "f1", "specificity")] == pytest.approx(figures, abs=6e-5)
    macro = metrics["macro"]
    assert [macro["precision"], macro["recall"], macro["f1"]] == pytest.approx([0.9507, 0.9489, 0.9487], abs=6e-5)
    assert metrics["balanced_accuracy"] == macro["recall"]
    assert metrics["intervals"]["per_class"]["esophagitis"]["recall"] == pytest.approx(wilson_interval(150, 150))  # no mistake to resample


@pytest.mark.slow
@settings(deadline=None, max_examples=60)  # the first call imports scikit-learn
@given(samples())
def test_agrees_with_scikit_learn(sample):
    of = pytest.importorskip("sklearn.metrics")
    truth, probabilities, groups = sample
    metrics = measure(truth, probabilities, ABCD, groups, resamples=20)
    answers, present = probabilities.argmax(axis=1), sorted(set(truth.tolist()))
    assert metrics["accuracy"] == pytest.approx(of.accuracy_score(truth, answers))
    p, r, f, n = of.precision_recall_fscore_support(truth, answers, labels=present, zero_division=0)
    scores = [metrics["per_class"]["abcd"[i]] for i in present]
    assert [s["precision"] or 0 for s in scores] == pytest.approx(p)
    assert [s["recall"] for s in scores] == pytest.approx(r)
    assert [s["f1"] for s in scores] == pytest.approx(f)
    assert [s["n"] for s in scores] == n.tolist()
    assert [metrics["macro"][s] for s in ("precision", "recall", "f1")] == pytest.approx([p.mean(), r.mean(), f.mean()])
    for index in present:
        own = metrics["per_class"]["abcd"[index]]
        (tn, fp), (fn, _) = of.confusion_matrix(truth == index, answers == index, labels=[False, True])
        assert own["specificity"] == (pytest.approx(tn / (tn + fp)) if tn + fp else None)
        assert own["npv"] == (pytest.approx(tn / (tn + fn)) if tn + fn else None)
        area = of.roc_auc_score(truth == index, probabilities[:, index]) if len(present) > 1 else None
        assert own["auroc"] == (pytest.approx(area) if area is not None else None)
    if metrics["mcc"] is not None:
        assert metrics["mcc"] == pytest.approx(of.matthews_corrcoef(truth, answers))
    if metrics["kappa"] is not None:
        assert metrics["kappa"] == pytest.approx(of.cohen_kappa_score(truth, answers))
    assert metrics["loss"] == pytest.approx(of.log_loss(truth, probabilities, labels=range(4)))
    assert metrics["brier"] == pytest.approx(((probabilities - np.eye(4)[truth]) ** 2).sum(axis=1).mean())
    json.dumps(metrics, allow_nan=False)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(samples(), st.lists(st.integers(0, 3), min_size=6, max_size=6).filter(any))
def test_a_weighted_group_counts_as_often_as_it_is_drawn(sample, weights):
    truth, probabilities, groups = sample
    names, numbers = np.unique(groups, return_inverse=True)
    weights = np.array(weights[: len(names)], float)
    if not weights[numbers].any():
        return
    weighted = Sample.of(truth, probabilities, groups).figures(weights[None])
    again = np.repeat(np.arange(len(truth)), weights[numbers].astype(int))
    repeated = Sample.of(truth[again], probabilities[again], None).figures(np.ones((1, len(again))))
    for name in weighted:
        assert weighted[name] == pytest.approx(repeated[name], nan_ok=True), name


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(samples())
def test_every_interval_holds_its_figure_and_lies_within_its_limits(sample):
    truth, probabilities, groups = sample
    metrics = measure(truth, probabilities, ABCD, groups, resamples=50)
    told = metrics["intervals"]
    pairs = [(metrics[name], told[name]) for name in WHOLE]
    pairs += [(metrics["macro"][score], told["macro"][score]) for score in SCORES]
    pairs += [(metrics["per_class"][name][score], told["per_class"][name][score]) for name in "abcd" for score in SCORES]
    for value, interval in pairs:
        if interval is not None:
            assert value is not None
            assert interval[0] - 1e-12 <= value <= interval[1] + 1e-12
            assert interval[0] < interval[1]
    for name in ("accuracy", "balanced_accuracy"):
        assert 0 <= told[name][0] <= told[name][1] <= 1


@pytest.mark.slow
def test_copies_within_a_group_say_nothing_new():
    """Five copies of a frame in its group leave figures and intervals as they were; taken for five frames, they would narrow them."""
    truth, probabilities = drawn(120)
    groups = [f"{n:03}" for n in range(120)]
    five = np.repeat(np.arange(120), 5)
    once = measure(truth, probabilities, PAPER_CLASSES, groups)
    copied = measure(truth[five], probabilities[five], PAPER_CLASSES, [groups[n] for n in five])
    apart = measure(truth[five], probabilities[five], PAPER_CLASSES)
    assert copied["accuracy"] == once["accuracy"]
    for name in ("accuracy", "brier", "kappa"):
        assert copied["intervals"][name] == pytest.approx(once["intervals"][name])

    def width(metrics):
        low, high = metrics["intervals"]["accuracy"]
        return high - low

    assert width(apart) < 0.6 * width(copied)


@pytest.mark.slow
def test_the_interval_of_the_accuracy_covers_what_it_should():
    """Of 200 samples of 40 groups of three alike frames, some 95 % of the intervals hold the truth. Frame by frame far fewer would."""
    held, rng = 0, np.random.default_rng(3)
    for _ in range(200):
        right = np.repeat(rng.random(40) < 0.8, 3)
        truth = np.zeros(120, np.intp)
        probabilities = np.where(right[:, None], [0.9, 0.1], [0.1, 0.9])
        groups = [str(n) for n in np.repeat(np.arange(40), 3)]
        low, high = measure(truth, probabilities, ClassSet(("a", "b")), groups, resamples=200)["accuracy_interval"]
        held += low <= 0.8 <= high
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_frames_give_the_same_intervals_in_any_order_of_frames():
    truth, probabilities = drawn(60)
    groups = [str(n // 2) for n in range(60)]
    order = np.random.default_rng(1).permutation(60)
    one = measure(truth, probabilities, PAPER_CLASSES, groups)
    other = measure(truth[order], probabilities[order], PAPER_CLASSES, [groups[n] for n in order])
    assert one["intervals"]["macro"] == {key: pytest.approx(value) for key, value in other["intervals"]["macro"].items()}


def test_without_a_mistake_or_with_few_groups_a_share_has_wilsons_interval_by_groups():
    truth = np.repeat([0, 1], 60)
    perfect = measure(truth, np.eye(2)[truth], ClassSet(("a", "b")), [str(n // 3) for n in range(120)])
    told = perfect["intervals"]
    assert told["accuracy"] == pytest.approx(wilson_interval(40, 40))
    assert told["per_class"]["a"]["recall"] == pytest.approx(wilson_interval(20, 20))
    low, high = told["balanced_accuracy"]
    assert wilson_interval(20, 20)[0] < low < 1 == high
    assert (perfect["mcc"], told["mcc"], told["kappa"], told["per_class"]["a"]["auroc"]) == (1, None, None, None)  # certain of nothing

    truth, probabilities = drawn(90, classes=2)
    few = measure(truth, probabilities, ClassSet(("a", "b")), [str(n % (FEW_GROUPS - 1)) for n in range(90)])
    groups = FEW_GROUPS - 1
    assert few["intervals"]["accuracy"] == pytest.approx(wilson_interval(few["accuracy"] * groups, groups))
    assert few["intervals"]["brier"] is None


def test_a_small_class_without_a_mistake_is_not_taken_for_certain():
    """Four frames of a class, all right: the balanced accuracy is as doubtful as that class, though resamples never see a mistake in it."""
    truth = np.array([0] * 4 + [1] * 100)
    answers = np.array([0] * 4 + [0] * 5 + [1] * 95)
    metrics = measure(truth, np.eye(2)[answers], ClassSet(("a", "b")))
    low, high = metrics["intervals"]["balanced_accuracy"]
    assert low == pytest.approx(metrics["balanced_accuracy"] - (1 - wilson_interval(4, 4)[0]) / 2, abs=0.01)
    assert high >= metrics["balanced_accuracy"]


def test_what_frames_cannot_tell_is_none():
    truth, probabilities = np.zeros(12, np.intp), np.tile([0.7, 0.2, 0.1], (12, 1))
    metrics = measure(truth, probabilities, PAPER_CLASSES)
    first, second = metrics["per_class"]["esophagitis"], metrics["per_class"]["polyps"]
    assert (first["recall"], first["precision"], first["specificity"], first["npv"], first["auroc"]) == (1, 1, None, None, None)
    assert [second[score] for score in SCORES] == [None, None, None, 1, 1, None]
    assert (metrics["mcc"], metrics["kappa"], metrics["macro"]["auroc"], metrics["balanced_accuracy"]) == (None, None, None, 1)
    never = measure(np.array([0, 1]), np.array([[0.9, 0.1], [0.8, 0.2]]), ClassSet(("a", "b")))
    assert never["per_class"]["b"]["precision"] is None  # it was never answered
    assert never["macro"]["precision"] == 0.25  # and is not forgiven


def test_no_frames_give_no_figures():
    metrics = measure(np.array([], np.intp), np.zeros((0, 3)), PAPER_CLASSES, [])
    assert (metrics["n"], metrics["accuracy"], metrics["macro"]["f1"], metrics["accuracy_interval"]) == (0, None, None, [0.0, 1.0])
    assert metrics["intervals"]["accuracy"] is None
    json.dumps(metrics, allow_nan=False)


def test_many_frames_are_resampled_in_pieces(monkeypatch):
    truth, probabilities = drawn(50)
    whole = measure(truth, probabilities, PAPER_CLASSES, resamples=64)
    monkeypatch.setattr("training.evaluation.scores.CHUNK", 50 * 7)
    assert measure(truth, probabilities, PAPER_CLASSES, resamples=64) == whole


def test_wilson_at_the_edges():
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson_interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert not math.isnan(wilson_interval(1, 1)[0])


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_resamples_that_are_drawn_in_blocks_are_those_that_are_drawn_at_once(monkeypatch, rows):
    """Signed figures must come out again: the draws are told by their seed, not by the memory there is."""
    rng = np.random.default_rng(3)
    truth, probabilities = rng.integers(0, 4, 60), rng.dirichlet(np.ones(4), 60)
    groups = [f"case {number}" for number in rng.integers(0, 23, 60)]
    sample, other = Sample.of(truth, probabilities, groups), Sample.of(truth, probabilities[::-1], groups)
    at_once = np.random.default_rng(42).multinomial(sample.groups, np.full(sample.groups, 1 / sample.groups), size=50).astype(float)
    monkeypatch.setattr("training.evaluation.intervals.CHUNK", rows * sample.groups)
    for found, one in zip(resampled_figures([sample, other], 50), (sample, other), strict=True):
        for name, expected in one.figures(at_once).items():
            assert found[name] == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), name
