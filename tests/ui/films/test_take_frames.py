"""Frames are taken from a film in the real window: by key, by class key, every so many seconds; and are frames like any other then."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from dicom_files import dicom_bytes
from frame_folders import everything_in, png, put
from pydicom.data import get_testdata_file
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from videos import make_video, number_in
from watching import settle

from endodesk.imaging.reading.read import read_image
from endodesk.ui.films.dialog import TakeFramesDialog, clock

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle"
    for name in ("normal", "polyps"):
        put(folder / name / "frame-1.png", png(len(name), "polyps"))
    make_video(folder / "polyps" / "Film 1.mp4", 200)
    make_video(folder / "root.avi", 40, "MJPG")
    return folder


@pytest.fixture
def dialog(window, qtbot):
    window.actions_by_name["take_frames"].trigger()
    dialog = window.findChild(TakeFramesDialog)
    dialog.activateWindow()
    shown(qtbot, dialog, 0)
    return dialog


def shown(qtbot, dialog, index):
    extractor = dialog.extractor
    qtbot.waitUntil(lambda: extractor.film is not None and not extractor.waiting and dialog.timeline.value() == index, timeout=5000)


def press(qtbot, dialog, key, times=1, modifier=Qt.KeyboardModifier.NoModifier):
    for _ in range(times):
        QTest.keyClick(dialog, key, modifier)
        qtbot.waitUntil(lambda: not dialog.extractor.waiting, timeout=5000)


def open_film(qtbot, dialog, path):
    dialog.show_film(path)
    extractor = dialog.extractor
    qtbot.waitUntil(lambda: extractor.path == path and extractor.film is not None and not extractor.waiting, timeout=5000)


def taken(qtbot, dialog, number):
    qtbot.waitUntil(lambda: len(dialog.extractor.taken) == number, timeout=5000)


def closed(qtbot, window, dialog):
    dialog.close()
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing, timeout=5000)
    settle(qtbot, window)


def row_named(window, name):
    return window.session.workspace.frames.names.index(name)


def test_keys_go_through_the_film(window, dialog, qtbot):
    assert [dialog.choice.itemText(n) for n in range(dialog.choice.count())] == ["root.avi", str(Path("polyps/Film 1.mp4"))]
    open_film(qtbot, dialog, dialog.films[1])
    for key, modifier, there in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 26),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 25),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 199),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 174),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 199),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
    ):
        press(qtbot, dialog, key, modifier=modifier)
        assert dialog.timeline.value() == there
    dialog.timeline.setValue(120)
    shown(qtbot, dialog, 120)
    assert dialog.place.text().startswith("Frame 121 of 200   0:04.8 of 0:07.9")
    press(qtbot, dialog, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.timeline.value() > 124, timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_Space)
    stopped = dialog.timeline.value()
    qtbot.wait(120)
    assert dialog.timeline.value() <= stopped + 1


def test_a_frame_taken_is_a_frame_of_the_video_as_a_case_and_the_video_stays_as_it_is(window, dialog, qtbot, images):
    before = everything_in(images)
    open_film(qtbot, dialog, dialog.films[1])
    press(qtbot, dialog, Qt.Key.Key_Right, 7)
    press(qtbot, dialog, Qt.Key.Key_Return)
    taken(qtbot, dialog, 1)
    assert dialog.picture.badge == "Taken"
    assert dialog.timeline.marks == {7}
    closed(qtbot, window, dialog)
    entry = window.session.workspace.frames[row_named(window, str(Path("polyps/Film 1.mp4/000008.png")))]
    assert number_in(read_image(entry.path)) == 7
    assert entry.path.is_relative_to(window.session.project.taken_folder)
    assert (entry.folder_label, entry.case, entry.unreadable) == ("polyps", "polyps/Film 1.mp4", "")
    assert entry.sha256
    assert window.session.workspace.frames.row_of(entry.path) == row_named(window, entry.name)
    assert json.loads((entry.path.parent / "source.json").read_text("utf-8"))["name"] == "polyps/Film 1.mp4"
    assert everything_in(images) == before
    assert not list(window.session.project.taken_folder.rglob("*.part"))


def test_a_video_in_the_root_is_a_case_without_a_class(window, dialog, qtbot):
    press(qtbot, dialog, Qt.Key.Key_K)
    taken(qtbot, dialog, 1)
    closed(qtbot, window, dialog)
    entry = window.session.workspace.frames[row_named(window, str(Path("root.avi/000001.png")))]
    assert (entry.folder_label, entry.case) == ("", "root.avi")
    assert window.session.workspace.frames.class_folders == ["normal", "polyps"]


def test_a_class_key_takes_and_labels_and_what_has_a_label_stays(window, dialog, qtbot):
    one = window.session.workspace.label_set.classes[0]
    QTest.keyClicks(dialog, one.key)
    taken(qtbot, dialog, 1)
    qtbot.waitUntil(lambda: window.session.log.can_undo, timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_Delete)
    assert "has a label" in dialog.message.text()
    assert len(dialog.extractor.taken) == 1
    closed(qtbot, window, dialog)
    row = row_named(window, str(Path("root.avi/000001.png")))
    assert window.session.workspace.label_of(row).name == one.name
    assert window.session.workspace.label_of(row).correction is not None


def test_a_frame_taken_by_mistake_is_given_back(window, dialog, qtbot):
    press(qtbot, dialog, Qt.Key.Key_Return)
    taken(qtbot, dialog, 1)
    press(qtbot, dialog, Qt.Key.Key_Delete)
    taken(qtbot, dialog, 0)
    assert not list(window.session.project.taken_folder.rglob("*.png"))
    closed(qtbot, window, dialog)
    assert len(window.session.workspace.frames) == 2


def test_one_every_so_many_seconds_and_those_taken_stay(window, dialog, qtbot):
    open_film(qtbot, dialog, dialog.films[1])
    dialog.seconds.setValue(2)
    assert dialog.every.text() == "Take 4 f&rames"
    dialog.every.click()
    qtbot.waitUntil(lambda: not dialog.extractor.taking, timeout=10_000)
    assert dialog.extractor.taken == {0, 50, 100, 150}
    assert dialog.message.text() == "4 frames taken."
    folder = dialog.extractor._folder
    assert [number_in(read_image(folder.path(index + 1))) for index in (0, 50, 100, 150)] == [0, 50, 100, 150]
    assert not window.work.works


def test_taking_many_can_be_stopped(window, dialog, qtbot):
    open_film(qtbot, dialog, dialog.films[1])
    dialog.seconds.setValue(0.1)
    dialog.every.click()
    qtbot.waitUntil(lambda: "Taking frames" in window.work.works)
    assert dialog.cancel.isVisible()
    window.work.works["Taking frames"].cancel()
    qtbot.waitUntil(lambda: not dialog.extractor.taking, timeout=10_000)
    assert "Stopped" in dialog.message.text()
    assert len(dialog.extractor.taken) < 80


def test_the_next_window_still_has_the_frames_and_answers_of_the_command_line_too(window, dialog, qtbot, open_window, images):
    press(qtbot, dialog, Qt.Key.Key_Return)
    taken(qtbot, dialog, 1)
    project = window.session.project.folder
    window.close()
    again = open_window(project)
    settle(qtbot, again)
    assert str(Path("root.avi/000001.png")) in again.session.workspace.frames.names
    assert again.session.workspace.frames.names.index(str(Path("normal/frame-1.png"))) == 0
    assert "3 frames and 2 videos" in _told(again, qtbot)


def _told(window, qtbot):
    with qtbot.waitSignal(window.session.workspace.message, check_params_cb=lambda text: "frames" in text and "..." not in text) as told:
        window.do("list_again")
    return told.args[0]


def test_a_film_in_dicom_is_listed_and_what_is_no_film_is_a_sentence(window, qtbot, images):
    put(images / "film.dcm", Path(get_testdata_file("examples_ybr_color.dcm", download=False)).read_bytes())
    put(images / "one.dcm", dicom_bytes(np.zeros((40, 40, 3), np.uint8)))
    put(images / "broken.mp4", b"no video")
    window.do("list_again")
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing and len(window.session.workspace.frames) == 4, timeout=5000)
    settle(qtbot, window)
    window.session.navigation.choose(row_named(window, "film.dcm"))
    qtbot.waitUntil(lambda: "take frames from it" in window.view.title.text())
    window.actions_by_name["take_frames"].trigger()
    dialog = window.findChild(TakeFramesDialog)
    qtbot.waitUntil(lambda: dialog.extractor.path == images / "film.dcm" and dialog.extractor.frames == 30, timeout=5000)
    assert images / "one.dcm" not in dialog.films
    dialog.show_film(images / "broken.mp4")
    qtbot.waitUntil(lambda: "no mp4" in dialog.message.text(), timeout=5000)
    assert not dialog.take.isEnabled()


def test_a_folder_with_videos_alone_says_what_to_do(tmp_path, open_window, qtbot):
    make_video(tmp_path / "films" / "a.mp4", 30)
    window = open_window(tmp_path / "films")
    qtbot.waitUntil(lambda: "Ctrl+T" in window.view.title.text(), timeout=5000)


def test_times_are_told_as_clocks_do():
    assert [clock(s) for s in (0, 4.26, 61, 3723.4)] == ["0:00.0", "0:04.2", "1:01.0", "1:02:03.4"]


@pytest.mark.parametrize("ask", ["Return", "click"])
def test_what_is_no_number_of_seconds_is_told_and_takes_nothing(dialog, qtbot, ask):
    dialog.seconds.setFocus()
    dialog.seconds.selectAll()
    QTest.keyClicks(dialog.seconds.lineEdit(), "1.234,5")
    if ask == "Return":
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    else:
        QTest.mouseClick(dialog.every, Qt.MouseButton.LeftButton)
    assert dialog.message.text() == "1.234,5 is no number of seconds from 0.1 to 600: nothing was taken."
    assert dialog.seconds.text() == "1.234,5 s"
    assert not dialog.extractor.taking
    assert not dialog.extractor.taken


def test_a_point_is_a_point_in_spanish(dialog, qtbot):
    before = QLocale()
    QLocale.setDefault(QLocale("es_ES"))
    dialog.seconds.setLocale(QLocale("es_ES"))
    for text in ("0.4", "0,4"):
        dialog.seconds.selectAll()
        QTest.keyClicks(dialog.seconds.lineEdit(), text)
        assert dialog.seconds.value() == pytest.approx(0.4)
    QLocale.setDefault(before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_named_like_a_film_is_a_sentence_and_the_window_closes(dialog, window, qtbot, images):
    os.mkfifo(images / "pipe.mp4")
    told = []
    dialog.extractor.failed.connect(told.append)
    dialog.show_film(images / "pipe.mp4")
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert told == ["pipe.mp4 cannot be opened as a video: it is a pipe, a socket or a device, not a file."]
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 5
