"""Knobs tried, box and field drawn by hand: in the real window, on real files and a real project."""

import contextlib
import sqlite3

import cv2
import numpy as np
import pytest
from frame_folders import png, put
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from sessions import use_bundle
from watching import choose, press, settle, words

from endodesk.app.viewing.outline_shapes import Shape, drawn_as, edges_of
from endodesk.domain.overrides import FrameOverrides, Part
from endodesk.ui.frame.step_card import StepCard

NONE, SHIFT, CTRL = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
CTRL_SHIFT = CTRL | SHIFT


@pytest.fixture
def images(tmp_path):
    """Five frames; the last one is of another size."""
    folder = tmp_path / "frames"
    for number in range(4):
        put(folder / "polyps" / f"{number}.png", sized(number, 96, 80))
    put(folder / "polyps" / "large.png", sized(9, 128, 100))
    return folder


def sized(number, width, height):
    """A frame's file of just this size."""
    pixels = cv2.imdecode(np.frombuffer(png(number), np.uint8), cv2.IMREAD_COLOR)
    return cv2.imencode(".png", cv2.resize(pixels, (width, height)))[1].tobytes()


@pytest.fixture
def answering(window, tiny_bundle, qtbot):
    """A window with a model that has answered for all frames."""
    use_bundle(window.session, tiny_bundle)
    qtbot.waitUntil(
        lambda: window.session.workspace.open_frame and window.session.workspace.open_frame.answer and window.view.box is not None
    )
    at_rest(qtbot, window)
    return window


def at_rest(qtbot, window):
    answers = window.session.answers
    qtbot.waitUntil(lambda: window.session.jobs.idle and answers.idle and str(answers.state) == "idle", timeout=15_000)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)


def said(window):
    """What is stored of each row."""
    bundle = window.session.workspace.predictor.bundle.id
    stored = window.session.project.database.predictions.of_bundle(bundle)
    return [stored[entry.sha256].probabilities for entry in window.session.workspace.frames]


def rows_of(window):
    with contextlib.closing(sqlite3.connect(window.session.project.database.path)) as other:
        return other.execute("SELECT image, width, height, part, outline, reader FROM override ORDER BY id").fetchall()


def card(window, title):
    cards = [c for c in window.strip.findChildren(StepCard) if c.isVisibleTo(window.strip)]
    return next(c for c in cards if title in c.title.text())


def draw_box(qtbot, window, *, keep=True):
    """Over the middle of the frame, as with the mouse."""
    window.do("correct_box")
    window.outlines.editor.show_outline(drawn_as(Shape.RECTANGLE, (0.3, 0.3, 0.7, 0.7)), Shape.RECTANGLE)
    if keep:
        press(qtbot, window, Qt.Key.Key_Return)
        at_rest(qtbot, window)


def agree(window, qtbot, button="Use on all"):
    qtbot.waitUntil(lambda: [b for b in window.findChildren(QMessageBox) if b.isVisible()] != [], timeout=5000)
    box = next(b for b in window.findChildren(QMessageBox) if b.isVisible())
    text = box.text()
    next(b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == button).click()
    return text


# --- knobs ------------------------------------------------------------------------------------------------------------


def test_each_card_tells_the_time_of_its_step(answering):
    assert all(" ms" in c.message.text().replace("\N{NO-BREAK SPACE}", " ") for c in answering.strip.findChildren(StepCard))


def test_a_knob_moved_changes_strip_and_frame_and_never_the_answer(answering, qtbot):
    frame, stored = answering.session.workspace.open_frame, said(answering)
    answering.strip.open_knobs()
    panel = answering.strip._panel
    assert "follows the model's own recipe" in panel.findChildren(type(card(answering, "Crop").title))[0].text()
    row = panel.rows["lit-field", "lit_above"]
    with qtbot.waitSignal(answering.strip.explorer.explored):
        row.slider.setValue(80)
    tried = answering.session.workspace.open_frame
    assert dict(tried.recipe.steps[1].knobs)["lit_above"] == 80
    assert row.spin.value() == 80
    assert tried.steps[0].pixels == frame.steps[0].pixels
    assert tried.steps[1].pixels < frame.steps[1].pixels
    assert tried.answer is frame.answer
    assert answering.view.shows_step
    assert "Other knobs are tried" in answering.strip.tried.text()
    panel.back.click()
    assert answering.session.workspace.open_frame.steps == frame.steps
    assert (answering.strip.tried.text(), row.spin.value()) == ("", 22)
    assert said(answering) == stored


def test_knobs_stay_for_the_next_frame_until_the_panel_is_closed(answering, qtbot):
    answering.strip.open_knobs()
    panel = answering.strip._panel
    with qtbot.waitSignal(answering.strip.explorer.explored):
        panel.rows["lit-field", "lit_above"].spin.setValue(80)
    choose(qtbot, answering, 2)
    at_rest(qtbot, answering)
    assert dict(answering.session.workspace.open_frame.recipe.steps[1].knobs)["lit_above"] == 80
    panel.reject()
    assert answering.session.workspace.open_frame.recipe == answering.session.workspace.recipe
    answering.session.navigation.show_recipe("paper")
    at_rest(qtbot, answering)
    panel.come_back()
    assert ("scopeguide", "close_px") in panel.rows
    panel.reject()


def test_while_one_recipe_is_tried_only_the_last_one_waits(answering, qtbot):
    answering.strip.open_knobs()
    panel, made = answering.strip._panel, []
    answering.strip.explorer.explored.connect(lambda frame: made.append(dict(frame.recipe.steps[1].knobs)["lit_above"]))
    for value in range(23, 80):
        panel.rows["lit-field", "lit_above"].slider.setValue(value)
    qtbot.waitUntil(lambda: made[-1:] == [79])
    assert len(made) <= 3
    panel.reject()


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_box_drawn_changes_the_answer_and_what_is_stored_of_this_frame_alone(answering, qtbot):
    before, shown = said(answering), answering.session.workspace.open_frame.answer.probabilities
    draw_box(qtbot, answering)
    frame = answering.session.workspace.open_frame
    assert edges_of(frame.given.box) == pytest.approx((0.3, 0.3, 0.7, 0.7))
    assert frame.answer.probabilities != shown
    after = said(answering)
    assert after[0] == pytest.approx(frame.answer.probabilities)
    assert after[1:] == before[1:]
    assert answering.session.answers.said_of(0)[1] == pytest.approx(max(after[0]))
    assert f"by hand ({answering.session.workspace.reader})" in card(answering, "ScopeGuide").message.text()
    [(image, width, height, part, outline, reader)] = rows_of(answering)
    assert (image, width, height, part, reader) == (frame.record.sha256, None, None, "box", answering.session.workspace.reader)
    assert outline.startswith("[[0.3")


def test_undo_redo_and_back_to_automatic_bring_the_answers_back(answering, qtbot):
    before = said(answering)
    draw_box(qtbot, answering)
    drawn = said(answering)
    answering.do("undo")
    at_rest(qtbot, answering)
    assert answering.session.workspace.open_frame.given == FrameOverrides()
    assert said(answering)[0] == pytest.approx(before[0], abs=2e-3)
    answering.do("redo")
    at_rest(qtbot, answering)
    assert said(answering)[0] == pytest.approx(drawn[0], abs=2e-3)
    answering.do("correct_box")
    answering.strip.outline_bar.automatic.click()
    at_rest(qtbot, answering)
    assert answering.session.workspace.open_frame.given == FrameOverrides()
    assert "by hand" not in card(answering, "ScopeGuide").message.text()
    assert [row[4] is None for row in rows_of(answering)] == [False, True, False, True]
    assert words(answering.answer).count("ScopeGuide box back to automatic by") == 2
    assert words(answering.answer).count("ScopeGuide box drawn by") == 2


def test_delete_says_that_there_is_none_and_it_survives_reopening(answering, qtbot, images, open_window):
    choose(qtbot, answering, 1)
    answering.do("correct_field")
    press(qtbot, answering, Qt.Key.Key_Delete)
    at_rest(qtbot, answering)
    assert answering.session.workspace.open_frame.given == FrameOverrides(field=())
    assert answering.session.workspace.open_frame.place[2] == answering.session.workspace.open_frame.record.width
    stored = said(answering)
    answering.close()
    again = open_window(images)
    qtbot.waitUntil(lambda: again.session.workspace.open_frame and again.session.workspace.open_frame.answer, timeout=15_000)
    at_rest(qtbot, again)
    assert again.session.workspace.row == 1
    assert again.session.workspace.open_frame.given == FrameOverrides(field=())
    assert "there is none" in card(again, "Field").message.text() or "by hand" in card(again, "Field").message.text()
    assert list(said(again)) == [pytest.approx(row, abs=2e-3) for row in stored]
    again.do("undo")
    at_rest(qtbot, again)
    assert again.session.workspace.open_frame.given == FrameOverrides()


def test_by_keyboard_alone_an_outline_is_moved_resized_and_left(answering, qtbot):
    draw_box(qtbot, answering, keep=False)
    editor, row = answering.outlines.editor, answering.session.workspace.row
    width, height = answering.session.workspace.open_frame.record.width, answering.session.workspace.open_frame.record.height
    before = edges_of(editor.outline)
    for key, modifier in ((Qt.Key.Key_Right, NONE), (Qt.Key.Key_Down, CTRL), (Qt.Key.Key_Left, SHIFT), (Qt.Key.Key_Down, CTRL_SHIFT)):
        press(qtbot, answering, key, modifier)
    left, top, right, bottom = edges_of(editor.outline)
    assert (left - before[0]) * width == pytest.approx(1, abs=0.01)
    assert (top - before[1]) * height == pytest.approx(10, abs=0.01)
    assert (right - before[2]) * width == pytest.approx(0, abs=0.01)
    assert (bottom - before[3]) * height == pytest.approx(20, abs=0.01)
    assert answering.session.workspace.row == row
    press(qtbot, answering, Qt.Key.Key_Escape)
    assert answering.outlines.editor is None
    assert not answering.strip.outline_bar.isVisible()
    assert rows_of(answering) == []
    press(qtbot, answering, Qt.Key.Key_Right)
    assert answering.session.workspace.row == row + 1


@pytest.mark.parametrize("shape", list(Shape))
def test_a_field_is_drawn_as_rectangle_ellipse_or_polygon_and_taken_up_again(answering, qtbot, shape):
    answering.do("correct_field")
    bar = answering.strip.outline_bar
    bar.shapes.setCurrentIndex(bar.shapes.findData(shape))
    bar.shapes.activated.emit(bar.shapes.currentIndex())
    assert answering.outlines.editor.shape is shape
    wanted = answering.outlines.editor.outline
    bar.keep.click()
    at_rest(qtbot, answering)
    assert np.allclose(answering.session.workspace.open_frame.given.field, wanted)
    answering.do("correct_field")
    assert edges_of(answering.outlines.editor.outline) == pytest.approx(edges_of(wanted), abs=1e-6)
    assert (answering.outlines.editor.shape is Shape.ELLIPSE) is (shape is Shape.ELLIPSE)
    answering.outlines.leave()


def test_a_handle_dragged_with_the_mouse_changes_the_outline(answering, qtbot):
    draw_box(qtbot, answering, keep=False)
    editor, canvas = answering.outlines.editor, answering.view.canvas
    size = answering.session.workspace.open_frame.record
    view = canvas.graphics

    def at(x, y):
        return view.mapFromScene(canvas.box.mapViewToScene(QPointF(x * size.width, y * size.height)))

    QApplication.processEvents()
    start, end = at(0.7, 0.7), at(0.9, 0.8)
    QTest.mouseMove(view.viewport(), start)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, NONE, start)
    for n in range(1, 6):
        QTest.mouseMove(view.viewport(), start + (end - start) * n / 5)
        qtbot.wait(20)  # pyqtgraph passes over moves that follow within 10 ms
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, NONE, end)
    assert edges_of(editor.outline) == pytest.approx((0.3, 0.3, 0.9, 0.8), abs=0.03)
    answering.outlines.leave()


def test_going_to_another_frame_or_step_leaves_the_outline_unkept(answering, qtbot):
    draw_box(qtbot, answering, keep=False)
    answering.session.navigation.go(+1)
    assert answering.outlines.editor is None
    at_rest(qtbot, answering)
    draw_box(qtbot, answering, keep=False)
    answering.view.show_step(0)
    assert answering.outlines.editor is None
    assert rows_of(answering) == []


# --- all frames of a size ---------------------------------------------------------------------------------------------


def test_a_rule_for_a_size_is_asked_for_told_with_its_number_and_taken_back(answering, qtbot):
    before = said(answering)
    choose(qtbot, answering, 1)
    draw_box(qtbot, answering)
    own = said(answering)[1]
    choose(qtbot, answering, 0)
    draw_box(qtbot, answering, keep=False)
    answering.strip.outline_bar.all.click()
    text = agree(answering, qtbot, "Cancel")
    assert "all 3 frames of 96 x 80" in text
    assert answering.outlines.editor is not None
    assert len(rows_of(answering)) == 1
    answering.strip.outline_bar.all.click()
    agree(answering, qtbot)
    at_rest(qtbot, answering)
    after = said(answering)
    assert all(after[row] != before[row] for row in (0, 2, 3))
    assert (after[1], after[4]) == (pytest.approx(own, abs=2e-3), pytest.approx(before[4]))
    assert "by hand" in card(answering, "ScopeGuide").message.text()
    answering.do("correct_box")
    assert answering.strip.outline_bar.rule.isVisible()
    answering.strip.outline_bar.rule.click()
    at_rest(qtbot, answering)
    assert said(answering)[2] == pytest.approx(before[2], abs=2e-3)
    answering.do("undo")
    at_rest(qtbot, answering)
    assert said(answering)[2] == pytest.approx(after[2], abs=2e-3)
    answering.do("undo")
    at_rest(qtbot, answering)
    assert said(answering)[3] == pytest.approx(before[3], abs=2e-3)


def test_a_rule_holds_for_every_frame_of_its_size_that_the_project_knows(answering, qtbot):
    assert answering.session.overriding.draw_for_size(Part.FIELD, ())
    at_rest(qtbot, answering)
    held = answering.session.project.database.overrides.by_frame()
    assert held == {entry.sha256: FrameOverrides(field=()) for entry in list(answering.session.workspace.frames)[:4]}
