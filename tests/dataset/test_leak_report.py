"""The leak report: which folders it takes, and what it writes."""

import csv
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from endodesk.dataset.leak_report import COLUMNS, PAGE, as_matrix, by_parts, read_pairs, split_rows, write_leaks
from endodesk.dataset.leaks import Pair, leaks
from endodesk.dataset.manifest import write_manifest
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.system.task import TaskContext


@pytest.fixture
def split(tmp_path, frames_folder):
    """A hand-made split without a val part: a frame of train is in test too, under another name and label."""
    folder = tmp_path / "made by hand"
    for part, cases in (("train", ("case-01", "case-02")), ("test", ("case-03",))):
        for case in cases:
            shutil.copytree(frames_folder / "esophagitis" / case, folder / part / "esophagitis" / case)
    (folder / "train" / "polyps").mkdir()
    (folder / "test" / "polyps").mkdir()
    first = folder / "train" / "esophagitis" / "case-01" / "frame-01.png"
    shutil.copyfile(first, folder / "test" / "polyps" / "größer 内.png")
    shutil.copyfile(folder / "test" / "esophagitis" / "case-03" / "frame-02.png", folder / "train" / "polyps" / "x.png")
    return folder


def test_a_hand_made_split_is_measured(split):
    rows, unreadable = split_rows(split)
    assert len(rows) == 17
    assert not unreadable
    exact = [pair for pair in leaks(rows, 0) if pair.exact]
    assert {frozenset((pair.left.file.name, pair.right.file.name)) for pair in exact} == {
        frozenset(("frame-01.png", "größer 内.png")),
        frozenset(("x.png", "frame-02.png")),
    }
    assert [(count.parts, count.exact) for count in by_parts(exact, 0)] == [
        (("train", "val"), 0),
        (("train", "test"), 2),
        (("val", "test"), 0),
    ]


def test_a_run_folder_is_measured_by_its_manifest(tmp_path, frame_rows):
    rows = [replace(row, part="train" if number else "test") for number, row in enumerate(frame_rows)]
    write_manifest(tmp_path / "manifest.csv", rows)
    assert split_rows(tmp_path)[0] == rows
    write_manifest(tmp_path / "manifest.csv", [replace(row, part="train") for row in rows])
    with pytest.raises(BadRequest, match="in train only"):
        split_rows(tmp_path)


def test_what_is_no_split_is_told(tmp_path, frames_folder, split):
    with pytest.raises(BadRequest, match="is no split"):
        split_rows(frames_folder)
    with pytest.raises(BadRequest, match="is no split"):
        split_rows(tmp_path / "gone")
    shutil.rmtree(split / "test")
    (split / "test" / "polyps").mkdir(parents=True)
    with pytest.raises(BadRequest, match="no images"):
        split_rows(split)


@pytest.mark.slow
def test_table_and_sheet_are_written_and_replaced(split, tmp_path):
    rows, _ = split_rows(split)
    pairs = leaks(rows, 0)
    out = tmp_path / "report"
    assert write_leaks(out, pairs, "made by hand") == ["leaks.csv", "leaks.png"]
    with (out / "leaks.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert tuple(table[0]) == COLUMNS
    assert {(line["part_left"], line["part_right"]) for line in table} == {("train", "test")}
    assert read_pairs(out / "leaks.csv") == [(pair.left.sha256, pair.right.sha256) for pair in pairs]
    with Image.open(out / "leaks.png") as sheet:
        assert len(np.unique(np.asarray(sheet).reshape(-1, 3), axis=0)) > 500  # pictures, not words alone
    assert write_leaks(out, [], "made by hand") == ["leaks.csv"]
    assert [path.name for path in out.iterdir()] == ["leaks.csv"]
    assert read_pairs(out / "leaks.csv") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made by hand", "report"]


def test_many_pairs_fill_pages_and_a_frame_that_is_gone_leaves_its_place_empty(tmp_path, frame_rows):
    gone = replace(frame_rows[1], file=tmp_path / os.fsdecode(b"gone\xff.png"))
    pairs = [Pair(frame_rows[0], gone, 3, 0.5)] * (PAGE + 1)
    assert write_leaks(tmp_path / "report", pairs, "many") == ["leaks.csv", "leaks.png", "leaks-2.png"]


def test_foreign_files_are_left_alone(tmp_path):
    (tmp_path / "leaks.csv").touch()
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadRequest, match=r"such as notes\.txt"):
        write_leaks(tmp_path, [], "x")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    with pytest.raises(BadRequest, match="is a file"):
        write_leaks(tmp_path / "notes.txt", [], "x")
    with pytest.raises(BadRequest, match="cannot be written"):
        write_leaks(tmp_path / "notes.txt" / "x", [], "x")


@pytest.mark.slow
def test_cancelled_while_drawing_leaves_nothing(tmp_path, frame_rows):
    task = TaskContext(lambda progress: task.cancel(), interval=0)
    with pytest.raises(Cancelled):
        write_leaks(tmp_path / "report", [Pair(frame_rows[0], frame_rows[1], 0)] * (2 * PAGE), "x", task)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "sha256_left,sha256_right\nab,cd\n", "sha256_left,sha256_right\nab\n"])
def test_a_table_that_lists_no_pairs_is_told(tmp_path, text):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(BadRequest, match="is no table of pairs"):
        read_pairs(tmp_path / "t.csv")
    with pytest.raises(BadRequest, match="cannot be read"):
        read_pairs(tmp_path / "none.csv")


def test_frames_that_were_not_measured_are_like_nothing(frame_rows):
    rows = frame_rows[:2]
    assert as_matrix(rows, {rows[1].sha256: np.ones(3, np.float32)}).tolist() == [[0, 0, 0], [1, 1, 1]]
    with pytest.raises(BadRequest, match="cannot compare"):
        as_matrix(rows, {})


def test_pairs_are_counted_by_parts_and_kind(frame_rows):
    train, test = (replace(frame_rows[0], part="train"), replace(frame_rows[1], part="test"))
    pairs = [Pair(train, test, 0), Pair(test, train, 2), Pair(train, test, 2), Pair(train, test, 3, 0.1)]
    assert [(count.exact, count.near, count.alike) for count in by_parts(pairs, 2)] == [(0, 0, 0), (1, 2, 1), (0, 0, 0)]
