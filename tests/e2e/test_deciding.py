"""One sitting: correct, update, look at what flipped, refuse a worse model, use it with a reason, train anew, go back."""

import contextlib
import importlib.util
import shutil
import sqlite3
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put
from PySide6.QtCore import QItemSelectionModel, Qt
from watching import press, settle, words

import resources
from endodesk.app.project.grouping import Grouping, keep_grouping
from endodesk.app.retraining.gate import WENT_BACK
from endodesk.app.retraining.proof.model_proof import proof_of
from endodesk.app.retraining.training_job import JobState
from endodesk.dataset.manifest import read_manifest
from endodesk.ui.training.models_dialog import ModelsDialog
from endodesk.ui.training.retrain_dialog import RetrainDialog

pytestmark = pytest.mark.slow

STARTER = Path(resources.__file__).parent / "models" / "starter"
EACH = 26


@pytest.fixture
def images(tmp_path):
    """Enough cases that the test part has ten groups and more; one file lies in the wrong class folder."""
    folder = tmp_path / "ward"
    for place, name in enumerate(CLASSES):
        for case in range(EACH):
            put(folder / name / f"{name}-{case:02}" / "0.png", png(1000 * place + 10 * case, name))
    put(folder / "polyps" / "wrong" / "0.png", png(5000, "esophagitis"))
    return folder


class Sitting:
    """What a reader does in the window, step by step."""

    def __init__(self, window, qtbot):
        self.window, self.qtbot = window, qtbot
        self.workspace, self.project = window.session.workspace, window.session.project

    def label(self, rows, name):
        shown, chosen = self.window.session.shown.arrangement, self.window.gallery.view.selectionModel()
        chosen.clearSelection()
        for row in rows:  # as with Ctrl held: the last of them is the open frame
            chosen.setCurrentIndex(self.window.gallery.model.index(shown.place(row)), QItemSelectionModel.SelectionFlag.Select)
        self.qtbot.waitUntil(lambda: self.workspace.row == rows[-1] and self.workspace.open_frame is not None, timeout=10_000)
        self.window.activateWindow()  # the dialog had the keys
        self.qtbot.waitUntil(self.window.isActiveWindow)
        press(self.qtbot, self.window, Qt.Key(Qt.Key.Key_1 + CLASSES.index(name)))
        said = [self.workspace.label_of(row).name for row in rows]
        assert said == [name] * len(rows)

    def train(self, preset):
        self.window.actions_by_name["retrain"].trigger()
        [dialog] = self.window.findChildren(RetrainDialog)
        dialog.setup.preset.setCurrentIndex(dialog.setup.preset.findData(preset))
        dialog.setup.start.click()
        self.qtbot.waitUntil(lambda: not self.window.job.running, timeout=120_000)
        assert self.window.job.state is JobState.FINISHED, self.window.job.reason
        assert proof_of(self.window.job.model_folder).holds
        dialog.outcome._settling._until = 0.0  # the first second is over
        return dialog.outcome

    def use(self, page, why=""):
        if not page.use.isEnabled():
            self.qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
            self.qtbot.keyClicks(page.reason, why)
        before = self.workspace.predictor.bundle.id
        self.qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: self.workspace.predictor and self.workspace.predictor.bundle.id != before, timeout=20_000)
        self.qtbot.waitUntil(lambda: self.workspace.open_frame is not None, timeout=20_000)
        return self.workspace.predictor.bundle

    def rows_of(self, parts, name):
        learnt = {row.file: row for row in read_manifest(self.window.job.run_folder / "manifest.csv")}
        frames = self.workspace.frames
        of = [(row, learnt.get(frames.path(row))) for row in range(len(frames))]
        return [row for row, one in of if one and one.part in parts and one.label == name]


def test_correct_update_look_refuse_accept_train_anew_and_go_back(images, starter, open_window, qtbot):
    shutil.copytree(STARTER, starter)
    window = open_window(images)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.session.workspace.predictor is not None, timeout=30_000)
    sitting = Sitting(window, qtbot)
    keep_grouping(sitting.project, Grouping(0, "folder"))  # drawn frames look alike: ten groups of them would take hundreds

    wrong = next(row for row in range(len(sitting.workspace.frames)) if "wrong" in sitting.workspace.frames.names[row])
    sitting.label([wrong], "esophagitis")
    page = sitting.train("quick")
    assert "mended" in page.headline.text() or "No difference" in page.headline.text()
    assert page.flips.model.rowCount() == len(page.flips.model.cards)
    if page.flips.model.rowCount():
        page.flips.view.setCurrentIndex(page.flips.model.index(0, 0))
        qtbot.keyClick(page.flips.view, Qt.Key.Key_Return)
        assert str(sitting.workspace.entry.path) == page.flips.model.cards[0].file
    good = sitting.use(page, "the first of this ward")

    learnt = ("train", "val")
    polyps, colitis = sitting.rows_of(learnt, "polyps"), sitting.rows_of(learnt, "ulcerative-colitis")
    sitting.label(polyps, "ulcerative-colitis")  # a tired hand: every one that is learnt from or chosen by, of two classes
    sitting.label(colitis, "polyps")
    page = sitting.train("quick")
    assert page.headline.text().startswith("Worse.")
    assert "Recall of" in page.objections.text()
    assert not page.use.isEnabled()
    assert page.use.property("kind") == ""
    assert page.flips.model.index(0, 0).data().startswith("broken: ")
    bad = sitting.use(page, "to see it on the ward's frames")
    assert bad.id != good.id

    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    if importlib.util.find_spec("tensorflow"):
        page = sitting.train("head")
        assert "mended" in page.headline.text() or "No difference" in page.headline.text()
        assert page.beside.count() == 3  # the active model, the starter, alone
        qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
        assert sitting.project.active_model.bundle.id == bad.id

    window.actions_by_name["show_models"].trigger()
    [models] = window.findChildren(ModelsDialog)
    models.table.selectRow(next(row for row, stored in enumerate(models._models) if stored.bundle.id == good.id))
    qtbot.mouseClick(models.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sitting.workspace.predictor and sitting.workspace.predictor.bundle.id == good.id, timeout=20_000)
    assert "gone back to" in words(models)
    promotions = sitting.project.database.models.promotions()
    assert [(one.bundle, one.why) for one in promotions[-2:]] == [(bad.id, "to see it on the ward's frames"), (good.id, WENT_BACK)]
    with contextlib.closing(sqlite3.connect(sitting.project.database.path)) as other:
        told = [row[0] for row in other.execute("SELECT told FROM event WHERE kind = 'promotion' ORDER BY id")]
    assert '"passes":false' in told[-2].replace(" ", "")
    assert sitting.project.database.chain.verify().broken is None
