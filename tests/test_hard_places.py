"""Computers that are set up oddly: the real program, in a process of its own, goes on or says a sentence. Never a traceback."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from frame_folders import put_classes

from endodesk.app.project.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="folders and locales as Linux and macOS have them")]
OTHER_DISK = Path("/dev/shm")  # noqa: S108
HOMES = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


def started(*words: object, code: str = "", inside: tuple[str, ...] = (), **env: str) -> "subprocess.CompletedProcess[str]":
    """The program (or `code`) without anything of this session's home, within a command that prepares its place."""
    own = {name: value for name, value in os.environ.items() if name not in HOMES and not name.startswith(("LC_", "LANG"))}
    program = [sys.executable, "-c", code] if code else [sys.executable, "-m", "endodesk"]
    command = [*inside, *program, *map(str, words)]
    child = subprocess.run(
        command, env={**own, **env}, check=False, capture_output=True, text=True, encoding="utf-8", errors="surrogateescape", timeout=120
    )
    assert "Traceback" not in child.stderr, child.stderr
    return child


def shows_a_frame(folder: Path, picture: Path, **env: str) -> bool:
    child = started("open", folder, "--snapshot", picture, **env)
    assert child.returncode == 0, child.stderr
    return picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with its frames in it, which needs no home."""
    folder = tmp_path / "Studie 研究"
    put_classes(folder / "frames", each=1)
    made = Project.open(folder)
    made.database.settings.set("source", "frames")
    made.close()
    return folder


# --- the home -----------------------------------------------------------------------------------------------------------

NO_HOME = ["/proc/nothing", "/dev/null"] if sys.platform == "linux" else ["/dev/null"]


@pytest.mark.parametrize("home", NO_HOME)
def test_a_home_that_cannot_be_written_to_is_told_with_what_to_do(images: Path, home: str) -> None:
    child = started(images, HOME=home)
    assert child.returncode == 2
    assert child.stderr.count("\n") == 1
    assert child.stderr.startswith(f"endodesk: The project folder {home}/")
    assert "ask for the right to write to it, or open a project that lies elsewhere" in child.stderr


@pytest.mark.parametrize("home", NO_HOME)
def test_a_project_elsewhere_opens_without_a_home(project: Path, tmp_path: Path, home: str) -> None:
    assert shows_a_frame(project, tmp_path / "window.png", HOME=home)
    assert shows_a_frame(project, tmp_path / "window.png")  # no HOME at all: the one of the account


OPENS_ON_NOTHING = """
import sys
from PySide6.QtCore import QTimer
from endodesk.ui.start import make_window
application, window = make_window(None)
QTimer.singleShot(0, lambda: (print(window.session.project.is_nothing, window.session.project.folder), window.close(), application.quit()))
sys.exit(application.exec())
"""


@pytest.mark.parametrize("home", NO_HOME)
def test_the_window_without_a_folder_needs_no_home_and_leaves_nothing(home: str) -> None:
    child = started(code=OPENS_ON_NOTHING, HOME=home)
    assert child.returncode == 0, child.stderr
    is_nothing, _, folder = child.stdout.strip().partition(" ")
    assert is_nothing == "True"
    assert not Path(folder).parent.exists()


@pytest.fixture
def other_disk() -> Iterator[Path]:
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == Path.cwd().stat().st_dev:
        pytest.skip("there is no second disk here")
    folder = OTHER_DISK / f"endodesk-test-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_a_home_on_another_disk_is_as_good_as_any(images: Path, tmp_path: Path, other_disk: Path, project: Path) -> None:
    assert shows_a_frame(images, tmp_path / "window.png", HOME=str(other_disk))
    assert list(other_disk.rglob("project.sqlite"))
    assert shows_a_frame(project, other_disk / "window.png", HOME=str(other_disk))


@pytest.mark.parametrize("name", ["Müller 内視鏡 ʻOkina", "ü" * 120, "a" * 250])
def test_names_of_users_are_what_they_are(images: Path, tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    assert shows_a_frame(images, tmp_path / "window.png", HOME=str(home), USER=name, LOGNAME=name, USERNAME=name)


# --- locale, session ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "POSIX"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}])
def test_folders_that_are_not_ascii_in_a_locale_that_is(images: Path, tmp_path: Path, locale: dict[str, str]) -> None:
    assert shows_a_frame(images, tmp_path / "window.png", HOME=str(tmp_path), **locale)
    child = started(tmp_path / "Gibt es nicht 無", HOME=str(tmp_path), **locale)
    assert child.returncode == 2
    assert child.stderr.splitlines()[-1].startswith("endodesk: There is no folder ")


def test_a_session_without_a_runtime_folder(images: Path, tmp_path: Path) -> None:
    assert shows_a_frame(images, tmp_path / "window.png", HOME=str(tmp_path))
    assert shows_a_frame(images, tmp_path / "window.png", HOME=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path / "gone"))


# --- disks that refuse --------------------------------------------------------------------------------------------------


def _may_mount() -> bool:
    return sys.platform == "linux" and subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0


mounts = pytest.mark.skipif(not _may_mount(), reason="disks that refuse root are mounted by root on Linux only")


def read_only(place: Path) -> tuple[str, ...]:
    """In front of a command: it sees this file or folder on a disk that is read-only, which binds root too."""
    return ("unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', str(place))


def on_small_disk(place: Path, project: Path, size: str) -> tuple[str, ...]:
    """In front of a command: it sees a copy of the project as `place`/project on a disk of so many bytes."""
    mounted = 'mount -t tmpfs -o size="$2" none "$0" && cp -r "$1" "$0/project" && shift 2 && exec "$@"'
    return ("unshare", "-m", "sh", "-c", mounted, str(place), str(project), size)


@mounts
def test_a_projects_folder_that_cannot_be_written_to_is_named(project: Path, tmp_path: Path) -> None:
    child = started(project, inside=read_only(project), HOME=str(tmp_path))
    assert child.returncode == 2
    assert child.stderr == (
        f"endodesk: The project folder {project} cannot be written to. Ask for the right to, or choose another folder.\n"
    )


@mounts
def test_a_database_that_cannot_be_written_to_is_named(project: Path, tmp_path: Path) -> None:
    file = project / "project.sqlite"
    child = started(project, inside=read_only(file), HOME=str(tmp_path))
    assert child.returncode == 2
    assert child.stderr.startswith(f"endodesk: The project {file} cannot be opened: the file or its folder cannot be written to.")
    assert "copy the project to a folder of your own" in child.stderr


@mounts
def test_an_older_project_on_a_read_only_disk_stays_as_it_is(project: Path, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "data" / "projects" / "v2" / "project.sqlite", project)
    before = (project / "project.sqlite").read_bytes()
    command = ("predict", project, "--out", tmp_path / "p.csv")
    child = started(*command, inside=read_only(project), HOME=str(tmp_path))
    assert child.returncode == 2
    assert "cannot be opened: the file or its folder cannot be written to" in child.stderr
    assert (project / "project.sqlite").read_bytes() == before


LABELS_UNTIL_THE_DISK_IS_FULL = """
import json, sqlite3, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from endodesk.ui.start import make_window
project = Path(sys.argv[1])
application, window = make_window(project)
session = window.session
session.labelling.goes_on = False
given = []
def fill(file):
    with file.open("wb", buffering=0) as stream:
        for size in (1 << 16, 512, 1):
            try:
                while stream.write(b"x" * size):
                    pass
            except OSError:
                pass
def label(_=None):
    for n in range(2000):
        name = list(session.workspace.classes)[n % 3]
        session.label(name)
        if window.findChildren(QMessageBox):
            break
        given.append(name)
        if n == 2:
            fill(project / "ballast")
def attempt():
    if session.workspace.open_frame is None or session.workspace.predictor is None or not session.jobs.idle:
        return
    timer.stop()
    try:
        label()
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
    told = [box.text() for box in window.findChildren(QMessageBox)]
    (project / "ballast").unlink()
    window.close()
    rows = sqlite3.connect(project / "project.sqlite").execute("SELECT label FROM correction ORDER BY id").fetchall()
    print(json.dumps({"given": given, "told": told, "rows": [row[0] for row in rows]}))
    application.exit(0)
timer = QTimer(interval=20)
timer.timeout.connect(attempt)
timer.start()
sys.exit(application.exec())
"""


@mounts
def test_a_disk_that_fills_up_while_labelling_keeps_what_was_taken_and_says_so(project: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    inside = on_small_disk(small, project, "40m")
    child = started(small / "project", code=LABELS_UNTIL_THE_DISK_IS_FULL, inside=inside, HOME=str(tmp_path))
    assert child.returncode == 0, child.stderr
    said = json.loads(child.stdout.splitlines()[-1])
    assert 3 <= len(said["given"]) < 2000
    assert said["rows"] == said["given"]
    assert len(said["told"]) == 1
    assert "the disk is full. Free some space, then try again." in said["told"][0]


SHOWS_ON_A_FULL_DISK = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from endodesk.ui.start import make_window
application, window = make_window(Path(sys.argv[1]))
def look():
    if window.session.workspace.open_frame is not None and window.session.jobs.idle:
        timer.stop()
        print(json.dumps([box.text() for box in window.findChildren(QMessageBox)]))
        window.close()
        application.exit(0)
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
sys.exit(application.exec())
"""


@mounts
def test_a_disk_too_full_for_the_model_still_shows_frames(project: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    child = started(small / "project", code=SHOWS_ON_A_FULL_DISK, inside=on_small_disk(small, project, "2m"), HOME=str(tmp_path))
    assert child.returncode == 0, child.stderr
    told = json.loads(child.stdout.splitlines()[-1])
    assert told
    assert all("the disk is full" in one or "no space left on device" in one for one in told), told
