"""Data > Read plan: what each reader will read is told before the plan holds; it is changed and taken away there, too."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication
from watching import answer_box, words

from endodesk.app.plans.plan_store import plan_of
from endodesk.domain.read_plan import MOST_READERS
from endodesk.domain.reviews import Correction
from endodesk.ui.plans.plan_dialog import PlanDialog

NOW = datetime.now(UTC)


@pytest.fixture
def opened(window, qtbot):
    def open_dialog():
        window.do("plan_reads")
        (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, PlanDialog) and one.isVisible()]
        qtbot.waitUntil(dialog.main_button.isEnabled, timeout=10_000)
        return dialog

    return open_dialog


def test_a_plan_is_made_changed_and_taken_away(window, opened, qtbot):
    project = window.session.project
    dialog = opened()
    assert not dialog.away.isVisible()
    assert dialog.readers.toPlainText() == window.session.workspace.reader
    dialog.readers.setPlainText("Ana\n Béla \n\n")
    assert not dialog.main_button.isEnabled()  # until what it does is told
    dialog.overlap.setValue(100)
    dialog.second.setValue(50)
    qtbot.waitUntil(lambda: "Béla" in dialog.found.text() and dialog.main_button.isEnabled(), timeout=10_000)
    assert "6 frames: 6 read by all" in dialog.found.text()
    assert "Ana: 6 frames, " in dialog.found.text()
    assert plan_of(project) is None
    dialog.main_button.click()
    plan = plan_of(project)
    assert (plan.readers, plan.overlap_percent, plan.second_percent) == (("Ana", "Béla"), 100, 50)
    dialog = opened()
    assert dialog.readers.toPlainText() == "Ana\nBéla"
    dialog.wash_out.setValue(7)
    qtbot.waitUntil(lambda: dialog.main_button.isEnabled() and not dialog.working, timeout=10_000)
    dialog.main_button.click()
    assert (plan_of(project).wash_out_days, plan_of(project).since) == (7, plan.since)
    dialog = opened()
    asked = answer_box(qtbot, "Take it away")
    dialog.away.click()
    qtbot.waitUntil(lambda: plan_of(project) is None, timeout=10_000)
    assert "what was read stays" in asked[0]


def test_readers_on_record_whom_no_plan_can_name_are_not_proposed(window, opened, qtbot):
    session = window.session
    image = session.workspace.frames.sha256s[0]
    for name in ("Béla ", "\u202eanA", *(f"reader {number}" for number in range(55))):
        session.project.database.corrections.add(Correction(image, "polyps", name, NOW))
    session.workspace.reviews.read_again([image])
    dialog = opened()
    names = dialog.readers.toPlainText().splitlines()
    assert len(names) == MOST_READERS
    assert session.workspace.reader in names
    assert not {"Béla", "Béla ", "\u202eanA"} & {*names}
    qtbot.waitUntil(lambda: not dialog.working, timeout=10_000)
    dialog.reject()


def test_what_is_no_plan_is_refused_by_a_sentence(opened, qtbot):
    dialog = opened()
    for names, sentence in (("", "at least one reader"), ("Ana\nAna", "the same name")):
        dialog.readers.setPlainText(names)
        qtbot.waitUntil(lambda sentence=sentence: sentence in words(dialog), timeout=10_000)
        assert not dialog.main_button.isEnabled()
    dialog.reject()


def test_class_folders_may_tell_the_truth(opened, qtbot):
    dialog = opened()
    dialog.readers.setPlainText("Ana\nBéla")
    dialog.overlap.setValue(0)
    dialog.honeypots.setValue(100)
    qtbot.waitUntil(lambda: "The truth of 0 is known" in dialog.found.text() and dialog.main_button.isEnabled(), timeout=10_000)
    dialog.folders.click()
    qtbot.waitUntil(lambda: "The truth of 6 is known" in dialog.found.text(), timeout=10_000)
    assert "and 0 honeypots" not in dialog.found.text()
    qtbot.waitUntil(lambda: not dialog.working, timeout=10_000)
    dialog.reject()
