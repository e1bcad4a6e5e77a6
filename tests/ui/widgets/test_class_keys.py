"""Keys of classes beside fixed ones: each key does one thing, whatever the classes are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from endodesk.domain.label_set import COLOURS, LabelClass, LabelSet
from endodesk.ui.widgets.class_keys import ClassKeys, FixedKey


@pytest.fixture
def shown(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def classes(**keys):
    return LabelSet(tuple(LabelClass(name, key, COLOURS[0]) for name, key in keys.items()))


def test_a_class_goes_before_a_fixed_key_and_gives_it_back(shown, qtbot):
    did = []
    fixed = {"K": FixedKey(lambda: did.append("take")), "Right": FixedKey(lambda: did.append("on"), repeats=True)}
    keys = ClassKeys(shown, did.append, fixed)
    keys.list_for(classes(polyp="K", nothing=""))
    for key in (Qt.Key.Key_K, Qt.Key.Key_Right):
        qtbot.keyClick(shown, key)
    assert did == ["polyp", "on"]
    keys.list_for(classes(polyp="1", ulcer="2"))
    for key in (Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_2):
        qtbot.keyClick(shown, key)
    assert did[2:] == ["take", "polyp", "ulcer"]


def test_a_key_held_down_goes_on_but_labels_once(shown):
    did = []
    keys = ClassKeys(shown, did.append, {"Right": FixedKey(lambda: did.append("on"), repeats=True)})
    keys.list_for(classes(polyp="1"))
    for key, text in ((Qt.Key.Key_1, "1"), (Qt.Key.Key_Right, "")):
        for repeated in (False, True, True):
            QTest.simulateEvent(shown, True, key, Qt.KeyboardModifier.NoModifier, text, repeated)
    assert did == ["polyp", "on", "on", "on"]
