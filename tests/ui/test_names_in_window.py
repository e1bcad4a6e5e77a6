"""A folder of names that turn, hide, load or swallow something, in the real window: each is shown letter by letter, in its place."""

import sys

import pytest
from frame_folders import png, put
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QToolTip
from watching import settle

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.cases.case_report import _Page
from endodesk.domain.label_set import LabelClass, LabelSet
from endodesk.ui.dialogs.questions import ask, warn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such names can be given there")
IMG = "polyps/<img src=<x.png>><h1>Approved.png"
TURNED, HEBREW, AND, LINES = "polyps/\u202egnp.x.png", "polyps/שלום 12.png", "polyps/a&b & c.png", "polyps/a\nb.png"
LONG = f"polyps/{'long' * 50}.png"


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "<b>R&D<_b> [*] \u202egnp"
    for number, name in enumerate((IMG, TURNED, HEBREW, AND, LINES, LONG)):
        put(folder / name, png(number))
    put(folder / "polyps" / "x.png", png(50))
    return folder


def open_row(window, qtbot, name):
    row = window.session.workspace.frames.names.index(name)
    window.session.navigation.choose(row)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and " x " in window.view.title.text(), timeout=5000)
    return row


def tip_of(window, row):
    place = window.session.shown.arrangement.place(row)
    return window.gallery.model.index(place).data(Qt.ItemDataRole.ToolTipRole)


def letters(tip):
    """What a tip shows: as Qt's own label for tips takes it."""
    document = QTextDocument()
    document.setHtml(tip) if GuiQt.mightBeRichText(tip) else document.setPlainText(tip)
    return document.toPlainText()


def test_every_label_is_plain_and_every_tip_shows_the_letters(window, qtbot):
    for name in window.session.workspace.frames.names:
        row = open_row(window, qtbot, name)
        assert "\u202e" not in tip_of(window, row)
        assert "\ufffc" not in letters(tip_of(window, row))  # where a picture would stand
    told = [label for label in window.findChildren(QLabel) if label.text()]
    assert len(told) > 20
    assert {label.textFormat() for label in told} == {Qt.TextFormat.PlainText}
    assert not [label.text() for label in told if "\u202e" in label.text()]
    row = open_row(window, qtbot, IMG)
    assert window.view.title.text().startswith(f"{IMG}   96 x ")
    assert letters(tip_of(window, row)).startswith(IMG)


def test_what_stands_beside_a_name_stays_there(window, qtbot):
    open_row(window, qtbot, TURNED)
    assert window.view.title.text().startswith("polyps/\N{REPLACEMENT CHARACTER}gnp.x.png   96 x ")
    open_row(window, qtbot, HEBREW)
    assert window.view.title.text().startswith("\u2068polyps/שלום 12.png\u2069   96 x ")
    open_row(window, qtbot, LINES)
    assert "\n" not in window.view.title.text()


def test_a_name_without_a_space_does_not_widen_the_window(window, qtbot):
    before = window.view.minimumSizeHint().width()
    open_row(window, qtbot, LONG)
    assert window.view.minimumSizeHint().width() < max(before, 300)


def test_title_and_status_bar_show_names_as_they_are(window, qtbot):
    assert window.windowTitle().startswith("<b>R&D<_b> [*][*] \N{REPLACEMENT CHARACTER}gnp - ")
    window.session.workspace.message.emit("\u202egnp")
    assert window.statusBar().currentMessage() == "\N{REPLACEMENT CHARACTER}gnp"


def test_a_tip_that_is_shown_loads_no_picture(window, qtbot, images, monkeypatch):
    asked = []
    monkeypatch.setattr(QTextDocument, "loadResource", lambda self, kind, url: asked.append(QUrl(url)))
    row = open_row(window, qtbot, IMG)
    view, place = window.gallery.view, window.session.shown.arrangement.place(row)
    middle = view.visualRect(window.gallery.model.index(place)).center()
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, middle, view.viewport().mapToGlobal(middle)))
    assert letters(QToolTip.text()).startswith(IMG)
    assert QToolTip.text() == tip_of(window, row)
    assert "<img" not in QToolTip.text()
    assert asked == []
    QToolTip.hideText()


@pytest.mark.parametrize("opens", [warn, lambda parent, text: ask(parent, text, text, yes="Yes", then=lambda: None)])
def test_a_box_shows_a_path_letter_by_letter(window, qtbot, opens):
    opens(window, f"{IMG} cannot be read. \u202eb & c")
    box = window.findChild(QMessageBox)
    assert box.text() == f"{IMG} cannot be read. \N{REPLACEMENT CHARACTER}b & c"
    assert {label.textFormat() for label in box.findChildren(QLabel) if label.text()} == {Qt.TextFormat.PlainText}
    box.close()


def test_names_of_classes_keep_their_ampersands_on_buttons_and_boxes(window, qtbot, monkeypatch):
    monkeypatch.setattr("endodesk.domain.classes.ClassSet.__post_init__", lambda self: None)  # names from older projects and other bundles
    window.session.use_classes(LabelSet((LabelClass("a & b <i>\u202e", "1", "#E69F00"), LabelClass("polyps", "2", "#56B4E9"))))
    settle(qtbot, window)
    panel = window.gallery.bar.open_panel()
    buttons = (*window.answer.label.findChildren(QAbstractButton), *panel.findChildren(QAbstractButton))
    told = [button for button in buttons if "a &" in button.text()]
    assert len(told) >= 2
    for button in told:
        assert "a && b <i>\N{REPLACEMENT CHARACTER}" in button.text()
        assert button.shortcut().isEmpty()
        assert "\u202e" not in button.toolTip()
    panel.close()


def test_a_chip_that_is_cut_keeps_its_cross_beside_a_hebrew_name(window, qtbot):
    window.session.shown.set_filter(FrameFilter(cases=("שלום " * 20, "<b>\u202e & b")))
    chip = next(one for one in window.gallery.bar.chips.findChildren(QAbstractButton) if "..." in one.text())
    assert chip.text().startswith("\u2068שלום")
    assert chip.text().endswith("...\u2069  \N{MULTIPLICATION SIGN}")
    assert "<b>" not in chip.toolTip()
    assert "\u202e" not in chip.toolTip()


def test_a_report_on_paper_shows_names_as_they_may_be_seen():
    written = []

    class Painter:
        def __getattr__(self, name):
            return lambda *told: written.append(told[-1])

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont

    _Page(Painter(), QRectF(0, 0, 100, 100))._text(QFont(), "#000000", QRectF(), f"{IMG}\n\u202eb")
    assert written[-1] == f"{IMG}\n\N{REPLACEMENT CHARACTER}b"


def test_the_true_names_stay_in_the_program(window):
    assert set(window.session.workspace.frames.names) == {IMG, TURNED, HEBREW, AND, LINES, LONG, "polyps/x.png"}
