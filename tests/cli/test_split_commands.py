"""split, leaks and train on the command line: groups that stay whole, leaks that are found, and what is refused."""

import csv
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from frame_folders import CLASSES, everything_in, png, put, put_classes

from endodesk.cli.main import run
from endodesk.dataset.leaks import DEFAULT_DISTANCE
from endodesk.dataset.manifest import read_manifest
from endodesk.dataset.split import DEFAULT_NEAR
from training.plan.config import load_config


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle 内視鏡"
    put_classes(folder, each=6)
    return folder


@pytest.fixture
def made_by_hand(tmp_path):
    """train, val and test of three frames a class each."""
    folder = tmp_path / "by hand"
    for place, part in enumerate(("train", "val", "test")):
        for number, name in enumerate(CLASSES):
            for n in range(3):
                put(folder / part / name / f"{part}-{n}.png", png(100 * number + 10 * place + n, name))
    return folder


def table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def told(capsys, args, code=0):
    assert run([str(arg) for arg in args]) == code
    return capsys.readouterr()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["split", "FRAMES", "--out", "o", "--case", "("], "regular expression"),
        (["split", "FRAMES", "--out", "o", "--case", r"patient-\d+"], "fits no file"),
        (["split", "FRAMES", "--out", "o", "--case", "(Fälle)"], "1 group"),
        (["split", "FRAMES", "--out", "o", "--together", "gone.csv"], "gone.csv cannot be read: no such file"),
        (["split", "FRAMES/polyps", "--out", "o"], "no subfolders"),
        (["split", "EMPTY", "--out", "o"], "no subfolders"),
        (["split", "HAND", "--out", "o"], "is a split already"),
        (["split", "ONE", "--out", "o"], "one class only (polyps)"),
        (["train", "ONE", "--out", "o"], "one class only (polyps)"),
        (["leaks", "FRAMES", "--out", "o"], "is no split"),
        (["leaks", "EMPTY", "--out", "o"], "is no split"),
        (["leaks", "HAND", "--out", "FRAMES"], "holds other files"),
        (["leaks", "HAND", "--out", "HAND/test/report"], "cannot be written into the split"),
        (["split", "FRAMES", "--out", "o", "--case", r"(\w+-?)+x"], "for ever"),
        (["split", "FRAMES", "--out", "o", "--shares", "inf,1,1"], "above 0"),
        (["leaks", "HAND", "--out", "o", "--model", "EMPTY"], "is not a model"),
        (["leaks", "HAND", "--out", "o", "--near", "40"], "32"),
        (["leaks", "HAND", "--out", "o", "--distance", "3"], "distance"),
    ],
)
def test_a_users_mistake_is_one_line_and_writes_nothing(args, sentence, images, made_by_hand, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    put(tmp_path / "one" / "polyps" / "1.png", png(1))
    places = {"FRAMES": images, "HAND": made_by_hand, "EMPTY": tmp_path / "empty", "ONE": tmp_path / "one"}
    args = [re.sub("FRAMES|HAND|EMPTY|ONE", lambda found: str(places[found[0]]), arg) for arg in args]
    before = everything_in(tmp_path)
    out, err = told(capsys, args, 2)
    assert (out, err.count("\n"), err.startswith("endodesk: ")) == ("", 1, True)
    assert sentence in err
    assert everything_in(tmp_path) == before


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # as if the disk were full after so many bytes of a file
from endodesk.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
@pytest.mark.parametrize("command", ["split", "leaks", "train"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(command, images, made_by_hand, tmp_path):
    if command == "leaks":
        shutil.copyfile(made_by_hand / "train" / "polyps" / "train-0.png", made_by_hand / "test" / "polyps" / "again.png")
    before = everything_in(tmp_path)
    frames = made_by_hand if command == "leaks" else images
    ended = subprocess.run(
        [sys.executable, "-B", "-c", FULL, command, str(frames), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert re.match(r"endodesk: The \w+ .*cannot be written.*: file too large", ended.stderr)
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("command", ["split", "leaks"])
def test_the_help_names_the_defaults_that_hold(command, capsys):
    out = " ".join(told(capsys, [command, "--help"]).out.split())
    assert f"differ. [default: ({DEFAULT_NEAR})" in out
    assert command == "split" or f"[default: ({DEFAULT_DISTANCE})" in out


def test_a_split_made_again_keeps_what_it_has_and_places_what_is_new(images, tmp_path, capsys):
    out = tmp_path / "out"
    assert "kept" not in told(capsys, ["split", images, "--out", out]).out
    before = {row["sha256"]: row["part"] for row in table(out / "split.csv")}
    put(images / "polyps" / "new.png", png(999))
    assert "18 frames kept" in told(capsys, ["split", images, "--out", out, "--seed", "9"]).out
    after = {row["sha256"]: row["part"] for row in table(out / "split.csv")}
    assert {name: after[name] for name in before} == before
    assert len(after) == 19
    told(capsys, ["split", images, "--out", out, "--seed", "9", "--fresh"])
    fresh = {row["sha256"]: row["part"] for row in table(out / "split.csv")}
    assert {name: fresh[name] for name in before} != before


def test_cases_by_a_pattern_stay_whole(images, tmp_path, capsys):
    """Frame 3 of every class is of one examination."""
    told(capsys, ["split", images, "--out", tmp_path / "out", "--case", r"frame-(\d)"])
    parts = {}
    for row in table(tmp_path / "out" / "split.csv"):
        parts.setdefault(Path(row["file"]).name, set()).add(row["part"])
    assert all(len(found) == 1 for found in parts.values())


def test_label_conflicts_are_told_and_listed(images, tmp_path, capsys):
    shutil.copyfile(images / "polyps" / "frame-0.png", images / "esophagitis" / "same.png")
    assert f"1 groups of near-identical frames carry more than one label; {tmp_path / 'out' / 'label_conflicts.csv'}" in (
        told(capsys, ["split", images, "--out", tmp_path / "out"]).err
    )
    assert {row["label"] for row in table(tmp_path / "out" / "label_conflicts.csv")} == {"polyps", "esophagitis"}


def test_our_split_has_no_leak_and_a_planted_one_is_found(images, tmp_path, capsys):
    out, report = tmp_path / "out", tmp_path / "report"
    told(capsys, ["split", images, "--out", out])
    before = everything_in(out)
    assert "18 frames, 0 pairs across parts" in told(capsys, ["leaks", out, "--out", report]).out
    assert everything_in(out) == before
    source = next((out / "train" / "polyps").iterdir())
    shutil.copyfile(source, out / "test" / "esophagitis" / "planted.png")
    said = told(capsys, ["leaks", out, "--out", report]).out
    assert "1 pair across parts" in said
    assert "Research use only" in said
    assert re.search(r"train - test\s+1\s+0\s*$", said, re.M)
    assert "test: planted.png" in said
    [row] = table(report / "leaks.csv")
    assert (row["part_left"], row["part_right"], row["bits"]) == ("train", "test", "0")
    assert sorted(path.name for path in report.iterdir()) == ["leaks.csv", "leaks.png"]


def test_leaks_that_only_a_model_sees_are_mended_by_keeping_them_together(tmp_path, tiny_bundle, capsys):
    """Every distance is within 2, so every pair across parts is told; the next split has one group and says so."""
    images, out, report = tmp_path / "frames", tmp_path / "out", tmp_path / "report"
    put_classes(images, each=4)
    told(capsys, ["split", images, "--out", out])
    said = told(capsys, ["leaks", out, "--out", report, "--model", tiny_bundle, "--distance", "2"]).out
    parts = [row["part"] for row in table(out / "split.csv")]
    across = sum(a != b for place, a in enumerate(parts) for b in parts[place + 1 :])
    assert f"12 frames, {across} pairs across parts" in said
    rows = table(report / "leaks.csv")
    assert all(0 <= float(row["distance"]) <= 2 for row in rows)
    [first] = [row for row in rows if {row["part_left"], row["part_right"]} == {"train", "test"}][:1]
    with (report / "leaks.csv").open("w", newline="") as stream:  # the reader leaves one line
        writer = csv.DictWriter(stream, list(first))
        writer.writeheader()
        writer.writerow(first)
    said = told(capsys, ["split", images, "--out", out, "--together", report / "leaks.csv"])
    assert "1 frame of the earlier split followed their group" in said.err
    parts = {row["sha256"]: row["part"] for row in table(out / "split.csv")}
    assert parts[first["sha256_left"]] == parts[first["sha256_right"]] == "test"


# --- train ------------------------------------------------------------------------------------------------------------


def short_config(folder):
    config = load_config("head")
    path = folder / "short.toml"
    path.write_text(replace(config, frozen=replace(config.frozen, epochs=1, views=1)).to_toml(), "utf-8")
    return path


@pytest.mark.slow
def test_train_takes_a_split_as_it_is(made_by_hand, tmp_path, capsys):
    told(capsys, ["train", made_by_hand, "--out", tmp_path / "run", "--config", short_config(tmp_path)])
    rows = read_manifest(tmp_path / "run" / "manifest.csv")
    assert len(rows) == 27
    assert all(row.part == row.file.parent.parent.name and row.label == row.file.parent.name for row in rows)
    assert "The frames came split" in (tmp_path / "run" / "bundle" / "MODEL_CARD.md").read_text("utf-8")


def test_train_refuses_a_split_that_leaks(made_by_hand, tmp_path, capsys):
    shutil.copyfile(made_by_hand / "train" / "polyps" / "train-0.png", made_by_hand / "test" / "polyps" / "again.png")
    out, err = told(capsys, ["train", made_by_hand, "--out", tmp_path / "run"], 2)
    assert (out, err.count("\n")) == ("", 1)
    assert "1 pair of equal pictures in different parts, such as train/polyps/train-0.png and test/polyps/again.png" in err
    assert "--allow-leaks" in err
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_allowed_leaks_are_kept_with_the_run_and_told(made_by_hand, tmp_path, capsys):
    shutil.copyfile(made_by_hand / "train" / "polyps" / "train-0.png", made_by_hand / "test" / "polyps" / "again.png")
    run_folder = tmp_path / "run"
    said = told(capsys, ["train", made_by_hand, "--out", run_folder, "--config", short_config(tmp_path), "--allow-leaks"])
    assert "figures are too good" in said.err
    assert load_config(run_folder / "config.toml").split.allow_leaks
    assert "figures are too good" in (run_folder / "bundle" / "MODEL_CARD.md").read_text("utf-8")
    shutil.rmtree(run_folder / "bundle")
    text = (run_folder / "config.toml").read_text("utf-8")
    (run_folder / "config.toml").write_text(text.replace("allow_leaks = true", "allow_leaks = false"), "utf-8")
    ended = subprocess.run([sys.executable, "-m", "training", str(run_folder)], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 2
    assert "equal pictures in different parts" in ended.stdout
    assert not (run_folder / "bundle").exists()
