"""Retraining from the real window with the real child process."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put
from PySide6.QtCore import Qt
from sessions import use_bundle
from watching import answer_box, choose, press, settle, words

import resources
from endodesk.app.project.grouping import Grouping, keep_grouping
from endodesk.app.retraining.training_job import JobState
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.ui.training.retrain_dialog import RetrainDialog

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds

STARTER = Path(resources.__file__).parent / "models" / "starter"
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the child in /proc")


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle 内視鏡"
    for place, name in enumerate(CLASSES):
        for case in range(6):
            for frame in range(2):
                put(folder / name / f"case-{case}" / f"{frame}.png", png(1000 * place + 10 * case + frame, name))
    return folder


def retrain(window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    dialog.setup.preset.setCurrentIndex(dialog.setup.preset.findData("head"))
    return dialog


def start(qtbot, dialog):
    """Until the child has said its first word."""
    dialog.setup.start.click()
    qtbot.waitSignal(dialog._job.happened, timeout=30_000).wait()


def children():
    """Trainings that this process has started and that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if int(parent) == os.getpid() and state != "Z" and b"training" in stat.with_name("cmdline").read_bytes():
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


def counts(dialog):
    table = dialog.setup.table
    return {table.item(row, 0).text(): (table.item(row, 1).text(), table.item(row, 2).text()) for row in range(table.rowCount())}


def wait_for_end(qtbot, window, timeout=120_000):
    qtbot.waitUntil(lambda: not window.job.running, timeout=timeout)


# --- the quick update -------------------------------------------------------------------------------------------------


def test_the_recommended_set_up_is_chosen_where_all_can_be_had(window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    assert dialog.setup.preset.currentData() == "default"
    assert dialog.setup.missing.isHidden()


def test_an_edition_without_tensorflow_offers_the_quick_update_and_says_how_to_get_the_rest(window, monkeypatch):
    monkeypatch.setattr("endodesk.ui.training.retrain_setup.why_not_trained", lambda: "no TensorFlow")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    preset = dialog.setup.preset
    assert preset.currentData() == "quick"
    enabled = {preset.itemData(row) for row in range(preset.count()) if preset.model().item(row).isEnabled()}
    assert enabled == {"quick"}
    assert "endodesk-full" in words(dialog)
    assert dialog.setup.start.isEnabled()


def test_a_processor_without_avx_is_told_beside_the_quick_update(window, monkeypatch):
    monkeypatch.setattr("endodesk.system.cpu.lacks", lambda flag: flag == "avx")
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    assert dialog.setup.preset.currentData() == "quick"
    assert "need a processor with AVX" in words(dialog)
    assert "endodesk-full" not in words(dialog)


@pytest.mark.slow
def test_a_quick_update_of_the_starter_model_is_used_at_once(images, starter, open_window, qtbot):
    shutil.copytree(STARTER, starter)
    window = open_window(images)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.predictor is not None, timeout=30_000)
    first = window.session.workspace.predictor.bundle
    dialog = retrain(window)
    dialog.setup.preset.setCurrentIndex(dialog.setup.preset.findData("quick"))
    dialog.setup.start.click()
    wait_for_end(qtbot, window)
    assert window.job.state is JobState.FINISHED, window.job.reason
    assert "The head of" in words(dialog)
    assert not (window.job.run_folder / "tensorboard").exists()
    assert "too few to know whether it is worse" in dialog.outcome.objections.text()
    assert not dialog.outcome.use.isEnabled()
    dialog.outcome.reason.setText("a trial of the program")
    dialog.outcome.use.click()
    qtbot.waitUntil(
        lambda: window.session.workspace.predictor is not None and window.session.workspace.predictor.bundle.id != first.id, timeout=30_000
    )
    new = window.session.workspace.predictor.bundle
    assert (new.parent, new.files["backbone.tflite"]) == (first.id, first.files["backbone.tflite"])


# --- before it starts -------------------------------------------------------------------------------------------------


def test_labels_are_counted_by_class_and_by_who_gave_them(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    dialog = retrain(window)
    assert counts(dialog) == {"esophagitis": ("11", "0"), "polyps": ("13", "1"), "ulcerative-colitis": ("12", "0")}
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    retrain(window)
    assert counts(dialog) == dict.fromkeys(CLASSES, ("12", "0"))
    assert window.findChildren(RetrainDialog) == [dialog]


def test_what_keeps_frames_together_is_told_as_the_split_check_set_it(window):
    dialog = retrain(window)
    assert "differ in at most 2 of 64 bits) and frames of one case folder stay in one part" in words(dialog)
    keep_grouping(window.session.project, Grouping(0, "none"))
    retrain(window)
    assert "Frames with equal hashes stay in one part" in words(dialog)
    keep_grouping(window.session.project, Grouping(5, r"patient-(\d+)"))
    retrain(window)
    assert r"in at most 5 of 64 bits) and frames that the pattern patient-(\d+) makes one case stay" in words(dialog)


def test_a_class_with_too_few_frames_is_told_before_anything_starts(window, qtbot):
    dialog = retrain(window)
    assert dialog.setup.start.isEnabled()
    for row in (0, 1):
        dialog.setup.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    assert "at least two classes" in words(dialog)
    assert not dialog.setup.start.isEnabled()
    for row in (0, 1):
        dialog.setup.table.item(row, 0).setCheckState(Qt.CheckState.Checked)
    assert dialog.setup.start.isEnabled()
    for row in range(len(window.session.workspace.frames) - 12, len(window.session.workspace.frames)):
        choose(qtbot, window, row)
        window.session.label("polyps")
    retrain(window)
    assert counts(dialog)["ulcerative-colitis"] == ("0", "0")
    assert dialog.setup.start.isEnabled()  # the empty class is left out
    dialog.setup.table.item(2, 0).setCheckState(Qt.CheckState.Checked)
    assert "ulcerative-colitis has 0 labelled frames" in words(dialog)


def test_labels_given_and_taken_back_beside_the_open_dialog_are_the_ones_it_starts_with(window, qtbot, monkeypatch):
    started = []
    monkeypatch.setattr(window.job, "start", lambda project, labels, preset, classes: started.append((labels.files(classes), classes)))
    choose(qtbot, window, 0)
    taken_back = window.session.workspace.entry.path
    window.session.label("polyps")
    dialog = retrain(window)
    dialog.setup.table.item(2, 0).setCheckState(Qt.CheckState.Unchecked)
    window.session.undo()
    choose(qtbot, window, 1)
    given = window.session.workspace.entry.path
    window.session.label("polyps")
    dialog.setup.start.click()
    [(files, classes)] = started
    labels = {file.path: file.label for file in files}
    assert (labels[taken_back], labels[given]) == ("esophagitis", "polyps")
    assert classes == ("esophagitis", "polyps")  # what was unticked stays so


def test_an_interrupted_training_is_offered_until_a_later_one_stands(window, qtbot, monkeypatch):
    resumed = []
    monkeypatch.setattr(window.job, "resume", lambda project, run: resumed.append(run))
    dialog = retrain(window)
    assert dialog.setup.go_on.isHidden()
    run = window.session.project.runs_folder / "2026-03-01 10.00.00"
    put(run / "checkpoints" / "last.npz", b"")
    dialog.show_setup()
    assert "The training of 2026-03-01 10.00.00 was interrupted." in words(dialog)
    dialog.setup.go_on.click()
    assert resumed == [run]
    assert dialog.pages.currentWidget() is dialog.running
    dialog.running.end()
    (run.with_name("2026-03-02 10.00.00") / "bundle").mkdir(parents=True)
    put(run.with_name("2026-03-02 10.00.00") / "checkpoints" / "last.npz", b"")
    dialog.show_setup()
    assert dialog.setup.go_on.isHidden()


def test_many_warnings_are_counted(window):
    dialog = retrain(window)
    dialog.running.begin()
    for n in range(9):
        dialog.running.show_event(RunEvent(RunEventKind.WARNING, message=f"Warning {n}."))
    dialog.running.show_warning("Warning 8.")  # the same once more
    assert dialog.running.warnings.text().splitlines() == [*(f"Warning {n}." for n in range(4)), "... and 5 more."]
    dialog.running.end()


# --- how it can end ---------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    """A child that is loading TensorFlow hears a wish to stop late; here it is ended after a second."""
    monkeypatch.setattr("training.plan.launch.CANCEL_WAIT_S", 1.0)


def nothing_changed(window, active):
    stored = window.session.project.active_model
    return stored is not None and stored.bundle.id == active and len(window.session.project.database.models.all()) == 1


@pytest.fixture
def with_model(window, tiny_bundle, qtbot):
    use_bundle(window.session, tiny_bundle)
    settle(qtbot, window)
    return window


@linux
@pytest.mark.slow
def test_a_cancelled_run_leaves_everything_as_it_was(with_model, impatient, qtbot):
    active = with_model.session.workspace.predictor.bundle.id
    dialog = retrain(with_model)
    start(qtbot, dialog)
    assert len(children()) == 1
    dialog.running.cancel.click()
    wait_for_end(qtbot, with_model)
    assert with_model.job.state is JobState.CANCELLED
    assert "Cancelled." in words(dialog)
    assert nothing_changed(with_model, active)
    assert children() == []
    dialog.outcome.again.click()
    assert dialog.pages.currentWidget() is dialog.setup


@linux
@pytest.mark.slow
def test_a_killed_child_is_one_sentence_and_leaves_everything_as_it_was(with_model, qtbot):
    active = with_model.session.workspace.predictor.bundle.id
    dialog = retrain(with_model)
    start(qtbot, dialog)
    dialog.close()  # the reader goes on reading frames
    [child] = children()
    os.kill(child, signal.SIGKILL)
    wait_for_end(qtbot, with_model)
    assert with_model.job.state is JobState.FAILED
    assert "ended from outside (signal 9)" in with_model.job.reason
    assert "Training failed" in words(with_model.statusBar())
    retrain(with_model)  # comes back to what happened, not to a new start
    assert "The training failed." in words(dialog)
    assert nothing_changed(with_model, active)


@linux
@pytest.mark.slow
def test_closing_the_window_while_training_asks_and_leaves_no_child(window, impatient, qtbot):
    start(qtbot, retrain(window))
    asked = answer_box(qtbot, "Back")
    window.close()
    assert "A training is running" in asked[0]
    assert window.isVisible()
    assert len(children()) == 1
    answer_box(qtbot, "Stop and resume later")
    window.close()
    assert not window.isVisible()
    assert children() == []


@linux
@pytest.mark.slow
def test_opening_another_folder_while_training_asks_and_ends_it(window, impatient, tmp_path, qtbot):
    start(qtbot, retrain(window))
    put(tmp_path / "other" / "1.png", png(1))
    answer_box(qtbot, "Back")
    window.open(tmp_path / "other")
    assert len(window.session.workspace.frames) == 36
    answer_box(qtbot, "Stop and resume later")
    window.open(tmp_path / "other")
    qtbot.waitUntil(lambda: window.session.workspace.frames.root == tmp_path / "other", timeout=20_000)  # the window lives on meanwhile
    settle(qtbot, window)
    assert (len(window.session.workspace.frames), children(), window.job.running) == (1, [], False)
    assert "Training" not in words(window.statusBar())
