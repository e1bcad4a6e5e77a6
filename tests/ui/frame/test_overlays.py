"""Outlines, wipe, full screen and comparison, in the real window."""

import cv2
import numpy as np
import pytest
from frame_folders import png, put
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel
from sessions import use_bundle
from watching import choose, press, select, settle, words

from endodesk.app.viewing.found_outlines import Found, last_full_size, outlines_of
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, apply_recipe
from endodesk.imaging.synthetic.frames import render_frame

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def images(tmp_path):
    """A frame with a green box and a border, as an endoscope gives it, and four small ones, one of another size."""
    folder = tmp_path / "frames"
    frame = render_frame("polyps", case_seed=1, frame_seed=1, width=720).image
    put(folder / "polyps" / "0.png", cv2.imencode(".png", frame[..., ::-1])[1].tobytes())
    for number in (1, 2, 3):
        put(folder / "polyps" / f"{number}.png", png(number))
    pixels = cv2.imdecode(np.frombuffer(png(4), np.uint8), cv2.IMREAD_COLOR)
    put(folder / "polyps" / "4.png", cv2.imencode(".png", cv2.resize(pixels, (128, 100)))[1].tobytes())
    return folder


@pytest.fixture
def window(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: window.view.canvas is not None)
    return window


@pytest.mark.parametrize("recipe", [PAPER, CLEAN])
def test_outlines_lie_in_the_frame_and_the_crop_is_where_the_model_looks(recipe):
    frame = render_frame("polyps", case_seed=3, frame_seed=2, width=480).image
    height, width = frame.shape[:2]
    steps = apply_recipe(frame, recipe)
    found = {outline.what: outline for outline in outlines_of(steps, width, height)}
    assert Found.FIELD in found
    for outline in found.values():
        for contour in outline.contours:
            assert (contour >= 0).all()
            assert (contour <= (width, height)).all()
    image, place = last_full_size(steps, width, height)
    assert image.shape[:2] == (place[3], place[2])
    if Found.CROP in found:
        assert found[Found.CROP].contours[0][0].tolist() == [place[0], place[1]]


def test_outlines_are_drawn_and_named_until_they_are_turned_off(window, qtbot):
    press(qtbot, window, Qt.Key.Key_L)
    legend = window.overlays.legend
    assert legend.isVisible()
    qtbot.waitUntil(lambda: "Field of view" in words(legend))
    assert len(window.overlays._items) >= 2
    choose(qtbot, window, 1)
    assert legend.isVisible(), "on from frame to frame"
    window.view.show_step(0)
    assert window.overlays._items == [], "not over a step"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.overlays._items
    press(qtbot, window, Qt.Key.Key_L)
    assert not legend.isVisible()
    assert window.overlays._items == []


def colour_at(window, x, y):
    """On the screen, of a pixel of the frame."""
    canvas = window.view.canvas
    point = canvas.graphics.mapFromScene(canvas.box.mapViewToScene(QPointF(x, y)))
    return canvas.graphics.viewport().grab().toImage().pixelColor(point)


def test_the_wipe_shows_the_preprocessed_frame_on_its_right(window, qtbot):
    frame = window.session.workspace.open_frame
    box = next(step.mask for step in frame.steps if step.name == "box")
    ys, xs = np.nonzero(box)
    x, y = float(xs.mean()), float(ys.mean())
    width = frame.record.width
    before = colour_at(window, x, y)
    press(qtbot, window, Qt.Key.Key_P)
    assert window.overlays.wipe_share == 0.5
    assert "left the frame, right what clean makes of it" in window.view.title.text()
    window.overlays._wipe.move_to(0.0)
    filled = colour_at(window, x, y)
    assert filled != before, "the box is filled on the right of the line"
    window.overlays._wipe.move_to(1.0)
    assert colour_at(window, x, y) == before
    window.overlays._wipe.move_to((x + 5) / width)
    press(qtbot, window, Qt.Key.Key_Left, CTRL_ALT)
    assert window.overlays.wipe_share == pytest.approx((x + 5) / width - 0.05, abs=1e-6)
    choose(qtbot, window, 1)
    assert window.overlays.wipe_share == pytest.approx((x + 5) / width - 0.05, abs=1e-6), "it stays from frame to frame"
    press(qtbot, window, Qt.Key.Key_P)
    assert window.overlays.wipe_share is None


def test_full_screen_is_the_frame_alone_and_keys_still_label(window, qtbot):
    choose(qtbot, window, 1)
    press(qtbot, window, Qt.Key.Key_F11)
    around = (window.menuBar(), window.statusBar(), window.gallery, window.side, window.strip)
    assert not any(widget.isVisible() for widget in around)
    assert window.view.isVisible()
    press(qtbot, window, Qt.Key.Key_1)
    assert window.session.workspace.label_of(1).correction is not None
    assert window.session.workspace.row == 2
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.session.workspace.row == 1
    press(qtbot, window, Qt.Key.Key_Escape)
    assert all(widget.isVisible() for widget in around)
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.session.workspace.row == 2


def test_frames_are_compared_side_by_side_with_one_zoom(window, tiny_bundle, qtbot):
    use_bundle(window.session, tiny_bundle)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.open_frame.answer is not None)
    select(window, [1])
    press(qtbot, window, Qt.Key.Key_G)
    assert window.comparison.shown is None
    assert "two to four frames" in window.statusBar().currentMessage()
    select(window, [0, 1, 4])
    press(qtbot, window, Qt.Key.Key_G)
    panes = window.comparison.shown.panes
    qtbot.waitUntil(lambda: all(pane.frame for pane in panes))
    assert [pane.name.text() for pane in panes] == ["polyps/0.png", "polyps/1.png", "polyps/4.png"]
    assert all("label: polyps" in pane.said.text() and "model: " in pane.said.text() for pane in panes)
    panes[0].canvas.zoom(2.0)
    middles = [pane.part for pane in panes]
    for middle, width in middles[1:]:
        assert (middle.x(), middle.y(), width) == pytest.approx((middles[0][0].x(), middles[0][0].y(), middles[0][1]), rel=0.05)
    press(qtbot, window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: all(pane.canvas.has_heat for pane in panes))
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.comparison.shown is None
    assert window.view.stage.currentWidget() is window.view.canvas


def test_heat_maps_of_a_comparison_are_made_when_they_are_wanted_and_not_as_it_ends(window, tiny_bundle, qtbot, monkeypatch):
    from endodesk.ui.frame import compare_view

    use_bundle(window.session, tiny_bundle)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.open_frame.answer is not None)
    drawn, draw = [], compare_view.heat_to_qimage
    monkeypatch.setattr(compare_view, "heat_to_qimage", lambda *what: drawn.append(1) or draw(*what))
    select(window, [0, 1])
    press(qtbot, window, Qt.Key.Key_G)
    panes = window.comparison.shown.panes
    qtbot.waitUntil(lambda: all(pane.frame for pane in panes))
    assert not drawn
    press(qtbot, window, Qt.Key.Key_H)
    assert len(drawn) == 2
    window.actions_by_name["turn_blind"].trigger()
    assert not any(pane.canvas.has_heat for pane in panes)
    window.actions_by_name["turn_blind"].trigger()
    assert all(pane.canvas.has_heat for pane in panes)
    drawn.clear()
    window.session.navigation.choose(3)
    assert window.comparison.shown is None
    assert not drawn


def test_a_comparison_left_before_its_frames_are_there_is_heard_of_no_more(window, qtbot):
    select(window, [1, 2])
    press(qtbot, window, Qt.Key.Key_G)
    assert not any(pane.frame for pane in window.comparison.shown.panes)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.session.jobs.idle)
    qtbot.wait(20)  # what is on its way arrives; an error in it fails the test
    assert window.comparison.shown is None


def test_a_comparison_hides_answers_from_who_reads_blind_and_ends_with_the_next_frame(window, tiny_bundle, qtbot):
    use_bundle(window.session, tiny_bundle)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.open_frame.answer is not None)
    window.actions_by_name["turn_blind"].trigger()
    select(window, [0, 1])
    press(qtbot, window, Qt.Key.Key_G)
    panes = window.comparison.shown.panes
    qtbot.waitUntil(lambda: all(pane.frame for pane in panes))
    assert not any("model: " in pane.said.text() for pane in panes)
    window.session.navigation.choose(3)
    assert window.comparison.shown is None
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    assert window.view.stage.currentWidget() is window.view.canvas
    assert not [label for label in window.view.findChildren(QLabel) if label.isVisible() and "side by side" in label.text()]


@pytest.mark.slow
def test_another_language_or_folder_in_full_screen_or_a_comparison_finds_all_panels(window, qtbot, tmp_path):
    press(qtbot, window, Qt.Key.Key_F11)
    window.preferences.set("language", "es")
    settle(qtbot, window)
    assert all(widget.isVisible() for widget in (window.menuBar(), window.gallery, window.side, window.strip))
    window.preferences.set("language", "en")
    settle(qtbot, window)
    select(window, [0, 1])
    press(qtbot, window, Qt.Key.Key_G)
    assert window.comparison.shown is not None
    put(tmp_path / "other" / "polyps" / "1.png", png(9))
    window.open(tmp_path / "other")
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.view.canvas is not None)
    assert window.comparison.shown is None
    assert window.view.stage.currentWidget() is window.view.canvas
    press(qtbot, window, Qt.Key.Key_F11)
    window.close()
