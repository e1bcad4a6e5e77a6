"""The rules of the house: what is installed, what is committed, how large things are, what was decided, who may import whom."""

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
from house_counts import attributes_written, circles, files_a_folder, methods_a_class, names_used_twice

ROOT = Path(__file__).parents[1]
LONGEST = 350
MOST_FILES, MOST_METHODS = 20, 30
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


@pytest.mark.slow
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


# --- how large, how named ---------------------------------------------------------------------------------------------

SHARED_NAMES = {
    "__main__": "what `python -m` runs: Python's own name",
    "dialog": "the dialog of a feature of the window, in the feature's folder",
    "panel": "the panel of a feature of the window, in the feature's folder",
}
"""Names of files or classes that may be used twice, since they mean the same in each place, and what that is."""


def test_no_folder_is_too_full():
    folders = files_a_folder(ROOT, "endodesk", "training", "tests")
    assert len(folders) > 30
    assert {name: files for name, files in folders.items() if files > MOST_FILES} == {}


def test_no_class_has_too_many_methods_mixins_counted():
    classes = methods_a_class(ROOT, "endodesk", "training")
    assert len(classes) > 200
    assert {name: methods for name, methods in classes.items() if methods > MOST_METHODS} == {}


def test_a_name_is_used_once_or_means_the_same():
    assert names_used_twice(ROOT, "endodesk", "training").keys() == SHARED_NAMES.keys()


def test_no_modules_import_each_other():
    grimp = pytest.importorskip("grimp")  # comes with import-linter
    graph = grimp.build_graph("endodesk", "training", "resources", cache_dir=None)  # imports inside functions count
    assert len(graph.modules) > 300
    assert circles({module: sorted(graph.find_modules_directly_imported_by(module)) for module in sorted(graph.modules)}) == []


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def test_a_full_folder_is_counted_without_its_init(tmp_path):
    write(tmp_path, {f"top/full/{n}.py": "" for n in range(MOST_FILES + 1)} | {"top/full/__init__.py": "", "top/full/below/one.py": ""})
    assert files_a_folder(tmp_path, "top") == {"top/full": MOST_FILES + 1, "top/full/below": 1}


def test_methods_are_counted_with_those_of_mixins_in_other_files(tmp_path):
    files = {
        "top/mixin.py": "class Base:\n    def a(self): ...\nclass Mixin(Base):\n    def b(self): ...\n    def c(self): ...",
        "top/one.py": "class One(mixin.Mixin, Elsewhere):\n    @property\n    def c(self): ...\n    async def d(self): ...\n    x = 1",
        "top/other.py": "class _Mixin:\n    def e(self): ...\nclass Other(_Mixin, Generic[T]): ...\nclass Round(Round): ...",
        "top/private.py": "class _Mixin:\n    def f(self): ...\n    def g(self): ...",
    }
    write(tmp_path, files)
    assert methods_a_class(tmp_path, "top") == {"Base": 1, "Mixin": 3, "One": 4, "_Mixin": 2, "Other": 1, "Round": 0}


def test_names_used_twice_are_found_of_files_and_public_classes(tmp_path):
    write(
        tmp_path, {"top/a/view.py": "class Same: ...\nclass _Own: ...", "top/b/view.py": "class _Own: ...", "top/b/c.py": "class Same: ..."}
    )
    assert names_used_twice(tmp_path, "top") == {"view": ["top/a/view.py", "top/b/view.py"], "Same": ["top/a/view.py", "top/b/c.py"]}


def test_circles_are_found_whatever_their_length():
    pair, ring = {"a": ["b"], "b": ["a", "c"], "c": []}, {"d": ["e", "c"], "e": ["f"], "f": ["d"], "g": ["d"]}
    assert circles(pair) == [frozenset("ab")]
    assert set(circles(pair | ring)) == {frozenset("ab"), frozenset("def")}
    assert circles({"a": ["b", "c"], "b": ["c"], "c": []}) == []


# --- what was decided -------------------------------------------------------------------------------------------------

DECISIONS = ROOT / "docs" / "decisions"
ENTRY = re.compile(r"^## (.*)$", re.M)
CITED = re.compile(r"docs/decisions/([a-z]+)\.md (\d+)")


def entries(text: str, room: str) -> list[int]:
    """Numbers of the entries of a room's file, in its order. AssertionError for one that is not "room number (date)"."""
    found = [(line, re.fullmatch(rf"{room} (\d+) \(20\d\d-[01]\d-[0-3]\d\)", line)) for line in ENTRY.findall(text)]
    assert [line for line, match in found if not match] == []
    return [int(match[1]) for _, match in found if match]


def decided() -> dict[str, list[int]]:
    return {path.stem: entries(path.read_text("utf-8"), path.stem) for path in DECISIONS.glob("*.md") if path.name != "README.md"}


def test_decisions_are_numbered_and_dated_and_the_index_names_each_file():
    index = (DECISIONS / "README.md").read_text("utf-8")
    for room, numbers in decided().items():
        assert numbers == list(range(1, len(numbers) + 1)), room
        assert f"[{room}.md]({room}.md)" in index


def test_decisions_that_are_cited_exist():
    there = {(room, number) for room, numbers in decided().items() for number in numbers}
    sources = [path for path in tracked() if path.suffix in (".py", ".md", ".toml") and path != Path(__file__)]
    cited = {(path, room, int(number)) for path in sources for room, number in CITED.findall(path.read_text("utf-8"))}
    assert len(cited) > 40
    assert {(str(path.relative_to(ROOT)), room, number) for path, room, number in cited if (room, number) not in there} == set()


def test_what_is_open_is_written_by_the_workspace_alone(tmp_path):
    write(
        tmp_path,
        {
            "top/one.py": "def f(workspace):\n    workspace.row = 1\n    workspace.reviews.done = 2\n    workspace.show(3)",
            "top/two.py": "class A:\n    def b(self):\n        self._workspace.project, x = 1, 2\n        del self.workspace.row",
        },
    )
    assert attributes_written(tmp_path, "workspace", "top") == ["top/one.py:2 row", "top/two.py:3 project", "top/two.py:4 row"]
    assert attributes_written(ROOT, "workspace", "endodesk") == []


def test_files_that_the_pages_for_developers_name_exist():
    pages = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/packaging.md",
        "docs/preprocessing.md",
        "docs/security.md",
        "docs/privacy.md",
    ]
    told = "".join((ROOT / page).read_text("utf-8") for page in pages)
    named = set(re.findall(r"`((?:endodesk|training|tests|packaging|docs|resources)/[\w./-]+\.\w+)`", told))
    assert len(named) > 40
    made = {path for path in named if "CODE" in path or "000N" in path}  # stand for what a recipe makes
    assert {path for path in named - made if not (ROOT / path).exists()} == set()


def test_an_entry_without_a_date_or_of_another_room_is_refused():
    assert entries("# Ui\n\n## ui 1 (2026-11-30)\n\nText.\n\n## ui 3 (2026-12-01)\n", "ui") == [1, 3]
    for line in ("## ui 1", "## app 1 (2026-11-30)", "## ui 1 (30.11.2026)", "## A heading"):
        with pytest.raises(AssertionError):
            entries(f"# Ui\n\n{line}\n", "ui")


# --- who may import whom ----------------------------------------------------------------------------------------------


def contracts() -> list[dict[str, object]]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(told["tool"]["importlinter"]["contracts"])


def test_the_two_rows_of_layers_for_the_whole_are_one_order():
    rows = {str(contract["name"]): contract["layers"] for contract in contracts() if contract["type"] == "layers"}
    rooms = [layer.replace("endodesk.", "") for layer in rows["The whole, downwards only"] if layer not in ("training", "resources")]
    assert rooms == rows["Each room of endodesk has its place"]


def lint(where: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(LINT), "--no-cache", "--config", str(where / "pyproject.toml")]
    return subprocess.run(
        command, cwd=where, env={"PYTHONPATH": str(where), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


PLANTED = {
    "Each room of endodesk has its place": {
        "endodesk/imaging/reading/read.py": "from endodesk.app import session",
        "endodesk/inference/head.py": "from endodesk.dataset import split",
        "endodesk/stray/__init__.py": "",  # a room that has no place
    },
    "The whole, downwards only": {
        "training/plan/config.py": "from endodesk.app import jobs",
        "endodesk/dataset/split.py": "def late():\n    from training.plan import config",
        "resources/__init__.py": "from endodesk import domain",
    },
    "Inside app": {
        "endodesk/app/frames/scan.py": "from endodesk.app.review import labelling",
        "endodesk/app/workspace.py": "from endodesk.app.browsing import navigation",
        "endodesk/app/review/labelling.py": "def late():\n    from endodesk.app import session",
        "endodesk/app/stray.py": "",
    },
    "Inside ui": {
        "endodesk/ui/gallery/panel.py": "from endodesk.ui.frame import panel",
        "endodesk/ui/widgets/theme.py": "from endodesk.ui import main_window",
        "endodesk/ui/commands/view.py": "from endodesk.ui import main_window",
        "endodesk/ui/stray/__init__.py": "",
    },
    "Inside training": {
        "training/plan/config.py": "from training.learning import loop",
        "training/inputs/examples.py": "from training.evaluation import report",
        "training/stray/__init__.py": "",
    },
    "Of training, the window may import plan, evaluation, crossval and curve": {
        "endodesk/app/project/demo.py": "def late():\n    from training.learning import quick",
        "endodesk/cli/main.py": "from training.inputs import examples",
    },
    "The window never reaches TensorFlow, Keras or albumentations": {
        "endodesk/ui/widgets/theme.py": "import tensorflow",
        "training/evaluation/report.py": "def late():\n    import keras",
    },
    "TensorFlow and Keras in training.learning alone": {
        "training/inputs/examples.py": "def late():\n    import tensorflow",
        "training/crossval/crossval.py": "import keras",
    },
    "Decoders of still pictures stay in the reading room": {
        "endodesk/imaging/hashing.py": "import simplejpeg",
        "endodesk/app/frames/scan.py": "def late():\n    import tifffile",
        "endodesk/imaging/reading/read.py": "import imagecodecs",
    },
    "One door for each large library": {
        "training/inputs/features.py": "import albumentations",
        "training/evaluation/report.py": "from matplotlib import pyplot",
        "training/learning/history.py": "import wandb",
        "endodesk/inference/head.py": "import ai_edge_litert",
        "endodesk/imaging/reading/read.py": "def late():\n    import pydicom",
    },
    "Qt stops at app": {"endodesk/data/schema.py": "from PySide6.QtCore import QObject"},
    "The backend and what it learns from know no database": {
        "training/plan/config.py": "from endodesk.data import database",
        "endodesk/dataset/split.py": "from endodesk.data import database",
    },
    "SQLAlchemy only in data": {"endodesk/app/frames/scan.py": "import sqlalchemy", "endodesk/cli/main.py": "import alembic"},
    "The domain knows the standard library alone": {"endodesk/domain/classes.py": "import numpy"},
}
"""Of each contract: files, and the line that breaks it when it is added to one of them."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The packages alone: what import-linter reads."""
    where = tmp_path_factory.mktemp("copy")
    for name in ("endodesk", "training", "resources"):
        shutil.copytree(ROOT / name, where / name, ignore=shutil.ignore_patterns("*.h5", "*.tflite", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


@pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed")
def test_imports_go_downwards_only(copy):
    clean = lint(copy)
    assert clean.returncode == 0, clean.stdout
    assert PLANTED.keys() == {contract["name"] for contract in contracts()}


@pytest.mark.slow
@pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed")
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks_its_contract(copy, name):
    for file, line in PLANTED[name].items():
        place = copy / file
        original = place.read_text("utf-8") if place.exists() else None
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"{original or ''}\n{line}\n", "utf-8")
        planted = lint(copy)
        if original is None:
            shutil.rmtree(place.parent) if place.name == "__init__.py" else place.unlink()
        else:
            place.write_text(original, "utf-8")
        assert planted.returncode == 1, f"{line} in {file} was not caught: {planted.stdout}{planted.stderr}"
        assert re.search(rf"^{re.escape(name)} BROKEN", planted.stdout, re.M), f"{line} in {file}: {planted.stdout}"
