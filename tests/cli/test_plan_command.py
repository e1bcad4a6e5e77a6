"""`endodesk plan`: it shows, sets and takes away who reads what."""

import json
import shutil
import sqlite3

from endodesk.app.project.project import Project
from endodesk.cli.main import run


def told(capsys):
    return " ".join(capsys.readouterr().out.split())


def plans_in_the_chain(images):
    project = Project.of_images(images)
    file = project.folder / "project.sqlite"
    project.close()
    with sqlite3.connect(file) as connection:
        return [json.loads(row[0])["plan"] for row in connection.execute("SELECT told FROM event WHERE kind = 'plan' ORDER BY id")]


def test_a_plan_is_set_shown_changed_and_taken_away_and_each_is_on_record(images, capsys):
    assert run(["plan", str(images)]) == 0
    assert "no read plan" in told(capsys)
    assert run(["plan", str(images), "--overlap", "50"]) == 2
    assert "say who reads" in capsys.readouterr().err
    assert run(["plan", str(images), "--readers", "Ana, Béla", "--overlap", "100", "--second", "100", "--wash-out", "7"]) == 0
    shown = told(capsys)
    assert "All readers read 100 % of the frames" in shown
    assert "Ana 6 6 0 0 of 12 Béla 6 6 0 0 of 12" in shown
    assert run(["plan", str(images)]) == 0
    assert told(capsys) == shown
    assert run(["plan", str(images), "--overlap", "0", "--honeypots", "100", "--folders-are-true"]) == 0
    changed = told(capsys)
    assert "after 7 days" in changed
    assert "by their verdicts, else their class folders" in changed
    assert run(["plan", str(images), "--clear", "--seed", "3"]) == 2
    assert run(["plan", str(images), "--clear"]) == 0
    first, second, last = plans_in_the_chain(images)
    assert (first["readers"], first["overlap_percent"], second["overlap_percent"], last) == (["Ana", "Béla"], 100, 0, None)
    assert second["since"] == first["since"]
    assert run(["verify", str(images)]) == 0


def test_the_same_options_deal_the_same_frames_to_a_copy_elsewhere(images, tmp_path, capsys, monkeypatch):
    options = ["--overlap", "30", "--second", "40", "--seed", "11"]
    assert run(["plan", str(images), "--readers", "Ana,Béla,C", *options]) == 0
    here = told(capsys).split("done ")[1]
    shutil.copytree(images, tmp_path / "there" / "another name")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another PC"))
    assert run(["plan", str(tmp_path / "there" / "another name"), "--readers", "Ana,Béla,C", *options]) == 0
    assert told(capsys).split("done ")[1] == here


def test_hostile_options_and_a_damaged_plan_are_told(images, capsys):
    assert run(["plan", str(images), "--readers", "Ana,Ana"]) == 2
    assert "the same name" in capsys.readouterr().err
    assert run(["plan", str(images), "--readers", "Ana"]) == 0
    project = Project.of_images(images)
    file = project.folder / "project.sqlite"
    project.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE setting SET value = '{\"readers\": 5}' WHERE key = 'read_plan'")
    capsys.readouterr()
    assert run(["plan", str(images)]) == 0
    said = capsys.readouterr()
    assert "no read plan" in said.out
    assert "damaged in places" in " ".join(said.err.split())
