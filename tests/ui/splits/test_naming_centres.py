"""Data > Check splits and Data > Centre of selected frames in the real window: where a frame comes from."""

import pytest
from frame_folders import png, put
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from watching import choose, settle, words

from endodesk.app.project.grouping import Grouping, centre_words, keep_grouping
from endodesk.ui.splits.dialog import SplitsDialog
from endodesk.ui.training.retrain_dialog import RetrainDialog


@pytest.fixture
def images(tmp_path):
    """Two hospitals with two classes, each of four frames."""
    folder = tmp_path / "sites"
    for place, hospital in enumerate(("hanoi", "oslo")):
        for n, name in enumerate(("normal", "polyps")):
            for case in range(4):
                put(folder / hospital / name / f"{case}.png", png(1000 * place + 100 * n + 10 * case, name))
    return folder


@pytest.mark.slow
def test_a_centre_is_named_where_cases_are_and_by_the_readers_word(window, qtbot):
    """The level of folders decides which folders are classes, so the window lists the folder anew by itself."""
    window.do("check_splits")
    dialog = window.findChild(SplitsDialog)
    settle(qtbot, window)
    assert not dialog.tabs.isEnabled()
    assert "There are no labelled frames" in words(dialog.grouping)
    assert dialog.grouping.centre.currentText() == "not used"
    dialog.grouping.centre.setCurrentIndex(dialog.grouping.centre.findData("above"))
    qtbot.waitUntil(lambda: dialog.checker.check is not None)
    settle(qtbot, window)
    assert dialog.tabs.isEnabled()
    assert {row.centre for row in dialog.checker.check.rows} == {"hanoi", "oslo"}
    assert len(dialog.checker.check.rows) == 16
    dialog.close()
    choose(qtbot, window, 0)
    window.do("name_centre")
    box = window.findChild(QInputDialog)
    box.setTextValue("Bergen")
    box.accept()
    window.do("check_splits")
    settle(qtbot, window)
    assert sorted(row.centre for row in dialog.checker.check.rows) == ["Bergen"] + ["hanoi"] * 7 + ["oslo"] * 8
    window.do("undo")
    assert not centre_words(window.session.project)
    window.do("redo")
    assert set(centre_words(window.session.project).values()) == {"Bergen"}
    dialog.grouping.centre.setCurrentIndex(dialog.grouping.centre.findData("pattern"))
    assert "Write the pattern of a centre" in words(dialog.grouping)
    dialog.grouping.centre_pattern.setText("(a+)+")
    assert "can take for ever" in words(dialog.grouping)
    assert dialog.grouping.chosen is None


@pytest.mark.slow
def test_the_set_up_of_a_training_warns_where_the_other_warnings_stand(window, qtbot, images):
    """And only of the classes that are ticked."""
    put(images / "bergen" / "polyps" / "0.png", png(9000))
    put(images / "bergen" / "ulcers" / "0.png", png(9100))
    keep_grouping(window.session.project, Grouping(centre="above"))
    window.do("list_again")
    settle(qtbot, window)
    window.do("retrain")
    setup = window.findChild(RetrainDialog).setup
    assert setup.chosen_classes == ("normal", "polyps", "ulcers")
    assert setup.centres.text() == "Every frame of ulcers comes from bergen: what the model learns of it may be that hospital."
    setup.table.item(2, 0).setCheckState(Qt.CheckState.Unchecked)
    assert setup.centres.text() == "From bergen there are frames of polyps only: the model may learn that this device means polyps."
    keep_grouping(window.session.project, Grouping())
    setup.refresh()
    assert setup.centres.isHidden()
