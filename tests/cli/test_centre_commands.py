"""--centre and --leave-out centre: what commands make of a folder of hospitals, and how they refuse. Trainings: tests/training/crossval."""

import json

import pytest
from frame_folders import png, put

from endodesk.app.project.grouping import grouping_of
from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest
from training.plan import launch as launching


@pytest.fixture
def hospitals(tmp_path):
    """Two hospitals with the classes of the tiny bundle, and one with polyps alone."""
    folder = tmp_path / "hospitals"
    for place, hospital in enumerate(("hanoi", "kvasir", "oslo")):
        for n, label in enumerate(("polyps", "esophagitis")[: 2 - (hospital == "oslo")]):
            for number in range(6):
                put(folder / hospital / label / f"p{number}" / "a.png", png(1000 * place + 100 * n + 10 * number, label, width=160))
    return folder


@pytest.mark.slow
def test_evaluate_tells_figures_by_centre(hospitals, tiny_bundle, tmp_path, capsys):
    out = tmp_path / "measured"
    assert run(["evaluate", str(hospitals), "--model", str(tiny_bundle), "--centre", "above", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in ("centre", "hanoi", "kvasir", "oslo", "mean", "worst"))
    metrics = json.loads((out / "metrics.json").read_text())
    assert {name: own["n"] for name, own in metrics["centres"]["each"].items()} == {"hanoi": 12, "kvasir": 12, "oslo": 6}
    assert metrics["groups"] == 18  # six cases in each hospital: p0 of one is not p0 of the other
    assert "<h2>Centres</h2>" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--leave-out", "device"], "--leave-out takes centre, not 'device'."),
        (["--leave-out", "centre", "--centre", "above", "--repeats", "2"], "goes without --external and --repeats"),
        (["--leave-out", "centre", "--centre", "(a+)+"], "can take for ever"),
        (["--leave-out", "centre", "--centre", "site-."], "The pattern 'site-.' for centres fits no file"),
        (["--leave-out", "centre", "--centre", "none", "--classes", "hanoi,kvasir"], "of two at least must be named"),
        (["--leave-out", "centre", "--centre", "above", "--classes", "polyps,normal"], "no class folder normal in"),
    ],
)
def test_what_cannot_be_left_out_is_refused_with_a_sentence(hospitals, tmp_path, capsys, args, sentence):
    assert run(["crossval", str(hospitals), "--out", str(tmp_path / "cv"), *args]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "cv").exists()


def test_train_and_retrain_name_the_centres_of_their_frames(hospitals, tmp_path, capsys, monkeypatch):
    """The trainings themselves are refused here: what they would learn from is on the disk by then."""

    def refused(*_: object, **__: object) -> None:
        raise launching.BadRequest("Not trained here.")

    monkeypatch.setattr(launching, "launch", refused)
    monkeypatch.setattr("endodesk.app.headless.launch", refused)
    assert run(["train", str(hospitals), "--out", str(tmp_path / "run"), "--config", "head", "--centre", "above"]) == 2
    assert {row.centre for row in read_manifest(tmp_path / "run" / "manifest.csv")} == {"hanoi", "kvasir", "oslo"}
    assert "From oslo there are frames of polyps only" in " ".join(capsys.readouterr().err.split())
    assert run(["retrain", str(hospitals), "--config", "head", "--centre", "above"]) == 2
    assert "Not trained here." in capsys.readouterr().err
    project = Project.of_images(hospitals)
    [manifest] = project.runs_folder.glob("*/manifest.csv")
    assert {row.centre for row in read_manifest(manifest)} == {"hanoi", "kvasir", "oslo"}
    assert grouping_of(project).centre == "above"
    project.close()
