"""The command line: what it writes, what it says, and how it refuses."""

import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from dicom_files import PLANTED, dicom_bytes
from frame_folders import CLASSES, everything_in, png, put, put_bad, put_classes, sha256_of

from endodesk import __version__
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.session import Session
from endodesk.cli.main import run
from endodesk.domain.errors import Cancelled
from endodesk.inference.bundle import read_bundle

PROGRAM = [sys.executable, "-m", "endodesk"]
COMMANDS = ("open", "preprocess", "predict", "split", "leaks", "train", "evaluate", "crossval", "ensemble", "demo")


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle 内視鏡"
    put_classes(folder)
    return folder


def started(*args, cwd=None):
    """The real program in a process of its own."""
    return subprocess.run([*PROGRAM, *map(str, args)], capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


def table(path):
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        return list(csv.DictReader(stream))


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["gone"], "There is no folder gone."),
        (["predict", "gone", "--model", "x"], "There is no folder gone."),
        (["predict", "."], "No model was named"),
        (["predict", ".", "--model", "."], "is not a model"),
        (["predict", ".", "--out", "no/such/folder/p.csv"], "cannot be written"),
        (["predict", ".", "--out", "."], "cannot be written"),
        (["predict"], "Missing argument"),
        (["predict", ".", "--nonsense"], "No such option"),
        (["preprocess", "a.png", "--out", "o", "--recipe", "mine"], "There is no recipe 'mine'"),
        (["preprocess", "a.png"], "Missing option"),
        (["split", "gone", "--out", "s"], "gone"),
        (["split", ".", "--out", "../s", "--shares", "70,30"], "--shares takes three numbers"),
        (["split", ".", "--out", "../s", "--shares", "a,b,c"], "--shares takes three numbers"),
        (["split", ".", "--out", "../s", "--near", "99"], "32"),
        (["train", ".", "--out", "r", "--config", "best"], "There is no configuration best"),
        (["train", "gone", "--out", "r"], "gone"),
        (["evaluate", ".", "--model", "gone", "--out", "e"], "is not a model"),
        (["crossval", "gone", "--out", "c"], "gone"),
        (["crossval", ".", "--out", "c", "--classes", "polyps"], "one class only"),
        (["crossval", ".", "--out", "c"], "5 folds need 5 groups of each class"),
        (["crossval", ".", "--out", "c", "--folds", "1"], "2 to 50 folds"),
        (["crossval", ".", "--out", "c", "--folds", "2"], "too few groups of frames"),
        (["ensemble", "polyps", "--out", "e"], "is not a model"),
        (["ensemble", "--out", "e"], "Missing argument"),
        (["demo", "--out", "."], "is there already"),
        ([".", "--snapshot", "no/such/folder/p.png"], "There is no folder"),
        (["open", ".", "too", "much"], "too"),
    ],
)
def test_a_users_mistake_is_one_line_on_stderr_and_exit_code_2(args, sentence, images, monkeypatch, capsys):
    monkeypatch.chdir(images)
    before = everything_in(images)
    assert run(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("endodesk: ")
    assert err.endswith(".\n")
    assert sentence in err
    assert err.count("\n") == 1
    assert everything_in(images) == before


@pytest.mark.slow
def test_the_real_program_refuses_without_a_traceback(tmp_path):
    ended = started("predict", "gone", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "endodesk: There is no folder gone.\n")


@pytest.mark.slow
def test_help_and_version():
    ended = started("--help")
    assert ended.returncode == 0
    assert all(name in ended.stdout for name in COMMANDS)
    assert "Research use only" in ended.stdout
    assert started("--version").stdout == f"{__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_page(command, capsys):
    assert run([command, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


# --- preprocess -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", ["paper", "clean"])
def test_preprocess_writes_a_folder_a_frame_with_a_picture_a_step(recipe, images, tmp_path, capsys):
    frames = [put(images / f"größer-{n}.png", png(n, width=320)) for n in (2, 3)]
    assert run(["preprocess", *map(str, frames), "--recipe", recipe, "--out", str(tmp_path / "out")]) == 0
    for frame in frames:
        folder = tmp_path / "out" / frame.stem
        told = json.loads((folder / "steps.json").read_text("utf-8"))
        assert told["recipe"] == recipe
        pictures = sorted(path.name for path in folder.glob("*.png"))
        assert pictures == sorted([*(step["file"] for step in told["steps"]), "final.png"])
        assert cv2.imread(str(folder / "final.png")).shape == (224, 224, 3)
        for step in told["steps"]:
            assert step["name"]
            if "crop" in step:
                x, y, width, height = step["crop"]
                assert min(x, y) >= 0
                assert min(width, height) > 0
            assert step.get("pixels", 0) >= 0
        assert any("crop" in step for step in told["steps"])
        assert any("pixels" in step for step in told["steps"])
    assert "2 of 2 frames" in capsys.readouterr().out


def test_preprocess_goes_on_after_a_bad_file_and_lists_it(images, tmp_path, capsys):
    bad = put(tmp_path / "empty.png", b"")
    good = images / "polyps" / "frame-0.png"
    assert run(["preprocess", str(bad), str(good), "--out", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    assert "1 of 2 frames" in out
    assert "empty.png cannot be read: the file is empty." in err
    assert run(["preprocess", str(bad), "--out", str(tmp_path / "out")]) == 2


def test_preprocess_takes_folders_and_leaves_out_what_it_wrote(images, tmp_path, capsys):
    frames = [path for path in images.rglob("*") if path.is_file()]
    for _ in range(2):
        assert run(["preprocess", str(images), str(frames[0]), "--out", str(images / "out")]) == 0
        assert f"{len(frames)} of {len(frames)} frames" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert run(["preprocess", str(images), str(tmp_path / "empty"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"endodesk: There are no images in {tmp_path / 'empty'}.\n"
    assert not (tmp_path / "out").exists()


# --- predict ----------------------------------------------------------------------------------------------------------


def test_predictions_have_the_columns_labels_and_reasons(images, tiny_bundle, tmp_path, capsys, qtbot):
    """The reader's label wins over the class folder; what cannot be read is told at the end, each with its reason."""
    bad = put_bad(images)
    put(images / "root.png", png(5))
    session = Session(Project.of_images(images))
    session.start()
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.jobs.idle, timeout=15_000)
    session.navigation.choose(session.workspace.frames.row_of(images / "esophagitis" / "frame-0.png"))
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    session.label("polyps")
    session.close()
    before = everything_in(images)
    out = tmp_path / "predictions.csv"
    assert run(["predict", str(images), "--model", str(tiny_bundle), "--out", str(out)]) == 0
    assert everything_in(images) == before
    project = Project.of_images(images)
    event = json.loads(list(project.database.chain.lines())[-1])["event"]
    project.close()
    assert (event["kind"], json.loads(event["told"])["acts"]) == ("export", 1), "a reader's label went out"
    bundle, rows = read_bundle(tiny_bundle), table(out)
    assert list(rows[0]) == ["file", "sha256", "label", "answer", *bundle.classes, "model", "recipe"]
    assert [row["file"] for row in rows] == ["root.png", *(f"{name}/frame-{n}.png" for name in CLASSES for n in range(2))]
    assert [row["label"] for row in rows] == ["", "polyps", "esophagitis", "polyps", "polyps", *["ulcerative-colitis"] * 2]
    for row in rows:
        probabilities = {name: float(row[name]) for name in bundle.classes}
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert row["answer"] == max(probabilities, key=probabilities.get)
        assert (row["sha256"], row["model"], row["recipe"]) == (sha256_of(images / row["file"]), bundle.id, bundle.recipe.name)
    told, err = capsys.readouterr()
    assert re.search(r"7 frames, [\d.]+ frames/s", told)
    assert f"{len(bad)} could not be read" in err
    assert all(any(name in line and len(line) > len(name) + 20 for line in err.splitlines()) for name in bad)


def test_case_folders_are_no_labels_and_the_projects_model_answers(tmp_path, tiny_bundle):
    folder = tmp_path / "cases"
    for case in ("case-01", "case-02"):
        put(folder / case / "1.png", png(3))
    project = Project.of_images(folder)
    kept = keep_bundle(project, tiny_bundle)
    project.database.models.promote(read_bundle(kept).id, reader="me", why="", at=datetime.now(UTC))
    project.close()
    ended = started("predict", folder, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    rows = table(tmp_path / "predictions.csv")
    assert [row["label"] for row in rows] == ["", ""]
    assert {row["model"] for row in rows} == {read_bundle(tiny_bundle).id}


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are no text")
def test_names_that_are_no_text_come_through(tmp_path, tiny_bundle):
    folder = tmp_path / "frames"
    put(Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png")), png(1))
    put(Path(os.fsdecode(os.fsencode(folder) + b"/\xfe.png")), b"")
    ended = started("predict", folder, "--model", tiny_bundle, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    [row] = table(tmp_path / "predictions.csv")
    assert os.fsencode(row["file"]) == b"\xff.png"


# --- split, train, evaluate, demo -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_split_copies_into_parts_and_counts(images, tmp_path, monkeypatch, capsys):
    put_classes(images, each=10)
    before = everything_in(images)
    monkeypatch.chdir(tmp_path)
    assert run(["split", str(images), "--seed", "7", "--shares", "60,20,20"]) == 0
    out = tmp_path / "splited_dataset"
    rows = table(out / "split.csv")
    copies = list(out.rglob("*.png"))
    assert len(rows) == len(copies) == 30
    for row in rows:
        assert (out / row["copy"]).read_bytes() == Path(row["file"]).read_bytes()
        assert row["copy"].split("/")[:2] == [row["part"], row["label"]]
    told = capsys.readouterr().out
    counts = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in told.splitlines() if line.split()[-1:] == ["10"]}
    assert counts == {
        name: [sum(row["label"] == name and row["part"] == part for row in rows) for part in ("train", "val", "test")] + [10]
        for name in CLASSES
    }
    assert everything_in(images) == before


@pytest.mark.slow
def test_train_and_evaluate_leave_whole_folders(tmp_path):
    """Two of three classes, one epoch of the head: the real backend by the real program."""
    from training.plan.config import load_config

    images = tmp_path / "frames"
    put_classes(images, each=8)
    config = load_config("head")
    config = replace(config, frozen=replace(config.frozen, epochs=1, views=1))
    (tmp_path / "short.toml").write_text(config.to_toml(), "utf-8")
    run_folder = tmp_path / "run"
    ended = started("train", images, "--out", run_folder, "--config", tmp_path / "short.toml", "--classes", "polyps,esophagitis")
    assert ended.returncode == 0, ended.stderr
    assert "frozen epoch 1/1: loss" in ended.stdout
    assert "accuracy" in ended.stdout
    for name in ("config.toml", "manifest.csv", "history.csv", "bundle/bundle.json", "bundle/backbone.tflite", "bundle/head.npz"):
        assert (run_folder / name).is_file(), name
    assert list(run_folder.rglob("events.out.tfevents.*"))
    assert tuple(read_bundle(run_folder / "bundle").classes) == ("polyps", "esophagitis")
    again = started("train", images, "--out", run_folder)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)

    ended = started("evaluate", images, "--model", run_folder / "bundle", "--out", tmp_path / "measured")
    assert ended.returncode == 0, ended.stderr
    assert "8 frames of ulcerative-colitis were left out" in ended.stderr
    metrics = json.loads((tmp_path / "measured" / "metrics.json").read_text())
    assert metrics["n"] == 16
    assert 0 <= metrics["accuracy"] <= 1
    scores = {"precision", "recall", "f1", "specificity", "npv", "auroc"}
    assert set(metrics["macro"]) == set(metrics["per_class"]["polyps"]) - {"n", "groups"} == scores
    low, high = metrics["intervals"]["accuracy"]
    assert f"accuracy {metrics['accuracy']:.3f} ({low:.3f}-{high:.3f})" in ended.stdout
    assert "balanced accuracy with the mucosa hidden (chance 0.500): outline" in ended.stdout
    assert str(tmp_path / "measured" / "report.html") in ended.stdout
    assert [sum(row) for row in metrics["confusion"]] == [8, 8]
    assert (tmp_path / "measured" / "confusion.png").stat().st_size > 1000


def test_several_folders_are_trained_as_one_class(images, tmp_path, monkeypatch):
    def stop(run, **_):
        raise Cancelled

    monkeypatch.setattr("training.plan.launch.launch", stop)
    words = "polyps,inflamed=ulcerative-colitis,inflamed=esophagitis"
    asked = ["train", str(images), "--out", str(tmp_path / "run"), "--config", "head"]
    assert run([*asked, "--classes", words]) == 130
    config = tomllib.loads((tmp_path / "run" / "config.toml").read_text("utf-8"))
    assert config["classes"] == ["polyps", "inflamed"]
    assert {row["label"] for row in table(tmp_path / "run" / "manifest.csv")} == {"polyps", "inflamed"}


@pytest.mark.slow
def test_resume_goes_alone_and_only_with_what_can_be_resumed(tmp_path, capsys):
    for arguments in (["--resume", str(tmp_path), "--out", "x"], [str(tmp_path)], ["--out", "x"], []):
        assert run(["train", *arguments]) == 2
        assert "or --resume with a run folder alone" in capsys.readouterr().err
    assert run(["train", "--resume", str(tmp_path)]) == 2
    assert "is not a prepared training" in capsys.readouterr().err
    assert run(["train", "--resume", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--out", "polyps"], "holds no cross-validation"),
        (["--out", "c", "--external", "gone"], "gone"),
        (["--out", "c", "--external", "."], "no frame that could be measured"),
    ],
)
def test_crossval_refuses_before_it_trains(options, sentence, tmp_path, monkeypatch, capsys):
    put_classes(tmp_path, each=4)
    monkeypatch.chdir(tmp_path)
    before = everything_in(tmp_path)
    assert run(["crossval", ".", "--folds", "2", *options]) == 2
    assert sentence in capsys.readouterr().err
    assert everything_in(tmp_path) == before


@pytest.mark.slow
def test_crossval_trains_each_fold_and_its_models_make_an_ensemble(tmp_path, capsys):
    """Two folds of two classes, one of two folders, one epoch of the head: the real backend by the real program."""
    from training.plan.config import load_config

    images = tmp_path / "frames"
    put_classes(images, each=8)
    config = load_config("head")
    config = replace(config, frozen=replace(config.frozen, epochs=1, views=1), input=replace(config.input, shift="source", shift_views=1))
    (tmp_path / "short.toml").write_text(config.to_toml(), "utf-8")
    for number in range(3):
        put(tmp_path / "elsewhere" / "polyps" / f"{number}.png", png(900 + number, "polyps", 140))
    merged = "polyps,inflamed=esophagitis,inflamed=ulcerative-colitis"
    options = ("--folds", 2, "--config", tmp_path / "short.toml", "--classes", merged, "--external", tmp_path / "elsewhere")
    ended = started("crossval", images, "--out", tmp_path / "cv", *options)
    assert ended.returncode == 0, ended.stderr
    assert "fold 1 of 2: n 12  accuracy" in ended.stdout
    assert " left)" in ended.stdout
    assert "nothing was chosen by them" in ended.stdout
    assert re.search(r"recall polyps by fold: [01]\.\d+  [01]\.\d+\n", ended.stdout)
    rows = table(tmp_path / "cv" / "predictions.csv")
    assert sorted(row["file"] for row in rows) == sorted(str(path) for name in CLASSES for path in (images / name).iterdir())
    told = json.loads((tmp_path / "cv" / "crossval.json").read_text())
    assert (told["pooled"]["n"], [fold["n"] for fold in told["per_fold"]], told["external"]["frames"]) == (24, [12, 12], 3)
    bundles = [tmp_path / "cv" / f"fold-{fold}" / "bundle" for fold in (1, 2)]
    for bundle, fold in zip(bundles, told["per_fold"], strict=True):
        measured = json.loads((bundle.parent / "metrics.json").read_text())
        assert measured["confusion"] == fold["confusion"]  # the run itself measured the same frames and found the same
        assert (fold["validation"]["phase"], fold["ece"]) == ("frozen", pytest.approx(measured["ece"], abs=1e-5))
        assert 0 <= fold["validation"]["shifted_accuracy"] <= 1
    assert told["over_folds"]["shifted_accuracy"]["folds"] == 2

    asked = ["ensemble", *map(str, bundles), "--out", str(tmp_path / "both")]
    assert run(asked) == 0
    assert "trained on different splits" in capsys.readouterr().err
    assert run(asked) == 2
    assert run(["predict", str(tmp_path / "elsewhere"), "--model", str(tmp_path / "both"), "--out", str(tmp_path / "p.csv")]) == 0
    mean = {row["file"]: float(row["polyps"]) for row in table(tmp_path / "cv" / "external.csv") if row["fold"] == "mean"}
    for row in table(tmp_path / "p.csv"):
        assert float(row["polyps"]) == pytest.approx(mean[str(tmp_path / "elsewhere" / row["file"])], abs=1e-4)


def test_a_demo_that_is_there_is_not_made_again(tmp_path, capsys):
    (tmp_path / "demo" / "masks").mkdir(parents=True)
    Project.open(tmp_path / "demo").close()
    assert run(["demo", "--out", str(tmp_path / "demo")]) == 0
    assert "Open it: endodesk" in capsys.readouterr().out


# --- the window -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("what", ["frames", "bad", "empty"])
def test_a_snapshot_is_a_picture_of_the_window_and_the_user_settings_stay(what, tmp_path, home):
    folder = tmp_path / what
    folder.mkdir()
    if what == "frames":
        put_classes(folder)
    elif what == "bad":
        put_bad(folder)
    ended = started(folder, "--snapshot", tmp_path / "window.png", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    picture = cv2.imread(str(tmp_path / "window.png"))
    assert picture.shape == (900, 1440, 3)
    assert len({tuple(pixel) for pixel in picture[::30, ::30].reshape(-1, 3)}) > 5
    assert not (home / "config" / "endodesk" / "window.ini").exists()


@pytest.mark.slow
def test_a_snapshot_that_cannot_be_saved_is_told(images, tmp_path):
    (tmp_path / "folder.png").mkdir()
    ended = started(images, "--snapshot", tmp_path / "folder.png", cwd=tmp_path)
    assert ended.returncode == 2
    assert "The picture cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr


# --- DICOM ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_dicom_files_are_answered_like_others_and_nothing_of_a_patient_is_written(tmp_path, tiny_bundle):
    pixels = cv2.imdecode(np.frombuffer(png(3), np.uint8), cv2.IMREAD_COLOR_RGB)
    put(tmp_path / "frames" / "a.dcm", dicom_bytes(pixels))
    put(tmp_path / "frames" / "b.dicom", dicom_bytes(pixels)[:900])
    put(tmp_path / "frames" / "c.png", png(3))
    ended = started("predict", "frames", "--model", tiny_bundle, cwd=tmp_path)
    steps = started("preprocess", "frames", "--out", "steps", cwd=tmp_path)
    assert "2 frames" in ended.stdout
    assert "b.dicom cannot be read" in ended.stderr
    with (tmp_path / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    assert rows["a.dcm"]["sha256"] == sha256_of(tmp_path / "frames" / "a.dcm")
    assert [rows["a.dcm"][name] for name in CLASSES] == [rows["c.png"][name] for name in CLASSES]
    written = [path for path in everything_in(tmp_path) if "frames" not in Path(path).parts]
    assert any(str(path).endswith(".png") for path in written)
    told = "".join((ended.stdout, ended.stderr, steps.stdout, steps.stderr, *map(str, written))).encode()
    told += b"".join((tmp_path / path).read_bytes() for path in written if (tmp_path / path).is_file())
    assert not any(word.encode() in told for word in PLANTED)


def test_nothing_in_a_name_commands_the_terminal_or_turns_what_stands_beside_it(tmp_path, capsys):
    assert run(["preprocess", str(tmp_path / "red\x1b[31m\u202egnp.exe"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert "red" in said.err
    assert not {"\x1b", "\u202e"} & set(said.err + said.out)
