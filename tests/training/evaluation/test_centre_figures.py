"""Figures by centre, against what scikit-learn says of each centre's frames alone, and on the page."""

from dataclasses import replace

import numpy as np
import pytest
from evaluation_examples import a_bundle, some_answers
from frame_folders import png, put
from sklearn.metrics import f1_score, recall_score

from endodesk.domain.classes import ClassSet
from training.evaluation.centre_figures import figures_by_centre, over_centres
from training.evaluation.evaluate import figures_of, write_report
from training.evaluation.predictions import Predictions

CLASSES = ClassSet(("a", "b", "c"))


def test_each_centre_is_measured_on_its_own_frames_alone():
    rng = np.random.default_rng(3)
    truth, said = rng.integers(0, 3, 300), rng.dirichlet([0.4] * 3, 300)
    centres = ["one" if n < 120 else "" if n < 200 else "last" for n in range(300)]
    truth[np.array(centres) == "last"] = 1  # it has one class
    groups = [str(n // 2) for n in range(300)]
    found = figures_by_centre(truth, said, CLASSES, groups, centres)
    assert list(found["each"]) == ["", "last", "one"]
    for name, own in found["each"].items():
        there = np.array(centres) == name
        present = sorted(set(truth[there]))
        answer = said[there].argmax(axis=1)
        assert own["n"] == there.sum()
        assert own["figures"]["macro_f1"]["value"] == pytest.approx(f1_score(truth[there], answer, labels=present, average="macro"))
        recalls = recall_score(truth[there], answer, labels=present, average=None)
        assert [own["figures"][f"recall {CLASSES.names[index]}"]["value"] for index in present] == pytest.approx(recalls)
        assert sum(figure.startswith("recall") for figure in own["figures"]) == len(present)
        assert all(one["interval"][0] <= one["value"] <= one["interval"][1] for one in own["figures"].values())
    worst = min(own["figures"]["recall b"]["value"] for own in found["each"].values())
    assert found["over"]["recall b"]["worst"] == worst
    assert found["over"]["recall a"]["centres"] == 2


def test_one_centre_is_none_and_the_mean_has_the_narrower_interval():
    truth, said = np.array([0, 1]), np.eye(3)[:2]
    assert figures_by_centre(truth, said, CLASSES, ["1", "2"], ["x", "x"]) == {}
    each = {
        name: {"accuracy": {"value": value, "interval": [value - 0.3, value + 0.1], "n": 20}} for name, value in (("x", 0.6), ("y", 0.8))
    }
    [(_, over)] = over_centres(each).items()
    assert over["mean"] == pytest.approx(0.7)
    assert over["interval"] == pytest.approx([0.7 - np.hypot(0.3, 0.3) / 2, 0.7 + np.hypot(0.1, 0.1) / 2])
    assert (over["worst"], over["worst_centre"]) == (0.6, "x")
    each["few"] = {"accuracy": {"value": 0.0, "interval": [0.0, 0.8], "n": 9}}
    assert over_centres(each)["accuracy"] == over  # a centre of a few frames is no worst one
    assert (over["centres"], over["least"]) == (2, 10)
    del each["x"], each["y"]
    assert (over_centres(each)["accuracy"]["worst"], over_centres(each)["accuracy"]["least"]) == (0.0, 1)
    each = {name: {"accuracy": {"value": 0.5, "interval": [0.4, 0.6], "n": 20}} for name in "xy"}
    each["y"]["accuracy"]["interval"] = None
    assert over_centres(each)["accuracy"]["interval"] is None


def test_a_report_tells_them_and_what_a_training_warned_of(tmp_path):
    answers = some_answers([put(tmp_path / "frames" / f"{n:02}.png", png(n)) for n in range(30)])
    named = [replace(frame, centre="<b>oslo" if n % 2 else "hanoi") for n, frame in enumerate(answers.frames)]
    there = Predictions(tuple(named), answers.truth, answers.probabilities, answers.classes, ())
    metrics = {**figures_of(a_bundle(), there), "centre_notes": ["Every frame of polyps comes from <i>hanoi."]}
    write_report(tmp_path / "out", a_bundle(), there, metrics, title="by hand")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "<h2>Centres</h2>" in page
    assert "&lt;b&gt;oslo" in page
    assert "comes from &lt;i&gt;hanoi." in page
    assert "mean of the centres" in page
    assert "centres" not in figures_of(a_bundle(), answers)
    write_report(tmp_path / "out", a_bundle(), answers, figures_of(a_bundle(), answers), title="by hand")
    assert "Centres" not in (tmp_path / "out" / "report.html").read_text()
