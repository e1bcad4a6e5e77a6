"""The one way through folders: by links too, round and round never, and past what systems leave there."""

import errno
import os
import socket
import sys
from pathlib import Path

import pytest
from frame_folders import nested_folders, put

from endodesk.app.frames.folder_reader import closed_told
from endodesk.app.frames.scan import list_images
from endodesk.system.task import TaskContext
from endodesk.system.walk import files_below, folders_in, walk

ROOT = Path(__file__).parents[2]


def seen(root: Path, **how) -> list[str]:
    """Files, in the order in which they are come to; those of one folder by letter."""
    return [(Path(at.path) / name).relative_to(root).as_posix() for at in walk(root, **how) for name in sorted(at.names)]


def link(at: Path, to: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(to, target_is_directory=True)


def test_a_folder_comes_before_those_in_it_and_these_in_order(tmp_path):
    for name in ("b/1", "a/2/x", "a/10/x", "a/1", "0"):
        put(tmp_path / name, b"")
    assert seen(tmp_path) == ["0", "a/1", "a/10/x", "a/2/x", "b/1"]
    assert seen(tmp_path, order=len) == ["0", "a/1", "a/2/x", "a/10/x", "b/1"]
    assert seen(tmp_path, only={"b"}) == ["0", "b/1"]


def test_linked_folders_are_followed_by_the_names_of_the_links(tmp_path):
    put(tmp_path / "store" / "x" / "1", b"")
    link(tmp_path / "root" / "polyps", tmp_path / "store" / "x")
    link(tmp_path / "root" / "b" / "case", tmp_path / "store")
    assert seen(tmp_path / "root") == ["b/case/x/1", "polyps/1"]
    assert folders_in(tmp_path / "root") == ["b", "polyps"]


@pytest.mark.parametrize("to", ["root", "root/a", "root/a/b", "root/a/b/back", ".", "/"])
def test_a_link_back_ends(tmp_path, to):
    put(tmp_path / "root" / "a" / "b" / "1", b"")
    link(tmp_path / "root" / "a" / "b" / "back", tmp_path / to)
    assert seen(tmp_path / "root") == ["a/b/1", *(["a/b/back"] if to.endswith("back") else [])]


def test_links_that_lead_to_each_other_end(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        put(tmp_path / one / one, b"")
        link(tmp_path / one / "other", tmp_path / other)
    assert seen(tmp_path) == ["a/a", "a/other/b", "b/b", "b/other/a"]


def test_a_folder_that_two_links_lead_to_stands_in_each_class_but_once_in_one(tmp_path):
    put(tmp_path / "store" / "1", b"")
    for name in ("a/x", "a/y", "b/x", "c"):
        link(tmp_path / "root" / name, tmp_path / "store")
    assert seen(tmp_path / "root") == ["a/x/1", "b/x/1", "c/1"]


def test_links_among_links_do_not_multiply(tmp_path):
    """Thirty storeys with two links up each: a thousand million ways, if each were gone."""
    for storey in range(30):
        put(tmp_path / "store" / str(storey) / "1", b"")
        for side in "lr":
            link(tmp_path / "store" / str(storey) / side, tmp_path / "store" / str(storey + 1))
    link(tmp_path / "root" / "polyps", tmp_path / "store" / "0")
    assert len(seen(tmp_path / "root")) == 30 + 2  # and two links to nowhere


def test_what_systems_leave_is_passed_over_and_counted(tmp_path):
    for name in ("1.png", "._1.png", ".hidden.png", "@eaDir/1.png", "__MACOSX/._1.png", ".git/x", "a/._", "eaDir/2.png"):
        put(tmp_path / name, b"")
    assert seen(tmp_path) == [".hidden.png", "1.png", "eaDir/2.png"]
    assert sum(at.skipped for at in walk(tmp_path)) == 5
    assert folders_in(tmp_path) == ["a", "eaDir"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_sockets_are_passed_over_and_broken_links_are_not(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "to a pipe.png").symlink_to(tmp_path / "pipe.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.png").symlink_to(tmp_path / "itself.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "socket.png"))
        assert seen(tmp_path) == ["itself.png", "nowhere.png"]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path, monkeypatch):
    for name in ("a/1", "b/1"):
        put(tmp_path / name, b"")
    scandir = os.scandir

    def refusing(path):
        if path == str(tmp_path / "a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert seen(tmp_path) == ["b/1"]
    assert [(at.path, at.error.strerror) for at in walk(tmp_path) if at.error] == [(str(tmp_path / "a"), "Permission denied")]
    with pytest.raises(PermissionError):
        folders_in(tmp_path / "a")


@pytest.mark.slow
def test_fifteen_hundred_folders_in_one_another():
    """`os.walk` gives up at a thousand in Python 3.11."""
    with nested_folders(1500) as root:
        assert seen(root) == ["d/" * 1500 + "1.png"]
        assert len(list(files_below(root))) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="how long a path may be is each system's own")
def test_three_thousand_folders_in_one_another_are_a_sentence():
    """Longer than Linux takes a path (4,096): what lies above is listed, and the folder that cannot be opened is told."""
    with nested_folders(3000) as root:
        put(root / "d" / "2.png", b"")
        listing = list_images(root, TaskContext())
        assert listing.names == ("d/2.png",)
        assert len(listing.closed) == 1
        assert closed_told(listing.closed).startswith(f"One folder cannot be read ({root}/d/d/")
        assert len(closed_told(listing.closed)) < 500
        (root / "d" / "2.png").unlink()
        unlisted = []
        assert list(files_below(root, unlisted.append)) == []
        assert [error.errno for error in unlisted] == [errno.ENAMETOOLONG]


def test_files_below_misses_nothing(tmp_path):
    for name in ("1", ".hidden", "._x", "@eaDir/1", ".git/a/b"):
        put(tmp_path / "root" / name, b"")
    link(tmp_path / "root" / "link", tmp_path)
    assert sorted(Path(entry.path).relative_to(tmp_path / "root").as_posix() for entry in files_below(tmp_path / "root")) == [
        "._x", ".git/a/b", ".hidden", "1", "@eaDir/1", "link",
    ]  # fmt: skip


def test_nobody_else_walks_by_recursion():
    sources = [path for room in ("endodesk", "training") for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in sources if "os.walk" in path.read_text("utf-8")] == []
