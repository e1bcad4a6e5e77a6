"""File > Export and File > Import in the real window: numbers first; a colleague's labels seen at once, and undone."""

import threading
from datetime import UTC, datetime

import pytest
from frame_folders import everything_in, put, sha256_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from watching import choose, press, settle, words

from endodesk.dataset.exchange.csv_acts import COLUMNS
from endodesk.dataset.exchange.formats import FORMATS, LEFT_OUT, write_export
from endodesk.domain.acts import Act, PortableFrame, PortableRecord
from endodesk.system.task import TaskContext
from endodesk.ui.records.approval_dialog import ApprovalDialog
from endodesk.ui.records.export_dialog import ExportDialog
from endodesk.ui.records.import_dialog import ImportDialog


@pytest.fixture
def place(monkeypatch, tmp_path):
    """What the user answers in the system's dialogs for files."""
    place = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(place), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(place)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(place))
    return place


def open_dialog(window, qtbot, name, kind):
    window.actions_by_name[name].trigger()
    dialog = window.findChild(kind)
    qtbot.waitUntil(lambda: not dialog.working)
    return dialog


def gone(dialog):
    try:
        return not dialog.isVisible()
    except RuntimeError:
        return True


@pytest.mark.parametrize("key", ["csv", "kvasir"])
def test_what_is_told_is_what_is_written(window, qtbot, place, images, key):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    settle(qtbot, window)
    before = everything_in(images)
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    dialog.formats.setCurrentIndex(dialog.formats.findData(key))
    qtbot.waitUntil(lambda: not dialog.working)
    told = words(dialog)
    assert "6 frames, 1 acts of readers." in told
    assert ("whether blind" in told) == (key == "kvasir")
    assert not place.exists()
    dialog.main_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    if key == "csv":
        assert (place.with_name("out.csv").read_text("utf-8")).count("\n") == 2
        assert (place.with_name(f"out.csv.{LEFT_OUT}")).is_file()
    else:
        assert len(list(place.rglob("*.png"))) == 6
    assert everything_in(images) == before


def test_a_day_and_a_reader_are_chosen_and_a_wrong_day_is_a_sentence(window, qtbot, place):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    settle(qtbot, window)
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    assert [dialog.readers.itemData(n) for n in range(dialog.readers.count())] == ["", window.session.workspace.reader]
    dialog.as_of.setText("2001-01-01")
    qtbot.waitUntil(lambda: "6 frames, 0 acts" in words(dialog))
    dialog.as_of.setText("yesterday")
    qtbot.waitUntil(lambda: "is no time" in words(dialog))
    assert not dialog.main_button.isEnabled()
    dialog.as_of.setText("")
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled() and "1 acts" in words(dialog))
    dialog.reject()


def test_nothing_is_written_over(window, qtbot, place):
    put(place.with_name("out.csv"), b"mine")
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    dialog.main_button.click()
    qtbot.waitUntil(lambda: "is there already" in dialog.told.text())
    assert place.with_name("out.csv").read_bytes() == b"mine"
    dialog.reject()


def test_cancel_stops_the_writing_and_nothing_is_left(window, qtbot, place, monkeypatch):
    began = threading.Event()

    def slow(record, out, task):
        put(out / "half.png", b"half")
        began.set()
        while True:
            task.raise_if_cancelled()

    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    monkeypatch.setitem(FORMATS, "folders", type(FORMATS["folders"])("folders", "x", "", FORMATS["folders"].holds, slow))
    dialog.formats.setCurrentIndex(dialog.formats.findData("folders"))
    qtbot.waitUntil(lambda: not dialog.working)
    dialog.main_button.click()
    assert began.wait(5)
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    assert not [path for path in place.parent.iterdir() if path.name.startswith((".out", "out"))]


@pytest.fixture
def from_ben(place, images):
    """A table of what Ben said of three frames."""
    names = ("esophagitis/frame-0.png", "esophagitis/frame-1.png", "polyps/frame-0.png")
    frames = tuple(PortableFrame(name, sha256_of(images / name), "") for name in names)
    told = {"reader": "Ben", "at": datetime(2026, 1, 1, tzinfo=UTC)}
    acts = (
        *(Act("label", "ulcerative-colitis", sha256=frame.sha256, **told) for frame in frames),
        Act("box", "[[0.1,0.1],[0.9,0.1],[0.9,0.8]]", sha256=frames[2].sha256, **told),
    )
    write_export(PortableRecord("ben", frames, acts), FORMATS["csv"], place, TaskContext())
    return frames


def test_a_colleagues_words_are_looked_at_then_seen_and_taken_back_by_one_step(window, qtbot, place, from_ben):
    choose(qtbot, window, 0)  # esophagitis/frame-0
    press(qtbot, window, Qt.Key.Key_2)
    settle(qtbot, window)
    workspace = window.session.workspace
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    assert not dialog.main_button.isEnabled()
    dialog.look_at([place])
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled())
    told = words(dialog)
    assert "3 new" in told
    assert "1 in conflict" in told
    assert len(workspace.reviews) == 1, "nothing is written before"
    dialog.main_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    labels = {name: workspace.label_of(row) for row, name in enumerate(workspace.frames.names)}
    said = window.session.workspace.project.database.corrections.history(from_ben[0].sha256)
    assert {(one.correction.reader, one.revoked_by) for one in said} == {(workspace.reader, None), ("Ben", None)}
    assert labels["esophagitis/frame-1.png"].correction.correction.reader == "Ben"
    assert window.session.overriding.drawn
    window.actions_by_name["undo"].trigger()
    assert len(workspace.reviews) == 1
    assert not window.session.overriding.drawn


def test_a_file_that_is_none_is_a_sentence_and_gives_nothing(window, qtbot, place):
    put(place, (",".join(COLUMNS) + "\n<h1>,x\n").encode())
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    dialog.look_at([place])
    qtbot.waitUntil(lambda: "line 2 has 2 cells" in dialog.told.text())
    assert not dialog.main_button.isEnabled()
    dialog.reject()


@pytest.mark.parametrize("name", ["export_record", "import_record"])
def test_without_a_folder_a_sentence_says_what_to_do(open_window, qtbot, name):
    window = open_window(None)
    window.actions_by_name[name].trigger()
    assert "Open a folder first" in window.findChild(QMessageBox).text()


def test_without_names_each_frame_is_approved_and_one_held_back_stays(window, qtbot, place, images):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    settle(qtbot, window)
    before = everything_in(images)
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    dialog.nameless.click()
    dialog.main_button.click()
    page = window.findChild(ApprovalDialog)
    qtbot.waitUntil(lambda: not page.working)
    assert "6 frames go out, 0 are held back." in words(page)
    assert not place.exists(), "a person looks first"
    assert page.frames.index(0).data(Qt.ItemDataRole.DecorationRole).width() == 96
    assert page.frames.setData(page.frames.index(2), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert "5 frames go out, 1 are held back." in words(page)
    page.main_button.click()
    qtbot.waitUntil(lambda: gone(page))
    assert len(list((place / "frames").glob("*.png"))) == 5
    assert {path.name for path in place.iterdir()} == {"csv.csv", "frames", LEFT_OUT, "certificate.json", "certificate.txt"}
    assert everything_in(images) == before


def test_a_page_that_is_cancelled_exports_nothing(window, qtbot, place):
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    dialog.nameless.click()
    dialog.main_button.click()
    page = window.findChild(ApprovalDialog)
    page.cancel_button.click()
    qtbot.waitUntil(lambda: gone(page))
    assert not place.exists()
