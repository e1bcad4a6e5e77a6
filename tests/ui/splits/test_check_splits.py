"""Data > Check splits in the real window: what a reader sees of the next split, and says of it."""

import json
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest
from frame_folders import CLASSES, everything_in, png, put
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from sessions import use_bundle
from watching import choose, settle, words

from endodesk.app.project.grouping import Grouping, grouping_of
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.retraining.retraining import labelled_files, make_run
from endodesk.dataset.leaks import Pair
from endodesk.dataset.manifest import read_manifest, write_manifest
from endodesk.imaging.hashing import phash
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from endodesk.ui.splits.dialog import SplitsDialog
from endodesk.ui.splits.list_models import LEFT_ROLE, RIGHT_ROLE, ConflictModel, FrameModel, PairModel
from endodesk.ui.splits.parts_page import PartsModel

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds

ORIGINAL = "patient-00 polyps.png"


def decoded(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def saved_again(data, level):
    """The same pixels in other bytes: an equal hash."""
    return cv2.imencode(".png", decoded(data), [cv2.IMWRITE_PNG_COMPRESSION, level])[1].tobytes()


def marked(data, low, high):
    """The same picture with a grey block in its dark corner, as large as it takes for a hash that differs in `low` to `high` bits."""
    image = decoded(data)
    for side in range(2, 120):
        other = image.copy()
        other[:side, :side] = 90
        hashes = [int(phash(np.ascontiguousarray(picture[..., ::-1])), 16) for picture in (image, other)]
        if low <= (hashes[0] ^ hashes[1]).bit_count() <= high:
            return cv2.imencode(".png", other)[1].tobytes()
    raise AssertionError("no such picture")


@pytest.fixture
def images(tmp_path):
    """Six patients a class; of one frame there are an equal and a near picture in its class, and an equal one in another."""
    folder = tmp_path / "Fälle 内視鏡"
    for place, name in enumerate(CLASSES):
        for case in range(6):
            put(folder / name / f"patient-{case:02} {name}.png", png(1000 * place + 10 * case, name, width=320))
    original = (folder / "polyps" / ORIGINAL).read_bytes()
    put(folder / "polyps" / "copy.png", saved_again(original, 9))
    put(folder / "polyps" / "marked.png", marked(original, 3, 5))
    put(folder / "esophagitis" / "wrong.png", saved_again(original, 0))
    return folder


@pytest.fixture
def dialog(window, qtbot):
    return check(qtbot, window)


def check(qtbot, window):
    """The dialog, opened by its menu entry and filled."""
    window.actions_by_name["check_splits"].trigger()
    [dialog] = [found for found in window.findChildren(SplitsDialog) if found.isVisible()]
    wait(qtbot, dialog)
    return dialog


def wait(qtbot, dialog):
    """Until what was chosen has been looked at, and all pictures are there."""
    qtbot.waitUntil(lambda: not dialog._pause.isActive() and dialog.parent().session.jobs.idle, timeout=30_000)


def set_bits(qtbot, dialog, bits):
    dialog.grouping.near.setValue(bits)
    wait(qtbot, dialog)


def set_case(qtbot, dialog, pattern):
    dialog.grouping.case.setCurrentIndex(dialog.grouping.case.count() - 1)
    dialog.grouping.pattern.setText(pattern)
    wait(qtbot, dialog)


def titles(dialog):
    return [dialog.tabs.tabText(place).replace("&", "") for place in range(dialog.tabs.count())]


def table(dialog):
    model = dialog.parts.model
    return {model.index(row, 0).data(): [model.index(row, c).data() for c in range(1, 5)] for row in range(model.rowCount())}


def go_to(dialog, page, *names):
    """Choose the pair of two files by name."""
    dialog.tabs.setCurrentWidget(page)
    pairs = [page.model.pair(row) for row in range(page.model.rowCount())]
    row = next(row for row, pair in enumerate(pairs) if {pair.left.file.name, pair.right.file.name} == set(names))
    page.list.setCurrentIndex(page.model.index(row))


def run(window):
    """Group and part by file name of a run started now, and ended with a model: only then does it bind."""
    session = window.session
    files = [file for file, _ in labelled_files(session.workspace.frames, session.workspace.reviews, CLASSES)]
    folder, _ = make_run(session.project, files, "head", CLASSES, TaskContext())
    (folder / "bundle").mkdir()
    return {row.file.name: (row.group, row.part) for row in read_manifest(folder / "manifest.csv")}


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_dialog_tells_parts_conflicts_and_pairs_as_the_next_run_has_them(window, dialog, qtbot, images):
    assert titles(dialog) == ["Parts", "Label conflicts (1)", "Near duplicates (3)", "Leaks (0)"]
    assert table(dialog)["polyps"][3] == "8 in 7 groups"
    assert table(dialog)["All classes"][3] == "21 in 19 groups"
    assert "n = 21 different frames in 19 groups" in words(dialog)
    assert "No frame is bound" in words(dialog)
    parts = [part for _, part in run(window).values()]
    frames = [int(cell.split()[0]) for cell in table(dialog)["All classes"][:3]]
    assert frames == [parts.count("train"), parts.count("val"), parts.count("test")]
    assert "21 of them were in an earlier run" in words(check(qtbot, window))
    assert window.findChildren(SplitsDialog) == [dialog]


def test_pairs_are_shown_side_by_side_and_gone_through_by_key(dialog, qtbot):
    dialog.tabs.setCurrentWidget(dialog.pairs)
    wait(qtbot, dialog)
    assert all(isinstance(pane.picture, QImage) and pane.picture.width() == 800 for pane in dialog.pairs.pictures.panes)
    assert "1 of 6   equal hashes" in words(dialog.pairs)
    qtbot.keyClick(dialog.pairs.list, Qt.Key.Key_Down)
    assert "2 of 6" in words(dialog.pairs)
    dialog.pairs.next.click()
    dialog.pairs.previous.click()
    assert "2 of 6" in words(dialog.pairs)
    qtbot.keyClick(dialog.pairs.list, Qt.Key.Key_End)
    assert (dialog.pairs.next.isEnabled(), dialog.pairs.previous.isEnabled()) == (False, True)
    index = dialog.pairs.model.index(5)
    assert "apart" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    for role in (LEFT_ROLE, RIGHT_ROLE):  # they are asked for when they are painted
        qtbot.waitUntil(lambda role=role: isinstance(index.data(role), QImage))


def test_a_pair_opens_in_the_window(window, dialog, qtbot):
    go_to(dialog, dialog.pairs, ORIGINAL, "marked.png")
    pair = dialog.pairs.pair
    for button, row in zip(dialog.pairs.pictures.opens, (pair.left, pair.right), strict=True):
        button.click()
        assert window.session.workspace.entry.path == row.file
        assert f"{row.file.name} is open in the main window" in words(dialog)
    qtbot.keyClick(dialog.pairs.list, Qt.Key.Key_Return)
    assert window.session.workspace.entry.path == pair.left.file


def test_conflicts_tell_who_labelled_and_go_once_the_label_is_mended(window, dialog, qtbot):
    dialog.tabs.setCurrentWidget(dialog.conflicts)
    frames = dialog.conflicts.frames
    assert dialog.conflicts.model.index(0).data().startswith("3 frames: 1 esophagitis, 2 polyps")
    row = next(row for row in range(3) if frames.frame(row).file.name == "wrong.png")
    assert frames.index(row).data() == "esophagitis\nby its folder\nwrong.png"
    dialog.conflicts.view.setCurrentIndex(frames.index(row))
    qtbot.keyClick(dialog.conflicts.view, Qt.Key.Key_Return)
    assert window.session.workspace.entry.path.name == "wrong.png"
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    window.session.label("polyps")
    dialog.checker.look_again()  # as on coming back to the dialog
    wait(qtbot, dialog)
    assert titles(dialog)[1] == "Label conflicts (0)"
    assert "No conflicts" in words(dialog)
    other = next(row for row, entry in enumerate(window.session.workspace.frames) if entry.path.name == "copy.png")
    choose(qtbot, window, other)
    window.session.label("esophagitis")
    dialog.checker.look_again()
    wait(qtbot, dialog)
    told = [frames.index(row).data() for row in range(3)]
    assert f"esophagitis\nby {window.session.workspace.reader}\ncopy.png" in told


def test_files_of_equal_content_with_two_labels_are_a_conflict(images, open_window, qtbot):
    put(images / "ulcerative-colitis" / "same bytes.png", (images / "polyps" / "patient-05 polyps.png").read_bytes())
    window = open_window(images)
    settle(qtbot, window)
    dialog = check(qtbot, window)
    told = dialog.conflicts.model.index(0).data()
    assert told.startswith("2 files of equal content: 1 polyps, 1 ulcerative-colitis\nleft out")


def test_each_model_is_a_proper_model(window, dialog, qtmodeltester):
    done = dialog.checker.check
    parts, pairs, conflicts, frames = (
        PartsModel(),
        PairModel(window.session.thumbnails),
        ConflictModel(),
        FrameModel(window.session.thumbnails),
    )
    for model in (parts, pairs, conflicts, frames):
        qtmodeltester.check(model)
    parts.show_counts(done.counts)
    pairs.show_pairs(done, done.pairs)
    conflicts.show_groups(done.conflicts)
    frames.show_rows(done, done.conflicts[0])
    for model, rows in ((parts, 4), (pairs, 6), (conflicts, 1), (frames, 3)):
        qtmodeltester.check(model)
        assert (model.rowCount(), model.rowCount(model.index(0, 0))) == (rows, 0)


# --- what decides the groups ------------------------------------------------------------------------------------------


def test_bits_are_kept_and_used_by_the_next_run(window, dialog, qtbot, images, open_window):
    assert "3 more follow, of up to 6 bits" in dialog.pairs.message.text()
    set_bits(qtbot, dialog, 5)
    assert titles(dialog)[2] == "Near duplicates (6)"
    grouped = run(window)
    assert grouped[ORIGINAL][0] == grouped["copy.png"][0] == grouped["marked.png"][0]
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert check(qtbot, again).grouping.near.value() == 5


def test_a_pattern_names_cases_and_a_bad_one_is_told_and_not_kept(window, dialog, qtbot):
    assert not dialog.grouping.pattern.isVisible()
    set_case(qtbot, dialog, r"patient-(\d+)")
    assert table(dialog)["All classes"][3] == "21 in 7 groups"
    kept = Grouping(dialog.grouping.near.value(), r"patient-(\d+)")
    assert grouping_of(window.session.project) == kept
    assert len({group for group, _ in run(window).values()}) == 7
    for pattern, said in (("(", "regular expression"), ("", "Write the pattern"), ("no such name", "fits no file")):
        set_case(qtbot, dialog, pattern)
        assert said in dialog.grouping.message.text()
        assert dialog.grouping.message.isVisible()
        assert grouping_of(window.session.project) == kept
        assert not dialog.tabs.isEnabled()  # what it shows is not what was asked for
    dialog.grouping.case.setCurrentIndex(1)  # not used
    wait(qtbot, dialog)
    assert (dialog.tabs.isEnabled(), dialog.grouping.message.isVisible()) == (True, False)
    assert table(dialog)["All classes"][3] == "21 in 19 groups"


def test_a_pattern_still_to_be_written_is_asked_for_also_when_an_earlier_choice_is_checked_meanwhile(dialog, qtbot):
    dialog.grouping.case.setCurrentIndex(1)
    dialog.checker.use(dialog.grouping.chosen)
    dialog.grouping.case.setCurrentIndex(2)
    wait(qtbot, dialog)
    assert "Write the pattern" in words(dialog)


def test_arrow_keys_go_through_the_page_that_was_chosen_and_leave_the_bits(dialog, qtbot):
    dialog.activateWindow()
    dialog.grouping.near.setFocus()
    dialog.tabs.setCurrentWidget(dialog.pairs)  # as its key does
    assert dialog.focusWidget() is dialog.pairs.list
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert "2 of 6" in words(dialog.pairs)
    tabs = dialog.tabs.tabBar()
    tabs.setFocus()
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert dialog.focusWidget() is dialog.conflicts.list


def test_what_is_read_once_is_not_read_again(window, dialog, qtbot, images, monkeypatch):
    read = []
    monkeypatch.setattr("endodesk.app.frames.hashed_files.read_files", lambda files, task: read.append(files))
    set_bits(qtbot, dialog, 3)
    assert dialog.checker.check.grouping.near == 3
    assert read == []


def test_a_folder_without_labels_is_told(tmp_path, open_window, qtbot):
    put(tmp_path / "loose" / "1.png", png(1))
    window = open_window(tmp_path / "loose")
    settle(qtbot, window)
    dialog = check(qtbot, window)
    assert "There are no labelled frames yet" in words(dialog)
    choose(qtbot, window, 0)
    window.session.label("esophagitis")
    dialog.checker.look_again()
    wait(qtbot, dialog)
    assert "n = 1 different frames" in words(dialog)


# --- what the reader says ---------------------------------------------------------------------------------------------


def test_a_merge_holds_after_reopening_and_in_the_next_run_until_it_is_taken_back(window, dialog, qtbot, images, open_window):
    before = everything_in(images)
    go_to(dialog, dialog.pairs, ORIGINAL, "marked.png")
    assert "two groups" in words(dialog.pairs)
    assert (dialog.pairs.join.isEnabled(), dialog.pairs.part.isEnabled()) == (True, False)
    dialog.pairs.join.click()
    wait(qtbot, dialog)
    assert f"one group: joined by {window.session.workspace.reader}" in words(dialog.pairs)
    window.close()
    window = open_window(images)
    settle(qtbot, window)
    dialog = check(qtbot, window)
    grouped = run(window)
    assert grouped[ORIGINAL] == grouped["marked.png"]
    go_to(dialog, dialog.pairs, ORIGINAL, "marked.png")
    assert (dialog.pairs.join.isEnabled(), dialog.pairs.part.isEnabled()) == (False, True)
    dialog.pairs.part.click()
    wait(qtbot, dialog)
    assert "two groups" in words(dialog.pairs)
    grouped = run(window)
    assert grouped[ORIGINAL][0] != grouped["marked.png"][0]
    assert everything_in(images) == before


def test_a_merge_of_frames_that_are_far_apart_stays_in_the_list(window, dialog, qtbot):
    go_to(dialog, dialog.pairs, ORIGINAL, "marked.png")
    dialog.pairs.join.click()
    wait(qtbot, dialog)
    merged = dialog.pairs.pair
    far = ["patient-01 polyps.png", "patient-02 polyps.png"]
    rows = [next(row for row in dialog.checker.check.rows if row.file.name == name) for name in far]
    dialog.checker.join(Pair(*rows, bits=64), joined=True)
    wait(qtbot, dialog)
    assert dialog.pairs.pair.left.sha256 == merged.left.sha256  # what was looked at still is
    go_to(dialog, dialog.pairs, *far)
    assert dialog.pairs.pair.bits > 6
    dialog.pairs.part.click()
    wait(qtbot, dialog)
    assert dialog.pairs.model.rowCount() == 6


# --- leaks ------------------------------------------------------------------------------------------------------------


def test_without_a_model_it_says_what_to_do(dialog, qtbot):
    dialog.tabs.setCurrentWidget(dialog.leaks)
    assert "No leaks: a group stands in one part" in words(dialog.leaks)
    dialog.leaks.compare.click()
    assert "no active model" in words(dialog.leaks)
    assert "Model > Retrain" in words(dialog.leaks)


@pytest.fixture
def comparing(window, images, tiny_bundle, qtbot):
    """With a model, and a frame that an earlier run had in another part than its near copy; only equal hashes make a group."""
    put(images / "polyps" / "marked too.png", marked((images / "polyps" / ORIGINAL).read_bytes(), 1, 2))
    window.session.list_folder()
    use_bundle(window.session, tiny_bundle)
    settle(qtbot, window)
    dialog = check(qtbot, window)
    set_bits(qtbot, dialog, 0)
    rows = {row.file.name: row for row in dialog.checker.check.rows}
    bound = [replace(rows[ORIGINAL], part="train"), replace(rows["marked too.png"], part="test")]
    earlier = window.session.project.runs_folder / "earlier"
    (earlier / "bundle").mkdir(parents=True)
    write_manifest(earlier / "manifest.csv", bound)
    check(qtbot, window)
    dialog.tabs.setCurrentWidget(dialog.leaks)
    return dialog


def test_what_the_model_sees_finds_leaks_that_hashes_miss_and_joining_mends_them(comparing, qtbot):
    assert titles(comparing)[3] == "Leaks (0)"
    comparing.leaks.compare.click()
    wait(qtbot, comparing)
    assert titles(comparing)[3] == f"Leaks ({len(comparing.checker.check.leaks)})"
    assert len(comparing.checker.check.leaks) < 20  # not any two of the 22
    assert "22 of n = 22 frames compared" in words(comparing.leaks)
    assert not comparing.leaks.compare.isEnabled()
    go_to(comparing, comparing.leaks.pairs, ORIGINAL, "marked too.png")
    assert "train | test" in words(comparing.leaks)
    place = comparing.leaks.pairs.list.currentIndex().row()
    comparing.leaks.pairs.join.click()
    wait(qtbot, comparing)
    assert comparing.leaks.pairs.list.currentIndex().row() == min(place, len(comparing.checker.check.leaks) - 1)
    assert {row.part for row in comparing.checker.check.rows if row.file.name in (ORIGINAL, "marked too.png")} == {"test"}
    pairs = [{pair.left.file.name, pair.right.file.name} for pair in comparing.checker.check.leaks]
    assert {ORIGINAL, "marked too.png"} not in pairs
    assert "1 left its part" in comparing.parts.summary.text()


def test_another_model_sees_otherwise_so_its_comparison_begins_anew(comparing, window, tiny_bundle, tmp_path, qtbot):
    comparing.leaks.compare.click()
    wait(qtbot, comparing)
    assert comparing.checker.check.measured == 22
    shutil.copytree(tiny_bundle, tmp_path / "other")
    other = replace(read_bundle(tiny_bundle), name="other", temperature=2.0)
    (tmp_path / "other" / "bundle.json").write_text(json.dumps(other.to_json()), encoding="utf-8")
    window.session.model.promote(
        keep_bundle(window.session.project, tmp_path / "other"), reader=window.session.workspace.reader, why="a test"
    )
    wait(qtbot, comparing)
    assert (comparing.checker.check.measured, comparing.leaks.compare.isEnabled()) == (0, True)


def test_a_comparison_can_be_cancelled_and_begun_anew(comparing, qtbot):
    comparing.leaks.compare.click()
    assert not comparing.leaks.compare.isEnabled()
    comparing.checker.cancel()
    wait(qtbot, comparing)
    assert comparing.checker.check.measured == 0
    assert comparing.leaks.cancel.isHidden()
    comparing.leaks.compare.click()
    wait(qtbot, comparing)
    assert comparing.checker.check.measured == 22


def test_the_folder_of_a_case_is_chosen_beside_it_and_kept(window, dialog, qtbot):
    assert dialog.grouping.which.isVisible()
    assert dialog.grouping.chosen.case == "folder"
    dialog.grouping.which.setCurrentIndex(1)
    wait(qtbot, dialog)
    assert grouping_of(window.session.project).case == "deepest"
    dialog.grouping.show_grouping(grouping_of(window.session.project))
    assert dialog.grouping.chosen.case == "deepest"
    set_case(qtbot, dialog, r"patient-(\d+)")
    assert not dialog.grouping.which.isVisible()
    assert grouping_of(window.session.project).case == r"patient-(\d+)"


def test_frames_beside_class_folders_and_frames_that_show_nothing_stand_among_the_warnings(window, images, qtbot):
    put(images / "polyps" / "black.png", cv2.imencode(".png", np.zeros((60, 80, 3), np.uint8))[1].tobytes())
    put(images / "lost.png", png(77, width=320))
    window.session.list_folder()
    settle(qtbot, window)
    dialog = check(qtbot, window)
    assert "1 frame lies beside the class folders (lost.png)" in words(dialog.parts)
    assert "1 frame has no structure" in words(dialog.parts)
