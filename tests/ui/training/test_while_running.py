"""What a reader can do while a training runs: in the real window, with a real child."""

import pytest
from frame_folders import CLASSES, png, put
from watching import answer_box, settle, words

from endodesk.app.retraining.training_job import JobState
from endodesk.domain.runs import RunEvent
from endodesk.domain.runs import RunEventKind as K
from endodesk.ui.training.retrain_dialog import RetrainDialog
from endodesk.ui.training.retrain_running import RunningPage


@pytest.fixture
def page(qtbot):
    page = RunningPage()
    qtbot.addWidget(page)
    page.begin()
    yield page
    page.end()


def acts(page):
    return tuple(button.isEnabled() for button in (page.cancel, page.pause, page.stop))


def test_what_cannot_be_done_yet_cannot_be_pressed(page):
    assert acts(page) == (True, False, False)  # no process yet
    page.show_event(RunEvent(K.PHASE, "frozen"))
    assert acts(page) == (True, True, False)  # nothing to keep yet
    page.show_event(RunEvent(K.EPOCH, "frozen", 1, 9))
    assert acts(page) == (True, True, True)
    page.show_event(RunEvent(K.PHASE, "fine-tuning"))
    assert acts(page) == (True, True, True)
    page.show_stopping()
    page.show_event(RunEvent(K.EPOCH, "fine-tuning", 1, 9))  # it was under way
    assert acts(page) == (True, True, False)
    page.begin()
    page.show_event(RunEvent(K.EPOCH, "frozen", 1, 9))
    page.show_event(RunEvent(K.PHASE, "exporting"))
    assert acts(page) == (True, True, False)  # nothing is left to stop


def test_a_pause_is_told_and_its_button_stays_down_where_it_is(page):
    page.show_event(RunEvent(K.PHASE, "frozen"))
    headline = page.headline.text()
    page.show_event(RunEvent(K.PAUSED, "frozen"))
    assert (page.headline.text(), page.pause.isChecked()) == (f"Paused: {headline}", True)
    page.show_event(RunEvent(K.GOES_ON, "frozen"))
    assert (page.headline.text(), page.pause.isChecked()) == (headline, False)


def test_the_longest_is_told_only_where_it_is_open(page):
    page.show_event(RunEvent(K.EPOCH, "frozen", 1, 9, seconds=70, left=60.0, most=90.0))
    assert "1:10 so far" in page.detail.text()
    assert "at most 1:30 more" in page.detail.text()
    page.show_event(RunEvent(K.EPOCH, "frozen", 2, 9, left=60.0, most=60.0))
    assert "at most" not in page.detail.text()


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    for place, name in enumerate(CLASSES):
        for case in range(10):
            put(folder / name / f"case-{case}" / "0.png", png(1000 * place + 10 * case, name))
    return folder


@pytest.mark.slow
def test_stopped_with_the_best_so_far_kept_the_result_says_by_whom(window, qtbot):
    window.session.labelling.name_reader("Dr. Ruiz")
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    dialog.setup.start.click()
    qtbot.waitUntil(dialog.running.stop.isEnabled, timeout=120_000)
    places = [button.geometry() for button in (dialog.running.cancel, dialog.running.pause, dialog.running.stop)]
    assert len({(place.x(), place.y()) for place in places}) == 3
    asked = answer_box(qtbot, "Stop and keep it")
    dialog.running.stop.click()
    qtbot.waitUntil(lambda: bool(asked), timeout=10_000)
    assert "cannot be gone on with" in asked[0]
    assert not dialog.running.stop.isEnabled()
    qtbot.waitUntil(lambda: not window.job.running, timeout=180_000)
    assert window.job.state is JobState.FINISHED, window.job.reason
    assert window.job.result.metrics["stopped"]["by"] == "Dr. Ruiz"
    assert "Stopped by Dr. Ruiz after epoch" in words(dialog)
    settle(qtbot, window)
