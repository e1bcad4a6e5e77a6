"""The real window on real files: what a reader does and sees."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from frame_folders import CLASSES, everything_in, png, put, put_bad, put_classes
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QLabel, QMessageBox, QScrollArea
from sessions import use_bundle
from watching import choose, press, settle, warnings, words

from endodesk.app.viewing.pictures import CARD
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER
from endodesk.ui.classes.dialog import ClassesDialog
from endodesk.ui.frame.step_card import StepCard

NONE, CTRL, CTRL_SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def answering(window, tiny_bundle, qtbot):
    """A window whose project has an active model."""
    use_bundle(window.session, tiny_bundle)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame.answer is not None)
    settle(qtbot, window)
    return window


def cards(window):
    """Those on show: new ones appear, and old ones go, when the event loop runs."""
    return [card for card in window.strip.findChildren(StepCard) if card.isVisibleTo(window.strip)]


def titles(window):
    return [card.findChildren(QLabel)[0].text() for card in cards(window)]


def label_of(window, row):
    label = window.session.workspace.label_of(row)
    return label and label.name


# --- how sure the model is --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "says"), [(1.0, "Not sure: in validation, answers below 100.0\N{NO-BREAK SPACE}% were wrong"), (0.0, ""), (None, "")]
)
def test_an_answer_below_the_threshold_is_told_as_not_sure(window, tiny_bundle, tmp_path, qtbot, below, says):
    bundle = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, bundle)
    told = json.loads((bundle / "bundle.json").read_text())
    (bundle / "bundle.json").write_text(json.dumps({**told, "not_sure_below": below}))
    use_bundle(window.session, bundle)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame.answer is not None)
    assert window.answer.not_sure.isVisibleTo(window.answer) is bool(says)
    assert window.answer.not_sure.text().startswith(says)
    assert bool(window.answer.not_sure.text()) is bool(says)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_window_without_a_folder_says_what_to_do(open_window, qtbot):
    window = open_window(None)
    settle(qtbot, window)
    assert "Open a folder" in words(window.view)
    for key in (
        Qt.Key.Key_1,
        Qt.Key.Key_Right,
        Qt.Key.Key_Left,
        Qt.Key.Key_H,
        Qt.Key.Key_Escape,
        Qt.Key.Key_N,
        Qt.Key.Key_F,
        Qt.Key.Key_F5,
        Qt.Key.Key_X,
        Qt.Key.Key_B,
        Qt.Key.Key_T,
    ):
        press(qtbot, window, key)
    for name in ("undo", "redo", "first_frame", "last_frame", "actual_size", "list_again", "turn_blind", "turn_blind"):
        window.actions_by_name[name].trigger()
    assert warnings(window) == []
    assert window.windowTitle() == "EndoDesk"


def test_a_folder_without_images_says_so(tmp_path, open_window, qtbot):
    (tmp_path / "nothing").mkdir()
    window = open_window(tmp_path / "nothing")
    settle(qtbot, window)
    assert "There are no images in" in words(window.view)


@pytest.mark.slow
def test_rows_stand_in_the_gallery_at_once_and_thumbnails_follow(images, open_window, qtbot):
    for n in range(300):
        put(images / "polyps" / f"many-{n:03}.png", png(1) + bytes(2) + str(n).encode())
    window = open_window(images)
    qtbot.waitUntil(lambda: window.gallery.model.rowCount() == 306)
    assert any(entry.sha256 is None for entry in window.session.workspace.frames)
    index = window.gallery.model.index(0)
    qtbot.waitUntil(lambda: index.data(Qt.ItemDataRole.DecorationRole) is not None)
    assert index.data() == "frame-0.png"
    settle(qtbot, window)
    assert "306 frames" in words(window.gallery)


def test_a_bad_file_shows_its_reason_and_stops_nothing(images, open_window, qtbot):
    bad = put_bad(images)
    window = open_window(images)
    settle(qtbot, window)
    for name in bad:
        window.session.navigation.choose(window.session.workspace.frames.row_of(images / name))
        qtbot.waitUntil(lambda name=name: f"{name} " in words(window.view) and "Opening" not in words(window.view))
        press(qtbot, window, Qt.Key.Key_1)
    choose(qtbot, window, len(window.session.workspace.frames) - 1)
    press(qtbot, window, Qt.Key.Key_1)
    assert len(window.session.workspace.reviews) == 1
    assert warnings(window) == []


@pytest.mark.slow
def test_reopening_comes_back_to_the_same_folder_and_frame(images, open_window, qtbot):
    from endodesk.ui.start import _project

    for n in range(1500):
        put(images / "polyps" / f"z-{n:04}.png", b"")
    first = open_window(images)
    settle(qtbot, first)
    row = first.session.workspace.frames.row_of(images / "ulcerative-colitis" / "frame-1.png")
    choose(qtbot, first, row)
    first.close()
    project, warning = _project(None)
    assert (project.source, warning) == (images, "")
    again = open_window(project)
    settle(qtbot, again)
    assert again.session.workspace.row == row
    view = again.gallery.view
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(again.gallery.model.index(row)).center()))


def test_the_last_project_in_use_elsewhere_is_told(images, window, qtbot):
    from endodesk.ui.start import _project

    window.settings.sync()  # the window noted it when it opened, not when it closes: it may be killed
    project, warning = _project(None)
    assert project.source is None
    assert "another EndoDesk window" in warning
    project.close()


def drop(window, folder, at=None):
    """As the system sends it: to the widget under the pointer, then to its parents until one takes it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    target = at or window
    while target is not window and not target.acceptDrops():
        target = target.parentWidget()
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE))
    return enter.isAccepted()


@pytest.mark.slow
def test_a_folder_dropped_anywhere_is_opened(window, tmp_path, qtbot):
    other = tmp_path / "other"
    put(other / "1.png", png(1))
    assert drop(window, other, at=window.view.canvas.graphics.viewport())
    settle(qtbot, window)
    assert [entry.name for entry in window.session.workspace.frames] == ["1.png"]
    assert "other" in window.windowTitle()
    assert not drop(window, other / "1.png")
    for number in range(6):
        put(tmp_path / "third" / f"{number}.png", png(40 + number))
    assert drop(window, tmp_path / "third", at=window.gallery.view.viewport())
    settle(qtbot, window)
    assert len(window.session.workspace.frames) == 6


def test_switching_folders_leaves_nothing_of_the_first_behind(window, tmp_path, qtbot):
    from endodesk.app.session import Session

    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    first = window.session.project.folder
    for number, name in enumerate(CLASSES):
        put(tmp_path / "second" / name / "frame.png", png(300 + number, name))
    window.open(tmp_path / "second")
    settle(qtbot, window)
    assert len(window.session.workspace.frames) == 3
    assert not window.session.log.can_undo
    assert not window.actions_by_name["undo"].isEnabled()
    qtbot.waitUntil(lambda: len(window.findChildren(Session)) == 1)
    assert len(words(window.answer)) > 0
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_3)
    assert (len(window.session.workspace.reviews), window.session.workspace.row) == (1, 1)
    with closing(sqlite3.connect(first / "project.sqlite")) as database:  # the first one is free again
        assert database.execute("SELECT count(*) FROM correction").fetchone() == (1,)


@pytest.mark.slow
def test_opening_the_folder_that_is_open_reads_it_again(window, images, qtbot):
    put(images / "polyps" / "new.png", png(9))
    window.open(images)
    settle(qtbot, window)
    assert warnings(window) == []
    assert len(window.session.workspace.frames) == 7


def test_a_project_that_cannot_be_opened_leaves_the_window_as_it_is(window, tmp_path, qtbot):
    from endodesk.app.project.project import project_folder

    put_classes(tmp_path / "second")
    put(project_folder(tmp_path / "second") / "project.sqlite", b"no database" * 1000)
    window.open(tmp_path / "second")
    assert len(warnings(window)) == 1
    assert "damaged" in warnings(window)[0]
    assert len(window.session.workspace.frames) == 6
    window.findChild(QMessageBox).close()
    choose(qtbot, window, 2)
    press(qtbot, window, Qt.Key.Key_1)
    assert label_of(window, 2) == CLASSES[0]


# --- labels -----------------------------------------------------------------------------------------------------------


def test_keys_give_the_class_and_go_on_and_can_be_undone(window, qtbot):
    before = [label_of(window, row) for row in range(6)]
    choose(qtbot, window, 0)
    for number, key in enumerate((Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_2)):
        assert window.session.workspace.row == number
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        press(qtbot, window, key)
    given = [CLASSES[2], CLASSES[0], CLASSES[1]]
    assert [label_of(window, row) for row in range(3)] == given
    for _ in range(3):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert [label_of(window, row) for row in range(6)] == before
    for _ in range(3):
        press(qtbot, window, Qt.Key.Key_Z, CTRL_SHIFT)
    assert [label_of(window, row) for row in range(3)] == given
    assert "3 labelled by a reader" in words(window.gallery)


def test_label_reader_and_time_stand_beside_the_frame(window, qtbot):
    window.session.labelling.name_reader("Dr. Li")
    choose(qtbot, window, 0)
    assert "esophagitis\nby its folder; no reader has confirmed it" in words(window.answer)
    press(qtbot, window, Qt.Key.Key_2)
    press(qtbot, window, Qt.Key.Key_Left)
    at = window.session.workspace.label_of(0).correction.correction.at.astimezone()
    assert f"polyps\nby Dr. Li, {at:%Y-%m-%d %H:%M:%S}" in words(window.answer)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert "by its folder" in words(window.answer)
    qtbot.waitUntil(lambda: f"polyps by Dr. Li, {at:%Y-%m-%d %H:%M:%S} (taken back)" in words(window.answer))  # the history
    press(qtbot, window, Qt.Key.Key_Z, CTRL_SHIFT)
    qtbot.waitUntil(lambda: f"polyps by Dr. Li, {at:%Y-%m-%d %H:%M:%S}" in words(window.answer).splitlines())


def test_the_label_is_on_disk_before_the_next_frame_is_painted(window, qtbot):
    seen = []

    def look(_frame):
        with closing(sqlite3.connect(window.session.project.database.path)) as other:
            seen.append((window.session.workspace.row, other.execute("SELECT count(*) FROM correction").fetchone()[0]))

    choose(qtbot, window, 0)
    window.session.workspace.frame_opened.connect(look)
    for row in range(1, 6):
        press(qtbot, window, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        assert seen[-1] == (row, row)


def test_a_number_at_the_last_frame_labels_it_and_stays(window, qtbot):
    choose(qtbot, window, 5)
    press(qtbot, window, Qt.Key.Key_1)
    assert (window.session.workspace.row, label_of(window, 5)) == (5, CLASSES[0])


def test_a_key_held_down_labels_one_frame_only(window, qtbot):
    choose(qtbot, window, 0)
    QTest.simulateEvent(window, True, Qt.Key.Key_1, NONE, "1", False)
    for _ in range(5):
        QTest.simulateEvent(window, True, Qt.Key.Key_1, NONE, "1", True)
    QTest.simulateEvent(window, False, Qt.Key.Key_1, NONE, "1", False)
    assert (window.session.workspace.row, len(window.session.workspace.reviews)) == (1, 1)


def test_a_key_before_the_frame_is_there_labels_nothing(window, qtbot):
    choose(qtbot, window, 0)
    window.session.navigation.renew()
    window.session.navigation.choose(4)
    assert window.session.workspace.open_frame is None
    press(qtbot, window, Qt.Key.Key_1)
    assert len(window.session.workspace.reviews) == 0
    assert "Wait until the frame is shown" in window.statusBar().currentMessage()
    assert "Opening" in words(window.view)


def test_a_number_without_a_class_does_nothing(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_9)
    assert (window.session.workspace.row, len(window.session.workspace.reviews)) == (0, 0)


def test_buttons_label_as_keys_do(window, qtbot):
    from PySide6.QtWidgets import QPushButton

    choose(qtbot, window, 0)
    button = next(b for b in window.answer.findChildren(QPushButton) if "polyps" in b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (window.session.workspace.row, label_of(window, 0)) == (1, "polyps")


def test_a_label_that_is_not_saved_is_told_and_the_frame_stays(window, qtbot, tmp_path):
    choose(qtbot, window, 0)
    settle(qtbot, window)
    window.session.project.database._connections.close()  # as if the drive had gone
    press(qtbot, window, Qt.Key.Key_2)
    [text] = warnings(window)
    assert text.startswith("The label was not saved.")
    assert (window.session.workspace.row, label_of(window, 0)) == (0, "esophagitis")


def test_going_through_the_frames(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.session.workspace.row == 1
    press(qtbot, window, Qt.Key.Key_Left)
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.session.workspace.row == 0
    press(qtbot, window, Qt.Key.Key_End, CTRL)
    assert window.session.workspace.row == 5
    press(qtbot, window, Qt.Key.Key_Home, CTRL)
    assert window.session.workspace.row == 0
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_Left)
    press(qtbot, window, Qt.Key.Key_N)
    assert window.session.workspace.row == 1
    window.gallery.view.setCurrentIndex(window.gallery.model.index(3))
    assert window.session.workspace.row == 3


# --- steps, answers, heat maps ----------------------------------------------------------------------------------------


def test_the_strip_has_a_card_a_step_and_clicking_one_enlarges_it(window, qtbot):
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: titles(window) == [f"{n}  {s.title}" for n, s in enumerate(window.session.workspace.open_frame.steps, 1)])
    assert len(cards(window)) == len(CLEAN.steps)
    frame = window.view.grab().toImage()
    qtbot.mouseClick(cards(window)[1], Qt.MouseButton.LeftButton)
    assert "Step 2 of 5" in words(window.view)
    assert window.view.grab().toImage() != frame
    press(qtbot, window, Qt.Key.Key_Escape)
    assert "esophagitis/frame-0.png" in words(window.view).replace("\\", "/")
    assert window.view.grab().toImage() == frame
    qtbot.mouseClick(cards(window)[3], Qt.MouseButton.LeftButton)
    press(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "frame-1.png" in words(window.view))


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 1920])
def test_all_steps_of_a_recipe_fit_side_by_side_and_say_what_they_did(images, open_window, qtbot, width):
    put(images / "esophagitis" / "first, and large.png", png(7, "esophagitis", width=1280))  # whose crop takes many digits to tell
    window = open_window(images)
    settle(qtbot, window)
    window.resize(width, 800)
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(cards(window)) == len(CLEAN.steps) and cards(window)[-1].width() > 0)
    row = window.strip.findChild(QScrollArea)
    qtbot.waitUntil(lambda: row.viewport().width() == row.widget().width())
    assert row.horizontalScrollBar().maximum() == 0
    for card in cards(window):
        for label in card.findChildren(QLabel):
            assert label.heightForWidth(label.width()) <= label.height() if label.wordWrap() else label.sizeHint().width() <= label.width()
            assert label.mapTo(row.viewport(), label.rect().bottomRight()).y() < row.viewport().height()
        assert card.picture.iconSize().width() <= card.width()
        [painted] = card.picture.icon().availableSizes()  # Qt does not shrink it where a pixel is two of the screen's
        assert painted.width() <= card.picture.iconSize().width() * card.devicePixelRatioF()
    assert (cards(window)[0].picture.iconSize() == CARD) is (width == 1920)


def test_the_keyboard_stays_on_a_step_from_frame_to_frame(window, qtbot):
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(cards(window)) == len(CLEAN.steps))
    cards(window)[3].picture.setFocus()
    press(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.row == 1)
    settle(qtbot, window)
    assert QApplication.focusWidget() is cards(window)[3].picture
    press(qtbot, QApplication.focusWidget(), Qt.Key.Key_Return)
    assert "Step 4 of 5" in words(window.view)


def test_another_recipe_shows_its_steps(window, qtbot):
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(cards(window)) == len(CLEAN.steps))
    before = titles(window)
    box = window.strip.recipe_box
    box.setCurrentIndex(box.findData("paper"))
    box.activated.emit(box.currentIndex())
    settle(qtbot, window)
    assert window.session.workspace.open_frame.recipe.name == "paper"
    qtbot.waitUntil(lambda: len(cards(window)) == len(PAPER.steps) and titles(window) != before)


def test_the_answer_has_bars_in_class_order_the_models_name_and_its_warning(answering, qtbot):
    choose(qtbot, answering, 0)
    probabilities = answering.session.workspace.open_frame.answer.probabilities
    told = ", ".join(f"{name} {p:.0%}" for name, p in zip(CLASSES, probabilities, strict=True))
    assert answering.answer.bars.accessibleName() == f"Answer: {told}"
    bundle = answering.session.workspace.predictor.bundle
    assert f"{bundle.name}  ({bundle.id})" in words(answering.answer)
    assert "Trained on synthetic frames" in words(answering.answer)
    assert "Research use only" in words(answering.answer)


def test_without_a_model_the_panel_says_how_to_get_one(window):
    assert "There is no model yet" in words(window.answer)
    assert not window.answer.bars.isVisible()
    assert not window.answer.heat_box.isVisible()


def test_the_heat_map_by_key_by_opacity_and_by_class(answering, qtbot):
    choose(qtbot, answering, 0)
    plain = answering.view.grab().toImage()
    press(qtbot, answering, Qt.Key.Key_H)
    warm = answering.view.grab().toImage()
    assert warm != plain
    answering.answer.opacity.setValue(20)
    faint = answering.view.grab().toImage()
    assert faint not in (warm, plain)
    bars = answering.answer.bars
    others = [i for i in range(3) if i != answering.answer._chosen]
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, others[0] * bars._row_px + 5))
    assert answering.view.grab().toImage() != faint
    before = answering.answer._chosen
    qtbot.keyClick(bars, Qt.Key.Key_Down if before == 0 else Qt.Key.Key_Up)
    assert answering.answer._chosen == (1 if before == 0 else before - 1), "by keyboard too"
    press(qtbot, answering, Qt.Key.Key_H)
    assert answering.view.grab().toImage() == plain


def test_the_heat_map_stays_on_from_frame_to_frame_but_not_on_steps(answering, qtbot):
    choose(qtbot, answering, 0)
    press(qtbot, answering, Qt.Key.Key_H)
    press(qtbot, answering, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: answering.session.workspace.open_frame is not None)
    warm = answering.view.grab().toImage()
    press(qtbot, answering, Qt.Key.Key_H)
    assert answering.view.grab().toImage() != warm
    press(qtbot, answering, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: len(cards(answering)) == len(CLEAN.steps))
    qtbot.mouseClick(cards(answering)[0], Qt.MouseButton.LeftButton)
    step = answering.view.grab().toImage()
    answering.answer.opacity.setValue(90)
    assert answering.view.grab().toImage() == step
    press(qtbot, answering, Qt.Key.Key_Escape)
    answering.answer.opacity.setValue(55)
    assert answering.view.grab().toImage() == warm


# --- the whole --------------------------------------------------------------------------------------------------------


def test_a_whole_session_leaves_the_images_as_they_were(images, open_window, tiny_bundle, qtbot):
    put_bad(images)
    before = everything_in(images)
    window = open_window(images)
    settle(qtbot, window)
    use_bundle(window.session, tiny_bundle)
    for row in (4, 5, 6):
        choose(qtbot, window, row)
        press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    window.close()
    assert everything_in(images) == before


def test_every_menu_entry_has_something_that_does_it(window):
    from endodesk.ui.commands.entries import ENTRIES

    names = [entry.does for entry in ENTRIES if entry.words]
    assert all(callable(window.commands[name]) for name in names)
    assert set(names) == set(window.actions_by_name) == set(window.commands)
    keys = [entry.keys for entry in ENTRIES if entry.keys]
    assert len(set(keys)) == len(keys)


def test_keys_about_and_the_readers_name(window, qtbot):
    for name in ("show_keys", "show_about", "ask_reader"):
        window.actions_by_name[name].trigger()
    [keys] = [found for found in window.findChildren(QDialog) if found.windowTitle() == "Keys"]
    assert "1\nesophagitis" in words(keys)
    [about] = [found for found in window.findChildren(QMessageBox) if found.windowTitle() == "About EndoDesk"]
    assert "Research use only. Not a medical device" in about.informativeText()
    assert str(window.session.project.folder) in about.detailedText()
    [asking] = window.findChildren(QInputDialog)
    asking.setTextValue("Dr. Novák")
    asking.accept()
    assert window.session.workspace.reader == "Dr. Novák"


def test_classes_can_be_chosen_where_no_folder_names_them(tmp_path, window, qtbot):
    for number, name in enumerate(("healthy", "ulcer")):
        put(tmp_path / "cases" / name / "frame.png", png(number))
    window.open(tmp_path / "cases")
    settle(qtbot, window)
    assert window.session.workspace.label_of(0) is None
    window.actions_by_name["ask_classes"].trigger()
    [dialog] = window.findChildren(ClassesDialog)
    assert [one.name for one in dialog.editor.label_set.classes] == ["healthy", "ulcer"]
    dialog.editor.table.setCurrentIndex(dialog.editor.model.index(0, 0))
    qtbot.mouseClick(dialog.editor.buttons["Move &down"], Qt.MouseButton.LeftButton)
    for row, key in enumerate("12"):
        dialog.editor.model.setData(dialog.editor.model.index(row, 1), key)
    dialog.accept()
    assert window.session.workspace.label_of(0).name == "healthy"
    press(qtbot, window, Qt.Key.Key_1)
    assert label_of(window, 0) == "ulcer"
