"""`endodesk fit-for`: an estimate, frames to label as a table, their labels, a measurement."""

import csv
from pathlib import Path

import pytest
from frame_folders import everything_in, png, put

import resources
from endodesk.cli.main import run

STARTER = Path(resources.__file__).parent / "models" / "starter"


@pytest.fixture
def ward(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    for n in range(30):
        put(tmp_path / "ward" / f"=case-{n // 2}" / f"{n}.png", png(n, ("polyps", "ulcerative-colitis")[n % 2]))
    return tmp_path / "ward"


def told(capsys):
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_from_an_estimate_to_a_measurement(ward, tmp_path, capsys):
    before = everything_in(ward)
    assert run(["fit-for", str(ward)]) == 0
    out = told(capsys)
    assert "Among these 30 frames" in out
    assert "probably finds" in out
    assert "Estimated without labels" in out
    assert "Research use only" in out
    assert run(["fit-for", str(ward), "--choose", "--frames", "12", "--out", str(tmp_path / "label.csv")]) == 0
    assert "12 frames to label, written to" in told(capsys)
    rows = list(csv.DictReader((tmp_path / "label.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 12
    assert {row["label"] for row in rows} == {""}
    with (tmp_path / "said.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("file", "label"), *((row["file"], "polyps") for row in rows)])
    assert run(["label", str(ward), str(tmp_path / "said.csv")]) == 0
    capsys.readouterr()
    assert run(["fit-for", str(ward)]) == 0
    out = told(capsys)
    assert "by their labels" in out
    assert "Measured by 12 labels" in out
    assert run(["fit-for", str(ward), "--choose", "--frames", "12", "--seed", "7"]) == 0
    assert "chosen frames are labelled" in told(capsys)
    assert everything_in(ward) == before


def test_refused_before_anything_is_asked(ward, tmp_path, capsys):
    assert run(["fit-for", str(ward), "--out", str(tmp_path / "none" / "x.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert run(["fit-for", str(ward), "--choose", "--frames", "5"]) == 2
    assert run(["fit-for", str(tmp_path / "nowhere")]) == 2


@pytest.mark.slow
def test_a_table_of_nothing_is_refused(ward, tmp_path, capsys):
    assert run(["fit-for", str(ward), "--out", str(tmp_path / "x.csv")]) == 2
    assert "add --choose" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()
