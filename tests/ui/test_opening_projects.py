"""A project opened by its file: on the command line, dropped, chosen, and by the system's own way."""

import os
import subprocess
import sys

import pytest
from frame_folders import png, put
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from watching import settle, warnings

from endodesk.__main__ import is_for_the_window
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import PROJECT_FILE

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def file(tmp_path):
    """The file of a project of one frame, whose frames lie in it."""
    folder = tmp_path / "Studie 研究"
    put(folder / "frames" / "of-the-study.png", png(1))
    project = Project.open(folder)
    project.database.settings.set("source", "frames")
    project.close()
    return folder / PROJECT_FILE


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE))
    return enter.isAccepted()


def names(window):
    return [entry.name for entry in window.session.workspace.frames]


def test_a_projects_file_dropped_opens_the_project(window, file, qtbot):
    assert drop(window, file)
    settle(qtbot, window)
    assert names(window) == ["of-the-study.png"]
    assert not warnings(window)


def test_a_dropped_file_that_is_only_named_like_one_is_told_and_all_stays(window, tmp_path, qtbot):
    before = names(window)
    assert drop(window, put(tmp_path / "alone" / "x.endodesk", b"EndoDesk project\n"))
    assert ["There is no project in" in told for told in warnings(window)] == [True]
    assert names(window) == before


@pytest.mark.parametrize("chosen", [PROJECT_FILE, "project.sqlite"])
def test_a_project_is_chosen_by_its_file_in_the_dialog(window, file, qtbot, monkeypatch, chosen):
    asked = []

    def choose(*words):
        asked.append(words[-1])
        return str(file.parent / chosen), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    window.actions_by_name["choose_project"].trigger()
    settle(qtbot, window)
    assert names(window) == ["of-the-study.png"]
    assert "*.endodesk" in asked[0]


def test_the_command_line_goes_the_short_way(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    assert all(map(is_for_the_window, ([str(file)], [PROJECT_FILE], [f".{os.sep}Gone.ENDODESK"])))
    assert not any(map(is_for_the_window, (["open", str(file)], ["--snapshot=x.endodesk"], ["project.sqlite"])))


OPENS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from endodesk.ui.start import make_window
how, file = sys.argv[1:]
application, window = make_window(Path(file) if how == "named" else None)
if how == "asked":
    QApplication.postEvent(application, QFileOpenEvent(file))
def look():
    if window.session.workspace.open_frame is not None:
        print([entry.name for entry in window.session.workspace.frames])
        window.close()
        application.exit()
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
QTimer.singleShot(30_000, lambda: application.exit(1))
sys.exit(application.exec())
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["named", "asked"])
def test_the_program_opens_it_when_it_is_named_or_asked_for(file, how):
    child = subprocess.run([sys.executable, "-c", OPENS, how, str(file)], capture_output=True, text=True, check=False, timeout=60)
    assert (child.returncode, child.stdout.strip()) == (0, "['of-the-study.png']"), child.stderr


@pytest.mark.slow
def test_the_real_program_refuses_one_that_lies_alone_in_one_line(tmp_path):
    alone = put(tmp_path / "x.endodesk", b"EndoDesk project\n")
    child = subprocess.run([sys.executable, "-m", "endodesk", str(alone)], capture_output=True, text=True, check=False, timeout=60)
    assert child.returncode == 2
    assert child.stderr.splitlines() == [
        f"endodesk: There is no project in {tmp_path}: x.endodesk belongs into a project's folder. Open that folder instead."
    ]


CLICKED = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from endodesk.ui import start
QGuiApplication.platformName = staticmethod(lambda: "xcb")
QMessageBox.exec = lambda box: print("box:", box.text())
sys.exit(start.run_window(Path(sys.argv[1])))
"""


@pytest.mark.slow
def test_who_started_it_by_a_click_reads_in_a_box_why_nothing_opened(tmp_path):
    child = subprocess.run(
        [sys.executable, "-c", CLICKED, str(tmp_path / "gone.endodesk")], capture_output=True, text=True, check=False, timeout=60
    )
    assert child.returncode == 2
    assert child.stdout == f"box: {tmp_path / 'gone.endodesk'} cannot be opened: no such file or directory.\n"
    assert child.stderr.removeprefix("endodesk: ") == child.stdout.removeprefix("box: ")
