"""The case in the real window: its panel, its conclusion, the way to other cases, its report."""

import pytest
from frame_folders import png, put
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from watching import answer_box, choose, press, settle, warnings, words

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds


@pytest.fixture
def images(tmp_path):
    """Three cases of polyps with two frames each."""
    folder = tmp_path / "Fälle"
    for case in range(3):
        for number in range(2):
            put(folder / "polyps" / f"case {case}" / f"{number}.png", png(10 * case + number))
    return folder


@pytest.fixture
def answered(images, tiny_bundle):
    """The same with a model."""
    project = Project.of_images(images)
    keep_bundle(project, tiny_bundle)
    models = project.database.models
    models.promote(models.all()[0].bundle.id, reader="test", why="", at=models.all()[0].bundle.created)
    project.close()
    return images


def conclude(qtbot, window, text):
    window.case.text.setPlainText(text)
    qtbot.keyClick(window.case.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def concluded(window, name="case 0"):
    return [(one.text, one.finding) for one in window.session.cases.history(name)]


def test_the_panel_tells_the_case_and_follows_labels_and_cases(window, qtbot):
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    assert "case 0" in words(window.case)
    assert "2 frames, 0 labelled by a reader" in words(window.case)
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: "2 frames, 1 labelled by a reader" in words(window.case))
    window.actions_by_name["next_case"].trigger()
    assert window.session.workspace.entry.name.endswith("case 1/0.png")
    assert "case 1" in words(window.case)
    window.actions_by_name["next_case"].trigger()
    window.actions_by_name["next_case"].trigger()
    assert "no case after this one" in window.statusBar().currentMessage()
    window.actions_by_name["previous_case"].trigger()
    assert window.session.workspace.entry.name.endswith("case 1/0.png")


def test_a_filter_holds_for_cases_too(window, qtbot):
    choose(qtbot, window, 0)
    window.gallery.bar.search.setText("case 2")
    qtbot.waitUntil(lambda: len(window.session.shown) <= 3)
    window.actions_by_name["next_case"].trigger()
    assert window.session.workspace.entry.name.endswith("case 2/0.png")


def test_frames_that_matter_open_by_a_click(answered, open_window, qtbot):
    window = open_window(answered)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.answers.progress.answered == 6, timeout=20_000)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    qtbot.waitUntil(lambda: bool(window.case._pictures))
    row, button = next((row, button) for row, button in window.case._pictures.items())
    qtbot.waitUntil(lambda: not button.picture.pixmap().isNull())
    choose(qtbot, window, 5)
    window.actions_by_name["previous_case"].trigger()
    window.actions_by_name["previous_case"].trigger()
    choose(qtbot, window, 1 - row if row < 2 else 0)
    window.case._pictures[row].click()
    assert window.session.workspace.row == row
    assert "Answers of the model: " in words(window.case)


def test_blind_first_hides_answers_from_the_case_too(answered, open_window, qtbot):
    window = open_window(answered)
    settle(qtbot, window)
    window.actions_by_name["turn_blind"].trigger()
    qtbot.waitUntil(lambda: window.session.answers.progress.answered == 6, timeout=20_000)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    assert "2 answers are hidden until you have labelled their frames" in words(window.case)
    assert "Answers of the model: " not in words(window.case)
    assert window.case._pictures == {}
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: len(window.case._pictures) == 1)


def test_a_conclusion_is_kept_by_key_on_going_on_and_on_closing(images, open_window, qtbot):
    window = open_window(images)
    settle(qtbot, window)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    conclude(qtbot, window, "One polyp.")
    assert concluded(window) == [("One polyp.", "")]
    window.case.text.setPlainText("Two polyps.")
    window.actions_by_name["next_case"].trigger()
    assert concluded(window) == [("One polyp.", ""), ("Two polyps.", "")]
    assert window.case.text.toPlainText() == ""
    window.case.text.setPlainText("Nothing here.")
    window.session.navigation.choose(4)  # by the gallery, past the menus
    assert concluded(window, "case 1") == [("Nothing here.", "")]
    window.case.text.setPlainText("Left in the middle of a wo")
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert concluded(again, "case 2") == [("Left in the middle of a wo", "")]
    choose(qtbot, again, 0)
    again.actions_by_name["turn_side"].trigger()
    assert again.case.text.toPlainText() == "Two polyps."
    assert "One polyp." in words(again.case), "earlier conclusions stay in sight"


def test_letters_that_are_keys_are_typed_into_a_conclusion(window, qtbot):
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    window.case.text.setFocus()
    qtbot.keyClicks(window.case.text, "xplgnbh12?")
    assert window.case.text.toPlainText() == "xplgnbh12?"
    assert window.session.workspace.row == 0
    assert window.session.workspace.label_of(0).correction is None
    assert window.session.workspace.reviews.marks_of(window.session.workspace.entry.sha256).note == ""


def test_keys_of_an_outline_that_is_drawn_are_the_conclusion_s_while_one_types(window, qtbot):
    choose(qtbot, window, 0)
    qtbot.waitUntil(lambda: window.view.box is not None)
    window.actions_by_name["turn_side"].trigger()
    window.actions_by_name["correct_box"].trigger()
    qtbot.waitUntil(lambda: window.outlines.editor is not None)
    window.case.text.setFocus()
    qtbot.keyClicks(window.case.text, "ab")
    qtbot.keyClick(window.case.text, Qt.Key.Key_Left)
    qtbot.keyClick(window.case.text, Qt.Key.Key_Delete)
    assert window.case.text.toPlainText() == "a"
    assert window.outlines.editor is not None
    assert window.session.project.database.overrides.standing() == []


def test_the_panel_is_not_made_anew_while_nothing_of_it_changes(answered, open_window, qtbot):
    window = open_window(answered)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.answers.progress.answered == 6, timeout=20_000)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    qtbot.waitUntil(lambda: bool(window.case._pictures))
    before = dict(window.case._pictures)
    assert window.case._pictures == before


def test_a_finding_is_kept_as_soon_as_it_is_chosen(window, qtbot):
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    box = window.case.finding
    box.setCurrentIndex(box.findData("polyps"))
    box.activated.emit(box.currentIndex())
    assert concluded(window) == [("", "polyps")]


def test_what_cannot_be_saved_is_told_stays_typed_and_is_asked_about_on_closing(window, qtbot, monkeypatch, tmp_path):
    from endodesk.domain.errors import EndoDeskError

    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()

    def full(_conclusion, **_told):
        raise EndoDeskError("The disk is full.")

    monkeypatch.setattr(window.session.project.database.conclusions, "add", full)
    conclude(qtbot, window, "One polyp.")
    assert warnings(window) == ["The conclusion was not saved. The disk is full."]
    window.actions_by_name["next_case"].trigger()
    assert window.case.text.toPlainText() == ""
    window.actions_by_name["previous_case"].trigger()
    assert window.case.text.toPlainText() == "One polyp.", "it stays typed"
    asked = answer_box(qtbot, "Cancel")
    assert not window.close()
    assert asked == ["A conclusion could not be saved. Going on loses it."]
    (tmp_path / "other").mkdir()
    asked = answer_box(qtbot, "Cancel")
    window.open(tmp_path / "other")
    assert asked == ["A conclusion could not be saved. Going on loses it."]
    window.preferences.set("language", "es")
    assert "at the next start" in warnings(window)[-1]
    assert window.case.text.toPlainText() == "One polyp."
    monkeypatch.undo()
    conclude(qtbot, window, "One polyp.")
    assert concluded(window) == [("One polyp.", "")]
    assert window.case.keep()


def test_a_conclusion_that_is_too_long_is_told_and_not_cut(window, qtbot):
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    conclude(qtbot, window, "x" * 4001)
    assert "at most 4,000 characters" in warnings(window)[0]
    assert len(window.case.text.toPlainText()) == 4001
    conclude(qtbot, window, "short")
    assert concluded(window) == [("short", "")]


def test_the_report_is_written_from_the_window(answered, open_window, qtbot, tmp_path, monkeypatch):
    window = open_window(answered)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.answers.progress.answered == 6, timeout=20_000)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    window.case.text.setPlainText("One polyp.")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "page"), ""))
    window.actions_by_name["report_case"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "page.pdf").is_file())
    [page] = PdfReader(tmp_path / "page.pdf").pages
    said = " ".join(page.extract_text().split())
    assert "One polyp." in said
    assert window.session.workspace.predictor.bundle.id in said
    assert "Research use only" in said
    assert len(page.images) >= 1
    qtbot.waitUntil(lambda: "page.pdf" in window.statusBar().currentMessage())


def test_a_frame_without_a_case_has_no_conclusion_and_no_report(tmp_path, open_window, qtbot):
    put(tmp_path / "flat" / "one.png", png(1))
    window = open_window(tmp_path / "flat")
    settle(qtbot, window)
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    assert not window.case.text.isEnabled()
    window.actions_by_name["report_case"].trigger()
    assert "belongs to no case" in window.statusBar().currentMessage()


def test_what_was_concluded_of_a_folder_in_the_case_stands_below_its_conclusion(window, qtbot):
    choose(qtbot, window, 0)
    window.actions_by_name["turn_side"].trigger()
    window.session.cases.conclude("case 0/series 1", "Old words.", "")
    window.case._tell_history()
    assert window.case.text.toPlainText() == ""
    assert "case 0/series 1" in words(window.case)
    assert "Old words." in words(window.case)
