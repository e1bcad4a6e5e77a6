"""What is typed into a field for a number is that number, in each language, or is refused where one sees it."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

from endodesk.ui.widgets.number_boxes import DecimalBox, WholeBox, typed_number

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"
READ = {
    "0.4": 0.4, "0,4": 0.4, " 0,4 ": 0.4, f"{NBSP}0.4{NARROW}": 0.4, "-2,5": -2.5, f"{MINUS}2.5": -2.5, ".5": 0.5, ",5": 0.5,
    "5.": 5.0, "5,": 5.0, "1.234": 1.23, "12": 12.0, "٠٫٤": 0.4, "0.456": 0.46, "1,5 s": 1.5, f"1.5{NBSP}s": 1.5,
}  # fmt: skip
REFUSED = [
    "1.234,5",
    "1,234.5",
    "1.234.567",
    "1 234",
    f"1{NBSP}234,5",
    "1'234",
    "0..4",
    "0,,4",
    "0.4.",
    "-",
    "--1",
    "4-",
    ".",
    "5000",
    "-600",
]


@pytest.fixture(params=["C", "es_ES", "de_CH"])
def locale(request):
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def field(qtbot, kind=DecimalBox):
    box = kind()
    if kind is DecimalBox:
        box.setDecimals(2)
    box.setRange(-10, 600)
    box.setSuffix(" s")
    box.setValue(7)
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    return box


def type_into(box, text):
    box.selectAll()
    if text.isascii():
        QTest.keyClicks(box.lineEdit(), text)
    else:
        box.lineEdit().insert(text)


def test_comma_and_point_are_the_same_in_each_language(qtbot, locale):
    box = field(qtbot)
    for text in (text for text in READ if "s" not in text):
        type_into(box, text)
        assert box.text() == f"{text} s"  # nothing dropped, nothing moved
        assert (box.value(), box.refused) == (pytest.approx(READ[text]), ""), text
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == pytest.approx(READ[text]), text


def test_what_is_pasted_is_read_as_what_is_typed(qtbot, locale):
    box = field(qtbot)
    for text, value in READ.items():
        box.selectAll()
        box.lineEdit().insert(text)
        box.interpretText()
        assert box.value() == pytest.approx(value), text


def test_what_is_unclear_stays_in_sight_and_is_not_taken(qtbot, locale):
    box = field(qtbot)
    for text in REFUSED:
        box.lineEdit().clear()
        type_into(box, text)
        assert (box.text(), box.property("doubtful")) == (f"{text} s", True)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert (box.value(), box.property("doubtful")) == (7.0, False), text  # not the half of it that could be read


def test_the_separator_that_was_typed_stays(qtbot, locale):
    box = field(qtbot)
    for text in ("0.4", "0,5"):
        box.selectAll()
        type_into(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.text() == f"{text}0 s"


def test_letters_are_no_number(qtbot):
    box = field(qtbot)
    box.lineEdit().insert("abc1")
    box.interpretText()
    assert box.value() == 7.0


def test_a_whole_number_never_loses_its_separator(qtbot, locale):
    box = field(qtbot, WholeBox)
    box.setMaximum(4000)
    for text in ("3.5", "3,5", "1.000", "3,0", "1 000", "5000", ""):
        box.lineEdit().clear()
        type_into(box, text)
        assert box.text() == f"{text} s"
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == 7, text


def test_a_whole_number_is_taken(qtbot, locale):
    box = field(qtbot, WholeBox)
    for text, value in ((" 85 ", 85), ("-3", -3), ("+5", -3)):
        box.selectAll()
        box.lineEdit().insert(text)
        box.interpretText()
        assert box.value() == value


def test_arrows_go_on_from_what_was_typed(qtbot, locale):
    box = field(qtbot)
    type_into(box, "0.4")
    box.stepBy(1)
    assert box.value() == pytest.approx(1.4)


def test_what_python_would_read_is_no_typed_number():
    assert [text for text in ("nan", "inf", "1e3", "0x10", "1_0", "²", "½") if typed_number(text) is not None] == []
