"""Model > Will it work here in the real window: offered once, what it tells, the frames to label, and the last label."""

from pathlib import Path

import pytest
from frame_folders import png, put
from watching import settle, words

import resources
from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.project.project import Project
from endodesk.app.project.starter import take_starter
from endodesk.app.queues.queues import FIT
from endodesk.ui.fit import offer
from endodesk.ui.fit.dialog import FitDialog

STARTER = Path(resources.__file__).parent / "models" / "starter"
pytestmark = pytest.mark.slow  # a window with a real model each


@pytest.fixture
def images(tmp_path, monkeypatch):
    """Twenty cases of two frames without labels, with the starter as the model."""
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    monkeypatch.setattr(offer, "_FEWEST", 30)
    for n in range(40):
        put(tmp_path / "<b>ward" / f"case-{n // 2}" / f"{n}.png", png(n, ("polyps", "ulcerative-colitis")[n % 2]))
    project = Project.of_images(tmp_path / "<b>ward")
    take_starter(project)
    project.close()
    return tmp_path / "<b>ward"


def answered(qtbot, window):
    answers = window.session.answers
    qtbot.waitUntil(lambda: answers.state is AnswersState.IDLE and answers.progress.answered == 40, timeout=60_000)
    settle(qtbot, window)


@pytest.fixture
def dialog(window, qtbot):
    answered(qtbot, window)
    window.actions_by_name["judge_fit"].trigger()
    [dialog] = window.findChildren(FitDialog)
    done(qtbot, dialog)
    yield dialog
    dialog.close()


def done(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog._task is None and not dialog._soon.isActive(), timeout=30_000)


def test_it_is_offered_once(images, open_window, qtbot):
    window = open_window(images)
    assert not window._fit.button.isVisible()
    answered(qtbot, window)
    assert window._fit.button.isVisible()
    window._fit.button.click()
    [dialog] = window.findChildren(FitDialog)
    assert not window._fit.button.isVisible()
    done(qtbot, dialog)
    assert dialog.fit
    dialog.close()
    window.close()
    again = open_window(images)
    answered(qtbot, again)
    assert not again._fit.button.isVisible()


def test_who_reads_blind_is_not_asked(images, open_window, qtbot):
    project = Project.of_images(images)
    project.database.settings.set("blind_first", True)
    project.close()
    window = open_window(images)
    answered(qtbot, window)
    assert not window._fit.button.isVisible()


def test_it_tells_in_plain_words_first(dialog):
    told = words(dialog)
    assert "Among these 40 frames" in dialog.verdict.text()
    assert "probably finds" in dialog.verdict.text()
    assert "Research use only" in told
    assert dialog.choose.isVisible()
    assert not dialog.show_frames.isVisible()
    assert dialog.table.itemAtPosition(2, 0).widget().text() == "polyps"


def test_frames_are_chosen_shown_labelled_by_key_and_measured(window, dialog, qtbot):
    dialog.choose.click()
    done(qtbot, dialog)
    rows = [row.row for row in dialog.fit.rows]
    assert len(rows) == 30
    session = window.session
    assert session.shown.queue == FIT
    assert list(session.shown.rows) == rows
    assert session.shown.reason(rows[0]) == "1 of 30 to label"
    assert window.gallery.bar.order.currentText() == "Frames to label"
    for row in rows[:-1]:
        session.navigation.choose(row)
        qtbot.waitUntil(lambda: session.workspace.open_frame is not None, timeout=10_000)
        session.label("polyps")
    qtbot.waitUntil(lambda: "29 of 30" in dialog.labels.text(), timeout=10_000)
    assert not dialog.fit.measured
    dialog.show_frames.click()
    assert list(session.shown.rows) == rows[-1:]
    session.navigation.choose(rows[-1])
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None, timeout=10_000)
    session.label("polyps")
    qtbot.waitUntil(lambda: bool(dialog.fit and dialog.fit.measured), timeout=20_000)
    assert "by their labels" in dialog.verdict.text()
    assert dialog.others.isVisible()
    session.undo()
    qtbot.waitUntil(lambda: bool(dialog.fit and not dialog.fit.measured), timeout=20_000)
    assert dialog.show_frames.isVisible()
    session.redo()
    qtbot.waitUntil(lambda: bool(dialog.fit and dialog.fit.measured), timeout=20_000)
    before = dialog.fit.seed
    dialog.others.click()
    done(qtbot, dialog)
    assert dialog.fit.seed == before + 1


def test_without_a_model_it_says_so(tmp_path, open_window, qtbot):
    put(tmp_path / "plain" / "1.png", png(1))
    window = open_window(tmp_path / "plain")
    settle(qtbot, window)
    window.do("judge_fit")
    [dialog] = window.findChildren(FitDialog)
    done(qtbot, dialog)
    assert "There is no model" in dialog.told.text()
    assert not dialog.choose.isVisible()
    dialog.close()


def test_without_a_folder_it_says_so(open_window, qtbot):
    window = open_window(None)
    settle(qtbot, window)
    window.do("judge_fit")
    [dialog] = window.findChildren(FitDialog)
    assert "Open a folder first" in dialog.told.text()
    dialog.close()


def test_only_the_frames_that_are_shown(window, dialog, qtbot):
    session = window.session
    session.shown.set_filter(session.shown.filter.with_part("text", "case-1"))  # case-1, and case-10 to case-19
    shown = len(session.shown.rows)
    assert 20 <= shown < 40
    dialog.only.click()
    done(qtbot, dialog)
    assert dialog.fit.frames == shown
    dialog.choose.click()
    done(qtbot, dialog)
    assert dialog.fit.chosen_among == shown
    dialog.again.click()  # the chosen frames are shown now: they are no filter
    done(qtbot, dialog)
    assert dialog.fit.frames == shown
    dialog.only.click()
    done(qtbot, dialog)
    assert dialog.fit.frames == 40
