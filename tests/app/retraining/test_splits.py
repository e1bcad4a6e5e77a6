"""Hashes that are known by the project, and what a check says of a split; the window is in tests/ui/test_check_splits.py."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put, put_classes, sha256_of

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.frames.indexing import index_files
from endodesk.app.project.grouping import Grouping
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import earlier_parts, interrupted_run
from endodesk.app.retraining import retraining
from endodesk.app.retraining.retraining import make_run
from endodesk.app.retraining.splits import check_splits, join_frames, large_groups, part_counts
from endodesk.data.merge_store import frame_pair
from endodesk.dataset.leaks import Pair
from endodesk.dataset.manifest import ClassFile, ManifestRow, read_files, read_manifest
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.domain.images import Sha256
from endodesk.system.task import TaskContext


@pytest.fixture
def files(tmp_path):
    return [ClassFile(path, path.parent.name, "") for path in put_classes(tmp_path / "frames", each=3)]


@pytest.fixture
def project(tmp_path, files):
    """With all files listed, as a window would have them."""
    project = Project.of_images(tmp_path / "frames")
    root = tmp_path / "frames"
    index_files(
        FramePlaces(root), [str(file.path.relative_to(root)) for file in files], project.database, TaskContext(), lambda found: None
    )
    yield project
    project.close()


@pytest.fixture
def reads(monkeypatch):
    """Names of the files whose pixels were read."""
    read = []

    def reading(files, task):
        read.extend(file.path.name for file in files)
        return read_files(files, task)

    monkeypatch.setattr("endodesk.app.frames.hashed_files.read_files", reading)
    return read


def test_hashes_are_those_of_reading_and_a_file_is_read_once(project, files, reads):
    plain = read_files(files)
    assert hash_files(files, project.database, TaskContext()) == plain
    assert len(reads) == 9
    assert hash_files(files, project.database, TaskContext()) == plain
    assert len(reads) == 9


def test_a_file_that_changed_or_was_never_listed_is_read_again(project, files, reads, tmp_path):
    hash_files(files, project.database, TaskContext())
    reads.clear()
    put(files[1].path, png(77))
    new = ClassFile(put(tmp_path / "frames" / "polyps" / "new.png", png(78)), "polyps", "case 7")
    scan = hash_files([*files, new], project.database, TaskContext())
    assert reads == [files[1].path.name, "new.png"]
    assert [row.file for row in scan.rows] == [file.path for file in [*files, new]]  # in their order
    assert (scan.rows[1].sha256, scan.rows[-1].case) == (sha256_of(files[1].path), "case 7")


def test_a_file_that_is_gone_is_told(project, files):
    hash_files(files, project.database, TaskContext())
    files[4].path.unlink()
    scan = hash_files(files, project.database, TaskContext())
    assert [file.path for file in scan.unreadable] == [files[4].path]
    assert len(scan.rows) == 8


def test_what_was_hashed_before_a_cancel_is_kept(project, files, reads, monkeypatch):
    monkeypatch.setattr("endodesk.app.frames.hashed_files._PIECE", 3)
    task = TaskContext(lambda progress: task.cancel() if progress.done > 3 else None, interval=0)
    with pytest.raises(Cancelled):
        hash_files(files, project.database, task)
    told = []
    reads.clear()
    hash_files(files, project.database, TaskContext(told.append, interval=0))
    assert len(reads) == 6
    assert [(progress.done, progress.total) for progress in told][-1] == (6, 6)


def test_nothing_labelled_is_told(project):
    with pytest.raises(BadRequest, match="no labelled frames"):
        check_splits(project, [], Grouping(), TaskContext())


def test_a_merge_of_frames_that_are_gone_does_no_harm(project, files):
    check = check_splits(project, files, Grouping(), TaskContext())
    first, second = check.rows[:2]
    join_frames(project, Pair(first, second, 9), joined=True, reader="me")
    left = [file for file in files if file.path != second.file]
    again = check_splits(project, left, Grouping(), TaskContext())
    assert (len(again.rows), list(again.merges)) == (8, [frame_pair(first.sha256, second.sha256)])
    assert second.sha256 not in {row.sha256 for pair in again.pairs for row in (pair.left, pair.right)}


def test_a_frame_in_two_cases_makes_them_one_in_the_check_and_in_the_run(project, files, tmp_path):
    cased = [replace(file, case=f"{file.label} {file.path.stem}") for file in files]
    copy = put(tmp_path / "frames" / "polyps" / "copy.png", cased[0].path.read_bytes())
    cased.append(ClassFile(copy, cased[0].label, cased[1].case))
    check = check_splits(project, cased, Grouping(), TaskContext())
    run, _ = make_run(project, cased, "head", CLASSES, TaskContext())
    for made in (check.rows, read_manifest(run / "manifest.csv")):
        assert len({row.group for row in made if row.case in (cased[0].case, cased[1].case)}) == 1


def test_only_a_run_that_made_a_model_binds(project, files):
    run, _ = make_run(project, files, "head", CLASSES, TaskContext())
    assert earlier_parts(project) == {}  # cancelled, say
    (run / "bundle").mkdir()
    assert earlier_parts(project) == {row.sha256: row.part for row in read_manifest(run / "manifest.csv")}
    (run / "manifest.csv").write_text("damaged", encoding="utf-8")
    with pytest.raises(BadRequest, match="manifest"):
        make_run(project, files, "head", CLASSES, TaskContext())


def test_the_run_to_go_on_with_is_the_one_begun_last_also_where_the_clock_went_back(project, files, monkeypatch):
    moments = iter(datetime(2026, 10, 25, 2, minute) for minute in (59, 10))
    monkeypatch.setattr(retraining, "datetime", type("Clock", (datetime,), {"now": classmethod(lambda _: next(moments))}))
    before, last = (make_run(project, files, "head", CLASSES, TaskContext())[0] for _ in range(2))
    assert last.name < before.name
    put(before / "checkpoints" / "last.npz", b"")
    assert interrupted_run(project) is None
    put(last / "checkpoints" / "last.npz", b"")
    assert interrupted_run(project) == last
    (last / "bundle").mkdir()
    assert interrupted_run(project) is None  # not the one before: parts of the later one bind


def rows(label, groups):
    """Frames of one class in groups of these sizes."""
    made = [
        ManifestRow(Path(f"{label}-{group}-{n}.png"), Sha256(f"{label}-{group}-{n}"), "", label, group=f"{label}-{group}", part="train")
        for group, size in enumerate(groups)
        for n in range(size)
    ]
    return [replace(row, part="test") if row.group.endswith("-0") else row for row in made]


def test_a_group_that_fills_a_class_is_told():
    assert large_groups(rows("polyps", [5, *[1] * 20])) == []  # a fifth
    [told] = large_groups([*rows("polyps", [6, *[1] * 20]), *rows("esophagitis", [4, 1])])  # four frames are no matter
    assert "6 of the 26 frames of polyps (23%)" in told


def test_frames_and_groups_are_counted_by_class_and_in_all():
    shared = [replace(row, group="both") for row in (rows("polyps", [2])[0], rows("esophagitis", [1])[0])]
    counted = {count.label: (dict(count.frames), dict(count.groups)) for count in part_counts([*rows("polyps", [2, 1]), *shared])}
    assert counted == {
        "esophagitis": ({"test": 1}, {"test": 1}),
        "polyps": ({"test": 3, "train": 1}, {"test": 2, "train": 1}),
        "All classes": ({"test": 4, "train": 1}, {"test": 2, "train": 1}),  # a group of two classes is one
    }


def test_the_check_is_the_same_in_any_order_of_files(project, files):
    one, other = (check_splits(project, some, Grouping(), TaskContext()) for some in (files, files[::-1]))
    assert (one.rows, one.counts, one.pairs) == (other.rows, other.counts, other.pairs)
    assert {row.label for row in one.rows} == set(CLASSES)
