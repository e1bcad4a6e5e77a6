"""What killed processes left: swept a day later, in our own folders, and nothing else."""

import subprocess
import sys

import pytest

from endodesk.app.project.project import sweep_project
from endodesk.system import leftovers
from endodesk.system.atomic import HIDDEN
from endodesk.system.leftovers import sweep
from endodesk.system.task import TaskContext

KILLED = """
import os, sys
from pathlib import Path
from endodesk.system.atomic import whole_file, whole_folder
how, place = sys.argv[1], Path(sys.argv[2])
with (whole_folder if how == "folder" else whole_file)(place) as beside:
    ((beside / "part.bin") if how == "folder" else beside).write_bytes(b"half")
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def next_day(monkeypatch):
    """Everything that is there by now was touched a day ago."""
    now = leftovers.time.time()
    monkeypatch.setattr(leftovers.time, "time", lambda: now + leftovers._UNTOUCHED_S + 60)


def left_by_a_killed_process(how, place):
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", KILLED, how, str(place)], check=False)
    (left,) = [path for path in place.parent.iterdir() if path.name.startswith(".")]
    return left


@pytest.mark.parametrize("place", ["models/0123456789ab", "runs/2026-03-01 10.00.00/bundle", "cache/features.npz", "taken/film/0001.png"])
def test_what_a_killed_process_left_in_our_folders_goes(tmp_path, place, next_day):
    left = left_by_a_killed_process("file" if "." in place[-5:] else "folder", tmp_path / place)
    sweep_project(tmp_path, TaskContext())
    assert not left.exists()


def test_nothing_goes_that_was_touched_today(tmp_path):
    left = left_by_a_killed_process("folder", tmp_path / "models" / "0123456789ab")
    sweep_project(tmp_path, TaskContext())
    assert left.exists()


def test_nothing_of_a_user_goes(tmp_path, next_day):
    mine = ["models/.notes.20260301", ".backup.1a2b3c4e", "runs/.git/abc", "cache/frame.e1234567", "frames/.frame.png.e1234567"]
    mine += ["runs/.x.e123456", "runs/.x.e1234567.old2", "runs/.x.E1234567"]
    for name in mine:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"mine")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".x.e1234567").write_bytes(b"mine")
    (tmp_path / "runs" / "link").symlink_to(elsewhere)
    (tmp_path / "taken").symlink_to(elsewhere)
    sweep_project(tmp_path, TaskContext())
    assert all((tmp_path / name).read_bytes() == b"mine" for name in mine)
    assert (elsewhere / ".x.e1234567").exists()


def test_the_copy_before_a_migration_that_was_cut_short_goes_and_whole_ones_stay(tmp_path, next_day):
    for name in (".project.0004.backup.sqlite.e1234567", ".project.0004.backup.sqlite.1a345678", "project.0003.backup.sqlite"):
        (tmp_path / name).write_bytes(b"")
    sweep_project(tmp_path, TaskContext())
    assert [path.name for path in tmp_path.iterdir()] == ["project.0003.backup.sqlite"]


def test_what_version_0_1_left_goes_too(tmp_path, next_day):
    (tmp_path / "models" / ".0123456789ab.part").mkdir(parents=True)
    (tmp_path / ".0123456789ab.part").mkdir()  # not one of our own folders
    (tmp_path / "models" / ".notes.part").mkdir()
    sweep_project(tmp_path, TaskContext())
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".0123456789ab.part", ".notes.part", "models"]


def test_a_folder_whose_exchange_was_cut_short_is_put_back(tmp_path, next_day):
    (tmp_path / ".model.e1234567.old").mkdir()
    (tmp_path / ".model.e1234567.old" / "bundle.json").write_bytes(b"all there is")
    sweep(tmp_path, TaskContext())
    assert (tmp_path / "model" / "bundle.json").read_bytes() == b"all there is"
    (tmp_path / ".model.e1234567.old").mkdir()  # the exchange was done, its end was not
    sweep(tmp_path, TaskContext())
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    long = f".{'x' * 40}.e1234567.old"  # of what name, nobody knows
    (tmp_path / long).mkdir()
    sweep(tmp_path, TaskContext())
    assert (tmp_path / long).exists()


def test_every_hidden_name_is_known_again():
    from pathlib import Path

    from endodesk.system.atomic import _beside

    names = ["a", "x" * 300, "a.b\nc", "project.sqlite"]
    assert all(HIDDEN.fullmatch(_beside(Path("/x") / name).name) for name in names for _ in range(200))
