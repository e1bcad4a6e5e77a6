"""Every text that comes to be seen goes through a door that shows it letter by letter: endodesk/ui/widgets/plain_text.py."""

from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPixmap, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QProgressBar
from text_doors import past_the_doors

import endodesk.ui
from endodesk.app.language import tr
from endodesk.ui.dialogs.questions import message_box
from endodesk.ui.widgets.plain_text import PlainLabel, bar_text, breakable, button_text, draw_text, tip_text, title_text

UI = Path(endodesk.ui.__file__).parent
IMG = '<img src="x.png"><h1>Approved.png'
PLANTED = {
    "a label of Qt's own": "from PySide6.QtWidgets import QLabel",
    "a label by its module": "from PySide6 import QtWidgets\nlabel = QtWidgets.QLabel(name)",
    "a box of Qt's own": "from PySide6.QtWidgets import QMessageBox",
    "a field that reads 0.4 as 4,0": "from PySide6.QtWidgets import QDoubleSpinBox",
    "a tip": "def show(self, name):\n    self.view.setToolTip(name)",
    "a tip by a name": "def show(self):\n    tip = self.name\n    self.view.setToolTip(tip)",
    "a tip made of pieces": "def show(self):\n    self.view.setToolTip(f\"{tr('Frame')} {self.name}\")",
    "a button": "button = QPushButton(one.name)",
    "a tab": "self.tabs.addTab(page, page.name)",
    "a title": 'self.setWindowTitle(f"{name} - EndoDesk")',
    "the status bar": "self.statusBar().showMessage(text, 8000)",
    "a table": "self.table.setItem(0, 0, QTableWidgetItem(bundle.name))",
    "a list of choices": "self.box.addItem(name, name)",
    "a tip of a model": "if role == Qt.ItemDataRole.ToolTipRole:\n    pass",
    "painted": "painter.drawText(place, flags, name)",
    "HTML": "page.setHtml(text)",
    "a sentence with a name in it": 'self.view.setToolTip(tr("Open {name}").format(name=self.name))',
}

FINE = """
def show(self):
    self.view.setToolTip(tr("Frame"))
    button = QPushButton(button_text(self.name))
    words = tr("A") if x else tr("B")
    self.view.setToolTip(words)
    self.tabs.setTabText(0, f"{tr(name)} ({n:,})")
"""


def test_no_text_goes_past_the_doors():
    assert past_the_doors(UI) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_goes_past_the_doors_is_found(tmp_path, what):
    (tmp_path / "planted.py").write_text(PLANTED[what], "utf-8")
    assert past_the_doors(tmp_path)


def test_texts_of_the_program_need_no_door(tmp_path):
    (tmp_path / "fine.py").write_text(FINE, "utf-8")
    assert past_the_doors(tmp_path) == []


def test_a_label_shows_tags_and_ampersands_letter_by_letter(qtbot):
    label = PlainLabel(IMG)
    qtbot.addWidget(label)
    assert (label.textFormat(), label.text()) == (Qt.TextFormat.PlainText, IMG)
    label.setText("a\u202ebc & d\nזה")
    assert label.text() == "a\N{REPLACEMENT CHARACTER}bc & d\nזה"


def test_a_long_word_does_not_make_a_label_as_wide(qtbot):
    label = PlainLabel("long" * 60)
    qtbot.addWidget(label)
    label.setWordWrap(True)
    assert label.minimumSizeHint().width() < 400
    assert label.text() == "long" * 60


def test_a_tip_is_never_rich_unless_it_is_escaped():
    assert Qt.mightBeRichText(IMG)  # what Qt would have done
    assert "<img" not in tip_text(IMG)
    assert "&lt;img src=" in tip_text(IMG)
    assert tip_text("a & b <3\nc") == "a & b <3\nc"
    assert "\u202e" not in tip_text("\u202egnp")


@pytest.mark.parametrize("text", [IMG, "<b>x</b>.png", "<!DOCTYPE html>", "&lt;b&gt;<i>", "1 < 2 <p>", "<?xml version='1'?><b>"])
def test_a_tip_shows_the_very_letters(qtbot, text):
    from PySide6.QtGui import QTextDocument

    tip = tip_text(text)
    document = QTextDocument()
    document.setHtml(tip) if Qt.mightBeRichText(tip) else document.setPlainText(tip)
    assert document.toPlainText() == text


def test_an_ampersand_stays_on_a_button(qtbot):
    box = QCheckBox(button_text("a & b"))
    qtbot.addWidget(box)
    assert box.shortcut().isEmpty()
    assert box.text() == "a && b"  # as Qt writes one that is a letter


def test_a_title_keeps_what_qt_takes_for_the_mark_of_unsaved_work(qtbot):
    assert title_text("scan [*] \u202e1") == "scan [*][*] \N{REPLACEMENT CHARACTER}1"


def test_a_progress_bar_keeps_percent_signs_of_a_name(qtbot):
    bar = QProgressBar()
    qtbot.addWidget(bar)
    bar.setValue(7)
    bar.setFormat(bar_text("a%p.png"))
    assert bar.text().replace("\u200b", "") == "a%p.png"


def test_a_box_shows_all_its_texts_letter_by_letter(qtbot):
    box = message_box(None, "Title", f"{IMG} \u202egnp", more="<b>more</b>", details=IMG)
    qtbot.addWidget(box)
    box.show()
    told = [label for label in box.findChildren(QLabel) if label.text()]
    assert len(told) >= 2
    assert {label.textFormat() for label in told} == {Qt.TextFormat.PlainText}
    assert box.text() == f"{IMG} \N{REPLACEMENT CHARACTER}gnp"


def test_a_box_with_a_path_of_a_thousand_letters_stays_narrow(qtbot):
    box = message_box(None, "Title", "/" + "folder" * 200)
    qtbot.addWidget(box)
    box.show()
    assert box.width() <= 960
    assert box.text() == "/" + "folder" * 200


def test_a_painted_text_has_no_control(qtbot):
    seen = []

    class Painter(QPainter):
        def drawText(self, *told):  # noqa: N802
            seen.append(told[-1])

    pixmap = QPixmap(50, 20)
    draw_text(Painter(pixmap), pixmap.rect(), 0, "a\u202eb")
    assert seen == ["a\N{REPLACEMENT CHARACTER}b"]


def test_a_sentence_keeps_a_name_in_its_place(qtbot):
    words = tr("{name}   {width} x {height}")
    assert words.format(name="a.png", width=640, height=480) == "a.png   640 x 480"
    assert words.format(name="שלום.png", width=640, height=480) == "\u2068שלום.png\u2069   640 x 480"
    assert "\u202e" not in words.format(name=Path("x\u202e.png"), width=1, height=2)


def test_places_to_break_a_line_come_to_long_words_alone():
    assert breakable("short words stay as they are") == "short words stay as they are"
    assert breakable("x" * 30) == "x" * 24 + "\u200b" + "x" * 6
