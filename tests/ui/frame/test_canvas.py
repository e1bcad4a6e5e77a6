"""The frame in the real window: zoom, pan, actual size, and what is under the pointer."""

import cv2
import numpy as np
import pytest
from frame_folders import png, put
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from watching import choose, press, settle, words

NONE, CTRL, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def images(tmp_path):
    """Three frames of one size."""
    for n in range(3):
        pixels = cv2.resize(cv2.imdecode(np.frombuffer(png(n, width=320), np.uint8), cv2.IMREAD_COLOR), (320, 256))
        put(tmp_path / "frames" / "polyps" / f"frame-{n}.png", cv2.imencode(".png", pixels)[1].tobytes())
    return tmp_path / "frames"


@pytest.fixture
def canvas(window):
    return window.view.canvas


def viewport(canvas):
    return canvas.graphics.viewport()


def under(canvas, place):
    """Which point of the frame is drawn at a place of the panel."""
    return canvas.box.mapSceneToView(QPointF(place))


def turn_wheel(canvas, place, *, up):
    target = viewport(canvas)
    delta = QPoint(0, 120 if up else -120)
    where = QPointF(target.mapToGlobal(place))
    event = QWheelEvent(QPointF(place), where, QPoint(), delta, Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(target, event)


def near(first, second, within):
    return abs(first.x() - second.x()) < within and abs(first.y() - second.y()) < within


def painted(canvas):
    """What is painted of the frame's panel, H x W x 3."""
    image = viewport(canvas).grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    height, width = image.height(), image.width()
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, : 3 * width].reshape(height, width, 3).copy()


def test_the_whole_frame_is_shown_upright_as_large_as_the_panel_allows(canvas):
    part = canvas.box.viewRect()
    assert part.contains(canvas.picture_rect.adjusted(1e-6, 1e-6, -1e-6, -1e-6))
    assert min(part.width() / canvas.picture_rect.width(), part.height() / canvas.picture_rect.height()) == pytest.approx(1, abs=1e-6)
    assert under(canvas, QPoint(10, 10)).y() < under(canvas, QPoint(10, 200)).y()


@pytest.mark.parametrize("up", [True, False])
def test_the_wheel_zooms_to_the_pointer(canvas, up):
    place = QPoint(viewport(canvas).width() // 3, viewport(canvas).height() // 4)
    before, scale = under(canvas, place), canvas.scale
    for _ in range(4):
        turn_wheel(canvas, place, up=up)
    assert near(under(canvas, place), before, within=0.01)
    assert canvas.scale / scale > 2 if up else canvas.scale / scale < 0.5


def test_zoom_stops_at_a_few_pixels_and_at_a_small_picture(canvas):
    for up in (True, False):
        for _ in range(60):
            turn_wheel(canvas, QPoint(100, 100), up=up)
        assert 8 < canvas.box.viewRect().width() < 20 * canvas.longer_px


def test_the_frame_is_dragged(canvas, qtbot):
    turn_wheel(canvas, QPoint(200, 150), up=True)
    held = under(canvas, QPoint(200, 150))
    QTest.mousePress(viewport(canvas), Qt.MouseButton.LeftButton, NONE, QPoint(200, 150))
    for x in range(205, 265, 5):
        qtbot.wait(15)  # pyqtgraph passes over moves that come faster than a screen shows them
        QTest.mouseMove(viewport(canvas), QPoint(x, 150 + (x - 200) // 2))
    QTest.mouseRelease(viewport(canvas), Qt.MouseButton.LeftButton, NONE, QPoint(260, 180))
    assert near(under(canvas, QPoint(260, 180)), held, within=2)


def test_actual_size_is_pixel_for_pixel(window, canvas, qtbot):
    pixels = window.session.workspace.open_frame.image
    canvas.mark_place(None)
    window.actions_by_name["actual_size"].trigger()
    assert canvas.scale == pytest.approx(1 * canvas.devicePixelRatioF())
    corner = canvas.graphics.mapFromScene(canvas.box.mapViewToScene(QPointF(0, 0)))
    height, width = pixels.shape[:2]
    x, y = corner.x(), corner.y()
    assert np.array_equal(painted(canvas)[y : y + height, x : x + width], pixels)
    assert "100 %" in words(window.view)


def test_fit_comes_back_and_stays_when_the_window_changes(window, canvas, qtbot):
    window.actions_by_name["actual_size"].trigger()
    window.actions_by_name["fit"].trigger()
    whole = canvas.box.viewRect()
    assert whole.contains(canvas.picture_rect.adjusted(1e-6, 1e-6, -1e-6, -1e-6))
    window.resize(window.width() + 100, window.height() + 60)
    qtbot.waitUntil(lambda: canvas.box.viewRect() != whole)
    part = canvas.box.viewRect()
    assert min(part.width() / canvas.picture_rect.width(), part.height() / canvas.picture_rect.height()) == pytest.approx(1, abs=1e-6)


def test_a_chosen_zoom_keeps_its_scale_and_middle_when_the_window_changes(window, canvas, qtbot):
    press(qtbot, window, Qt.Key.Key_Plus)
    press(qtbot, window, Qt.Key.Key_Plus)
    scale, part = canvas.scale, canvas.box.viewRect()
    window.resize(window.width() + 100, window.height() + 60)
    qtbot.waitUntil(lambda: canvas.box.viewRect() != part)
    assert canvas.scale == pytest.approx(scale, rel=1e-3)
    assert near(canvas.box.viewRect().center(), part.center(), within=0.5)


def test_keys_zoom_and_move(window, canvas, qtbot):
    whole = canvas.box.viewRect()
    press(qtbot, window, Qt.Key.Key_Plus)
    closer = canvas.box.viewRect()
    assert closer.width() == pytest.approx(whole.width() / 1.25)
    assert near(closer.center(), whole.center(), within=0.01)
    row = window.session.workspace.row
    press(qtbot, window, Qt.Key.Key_Right, ALT)
    assert canvas.box.viewRect().x() > closer.x()
    press(qtbot, window, Qt.Key.Key_Down, ALT)
    assert canvas.box.viewRect().y() > closer.y()
    press(qtbot, window, Qt.Key.Key_Left, ALT)
    press(qtbot, window, Qt.Key.Key_Up, ALT)
    assert near(canvas.box.viewRect().center(), closer.center(), within=0.01)
    press(qtbot, window, Qt.Key.Key_Minus)
    assert canvas.box.viewRect().width() == pytest.approx(whole.width())
    assert window.session.workspace.row == row


def test_the_part_in_view_stays_on_the_next_frame_of_the_same_size(window, canvas, qtbot):
    press(qtbot, window, Qt.Key.Key_Plus)
    press(qtbot, window, Qt.Key.Key_Right, ALT)
    part = canvas.box.viewRect()
    choose(qtbot, window, 1)
    assert canvas.box.viewRect() == part
    press(qtbot, window, Qt.Key.Key_F)
    choose(qtbot, window, 2)
    assert canvas.box.viewRect().contains(canvas.picture_rect.adjusted(1e-6, 1e-6, -1e-6, -1e-6))


def test_a_double_click_shows_the_whole_frame(window, canvas, qtbot):
    press(qtbot, window, Qt.Key.Key_Plus)
    QTest.mouseDClick(viewport(canvas), Qt.MouseButton.LeftButton, NONE, QPoint(100, 100))
    QTest.mouseRelease(viewport(canvas), Qt.MouseButton.LeftButton, NONE, QPoint(100, 100))
    assert canvas.fitted


def test_the_pixel_under_the_pointer_is_told(window, canvas, qtbot):
    pixels = window.session.workspace.open_frame.image
    for x, y in ((0, 0), (100, 50), (319, pixels.shape[0] - 1)):
        place = canvas.graphics.mapFromScene(canvas.box.mapViewToScene(QPointF(x + 0.5, y + 0.5)))
        qtbot.wait(15)
        QTest.mouseMove(viewport(canvas), place)
        red, green, blue = pixels[y, x]
        assert window.view.read_out.pixel.text() == f"x {x}  y {y}    R {red}  G {green}  B {blue}"
    qtbot.wait(15)
    QTest.mouseMove(viewport(canvas), QPoint(1, 1))
    assert window.view.read_out.pixel.text() == ""  # beside the frame


def test_the_title_covers_nothing_of_the_picture(window, canvas):
    title = window.view.title
    assert title.mapTo(window, title.rect().bottomLeft()).y() < canvas.mapTo(window, canvas.rect().topLeft()).y()


def test_who_draws_on_the_frame_is_told_its_size_and_when_it_is_away(images, open_window, qtbot):
    window = open_window(images)
    made, shown = [], []
    window.view.canvas_made.connect(made.append)
    window.view.picture_shown.connect(lambda size: shown.append((size.width(), size.height())))
    settle(qtbot, window)
    assert made == [window.view.canvas]
    assert window.view.box is made[0].box
    height, width = window.session.workspace.open_frame.image.shape[:2]
    assert shown[-1] == (width, height)
    window.view.show_step(1)
    assert shown[-1] == (-1, -1)
    window.view.show_step(None)
    assert shown[-1] == (width, height)
