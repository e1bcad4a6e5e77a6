"""A project that was made on another PC: its settings are not believed before the reader agrees."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from frame_folders import put_classes
from PySide6.QtWidgets import QMessageBox, QPushButton
from watching import settle, warnings

from endodesk.app.project.project import Project
from endodesk.cli.main import run

SHARE = "//server/share/frames"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Made by another account, whose own records do not come with it."""
    folder = tmp_path / "from a colleague"
    with monkeypatch.context() as other:
        for name in ("DATA", "CONFIG"):
            other.setenv(f"XDG_{name}_HOME", str(tmp_path / "other" / name))
        project = Project.open(folder)
        project.database.settings.set("source", SHARE)
        project.database.settings.set("reader", "Dr. Else")
        project.close()
    return folder


@pytest.fixture
def looked(monkeypatch):
    """The folders that were looked for; none of them is really on the network."""
    asked = []
    monkeypatch.setattr("endodesk.app.frames.folder_reader.list_images", lambda root, task: asked.append(root) or _nothing(root, task))
    return asked


def _nothing(root, task):
    raise OSError(f"the network is not there: {root}")


def box_of(window, words):
    return next(box for box in window.findChildren(QMessageBox) if box.isVisible() and words in box.text())


@pytest.mark.parametrize("agrees", [True, False])
def test_nothing_looks_on_another_computer_before_the_reader_agrees(elsewhere, looked, open_window, qtbot, agrees):
    window = open_window(elsewhere)
    settle(qtbot, window)
    assert looked == []
    box = box_of(window, "Its frames are said to lie on another computer: //server/share/frames")
    wanted = "Look there" if agrees else "Cancel"
    next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == wanted).click()
    settle(qtbot, window)
    assert looked == ([Path(SHARE)] if agrees else [])
    window.close()
    project = Project.open(elsewhere)
    assert project.is_own is agrees
    assert (project.source is not None) is agrees
    project.close()


def test_its_reader_is_somebody_else(elsewhere, open_window, qtbot):
    window = open_window(elsewhere)
    assert window.session.workspace.reader != "Dr. Else"
    window.session.labelling.name_reader("Dr. Else")  # said by who sits here
    assert window.session.workspace.reader == "Dr. Else"
    window.close()
    project = Project.open(elsewhere)
    assert project.is_own
    project.close()


def test_settings_that_nobody_knows_are_named_and_not_used(elsewhere, open_window, qtbot):
    with closing(sqlite3.connect(elsewhere / "project.sqlite")) as record, record:
        record.execute("INSERT INTO setting (key, value) VALUES ('run_at_start', '\"calc.exe\"')")
    window = open_window(elsewhere)
    settle(qtbot, window)
    assert ["run_at_start" in told for told in warnings(window) if "does not know" in told] == [True]


def test_a_command_says_what_to_do_and_looks_nowhere(elsewhere, looked, tiny_bundle, tmp_path, capsys):
    assert run(["predict", str(elsewhere), "--model", str(tiny_bundle), "--out", str(tmp_path / "out.csv")]) == 2
    told = capsys.readouterr()
    assert "names frames on another computer" in " ".join((told.out + told.err).split())
    assert looked == []


def test_a_project_made_here_is_believed_wherever_it_lies(tmp_path, images):
    put_classes(images)
    project = Project.open(tmp_path / "mine")
    project.database.settings.set("source", SHARE)
    project.database.settings.set("reader", "Dr. Here")
    project.close()
    again = Project.open(tmp_path / "mine")
    assert again.is_own
    assert again.source == Path(SHARE)
    again.close()
