import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from endodesk.dataset.manifest import (
    count,
    is_split_folder,
    read_manifest,
    scan_class_folder,
    scan_split_folder,
    unique_frames,
    write_manifest,
)
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.imaging.hashing import phash, sha256_file
from endodesk.imaging.reading.read import read_image
from endodesk.system.task import TaskContext

SHA = "ab" * 32


def test_scan_names_hashes_and_cases(frames_folder, frame_rows):
    assert len(frame_rows) == 60
    row = frame_rows[0]
    assert row.file.is_absolute()
    assert row.sha256 == sha256_file(row.file)
    assert row.phash == phash(read_image(row.file))
    assert (row.label, row.case) == ("esophagitis", "case-01")
    assert row.file == frames_folder / "esophagitis" / "case-01" / "frame-01.png"


def test_scan_lists_what_cannot_be_read_and_goes_on(tmp_path, frame_rows):
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "good.png").write_bytes(frame_rows[0].file.read_bytes())
    (tmp_path / "a" / "empty.jpg").touch()
    (tmp_path / "a" / "text.png").write_text("hello")
    (tmp_path / "a" / "notes.txt").write_text("not an image, not listed")
    (tmp_path / "b" / "ünï 漢.png").write_bytes(frame_rows[1].file.read_bytes())
    (tmp_path / "loose.png").write_bytes(frame_rows[1].file.read_bytes())
    scan = scan_class_folder(tmp_path)
    assert [row.file.name for row in scan.rows] == ["good.png", "good.png", "ünï 漢.png"]
    assert [row.case for row in scan.rows] == ["", "", ""]
    assert {bad.path.name for bad in scan.unreadable} == {"empty.jpg", "text.png"}
    assert all(bad.reason.endswith(".") for bad in scan.unreadable)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open every folder")
def test_a_closed_folder_is_told(tmp_path, frame_rows):  # pragma: no cover - not as root
    for label in ("a", "b"):
        (tmp_path / label / "case").mkdir(parents=True)
        (tmp_path / label / "good.png").write_bytes(frame_rows[0].file.read_bytes())
    (tmp_path / "a" / "case").chmod(0)
    try:
        assert [bad.path.name for bad in scan_class_folder(tmp_path).unreadable] == ["case"]
    finally:
        (tmp_path / "a" / "case").chmod(0o700)


def test_each_bad_folder_gets_its_sentence(tmp_path, frames_folder):
    with pytest.raises(BadRequest, match="cannot be opened as a folder: no such"):
        scan_class_folder(tmp_path / "nowhere")
    with pytest.raises(BadRequest, match="no subfolders"):
        scan_class_folder(tmp_path)
    (tmp_path / "a").mkdir()
    with pytest.raises(BadRequest, match="no images"):
        scan_class_folder(tmp_path)
    (tmp_path / "a" / "empty.png").touch()
    with pytest.raises(BadRequest, match=r"can be read; the first of 1: .*empty"):
        scan_class_folder(tmp_path)
    with pytest.raises(BadRequest, match=r"one class only \(polyps\)"):
        scan_class_folder(frames_folder, ["polyps"])
    with pytest.raises(BadRequest, match="no class folder polyp in"):
        scan_class_folder(frames_folder, ["polyp"])
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BadRequest):
        scan_class_folder(file)


def test_scan_can_be_limited_and_cancelled(frames_folder):
    rows = scan_class_folder(frames_folder, ["polyps", "esophagitis"]).rows
    assert {row.label for row in rows} == {"esophagitis", "polyps"}
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        scan_class_folder(frames_folder, task=task)


def test_several_folders_can_be_one_class(frames_folder):
    words = ["ulcerative-colitis", "upper=esophagitis", "upper=polyps"]
    scan = scan_class_folder(frames_folder, words)
    assert {(row.file.parents[1].name, row.label) for row in scan.rows} == {
        ("esophagitis", "upper"),
        ("polyps", "upper"),
        ("ulcerative-colitis", "ulcerative-colitis"),
    }
    assert [row.file for row in scan.rows] == [row.file for row in scan_class_folder(frames_folder).rows]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["polyps", "found=polyps"], "The class folder polyps is named twice"),
        (["found=../polyps", "esophagitis"], "'../polyps' cannot be a class name"),
        (["found=", "esophagitis"], "'' cannot be a class name"),
        (["a=nowhere", "esophagitis"], "There is no class folder nowhere"),
        (["found=polyps", "found=esophagitis"], "has frames of one class only (found)"),
    ],
)
def test_class_folders_that_cannot_be_are_told(frames_folder, words, says):
    with pytest.raises(BadRequest, match=re.escape(says)):
        scan_class_folder(frames_folder, words)


def test_the_same_bytes_count_once_and_contradictions_are_left_out(frame_rows):
    a, b, c = frame_rows[:3]
    copy = replace(a, file=a.file.with_name("zz-copy.png"))
    rival = replace(b, file=b.file.with_name("rival.png"), label="polyps")
    kept, told = unique_frames([copy, rival, c, b, a])
    assert {row.file for row in kept} == {a.file, c.file}
    assert len(told) == 1
    assert "esophagitis and polyps" in told[0]
    assert "rival.png" in told[0]


def test_the_same_bytes_in_two_parts_stay_in_both(frame_rows):
    a = replace(frame_rows[0], part="train")
    copy, again = replace(a, file=a.file.with_name("zz.png"), part="test"), replace(a, file=a.file.with_name("zzz.png"))
    kept, told = unique_frames([again, copy, a])
    assert {(row.file, row.part) for row in kept} == {(a.file, "train"), (copy.file, "test")}
    assert told == []
    assert unique_frames([a, replace(copy, label="polyps")])[0] == []


def test_a_split_folder_is_read_with_its_parts(tmp_path, frames_folder):
    for part, case in (("train", "case-01"), ("test", "case-02")):
        shutil.copytree(frames_folder / "esophagitis" / case, tmp_path / part / "esophagitis" / case)
    assert is_split_folder(tmp_path)
    (tmp_path / "train" / "esophagitis" / "bad.png").touch()
    scan = scan_split_folder(tmp_path)
    assert {(row.part, row.label, row.case) for row in scan.rows} == {
        ("train", "esophagitis", "case-01"),
        ("test", "esophagitis", "case-02"),
    }
    assert len(scan.rows) == 10
    assert [bad.path.name for bad in scan.unreadable] == ["bad.png"]
    with pytest.raises(BadRequest, match="no class folder polyps"):
        scan_split_folder(tmp_path, ["polyps"])
    for name in list(tmp_path.rglob("*.png")):
        name.write_bytes(b"")
    with pytest.raises(BadRequest, match=r"can be read; the first of 11: .*empty"):
        scan_split_folder(tmp_path)


def test_class_folders_are_no_split(tmp_path, frames_folder):
    assert not is_split_folder(frames_folder)
    assert not is_split_folder(tmp_path / "gone")
    (tmp_path / "train").mkdir()
    assert not is_split_folder(tmp_path)
    for name in ("test", "valid"):
        (tmp_path / name).mkdir()
    with pytest.raises(BadRequest, match="valid too: the parts must be called train, val and test"):
        is_split_folder(tmp_path)
    (tmp_path / "valid").rename(tmp_path / "val")
    assert is_split_folder(tmp_path)


def test_a_manifest_survives_being_written_and_read(tmp_path, frame_rows):
    odd = [
        replace(frame_rows[0], file=Path('/frames/a,"b\n c/ünï 漢.png'), label="ulcerative-colitis", part="train", group="x"),
        replace(frame_rows[1], file=Path(os.fsdecode(b"/frames/\xff\xfe.png")), phash="", part="test"),
    ]
    write_manifest(tmp_path / "manifest.csv", odd)
    assert read_manifest(tmp_path / "manifest.csv") == odd
    assert list(tmp_path.iterdir()) == [tmp_path / "manifest.csv"]
    assert count(odd)["esophagitis"] == {"train": 0, "val": 0, "test": 1}


HEAD = "file,sha256,phash,label,case,group,part\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "columns"),
        ("file,label\n", "columns"),
        (HEAD, "no frames"),
        (HEAD + f"/a.png,{SHA},,polyps,,,middle\n", "line 2.*middle"),
        (HEAD + f"/a.png,{SHA},,polyps,,,train\n/b.png,12,,polyps,,,train\n", "line 3.*/b.png has no proper hash"),
        (HEAD + f"/a.png,{SHA},xyz,polyps,,,train\n", "line 2.*hash"),
        (HEAD + f"/a.png,{SHA},,../polyps,,,train\n", "line 2.*class name"),
        (HEAD + f"/a.png,{SHA},,polyps,train\n", "line 2.*7 columns"),
        (HEAD + f"/a.png,{SHA},,polyps,,,train,more\n", "line 2.*7 columns"),
        ("\0\0\0", "manifest"),
    ],
)
def test_a_bad_manifest_is_told_with_its_line(tmp_path, text, says):
    file = tmp_path / "manifest.csv"
    file.write_text(text)
    with pytest.raises(BadRequest, match=says):
        read_manifest(file)
    with pytest.raises(BadRequest, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")


def test_a_manifest_names_centres_where_there_are_any_and_older_ones_are_read(tmp_path, frame_rows):
    """Else an older program could not read what a project without centres writes."""
    plain = [replace(frame_rows[0], part="train"), replace(frame_rows[1], part="test")]
    write_manifest(tmp_path / "manifest.csv", plain)
    assert (tmp_path / "manifest.csv").read_text().splitlines()[0] == HEAD.strip()
    named = [replace(plain[0], centre="hanoi"), plain[1]]
    write_manifest(tmp_path / "manifest.csv", named)
    assert read_manifest(tmp_path / "manifest.csv") == named
    assert (tmp_path / "manifest.csv").read_text().splitlines()[0] == HEAD.strip() + ",centre"
