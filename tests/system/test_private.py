"""What the program keeps is for its account alone; what it exports has the usual rights, and what is the user's is let be."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from frame_folders import png, put, put_classes

from endodesk.app.project.own_files import close_to_others, tighten_own_files
from endodesk.app.project.project import Project
from endodesk.system.private import is_loose, private_folder, tighten
from endodesk.system.task import TaskContext

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
USUAL = 0o022


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def loose_below(*folders: Path) -> list[str]:
    places = [place for folder in folders for place in (folder, *folder.rglob("*"))]
    return [f"{place} {mode(place):o}" for place in places if not place.is_symlink() and mode(place) & 0o077]


def started(*words: object, code: str = "") -> None:
    """The real program under the umask that most systems have."""
    program = [sys.executable, "-c", code] if code else [sys.executable, "-m", "endodesk"]
    child = subprocess.run([*program, *map(str, words)], check=False, capture_output=True, text=True, timeout=300, umask=USUAL)
    assert child.returncode == 0, child.stderr


def as_older_programs_left_it(folder: Path) -> None:
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o755 if place.is_dir() else 0o644)


LOOKS_AND_REPORTS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from endodesk.app.cases import case_report
from endodesk.ui import start
from endodesk.ui.application import Application
application = Application(["endodesk"])
window = []
shown = start.make_window
start.make_window = lambda *place, **how: (window.append(shown(*place, **how)), window[0])[1]
def look():
    view = window[0][1] if window else None
    if view is None or view.session.folder_reader.listing or not view.session.jobs.idle or view.session.workspace.open_frame is None:
        return
    timer.stop()
    view.session.label("polyps")
    view.commands["report_case"].__self__._write(Path(sys.argv[2]))
    QTimer.singleShot(1500, view.close)
timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
sys.exit(start.run_window(Path(sys.argv[1])))
"""


@pytest.mark.slow
def test_all_that_a_session_leaves_is_for_its_account_alone_but_what_was_exported(tmp_path: Path, home: Path) -> None:
    images, out = tmp_path / "frames", tmp_path / "exported"
    put_classes(images)
    out.mkdir(mode=0o755)
    before = {str(place): mode(place) for place in (images, *images.rglob("*"))}
    started(images, out / "case.pdf", code=LOOKS_AND_REPORTS)
    written = {place.name for place in home.rglob("*")}
    assert {"project.sqlite", "project.endodesk", "window.ini", "endodesk.log"} <= written
    assert any(name.endswith(".jpg") for name in written)
    assert loose_below(home / "data" / "endodesk", home / "config" / "endodesk", home / "state" / "endodesk") == []
    assert mode(out / "case.pdf") == 0o666 & ~USUAL
    started("predict", images, "--out", out / "predictions.csv")
    assert mode(out / "predictions.csv") == 0o666 & ~USUAL
    assert {str(place): mode(place) for place in (images, *images.rglob("*"))} == before


@pytest.mark.slow
def test_what_an_older_program_left_open_is_closed_when_it_is_opened(tmp_path: Path, home: Path) -> None:
    images = tmp_path / "frames"
    put_classes(images)
    project = Project.of_images(images)
    put(project.taken_folder / "film" / "000001.png", png(1))
    put(project.folder / "project.0003.backup.sqlite", b"x")
    put(project.runs_folder / "run" / "report.html", b"x")
    project.close()
    as_older_programs_left_it(home / "data" / "endodesk")
    put(home / "state" / "endodesk" / "log" / "endodesk.log", b"").chmod(0o644)
    started("open", images, "--snapshot", tmp_path / "window.png")
    assert loose_below(project.folder, home / "state" / "endodesk" / "log") == []
    assert mode(tmp_path / "window.png") == 0o666 & ~USUAL


def test_a_project_is_made_for_its_account_alone(tmp_path: Path) -> None:
    Project.open(tmp_path / "a" / "b").close()
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_a_folder_that_holds_anything_of_the_users_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    Project.open(folder).close()
    frame, kept = put(folder / "frames" / "1.png", png(1)), put(folder / "cache" / "x" / "1.jpg", b"x")
    as_older_programs_left_it(folder)
    close_to_others(folder)
    tighten_own_files(folder, TaskContext())
    assert [mode(place) for place in (folder, frame.parent, frame)] == [0o755, 0o755, 0o644]
    assert [mode(place) for place in (folder / "project.sqlite", folder / "cache", kept.parent, kept)] == [0o600, 0o700, 0o700, 0o600]


def test_no_link_is_followed(tmp_path: Path) -> None:
    frame = put(tmp_path / "frames" / "1.png", png(1))
    private_folder(tmp_path / "project" / "taken")
    for place in (frame, frame.parent):
        place.chmod(0o755)
    (tmp_path / "project" / "taken" / "file").symlink_to(frame)
    (tmp_path / "project" / "cache").symlink_to(frame.parent)
    (tmp_path / "project" / "taken").chmod(0o755)
    tighten_own_files(tmp_path / "project", TaskContext())
    assert [mode(frame), mode(frame.parent), mode(tmp_path / "project" / "taken")] == [0o755, 0o755, 0o700]
    assert not is_loose(tmp_path / "project" / "cache")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can give a file away")
def test_a_file_of_another_account_is_let_be(tmp_path: Path) -> None:
    file = put(tmp_path / "file", b"x")
    file.chmod(0o644)
    os.chown(file, 12345, -1)
    tighten(file)
    assert mode(file) == 0o644
