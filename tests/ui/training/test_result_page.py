"""The decision after a training: what is offered, what it takes, and that nobody takes it by accident."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from decided_runs import compared, finished_run
from frame_folders import png, put
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from sessions import described, use_bundle
from watching import choose, settle, words

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.queues.queues import QUEUES
from endodesk.app.retraining.gate import CHANGED
from endodesk.app.retraining.training_job import JobState
from endodesk.app.workspace import NO_ROW
from endodesk.domain.classes import ClassSet
from endodesk.ui.training.retrain_dialog import RetrainDialog
from endodesk.ui.widgets.fitting import Room
from endodesk.ui.widgets.settling import SETTLE_S
from training.evaluation.centre_figures import figures_by_centre

pytestmark = pytest.mark.slow


@pytest.fixture
def dialog(window, tiny_bundle, qtbot):
    use_bundle(window.session, tiny_bundle)
    settle(qtbot, window)
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    now = [100.0]
    dialog.outcome._settling._clock = lambda: now[0]
    dialog.now = now
    return dialog


def begin(dialog):
    dialog.running.begin()
    dialog.pages.setCurrentWidget(dialog.running)
    dialog._job.state = JobState.RUNNING


def end(dialog, event, folder):
    """As TrainingJob does when its child has ended."""
    job = dialog._job
    job.result, job.model_folder = event, folder
    job._end(JobState.FINISHED)


def run_ended(dialog, tiny_bundle, comparison, **metrics):
    project = dialog._workspace.project
    event = finished_run(project, tiny_bundle, comparison)
    event = replace(event, metrics={**event.metrics, **metrics})
    folder = keep_bundle(project, Path(event.bundle))
    begin(dialog)
    end(dialog, event, folder)
    dialog.now[0] += SETTLE_S + 0.1
    return folder


def active(dialog):
    return dialog._workspace.project.active_model.bundle.name


def test_a_better_model_is_offered_first_and_used_by_one_click(dialog, tiny_bundle, qtbot):
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)))
    page = dialog.outcome
    assert page.headline.text() == "Better. 20 mended, 1 broken, of 120 frames."
    assert "by centre" not in page.beside.itemText(page.beside.count() - 1)  # its frames have none
    assert (page.use.property("kind"), page.reason.isVisible(), page.objections.isVisible()) == ("main", False, False)
    assert page.flips.model.rowCount() == 21
    assert page.flips.model.index(0, 0).data().startswith("broken: ulcerative-colitis\nnew model: esophagitis")
    assert "Training finished" in words(dialog.parent().statusBar())
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: active(dialog) == "new", timeout=10_000)
    assert "Training" not in words(dialog.parent().statusBar())  # it is decided


def test_a_worse_model_is_not_highlighted_and_takes_a_reason(dialog, tiny_bundle, qtbot):
    run_ended(dialog, tiny_bundle, compared([2, 5, 8, 11], [0]))
    page = dialog.outcome
    assert page.headline.text() == "No proven difference. 1 mended, 4 broken, of 120 frames."
    assert "Recall of ulcerative-colitis fell by 10.0 points: look at these 4 frames." in page.objections.text()
    assert (page.use.property("kind"), page.use.isEnabled(), page.keep.property("kind") or "") == ("", False, "")
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.reason, "  ")
    assert not page.use.isEnabled()
    qtbot.keyClicks(page.reason, "these four are labelled wrongly")
    qtbot.keyClick(page.reason, Qt.Key.Key_Return)
    assert active(dialog) != "new"  # Enter in a line of text decides nothing
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: active(dialog) == "new", timeout=10_000)
    assert dialog._workspace.project.database.models.promotions()[-1].why == "these four are labelled wrongly"


def test_what_decides_is_seen_without_scrolling(dialog, tiny_bundle, qtbot):
    run_ended(dialog, tiny_bundle, compared([2, 5, 8, 11], [0]))
    dialog.resize(820, 600)
    qtbot.wait(50)
    [room] = dialog.findChildren(Room)
    assert dialog.outcome.flips.isVisible()
    assert room.verticalScrollBar().maximum() == 0


def test_a_reason_outlives_a_refusal_and_a_second_look(dialog, tiny_bundle, tmp_path, qtbot):
    folder = run_ended(dialog, tiny_bundle, compared([2, 5, 8, 11], [0]))
    page, session = dialog.outcome, dialog.parent().session
    why = "these four are labelled wrongly"
    qtbot.keyClicks(page.reason, why)
    assert page.reason.count.text() == "31 of 500 letters"
    description = folder / "bundle.json"
    kept = description.read_bytes()
    description.write_bytes(b"{")
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert "bundle.json" in page.refused.text()
    assert (page.refused.isVisible(), page.reason.text(), page.use.isVisible()) == (True, why, True)
    description.write_bytes(kept)
    dialog.come_back()  # the reader looked elsewhere
    assert (page.reason.text(), page.refused.isVisible()) == (why, False)
    use_bundle(session, described(tiny_bundle, tmp_path / "third", name="third", temperature=3.0))
    dialog.now[0] += SETTLE_S + 0.1
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert page.refused.text() == CHANGED
    assert page.reason.text() == why
    dialog.now[0] += SETTLE_S + 0.1
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: active(dialog) == "new", timeout=10_000)


def test_beside_what_it_stands_is_chosen_and_the_frames_are_named(dialog, tiny_bundle):
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)))
    page = dialog.outcome
    assert "120 frames of 120 groups" in words(page)
    assert page.beside.count() == 2
    page.beside.setCurrentIndex(1)
    assert "Difference" not in words(page)
    assert page.flips.isHidden()


def test_a_card_opens_its_frame(dialog, tiny_bundle, qtbot):
    workspace = dialog._workspace
    root = workspace.frames.path(0).parent
    last = len(workspace.frames) - 1
    comparison = compared([0], [1])
    flip = comparison.flips[0]
    object.__setattr__(flip, "file", str(workspace.frames.path(last)))
    run_ended(dialog, tiny_bundle, comparison)
    cards = dialog.outcome.flips
    row = next(row for row, one in enumerate(cards.model.cards) if Path(one.file).parent != Path("/frames"))
    cards.view.setCurrentIndex(cards.model.index(row, 0))
    qtbot.keyClick(cards.view, Qt.Key.Key_Return)
    assert workspace.row == last
    cards.view.setCurrentIndex(cards.model.index(1 - row, 0))
    qtbot.keyClick(cards.view, Qt.Key.Key_Return)
    assert "is not in the folder that is open" in cards.told.text()
    assert root.is_dir()


def test_a_card_of_a_frame_elsewhere_shows_its_picture_or_why_there_is_none(dialog, tiny_bundle, tmp_path, qtbot):
    elsewhere = put(tmp_path / "elsewhere" / "there.png", png(77))
    comparison = compared([0], [1])
    object.__setattr__(comparison.flips[0], "file", str(elsewhere))
    run_ended(dialog, tiny_bundle, comparison)
    model, decoration = dialog.outcome.flips.model, Qt.ItemDataRole.DecorationRole
    there, gone = sorted(range(2), key=lambda row: model.cards[row].file != str(elsewhere))
    painted = []
    dialog._workspace.thumbnail_arrived.connect(painted.append)
    assert model.index(there, 0).data(decoration) is None
    qtbot.waitUntil(lambda: model.index(there, 0).data(decoration) is not None and "cannot be read" in model.index(gone, 0).data())
    assert NO_ROW in painted  # it is painted when it comes
    dialog._workspace.project.is_own = False  # a list from elsewhere may name any file, also on another computer
    assert model.index(there, 0).data(decoration) is None
    assert model.index(there, 0).data().endswith("not in the folder that is open")


def test_blind_first_shows_no_card_of_a_frame_that_the_reader_has_not_labelled(dialog, tiny_bundle, qtbot):
    workspace, session = dialog._workspace, dialog.parent().session
    comparison = compared([0], [1])
    for flip, row in zip(comparison.flips, (0, 1), strict=True):
        object.__setattr__(flip, "file", str(workspace.frames.path(row)))
    session.labelling.turn_blind(on=True)
    choose(qtbot, dialog.parent(), 1)
    session.label("polyps")
    run_ended(dialog, tiny_bundle, comparison)
    cards = dialog.outcome.flips
    assert [card.file for card in cards.model.cards] == [str(workspace.frames.path(1))]
    assert "1 frames that you have not labelled are not shown" in cards.told.text()


def press_anywhere(dialog, chance):
    """A click on a button of the page that shows, or where Cancel, Use or Keep stand on theirs; or a key."""
    page, outcome, running = dialog.pages.currentWidget(), dialog.outcome, dialog.running
    spot = chance.choice((running.cancel, outcome.use, outcome.keep, outcome.again))
    place = spot.geometry().center() if chance.random() < 0.8 else QPoint(chance.randrange(page.width()), chance.randrange(page.height()))
    under = page.childAt(place) or page
    if chance.random() < 0.2:
        QTest.keyClick(under, chance.choice((Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape)))
    elif chance.random() < 0.3:
        QTest.mouseDClick(under, Qt.MouseButton.LeftButton)
    else:
        QTest.mouseClick(under, Qt.MouseButton.LeftButton)


def test_a_thousand_clicks_around_the_end_of_a_run_promote_nothing(dialog, tiny_bundle, qtbot, monkeypatch):
    """Must hold. Each run ends amid clicks within the last second of one page and the first of the next."""
    project = dialog._workspace.project
    event = finished_run(project, tiny_bundle, compared([5], range(0, 40, 2)))
    folder = keep_bundle(project, Path(event.bundle))
    before, chance, clicks = len(project.database.models.promotions()), random.Random(0), 0
    while clicks < 1000:
        dialog.show()
        begin(dialog)
        ends = chance.randrange(10)
        for number in range(20):
            if number == ends:
                end(dialog, event, folder)
                assert dialog.pages.currentWidget() is dialog.outcome
                assert dialog.outcome.use.isEnabled()
            press_anywhere(dialog, chance)
            dialog.now[0] += SETTLE_S / 20
            clicks += 1
        dialog.now[0] += SETTLE_S
        assert len(project.database.models.promotions()) == before
        assert dialog._undecided or not dialog.isVisible()  # Escape closes it: the decision waits
    qtbot.mouseClick(dialog.outcome.use, Qt.MouseButton.LeftButton)  # the same click, a second later
    assert len(project.database.models.promotions()) == before + 1


def test_what_is_swallowed_is_the_buttons_alone(dialog, tiny_bundle, qtbot):
    run_ended(dialog, tiny_bundle, compared([2, 5, 8, 11], [0]))
    dialog.outcome._settling.begin()
    qtbot.keyClicks(dialog.outcome.reason, "why")
    assert dialog.outcome.reason.text() == "why"
    assert not dialog.outcome._settling.eventFilter(dialog.outcome.use, QEvent(QEvent.Type.Paint))


@pytest.mark.parametrize("of_model", [True, False])
def test_a_queue_does_not_outlive_the_model_that_it_tells_of(dialog, tiny_bundle, qtbot, of_model):
    session = dialog.parent().session
    queue = next(queue for queue in QUEUES if queue.of_model is of_model)
    session.shown.show_queue(queue.key, [1, 0], {1: "why"})
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)))
    qtbot.mouseClick(dialog.outcome.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: active(dialog) == "new" and session.workspace.open_frame is not None, timeout=10_000)
    assert (session.shown.queue, session.shown.reason(1)) == (("", "") if of_model else (queue.key, "why"))
    assert ("was of the model before" in dialog.parent().statusBar().currentMessage()) is of_model


def another_model_is_made_active(dialog, tiny_bundle, tmp_path):
    folder = described(tiny_bundle, tmp_path / "third", name="third", temperature=3.0)
    dialog._decision._session.model.promote(keep_bundle(dialog._workspace.project, folder), reader="Ben", why="a test")


def test_what_was_judged_beside_another_model_is_judged_again(dialog, tiny_bundle, tmp_path, qtbot):
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)))
    another_model_is_made_active(dialog, tiny_bundle, tmp_path)
    qtbot.mouseClick(dialog.outcome.use, Qt.MouseButton.LeftButton)
    assert active(dialog) == "third"
    assert "was not compared with the active model" in dialog.outcome.objections.text()
    assert not dialog.outcome.use.isEnabled()
    dialog.hide()
    dialog._decision._session.model.promote(keep_bundle(dialog._workspace.project, tiny_bundle), reader="Ben", why="back")
    dialog.come_back()
    dialog.show()
    assert dialog.outcome.objections.text() == ""


def test_a_page_that_is_brought_up_later_takes_no_click_at_once(dialog, tiny_bundle, qtbot):
    dialog.hide()
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)))
    dialog.now[0] += 600
    dialog.parent().actions_by_name["retrain"].trigger()
    qtbot.mouseClick(dialog.outcome.use, Qt.MouseButton.LeftButton)
    assert active(dialog) != "new"
    qtbot.keyClick(dialog, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert active(dialog) != "new"
    dialog.now[0] += SETTLE_S
    qtbot.mouseClick(dialog.outcome.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: active(dialog) == "new", timeout=10_000)


def test_figures_by_centre_are_folded_until_they_are_asked_for(dialog, tiny_bundle):
    """One more entry of the list that says what is shown."""
    page, truth, answers = dialog.outcome, np.array([0, 1] * 10), np.eye(2)[[0, 1] * 5 + [0] * 10]
    groups = [str(number) for number in range(20)]
    by_centre = figures_by_centre(truth, answers, ClassSet(("normal", "polyps")), groups, ["hanoi"] * 10 + [""] * 10)
    run_ended(dialog, tiny_bundle, compared([5], range(0, 40, 2)), centres=by_centre)
    assert [page.beside.itemText(place) for place in range(page.beside.count())][-1] == "The new model alone, by centre"
    assert "hanoi" not in words(page)
    page.beside.setCurrentIndex(page.beside.count() - 1)
    told = words(page).replace("\N{NO-BREAK SPACE}", " ")
    assert "hanoi (10 frames)" in told
    assert "the centre without a name (10 frames)" in told
    assert "normal 100.0 %, polyps 0.0 %" in told  # of the centre without a name, and the worst of each
    assert "normal 100.0 %, polyps 50.0 %" in told  # the mean
    assert "Mean of centres with 10 frames or more" in told
    page.beside.setCurrentIndex(0)
    assert "hanoi" not in words(page)
