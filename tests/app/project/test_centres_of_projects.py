"""A project's centres: told by the same grouping as its cases, from the folders to the manifest of a run."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from frame_folders import png, put, sha256_of
from sessions import settle

from endodesk.app.headless import opened
from endodesk.app.project.grouping import Grouping, centre_words, grouping_of, keep_grouping, name_centre
from endodesk.app.project.project import Project
from endodesk.app.retraining.label_counts import labels_by_centre
from endodesk.app.retraining.retraining import LabelSnapshot, labelled_files, make_run
from endodesk.app.retraining.split_checker import SplitChecker
from endodesk.app.retraining.splits import check_splits
from endodesk.app.session import Session
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.errors import BadRequest
from endodesk.system.task import TaskContext

CLASSES = ("normal", "polyps")


@pytest.fixture
def hospitals(tmp_path):
    """Two hospitals with both classes, each with its own patient 0; and one with polyps alone, without folders of patients."""
    root = tmp_path / "hospitals"
    for place, hospital in enumerate(("hanoi", "kvasir")):
        for label in CLASSES:
            for patient in range(4):
                number = 1000 * place + 100 * CLASSES.index(label) + 10 * patient
                put(root / hospital / label / f"p{patient}-{label}" / "a.png", png(number, label, width=64))
    for number in range(3):
        put(root / "oslo" / "polyps" / f"{number}.png", png(5000 + number, width=64))
    return root


@pytest.fixture
def session(hospitals, qtbot):
    made = Session(Project.of_images(hospitals))
    made.heard = []
    made.workspace.warning.connect(made.heard.append)
    made.start()
    settle(qtbot, made)
    yield made
    made.close()


def test_a_folder_of_hospitals_is_told_of_and_named(session, qtbot, hospitals):
    """Before: nothing in it had a class, and each hospital was one case."""
    assert len(session.heard) == 1
    assert "such as polyps in hanoi. If those are hospitals" in session.heard[0]
    assert not LabelSnapshot.take(session.workspace).files(CLASSES)
    checker = SplitChecker(session.workspace, session.jobs, session.overriding, session.model)
    checker.layout_changed.connect(session.list_folder)
    checker.use(Grouping(centre="above"))
    settle(qtbot, session)
    checker.look_again()
    settle(qtbot, session)
    assert checker.check is not None
    told = {(row.centre, row.case) for row in checker.check.rows}
    assert told == {(name, f"{name}: p{n}-{label}") for name in ("hanoi", "kvasir") for n in range(4) for label in CLASSES} | {("oslo", "")}
    assert len(checker.check.rows) == 19
    assert set(session.workspace.classes) == set(CLASSES)  # taken from the folders, as no others were chosen
    assert grouping_of(session.project).centre == "above"
    assert len(session.heard) == 1
    names = session.shown.columns.case_names
    assert "hanoi: p0-normal" in names
    checker.use(Grouping(centre="none"))
    settle(qtbot, session)
    assert not LabelSnapshot.take(session.workspace).files(CLASSES)


def test_a_run_has_the_centres_of_folders_and_those_that_readers_named(hospitals):
    image = sha256_of(hospitals / "oslo/polyps/0.png")
    with opened(hospitals, TaskContext()) as work:
        keep_grouping(work.project, Grouping(centre="above"))
    with opened(hospitals, TaskContext()) as work:
        project = work.project
        name_centre(project, [image], "  Bergen ", reader="Ada")
        files = [file for file, _ in labelled_files(work.frames, work.reviews, CLASSES, project.label_set)]
        run, _ = make_run(project, files, "head", CLASSES, TaskContext())
        centre_of = {row.file.relative_to(hospitals).as_posix(): row.centre for row in read_manifest(run / "manifest.csv")}
        assert centre_of["oslo/polyps/0.png"] == "Bergen"
        assert centre_of["oslo/polyps/1.png"] == "oslo"
        assert centre_of["kvasir/normal/p0-normal/a.png"] == "kvasir"
        events = [json.loads(line).get("event", {}) for line in project.database.chain.lines()]
        told = [(event["reader"], json.loads(event["told"])) for event in events if event.get("kind") == "centre"]
        assert told == [("Ada", {"centre": "Bergen", "frames": [image], "before": {}})]
        assert project.database.chain.verify().broken is None
        name_centre(project, [image], "", reader="Ada")
        check = check_splits(project, files, grouping_of(project), TaskContext())
        assert {row.centre for row in check.rows} == {"hanoi", "kvasir", "oslo"}
        with pytest.raises(BadRequest, match="at most 100 letters"):
            name_centre(project, [image], "x" * 101, reader="Ada")


def test_a_word_on_centres_is_a_step_that_is_undone_and_done_again(session, qtbot, hospitals):
    """Frames of which something else was said since keep that; only what the undoing changed is done again."""
    project, log = session.project, session.log
    one, two, three = (sha256_of(hospitals / f"oslo/polyps/{n}.png") for n in range(3))
    log.name_centre([one, two], " Bergen ")
    log.name_centre([two, three], "Oslo")
    assert log.undo_told == "centre of 2 frames"
    project.database.steps.name_centre([three], "Turku", reader="Eva", at=datetime.now(UTC))
    assert log.undo() == [two, three]
    assert centre_words(project) == {one: "Bergen", two: "Bergen", three: "Turku"}
    assert log.redo_told == "centre of 2 frames"
    log.redo()
    assert centre_words(project) == {one: "Bergen", two: "Oslo", three: "Turku"}
    log.undo()
    log.undo()
    assert centre_words(project) == {three: "Turku"}
    assert not log.undo()
    log.redo()
    log.redo()
    assert centre_words(project) == {one: "Bergen", two: "Oslo", three: "Turku"}
    log.name_centre([one], "")
    assert log.undo_told == "centre of 1 frame"
    log.undo()
    assert centre_words(project)[one] == "Bergen"
    log.read_steps()  # as after a restart
    log.undo()
    assert centre_words(project) == {one: "Bergen", two: "Bergen", three: "Turku"}
    assert project.database.chain.verify().broken is None
    with pytest.raises(BadRequest, match="did no step"):
        project.database.steps.undo(3, reader=session.workspace.reader, at=datetime.now(UTC))


def test_classes_by_centre_are_told_by_folders_a_pattern_and_readers_words(session, qtbot, hospitals):
    keep_grouping(session.project, Grouping(centre="above"))
    session.list_folder()
    settle(qtbot, session)
    both = {(label, centre) for label in CLASSES for centre in ("hanoi", "kvasir")}

    def found():
        return labels_by_centre(session.shown.columns, session.project, session.workspace.label_set)

    assert found() == both | {("polyps", "oslo")}
    session.log.name_centre([sha256_of(hospitals / "oslo/polyps/0.png")], "Bergen")
    assert found() == both | {("polyps", "oslo"), ("polyps", "Bergen")}
    keep_grouping(session.project, Grouping(centre=r"(hanoi|kvasir)/"))
    assert found() == both | {("polyps", ""), ("polyps", "Bergen")}
    keep_grouping(session.project, Grouping())
    assert found() == {("normal", ""), ("polyps", ""), ("polyps", "Bergen")}
    session.log.undo()
    assert found() == set()


def test_words_of_two_connections_do_not_lose_each_other(session, hospitals):
    """Read, changed and written in one transaction, so that of two programs at once none overwrites what the other said."""
    project = session.project
    images = [sha256_of(hospitals / f"oslo/polyps/{n}.png") for n in range(3)]
    found = [sha256_of(path) for path in sorted(hospitals.glob("*/*/p*/a.png"))]
    beside = Project.open(project.folder, alone=False)

    def name(one, frames, centre):
        for image in frames:
            one.database.steps.name_centre([image], centre, reader=centre, at=datetime.now(UTC))

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(name, project, images, "Oslo"), pool.submit(name, beside, found, "Hanoi")]
        for one in done:
            one.result()
    beside.close()
    assert centre_words(project) == dict.fromkeys(images, "Oslo") | dict.fromkeys(found, "Hanoi")


def test_a_grouping_of_an_older_program_has_no_centre(hospitals):
    with opened(hospitals, TaskContext()) as work:
        work.project.database.settings.set("grouping", {"near": 4, "case": "none"})
        assert grouping_of(work.project) == Grouping(4, "none", "none")
        work.project.database.settings.set("grouping", {"near": 4, "case": "none", "centre": "(("})
        assert grouping_of(work.project) == Grouping()  # damaged: as if it had never been set
