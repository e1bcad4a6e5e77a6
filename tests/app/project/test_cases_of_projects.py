"""A project's cases and hashes: the first folder below the class, what an older project hears of it, and hashes that are made anew."""

import cv2
import numpy as np
import pytest
from frame_folders import png, put, sha256_of
from hypothesis import given
from hypothesis import strategies as st
from sessions import choose, settle

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.browsing.near_frames import near_rows
from endodesk.app.frames.folder_layout import layout_told, news_of_layout
from endodesk.app.frames.frame_groups import group_frames
from endodesk.app.frames.frame_list import Folder, FrameList, class_depth
from endodesk.app.frames.hashed_files import hash_files
from endodesk.app.headless import opened
from endodesk.app.project.grouping import Grouping, grouping_of, keep_grouping
from endodesk.app.project.project import Project
from endodesk.app.retraining.retraining import LabelSnapshot, make_run
from endodesk.app.retraining.splits import check_splits
from endodesk.app.session import Session
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.images import NO_STRUCTURE
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext

CLASSES = ("normal", "polyps")


def black(level: int) -> bytes:
    return cv2.imencode(".png", np.full((60, 80, 3), level, np.uint8))[1].tobytes()


@pytest.fixture
def ward(tmp_path):
    """Six patients with two series each; the patients of both classes have the same names in two of three cases."""
    folder = tmp_path / "ward"
    for place, label in enumerate(CLASSES):
        for patient in range(3 * place, 3 * place + 6):
            for series in range(2):
                number = 100 * place + 10 * patient + series
                put(folder / label / f"p{patient}" / f"s{series}" / "0.png", png(number, width=64))
                put(folder / label / f"p{patient}" / f"s{series}" / "cap.png", black(number % 40 + 50 * place))
    return folder


@pytest.fixture
def open_ward(ward, qtbot):
    sessions = []

    def opened() -> Session:
        sessions.append(session := Session(Project.of_images(ward)))
        session.heard = []
        session.workspace.warning.connect(session.heard.append)
        session.start()
        settle(qtbot, session)
        return session

    yield opened
    for session in sessions:
        session.close()


def files_of(session):
    return LabelSnapshot.take(session.workspace).files(CLASSES)


def test_a_training_keeps_each_patient_on_one_side_over_series_and_classes(open_ward) -> None:
    session = open_ward()
    assert session.shown.columns.case_names == [f"p{n}" for n in range(9)]
    assert session.heard == []
    folder, warnings = make_run(session.project, files_of(session), "head", CLASSES, TaskContext())
    sides: dict[str, set[str]] = {}
    for row in read_manifest(folder / "manifest.csv"):
        sides.setdefault(row.case, set()).add(row.part)
    assert sorted(sides) == [f"p{n}" for n in range(9)]
    assert all(len(parts) == 1 for parts in sides.values())
    assert any("no structure" in warning for warning in warnings)


def test_patients_whose_series_stood_on_two_sides_go_to_test_whole_and_that_is_told(open_ward) -> None:
    session = open_ward()
    keep_grouping(session.project, Grouping(case="deepest"))
    before, _ = make_run(session.project, files_of(session), "head", CLASSES, TaskContext())
    (before / "bundle").mkdir()  # only a run that ended with a model binds
    old = {row.sha256: (row.case.partition("/")[0], row.part) for row in read_manifest(before / "manifest.csv")}
    keep_grouping(session.project, Grouping())
    after, warnings = make_run(session.project, files_of(session), "head", CLASSES, TaskContext())
    new = {row.sha256: (row.case, row.part) for row in read_manifest(after / "manifest.csv")}
    in_test = {case for case, part in old.values() if part == "test"}
    assert {case for case, part in new.values() if part == "test"} >= in_test
    assert all(part == "test" for case, part in new.values() if case in in_test)
    moved = sum(old[image][1] != part for image, (_, part) in new.items())
    assert moved
    assert any(said.startswith(f"{moved} frames of earlier trainings followed their group") for said in warnings)


def test_a_project_may_choose_the_folder_that_a_frame_lies_in(open_ward) -> None:
    session = open_ward()
    check = check_splits(session.project, files_of(session), Grouping(case="deepest"), TaskContext())
    assert {row.case for row in check.rows} == {f"p{n}/s{s}" for n in range(9) for s in range(2)}
    keep_grouping(session.project, Grouping(case="deepest"))
    session.close()
    assert len(open_ward().shown.columns.case_names) == 18


def test_patients_that_are_no_class_folders_are_cases_for_a_training_too(tmp_path) -> None:
    frames = FrameList(tmp_path, ["p1/s1/0.png", "p1/s2/1.png", "p2/2.png", "3.png"])
    assert class_depth(frames.folders, CLASSES) == 0
    assert [folder.case_below(0, frames.case_rule) for folder in frames.folders] == ["p1", "p1", "p2", ""]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=4), st.booleans())
def test_the_case_is_the_first_of_the_folders_below(parts, film) -> None:
    folder = Folder(tuple(parts), film and bool(parts))
    deepest = folder.case_below(1)
    assert folder.case_below(1, "folder") == deepest.split("/")[0]
    assert deepest == "/".join(parts[1:]) or (folder.film and deepest == parts[0])


def test_frames_without_structure_are_told_and_join_no_cases(open_ward) -> None:
    session = open_ward()
    check = check_splits(session.project, files_of(session), grouping_of(session.project), TaskContext())
    n = len({row.sha256 for row in check.rows if not row.phash})
    assert f"{n} frames have no structure (black, or one colour): they are joined with nothing by likeness." in check.warnings
    groups = {row.case: row.group for row in check.rows if row.phash}
    assert len(set(groups.values())) == len(groups) == 9
    assert check.leaks == ()
    frames = session.workspace.frames
    rows = near_rows(frames.snapshot(), session.project, TaskContext())
    for row, group in enumerate(rows):
        assert frames.sha256s[row] == frames.sha256s[group], "equal bytes alone are near-identical here"
    numbers = group_frames(session.project, list(frames))
    assert len({int(number) for number in numbers}) >= 9


def test_what_shows_nothing_is_read_once_and_has_no_hash(ward, open_ward, monkeypatch) -> None:
    session = open_ward()
    found = hash_files(files_of(session), session.project.database, TaskContext())
    assert sum(not row.phash for row in found.rows) == len(found.rows) / 2
    monkeypatch.setattr("endodesk.app.frames.hashed_files.read_files", lambda *_: pytest.fail("read again") if _[0] else None)
    assert hash_files(files_of(session), session.project.database, TaskContext()) == found
    cap = sha256_of(ward / "polyps" / "p3" / "s0" / "cap.png")
    assert session.project.database.images.get(cap).phash == NO_STRUCTURE
    assert session.project.database.images.hashes()[cap] == ""


@pytest.mark.slow
def test_hashes_of_an_older_program_are_made_anew_once(ward, open_ward) -> None:
    session = open_ward()
    hash_files(files_of(session), session.project.database, TaskContext())
    images = session.project.database.images
    cap = sha256_of(ward / "polyps" / "p3" / "s0" / "cap.png")
    kept = images.get(cap)
    stamp = images.known()[kept.path].stamp
    images.add([(type(kept)(kept.sha256, kept.path, kept.width, kept.height, "8" + "0" * 15), stamp)])
    session.project.database.settings.set("hash_rule", 1)
    session.close()
    again = open_ward()
    assert again.project.database.images.hashes() == {}
    check = check_splits(again.project, files_of(again), grouping_of(again.project), TaskContext())
    assert len({row.group for row in check.rows if row.phash}) == 9
    again.close()
    assert len(open_ward().project.database.images.hashes()) > 9, "once: they are kept from then on"


# --- what is told ------------------------------------------------------------------------------------------------------


def test_a_project_of_an_older_program_hears_once_that_its_cases_are_others(ward, open_ward) -> None:
    session = open_ward()
    session.project.database.settings.set("case_rule", None)  # as no program before set it
    session.close()
    told = open_ward()
    assert len(told.heard) == 1
    assert "such as p0: there are 9 cases, where each of 18 folders was one" in told.heard[0]
    told.close()
    assert open_ward().heard == []


def test_two_spellings_are_told_once_when_the_folder_is_opened_and_by_each_check(ward, open_ward) -> None:
    put(ward / "Polyps" / "z.png", png(500, width=64))
    put(ward / "lost.png", png(501, width=64))
    session = open_ward()
    assert len(session.heard) == 1
    assert "Polyps and polyps are not one class" in session.heard[0]
    notes = LabelSnapshot.take(session.workspace).notes()
    assert notes[0].startswith("1 frame lies beside the class folders (lost.png)")
    assert len(notes) == 2
    session.close()
    again = open_ward()
    assert again.heard == []
    assert layout_told(again.workspace.frames, LabelSet.of(("no folder",))) == [], "folders that are cases may be called as they like"
    assert news_of_layout(again.project, again.workspace.frames, again.workspace.label_set) == []


# --- conclusions of deeper folders --------------------------------------------------------------------------------------


def test_what_was_concluded_of_a_series_is_shown_with_its_patient(ward, open_ward, qtbot) -> None:
    session = open_ward()
    review, frames = session.cases, session.workspace.frames
    assert review.conclude("p0/s0", "One polyp.", "polyps")
    choose(qtbot, session, frames.row_of(ward / "normal" / "p0" / "s1" / "0.png"))
    assert review.name == "p0"
    assert (review.history("p0"), [one.text for one in review.of_folders("p0")]) == ([], ["One polyp."])
    assert "p0/s0" in review.holding("p0").text
    assert "One polyp." in review.holding("p0").text
    choose(qtbot, session, frames.row_of(ward / "polyps" / "p8" / "s1" / "0.png"))
    assert not review.go_to_open()
    choose(qtbot, session, frames.row_of(ward / "normal" / "p1" / "s1" / "0.png"))
    assert review.conclude("p0/s1", "Nothing.", "")
    assert review.go(-1)
    assert review.name == "p0"
    assert review.go_to_open()
    assert review.name == "p1", "both its series are concluded"
    assert review.conclude("p0", "Two series, one polyp.", "polyps")
    assert review.holding("p0").text == "Two series, one polyp."
    assert len(review.of_folders("p0")) == 2
    assert [one.text for one in review.of_folders("p0/s0")] == ["Two series, one polyp."]
    assert review.of_folders("p00") == review.of_folders("p") == []


def test_a_filter_that_was_kept_for_a_series_finds_its_patient(open_ward) -> None:
    session = open_ward()
    columns = session.shown.columns
    assert FrameFilter(cases=("p3/s1",)).matching(columns).sum() == FrameFilter(cases=("p3",)).matching(columns).sum() == 8


def test_a_class_left_out_of_a_training_is_no_case(tmp_path) -> None:
    frames = FrameList(tmp_path, ["polyps/p1/0.png"])
    assert class_depth(frames.folders, {"normal"}) == 0
    assert class_depth(frames.folders, {"normal", "polyps"}) == 1


def test_a_command_tells_cases_by_the_pattern_of_the_project_too(ward):
    project = Project.of_images(ward)
    keep_grouping(project, Grouping(case=r"/(p\d)/"))
    project.close()
    with opened(ward, TaskContext()) as work:
        assert set(work.frames.cases) == {f"p{n}" for n in range(9)}
