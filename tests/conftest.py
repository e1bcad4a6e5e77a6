"""For all tests: no display is needed, nothing touches the user's own folders; golden pictures, and a small real model."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import resources

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
sys.path.insert(0, str(Path(__file__).parent))  # frame_folders.py

from frame_folders import put_classes

from endodesk.dataset.manifest import ManifestRow, scan_class_folder
from endodesk.imaging.synthetic.frames import write_frames

# The machine is shared: how long an example takes, or how many are thrown away before one fits, says nothing of the program.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden pictures anew instead of comparing with them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tiny_bundle" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """A window or a box that a test leaves open would take the keys of those that follow: that test fails, not they."""
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtWidgets import QApplication

    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    said = [f"{type(widget).__name__} {widget.windowTitle()}" for widget in left]
    for widget in left:
        widget.hide()
    assert said == []


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program finds the user's data, settings and log: a new place for each test."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    return folder


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of six small frames in three class folders, as most tests of the program open it; many make one of their own."""
    folder = tmp_path / "Fälle 内視鏡"
    put_classes(folder)
    return folder


@pytest.fixture(autouse=True)
def starter(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the starter model would be: projects begin without a model here, unless a test puts one there."""
    folder = tmp_path_factory.mktemp("resources") / "starter"
    monkeypatch.setattr(resources, "STARTER_MODEL", folder)
    return folder


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that all workers of a run share: the first that wants it makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    failed = folder.with_name(f"{name}.failed")
    try:
        folder.with_name(f"{name}.claim").mkdir()
    except FileExistsError:
        end = time.monotonic() + 240
        while not folder.is_dir() and not failed.exists():
            assert time.monotonic() < end, f"no worker has made {folder}"
            time.sleep(0.05)
        assert not failed.exists(), f"another worker could not make {folder}"
        return folder
    try:
        make(folder.with_name(f"{name}.part"))
        return folder.with_name(f"{name}.part").rename(folder)
    except BaseException:
        failed.touch()
        raise


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole bundle that says nothing sensible: the paper's classes, recipe `clean`, an untrained head. Copy it before you change it.

    Made by a child process in some ten seconds, so that pytest stays free of TensorFlow: mark tests that use it `slow`.
    """

    def make(folder: Path) -> None:
        log = folder.with_name("tiny-bundle.log")
        with log.open("w") as stream:
            command = [sys.executable, "-m", "tests.make_tiny_bundle", str(folder)]
            made = subprocess.run(command, cwd=Path(__file__).parents[1], check=False, stdout=stream, stderr=stream, timeout=180)
        assert made.returncode == 0, log.read_text()

    return made_once(tmp_path_factory, "tiny", make)


@pytest.fixture(scope="session")
def frames_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 small synthetic frames in three class folders of four cases each."""
    folder = tmp_path_factory.mktemp("synthetic")
    write_frames(folder, cases_per_finding=4, frames_per_case=5, width=120)
    return folder / "frames"


@pytest.fixture(scope="session")
def frame_rows(frames_folder: Path) -> tuple[ManifestRow, ...]:
    return scan_class_folder(frames_folder).rows
