import os
from dataclasses import replace
from pathlib import Path

import pytest
from frame_folders import put
from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.frames.folder_reader import listed_told
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.scan import case_of_folder, label_of_folder, list_images, walk_order
from endodesk.dataset.manifest import class_files
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.system.task import TaskContext


def names(folder):
    return [str(path.relative_to(folder)) for path in list_images(folder, TaskContext()).files]


def test_frames_come_in_natural_order(tmp_path):
    for number in (10, 2, 1):
        (tmp_path / f"case-{number}").mkdir()
        for frame in (10, 9):
            (tmp_path / f"case-{number}" / f"frame{frame}.png").touch()
    order = [path.relative_to(tmp_path).as_posix() for path in list_images(tmp_path, TaskContext()).files]
    assert order == [f"case-{n}/frame{f}.png" for n in (1, 2, 10) for f in (9, 10)]


def test_images_of_all_kinds_in_any_case_and_nothing_else(tmp_path):
    images = ["a.jpg", "b.JPEG", "c.Png", "d.bmp", "e.TIF", "f.tiff", "g.webp", "höhe 内視鏡.PNG"]
    for name in [*images, "notes.txt", "a.jpg.part", "png", ".hidden.png", "Thumbs.db"]:
        put(tmp_path / name, b"")
    assert names(tmp_path) == sorted(images)


def test_subfolders_are_walked_but_hidden_ones_are_not(tmp_path):
    for name in ("b/2.png", "b/1.png", "a/x/y/deep.png", "root.png", ".trash/gone.png"):
        put(tmp_path / name, b"")
    assert names(tmp_path) == ["root.png", "a/x/y/deep.png", "b/1.png", "b/2.png"]


def test_links_to_folders_are_followed_but_not_back_so_loops_end(tmp_path):
    put(tmp_path / "a" / "1.png", b"")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "elsewhere").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["a/1.png", "elsewhere/1.png"]


def test_what_systems_leave_is_passed_over_and_counted(tmp_path):
    for name in ("a/1.png", "a/._1.png", "a/@eaDir/1.png/SYNOPHOTO_THUMB.jpg", "__MACOSX/a/._1.png", ".git/x.png", "a/._notes.txt"):
        put(tmp_path / name, b"")
    listing = list_images(tmp_path, TaskContext())
    assert (listing.names, listing.skipped) == ((str(Path("a/1.png")),), 5)
    assert listed_told(listing) == f"1 frame in {tmp_path} (5 system files skipped)"
    assert listed_told(replace(listing, skipped=1)) == f"1 frame in {tmp_path} (1 system file skipped)"
    assert listed_told(replace(listing, skipped=0)) == f"1 frame in {tmp_path}"


def test_the_window_and_the_split_see_the_same_classes(tmp_path):
    """Linked class folders: a data set that is put together of links."""
    for name in ("lesions/polyps/case-1/1.png", "lesions/polyps/2.png", "plain/esophagitis/1.png", "plain/@eaDir/1.png"):
        put(tmp_path / name, b"")
    for name in ("polyps", "also polyps"):
        (tmp_path / "plain" / name).symlink_to(tmp_path / "lesions" / "polyps")
    (tmp_path / "lesions" / "polyps" / "again").symlink_to(tmp_path / "lesions")
    files, closed = class_files(tmp_path / "plain")
    frames = FrameList(tmp_path / "plain", list_images(tmp_path / "plain", TaskContext()).names)
    assert sorted((frames.root / entry.name, entry.folder_label) for entry in frames) == sorted((file.path, file.label) for file in files)
    assert (closed, set(frames.class_folders)) == ([], {"polyps", "also polyps", "esophagitis"})


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_listed(tmp_path):
    """A path that is too long for the system: the one refusal that also meets the super user."""
    put(tmp_path / "good.png", b"")
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    listing = list_images(tmp_path, TaskContext())
    assert listing.files == (tmp_path / "good.png",)
    assert len(listing.closed) == 1


def test_no_such_folder_and_a_cancelled_ticket(tmp_path):
    with pytest.raises(BadRequest, match="no folder"):
        list_images(tmp_path / "gone", TaskContext())
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        list_images(tmp_path, task)


@pytest.mark.parametrize(
    ("place", "label", "case"),
    [
        ("1.png", "", ""),
        ("polyps/1.png", "polyps", ""),
        ("polyps/case-07/1.png", "polyps", "polyps/case-07"),
        ("polyps/2024/case-07/1.png", "polyps", "polyps/2024/case-07"),
    ],
)
def test_class_and_case_come_from_the_folders(place, label, case):
    parts = Path(place).parent.parts
    assert (label_of_folder(parts), case_of_folder(parts)) == (label, case)


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(["", "a", "a/b", "a-2", "a-10", "b/c 1/d", "B"]), st.integers(0, 30)), max_size=30))
def test_more_folders_stand_where_they_would_have_been_listed(tmp_path_factory, files):
    """`walk_order` against the listing itself, of folders with and without these."""
    root = tmp_path_factory.mktemp("walk")
    for folder, number in files:
        put(root / folder / f"{number}.png", b"")
    before = list_images(root, TaskContext()).names
    more = {}
    for folder in ("a/film.mp4", "z.avi", "a-2/0.mkv"):
        more[folder] = [f"{folder}/{number:06d}.png" for number in (1, 20)]
        for name in more[folder]:
            put(root / name, b"")
    assert walk_order(before, more) == list_images(root, TaskContext()).names
