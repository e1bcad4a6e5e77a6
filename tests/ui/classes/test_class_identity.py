"""A class keeps its labels under another name: everywhere they are shown, filtered, exported and learnt from."""

import csv

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from watching import choose, settle

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.headless import label_by_table, opened
from endodesk.app.records.exporting import export_record
from endodesk.app.retraining.label_counts import count_labels
from endodesk.app.retraining.retraining import LabelSnapshot, make_run
from endodesk.dataset.manifest import read_manifest
from endodesk.system.task import TaskContext
from endodesk.ui.classes.dialog import ClassesDialog
from endodesk.ui.classes.table import ALIASES, NAME
from endodesk.ui.review.history_list import HistoryList

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

    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert labels_of(again) == expected
    again.actions_by_name["ask_classes"].trigger()
    rename(again.findChildren(ClassesDialog)[-1], 1, "polyps")
    assert [name.replace("adenoma", "polyps") for name in expected] == labels_of(again)
    assert again.session.project.database.chain.verify(TaskContext()).broken is None


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
