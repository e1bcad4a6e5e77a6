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
from PySide6.QtWidgets import QMessageBox
from watching import settle, warnings

from endodesk.app.preferences import SETTINGS, Preferences
from endodesk.app.user_places import settings_file
from endodesk.domain.errors import BadBundle
from endodesk.inference.bundle import read_bundle

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds

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
    words = session.workspace.reviews.words_of(session.workspace.frames[1].sha256)
    assert words.of(session.workspace.reader).correction.value == "ulcerative-colitis"
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


def close(window):
    """With the boxes over it."""
    for box in window.findChildren(QMessageBox):
        box.close()
    window.close()


def garbage(file):
    file.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)


def without_a_column(file):
    with closing(sqlite3.connect(file)) as record, record:
        record.execute("ALTER TABLE step RENAME COLUMN reader TO raeder")


def a_schema_that_is_no_unicode(file):
    data = file.read_bytes()
    place = data.index(b"CREATE TABLE image")
    file.write_bytes(data[:place] + b"\x9b" + data[place + 1 :])


def a_version_that_is_no_unicode(file):
    with closing(sqlite3.connect(file)) as record, record:
        record.execute("UPDATE alembic_version SET version_num = CAST(x'303030ff' AS TEXT)")


@pytest.mark.parametrize("damage", [garbage, without_a_column, a_schema_that_is_no_unicode, a_version_that_is_no_unicode])
def test_whatever_the_last_project_is_the_start_ends_in_a_window(tmp_path, qtbot, damage):
    from endodesk.ui.start import make_window

    folder = a_project(tmp_path / "mine", "v6")
    damage(folder / "project.sqlite")
    QSettings(str(settings_file()), QSettings.Format.IniFormat).setValue("project", str(folder))
    hook = sys.excepthook
    _, window = make_window(None)
    try:
        qtbot.waitUntil(lambda: bool(warnings(window)))
        assert window.isVisible()
        assert window.session.project.is_nothing
        [told] = warnings(window)
        assert "project.sqlite" in told or "The project cannot be read" in told
        assert "went wrong" not in told
    finally:
        sys.excepthook = hook
        close(window)


def test_a_defect_of_ours_on_the_last_project_does_not_stop_the_start_either(tmp_path, qtbot, monkeypatch):
    from endodesk.ui import main_window
    from endodesk.ui.start import make_window

    folder, built = a_project(tmp_path / "mine", "v6"), []

    class Session(main_window.Session):
        def __init__(self, project, parent=None):
            built.append(project.folder)
            if project.folder == folder:
                raise KeyError("what nothing foresaw")
            super().__init__(project, parent)

    monkeypatch.setattr(main_window, "Session", Session)
    QSettings(str(settings_file()), QSettings.Format.IniFormat).setValue("project", str(folder))
    hook = sys.excepthook
    _, window = make_window(None)
    try:
        qtbot.waitUntil(lambda: bool(warnings(window)))
        assert built[0] == folder
        assert window.session.project.is_nothing
        assert ["went wrong inside EndoDesk" in told for told in warnings(window)] == [True]
    finally:
        sys.excepthook = hook
        close(window)


def test_damaged_labels_are_told_once_and_cost_themselves(tmp_path, open_window, qtbot):
    folder = a_project(tmp_path / "mine", "v6")
    with closing(sqlite3.connect(folder / "project.sqlite")) as record, record:
        for (name,) in record.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            record.execute(f"DROP TRIGGER {name}")
        record.execute("UPDATE correction SET label = CAST(x'ff' AS TEXT) WHERE said = 'label' AND id = (SELECT max(id) FROM correction)")
        record.execute("UPDATE correction SET at = 'noon' WHERE id = 1")
    window = open_window(folder)
    settle(qtbot, window)
    window.session.list_folder()
    settle(qtbot, window)
    [told] = [told for told in warnings(window) if "damaged in places" in told]
    assert "some labels or marks" in told
    assert "1970" in told
    assert sorted(window.session.workspace.reviews.label_of(entry, window.session.workspace.label_set).name for entry in frames_of(window))


def frames_of(window):
    return [entry for entry in window.session.workspace.frames if entry.sha256]


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
