import csv
import os
import shutil
import unicodedata
from collections import defaultdict
from dataclasses import replace

import pytest
from frame_folders import png, put, sha256_of

from endodesk.dataset.split_folder import split_folder
from endodesk.domain.errors import BadRequest, Cancelled, EndoDeskError
from endodesk.imaging.hashing import sha256_file
from endodesk.system.task import TaskContext


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
    assert (first.kept, second.kept) == (0, 31)
    assert (replace(first, kept=31), files) == (second, tree(tmp_path / "out"))
    assert split_folder(source, tmp_path / "out", seed=7, near=0).fingerprint == first.fingerprint  # what is there stays
    other = split_folder(source, tmp_path / "out", seed=7, case="none", fresh=True)
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


@pytest.mark.parametrize("which", ["copy", "split.csv", "split.json", "label_conflicts.csv"])
def test_what_was_changed_since_it_was_written_is_never_replaced(source, tmp_path, which):
    out = tmp_path / "out"
    shutil.copyfile(source / "polyps" / "again.png", source / "esophagitis" / "again.png")  # two labels: a table of conflicts
    split_folder(source, out)
    changed = next((out / "train" / "polyps").iterdir()) if which == "copy" else out / which
    changed.write_bytes(changed.read_bytes() + b"\n")
    before = {name: (out / name).read_bytes() for name in tree(out)}
    with pytest.raises(
        BadRequest, match=f"{changed.name} was changed since the split was written" if which != "split.csv" else "changed|not a split"
    ):
        split_folder(source, out)
    assert {name: (out / name).read_bytes() for name in tree(out)} == before


def test_what_is_put_there_while_it_is_made_stays(source, tmp_path):
    out = tmp_path / "out"
    split_folder(source, out)

    def put_there(progress):
        if progress.text == "copying":
            (out / "notes.txt").write_text("mine")

    with pytest.raises(BadRequest, match="was put into"):
        split_folder(source, out, task=TaskContext(put_there, interval=0))
    assert (out / "notes.txt").read_text() == "mine"


def test_a_split_of_an_older_program_is_replaced_while_its_copies_are_whole(source, tmp_path):
    first = split_folder(source, tmp_path / "out")
    (tmp_path / "out" / "split.json").unlink()
    assert split_folder(source, tmp_path / "out").kept == sum(sum(parts.values()) for parts in first.counts.values())


def test_out_may_not_lie_in_or_around_the_source(source, tmp_path):
    for out in (source, source / "splited_dataset", source / "polyps" / "x", tmp_path):
        with pytest.raises(BadRequest):
            split_folder(source, out)
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match="is a file"):
        split_folder(source, tmp_path / "file")
    with pytest.raises(BadRequest, match="cannot be written"):
        split_folder(source, tmp_path / "file" / "out")


@pytest.mark.parametrize("shares", [(70, 30), (0, 0, 0), (-1, 1, 1), (float("inf"), 1, 1), (float("nan"), 1, 1)])
def test_bad_shares(source, tmp_path, shares):
    with pytest.raises(BadRequest, match="shares"):
        split_folder(source, tmp_path / "out", shares=shares)
    with pytest.raises(BadRequest, match="64 bits"):
        split_folder(source, tmp_path / "out", near=99)


def test_cancelled_while_copying_leaves_nothing(source, tmp_path):
    task = TaskContext(lambda p: task.cancel() if p.text == "copying" else None, interval=0)
    with pytest.raises(Cancelled):
        split_folder(source, tmp_path / "out", task=task)
    assert [p.name for p in tmp_path.iterdir()] == ["frames"]


def parts_of(out):
    with (out / "split.csv").open(newline="", encoding="utf-8") as stream:
        return {row["sha256"]: (row["part"], row["label"]) for row in csv.DictReader(stream)}


def test_more_frames_are_placed_beside_those_that_are_there(source, tmp_path, frames_folder):
    out = tmp_path / "out"
    split_folder(source, out, case="none")
    before = parts_of(out)
    for label in ("esophagitis", "polyps", "ulcerative-colitis"):
        for case in sorted((frames_folder / label).iterdir())[2:]:
            shutil.copytree(case, source / label / case.name)
    split = split_folder(source, out, case="none")
    after = parts_of(out)
    assert len(after) == 60
    assert (split.kept, split.moved) == (31, 0)
    assert {name: after[name] for name in before} == before
    assert all(12 <= counts["train"] <= 16 for counts in split.counts.values())


def test_a_frame_that_is_gone_goes_and_one_with_another_label_stays_where_it_is(source, tmp_path):
    out = tmp_path / "out"
    split_folder(source, out, case="none")
    before = parts_of(out)
    gone, moved = (source / "esophagitis" / "case-01" / f"frame-0{n}.png" for n in (1, 2))
    names = [sha256_file(path) for path in (gone, moved)]
    gone.unlink()
    moved.rename(source / "polyps" / "moved.png")
    split = split_folder(source, out, case="none")
    after = parts_of(out)
    assert names[0] not in after
    assert after[names[1]] == (before[names[1]][0], "polyps")
    assert {name: part for name, (part, _) in after.items()} == {name: part for name, (part, _) in before.items() if name != names[0]}
    assert split.kept == 30
    assert sorted(sha256_file(path) for path in out.rglob("*.png")) == sorted(sha256_file(path) for path in source.rglob("*.png"))


def test_merged_frames_follow_each_other_and_it_is_told(source, tmp_path):
    out = tmp_path / "out"
    split_folder(source, out, case="none")
    train, test = (next(name for name, (part, _) in parts_of(out).items() if part == wanted) for wanted in ("train", "test"))
    split = split_folder(source, out, case="none", joined=[(train, test)])
    assert parts_of(out)[train][0] == "test"
    assert split.moved >= 1


def test_equal_pictures_of_two_classes_move_together_and_are_listed(source, tmp_path):
    out = tmp_path / "out"
    shutil.copyfile(source / "polyps" / "again.png", source / "esophagitis" / "also.png")
    split = split_folder(source, out, case="none")
    assert split.conflicts == 1
    with (out / "label_conflicts.csv").open(newline="", encoding="utf-8") as stream:
        listed = list(csv.DictReader(stream))
    assert {row["label"] for row in listed} == {"polyps", "esophagitis"}
    assert len({row["part"] for row in listed}) == 1
    assert len(listed) == 3
    (source / "esophagitis" / "also.png").unlink()
    assert split_folder(source, out, case="none").conflicts == 0
    assert not (out / "label_conflicts.csv").exists()


def test_a_folder_reached_by_a_link_is_the_same_folder(source, tmp_path):
    (tmp_path / "link").symlink_to(source, target_is_directory=True)
    split_folder(tmp_path / "link", tmp_path / "out")
    assert split_folder(tmp_path / "link", tmp_path / "out").kept == 31


def test_out_that_is_a_link_stays_one_and_nothing_is_left_beside_it(source, tmp_path):
    (tmp_path / "large disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "large disk")
    split_folder(source, tmp_path / "out")
    split_folder(source, tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "large disk" / "split.csv").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frames", "large disk", "out"]


def test_names_that_some_disks_take_for_one_are_copied_apart(source, tmp_path):
    frames = [source / "polyps" / "case-05" / f"frame-0{n}.png" for n in (1, 2, 3)]
    for frame, name in zip(frames, ("É.png", unicodedata.normalize("NFD", "É.png"), "é.PNG"), strict=True):
        (source / "polyps" / name[:1] / "x").mkdir(parents=True, exist_ok=True)
        frame.rename(source / "polyps" / name[:1] / "x" / name)
    split_folder(source, tmp_path / "out", case="none")
    copies = [path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.[pP][nN][gG]")]
    assert len(copies) == 31
    assert len({unicodedata.normalize("NFC", name).casefold() for name in copies}) == 31


def test_one_group_cannot_be_split(source, tmp_path):
    for label in ("esophagitis", "polyps", "ulcerative-colitis"):
        for case in (source / label).iterdir():
            if case.is_dir():
                (source / label / "the one case").mkdir(exist_ok=True)
                for frame in case.iterdir():
                    frame.rename(source / label / "the one case" / f"{case.name}-{frame.name}")
    (source / "polyps" / "again.png").unlink()
    with pytest.raises(BadRequest, match=r"The 30 frames are 1 group that must stay whole, so that none is left for val and test"):
        split_folder(source, tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["frames"]
    assert split_folder(source, tmp_path / "out", case="none").groups > 10


@pytest.mark.parametrize("how", ["deleted", "changed"])
def test_a_frame_that_goes_while_it_is_copied_leaves_nothing_half_written(source, tmp_path, how):
    split_folder(source, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    last = source / "ulcerative-colitis" / "case-10" / "frame-05.png"
    assert last.exists()

    def spoil(progress):
        if progress.text == "copying":
            last.unlink(missing_ok=True) if how == "deleted" else last.write_bytes(b"other")

    with pytest.raises(EndoDeskError, match=r"frame-05\.png.*(cannot be read|was changed)"):
        split_folder(source, tmp_path / "out", task=TaskContext(spoil, interval=0))
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frames", "out"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="names of 255 bytes")
def test_copies_of_equal_names_at_the_limit_are_shortened(tmp_path):
    name = f"{'s' * 251}.png"
    for case in range(6):
        for label in ("polyps", "normal"):
            put(tmp_path / "frames" / label / f"case-{case}" / name, png(case + 50 * (label == "normal")))
    split_folder(tmp_path / "frames", tmp_path / "out", near=0, case="none", shares=(50, 25, 25))
    copies = list((tmp_path / "out").rglob("*.png"))
    assert sorted(map(sha256_of, copies)) == sorted(map(sha256_of, (tmp_path / "frames").rglob("*.png")))
    assert all(len(path.name) <= 255 and path.name.startswith("s" * 240) for path in copies)
