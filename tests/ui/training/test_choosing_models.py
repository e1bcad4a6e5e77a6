"""Models > More: names and notes, the rule, copies for other programs, and deleting; all through the window."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from frame_folders import put, put_classes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from sessions import described

from endodesk.app.project.kept_bundles import kept_models, words_of
from endodesk.app.retraining.gate import PromotionRule, rule_of
from endodesk.inference.bundle import read_bundle
from endodesk.ui.training.choosing_models import ModelNameDialog, RuleDialog
from endodesk.ui.training.models_dialog import ModelsDialog


@pytest.fixture
def dialog(tmp_path, tiny_bundle, open_window, qtbot):
    """The list of two models, of which the older one is active."""
    put_classes(tmp_path / "frames")
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.jobs.idle, timeout=15_000)
    window.actions_by_name["show_models"].trigger()
    [dialog] = window.findChildren(ModelsDialog)
    first = read_bundle(tiny_bundle)
    updated = {**first.metrics, "goes_on_from": first.name}
    other = described(tiny_bundle, tmp_path / "second", name="second", temperature=2.0, parent=first.id, metrics=updated)
    for number, folder in enumerate((tiny_bundle, other), 1):
        dialog.add_folder(folder)
        qtbot.waitUntil(lambda n=number: dialog.table.rowCount() == n and window.session.jobs.idle)
        if number == 1:
            dialog.table.selectRow(0)
            qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: window.session.project.active_model is not None)
    return dialog


def entry(dialog, words):
    """The entry of *More* with these words."""
    dialog.menu.aboutToShow.emit()
    [action] = [action for action in dialog.menu.actions() if words in action.text().replace("&", "")]
    return action


def project_of(dialog):
    return dialog.parent().session.project


def told_last(project):
    """Kind, reader and words of the event that was written last."""
    with closing(sqlite3.connect(project.database.path)) as record:
        row = record.execute("SELECT kind, reader, told FROM event ORDER BY id DESC LIMIT 1").fetchone()
    return dict(zip(("kind", "reader", "told"), row, strict=True))


def answer(dialog, *, yes):
    [box] = dialog.findChildren(QMessageBox)
    role = QMessageBox.ButtonRole.AcceptRole if yes else QMessageBox.ButtonRole.RejectRole
    next(button for button in box.buttons() if box.buttonRole(button) == role).click()
    return box.text()


def test_a_model_that_was_trained_anew_goes_on_from_none(dialog, tiny_bundle, tmp_path, qtbot):
    first = read_bundle(tiny_bundle)
    anew = described(tiny_bundle, tmp_path / "anew", name="anew", temperature=3.0, parent=first.id)
    dialog.add_folder(anew)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3)
    dialog.table.selectRow(0)
    qtbot.waitUntil(lambda: f"Trained anew, while {first.name} ({first.id}) was active." in dialog.details.text())
    assert [dialog.table.item(row, 3).text() for row in range(3)] == ["", first.name, ""]


def test_a_name_and_a_note_are_kept_beside_the_model_and_on_record(dialog, qtbot):
    dialog.table.selectRow(0)
    qtbot.waitUntil(lambda: "Goes on from" in dialog.details.text())
    entry(dialog, "Name and note").trigger()
    [asked] = dialog.findChildren(ModelNameDialog)
    asked.name.setText("  ward 3,\n<b>winter</b> ")
    asked.note.setPlainText("after the new lamp")
    asked.accept()  # Esc and closing keep nothing; OK does
    assert words_of(project_of(dialog)) == {}
    entry(dialog, "Name and note").trigger()
    asked = dialog.findChildren(ModelNameDialog)[-1]
    asked.name.setText("  ward 3, <b>winter</b> ")
    asked.note.setPlainText("after the new lamp")
    asked.buttons.accepted.emit()
    assert "ward 3, <b>winter</b>" in dialog.table.item(0, 1).text()
    qtbot.waitUntil(lambda: "Note: after the new lamp" in dialog.details.text())
    event = told_last(project_of(dialog))
    assert event["kind"] == "model"
    assert event["reader"] == dialog.parent().session.workspace.reader
    assert "ward 3" in event["told"]
    assert kept_models(project_of(dialog))[1].bundle.name == "second"  # the bundle is as it was


def test_the_rule_is_chosen_in_the_window_and_goes_on_record(dialog):
    project = project_of(dialog)
    entry(dialog, "Rule").trigger()
    [asked] = dialog.findChildren(RuleDialog)
    assert (asked.macro_f1.value(), asked.recall.value()) == (1.0, 5.0)
    asked.macro_f1.setValue(2.5)
    asked.recall.setValue(10)
    asked.reject()
    assert rule_of(project) == PromotionRule()
    entry(dialog, "Rule").trigger()
    asked = dialog.findChildren(RuleDialog)[-1]
    asked.macro_f1.setValue(2.5)
    asked.recall.setValue(10)
    asked.buttons.accepted.emit()
    assert rule_of(project) == PromotionRule(0.025, 0.1)
    event = told_last(project)
    assert (event["kind"], json.loads(event["told"])) == ("rule", {"rule": [0.025, 0.1]})
    entry(dialog, "Rule").trigger()
    asked = dialog.findChildren(RuleDialog)[-1]
    assert asked.macro_f1.value() == 2.5
    asked.defaults.click()
    asked.buttons.accepted.emit()
    assert rule_of(project) == PromotionRule()


def test_a_model_is_deleted_after_a_question_and_can_be_added_again(dialog, tmp_path, qtbot):
    project = project_of(dialog)
    kept = [stored.folder for stored in kept_models(project)]
    put(project.runs_folder / "first" / "manifest.csv", b"")
    dialog.table.selectRow(1)
    assert not entry(dialog, "Delete").isEnabled()  # the active one
    dialog.table.selectRow(0)
    entry(dialog, "Delete").trigger()
    [asked] = dialog.findChildren(QMessageBox)
    qtbot.keyClick(asked, Qt.Key.Key_Return)  # a hurried hand
    qtbot.waitUntil(lambda: dialog.findChildren(QMessageBox) == [])
    assert all(folder.is_dir() for folder in kept)
    entry(dialog, "Delete").trigger()
    assert "second" in answer(dialog, yes=False)
    assert all(folder.is_dir() for folder in kept)
    qtbot.waitUntil(lambda: dialog.findChildren(QMessageBox) == [])
    entry(dialog, "Delete").trigger()
    answer(dialog, yes=True)
    assert [folder.is_dir() for folder in kept] == [True, False]
    assert dialog.table.rowCount() == 1
    assert "MB are free now" in dialog._note.text()
    assert told_last(project)["kind"] == "model"
    assert len(project.database.models.all()) == 2  # what it did stays on record
    dialog.add_folder(tmp_path / "second")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    assert kept[1].is_dir()


@pytest.mark.parametrize("words", ["for EndoDesk", "ONNX", "TFLite"])
def test_a_model_is_written_for_others_beside_what_is_there(dialog, tmp_path, qtbot, monkeypatch, words):
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    dialog.table.selectRow(0)
    model = kept_models(project_of(dialog))[1].bundle
    entry(dialog, words).trigger()
    qtbot.waitUntil(lambda: "Written" in dialog._note.text(), timeout=20_000)
    [made] = out.iterdir()
    assert model.id in made.name
    if words == "for EndoDesk":
        assert read_bundle(made).id == model.id
    else:
        assert json.loads((made / "model.json").read_text("utf-8"))["id"] == model.id
    entry(dialog, words).trigger()
    qtbot.waitUntil(lambda: "nothing is written over it" in dialog._note.text(), timeout=20_000)


def test_words_of_a_project_from_anybody_are_cut_and_shown_as_letters(dialog, qtbot):
    project, model = project_of(dialog), kept_models(project_of(dialog))[0].bundle.id
    said = {model: {"name": "<img src=x>" * 100, "note": "\u202e" + "n" * 9000, "deleted": ""}}
    project.database.settings.set("model_words", said)
    dialog.refresh()
    assert dialog.table.item(1, 1).text().startswith("<img src=x>")
    assert len(words_of(project)[model].name) == 60
    dialog.table.selectRow(1)
    qtbot.waitUntil(lambda: "Note:" in dialog.details.text())
    assert "\u202e" not in dialog.details.text()
    assert dialog.details.textFormat() == Qt.TextFormat.PlainText
    project.database.settings.set("model_words", {model: {"name": "x", "shown": "y"}})
    assert words_of(project) == {}
    assert Path(kept_models(project)[0].folder).is_dir()
