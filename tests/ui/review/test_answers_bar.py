"""The background answers in the real window: what the reader sees of them, and can do about them."""

import time

import pytest
from frame_folders import png, put, put_classes
from watching import press, warnings, words

from endodesk.app.answers.answers_progress import AnswersProgress, AnswersState
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.ui.review.answers_bar import AnswersBar, in_words


@pytest.fixture
def images(tmp_path, tiny_bundle):
    """154 frames whose project has an active model."""
    folder = tmp_path / "Fälle"
    put_classes(folder)
    for n in range(148):
        put(folder / "polyps" / f"many-{n:03}.png", png(1) + bytes(2) + str(n).encode())
    project = Project.of_images(folder)
    kept = keep_bundle(project, tiny_bundle)
    models = project.database.models
    models.promote(models.all()[0].bundle.id, reader="test", why=str(kept), at=models.all()[0].bundle.created)
    project.close()
    return folder


def bar_of(window):
    return window.findChild(AnswersBar)


def test_the_bar_counts_pauses_goes_on_and_goes_away(images, open_window, qtbot):
    window = open_window(images)
    answers, bar = window.session.answers, bar_of(window)
    qtbot.waitUntil(lambda: bar.isVisible() and 0 < answers.progress.answered < 154, timeout=10_000)
    bar.pause_button.click()
    qtbot.waitUntil(lambda: answers.idle)
    assert words(bar) == f"Answers: {answers.progress.answered} of 154, paused"
    assert "Go on" in bar.pause_button.toolTip()
    bar.pause_button.click()
    assert "Pause" in bar.pause_button.toolTip()
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=20_000)
    assert answers.progress.answered == 154
    assert warnings(window) == []


def test_a_cancelled_run_stays_cancelled_until_asked_for(images, open_window, qtbot):
    window = open_window(images)
    answers, bar = window.session.answers, bar_of(window)
    qtbot.waitUntil(lambda: bar.isVisible() and 0 < answers.progress.answered < 154, timeout=10_000)
    bar.cancel_button.click()
    qtbot.waitUntil(lambda: answers.idle)
    assert words(bar).endswith("of 154, stopped")
    assert not bar.cancel_button.isEnabled()
    bar.pause_button.click()
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=20_000)
    assert answers.progress.answered == 154


def test_frames_can_be_opened_and_labelled_meanwhile_and_the_window_closes_at_once(images, open_window, qtbot):
    window = open_window(images)
    session = window.session
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.answers.state is AnswersState.RUNNING, timeout=10_000)
    for _ in range(5):
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
        press(qtbot, window, "2")
    assert len(session.workspace.reviews) == 5
    started = time.monotonic()
    window.close()
    assert time.monotonic() - started < 1


def test_without_a_model_the_bar_is_not_there(tmp_path, open_window, qtbot):
    put_classes(tmp_path / "frames")
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing and window.session.jobs.idle)
    assert not bar_of(window).isVisible()


@pytest.mark.parametrize(
    ("state", "progress", "says"),
    [
        (AnswersState.RUNNING, AnswersProgress(1234, 10_000, 81.4), "Answers: 1,234 of 10,000, 81 a second, 2 min left"),
        (AnswersState.RUNNING, AnswersProgress(9_800, 10_000, 80.0), "Answers: 9,800 of 10,000, 80 a second, 2 s left"),
        (AnswersState.RUNNING, AnswersProgress(0, 10, 0.0), "Answers: 0 of 10"),
        (AnswersState.PAUSED, AnswersProgress(5, 10, 80.0), "Answers: 5 of 10, paused"),
    ],
)
def test_progress_in_words(state, progress, says):
    assert in_words(state, progress) == says
