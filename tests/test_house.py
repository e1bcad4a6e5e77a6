"""The rules of the house: what is installed, what is committed, who may import whom."""

import csv
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 350
SHARED = ROOT.parent / "shared" / "data" / "labels.csv"
LINT = Path(sys.executable).with_name("lint-imports")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> set[str]:
    return {plain(found.metadata["Name"]) for found in distributions()}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines)


# --- what is installed ------------------------------------------------------------------------------------------------


def test_one_opencv_and_it_brings_no_qt():
    import cv2

    assert {name for name in installed() if name.startswith("opencv")} == {"opencv-python-headless"}
    assert not (Path(cv2.__file__).parent / "qt").exists()


def test_pyside_is_older_than_the_one_that_aborts():
    assert tuple(int(part) for part in version("PySide6-Essentials").split(".")[:2]) < (6, 12)
    assert "pyside6-addons" not in installed()


def test_constraints_are_plain_lines_sorted_and_each_name_once():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line
    assert len({plain(line.split("==")[0]) for line in lines}) == len(lines)


def test_constraints_pin_all_that_is_asked_for_within_its_limits():
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {plain(name): number for name, number in constraints().items()}
    for text in [*project["dependencies"], *project["optional-dependencies"]["train"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(text)
        assert plain(requirement.name) in pinned, requirement.name
        assert requirement.specifier.contains(pinned[plain(requirement.name)]), text


def test_what_is_installed_is_what_is_pinned():
    for name, number in constraints().items():
        try:
            assert version(name) == number, name
        except PackageNotFoundError:
            continue  # of another system


# --- what is committed ------------------------------------------------------------------------------------------------


def test_files_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ("endodesk", "training") and "migrations" not in path.parts
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared frames are not here")
def test_no_shared_frame_is_committed():
    with SHARED.open(encoding="utf-8", newline="") as stream:
        theirs = {row["sha256"] for row in csv.DictReader(stream)}
    assert len(theirs) > 100
    ours = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in tracked()}
    assert [ours[sha256] for sha256 in ours.keys() & theirs] == []


HOSTS = re.compile(
    rb"(?:index|registry|files|proxy)[\w.-]*\.(?:org|com|io|net|internal|local)\b|://[^\s/]*(?:pypi|npm|artifact)|--index-url", re.I
)


def test_no_registry_is_named():
    named = {
        str(path.relative_to(ROOT)): found for path in tracked() if path != Path(__file__) and (found := HOSTS.findall(path.read_bytes()))
    }
    assert named == {}


def test_nothing_is_pickled():
    users = [
        path
        for path in tracked()
        if path.suffix == ".py" and re.search(r"^\s*(import|from) (pickle|dill|joblib)\b", path.read_text("utf-8"), re.M)
    ]
    assert users == []


# --- who may import whom ----------------------------------------------------------------------------------------------


def lint(where: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(LINT), "--no-cache", "--config", str(where / "pyproject.toml")]
    return subprocess.run(
        command, cwd=where, env={"PYTHONPATH": str(where), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


PLANTED = {
    "endodesk/ui/widgets/theme.py": "import tensorflow",
    "endodesk/data/schema.py": "from PySide6.QtCore import QObject",
    "endodesk/domain/classes.py": "import numpy",
    "endodesk/imaging/reading/read.py": "from endodesk.app import session",
    "endodesk/ui/gallery/panel.py": "from endodesk.ui.frame import panel",
    "endodesk/ui/commands/view.py": "from endodesk.ui import main_window",
    "endodesk/app/frames/scan.py": "import sqlalchemy",
    "training/plan/config.py": "from endodesk.data import database",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The packages alone: what import-linter reads."""
    where = tmp_path_factory.mktemp("copy")
    for name in ("endodesk", "training", "resources"):
        shutil.copytree(ROOT / name, where / name, ignore=shutil.ignore_patterns("*.h5", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


@pytest.mark.slow
@pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed")
def test_imports_go_downwards_only_and_a_planted_one_is_caught(copy):
    clean = lint(copy)
    assert clean.returncode == 0, clean.stdout
    originals = {name: (copy / name).read_text("utf-8") for name in PLANTED}
    for name, line in PLANTED.items():
        (copy / name).write_text(f"{originals[name]}\n{line}\n", "utf-8")
        planted = lint(copy)
        (copy / name).write_text(originals[name], "utf-8")
        assert planted.returncode == 1, f"{line} in {name} was not caught: {planted.stdout}{planted.stderr}"
        assert "broken" in planted.stdout
