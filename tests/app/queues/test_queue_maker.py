"""Queues of a real project: what is gathered for them, and that they are made beside the reader's work."""

from dataclasses import replace

import numpy as np
import pytest
from frame_folders import CLASSES, png, put, put_bad
from other_bundles import with_another_head
from sessions import choose, use_bundle

from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.frames.frame_groups import group_frames
from endodesk.app.project.grouping import Grouping, keep_grouping
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.queues.queue_snapshot import gather
from endodesk.app.queues.queues import QUEUES
from endodesk.dataset.manifest import ManifestRow, write_manifest
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import AnnotationKind
from endodesk.system.task import TaskContext
from training.plan.config import load_config


@pytest.fixture
def images(tmp_path, tiny_bundle):
    """Three classes of four frames each in cases of two; a copy, a frame without a label, and files that are none."""
    folder = tmp_path / "frames"
    for place, name in enumerate(CLASSES):
        for n in range(4):
            put(folder / name / f"case-{place}{n // 2}" / f"{n}.png", png(100 * place + n, name))
    put(folder / "loose.png", png(500))
    put(folder / "zz-copy.png", png(500))
    put_bad(folder)
    project = Project.of_images(folder)
    keep_bundle(project, tiny_bundle)
    model = project.database.models.all()[0].bundle
    project.database.models.promote(model.id, reader="test", why="a test", at=model.created)
    project.close()
    return folder


@pytest.fixture
def session(images, open_session, qtbot):
    session = open_session(images)
    answers = session.answers
    qtbot.waitUntil(
        lambda: (
            not session.folder_reader.listing
            and session.jobs.idle
            and answers.idle
            and session.workspace.predictor
            and answers.state is AnswersState.IDLE
        ),
        timeout=15_000,
    )
    return session


def source(session):
    return session.queues._snapshot()


def made(qtbot, session, queue):
    """The items, or the sentence why there are none."""
    said = []
    session.queues.make(queue, done=said.append, failed=said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    return said[0]


def test_each_frame_is_gathered_once_with_all_that_is_known(session):
    given = gather(source(session), TaskContext())
    assert len(given) == 13
    assert [session.workspace.frames[row].name for row in given.rows if not session.workspace.frames[row].folder_label] == ["loose.png"]
    assert sorted(given.labels) == sorted([name for name in CLASSES for _ in range(4)] + [""])
    assert np.isfinite(given.probabilities).all()
    assert np.isfinite(given.features).all()
    assert given.features.shape == (13, 1280)
    assert not given.trained.any()
    by_case = {}
    for row, group in zip(given.rows, given.groups, strict=True):
        by_case.setdefault(session.workspace.frames[int(row)].case or row, set()).add(int(group))
    assert all(len(groups) == 1 for groups in by_case.values())


def test_every_queue_is_made_of_frames_of_the_folder(session, qtbot):
    by_key = {queue.key: made(qtbot, session, queue) for queue in QUEUES}
    assert len(by_key["unsure"]) == 13
    assert len(by_key["unlike"]) == 13
    assert by_key["mislabelled"].startswith("There is nothing to compare with yet: label frames of 3 cases")
    for item in by_key["disagreeing"]:
        assert session.workspace.label_of(item.row).name != session.answers.said_of(item.row)[0]
        assert item.reason.startswith(f"labelled {session.workspace.label_of(item.row).name}; the model says")
    cases = [session.workspace.frames[item.row].case or item.row for item in by_key["unsure"]]
    assert len(set(cases[:7])) == 7  # each of six cases, and the loose frame, before any case a second time


def test_groups_follow_the_grouping_of_the_project(session):
    entries = [entry for entry in session.workspace.frames if entry.sha256]
    with_cases, without = group_frames(session.project, entries), group_frames(session.project, entries, cases=False)
    assert len(set(without.tolist())) > len(set(with_cases.tolist())) == 7
    keep_grouping(session.project, Grouping(case=r"case-(\d)"))
    assert len(set(group_frames(session.project, entries).tolist())) == 4
    keep_grouping(session.project, Grouping(case="no such folder"))
    with pytest.raises(BadRequest, match="fits no file"):
        group_frames(session.project, entries)


def test_only_the_queue_asked_for_last_arrives_and_a_cancelled_one_never(session, qtbot):
    said = []
    unsure, _, disagreeing, unlike = QUEUES[:4]
    session.queues.make(unlike, done=lambda _: said.append("unlike"), failed=said.append)
    session.queues.make(unsure, done=lambda _: said.append("unsure"), failed=said.append)
    qtbot.waitUntil(lambda: session.jobs.idle)
    assert said == ["unsure"]
    session.queues.make(disagreeing, done=lambda _: said.append("disagreeing"), failed=said.append)
    session.queues.cancel()
    qtbot.waitUntil(lambda: session.jobs.idle)
    assert said == ["unsure"]


def test_frames_that_the_active_model_learned_from_are_known_by_its_run(session):
    entries = [entry for entry in session.workspace.frames if entry.sha256 and entry.folder_label][:5]
    run = session.project.runs_folder / "2025-11-23 12.00.00"
    run.mkdir(parents=True)
    rows = [ManifestRow(e.path, e.sha256, "", "polyps", part="test" if n == 4 else "train") for n, e in enumerate(entries)]
    write_manifest(run / "manifest.csv", rows)
    session.workspace.predictor.bundle = replace(session.workspace.predictor.bundle, run=run.name)
    for preset in (None, "quick"):  # a quick update of a model from elsewhere: what that one learned from is not known
        if preset:
            (run / "config.toml").write_text(load_config(preset).to_toml())
        assert not gather(source(session), TaskContext()).trained.any()
    (run / "config.toml").write_text(load_config("head").to_toml())
    given = gather(source(session), TaskContext())
    assert {session.workspace.frames[int(row)].sha256 for row in given.rows[given.trained]} == {entry.sha256 for entry in entries[:4]}
    [unlike] = [queue for queue in QUEUES if queue.key == "unlike"]
    assert len(unlike.rank(given, TaskContext())) == 9


def test_who_reads_blind_sees_neither_answers_nor_queues(session, qtbot):
    assert session.facts.answer_of(session.workspace.frames.row_of(session.workspace.frames.root / "loose.png")) is not None
    session.labelling.turn_blind(on=True)
    assert all(session.facts.answer_of(row) is None for row in range(len(session.workspace.frames)))
    assert all(made(qtbot, session, queue).startswith("A queue tells what the model thinks.") for queue in QUEUES if queue.of_model)


def test_frames_that_a_reader_excluded_stand_in_no_queue(session, qtbot):
    frames = session.workspace.frames
    row = frames.row_of(frames.root / "loose.png")
    choose(qtbot, session, row)
    before = source(session)
    session.mark(AnnotationKind.EXCLUDED)
    assert row not in gather(source(session), TaskContext()).rows
    assert len(gather(source(session), TaskContext())) == 12
    assert len(gather(before, TaskContext())) == 13  # what a job was given does not change under it


def test_a_queue_in_the_making_is_of_one_model_whatever_becomes_active_meanwhile(session, tiny_bundle, tmp_path):
    """The answers of two models mixed would rank frames by nothing."""
    taken, before = source(session), session.answers.snapshot().of(session.workspace.frames.sha256s)
    use_bundle(session, with_another_head(tiny_bundle, tmp_path / "other"))
    given = gather(taken, TaskContext())
    assert given.classes == taken.answers.classes
    np.testing.assert_array_equal(given.probabilities, before[given.rows])
