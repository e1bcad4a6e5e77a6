"""The whole path in one real window on synthetic frames: open, correct, retrain, promote, predict again by command line."""

import csv

import pytest
from frame_folders import CLASSES, everything_in, png, put, put_bad
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from sessions import use_bundle
from watching import choose, press, settle, words

from endodesk.app.retraining.training_job import JobState
from endodesk.cli.main import run
from endodesk.ui.training.retrain_dialog import RetrainDialog

LONGEST_PAUSE_MS = 1500
"""Of the window while it trains. 300 to 600 ms on two idle cores, when plots and hashes are loaded; this machine may be busy."""


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle 内視鏡"
    for place, name in enumerate(CLASSES):
        for case in range(6):
            for frame in range(2):
                put(folder / name / f"case-{case}" / f"{frame}.png", png(1000 * place + 10 * case + frame, name))
    put_bad(folder / "polyps")
    return folder


class Heart:
    """Beats every 10 ms as long as the window lives; the longest pause between two beats."""

    def __init__(self):
        self.longest_ms = 0
        self._clock, self._timer = QElapsedTimer(), QTimer(interval=10)
        self._timer.timeout.connect(self._beat)
        self._clock.start()
        self._timer.start()

    def _beat(self):
        self.longest_ms = max(self.longest_ms, self._clock.restart())


def row_of(window, name, number=0):
    return window.session.workspace.frames.row_of(window.session.workspace.frames.root / name / "case-0" / f"{number}.png")


def correct_three(qtbot, window):
    """The first frame of each class is said to be of the next."""
    given = {}
    for place, name in enumerate(CLASSES):
        label = (place + 1) % 3
        choose(qtbot, window, row_of(window, name))
        given[window.session.workspace.entry.name] = CLASSES[label]
        press(qtbot, window, (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)[label])
    return given


def train(qtbot, window):
    window.actions_by_name["retrain"].trigger()
    [dialog] = window.findChildren(RetrainDialog)
    dialog.setup.preset.setCurrentIndex(dialog.setup.preset.findData("head"))
    assert [dialog.setup.table.item(row, 2).text() for row in range(3)] == ["1", "1", "1"]
    heart = Heart()
    dialog.setup.start.click()
    assert dialog.pages.currentWidget() is dialog.running
    qtbot.waitUntil(lambda: dialog.running.curves.epochs >= 2, timeout=120_000)
    assert "epoch" in dialog.running.detail.text()
    press(qtbot, window, Qt.Key.Key_Right)  # one goes on reading meanwhile
    qtbot.waitUntil(lambda: not window.job.running, timeout=120_000)
    assert heart.longest_ms < LONGEST_PAUSE_MS
    return dialog


def compare(dialog, metrics):
    told = words(dialog)
    assert f"of {metrics['n']} frames." in dialog.outcome.headline.text()
    for line in (f"{metrics['n']} frames of", "Accuracy (95 % interval)", *(f"Recall, {name}" for name in CLASSES)):
        assert line in told
    low, high = metrics["accuracy_interval"]
    assert f"{100 * metrics['accuracy']:.1f} %  ({100 * low:.1f} - {100 * high:.1f})" in told
    if not dialog.outcome.use.isEnabled():
        dialog.outcome.reason.setText("six frames tell little")


@pytest.mark.slow
def test_open_correct_retrain_promote_and_predict(images, open_window, tiny_bundle, tmp_path, qtbot, capsys):
    before = everything_in(images)
    window = open_window(images)
    session = window.session
    settle(qtbot, window)
    use_bundle(session, tiny_bundle)
    labels = correct_three(qtbot, window)
    choose(qtbot, window, 0)
    settle(qtbot, window)
    old_answer, old_model = session.workspace.open_frame.answer.probabilities, session.workspace.predictor.bundle.id

    dialog = train(qtbot, window)
    assert window.job.state is JobState.FINISHED, window.job.reason
    compare(dialog, window.job.result.metrics)
    assert session.workspace.predictor.bundle.id == old_model  # not before the reader says so
    dialog.outcome.use.click()
    choose(qtbot, window, 0)
    qtbot.waitUntil(
        lambda: session.workspace.open_frame is not None and session.workspace.open_frame.predictor is session.workspace.predictor
    )
    assert session.workspace.predictor.bundle.id == session.project.active_model.bundle.id != old_model
    assert session.workspace.open_frame.answer.probabilities != pytest.approx(old_answer)
    assert session.workspace.predictor.bundle.name in words(window.answer)

    seen = {}
    for name, number in ((name, number) for name in CLASSES for number in range(2)):
        choose(qtbot, window, row_of(window, name, number))
        seen[session.workspace.entry.name] = session.workspace.open_frame.answer.probabilities
    model = session.workspace.predictor.bundle
    out = tmp_path / "predictions.csv"
    assert run(["predict", str(images), "--out", str(out)]) == 0  # also while the window is open
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["file", "sha256", "label", "answer", *CLASSES, "model", "recipe"]
    assert len(rows) == 36
    by_file = {row["file"]: row for row in rows}
    for name, probabilities in seen.items():
        row = by_file[name]
        assert [float(row[label]) for label in CLASSES] == pytest.approx(list(probabilities), abs=1e-4)
        assert (row["model"], row["recipe"]) == (model.id, model.recipe.name)
        assert row["label"] == labels.get(name, name.partition("/")[0])
    assert "empty.jpg cannot be read: the file is empty." in capsys.readouterr().err

    window.close()
    assert everything_in(images) == before
