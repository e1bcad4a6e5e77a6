"""History > As it was on a date, in the real window: folded, and then what stood."""

import re

import pytest
from PySide6.QtCore import Qt
from watching import choose, press, settle

from endodesk.ui.review.as_of_panel import AsOfPanel

pytestmark = pytest.mark.slow


@pytest.fixture
def panel(window, qtbot):
    """Two readers have labelled the first frame."""
    for key, reader in ((Qt.Key.Key_2, "Ann"), (Qt.Key.Key_3, "Bob")):
        window.session.labelling.name_reader(reader)
        choose(qtbot, window, 0)
        press(qtbot, window, key)
    choose(qtbot, window, 0)
    settle(qtbot, window)
    [panel] = window.answer.findChildren(AsOfPanel)
    return panel


def test_it_is_folded_until_it_is_asked_for(panel):
    assert panel.fold.isVisible()
    assert not panel.isVisible()


def test_a_date_and_a_reader_tell_what_stood_then(window, panel, qtbot):
    with qtbot.waitSignal(panel._as_of.read):
        panel.fold.click()
    assert re.fullmatch(r"This frame: polyps by Ann, [^;]*; ulcerative-colitis by Bob, [^;]*", panel.of_frame.text())
    assert panel.of_all.text().startswith("All frames: 1 labelled by a reader")
    with qtbot.waitSignal(panel._as_of.read):
        panel.when.setDateTime(panel.when.dateTime().addDays(-1))
    assert panel.of_frame.text() == "This frame: not labelled by a reader"
    assert panel.of_all.text().startswith("All frames: 0 labelled by a reader")
    panel.reader.setCurrentIndex(panel.reader.findData("Ann"))
    panel.when.setDateTime(panel.when.dateTime().addDays(2))
    with qtbot.waitSignal(panel._as_of.read):
        panel.reader.activated.emit(panel.reader.currentIndex())
    assert panel.of_frame.text().startswith("This frame: polyps by Ann")
    choose(qtbot, window, 1)
    settle(qtbot, window)
    assert not panel.isVisible()  # nothing was said of that frame
    assert not panel.fold.isVisible()
