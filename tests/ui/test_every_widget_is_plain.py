"""All widgets of the window and of every dialog, with names that Qt would take for headlines and pictures: each is plain text."""

import sys

import numpy as np
import pytest
from dicom_files import dicom_bytes
from frame_folders import png, put
from plain_widgets import rich_texts
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QTableWidget,
    QTableWidgetItem,
    QTextEdit,
    QWidget,
)  # fmt: skip
from watching import choose, press, settle

from endodesk.app.review.labelling import Labelling
from endodesk.ui.commands.entries import ENTRIES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such names can be given there")
FOLDER, FILE = '<img src="', 'x.png"><h1>Approved.png'
NAME = f"{FOLDER}/{FILE}"
"""Of a file in a folder: together they are a picture and a headline."""
TAG = '<img src="x.png"><h1>Approved</h1>'
DIALOGS = (
    "take_frames", "new_project", "ask_classes", "show_settings", "check_splits", "plan_reads", "clear_stored", "show_backups",
    "verify_record", "export_record", "import_record", "show_keys", "show_tour", "show_about", "retrain", "show_models", "show_log",
    "show_matrix", "learn_along", "name_centre", "judge_fit",
)  # fmt: skip


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "<h1>study <b>"
    for number in range(3):
        put(folder / "polyps" / FOLDER / f"{number}{FILE}", png(number))
        put(folder / "normal" / f"<i>{number}.png", png(50 + number, "normal"))
    put(folder / "polyps" / FOLDER / "<h1>bad.png", b"no picture")
    put(folder / "polyps" / FOLDER / "<h1>film.dcm", dicom_bytes(np.zeros((3, 40, 40, 3), np.uint8), NumberOfFrames=3))
    put(folder / "polyps" / "<b>film.mp4", b"no film")
    return folder


def on_screen():
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def test_the_walker_finds_each_kind_of_rich_text(qtbot):
    """A test that cannot fail proves nothing: each kind is put past the doors here."""
    for make in (lambda: QLabel(TAG), lambda: _with_tip(QWidget()), _box, _table, _list, QTextEdit):
        widget = make()
        qtbot.addWidget(widget)
        assert rich_texts(widget) != [], type(widget).__name__


def _with_tip(widget):
    widget.setToolTip(TAG)
    return widget


def _box():
    return QMessageBox(QMessageBox.Icon.NoIcon, "", TAG)


def _table():
    table, cell = QTableWidget(1, 1), QTableWidgetItem("a")
    cell.setToolTip(TAG)
    table.setItem(0, 0, cell)
    return table


def _list():
    rows, cell = QListWidget(), QListWidgetItem("a")
    cell.setToolTip(TAG)
    rows.addItem(cell)
    return rows


@pytest.mark.slow
def test_every_widget_of_the_window_and_its_dialogs_is_plain(window, qtbot, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (TAG, True))
    labelling: Labelling = window.session.labelling
    row = next(row for row, name in enumerate(window.session.workspace.frames.names) if name.endswith(f"0{FILE}"))
    choose(qtbot, window, row)
    labelling.name_reader(TAG)
    labelling.write_note(TAG)
    press(qtbot, window, Qt.Key.Key_1)
    settle(qtbot, window)
    window.session.workspace.warning.emit(f"{NAME} cannot be read. {TAG}")
    window.session.workspace.message.emit(TAG)
    seen = {type(window).__name__}
    for name in DIALOGS:
        window.do(name)
        settle(qtbot, window)
        for top in on_screen():
            assert rich_texts(top) == [], name
            seen.add(type(top).__name__)
            if isinstance(top, QDialog):
                top.close()
    window.session.workspace.warning.emit(TAG)
    window.do("turn_side")  # the case
    settle(qtbot, window)
    for top in on_screen():
        assert rich_texts(top) == []
    panel = window.gallery.bar.open_panel()
    assert rich_texts(panel) == []
    panel.close()
    assert len(seen) >= 10, seen


def test_a_new_entry_that_opens_a_dialog_is_walked_too():
    opens = {entry.does for entry in ENTRIES if entry.words.endswith("...")}
    of_the_system = {"choose_folder", "choose_project", "report_case"}
    one_line = {"ask_reader", "write_note"}  # QInputDialog's own, with constant words
    in_the_frame = {"correct_box", "correct_field"}
    assert opens <= {*DIALOGS, *of_the_system, *one_line, *in_the_frame}
