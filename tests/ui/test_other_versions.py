"""Projects of older and of newer programs, in the real window and by the real program."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from watching import settle, warnings

from endodesk.app.preferences import SETTINGS, Preferences
from endodesk.app.user_places import settings_file
from endodesk.domain.errors import BadBundle
from endodesk.inference.bundle import read_bundle

EXAMPLES = Path(__file__).parents[1] / "data" / "projects"
NEWER = "was made by a newer EndoDesk. Open it with that version."


def a_project(folder: Path, version: str) -> Path:
    """A stored example with the frames that it is about."""
    shutil.copytree(EXAMPLES / "frames", folder / "frames")
    shutil.copy(EXAMPLES / version / "project.sqlite", folder)
    return folder


@pytest.fixture
def newer(tmp_path):
    """A project as a program of the future leaves it, and its database's bytes."""
    folder = a_project(tmp_path / "Später 後で", "v5")
    with closing(sqlite3.connect(folder / "project.sqlite")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    return folder, (folder / "project.sqlite").read_bytes()


def labels(window):
    session = window.session
    return {
        Path(session.workspace.frames[row].name).name: label and label.name
        for row in range(len(session.workspace.frames))
        for label in [session.workspace.label_of(row)]
    }


@pytest.mark.parametrize("version", ["v1", "v2", "v3", "v4", "v5"])
def test_the_window_opens_a_project_of_each_version_and_takes_new_labels(tmp_path, open_window, qtbot, version):
    folder = a_project(tmp_path / "old", version)
    window = open_window(folder)
    settle(qtbot, window)
    was = json.loads((EXAMPLES / version / "as_it_was.json").read_text(encoding="utf-8"))
    session = window.session
    current = {image: label.correction.value for image, label in session.project.database.corrections.current().items()}
    assert current == was["current"]
    assert labels(window)["frame-1.png"] == "polyps"  # the reader's, in the folder of another class
    session.navigation.choose(1)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    session.label("ulcerative-colitis")
    assert labels(window)["frame-2.png"] == "ulcerative-colitis"
    session.undo()
    assert labels(window)["frame-2.png"] == "esophagitis"


def test_the_window_says_that_a_project_is_newer_and_stays_with_its_own(newer, images, open_window, qtbot):
    folder, before = newer
    window = open_window(images)
    settle(qtbot, window)
    window.open(folder)
    assert [NEWER in told for told in warnings(window)] == [True]
    assert window.session.project.source == images
    assert (folder / "project.sqlite").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["frames", "project.sqlite"]


@pytest.mark.slow
@pytest.mark.parametrize("words", [["{}"], ["open", "{}"], ["predict", "{}", "--out", "{}/p.csv"], ["retrain", "{}"]])
def test_the_program_says_in_one_line_that_a_project_is_newer(newer, words):
    folder, before = newer
    command = [sys.executable, "-m", "endodesk", *(word.format(folder) for word in words)]
    child = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert child.returncode == 2, child.stderr
    told = child.stderr.strip().splitlines()
    assert len(told) <= 2
    assert told[-1].endswith(NEWER)
    assert (folder / "project.sqlite").read_bytes() == before


def test_a_newer_project_that_was_open_last_does_not_stop_the_start(newer):
    from endodesk.ui.start import _project

    folder, before = newer
    QSettings(str(settings_file()), QSettings.Format.IniFormat).setValue("project", str(folder))
    project, warning = _project(None)
    assert project.is_nothing
    assert NEWER in warning
    project.close()
    assert (folder / "project.sqlite").read_bytes() == before


OTHER_SETTINGS = {
    "nothing": b"",
    "no ini": b"\x00\xff\xfe" * 4000,
    "cut in the middle": b"[General]\ngeometry=@ByteArray(\\x1\\xd9\\xd0",
    "of other kinds": b"[General]\ngeometry=7\nsplitter=a, b, c\nproject=1, 2\ntheme=@Invalid()\n"
    b"text_percent=many\nheat_opacity=4000\ngo_on=perhaps\n",
    "newer": b"[General]\ntheme=aurora\nlanguage=tlh\nformat=99\n[Layers]\nopacity=@Variant(\\0\\0\\0\\x7f)\n1\\x=@Rect(a b)\n",
    "long": b"[General]\nreader=" + b"x" * 200_000 + b"\n",
}


@pytest.mark.qt_log_ignore("unknown user type")  # what Qt says of a value that only a newer program knows
@pytest.mark.parametrize("kind", OTHER_SETTINGS)
def test_settings_of_any_kind_never_stop_the_start(images, open_window, qtbot, kind):
    from endodesk.ui.start import _project

    settings_file().parent.mkdir(parents=True)
    settings_file().write_bytes(OTHER_SETTINGS[kind])
    kept = Preferences()
    assert [setting.checked(kept.value(setting.key)) for setting in SETTINGS] == [kept.value(setting.key) for setting in SETTINGS]
    project, warning = _project(None)
    assert (project.is_nothing, warning) == (True, "")
    project.close()
    window = open_window(images)
    settle(qtbot, window)
    assert window.session.workspace.open_frame is not None


def test_settings_that_are_a_folder_do_not_stop_the_start_either(images, open_window, qtbot):
    settings_file().mkdir(parents=True)
    window = open_window(images)
    settle(qtbot, window)
    assert window.session.workspace.open_frame is not None


def test_a_model_of_a_newer_format_is_refused_with_a_sentence(tmp_path):
    told = {"format": 3, "input_px": 224, "shape": "unheard of"}
    (tmp_path / "bundle.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadBundle, match=r"has format 3; this program reads formats 1 and 2\. Use a newer EndoDesk\."):
        read_bundle(tmp_path)


def test_a_run_of_a_newer_program_is_refused_with_a_sentence(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.toml").write_text("[training]\nbatch = 8\ndreaming = true\n", encoding="utf-8")
    (run / "manifest.csv").write_text("file,sha256,phash,label,group,part\n", encoding="utf-8")
    command = [sys.executable, "-m", "endodesk", "train", "--resume", str(run)]
    child = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert child.returncode == 2
    assert "training.dreaming is not a key of the configuration" in child.stderr
    assert "Traceback" not in child.stderr
