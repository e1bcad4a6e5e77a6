"""Data > Matrix in the real window: what it counts, that it is live, what a click shows, and what it keeps to itself."""

from datetime import UTC, datetime

import numpy as np
import pytest
from frame_folders import CLASSES, png, put
from PySide6.QtCore import Qt
from sessions import use_bundle
from watching import choose, press, settle, words

from endodesk.app.matrix.sides import FOLDERS, MODEL, RULE, Side, Who
from endodesk.app.queues.queues import CELL, CELL_OF_READERS
from endodesk.domain.reviews import YES, AnnotationKind, Correction
from endodesk.ui.matrix.matrix_dialog import MatrixDialog

pytestmark = pytest.mark.slow  # a window each

NOW = datetime.now(UTC)


@pytest.fixture
def images(tmp_path):
    """Two cases of two frames in each class folder, and a copy of a frame beside it."""
    folder = tmp_path / "Fälle"
    for place, name in enumerate(CLASSES):
        for n in range(4):
            put(folder / name / f"case-{place}{n // 2}" / f"{n}.png", png(10 * place + n, name))
    put(folder / "polyps" / "case-10" / "copy.png", png(10, "polyps"))
    return folder


@pytest.fixture
def dialog(window, qtbot):
    window.actions_by_name["show_matrix"].trigger()
    [dialog] = window.findChildren(MatrixDialog)
    counted(qtbot, dialog)
    yield dialog
    dialog.close()


def counted(qtbot, dialog):
    live, shown = dialog._live, dialog.parent().session.shown
    quiet = (live._tick, live._soon, shown._tick)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in quiet) and dialog.parent().session.jobs.idle, timeout=15_000)


def sides(qtbot, dialog, rows, columns):
    live = dialog._live
    counted(qtbot, dialog)
    for box, side in ((dialog.rows, rows), (dialog.columns, columns)):
        box.setCurrentIndex(live.sides.index(side))
        box.activated.emit(box.currentIndex())
    counted(qtbot, dialog)


def cells(dialog):
    """What stands in the cells that are not empty, by both classes."""
    model = dialog.table.counts
    places = [(row, column) for row in range(model.rowCount() - 1) for column in range(model.columnCount() - 1)]
    found = {(model.classes[0][row], model.classes[1][column]): model.count(model.index(row, column)) for row, column in places}
    return {names: n for names, n in found.items() if n}


def give(window, said, reader, kind=AnnotationKind.LABEL):
    """Labels of a reader by row, as if they had been given at another time."""
    session = window.session
    images = {session.workspace.frames.sha256s[row]: word for row, word in said.items()}
    session.project.database.corrections.give([Correction(image, word, reader, NOW, kind=kind) for image, word in images.items()])
    session.workspace.reviews.read_again(list(images))
    session._reviews_changed(list(images))


def rows_of(window, name):
    names = window.session.workspace.frames.names
    return [row for row in range(len(names)) if names[row].startswith(name) and "copy" not in names[row]]


def click(qtbot, dialog, one, other):
    model = dialog.table.counts
    index = model.index(model.classes[0].index(one), model.classes[1].index(other))
    dialog.table.scrollTo(index)
    qtbot.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=dialog.table.visualRect(index).center())


ANA = Side(Who.READER, "Ana")


def test_two_readers_are_held_against_each_other_and_a_click_shows_the_frames(window, dialog, qtbot):
    me = Side(Who.READER, window.session.workspace.reader)
    polyps, colitis = rows_of(window, "polyps"), rows_of(window, "ulcerative")
    give(window, dict.fromkeys(polyps, "polyps") | {colitis[0]: "polyps"}, "Ana")
    give(window, {polyps[0]: "polyps", polyps[1]: "esophagitis", colitis[0]: "ulcerative-colitis"}, me.reader)
    counted(qtbot, dialog)
    sides(qtbot, dialog, ANA, me)
    assert cells(dialog) == {("polyps", "polyps"): 1, ("polyps", "esophagitis"): 1, ("polyps", "ulcerative-colitis"): 1}
    model = dialog.table.counts
    assert [model.index(0, column).data() for column in range(model.columnCount())] == ["1   33 %", "1   33 %", "1   33 %", "3"]
    click(qtbot, dialog, "polyps", "ulcerative-colitis")
    shown = window.session.shown
    assert (shown.queue, shown.rows.tolist()) == (CELL_OF_READERS, [colitis[0]])
    assert "Ana" in shown.reason(colitis[0])
    assert window.gallery.bar.order.currentText() == "A cell of the matrix"
    assert "1 frames are shown" in words(dialog)
    window.session.browsing.queues._shown.set_order(shown.order)
    assert window.gallery.bar.order.findText("A cell of the matrix") < 0


def test_it_follows_labels_given_and_taken_back(window, dialog, qtbot):
    me = Side(Who.READER, window.session.workspace.reader)
    sides(qtbot, dialog, me, FOLDERS)
    assert cells(dialog) == {}
    choose(qtbot, window, rows_of(window, "polyps")[0])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.session.label("esophagitis")
    counted(qtbot, dialog)
    assert cells(dialog) == {("esophagitis", "polyps"): 1}
    window.session.undo()
    counted(qtbot, dialog)
    assert cells(dialog) == {}
    window.session.redo()
    counted(qtbot, dialog)
    assert cells(dialog) == {("esophagitis", "polyps"): 1}


def test_each_content_counts_once_and_what_is_set_aside_does_not(window, dialog, qtbot):
    sides(qtbot, dialog, RULE, FOLDERS)
    whole = {(name, name): 4 for name in CLASSES}
    assert cells(dialog) == whole  # polyps has a copy
    give(window, {rows_of(window, "polyps")[0]: YES}, "Ana", AnnotationKind.EXCLUDED)
    counted(qtbot, dialog)
    assert cells(dialog) == whole | {("polyps", "polyps"): 3}


def test_aliases_are_joined(window, dialog, qtbot):
    session = window.session
    first = rows_of(window, "polyps")[0]
    give(window, {first: "sessile polyp"}, "Ana")
    sides(qtbot, dialog, ANA, FOLDERS)
    assert cells(dialog) == {("sessile polyp", "polyps"): 1}
    session.use_classes(session.workspace.label_set.meant_by("polyps", "sessile polyp"))
    counted(qtbot, dialog)
    assert cells(dialog) == {("polyps", "polyps"): 1}


def test_by_case_a_tie_does_not_count_and_is_told(window, dialog, qtbot):
    polyps = rows_of(window, "polyps")
    give(window, {polyps[0]: "polyps", polyps[1]: "esophagitis", polyps[2]: "esophagitis", polyps[3]: "esophagitis"}, "Ana")
    sides(qtbot, dialog, ANA, FOLDERS)
    dialog.unit.setCurrentIndex(1)
    dialog.unit.activated.emit(1)
    assert cells(dialog) == {("esophagitis", "polyps"): 1}
    assert "as many of their frames" in words(dialog)
    click(qtbot, dialog, "esophagitis", "polyps")
    assert window.session.shown.rows.tolist() == polyps[2:]


def test_figures_have_an_interval_and_say_what_they_are_for(window, dialog, qtbot):
    polyps = rows_of(window, "polyps")
    give(window, dict.fromkeys(polyps, "polyps") | dict.fromkeys(rows_of(window, "esoph"), "polyps"), "Ana")
    sides(qtbot, dialog, ANA, FOLDERS)
    qtbot.waitUntil(lambda: "kappa" in dialog.measured.text(), timeout=10_000)
    assert dialog.measured.text().startswith("Agreement 50.0 % (0.0 to 100.0); Cohen's kappa 0.00")
    assert "n = 8 frames." in dialog.measured.text()
    assert "Research use only" in words(dialog)


def test_who_sees_their_own_labels_alone_is_told_nothing_of_others(window, dialog, qtbot):
    session = window.session
    me = Side(Who.READER, session.workspace.reader)
    polyps = rows_of(window, "polyps")
    give(window, dict.fromkeys(polyps, "polyps"), "Ana")
    give(window, {polyps[0]: "esophagitis"}, me.reader)
    sides(qtbot, dialog, ANA, me)
    click(qtbot, dialog, "polyps", "esophagitis")
    assert session.shown.queue == CELL_OF_READERS
    session.workspace.show_own(on=True)
    assert cells(dialog) == {}  # at once, not when all frames have been looked at
    assert dialog._live.sides == (me, MODEL)
    assert session.shown.queue == ""
    counted(qtbot, dialog)
    assert (dialog._live.rows, dialog._live.columns) == (me, MODEL)


def test_escape_closes_it_and_nothing_is_counted_out_of_sight(window, dialog, qtbot):
    sides(qtbot, dialog, RULE, FOLDERS)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    give(window, {rows_of(window, "polyps")[0]: "esophagitis"}, "Ana")
    assert not dialog._live._tick.isActive()
    window.actions_by_name["show_matrix"].trigger()
    counted(qtbot, dialog)
    assert cells(dialog)["esophagitis", "polyps"] == 1


def test_enter_on_a_cell_shows_its_frames(window, dialog, qtbot):
    sides(qtbot, dialog, RULE, FOLDERS)
    dialog.table.setCurrentIndex(dialog.table.counts.index(0, 0))
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert window.session.shown.rows.tolist() == rows_of(window, "esoph")


# --- with a model -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(window, tiny_bundle, qtbot):
    session = window.session
    use_bundle(session, tiny_bundle)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: session.answers.progress.answered == len(session.workspace.frames) and session.answers.idle, timeout=60_000)
    settle(qtbot, window)
    return window


def answers_of(window, rows):
    return {row: window.session.answers.said_of(row)[0] for row in rows}


def test_the_model_is_a_side_and_another_one_empties_the_matrix(answered, dialog, qtbot):
    window = answered
    counted(qtbot, dialog)
    assert (dialog._live.rows, dialog._live.columns) == (RULE, MODEL)
    columns = window.session.shown.columns
    assert sum(cells(dialog).values()) == 12
    names = columns.classes.names
    wanted = {(names[label], names[answer]) for label, answer in zip(columns.label, columns.answer, strict=True)}
    assert set(cells(dialog)) == wanted
    one, other = next(iter(cells(dialog)))
    click(qtbot, dialog, one, other)
    assert window.session.shown.queue == CELL
    assert "is not known here" in dialog.notes.text()
    window.session._model_changed(None)
    assert cells(dialog) == {}
    assert window.session.shown.queue == ""


def test_blind_first_counts_frames_alone_that_the_reader_has_labelled(answered, dialog, qtbot):
    window, session = answered, answered.session
    one, other = next(iter(cells(dialog)))
    click(qtbot, dialog, one, other)
    session.labelling.turn_blind(on=True)
    assert cells(dialog) == {}  # at once
    assert session.shown.queue == ""
    counted(qtbot, dialog)
    assert cells(dialog) == {}
    row = rows_of(window, "polyps")[1]
    choose(qtbot, window, row)
    give(window, {row: "polyps"}, "Ana")  # another's label shows me nothing
    counted(qtbot, dialog)
    assert cells(dialog) == {}
    session.label("polyps")
    counted(qtbot, dialog)
    assert cells(dialog) == {("polyps", answers_of(window, [row])[row]): 1}
    session.labelling.turn_blind(on=False)
    qtbot.waitUntil(lambda: sum(cells(dialog).values()) == 12, timeout=5_000)


def test_frames_that_the_model_has_learnt_from_are_told_and_left_out_if_wished(answered, dialog, qtbot):
    live = dialog._live
    counted(qtbot, dialog)
    learnt = answered.session.workspace.frames.sha256s[0]
    live._learnt_images, live.knows_learnt = {learnt}, True
    live._note(0, 12)
    counted(qtbot, dialog)
    assert "has learnt from some of these frames (1)" in dialog.notes.text().replace("\u2068", "").replace("\u2069", "")
    dialog.unlearnt.click()
    assert sum(cells(dialog).values()) == 11
    assert np.count_nonzero(live._learnt) == 1


def test_the_keys_of_the_window_go_on(window, dialog, qtbot):
    choose(qtbot, window, 0)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.session.workspace.row == 1
