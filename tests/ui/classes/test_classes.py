"""The class editor, File > Classes and File > New project, in the real window."""

import pytest
from frame_folders import CLASSES, everything_in, png, put, put_classes
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QDialog, QDialogButtonBox, QFileDialog
from watching import choose, picture, press, settle, warnings, words

from endodesk.app.project.project import Project
from endodesk.domain.classes import ClassSet
from endodesk.domain.label_set import LabelSet
from endodesk.domain.presets import HYPERKVASIR_CLASSES, PRESETS
from endodesk.system.task import TaskContext
from endodesk.ui.classes.dialog import ClassesDialog
from endodesk.ui.classes.editor import ClassEditor
from endodesk.ui.classes.new_project_dialog import NewProjectDialog
from endodesk.ui.classes.removed_dialog import RemovedClassesDialog
from endodesk.ui.classes.table import COLOUR, KEY, NAME, ClassTableModel

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds

OK = QDialogButtonBox.StandardButton.Ok


@pytest.fixture
def classes(window, qtbot):
    window.actions_by_name["ask_classes"].trigger()
    [dialog] = window.findChildren(ClassesDialog)
    return dialog


@pytest.fixture
def new(window, qtbot):
    window.actions_by_name["new_project"].trigger()
    [dialog] = window.findChildren(NewProjectDialog)
    return dialog


def put_in(editor, row, column, text):
    assert editor.model.setData(editor.model.index(row, column), text)


def listed(editor):
    return [(one.name, one.key) for one in editor.label_set.classes]


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_is_a_proper_model_while_it_is_edited(qtmodeltester):
    model = ClassTableModel()
    qtmodeltester.check(model)
    model.show_classes(LabelSet.of(CLASSES))
    qtmodeltester.check(model)
    assert model.add() == 3
    assert (model.move(3, -1), model.move(0, -1), model.move(3, +1), model.move(0, +1)) == (2, 0, 3, 1)
    model.remove(0)
    model.remove(9)
    qtmodeltester.check(model)
    assert [one.name for one in model.label_set.classes] == ["esophagitis", "class 1", "ulcerative-colitis"]
    assert (model.rowCount(model.index(0, 0)), model.index(0, COLOUR).data(Qt.ItemDataRole.DecorationRole)) == (0, QColor("#E69F00"))
    assert not model.setData(QModelIndex(), "x")


def test_what_is_wrong_is_said_at_once_and_cannot_be_taken(classes):
    editor, ok = classes.editor, classes.buttons.button(OK)
    for row, column, text, said in (
        (1, KEY, "1", "Two classes have the key 1"),
        (1, KEY, "h", "'H' cannot be the key of polyps"),
        (0, NAME, "polyps", "named twice"),
        (0, NAME, "a/b", "cannot be a class name"),
    ):
        before = editor.model.index(row, column).data()
        put_in(editor, row, column, text)
        assert said in editor.advice.text()
        assert not ok.isEnabled()
        put_in(editor, row, column, before)
        assert (editor.advice.text(), ok.isEnabled()) == ("", True)
    for _ in range(3):
        editor.table.setCurrentIndex(editor.model.index(0, 0))
        editor.remove()
    assert "There are no classes" in editor.advice.text()


# --- File > Classes ---------------------------------------------------------------------------------------------------


def test_a_key_a_colour_and_a_name_are_changed_and_labels_go_along(window, classes, qtbot, monkeypatch):
    choose(qtbot, window, 0)
    window.session.label("polyps")
    choose(qtbot, window, 0)
    before = picture(window.gallery)
    editor = classes.editor
    put_in(editor, 0, KEY, "e")
    put_in(editor, 1, NAME, "adenoma")
    monkeypatch.setattr(QColorDialog, "getColor", lambda *a: QColor("#123456"))
    editor.table.doubleClicked.emit(editor.model.index(0, COLOUR))
    classes.accept()
    window.activateWindow()  # as a window manager does
    qtbot.waitUntil(window.isActiveWindow)
    assert list(window.session.workspace.classes) == ["esophagitis", "adenoma", "ulcerative-colitis"]
    assert window.session.workspace.label_of(0).name == "adenoma"
    assert window.session.workspace.label_of(2).name == "adenoma"  # its folder is called polyps still
    qtbot.waitUntil(lambda: picture(window.gallery) != before)
    choose(qtbot, window, 1)
    press(qtbot, window, Qt.Key.Key_1)  # no class has it now
    assert window.session.workspace.row == 1
    press(qtbot, window, Qt.Key.Key_E)
    assert (window.session.workspace.row, window.session.workspace.label_of(1).name) == (2, "esophagitis")
    kept = window.session.project.label_set.classes
    assert (kept[0].name, kept[0].key, kept[0].colour) == ("esophagitis", "E", "#123456")


def test_cancelling_changes_nothing(window, classes):
    classes.editor.remove()
    classes.editor.add()
    classes.reject()
    assert tuple(window.session.workspace.classes) == CLASSES


def test_a_preset_of_many_classes_has_a_key_for_each(window, classes, qtbot):
    editor = classes.editor
    place = editor.preset.findText("HyperKvasir: twenty-three")
    editor.preset.setCurrentIndex(place)
    editor.preset.activated.emit(place)
    classes.accept()
    [asked] = classes.findChildren(RemovedClassesDialog)
    assert "2 frames are labelled ulcerative-colitis." in words(asked)
    asked.accept()
    window.activateWindow()  # as a window manager does
    qtbot.waitUntil(window.isActiveWindow)
    assert tuple(window.session.workspace.classes) == tuple(HYPERKVASIR_CLASSES)
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_C)
    assert window.session.workspace.label_of(0).name == "polyps"
    window.answer.grab()


def test_classes_that_cannot_be_kept_are_told_and_the_dialog_stays(window, classes):
    window.session.project.database._connections.close()  # as if the drive had gone
    classes.accept()
    assert "closed" in classes.editor.advice.text()
    assert classes.isVisible()


def test_the_help_lists_the_keys_of_classes_and_marks(window):
    window.session.use_classes(LabelSet.of(HYPERKVASIR_CLASSES))
    window.actions_by_name["show_keys"].trigger()
    [dialog] = [found for found in window.findChildren(QDialog) if found.windowTitle() == "Keys"]
    for line in ("C\npolyps", "X\nExclude", "Q\nPoor quality", "U\nNot sure", "B\nFlag", "T\nNote"):
        assert line in words(dialog)


# --- File > New project -----------------------------------------------------------------------------------------------


def test_a_new_project_from_the_names_of_subfolders(window, new, tmp_path, qtbot, monkeypatch):
    for number, name in enumerate(("healthy", "ulcer", ".hidden", "a..")):
        put(tmp_path / "cases" / name / "frame.png", png(number))
    before = everything_in(tmp_path / "cases")
    ok = new.buttons.button(OK)
    assert not ok.isEnabled()
    new.folder.setText(str(tmp_path / "nowhere"))
    assert "There is no folder" in words(new)
    assert not new.editor.import_button.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: str(tmp_path / "cases"))
    new.browse.click()
    assert "2 subfolders" in words(new)
    new.editor.import_button.click()
    assert listed(new.editor) == [("healthy", "1"), ("ulcer", "2")]
    put_in(new.editor, 0, KEY, "9")
    assert ok.isEnabled()
    ok.click()
    settle(qtbot, window)
    assert [(label := window.session.workspace.label_of(row)) and label.name for row in range(3)] == [None, "healthy", "ulcer"]
    choose(qtbot, window, 2)
    window.activateWindow()  # as a window manager does
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, window, Qt.Key.Key_9)
    assert window.session.workspace.label_of(2).name == "healthy"
    assert everything_in(tmp_path / "cases") == before
    assert warnings(window) == []


@pytest.mark.parametrize("preset", list(PRESETS))
def test_a_new_project_from_a_preset_keeps_its_classes_whatever_the_folders_are_called(new, window, tmp_path, qtbot, preset):
    put_classes(tmp_path / "other", each=1)
    put(tmp_path / "other" / "polyps" / "frame-0.png", png(61))  # most of them are known from nowhere
    put(tmp_path / "other" / "esophagitis" / "frame-0.png", png(62))
    new.folder.setText(str(tmp_path / "other"))
    place = new.editor.preset.findText(preset)
    new.editor.preset.setCurrentIndex(place)
    new.editor.preset.activated.emit(place)
    new.accept()
    settle(qtbot, window)
    assert window.session.workspace.classes == PRESETS[preset]
    assert window.session.project.source == tmp_path / "other"


def test_a_folder_that_was_opened_before_keeps_its_labels_and_offers_its_classes(new, window, tmp_path, qtbot):
    put_classes(tmp_path / "other", each=1)
    project = Project.of_images(tmp_path / "other")
    project.label_set = LabelSet.of(("a", "b"))
    events = project.database.chain.verify(TaskContext()).events
    project.close()
    new.folder.setText(str(tmp_path / "other"))
    assert "has been opened before" in words(new)
    assert listed(new.editor) == [("a", "1"), ("b", "2")]
    new.accept()
    settle(qtbot, window)
    assert window.session.project.database.chain.verify(TaskContext()).events == events, "what was left as it is, is no event"


def test_the_folder_that_is_open_takes_the_classes_too(new, window, images, qtbot):
    choose(qtbot, window, 0)
    window.session.label("polyps")
    new.folder.setText(str(images))
    new.editor.model.show_classes(LabelSet.of(("polyps", "else")))
    before = window.session.workspace.label_set
    new.accept()
    [asked] = new.findChildren(RemovedClassesDialog)
    assert "1 frame is labelled esophagitis." in words(asked)
    assert "2 frames are labelled ulcerative-colitis." in words(asked)
    asked.reject()
    assert (new.isVisible(), window.session.workspace.label_set) == (True, before)
    new.accept()
    asked = new.findChildren(RemovedClassesDialog)[-1]
    choice = asked.choices["ulcerative-colitis"]
    choice.setCurrentIndex(choice.findData("else"))
    asked.accept()
    settle(qtbot, window)
    assert window.session.workspace.classes == ClassSet(("polyps", "else"))
    assert [window.session.workspace.label_of(row).name for row in (0, 4, 5)] == ["polyps", "else", "else"]
    assert len(window.session.workspace.reviews) == 1
    assert len(window.session.workspace.frames) == 6


def test_an_older_projects_list_of_names_opens_as_before(tmp_path, images, open_window, qtbot):
    project = Project.of_images(images)
    project.database.settings.set("classes", ["polyps", "esophagitis"])
    project.close()
    window = open_window(images)
    settle(qtbot, window)
    assert window.session.workspace.label_set == LabelSet.of(("polyps", "esophagitis"))
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_1)
    assert window.session.workspace.label_of(0).name == "polyps"


def test_adding_begins_to_edit_the_name(qtbot):
    editor = ClassEditor(LabelSet.of(CLASSES))
    qtbot.addWidget(editor)
    editor.show()
    editor.add()
    assert editor.table.state() == editor.table.State.EditingState
    assert listed(editor)[-1] == ("class 1", "4")
