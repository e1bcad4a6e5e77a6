import csv
import shutil
from collections import defaultdict

import pytest

from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.domain.ticket import Ticket
from endodesk.imaging.hashing import sha256_file
from training.split_folder import split_folder


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def source(tmp_path, frames_folder):
    """Two cases a class, so that every name stands in several folders; one frame twice."""
    folder = tmp_path / "frames"
    for label in ("esophagitis", "polyps", "ulcerative-colitis"):
        cases = sorted((frames_folder / label).iterdir())[:2]
        for case in cases:
            shutil.copytree(case, folder / label / case.name)
    shutil.copyfile(folder / "polyps" / "case-05" / "frame-01.png", folder / "polyps" / "again.png")
    return folder


def test_every_frame_is_copied_once_and_groups_stay_together(source, tmp_path):
    before = tree(source)
    split = split_folder(source, tmp_path / "out")
    with (tmp_path / "out" / "split.csv").open(newline="") as stream:
        table = list(csv.DictReader(stream))
    assert len(table) == 31
    parts = defaultdict(set)
    for row in table:
        copy = tmp_path / "out" / row["copy"]
        assert sha256_file(copy) == row["sha256"]
        assert row["copy"].startswith(f"{row['part']}/{row['label']}/")
        parts[row["group"]].add(row["part"])
    assert all(len(p) == 1 for p in parts.values())
    assert {tuple(sorted(c)) for c in split.counts.values()} == {("test", "train", "val")}
    assert sum(sum(c.values()) for c in split.counts.values()) == 31
    assert split.groups == len(parts) <= 30
    assert tree(source) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frames", "out"]


def test_the_same_again_is_the_same_and_replaces_it(source, tmp_path):
    first = split_folder(source, tmp_path / "out")
    files = tree(tmp_path / "out")
    second = split_folder(source, tmp_path / "out")
    assert (first, files) == (second, tree(tmp_path / "out"))
    other = split_folder(source, tmp_path / "out", seed=7)
    assert other.fingerprint != first.fingerprint
    assert len(tree(tmp_path / "out")) == len(files)


def test_a_split_of_other_frames_is_never_replaced(source, tmp_path):
    out = tmp_path / "out"
    split_folder(source, out)
    before = sorted(path for path in out.rglob("*") if path.is_file())
    moved = source.rename(tmp_path / "elsewhere")
    with pytest.raises(BadRequest, match="not a split of these frames"):
        split_folder(moved, out)
    assert sorted(path for path in out.rglob("*") if path.is_file()) == before


def test_foreign_files_are_never_touched(source, tmp_path):
    out = tmp_path / "out"
    split_folder(source, out)
    (out / "train" / "polyps" / "mine.txt").write_text("dear")
    with pytest.raises(BadRequest, match="not a split of these frames"):
        split_folder(source, out)
    assert (out / "train" / "polyps" / "mine.txt").read_text() == "dear"
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").touch()
    with pytest.raises(BadRequest, match="not a split"):
        split_folder(source, tmp_path / "photos")


def test_out_may_not_lie_in_or_around_the_source(source, tmp_path):
    for out in (source, source / "splited_dataset", source / "polyps" / "x", tmp_path):
        with pytest.raises(BadRequest):
            split_folder(source, out)
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match="is a file"):
        split_folder(source, tmp_path / "file")
    with pytest.raises(BadRequest, match="cannot be written"):
        split_folder(source, tmp_path / "file" / "out")


@pytest.mark.parametrize("shares", [(70, 30), (0, 0, 0), (-1, 1, 1)])
def test_bad_shares(source, tmp_path, shares):
    with pytest.raises(BadRequest, match="shares"):
        split_folder(source, tmp_path / "out", shares=shares)
    with pytest.raises(BadRequest, match="64 bits"):
        split_folder(source, tmp_path / "out", near=99)


def test_cancelled_while_copying_leaves_nothing(source, tmp_path):
    ticket = Ticket(lambda p: ticket.cancel() if p.text == "copying" else None, interval=0)
    with pytest.raises(Cancelled):
        split_folder(source, tmp_path / "out", ticket=ticket)
    assert [p.name for p in tmp_path.iterdir()] == ["frames"]
