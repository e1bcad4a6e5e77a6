"""`endodesk enough`: a real project of synthetic frames, the starter's features, and what is told and written."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from frame_folders import everything_in, png, put, put_classes

import resources
from endodesk.app.answers.measuring import measure_features
from endodesk.app.headless import opened
from endodesk.app.project.project import Project
from endodesk.app.retraining.enough import Gain, gain_of, measure_enough, most_gained
from endodesk.cli.main import run
from endodesk.domain.errors import Cancelled
from endodesk.domain.label_set import LabelSet
from endodesk.inference.bundle import read_bundle
from endodesk.inference.feature_file import FEATURES, FeatureFile
from endodesk.system.task import TaskContext
from training.curve import learning_curve
from training.evaluation.paired_comparison import Difference
from training.evaluation.plots import can_plot

STARTER = Path(resources.__file__).parent / "models" / "starter"
EACH = {"esophagitis": 12, "polyps": 12, "ulcerative-colitis": 6, "normal": 3}
"""Cases of each class, of two frames; those of one case differ."""

STEPS = 40
"""Enough for so few frames."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A folder of cases in class folders, and its project after the command was run."""
    base = tmp_path_factory.mktemp("enough")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(base / "home" / name))
        patch.setattr(resources, "STARTER_MODEL", STARTER)
        patch.setattr(learning_curve, "_LEAST_STEPS", STEPS)
        for place, (name, cases) in enumerate(EACH.items()):
            for n in range(2 * cases):
                put(base / "ward" / name / f"{name}-{n // 2}" / f"{n % 2}.png", png(1000 * place + 10 * n, name))
        Project.of_images(base / "ward", at=base / "ward-endodesk", label_set=LabelSet.of(EACH)).close()
        before = everything_in(base / "ward")
        assert run(["enough", str(base / "ward"), "--out", str(base / "out")]) == 0
        assert everything_in(base / "ward") == before
    return base


@pytest.fixture
def ward(measured, tmp_path, monkeypatch):
    """A copy of both."""
    monkeypatch.setattr(learning_curve, "_LEAST_STEPS", STEPS)
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    for name in ("ward", "ward-endodesk"):
        shutil.copytree(measured / name, tmp_path / name)
    project = Project.open(tmp_path / "ward-endodesk")
    project.take_on()  # a copy is nobody's at first
    project.close()
    return tmp_path / "ward"


def kept(folder):
    return json.loads((folder / "enough.json").read_text("utf-8"))


@pytest.mark.slow
def test_it_writes_figures_of_every_share_and_says_what_they_come_to(measured):
    found = kept(measured / "out")
    assert found["use"] == "Research use only."
    assert found["model"]["id"] == read_bundle(STARTER).id
    assert list(found["classes"]) == ["esophagitis", "polyps", "ulcerative-colitis"]
    # frames of a case are one group, and a class of three cases cannot be held out
    assert {name: (one["labels"], one["groups"]) for name, one in found["classes"].items()} == {
        "esophagitis": (24, 12),
        "polyps": (24, 12),
        "ulcerative-colitis": (12, 6),
    }
    assert found["left_out"] == {"normal": {"groups": 3}}
    assert found["classes"]["ulcerative-colitis"]["gain"] == "few groups"
    told = " ".join(found["told"])
    assert "ulcerative-colitis: 6 groups of frames are too few to tell; 10 are needed." in told
    assert "normal: it has 3 groups of frames and is left out" in told
    assert any("nothing of other hospitals" in sentence for sentence in found["limits"])
    assert any("a full training may gain more" in sentence for sentence in found["limits"])
    assert any("has learnt from is not known here" in sentence for sentence in found["notes"])  # the starter's
    shares = [point["share"] for point in found["points"]]
    assert shares == [0.25, 0.5, 0.75, 1.0]
    labels = [point["learnt_from"]["polyps"]["labels"] for point in found["points"]]
    assert labels == sorted(labels)
    assert labels[-1] == pytest.approx(24 * 4 / 5)
    for point in found["points"]:
        for figure in (point["macro_f1"], *point["recall"].values()):
            assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1
    last, before = (found["points"][place]["recall"]["polyps"]["value"] for place in (-1, -2))
    assert found["classes"]["polyps"]["from_75_to_100"]["value"] == pytest.approx(last - before)
    table = list(csv.DictReader((measured / "out" / "enough.csv").read_text("utf-8").splitlines()))
    assert len(table) == 4 * (1 + 3)
    assert [float(row["value"]) for row in table if row["class"] == "polyps"] == [
        point["recall"]["polyps"]["value"] for point in found["points"]
    ]
    assert (measured / "out" / "enough.png").exists() == can_plot()


@pytest.mark.slow
def test_features_are_kept_and_the_second_time_is_the_same(ward, measured, tmp_path, monkeypatch, capsys):
    bundle = read_bundle(STARTER)
    files = FeatureFile(tmp_path / "ward-endodesk" / "cache" / FEATURES, bundle, 1280)
    assert len(files) == 2 * sum(EACH.values())

    def never(*_):
        raise AssertionError("a frame was asked about though its features are kept")

    monkeypatch.setattr("endodesk.app.retraining.enough.measure_features", never)
    assert run(["enough", str(tmp_path / "ward-endodesk" / "project.endodesk"), "--out", str(tmp_path / "again")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    again = kept(tmp_path / "again")
    assert again == kept(measured / "out")
    assert all(sentence in out for sentence in (*again["told"], *again["limits"]))


@pytest.mark.slow
def test_cancelled_the_features_that_were_made_stay(ward, tmp_path, monkeypatch):
    shutil.rmtree(tmp_path / "ward-endodesk" / "cache" / FEATURES)
    task = TaskContext()

    def cancelled_after_some(*asked):
        made = measure_features(*asked)
        task.cancel()
        return made

    monkeypatch.setattr("endodesk.app.retraining.enough.measure_features", cancelled_after_some)
    with pytest.raises(Cancelled), opened(ward, task) as work:
        measure_enough(work.project, work.frames.snapshot(), work.reviews.snapshot(), task)
    assert 0 < len(FeatureFile(tmp_path / "ward-endodesk" / "cache" / FEATURES, read_bundle(STARTER), 1280)) < 2 * sum(EACH.values())


@pytest.mark.slow
def test_it_goes_by_the_labels_of_readers(ward, tmp_path):
    moved = [f"ulcerative-colitis/ulcerative-colitis-{n}/{frame}.png" for n in range(6) for frame in range(2)]
    put(tmp_path / "labels.csv", "\n".join(["file,label", *(f"{name},polyps" for name in moved)]).encode())
    assert run(["label", str(ward), str(tmp_path / "labels.csv"), "--reader", "Ana"]) == 0
    assert run(["enough", str(ward), "--out", str(tmp_path / "relabelled")]) == 0
    found = kept(tmp_path / "relabelled")
    assert list(found["classes"]) == ["esophagitis", "polyps"]
    assert found["classes"]["polyps"]["labels"] == 36
    assert found["classes"]["polyps"]["groups"] == 18


@pytest.mark.slow
def test_a_folder_that_holds_something_is_refused_before_any_work(ward, tmp_path, capsys):
    put(tmp_path / "mine" / "notes.txt", b"mine")
    assert run(["enough", str(ward), "--out", str(tmp_path / "mine")]) == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert capsys.readouterr().out == ""


def test_without_a_model_or_enough_groups_it_says_so(tmp_path, monkeypatch, capsys):
    put_classes(tmp_path / "few")
    assert run(["enough", str(tmp_path / "few")]) == 2
    assert "There is no model whose features" in capsys.readouterr().err
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    assert run(["enough", str(tmp_path / "few"), "--out", str(tmp_path / "out")]) == 2
    assert "need 5 groups of frames each" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("value", "interval", "groups", "gain"),
    [
        (0.2, [0.1, 0.3], 9, Gain.FEW_GROUPS),
        (0.2, None, 50, Gain.FEW_GROUPS),
        (0.2, [0.1, 0.3], 10, Gain.ROSE),
        (-0.2, [-0.3, -0.1], 50, Gain.FELL),
        (0.005, [0.001, 0.01], 500, Gain.LEVEL),  # sure, but not worth a word
        (-0.005, [-0.01, -0.001], 500, Gain.LEVEL),
        (0.0, [0.0, 0.0], 11, Gain.NOT_TOLD),
        (0.0, [0.0, 0.0], 200, Gain.LEVEL),
        (0.02, [-0.02, 0.06], 200, Gain.NOT_TOLD),
    ],
)
def test_a_gain_is_level_only_where_one_that_matters_is_excluded(value, interval, groups, gain):
    assert gain_of(Difference(value, interval), groups) is gain


def test_what_is_not_excluded_is_never_less_than_what_was_seen():
    assert most_gained(Difference(0.0, [0.0, 0.0]), 11) == pytest.approx(0.259, abs=0.001)  # Wilson's for none of 11
    assert most_gained(Difference(0.01, [-0.1, 0.2]), 1000) == 0.2
