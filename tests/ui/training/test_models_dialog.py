import shutil
from pathlib import Path

import pytest
from decided_runs import finished_run
from frame_folders import put, put_classes, sha256_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMessageBox
from sessions import described
from watching import words

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.retraining.gate import CHANGED, WENT_BACK, PromotionRule, set_rule
from endodesk.dataset.manifest import ManifestRow, write_manifest
from endodesk.imaging.hashing import sha256_file
from endodesk.system.own_record import note
from endodesk.ui.training.choosing_models import ReasonDialog
from endodesk.ui.training.mistakes_dialog import MistakesDialog
from endodesk.ui.training.models_dialog import ModelsDialog
from training.evaluation.mistake_list import Mistake, mistakes_json
from training.plan.run_folder import MANIFEST, MISTAKES, OWN_REPORTS


def renamed(bundle, folder, name):
    """Another model: the same files, another temperature."""
    return described(bundle, folder, name=name, temperature=2.0)


@pytest.fixture
def dialog(tmp_path, open_window, qtbot):
    put_classes(tmp_path / "frames")
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.jobs.idle, timeout=15_000)
    window.actions_by_name["show_models"].trigger()
    [dialog] = window.findChildren(ModelsDialog)
    return dialog


def rows(dialog):
    return [[dialog.table.item(row, column).text() for column in range(2)] for row in range(dialog.table.rowCount())]


def asked_why(qtbot, dialog):
    """The question why, and the button that answers it."""
    qtbot.waitUntil(lambda: len(dialog.findChildren(ReasonDialog)) == 1, timeout=10_000)
    [asked] = dialog.findChildren(ReasonDialog)
    return asked, asked.buttons.button(QDialogButtonBox.StandardButton.Ok)


def give_reason(qtbot, dialog, why):
    """Answer the question why; what it says."""
    asked, ok = asked_why(qtbot, dialog)
    said = words(asked)
    qtbot.keyClicks(asked.reason, why)
    if ok.isEnabled():
        qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    else:
        asked.reject()
    qtbot.waitUntil(lambda: dialog.findChildren(ReasonDialog) == [])
    return said


def add(qtbot, dialog, folder, count):
    dialog.add_folder(folder)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == count and dialog.parent().session.jobs.idle)


def test_adding_promoting_and_going_back(dialog, tiny_bundle, tmp_path, qtbot):
    window = dialog.parent()
    assert "There is no model" in dialog._note.text()
    assert not dialog.use.isEnabled()
    add(qtbot, dialog, tiny_bundle, 1)
    assert window.session.workspace.predictor is None  # adding is not using
    add(qtbot, dialog, renamed(tiny_bundle, tmp_path / "second", "second"), 2)
    dialog.table.selectRow(0)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)  # there is none yet: any may be used
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None and window.session.workspace.open_frame.answer is not None)
    assert [row[0] for row in rows(dialog)] == ["active", ""]
    dialog.table.selectRow(1)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert "was not compared with the active model" in give_reason(qtbot, dialog, "")
    assert [row[0] for row in rows(dialog)] == ["active", ""]  # no reason, no promotion
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    give_reason(qtbot, dialog, "the other hospital's")
    qtbot.waitUntil(lambda: [row[0] for row in rows(dialog)] == ["", "active"])
    dialog.table.selectRow(0)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)  # it was active before: one click goes back
    qtbot.waitUntil(lambda: [row[0] for row in rows(dialog)] == ["active", ""])
    told, reader = dialog._history.text().splitlines()[1:], window.session.workspace.reader
    assert [line.split(" by ")[1] for line in told] == [
        f"{reader}: {WENT_BACK}",
        f"{reader}: the other hospital's",
        f"{reader}: there was no model before",
    ]
    assert window.session.workspace.predictor.bundle.name == "second"


def test_a_damaged_model_is_refused_with_its_reason(dialog, tiny_bundle, tmp_path, qtbot):
    broken = tmp_path / "broken"
    shutil.copytree(tiny_bundle, broken)
    put(broken / "head.npz", b"?")
    dialog.add_folder(broken)
    qtbot.waitUntil(lambda: "head.npz" in dialog._note.text())
    put(tmp_path / "no-model" / "x.txt", b"")
    dialog.add_folder(tmp_path / "no-model")
    qtbot.waitUntil(lambda: "bundle.json" in dialog._note.text())
    assert rows(dialog) == []
    assert list(dialog.parent().session.project.models_folder.glob("*")) == []


def test_a_model_that_was_damaged_later_cannot_be_used_and_the_old_one_stays(dialog, tiny_bundle, tmp_path, qtbot):
    session = dialog.parent().session
    add(qtbot, dialog, tiny_bundle, 1)
    dialog.table.selectRow(0)
    dialog.use.click()
    qtbot.waitUntil(lambda: session.workspace.predictor is not None)
    active = session.workspace.predictor.bundle.id
    add(qtbot, dialog, renamed(tiny_bundle, tmp_path / "second", "second"), 2)
    put(dialog._models[0].folder / "backbone.tflite", b"?")
    dialog.table.selectRow(0)
    dialog.use.click()
    qtbot.waitUntil(lambda: "backbone.tflite" in dialog._note.text())
    assert session.workspace.predictor.bundle.id == active == session.project.active_model.bundle.id


@pytest.fixture
def opened(monkeypatch):
    urls = []
    monkeypatch.setattr(QDesktopServices, "openUrl", urls.append)
    return urls


def test_the_report_of_a_models_run_is_offered_and_opened(dialog, tiny_bundle, tmp_path, qtbot, opened):
    runs = dialog.parent().session.project.runs_folder
    put(runs / "first" / "manifest.csv", b"")
    put(runs.parent / "report.html", b"<p>not of a run</p>")
    put(runs.parent / "manifest.csv", b"")
    of_run = described(tiny_bundle, tmp_path / "a", run="first", metrics={"n": 9, "accuracy": 0.75, "accuracy_interval": [0.5, 0.9]})
    add(qtbot, dialog, of_run, 1)
    assert dialog.table.item(0, 4).text() == "75.0 % (50.0 - 90.0), n = 9"
    dialog.table.selectRow(0)
    assert not dialog.report.isVisible()  # the run has none
    report = put(runs / "first" / "report.html", b"<p>report</p>")
    dialog.table.clearSelection()
    dialog.table.selectRow(0)
    assert dialog.report.isVisible()
    qtbot.mouseClick(dialog.report, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(report)]
    add(qtbot, dialog, described(tiny_bundle, tmp_path / "b", run="..", temperature=3.0, metrics={"accuracy": 0.5}), 2)
    dialog.table.selectRow(0)
    assert not dialog.report.isVisible()  # a run's name leads nowhere else
    assert dialog.table.item(0, 4).text() == "50.0 %, n = None"


@pytest.fixture
def of_a_run(dialog, tiny_bundle, tmp_path, qtbot, monkeypatch):
    """The report of a model of a project that lies where no project is made."""
    monkeypatch.setattr("endodesk.app.project.project_runs.is_kept_here", lambda place: False)
    runs = dialog.parent().session.project.runs_folder
    put(runs / "first" / "manifest.csv", b"")
    report = put(runs / "first" / "report.html", b"<script>anything</script>")
    add(qtbot, dialog, described(tiny_bundle, tmp_path / "a", run="first"), 1)
    dialog.table.selectRow(0)
    return report


@pytest.mark.parametrize("agrees", [True, False])
def test_a_report_from_elsewhere_is_asked_about_first(dialog, of_a_run, opened, qtbot, agrees):
    qtbot.mouseClick(dialog.report, Qt.MouseButton.LeftButton)
    [box] = dialog.report.findChildren(QMessageBox)
    assert box.text() == "This report was not made by EndoDesk on this PC: open it only if you trust whoever gave it to you."
    assert opened == []
    role = QMessageBox.ButtonRole.AcceptRole if agrees else QMessageBox.ButtonRole.RejectRole
    next(button for button in box.buttons() if box.buttonRole(button) == role).click()
    assert [url.toLocalFile() for url in opened] == ([str(of_a_run)] if agrees else [])
    qtbot.mouseClick(dialog.report, Qt.MouseButton.LeftButton)
    assert len(opened) == (2 if agrees else 0)  # who said yes is not asked again


def test_a_report_that_was_written_here_is_not(dialog, of_a_run, opened, qtbot):
    note(OWN_REPORTS, sha256_file(of_a_run), "x")
    qtbot.mouseClick(dialog.report, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(of_a_run)]
    put(of_a_run, b"<p>exchanged</p>")
    qtbot.mouseClick(dialog.report, Qt.MouseButton.LeftButton)
    assert len(opened) == 1


def test_the_dialog_is_opened_once(dialog, qtbot):
    window = dialog.parent()
    window.actions_by_name["show_models"].trigger()
    assert window.findChildren(ModelsDialog) == [dialog]


def test_names_of_a_file_from_anybody_are_plain_in_the_question_why(dialog):
    asked = ReasonDialog(["Recall of <img src='file:////host/x.png'><b>polyps</b> fell"], lambda _: None, dialog)
    assert {label.textFormat() for label in asked.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_a_reason_is_cut_where_it_is_typed_and_outlives_a_refusal(dialog, tiny_bundle, tmp_path, qtbot):
    session = dialog.parent().session
    for number, name in enumerate(("first", "second")):
        add(qtbot, dialog, described(tiny_bundle, tmp_path / name, name=name, temperature=1.0 + number), number + 1)
    places = {stored.bundle.name: (row, stored.folder) for row, stored in enumerate(dialog._models)}
    session.model.promote(places["first"][1], reader="Ana", why="")
    dialog.table.selectRow(places["second"][0])
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    asked, ok = asked_why(qtbot, dialog)
    assert not ok.isEnabled()
    qtbot.keyClicks(asked.reason, "why")
    assert asked.reason.count.text() == "3 of 500 letters"
    asked.reason.setText("")
    asked.reason.insert(600 * "w")  # pasted
    assert asked.reason.text() == 500 * "w"
    assert asked.reason.count.text() == "no more than 500 letters"
    set_rule(session.project, PromotionRule(0.02, 0.05), reader="Ben")  # while this one asks
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert asked.told.text() == CHANGED
    assert (asked.isVisible(), asked.reason.text()) == (True, 500 * "w")
    description = places["second"][1] / "bundle.json"
    kept = description.read_bytes()
    description.write_bytes(b"{")
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert "bundle.json" in words(asked)
    assert (asked.isVisible(), asked.reason.text()) == (True, 500 * "w")
    description.write_bytes(kept)
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.findChildren(ReasonDialog) == [])
    assert session.project.active_model.bundle.name == "second"
    assert session.project.database.models.promotions()[-1].why == 500 * "w"


def test_a_folder_that_holds_another_model_by_now_is_not_used(dialog, tiny_bundle, tmp_path, qtbot):
    add(qtbot, dialog, tiny_bundle, 1)
    [stored] = dialog._models
    other = described(tiny_bundle, tmp_path / "second", name="second", temperature=2.0)
    shutil.copy(other / "bundle.json", stored.folder / "bundle.json")
    dialog.table.selectRow(0)
    dialog.use.click()
    qtbot.waitUntil(lambda: "holds another model" in dialog._note.text(), timeout=10_000)
    assert dialog._workspace.predictor is None


def made_here(project, bundle, frames):
    """A run of the project made this model, and had these frames wrong: they lay elsewhere then."""
    event = finished_run(project, bundle, None)
    folder, run = keep_bundle(project, Path(event.bundle)), Path(event.bundle).parent
    old = [Path("/before") / frame.parent.name / frame.name for frame in frames]
    rows = [ManifestRow(path, sha256_of(frame), "", "polyps", "", part="test") for path, frame in zip(old, frames, strict=True)]
    write_manifest(run / MANIFEST, rows)
    wrong = [Mistake(str(path), "polyps", "esophagitis", 0.9 - n / 10, 0.05) for n, path in enumerate(old)]
    (run / MISTAKES).write_bytes(mistakes_json(wrong))
    return folder, run


def shown_mistakes(qtbot, dialog):
    qtbot.mouseClick(dialog.mistakes, Qt.MouseButton.LeftButton)
    [shown] = dialog.findChildren(MistakesDialog)
    qtbot.waitUntil(lambda: "Reading" not in shown.headline.text())
    return shown


def test_mistakes_of_a_training_open_their_frames_also_where_the_folder_was_renamed(dialog, tiny_bundle, tmp_path, qtbot):
    window = dialog.parent()
    workspace = window.session.workspace
    frames = [workspace.frames.path(row) for row in (3, 1)]
    _, run = made_here(workspace.project, tiny_bundle, frames)
    dialog.refresh()
    assert dialog.mistakes.isHidden()
    dialog.table.selectRow(0)
    shown = shown_mistakes(qtbot, dialog)
    assert shown.headline.text().startswith("2 of ")
    assert shown.cards.model.index(0, 0).data() == "labelled polyps\nanswer: esophagitis\n90 %; of the label 5 %"
    shown.cards.view.setCurrentIndex(shown.cards.model.index(0, 0))
    qtbot.keyClick(shown.cards.view, Qt.Key.Key_Return)
    assert workspace.row == 3
    assert "Research use only" in words(shown)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.findChildren(MistakesDialog))
    (run / MISTAKES).unlink()
    shown = shown_mistakes(qtbot, dialog)
    assert "was made by an older EndoDesk" in shown.headline.text()
    shown.close()
    dialog.close()
