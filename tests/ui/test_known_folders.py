"""Work follows the pictures: folders that are renamed, moved, copied or begun anew, in the real window."""

import os
from pathlib import Path

import pytest
from frame_folders import CLASSES, copied, everything_in, moved, on_another_letter, png, put, put_classes, renamed
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from watching import choose, press, settle, warnings

from endodesk.app.project.own_projects import user_folder
from endodesk.app.project.project import Project, project_folder
from endodesk.ui.classes.new_project_dialog import NewProjectDialog
from endodesk.ui.start import make_window

pytestmark = pytest.mark.slow  # two windows each


def label(window, qtbot, row, key):
    choose(qtbot, window, row)
    window.activateWindow()  # a box may have been the active one
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, key)


def label_two(window, qtbot):
    """Two labels in the open folder; what they are, by content."""
    for row, key in ((1, Qt.Key.Key_3), (4, Qt.Key.Key_1)):
        label(window, qtbot, row, key)
    return given(window)


def given(window):
    return {image: stored.correction.value for image, stored in window.session.project.database.corrections.current().items()}


def shown(window):
    """What the gallery says that readers labelled, by the file's name."""
    session = window.session
    rows = range(len(session.workspace.frames))
    return {
        session.workspace.frames[row].name: label.name
        for row in rows
        if (label := session.workspace.label_of(row)) and label.correction is not None
    }


def asked(qtbot, window):
    """The question that the window asks now."""
    boxes = window.findChildren(QMessageBox)
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)), timeout=10_000)
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1
    return boxes[0]


def answer(qtbot, window, button):
    box = asked(qtbot, window)
    text = box.text()
    next(one for one in box.buttons() if one.text().replace("&", "") == button).click()
    return text


@pytest.fixture
def worked(images, open_window, qtbot):
    """A folder with two labels, closed again; and the labels."""
    window = open_window(images)
    settle(qtbot, window)
    labels = label_two(window, qtbot)
    window.close()
    return images, labels


def with_more(folder: Path) -> Path:
    """Renamed, and grown."""
    put(folder / CLASSES[0] / "new.png", png(77))
    return renamed(folder)


@pytest.mark.parametrize("change", [renamed, moved, copied, on_another_letter, with_more])
def test_every_label_is_shown_again_and_new_ones_join_them(worked, open_window, qtbot, change):
    images, labels = worked
    place = change(images)
    before = everything_in(place)
    window = open_window(None)
    window.open(place)
    told = answer(qtbot, window, "Go on")
    assert "are known from Fälle 内視鏡 (2 labels)" in told
    assert ("Of these 7 frames 6" if change is with_more else "These 6 frames") in told
    settle(qtbot, window)
    assert given(window) == labels
    assert sorted(shown(window).values()) == sorted(labels.values())
    label(window, qtbot, 2, Qt.Key.Key_2)
    assert len(given(window)) == 3
    window.close()
    again = open_window(place)  # it is known by its place now: nobody asks again
    settle(qtbot, again)
    assert len(shown(again)) == 3
    assert again.session.project.source == place
    assert everything_in(place) == before


@pytest.mark.parametrize(("button", "labels"), [("Begin anew", 0), ("Cancel", None)])
def test_begun_anew_the_other_work_stays_as_it_was_and_cancel_opens_nothing(worked, open_window, qtbot, button, labels):
    images, first = worked
    place = copied(images)
    window = open_window(None)
    window.open(place)
    answer(qtbot, window, button)
    settle(qtbot, window)
    if labels is None:
        assert window.session.project.is_nothing
    else:
        assert given(window) == {}
        assert window.session.project.folder == project_folder(place)
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert given(again) == first


def test_a_folder_whose_name_another_one_had_before_gets_a_project_of_its_own(worked, open_window, qtbot):
    images, labels = worked
    place = renamed(images)
    window = open_window(None)
    window.open(place)
    answer(qtbot, window, "Go on")
    settle(qtbot, window)
    for number in range(3):
        put(images / f"{number}.png", png(50 + number))
    window.open(images)
    settle(qtbot, window)
    assert (given(window), len(window.session.workspace.frames)) == ({}, 3)
    window.open(place)
    settle(qtbot, window)
    assert given(window) == labels
    window.open(images)
    settle(qtbot, window)
    assert len(window.session.workspace.frames) == 3


def test_a_missing_folder_is_located_by_the_reader(worked, open_window, qtbot, monkeypatch):
    images, labels = worked
    project = project_folder(images)
    place, other = renamed(images), put_classes(images.parent / "other", each=1)[0].parents[1]
    for file in other.rglob("*.png"):
        put(file, png(hash(file.name) % 100 + 300 + len(file.parent.name)))
    window = open_window(Project.open(project))
    assert "was renamed or moved" in asked(qtbot, window).text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    answer(qtbot, window, "Locate ...")
    told = answer(qtbot, window, "Cancel")
    assert "knows none of the 3 frames" in told
    settle(qtbot, window)
    assert window.session.project.source == images
    begun = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda _window, _title, begins: begun.append(begins) or str(place))
    window.do("list_again")
    answer(qtbot, window, "Locate ...")
    qtbot.waitUntil(lambda: len(window.session.workspace.frames) == 6)
    settle(qtbot, window)
    assert begun == [str(images.parent)]  # what was renamed lies beside
    assert sorted(shown(window).values()) == sorted(labels.values())
    assert window.windowTitle() == f"{place.name} - EndoDesk"


def test_the_project_that_is_open_goes_on_with_the_folder_where_it_is_now(worked, open_window, qtbot):
    images, labels = worked
    window = open_window(images)
    settle(qtbot, window)
    place = renamed(images)
    window.open(place)
    answer(qtbot, window, "Go on")
    settle(qtbot, window)
    assert (given(window), window.session.project.source) == (labels, place)
    assert len(shown(window)) == 2


def test_files_of_a_renamed_folder_are_not_read_again(worked, open_window, qtbot, monkeypatch):
    place = renamed(worked[0])
    read = []
    monkeypatch.setattr("endodesk.app.frames.indexing.read_bytes", lambda path: read.append(path))
    window = open_window(None)
    window.open(place)
    answer(qtbot, window, "Go on")
    settle(qtbot, window)
    assert len(window.session.workspace.frames) == 6
    assert read == []


def test_projects_that_cannot_be_read_keep_nobody_from_opening_a_folder(worked, open_window, qtbot):
    place = renamed(worked[0])
    kept = user_folder() / "projects"
    put(kept / "a" / "project.sqlite", b"SQLite format 3\0" + b"\xff" * 5000)
    put(kept / "b" / "project.sqlite", b"")
    put(kept / "c" / "project.place", b"\0\xff nowhere" * 9)
    (kept / "d").mkdir()
    (kept / "d" / "project.sqlite").symlink_to("/dev/zero")
    (kept / "e" / "project.sqlite").mkdir(parents=True)
    (kept / "f").mkdir()
    os.mkfifo(kept / "f" / "project.sqlite")
    window = open_window(None)
    window.open(place)
    assert "(2 labels)" in answer(qtbot, window, "Go on")
    settle(qtbot, window)
    assert len(given(window)) == 2
    assert warnings(window) == []


def test_a_folder_named_at_the_start_is_asked_about_in_the_window(worked, qtbot):
    images, labels = worked
    _, window = make_window(renamed(images))
    try:
        qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)), timeout=10_000)
        answer(qtbot, window, "Go on")
        settle(qtbot, window)
        assert given(window) == labels
    finally:
        window.close()
        window.deleteLater()


def test_another_folder_without_a_frame_in_common_is_opened_without_a_word(worked, open_window, qtbot, tmp_path):
    for number in range(4):
        put(tmp_path / "new" / f"{number}.png", png(200 + number))
    window = open_window(None)
    window.open(tmp_path / "new")
    settle(qtbot, window)
    assert len(window.session.workspace.frames) == 4
    assert warnings(window) == []


def test_recent_folders_open_again_wherever_their_frames_went(worked, open_window, qtbot, tmp_path):
    for number in range(2):
        put(tmp_path / "sécond & <b>third" / f"{number}.png", png(200 + number))
    window = open_window(worked[0])
    settle(qtbot, window)
    window.open(tmp_path / "sécond & <b>third")
    settle(qtbot, window)
    menu = window.actions_by_name["list_recent"].menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()][:2] == [
        f"sécond && <b>third ({tmp_path.name})",
        f"{worked[0].name} ({tmp_path.name})",
    ]
    renamed(worked[0])
    menu.actions()[1].trigger()
    assert "was renamed or moved" in asked(qtbot, window).text()
    assert given(window) == worked[1]
    menu = window.actions_by_name["list_recent"].menu()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]


def test_a_new_project_is_kept_where_the_reader_wants_it(images, open_window, qtbot, monkeypatch, tmp_path):
    window = open_window(None)
    (tmp_path / "Ablage").mkdir()
    window.do("new_project")
    [dialog] = window.findChildren(NewProjectDialog)
    dialog.folder.setText(str(images))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "Ablage"))
    dialog.place.setCurrentIndex(2)
    dialog.place.activated.emit(2)
    dialog.accept()
    settle(qtbot, window)
    assert window.session.project.folder == tmp_path / "Ablage" / f"{images.name}-endodesk"
    assert len(window.session.workspace.frames) == 6
    window.preferences.set("project_place", "beside")
    for number in range(2):
        put(tmp_path / "more" / f"{number}.png", png(200 + number))
    window.open(tmp_path / "more")
    settle(qtbot, window)
    assert window.session.project.folder == tmp_path / "more-endodesk"
    assert window.session.project.source == tmp_path / "more"
