"""Window, dialogs and popups fit on a screen of 960 x 560 (1440 x 900 at 150 %, less a task bar), in both languages, or scroll."""

import pytest
from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea
from watching import settle

from endodesk.app.user_places import settings_file
from endodesk.ui.main_window import MainWindow
from endodesk.ui.widgets.fitting import on_screen, put_on_screen

pytestmark = pytest.mark.slow

SMALL = QSize(960, 560)
DIALOGS = (
    "take_frames", "new_project", "ask_classes", "show_settings", "check_splits", "show_keys", "show_tour", "show_about", "retrain",
    "show_models", "verify_record", "plan_reads", "clear_stored", "show_backups", "export_record", "import_record", "show_matrix",
)  # fmt: skip


def fits(size):
    return size.width() <= SMALL.width() and size.height() <= SMALL.height()


@pytest.fixture(params=[("en", 100), ("es", 100), ("es", 200)], ids=str)
def told(request, window, qtbot):
    """The window in a language, with text of a size in percent."""
    language, percent = request.param
    window.preferences.set("text_percent", percent)
    window.preferences.set("language", language)
    settle(qtbot, window)
    yield window
    window.preferences.reset()


@pytest.mark.slow
def test_every_dialog_can_be_as_small_as_the_screen(told, qtbot):
    assert fits(told.minimumSizeHint())
    assert fits(told.minimumSize())
    seen = set()
    for name in DIALOGS:
        told.do(name)
        dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
        assert fits(dialog.minimumSizeHint()), (name, dialog.minimumSizeHint())
        assert fits(dialog.minimumSize()), (name, dialog.minimumSize())
        free = dialog.screen().availableSize()
        assert dialog.width() <= free.width(), name
        assert dialog.height() <= free.height(), name
        seen.add(type(dialog).__name__)
        dialog.close()
        settle(qtbot, told)  # a dialog that is at work goes once that has stopped
    told.strip.open_knobs()
    assert fits(told.strip.findChild(QDialog).minimumSizeHint())
    assert len(seen) == len(DIALOGS)


@pytest.mark.slow
def test_nothing_is_cut_off_where_the_usual_text_is_shown_on_the_small_screen(window, qtbot):
    for language in ("en", "es"):
        window.preferences.set("language", language)
        settle(qtbot, window)
        window.resize(SMALL)
        QApplication.processEvents()
        room = window.centralWidget()
        assert isinstance(room, QScrollArea)
        assert window.size() == SMALL
        assert (room.horizontalScrollBar().maximum(), room.verticalScrollBar().maximum()) == (0, 0), language
    window.preferences.reset()


def test_large_text_is_scrolled_to(window, qtbot):
    window.preferences.set("text_percent", 200)
    window.resize(SMALL)
    settle(qtbot, window)
    assert window.centralWidget().horizontalScrollBar().maximum() > 0
    window.preferences.reset()


def test_a_window_kept_on_a_larger_screen_comes_back_onto_this_one(window, qtbot):
    free = window.screen().availableGeometry()
    window.setGeometry(3000, 2000, 2400, 1800)
    settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
    settings.setValue("geometry", QByteArray(window.saveGeometry()))
    settings.sync()
    again = MainWindow(type(window.session.project).nothing())
    qtbot.addWidget(again)
    again.show()
    assert free.contains(again.geometry())
    again.close()


def test_a_window_kept_at_quite_another_scale_begins_as_at_the_first_start(window, qtbot):
    kept = bytearray(window.saveGeometry().data())
    kept[46:50] = (2 * window.screen().size().width()).to_bytes(4, "big")  # of the screen, as Qt 6 writes it: at 100 % after 200 %
    settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
    settings.setValue("geometry", QByteArray(bytes(kept)))
    settings.sync()
    again = MainWindow(type(window.session.project).nothing())
    qtbot.addWidget(again)
    assert again.size() == on_screen(again, QSize(1360, 860))
    again.close()


def test_a_popup_beyond_an_edge_is_moved_back(window, qtbot):
    panel = window.gallery.bar.open_panel()
    free = panel.screen().availableGeometry()
    panel.move(free.right() - 10, free.bottom() - 10)
    put_on_screen(panel)
    assert free.contains(panel.geometry())
    panel.close()
