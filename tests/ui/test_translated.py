"""The window in another language: what is shown is translated, what is kept is not."""

import pytest
from frame_folders import png, put, put_classes
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from watching import settle, words

from endodesk.app.browsing.frame_filter import WITHOUT_CASE
from endodesk.app.retraining.training_job import JobState
from endodesk.domain.reviews import AnnotationKind

pytestmark = pytest.mark.slow


class Bracketed(QTranslator):
    """Every text in angle brackets: what has none was not given to `tr`."""

    def isEmpty(self):  # noqa: N802  # Qt's name
        return False

    def translate(self, context, text, note=None, n=-1):
        return f"\u2039{text}\u203a" if context == "" else ""


@pytest.fixture
def bracketed(qapp):
    translator = Bracketed(qapp)
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def images(tmp_path):
    put_classes(tmp_path / "frames")
    put(tmp_path / "frames" / "polyps" / "case-a" / "p9.png", png(9))
    return tmp_path / "frames"


def is_translated(text):
    return text.startswith("\u2039")


def test_a_label_given_in_another_language_is_told_in_it_and_kept_as_it_is(bracketed, window):
    session, told = window.session, []
    session.workspace.message.connect(told.append)
    image = session.workspace.open_frame.record.sha256
    session.mark(AnnotationKind.FLAGGED)
    assert any("\u2039flagged\u203a" in text for text in told)
    assert [stored.correction.kind for stored in session.workspace.reviews.history(image)] == ["flagged"]
    session.label("polyps")
    assert session.project.database.corrections.current()[image].correction.value == "polyps"


def test_a_filter_is_shown_in_another_language_and_kept_as_it_is(bracketed, window):
    shown = window.session.shown
    shown.set_filter(shown.filter.with_part("cases", (WITHOUT_CASE,)))
    assert dict(shown.filter.parts)["cases"] == f"\u2039{WITHOUT_CASE}\u203a"
    assert shown.to_json()["filter"] == {"cases": (WITHOUT_CASE,)}


def test_all_that_the_panels_say_is_translated(bracketed, window, qtbot):
    settle(qtbot, window)
    panel = window.gallery.bar.open_panel()
    words = [
        box.text() for box in panel.findChildren(QCheckBox) if not any(name in box.text() for name in window.session.workspace.classes)
    ]
    words += [label.text() for label in panel.findChildren(QLabel) if label.text() not in ("", "%")]
    words += [window.gallery.grid.text(), window.gallery.list.text(), window.answer.heat_box.text()]
    words += [window.gallery.bar.order.itemText(row) for row in range(window.gallery.bar.order.count())]
    words += [button.toolTip() for button in window.answer.label.findChildren(QPushButton) if button.toolTip()]
    assert words
    assert [text for text in words if text and not is_translated(text)] == []
    panel.close()


def test_cases_are_chosen_by_the_names_that_are_kept(bracketed, window):
    panel = window.gallery.bar.open_panel()
    items = [panel.cases.item(row) for row in range(panel.cases.count())]
    assert [item.text() for item in items] == ["case-a", f"\u2039{WITHOUT_CASE}\u203a"]
    items[1].setCheckState(Qt.CheckState.Checked)
    assert window.session.shown.filter.cases == (WITHOUT_CASE,)
    assert 0 < len(window.session.shown.rows) < len(window.session.workspace.frames)
    panel.close()


@pytest.mark.parametrize("state", [JobState.FINISHED, JobState.CANCELLED, JobState.FAILED])
def test_how_a_training_ended_is_one_sentence_of_the_language(bracketed, window, state):
    window.job._end(state)
    assert f"\u2039Training {state}: see Model > Retrain\u203a" in words(window.statusBar())
