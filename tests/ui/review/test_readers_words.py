"""What a reader sees of other readers: their words side by side, who is asked at the start, what is theirs alone to take back."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from frame_folders import sha256_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QToolButton
from watching import choose, press, settle, words

from endodesk.app.frames.indexing import index_files
from endodesk.app.frames.scan import list_images
from endodesk.app.project.project import Project
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.system.task import TaskContext


@contextmanager
def read_all(images):
    """The project of a folder whose frames it knows."""
    project = Project.of_images(images)
    listing = list_images(images, TaskContext())
    index_files(listing.places, listing.names, project.database, TaskContext(), lambda _: None)
    yield project
    project.close()


def say(project, image, reader, value, kind=AnnotationKind.LABEL):
    project.database.corrections.add(Correction(image, value, reader, datetime.now(UTC), kind=kind))


@pytest.fixture
def read_by_two(images, open_window, qtbot):
    """A window on a project in which Ann and Ben disagree on the first frame, and Ann gave a reason."""
    first = sha256_of(min(images.rglob("*.png")))
    with read_all(images) as project:
        say(project, first, "Ann", "polyps")
        say(project, first, "Ann", "a stalk", AnnotationKind.NOTE)
        say(project, first, "Ben", "ulcerative-colitis")
        project.database.settings.set("reader", "Dora")
    window = open_window(images)
    settle(qtbot, window)
    return window


def asked_who(qtbot, window, name=""):
    """The names offered at the start; answered by `name`, or left."""
    qtbot.waitUntil(lambda: bool(window.findChildren(QInputDialog)))
    [box] = window.findChildren(QInputDialog)
    offered = box.comboBoxItems()
    if name:
        box.setTextValue(name)
        box.accept()
    else:
        box.reject()
    qtbot.waitUntil(lambda: not window.findChildren(QInputDialog))
    return offered


def test_the_start_asks_who_reads_where_others_have_labelled(read_by_two, qtbot):
    assert asked_who(qtbot, read_by_two, "Ben") == ["Ann", "Ben", "Dora"]
    assert read_by_two.session.workspace.reader == "Ben"


def test_a_reader_who_is_alone_is_not_asked(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    window.open_again()
    settle(qtbot, window)
    QApplication.processEvents()
    assert not window.findChildren(QInputDialog)


def test_words_stand_side_by_side_and_keys_give_the_verdict_in_their_queue(read_by_two, qtbot):
    window = read_by_two
    asked_who(qtbot, window)
    choose(qtbot, window, 0)
    told = words(window.answer)
    assert "readers disagree" in told
    assert {"polyps", "ulcerative-colitis"} <= set(told.splitlines())
    assert re.search(r'Ann, .*\n"a stalk"', told)
    bar = window.gallery.bar
    bar.order.setCurrentIndex(bar.order.findText("Readers disagree"))
    bar.order.activated.emit(bar.order.currentIndex())
    qtbot.waitUntil(lambda: window.session.shown.queue == "readers")
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    assert "You decide: the key of a class is the verdict." in words(window.answer)


def test_names_are_hidden_on_wish_also_in_the_history(read_by_two, qtbot):
    window = read_by_two
    asked_who(qtbot, window)
    window.session.browsing.queues.choose("readers")
    qtbot.waitUntil(lambda: window.session.shown.queue == "readers")
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    window.session.labelling.hide_names(True)
    qtbot.waitUntil(lambda: "Reader A" in words(window.answer))
    told = words(window.answer)
    assert "a stalk" in told
    assert "Ann" not in told
    assert "Ben" not in told
    window.activateWindow()  # the box before was the active one
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: window.session.log.undo_told == "1 verdict")


def test_another_readers_label_has_no_button_to_take_it_back(read_by_two, qtbot):
    window = read_by_two
    asked_who(qtbot, window, "Ann")
    choose(qtbot, window, 0)
    buttons = [button.accessibleName() for button in window.answer.findChildren(QToolButton) if button.text() == "Take back"]
    assert len(buttons) == 2  # Ann's own label, and her note
    assert not any("Ben" in name for name in buttons)


def test_only_my_own_labels_hides_what_others_say(read_by_two, qtbot):
    window = read_by_two
    asked_who(qtbot, window, "Ann")
    choose(qtbot, window, 0)
    window.actions_by_name["turn_own_labels"].trigger()
    assert window.actions_by_name["turn_own_labels"].isChecked()
    told = words(window.answer)
    assert "polyps" in told
    assert "Ben" not in told
    assert "readers disagree" not in told
