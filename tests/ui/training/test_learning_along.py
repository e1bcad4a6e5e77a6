"""Model > Learn as I label: real keys, real quick updates in a child; a candidate is never used by itself, and leaves nothing behind."""

import json
import shutil
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put
from PySide6.QtCore import Qt
from sessions import described
from watching import press, settle

import resources
from endodesk.app.project.grouping import Grouping, keep_grouping
from endodesk.app.project.kept_bundles import copy_bundle
from endodesk.app.project.project_runs import CANDIDATE, interrupted_run
from endodesk.app.queues.queue_snapshot import gather
from endodesk.app.retraining.gate import CHANGED, PromotionRule, set_rule
from endodesk.app.retraining.learning_along import AlongRule, along_rule
from endodesk.app.retraining.proof.model_proof import proof_of
from endodesk.app.retraining.training_job import JobState
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from endodesk.ui.training.learning_dialog import LearningDialog

pytestmark = pytest.mark.slow
STARTER = Path(resources.__file__).parent / "models" / "starter"
EVERY, EACH = 5, 12


@pytest.fixture
def window(tmp_path, starter, open_window, qtbot):
    shutil.copytree(STARTER, starter)
    for place, name in enumerate(CLASSES):
        for case in range(EACH):
            put(tmp_path / "ward" / name / f"{name}-{case:02}" / "0.png", png(1000 * place + 10 * case, name))
    window = open_window(tmp_path / "ward")
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.predictor is not None, timeout=30_000)
    keep_grouping(window.session.project, Grouping(0, "folder"))
    return window


@pytest.fixture
def dialog(window):
    window.actions_by_name["learn_along"].trigger()
    [dialog] = window.findChildren(LearningDialog)
    return dialog


def turn_on(dialog, *, follow=False):
    dialog.every.setValue(EVERY)
    dialog.follow.setChecked(follow)
    dialog.on.setChecked(True)


def give(qtbot, window, n):
    """Confirm n frames by key, as a reader does."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    workspace = window.session.workspace
    for _ in range(n):
        before = workspace.row
        name = workspace.frames.names[before].split("/")[0]
        press(qtbot, window, Qt.Key(Qt.Key.Key_1 + CLASSES.index(name)))
        qtbot.waitUntil(lambda row=before: workspace.row != row and workspace.open_frame is not None, timeout=10_000)


def wait_for_candidate(qtbot, dialog, other_than=None):
    along = dialog._along
    qtbot.waitUntil(lambda: not along.job.running and along.candidate not in (None, other_than), timeout=120_000)
    dialog.outcome._settling._until = 0.0  # the first second is over
    return along.candidate


def candidates(window):
    return sorted(window.session.project.runs_folder.glob(f"{CANDIDATE}*"))


def test_it_learns_after_so_many_labels_and_a_reader_decides(window, dialog, qtbot):
    session, project = window.session, window.session.project
    active = project.active_model.bundle.id
    give(qtbot, window, EVERY + 1)
    qtbot.wait(700)
    assert not dialog._along.job.running  # off, as long as nobody turned it on
    turn_on(dialog)
    assert along_rule(project) == AlongRule(EVERY, on=True)
    qtbot.waitUntil(lambda: "5 labels more" in dialog.told.text())
    give(qtbot, window, EVERY - 1)
    qtbot.waitUntil(lambda: "1 label more" in dialog.told.text())
    give(qtbot, window, 1)
    first = wait_for_candidate(qtbot, dialog)
    assert project.active_model.bundle.id == active
    assert session.workspace.predictor.bundle.id == active
    assert [stored.bundle.id for stored in project.database.models.all()] == [active]  # it is no model of the project
    assert dialog.outcome.isVisibleTo(dialog)
    assert interrupted_run(project) is None
    assert window.job.state is JobState.IDLE

    give(qtbot, window, EVERY)
    second = wait_for_candidate(qtbot, dialog, first)
    qtbot.waitUntil(lambda: candidates(window) == [second.folder.parent])  # the older one is gone
    page = dialog.outcome
    if not page.use.isEnabled():
        page.reason.setText("to go on from it")
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    new = read_bundle(second.folder).id
    qtbot.waitUntil(lambda: session.workspace.predictor.bundle.id == new, timeout=30_000)
    assert project.active_model.bundle.id == new
    assert dialog._along.candidate is None
    assert candidates(window) == [second.folder.parent]  # its training is one of the project's now
    assert proof_of(project.active_model.folder).holds


def test_it_goes_without_a_trace_where_it_is_not_wanted(window, dialog, qtbot):
    project = window.session.project
    turn_on(dialog)
    dialog.now.click()
    wait_for_candidate(qtbot, dialog)
    qtbot.mouseClick(dialog.outcome.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: candidates(window) == [])
    assert not dialog.outcome.isVisibleTo(dialog)
    dialog.now.click()
    qtbot.waitUntil(lambda: dialog._along.job.running)
    dialog.stop.click()
    qtbot.waitUntil(lambda: not dialog._along.job.running, timeout=60_000)
    qtbot.waitUntil(lambda: candidates(window) == [], timeout=10_000)
    assert dialog._along.candidate is None
    assert len(project.database.models.all()) == 1


def test_a_candidate_that_the_gate_refuses_at_the_last_moment_leaves_nothing_behind(window, dialog, qtbot, monkeypatch):
    session, project = window.session, window.session.project
    turn_on(dialog)
    dialog.now.click()
    candidate, page = wait_for_candidate(qtbot, dialog), dialog.outcome
    [active] = kept = [stored.bundle.id for stored in project.database.models.all()]
    page.reason.setText("to go on from it")
    copying = dialog._decision.use

    def rule_changed(copy):
        """What another reader may do while the files are copied."""
        assert copy.is_dir()
        set_rule(project, PromotionRule(0.02, 0.06), reader="Ben")
        return copying(copy)

    monkeypatch.setattr(dialog._decision, "use", rule_changed)
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.refused.text() == CHANGED and not dialog._taking, timeout=30_000)
    assert [stored.bundle.id for stored in project.database.models.all()] == kept
    assert [folder.name for folder in project.models_folder.iterdir()] == kept
    assert (dialog._along.candidate, page.reason.text()) == (candidate, "to go on from it")
    assert session.workspace.predictor.bundle.id == active
    monkeypatch.setattr(dialog._decision, "use", copying)
    dialog.outcome._settling._until = 0.0
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)  # what was judged anew is what is used
    qtbot.waitUntil(lambda: project.active_model.bundle.id != active, timeout=30_000)
    assert candidates(window) == [candidate.folder.parent]


def test_queues_follow_the_candidate_where_the_reader_says_so(window, dialog, qtbot):
    session = window.session
    qtbot.waitUntil(lambda: session.answers.features is not None and len(session.answers.features) >= len(CLASSES) * EACH, timeout=60_000)
    turn_on(dialog)
    dialog.now.click()
    candidate = wait_for_candidate(qtbot, dialog)
    task = TaskContext()
    before = gather(session._queue_snapshot(), task)
    dialog.follow.setChecked(True)
    after = gather(session._queue_snapshot(), task)
    assert list(after.rows) == list(before.rows)
    bundle = read_bundle(candidate.folder)
    assert set(after.classes) == set(bundle.classes.names)
    features = session.answers.features.get([session.workspace.frames.sha256s[int(row)] for row in after.rows])
    from endodesk.inference.predictor import Predictor

    said = Predictor(candidate.folder).networks[0].head.probabilities(features.astype("float32"))
    order = [bundle.classes.names.index(name) for name in after.classes]
    assert abs(said[:, order] - after.probabilities).max() < 1e-5


def test_a_project_from_elsewhere_does_not_begin_to_work_by_itself(window, dialog):
    project = window.session.project
    project.database.settings.set("learn_along", [5, True, True])
    assert along_rule(project).on
    project.is_own = False
    assert along_rule(project) == AlongRule()
    project.is_own = True
    for damaged in ([5], "on", [5, True, True, 9], {"every": 1}):
        project.database.settings.set("learn_along", json.loads(json.dumps(damaged)))
        assert along_rule(project) == AlongRule()


def test_what_an_earlier_session_left_is_swept_whether_it_is_on_or_off(window, qtbot):
    left = put(window.session.project.runs_folder / f"{CANDIDATE}2026-01-01 10.00.00" / "manifest.csv", b"").parent
    other = put(window.session.project.runs_folder / "2026-01-01 10.00.00" / "manifest.csv", b"").parent
    window.actions_by_name["learn_along"].trigger()
    qtbot.waitUntil(lambda: not left.exists(), timeout=10_000)
    assert other.is_dir()


def test_a_copy_that_a_killed_window_left_goes_with_its_candidate(window, tmp_path, qtbot):
    project = window.session.project
    run = project.runs_folder / f"{CANDIDATE}2026-01-01 10.00.00"
    put(run / "manifest.csv", b"")
    copy = copy_bundle(project, described(STARTER, run / "bundle", temperature=2.0, run=run.name))
    [kept] = [stored.bundle.id for stored in project.database.models.all()]
    assert copy.is_dir()
    window.actions_by_name["learn_along"].trigger()
    qtbot.waitUntil(lambda: not run.exists(), timeout=10_000)
    assert [folder.name for folder in project.models_folder.iterdir()] == [kept]
