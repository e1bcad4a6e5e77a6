"""A training that outlives its window: real windows, one after the other, on the same project, and a real child."""

import os
import signal
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put
from watching import answer_box, settle, words

from endodesk.app.project.project_runs import interrupted_run, left_run
from endodesk.app.retraining.retraining import LabelSnapshot, make_run
from endodesk.app.retraining.training_job import JobState
from endodesk.domain.errors import BadRequest
from endodesk.domain.runs import RunEventKind as K
from endodesk.system.task import TaskContext
from endodesk.ui.training.retrain_dialog import RetrainDialog
from training.plan.background import is_running

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the child in /proc")]


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    for place, name in enumerate(CLASSES):
        for case in range(10):
            put(folder / name / f"case-{case}" / "0.png", png(1000 * place + 10 * case, name))
    return folder


def dialog_of(window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    return dialog


def process_of(run):
    """The number of the process that trains in this folder."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(run).encode() in place.read_bytes():
                return int(place.parent.name)
        except OSError:
            continue
    raise AssertionError("it does not run")


@pytest.fixture
def left_alone(images, open_window, qtbot):
    """The run folder of a training whose window was closed while it went on."""
    window = open_window(images)
    settle(qtbot, window)
    dialog = dialog_of(window)
    dialog.setup.preset.setCurrentIndex(dialog.setup.preset.findData("head"))
    dialog.setup.start.click()
    qtbot.waitUntil(lambda: any(event.kind is K.PHASE for event in window.job.told), timeout=60_000)
    run = window.job.run_folder
    asked = answer_box(qtbot, "Go on in the background")
    assert window.close()
    assert "found again when this project is opened" in asked[0]
    yield run
    if is_running(run):
        (run / "wishes.txt").write_text("cancel\n")


def test_it_goes_on_is_found_again_and_its_result_is_offered_until_the_reader_decides(left_alone, images, open_window, qtbot):
    assert is_running(left_alone)
    window = open_window(images)
    qtbot.waitUntil(lambda: bool(window.job.told), timeout=10_000)
    assert (window.job.running, window.job.run_folder) == (True, left_alone)
    dialog = dialog_of(window)
    assert dialog.pages.currentWidget() is dialog.running
    files = LabelSnapshot.take(window.session.workspace).files(CLASSES)
    with pytest.raises(BadRequest, match="under way"):
        make_run(window.session.project, files, "quick", CLASSES, TaskContext())
    qtbot.waitUntil(lambda: window.windowTitle()[0].isdigit(), timeout=60_000)
    answer_box(qtbot, "Go on in the background")
    assert window.close()

    qtbot.waitUntil(lambda: not is_running(left_alone), timeout=120_000)  # with nobody there
    window = open_window(images)
    qtbot.waitUntil(lambda: window.job.state is JobState.FINISHED, timeout=20_000)
    assert "Training finished" in words(window.statusBar())
    assert sum(event.kind is K.EPOCH for event in window.job.told) >= 5  # all its curves
    assert window.close()  # not looked at
    window = open_window(images)
    qtbot.waitUntil(lambda: window.job.state is JobState.FINISHED, timeout=20_000)
    assert len(window.session.project.database.models.all()) == 1
    dialog = dialog_of(window)
    assert dialog.pages.currentWidget() is dialog.outcome
    assert "The new model is ready" in words(dialog)
    qtbot.wait(1100)  # a page that has just come takes no click
    dialog.outcome.keep.click()
    assert left_run(window.session.project) is None
    assert window.close()
    window = open_window(images)
    settle(qtbot, window)
    assert window.job.state is JobState.IDLE


def test_asked_by_a_later_window_it_pauses_goes_on_and_stops(left_alone, images, open_window, qtbot):
    window = open_window(images)
    qtbot.waitUntil(lambda: bool(window.job.told), timeout=10_000)
    dialog, kinds = dialog_of(window), lambda: [event.kind for event in window.job.told]
    dialog.running.pause.click()
    qtbot.waitUntil(lambda: K.PAUSED in kinds(), timeout=10_000)
    assert "Paused" in words(dialog)
    dialog.running.pause.click()
    qtbot.waitUntil(lambda: K.GOES_ON in kinds(), timeout=10_000)
    dialog.running.cancel.click()
    qtbot.waitUntil(lambda: window.job.state is JobState.CANCELLED, timeout=30_000)
    assert left_run(window.session.project) is None
    qtbot.waitUntil(lambda: not is_running(left_alone), timeout=20_000)


def test_killed_with_nobody_there_it_is_marked_and_can_be_gone_on_with(left_alone, images, open_window, qtbot):
    history = left_alone / "history.csv"
    qtbot.waitUntil(lambda: history.exists() and len(history.read_text().splitlines()) > 2, timeout=120_000)
    os.kill(process_of(left_alone), signal.SIGKILL)
    qtbot.waitUntil(lambda: not is_running(left_alone), timeout=10_000)
    window = open_window(images)
    qtbot.waitUntil(lambda: window.job.state is JobState.FAILED, timeout=20_000)
    dialog = dialog_of(window)
    assert "was interrupted" in words(dialog)
    assert interrupted_run(window.session.project) == left_alone
    dialog.outcome.again.click()
    dialog.setup.go_on.click()
    qtbot.waitUntil(lambda: not window.job.running, timeout=120_000)
    assert window.job.state is JobState.FINISHED, window.job.reason
