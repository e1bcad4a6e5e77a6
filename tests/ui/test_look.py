"""The look in both themes, languages and sizes: contrast, settings, switching, nothing clipped, everything named."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSlider,
    QWidget,
)
from watching import choose, press, settle

import resources
from endodesk.app.language import tr, use_language
from endodesk.app.preferences import SETTINGS, Preferences
from endodesk.app.user_places import settings_file
from endodesk.domain.label_set import COLOURS
from endodesk.system.task import Progress
from endodesk.ui.commands.entries import ENTRIES
from endodesk.ui.training.retrain_dialog import RetrainDialog
from endodesk.ui.widgets.theme import ON_PICTURE, PICTURE_GROUND, THEMES, apply_theme, colours, contrast, readable

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
WORDS = Path(resources.TRANSLATIONS) / "endodesk_es.ts"


@pytest.fixture(autouse=True)
def as_it_was(qapp):
    yield
    use_language("en")
    apply_theme(qapp)


# --- contrast ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_all_text_has_a_contrast_of_four_and_a_half_on_every_ground_it_stands_on(theme):
    c = THEMES[theme]
    for ground in (c.ground, c.panel, c.raised):
        for text in (c.text, c.quiet, c.accent, c.warning):
            assert contrast(QColor(text), QColor(ground)) >= 4.5, (text, ground)
        for colour in COLOURS:
            assert contrast(readable(QColor(colour), ground), QColor(ground)) >= 4.5, (colour, ground)
    assert contrast(QColor(c.on_chosen), QColor(c.chosen)) >= 4.5
    assert contrast(QColor(c.text), QColor(c.bar)) >= 4.5
    assert contrast(QColor(PICTURE_GROUND), QColor(c.warning_fill)) >= 4.5
    for colour in (*COLOURS, ON_PICTURE, c.warning_fill):
        assert contrast(QColor(colour), QColor(PICTURE_GROUND)) >= 4.5, colour
    for rim in (c.accent, c.chosen_rim):
        assert contrast(QColor(rim), QColor(c.panel)) >= 3, "what shows where the keyboard is"


def test_contrast_is_that_of_wcag():
    assert contrast(QColor("#ffffff"), QColor("#000000")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


# --- switching --------------------------------------------------------------------------------------------------------


def test_another_theme_is_on_at_once_everywhere(window, qtbot):
    panel = window.answer
    dark = panel.grab().toImage().pixelColor(3, panel.height() - 3)
    window.preferences.set("theme", "light")
    assert colours() is THEMES["light"]
    light = panel.grab().toImage().pixelColor(3, panel.height() - 3)
    assert dark.lightness() < 80 < 200 < light.lightness()
    glyph = window.actions_by_name["choose_folder"].icon().pixmap(QSize(22, 22)).toImage()
    drawn = [glyph.pixelColor(x, y) for x in range(22) for y in range(22) if glyph.pixelColor(x, y).alpha() > 250]
    assert drawn
    assert all(colour.lightness() < 90 for colour in drawn)


def test_the_system_s_theme_is_followed_unless_one_was_chosen(window, qapp, monkeypatch):
    monkeypatch.setattr("endodesk.ui.widgets.theme.theme_of", lambda choice: "light" if choice == "system" else choice)
    window.effects.system_changed()
    assert colours() is THEMES["light"]
    window.preferences.set("theme", "dark")
    window.effects.system_changed()
    assert colours() is THEMES["dark"]


def test_the_check_mark_is_found_wherever_the_program_lies(qapp, tmp_path, monkeypatch):
    def drawn():
        apply_theme(qapp)
        box = QCheckBox("a")
        box.setChecked(True)
        return box.grab().toImage()

    usual, elsewhere = drawn(), tmp_path / """José's "program" (1)"""
    shutil.copytree(resources.ICONS, elsewhere)
    monkeypatch.setattr("endodesk.ui.widgets.theme.ICONS", elsewhere)
    assert drawn() == usual


@pytest.mark.slow
def test_another_language_is_on_at_once_and_the_work_goes_on(window, qtbot):
    choose(qtbot, window, 2)
    name = window.session.workspace.entry.name
    window.preferences.set("language", "es")
    settle(qtbot, window)
    assert window.menuBar().actions()[0].text() == "&Archivo"
    qtbot.waitUntil(lambda: window.session.workspace.entry is not None and window.session.workspace.entry.name == name)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    press(qtbot, window, Qt.Key.Key_2)
    assert window.session.workspace.label_of(2).correction is not None
    window.preferences.set("language", "en")
    settle(qtbot, window)
    assert window.menuBar().actions()[0].text() == "&File"
    assert window.session.workspace.label_of(2).correction is not None
    assert len(window.actions_by_name) == sum(bool(entry.words) for entry in ENTRIES)


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("kind", "checked"), [("", False), ("", True), ("main", False), ("chip", False), ("chip", True)])
def test_where_the_keyboard_is_can_be_seen_on_every_kind_of_button(window, qtbot, theme, kind, checked):
    window.preferences.set("theme", theme)
    dialog = QDialog(window)
    other, button = QPushButton("other", dialog), QPushButton("button", dialog)
    button.setProperty("kind", kind)
    button.setCheckable(checked)
    button.setChecked(checked)
    other.move(0, 60)
    dialog.resize(200, 120)
    dialog.show()
    dialog.activateWindow()
    looks = []
    for focused in (other, button):
        focused.setFocus()
        qtbot.waitUntil(focused.hasFocus)
        looks.append(button.grab().toImage())
    assert looks[0] != looks[1]


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_setting_has_a_field_that_acts_and_is_kept(window, qtbot):
    window.actions_by_name["show_settings"].trigger()
    [dialog] = window.findChildren(QDialog)
    assert set(dialog.fields) == {setting.key for setting in SETTINGS}
    dialog.fields["go_on"].click()
    dialog.fields["heat_opacity"].setValue(80)
    dialog.fields["text_percent"].setValue(150)
    dialog.fields["answer_all"].click()
    theme = dialog.fields["theme"]
    theme.setCurrentIndex(theme.findData("light"))
    theme.activated.emit(theme.currentIndex())
    assert window.answer.opacity.value() == 80
    assert colours() is THEMES["light"]
    kept = Preferences()
    assert (kept.is_on("go_on"), kept.number("heat_opacity"), kept.text("theme"), kept.is_on("answer_all")) == (False, 80, "light", False)
    dialog.hide()
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_1)
    assert window.session.workspace.label_of(0).correction is not None
    assert window.session.workspace.row == 0, "the frame stays after a label"
    dialog.defaults.click()
    assert [Preferences().value(setting.key) for setting in SETTINGS] == [setting.default for setting in SETTINGS]
    press(qtbot, window, Qt.Key.Key_1)
    assert window.session.workspace.row == 1


def test_the_reader_s_name_acts_at_once_where_the_project_has_none_of_its_own(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_1)
    assert window.actions_by_name["undo"].isEnabled()
    window.preferences.set("reader", "Dr. Li")
    assert window.session.workspace.reader == "Dr. Li"
    assert not window.actions_by_name["undo"].isEnabled(), "another reader has steps of their own"


def test_damaged_and_foreign_values_are_the_defaults(home):
    file = settings_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(
        b"[General]\ntheme=pink\nlanguage=@Invalid()\ntext_percent=9999\nheat_map=perhaps\nheat_opacity=many\nreader=a\\nb\n\xff\xfe"
    )
    kept = Preferences()
    assert [kept.value(setting.key) for setting in SETTINGS] == [setting.default for setting in SETTINGS]


def test_the_guide_tells_every_setting_as_the_program_does():
    told = (ROOT / "docs" / "settings.md").read_text("utf-8")
    lines = [f"| {setting.title} | {default_of(setting)} | {setting.told} |" for setting in SETTINGS]
    assert [line for line in lines if line not in told] == []
    assert told.count("\n| ") == len(SETTINGS) + 1


def default_of(setting):
    if setting.choices:
        return dict(setting.choices)[setting.default]
    if isinstance(setting.default, bool):
        return "on" if setting.default else "off"
    return f"{setting.default}{setting.unit}" if setting.default != "" else "empty"


# --- words ------------------------------------------------------------------------------------------------------------


def texts(path):
    """Translation by English text and note."""
    messages = ET.parse(path).iter("message")  # noqa: S314  # our own file
    return {(message.findtext("source"), message.findtext("comment") or ""): message.find("translation") for message in messages}


def test_the_spanish_file_has_every_text_of_the_sources_and_each_is_translated(tmp_path):
    lupdate = shutil.which("pyside6-lupdate") or str(Path(sys.executable).with_name("pyside6-lupdate"))
    fresh = tmp_path / "es.ts"
    sources = [str(path) for path in sorted((ROOT / "endodesk").rglob("*.py"))]
    subprocess.run([lupdate, "-tr-function-alias", "QT_TR_NOOP+=marked", *sources, "-ts", str(fresh)], check=True, capture_output=True)
    kept = texts(WORDS)
    assert set(texts(fresh)) - set(kept) == set(), "run make translations, and translate what is new"
    assert [text for text, told in kept.items() if not told.text or told.get("type") == "unfinished"] == []


def test_translations_have_the_same_places_for_values():
    for (source, _), told in texts(WORDS).items():
        places = [sorted(re.findall(r"\{[^}]*\}", text)) for text in (source, told.text or "")]
        assert places[0] == places[1], source


def test_what_the_program_loads_is_what_the_translators_wrote(qapp):
    use_language("es")
    assert [text for text, told in texts(WORDS).items() if tr(*text) != told.text] == [], "run make translations"


# --- nothing clipped, everything named --------------------------------------------------------------------------------


def clipped(window):
    """Texts of labels and buttons that have not the room they ask for."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or not isinstance(widget, (QLabel, QPushButton, QCheckBox)) or not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()) - 1:
                found.append((widget.text(), widget.size().toTuple(), widget.heightForWidth(widget.width())))
        elif widget.width() < widget.minimumSizeHint().width() - 1 or widget.height() < widget.minimumSizeHint().height() - 1:
            found.append((widget.text(), widget.size().toTuple(), widget.minimumSizeHint().toTuple()))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "height", "text_percent"), [(1280, 800, 100), (1920, 1080, 100), (1920, 1080, 200)])
def test_no_text_is_clipped(window, qtbot, theme, language, width, height, text_percent):
    window.preferences.set("language", language)
    window.preferences.set("theme", theme)
    window.preferences.set("text_percent", text_percent)
    window.resize(width, height)
    settle(qtbot, window)
    qtbot.wait(20)
    assert (window.width(), window.height()) == (width, height)
    assert clipped(window) == []
    window.actions_by_name["turn_side"].trigger()
    qtbot.wait(20)
    assert clipped(window) == []


_QT_S_OWN = ("QLineEdit", "QMenuBar", "QToolBar", "QAbstractSpinBox")
"""Parents of buttons that Qt itself puts there and names."""


def unnamed(window):
    """Controls that a screen reader would not know what to call."""
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider, QProgressBar)
    found, labelled = [], [label.buddy() for label in window.findChildren(QLabel)]
    for widget in window.findChildren(QWidget):
        if (
            widget not in labelled
            and isinstance(widget, kinds)
            and not widget.objectName().startswith("qt_")
            and not isinstance(widget.parent(), QAbstractSpinBox)
        ):
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (text or widget.accessibleName() or widget.toolTip()) and not isinstance(widget.parent(), QComboBox):
                found.append((type(widget).__name__, type(widget.parent()).__name__, widget.objectName()))
    return found


def test_every_control_of_the_window_and_its_dialogs_has_a_name(window, qtbot):
    for name in (
        "show_settings",
        "show_keys",
        "show_tour",
        "ask_classes",
        "check_splits",
        "retrain",
        "show_models",
        "new_project",
        "take_frames",
    ):
        window.actions_by_name[name].trigger()
    settle(qtbot, window)
    assert [found for found in unnamed(window) if found[1] not in _QT_S_OWN] == []


def test_no_two_entries_have_the_same_key_and_none_is_that_of_a_class(window):
    keys = [entry.keys for entry in ENTRIES if entry.keys]
    assert len(keys) == len(set(keys))
    assert not {one.key for one in window.session.workspace.label_set.classes if one.key} & set(keys)


# --- the tour, the sheet of keys, what runs ---------------------------------------------------------------------------


def test_a_warning_waits_for_the_end_of_the_tour(window, qtbot):
    from endodesk.ui.dialogs.tour import Tour

    window.actions_by_name["show_tour"].trigger()
    window.warn("Something.")
    [tour], [box] = window.findChildren(Tour), window.findChildren(QMessageBox)
    assert tour.isVisible()
    assert not box.isVisible()
    qtbot.keyClick(tour, Qt.Key.Key_Escape)
    qtbot.waitUntil(box.isVisible)
    box.close()


def test_the_tour_goes_by_keyboard_and_comes_by_itself_only_once(window, qtbot):
    from endodesk.ui.dialogs.tour import CARDS, Tour, is_due

    window.actions_by_name["show_tour"].trigger()
    [tour] = window.findChildren(Tour)
    for _ in range(len(CARDS) - 1):
        qtbot.keyClick(tour.on, Qt.Key.Key_Return)
    assert tour.cards.currentIndex() == len(CARDS) - 1
    with qtbot.waitSignal(tour.finished):
        qtbot.keyClick(tour.on, Qt.Key.Key_Return)
    settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
    assert is_due(settings)
    assert not is_due(settings)


def test_keys_are_found_by_their_words(window, qtbot):
    from endodesk.ui.dialogs.keys_sheet import KeysSheet

    window.actions_by_name["show_keys"].trigger()
    [sheet] = window.findChildren(KeysSheet)
    sheet.search.setText("heat")
    shown = [label.text() for label in sheet.sheet.widget().findChildren(QLabel)]
    assert "Heat map" in shown
    assert "Undo" not in shown
    sheet.search.setText("nothing has these")
    assert [label.text() for label in sheet.sheet.widget().findChildren(QLabel)] == ["No key has these words."]


def test_all_that_runs_is_in_one_place_and_can_be_cancelled(window, qtbot):
    cancelled = []
    window.work.tell("Reading frames", Progress(40, 100, "", 8.0))
    window.work.tell("Counting", Progress(1, 2, "", 1.0), lambda: cancelled.append(1))
    assert window.work.text() == "Reading frames 40 %, 12 s left and 1 more"
    window.work.click()
    assert window.work.list.isVisible()
    buttons = {button.accessibleName(): button for button in window.work.list.findChildren(QPushButton)}
    assert not buttons["Cancel: Reading frames"].isEnabled()
    buttons["Cancel: Counting"].click()
    assert cancelled == [1]
    window.work.tell("Reading frames", Progress(50, 100, "", 9.0), lambda: cancelled.append(2))
    buttons["Cancel: Reading frames"].click()
    assert cancelled == [1, 2], "also where the way to cancel came later"
    window.work.tell("Counting", None)
    window.work.tell("Reading frames", None)
    assert not window.work.isVisible()
    assert not window.work.list.isVisible()


def test_a_training_tells_one_progress_wherever_it_stands(window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    title = window.windowTitle()
    window.job.progressed.emit(Progress(338, 1000, "", 20.0, 40.0))
    assert window.work.text() == "Training 33 %, 40 s left"
    assert dialog.running.bar.text() == "33 %, 40 s left"
    assert window.windowTitle() == f"33 % - {title}"
    window.job.ended.emit()
    assert window.work.works == {}
    assert window.windowTitle() == title


def test_jobs_of_the_split_check_stand_there_too_and_can_be_stopped(window, qtbot):
    heard = []
    window.session.workspace.progressed.connect(lambda name, progress: heard.append(name) if progress else None)
    window.actions_by_name["check_splits"].trigger()
    qtbot.waitUntil(lambda: "Checking the split" in heard)
    assert {"Checking the split", "Looking for leaks"} <= set(window.session.stops)
    settle(qtbot, window)
    assert window.work.works == {}


# --- golden pictures of the window ------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_the_window_looks_as_it_did(window, qtbot, theme, update_golden):
    """Blurred to 80 x 50 points: fonts differ between machines, panels and colours do not."""
    choose(qtbot, window, 0)
    window.preferences.set("theme", theme)
    window.resize(1280, 800)
    settle(qtbot, window)
    qtbot.wait(20)
    smooth = Qt.TransformationMode.SmoothTransformation
    small = window.grab().toImage().scaled(80, 50, mode=smooth).convertToFormat(QImage.Format.Format_RGB888)
    path = GOLDEN / f"window-{theme}.png"
    if update_golden:
        small.save(str(path))
    before, now = pixels(QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)), pixels(small)
    away = np.abs(before - now).mean(axis=2)
    assert away.mean() < 6, "look at the window; if the change is meant, run with --update-golden"
    assert (away > 60).mean() < 0.02


def pixels(image):
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(float)
