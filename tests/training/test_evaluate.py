import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from endodesk.domain.classes import PAPER_CLASSES, ClassSet
from endodesk.domain.errors import BadBundle, BadRequest
from training.evaluate import evaluate_folder, measure, wilson_interval, write_report

PUBLISHED = [[150, 0, 0], [2, 135, 13], [7, 1, 142]]


def from_confusion(confusion):
    pairs = [(t, a) for t, line in enumerate(confusion) for a, n in enumerate(line) for _ in range(n)]
    truth, answers = np.array(pairs, np.intp).T
    return truth, np.eye(len(confusion))[answers] * 0.8 + 0.2 / len(confusion)


def test_the_published_matrix_gives_the_published_table():
    """method.md, "Published result"."""
    metrics = measure(*from_confusion(PUBLISHED), PAPER_CLASSES)
    assert metrics["confusion"] == PUBLISHED
    assert metrics["n"] == 450
    assert metrics["accuracy"] == pytest.approx(0.9489, abs=5e-5)
    assert metrics["accuracy_interval"] == pytest.approx([0.925, 0.966], abs=6e-4)
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


@settings(deadline=None)  # the first call imports scikit-learn
@given(hnp.arrays(np.int64, (4, 4), elements=st.integers(0, 6)).filter(lambda a: a.sum() > 0))
def test_agrees_with_scikit_learn(confusion):
    metrics_of = pytest.importorskip("sklearn.metrics")
    truth, probabilities = from_confusion(confusion.tolist())
    metrics = measure(truth, probabilities, ClassSet(("a", "b", "c", "d")))
    answers, present = probabilities.argmax(axis=1), sorted(set(truth.tolist()))
    assert metrics["accuracy"] == pytest.approx(metrics_of.accuracy_score(truth, answers))
    p, r, f, n = metrics_of.precision_recall_fscore_support(truth, answers, labels=present, zero_division=0)
    scores = [metrics["per_class"]["abcd"[i]] for i in present]
    assert [s["precision"] for s in scores] == pytest.approx(p)
    assert [s["recall"] for s in scores] == pytest.approx(r)
    assert [s["f1"] for s in scores] == pytest.approx(f)
    assert [s["n"] for s in scores] == n.tolist()
    assert metrics["macro"]["f1"] == pytest.approx(f.mean())
    assert metrics["loss"] == pytest.approx(metrics_of.log_loss(truth, probabilities, labels=range(4)))
    json.dumps(metrics, allow_nan=False)


def test_no_frames_give_no_figures():
    metrics = measure(np.array([], np.intp), np.zeros((0, 3)), PAPER_CLASSES)
    assert (metrics["n"], metrics["accuracy"], metrics["macro"]["f1"], metrics["accuracy_interval"]) == (0, None, None, [0.0, 1.0])


def test_wilson_at_the_edges():
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson_interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_report_is_written(tmp_path):
    metrics = measure(*from_confusion(PUBLISHED), PAPER_CLASSES)
    write_report(tmp_path / "new" / "out", metrics, title="published")
    assert json.loads((tmp_path / "new" / "out" / "metrics.json").read_text()) == metrics
    assert (tmp_path / "new" / "out" / "confusion.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == ["confusion.png", "metrics.json"]


@pytest.mark.slow
def test_a_folder_is_measured_and_what_is_left_out_is_told(trained_run, frames_folder, tmp_path):
    folder = tmp_path / "frames"
    for label in ("esophagitis", "polyps", "normal"):
        (folder / label).mkdir(parents=True)
        source = sorted((frames_folder / label if label != "normal" else frames_folder / "polyps").rglob("*.png"))[:6]
        for number, path in enumerate(source):
            (folder / label / f"{number}.png").write_bytes(path.read_bytes())
    (folder / "polyps" / "broken.jpg").write_bytes(b"no")
    evaluation = evaluate_folder(folder, trained_run.bundle, tmp_path / "out")
    assert evaluation.left_out == {"normal": 6}
    assert [bad.path.name for bad in evaluation.unreadable] == ["broken.jpg"]
    assert evaluation.metrics["n"] == 12
    assert evaluation.metrics["per_class"]["ulcerative-colitis"]["recall"] is None
    assert json.loads((tmp_path / "out" / "metrics.json").read_text())["confusion"] == evaluation.metrics["confusion"]
    (tmp_path / "other" / "normal").mkdir(parents=True)
    (tmp_path / "other" / "normal" / "a.png").write_bytes((folder / "polyps" / "0.png").read_bytes())
    with pytest.raises(BadRequest, match="no frames of these"):
        evaluate_folder(tmp_path / "other", trained_run.bundle, tmp_path / "out2")
    with pytest.raises(BadBundle):
        evaluate_folder(folder, tmp_path, tmp_path / "out2")
