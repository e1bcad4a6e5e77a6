"""Any two models beside each other in the window, on labelled frames and on those of another hospital."""

import pytest
from frame_folders import CLASSES, png, put, put_classes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from sessions import described

from endodesk.app.project.kept_bundles import kept_models
from endodesk.ui.training.comparison_dialog import ComparisonDialog
from endodesk.ui.training.models_dialog import ModelsDialog


@pytest.fixture
def dialog(tmp_path, tiny_bundle, open_window, qtbot):
    """Beside the list of models, on the newer of two."""
    put_classes(tmp_path / "frames")
    for place, name in enumerate(CLASSES):
        for number in range(3):
            put(tmp_path / "elsewhere" / name / f"{number}.png", png(700 + 10 * place + number, name))
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.jobs.idle, timeout=15_000)
    window.actions_by_name["show_models"].trigger()
    [models] = window.findChildren(ModelsDialog)
    for number, folder in enumerate((tiny_bundle, described(tiny_bundle, tmp_path / "second", name="second", temperature=2.0)), 1):
        models.add_folder(folder)
        qtbot.waitUntil(lambda n=number: models.table.rowCount() == n and window.session.jobs.idle)
    models.table.selectRow(0)
    models.menu.aboutToShow.emit()
    next(action for action in models.menu.actions() if "Compare" in action.text()).trigger()
    [dialog] = models.findChildren(ComparisonDialog)
    return dialog


def compare(qtbot, dialog, frames):
    dialog.frames.setCurrentIndex(dialog.frames.findData(frames))
    qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.working, timeout=30_000)


def test_any_two_models_are_compared_on_the_frames_that_are_chosen(dialog, tmp_path, qtbot, monkeypatch):
    assert "second" in dialog.new.currentText()
    assert dialog.new.currentData() != dialog.old.currentData()
    compare(qtbot, dialog, "test")
    assert "Neither model was trained in this project" in dialog.told.text()
    assert dialog.headline.text() == ""
    compare(qtbot, dialog, "labelled")
    assert dialog.headline.text()
    assert "All labelled frames of the project" in dialog.told.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    compare(qtbot, dialog, "folder")  # no folder, nothing done
    assert dialog.headline.text() == ""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    compare(qtbot, dialog, "folder")
    assert "elsewhere" in dialog.told.text()
    assert "elsewhere" in dialog.frames.currentText()
    assert "source hidden" not in dialog.told.text()
    dialog.hides.setChecked(True)
    compare(qtbot, dialog, "folder")
    assert "With the source hidden (rim and corners cut away, colours made even): accuracy" in dialog.told.text()
    assert len(kept_models(dialog._workspace.project)) == 2
    assert dialog._workspace.project.active_model is None  # it decides nothing


def test_a_model_is_not_compared_with_itself_and_cancel_stops(dialog, qtbot):
    dialog.old.setCurrentIndex(dialog.new.currentIndex())
    compare(qtbot, dialog, "labelled")
    assert dialog.told.text() == "Choose two models."
    dialog.old.setCurrentIndex(1 - dialog.new.currentIndex())
    qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)
    models = dialog.parent()
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: models.findChildren(ComparisonDialog) == [], timeout=20_000)
