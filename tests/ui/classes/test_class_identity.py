"""A class keeps its labels under another name: everywhere they are shown, filtered, exported and learnt from."""

import csv

import pytest
from frame_folders import CLASSES, png, put, put_classes
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton
from watching import choose, settle, words

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.class_styles import in_usual_style
from endodesk.app.headless import label_by_table, opened
from endodesk.app.records.exporting import export_record
from endodesk.app.retraining.label_counts import count_labels
from endodesk.app.retraining.retraining import LabelSnapshot, make_run
from endodesk.app.user_places import settings_file
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind
from endodesk.system.task import TaskContext
from endodesk.ui.classes.dialog import ClassesDialog
from endodesk.ui.classes.removed_dialog import RemovedClassesDialog
from endodesk.ui.classes.table import ALIASES, COLOUR, KEY, NAME
from endodesk.ui.review.history_list import HistoryList
from endodesk.ui.training.retrain_dialog import RetrainDialog
from training.plan.run_folder import open_run

pytestmark = pytest.mark.slow

OK = QDialogButtonBox.StandardButton.Ok


@pytest.fixture
def classes(window):
    def ask():
        window.actions_by_name["ask_classes"].trigger()
        return window.findChildren(ClassesDialog)[-1]

    return ask


def rename(dialog, row, name):
    editor = dialog.editor
    assert editor.model.setData(editor.model.index(row, NAME), name)
    dialog.buttons.button(OK).click()


def labels_of(window):
    workspace = window.session.workspace
    return [(label := workspace.label_of(row)) and label.name for row in range(len(workspace.frames))]


def test_a_renamed_class_keeps_its_labels_wherever_they_are_used(window, classes, qtbot, tmp_path, open_window, images):
    session = window.session
    for row in (0, 3):  # one against its folder, one as its folder says; row 2 has its folder's alone
        choose(qtbot, window, row)
        session.label("polyps")
    session.shown.set_filter(FrameFilter(classes=("polyps",)))
    assert sorted(session.shown.rows) == [0, 2, 3]
    rename(classes(), 1, "adenoma")
    expected = ["adenoma", "esophagitis", "adenoma", "adenoma", "ulcerative-colitis", "ulcerative-colitis"]
    assert labels_of(window) == expected
    assert sorted(session.shown.rows) == [0, 2, 3]
    assert ("classes", "adenoma") in session.shown.filter.parts
    assert count_labels(session.shown.columns, ("adenoma",))[0].frames == 3
    assert count_labels(session.shown.columns, ("adenoma",))[0].corrected == 2
    stored = session.project.database.corrections.current().values()
    assert {one.correction.value for one in stored} == {"polyps"}, "rows on record are never edited"
    choose(qtbot, window, 0)
    said = [label.text() for label in window.findChild(HistoryList).findChildren(QLabel)]
    assert any("polyps (now adenoma) by" in text for text in said)

    export_record(session.project, session.workspace.frames, "csv", tmp_path / "out.csv", TaskContext())
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as file:
        assert {line["value"] for line in csv.DictReader(file) if line["kind"] == "label"} == {"adenoma"}
    export_record(session.project, session.workspace.frames, "folders", tmp_path / "folders", TaskContext())
    assert len(list((tmp_path / "folders" / "adenoma").iterdir())) == 3

    snapshot = LabelSnapshot.take(session.workspace)
    learnt_from = ("adenoma", "ulcerative-colitis")
    run, _ = make_run(session.project, snapshot.files(learnt_from), "head", learnt_from, TaskContext())
    learnt = [row.label for row in read_manifest(run / "manifest.csv")]
    assert sorted(learnt) == ["adenoma"] * 3 + ["ulcerative-colitis"] * 2

    session.project.database.settings.set("shown_frames", {"filter": {"classes": ["polyps"]}, "order": "case"})  # as it was kept before
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert labels_of(again) == expected
    assert sorted(again.session.shown.rows) == [0, 2, 3]
    again.actions_by_name["ask_classes"].trigger()
    rename(again.findChildren(ClassesDialog)[-1], 1, "polyps")
    assert [name.replace("adenoma", "polyps") for name in expected] == labels_of(again)
    assert again.session.project.database.chain.verify(TaskContext()).broken is None


def remove(dialog, row):
    """Remove a class in the dialog; the question that follows, None if there is none."""
    dialog.editor.table.setCurrentIndex(dialog.editor.model.index(row, NAME))
    dialog.editor.remove()
    dialog.buttons.button(OK).click()
    return next(iter(dialog.findChildren(RemovedClassesDialog)), None)


def test_removing_a_class_asks_with_numbers_and_moves_its_frames_or_cancels(window, classes, qtbot):
    choose(qtbot, window, 0)
    window.session.label("polyps")
    before = labels_of(window)
    dialog = classes()
    asked = remove(dialog, 1)
    assert "3 frames are labelled polyps." in words(asked)
    asked.reject()
    assert (labels_of(window), dialog.isVisible()) == (before, True)
    dialog.buttons.button(OK).click()
    asked = dialog.findChildren(RemovedClassesDialog)[-1]
    choice = asked.choices["polyps"]
    choice.setCurrentIndex(choice.findData("ulcerative-colitis"))
    asked.accept()
    assert not dialog.isVisible()
    assert labels_of(window) == [name.replace("polyps", "ulcerative-colitis") for name in before]
    assert list(window.session.workspace.classes) == ["esophagitis", "ulcerative-colitis"]


def test_a_class_without_frames_is_removed_without_a_question(window, classes):
    window.session.use_classes(window.session.workspace.label_set.renewed((*CLASSES, "normal")))
    assert remove(classes(), 3) is None
    assert tuple(window.session.workspace.classes) == CLASSES


def retrain(window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    return dialog.setup


def test_labels_kept_out_of_sight_are_told_beside_start_and_mended_by_a_click(window, classes, qtbot):
    for row in (0, 1):
        choose(qtbot, window, row)
        window.session.label("polyps")
    setup = retrain(window)
    assert (setup.orphans.isVisible(), setup.orphans_told.text()) == (False, "")
    asked = remove(classes(), 1)
    asked.accept()  # out of sight is what is offered first: nothing is moved unasked
    assert labels_of(window) == ["polyps", "polyps", None, None, "ulcerative-colitis", "ulcerative-colitis"]
    assert "no class: 2. Say above" in setup.orphans_told.text()
    assert (setup.leave_out.isVisible(), setup.start.isEnabled()) == (True, False)
    assert "2 frames are labelled polyps, which is no class." in words(setup.orphans)
    means = setup.orphans.findChildren(QComboBox)[-1]
    means.activated.emit(means.findData("ulcerative-colitis"))
    assert labels_of(window) == ["ulcerative-colitis"] * 6
    assert (setup.orphans.isVisible(), setup.orphans_told.text()) == (False, "")
    assert setup.table.item(1, 1).text() == "6"
    assert not setup.leave_out.isVisible()


def test_an_orphaned_label_becomes_a_class_by_a_click(window, classes, qtbot):
    choose(qtbot, window, 0)
    window.session.label("polyps")
    remove(classes(), 1).accept()
    setup = retrain(window)
    setup.orphans.findChildren(QPushButton)[-1].click()
    assert list(window.session.workspace.classes) == ["esophagitis", "ulcerative-colitis", "polyps"]
    assert labels_of(window) == ["polyps", "esophagitis", "polyps", "polyps", "ulcerative-colitis", "ulcerative-colitis"]
    assert not setup.orphans.isVisible()


def test_words_that_mean_a_class_are_given_in_the_dialog(window, classes, qtbot):
    choose(qtbot, window, 0)
    window.session.label("polyps")
    dialog = classes()
    editor = dialog.editor
    assert editor.table.isColumnHidden(ALIASES)
    editor.aliases_box.click()
    assert not editor.table.isColumnHidden(ALIASES)
    editor.model.setData(editor.model.index(0, ALIASES), "polyps, oesophagitis")
    assert "'polyps' means polyps and esophagitis" in editor.advice.text()
    editor.model.remove(1)
    dialog.buttons.button(OK).click()
    assert labels_of(window) == ["esophagitis"] * 4 + ["ulcerative-colitis"] * 2


def test_a_table_of_labels_may_use_any_word_of_a_class(images, open_window, qtbot, tmp_path):
    window = open_window(images)
    settle(qtbot, window)
    label_set = window.session.workspace.label_set.meant_by("polyps", "polyp")
    window.session.use_classes(label_set)
    window.close()
    table = tmp_path / "labels.csv"
    table.write_text("file,label\nesophagitis/frame-0.png,polyp\n")
    for given in (1, 0):
        with opened(images, TaskContext()) as work:
            assert label_by_table(work, table, "Ana").given == given


def test_a_class_has_the_same_key_and_colour_in_the_next_project(window, classes, open_window, qtbot, tmp_path, home):
    dialog = classes()
    editor = dialog.editor
    editor.model.setData(editor.model.index(1, KEY), "w")
    editor.model.setData(editor.model.index(1, COLOUR), "#123456")
    dialog.buttons.button(OK).click()
    window.close()
    put_classes(tmp_path / "other", each=1)
    other = open_window(tmp_path / "other")
    settle(qtbot, other)
    assert [(one.name, one.key) for one in other.session.workspace.label_set.classes] == list(zip(CLASSES, "1W3", strict=True))
    assert other.session.workspace.label_set.colour_of("polyps") == "#123456"
    other.close()
    for damaged in ("{", "[[1, 2, 3]]", '[["polyps", "H", "red"]]', "[1]"):
        QSettings(str(settings_file()), QSettings.Format.IniFormat).setValue("class_styles", damaged)
        assert in_usual_style(LabelSet.of(CLASSES)) == LabelSet.of(CLASSES)


def test_a_choice_of_classes_is_undone_and_done_again_by_name(window, classes, qtbot, open_window, images):
    session = window.session
    told = []
    session.workspace.message.connect(told.append)
    choose(qtbot, window, 0)
    session.label("polyps")
    before, classes_before = labels_of(window), session.workspace.label_set
    undo, redo = window.actions_by_name["undo"], window.actions_by_name["redo"]
    rename(classes(), 1, "Adenoma")
    assert undo.text().endswith(": class polyps renamed to Adenoma")
    undo.trigger()
    assert told[-1] == "Undone: class polyps renamed to Adenoma"
    assert (labels_of(window), session.workspace.label_set) == (before, classes_before)
    assert undo.text().endswith(": 1 label"), "below it on the stack"
    redo.trigger()
    assert told[-1] == "Done again: class polyps renamed to Adenoma"
    assert labels_of(window) == [name.replace("polyps", "Adenoma") for name in before]

    asked = remove(classes(), 1)
    choice = asked.choices["Adenoma"]
    choice.setCurrentIndex(choice.findData("ulcerative-colitis"))
    asked.accept()
    assert undo.text().endswith(": class Adenoma moved to ulcerative-colitis")
    moved = labels_of(window)
    window.close()
    again = open_window(images)  # also at the next start
    settle(qtbot, again)
    again.session.undo()
    assert labels_of(again) == [name.replace("polyps", "Adenoma") for name in before]
    again.session.redo()
    assert labels_of(again) == moved
    for _ in range(2):
        again.session.undo()
    assert (labels_of(again), again.session.workspace.label_set) == (before, classes_before)
    assert again.session.project.database.chain.verify(TaskContext()).broken is None


def test_undoing_hides_no_label_that_was_given_since(window, classes, qtbot):
    session = window.session
    warned = []
    session.workspace.warning.connect(warned.append)
    session.labelling.name_reader("Ann")
    rename(classes(), 1, "adenoma")
    session.labelling.name_reader("Bob")
    choose(qtbot, window, 0)
    session.label("adenoma")
    session.labelling.name_reader("Ann")
    session.undo()
    assert labels_of(window)[:3] == ["polyps", "esophagitis", "polyps"], "Bob's word goes on meaning the class"
    session.redo()
    assert labels_of(window)[:3] == ["adenoma", "esophagitis", "adenoma"]
    assert warned == []

    session.use_classes(session.workspace.label_set.renewed((*session.workspace.classes, "normal")))
    chosen = session.workspace.label_set
    session.labelling.name_reader("Bob")
    choose(qtbot, window, 1)
    session.label("normal")
    session.labelling.name_reader("Ann")
    session.undo()
    assert (labels_of(window)[1], session.workspace.label_set) == ("normal", chosen)
    assert "one that would go is in use" in warned.pop()
    session.undo()  # what is below it was chosen anew since
    assert session.workspace.label_set == chosen
    assert len(warned) == 1


def test_a_training_starts_only_without_orphans_or_when_they_are_left_out_knowingly(open_window, qtbot, tmp_path):
    put_classes(tmp_path / "ward", each=4)
    for n in range(4):
        put(tmp_path / "ward" / "normal" / f"frame-{n}.png", png(900 + n))
    window = open_window(tmp_path / "ward")
    settle(qtbot, window)
    session = window.session
    setup = retrain(window)
    assert setup.start.isEnabled()
    for row, name in ((0, "polyps"), (1, "esophagitis")):
        choose(qtbot, window, row)
        session.label(name)
    session.use_classes(session.workspace.label_set.renewed(("esophagitis", "ulcerative-colitis", "normal")))
    assert not setup.start.isEnabled()
    setup.leave_out.click()
    assert setup.start.isEnabled()
    session.use_classes(session.workspace.label_set.renewed(("ulcerative-colitis", "normal")))
    assert (setup.leave_out.isChecked(), setup.start.isEnabled()) == (False, False), "another word is another question"
    setup.leave_out.click()
    snapshot = LabelSnapshot.take(session.workspace)
    learnt_from = ("ulcerative-colitis", "normal")
    run, told = make_run(session.project, snapshot.files(learnt_from), "head", learnt_from, TaskContext(), left_out=snapshot.left_out())
    assert sorted(open_run(run).config.left_out) == ["esophagitis=1", "polyps=1"]
    assert "Left out, since polyps is no class of the project (frames with this label: 1)." in told
    choose(qtbot, window, 0)
    session.mark(AnnotationKind.EXCLUDED)
    setup.refresh()
    assert "no class: 1. Say above" in setup.orphans_told.text(), "no training learns from what was set aside"
    for word in ("polyps", "esophagitis"):
        session.use_classes(session.workspace.label_set.meant_by("normal", word))
    assert setup.start.isEnabled()
