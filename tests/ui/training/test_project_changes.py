"""On all frames: where a new model answers otherwise than the active one, in the real window."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from decided_runs import compared, finished_run
from frame_folders import CLASSES, png, put
from PySide6.QtCore import Qt
from sessions import use_bundle
from watching import choose, settle, words

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.retraining.project_changes import Outcome, changes_in_project
from endodesk.app.retraining.training_job import JobState
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import AnnotationKind
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from endodesk.ui.training.project_changes_dialog import ProjectChangesDialog
from endodesk.ui.training.retrain_dialog import RetrainDialog
from endodesk.ui.widgets.settling import SETTLE_S

pytestmark = pytest.mark.slow


@pytest.fixture
def images(tmp_path):
    """Two frames a class, and three without a label."""
    for place, name in enumerate(CLASSES):
        for n in range(2):
            put(tmp_path / "frames" / name / f"{n}.png", png(10 * place + n, name))
    for n in range(3):
        put(tmp_path / "frames" / "new" / f"{n}.png", png(50 + n))
    return tmp_path / "frames"


def turned(bundle, folder):
    """The same backbone with another head: it says the class after the one that the first head says."""
    shutil.copytree(bundle, folder)
    with np.load(folder / "head.npz") as kept:
        arrays = {name: np.roll(kept[name], 1, axis=-1) if name.startswith("logits") else kept[name] for name in kept.files}
    np.savez(folder / "head.npz", **arrays)
    told = read_bundle(bundle)
    files = {**told.files, "head.npz": sha256_file(folder / "head.npz")}
    (folder / "bundle.json").write_text(json.dumps(replace(told, name="turned", files=files).to_json()), "utf-8")
    return folder


@pytest.fixture
def answered(window, tiny_bundle, qtbot):
    session = window.session
    session.use_classes(session.workspace.label_set.renewed(CLASSES))  # the folder "new" is none
    use_bundle(session, tiny_bundle)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: session.answers.progress.answered == 9 and session.answers.idle, timeout=60_000)
    settle(qtbot, window)
    return window


@pytest.fixture
def page(answered, tiny_bundle, tmp_path):
    """The result of a training that came to another head."""
    window = answered
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    now = [100.0]
    dialog.outcome._settling._clock = lambda: now[0]
    event = finished_run(window.session.project, turned(tiny_bundle, tmp_path / "turned"), compared([5], range(0, 40, 2)))
    dialog._job.result, dialog._job.model_folder = event, keep_bundle(window.session.project, Path(event.bundle))
    dialog._job._end(JobState.FINISHED)
    now[0] += SETTLE_S + 0.1
    return dialog


def opened(qtbot, page):
    qtbot.mouseClick(page.outcome.everywhere, Qt.MouseButton.LeftButton)
    [dialog] = page.findChildren(ProjectChangesDialog)
    return dialog


def ended(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.working, timeout=60_000)


def wanted(window):
    """Outcome of each frame by name: the new model says the class after the one that the active model says."""
    session, found = window.session, {}
    for row in range(9):
        label, (said, _) = session.workspace.label_of(row), session.answers.said_of(row)
        name = label.name if label else ""
        new = CLASSES[(CLASSES.index(said) + 1) % 3]
        found[session.workspace.frames.names[row]] = (
            Outcome.MENDED if new == name else Outcome.BROKEN if said == name else Outcome.CHANGED,
            name,
            new,
            said,
        )
    return found


def test_all_frames_are_compared_labelled_or_not_and_cards_open_them(page, qtbot):
    window = page.parent()
    root = window.session.workspace.frames.root
    dialog = opened(qtbot, page)
    ended(qtbot, dialog)
    expected = wanted(window)
    found = {str(Path(one.file).relative_to(root)): (one.outcome, one.label, one.new, one.old) for one in dialog._found.changes}
    assert found == expected
    counts = [sum(outcome is one for one, *_ in expected.values()) for outcome in (Outcome.MENDED, Outcome.BROKEN, Outcome.CHANGED)]
    assert dialog.headline.text() == "{} mended, {} broken, {} changed otherwise, of 9 frames.".format(*counts)
    assert dialog.told.text().startswith("6 of them have a label.")
    assert "Research use only" in words(dialog)
    assert dialog.cancel_button.text() == "&Close"
    assert [card.file for card in dialog.cards.model.cards] == [one.file for one in dialog._found.changes]
    dialog.which.setCurrentIndex(1 + Outcome.CHANGED)
    dialog.which.activated.emit(1 + Outcome.CHANGED)
    texts = [dialog.cards.model.index(row, 0).data() for row in range(dialog.cards.model.rowCount())]
    assert len(texts) == counts[2]
    assert sum(text.startswith("no label\nnew model: ") for text in texts) == 3
    dialog.cards.view.setCurrentIndex(dialog.cards.model.index(0, 0))
    qtbot.keyClick(dialog.cards.view, Qt.Key.Key_Return)
    assert str(window.session.workspace.entry.path) == dialog.cards.model.cards[0].file
    dialog.close()
    page.close()


def test_features_and_files_come_to_the_same(page, qtbot):
    session = page.parent().session
    taken, overrides, folder = session.answers_snapshot(), session.active_overrides.now, page._job.model_folder
    known = changes_in_project(taken, overrides, folder, TaskContext())
    steps = []
    task = TaskContext(lambda progress: steps.append((progress.done, progress.total)), interval=0)
    nothing = replace(taken, features=None, answers=type(taken.answers)(taken.answers.classes, {}, np.empty((0, 3), np.float32)))
    asked = changes_in_project(nothing, overrides, folder, task)
    assert (asked.changes, asked.n, asked.labelled) == (known.changes, 9, 6)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert {total for _, total in steps} == {18}
    assert steps[-1] == (18, 18)
    page.close()


def test_of_very_many_the_first_are_shown(page, qtbot, monkeypatch):
    monkeypatch.setattr("endodesk.ui.training.project_changes_dialog.MOST_CARDS", 4)
    dialog = opened(qtbot, page)
    ended(qtbot, dialog)
    assert len(dialog._found.changes) == 9
    assert [card.file for card in dialog.cards.model.cards] == [one.file for one in dialog._found.changes[:4]]
    assert dialog.cards.told.text() == "The first 4 are shown."
    dialog.close()
    page.close()


def test_what_is_set_aside_or_exchanged_does_not_count(page, qtbot):
    window = page.parent()
    choose(qtbot, window, 0)
    window.session.mark(AnnotationKind.EXCLUDED)
    taken = replace(window.session.answers_snapshot(), features=None)
    window.session.workspace.frames.path(1).write_bytes(png(99))
    found = changes_in_project(taken, window.session.active_overrides.now, page._job.model_folder, TaskContext())
    assert found.n == 7
    assert "hold something else by now: 1." in found.notes[0]
    page.close()


def test_it_can_be_stopped_and_is_refused_to_who_reads_blind(page, qtbot, monkeypatch):
    window = page.parent()
    session = window.session
    with pytest.raises(BadRequest, match="Blind first"):
        changes_in_project(
            replace(session.answers_snapshot(), blind=True), session.active_overrides.now, page._job.model_folder, TaskContext()
        )
    dialog = opened(qtbot, page)
    ended(qtbot, dialog)
    session.labelling.turn_blind(on=True)
    dialog.compare()
    ended(qtbot, dialog)
    assert "Turn View > Blind first off" in dialog.told.text()
    session.labelling.turn_blind(on=False)
    slow = session.answers_snapshot
    monkeypatch.setattr(session, "answers_snapshot", lambda: replace(slow(), features=None))
    dialog.compare()
    assert dialog.working
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.findChildren(ProjectChangesDialog), timeout=30_000)
    assert page.isVisible()  # the decision still stands there
    page.close()
