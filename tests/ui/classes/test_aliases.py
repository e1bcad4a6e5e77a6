"""Words that mean one class are one everywhere: answers, filters, queues, comparisons, trainings, tables."""

import csv
import json
from collections import Counter

import numpy as np
import pytest
from frame_folders import png, put
from other_bundles import with_other_classes
from PySide6.QtCore import Qt
from sessions import use_bundle
from watching import choose, press, select, settle

from endodesk.app.browsing.frame_filter import FrameFilter
from endodesk.app.queues.queue_snapshot import gather
from endodesk.app.queues.queues import QUEUES
from endodesk.app.retraining.retraining import LabelSnapshot, make_run
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext

pytestmark = pytest.mark.slow

FOLDERS = ("normal-cecum", "normal-pylorus", "polyps")
CLASSES = LabelSet.of(("normal", "polyps")).meant_by("normal", "normal-cecum", "normal-pylorus")


@pytest.fixture
def model(tiny_bundle, tmp_path):
    """A model that says normal-cecum and normal-pylorus, and at times neither is its likeliest class but both together are."""
    return with_other_classes(tiny_bundle, tmp_path / "words", FOLDERS)


@pytest.fixture
def ward(tmp_path):
    folder = tmp_path / "ward"
    for place, name in enumerate(FOLDERS):
        for n in range(4):
            put(folder / name / f"case-{n}" / "0.png", png(100 * place + n, "polyps" if name == "polyps" else "normal"))
    return folder


@pytest.fixture
def answering(ward, model, open_window, qtbot):
    window = open_window(ward)
    settle(qtbot, window)
    window.session.use_classes(CLASSES)
    use_bundle(window.session, model)
    qtbot.waitUntil(lambda: len(window.session.answers.snapshot()) == 12, timeout=60_000)
    settle(qtbot, window)
    return window


def test_in_the_window(answering, qtbot, tmp_path):
    session = answering.session
    raw = session.answers.snapshot().of(session.workspace.frames.sha256s)
    normal, polyps = raw[:, :2].sum(axis=1), raw[:, 2]
    answers = ["normal" if more else "polyps" for more in normal > polyps]
    label_of = [session.workspace.label_of(row).name for row in range(12)]
    assert Counter(label_of) == {"normal": 8, "polyps": 4}

    # the panel: one bar a class, of both its words; the heat map is that of the likelier word
    choose(qtbot, answering, 0)
    heat = []
    answering.answer.heat_changed.connect(lambda of, _: heat.append(of))
    said = session.workspace.open_frame.answer.probabilities
    told = f"Answer: normal (normal-cecum, normal-pylorus) {said[0] + said[1]:.0%}, polyps {said[2]:.0%}"
    assert answering.answer.bars.accessibleName() == told
    answering.answer.bars.class_chosen.emit(0)
    assert heat[-1] == int(np.argmax(said[:2]))
    answering.answer.bars.class_chosen.emit(1)
    assert heat[-1] == 2

    # what goes on record with a label is the answer that was shown
    for row in (0, 11):
        choose(qtbot, answering, row)
        session.label(label_of[row])
    given = session.project.database.corrections.current()
    assert {one.correction.answer for one in given.values()} == {answers[0], answers[11]}

    # filters
    for name in ("normal", "normal-cecum"):
        session.shown.set_filter(FrameFilter(classes=(CLASSES.class_of(name),)))
        assert len(session.shown.rows) == 8
    session.shown.set_filter(FrameFilter(disagreeing=True))
    differ = [row for row in range(12) if answers[row] != label_of[row]]
    assert sorted(session.shown.rows) == differ
    session.shown.set_filter(FrameFilter())

    # queues
    given = gather(session.queues._snapshot(), TaskContext())
    assert set(given.classes) == {"normal", "polyps"}
    queues = {queue.key: queue for queue in QUEUES}
    assert sorted(item.row for item in queues["disagreeing"].rank(given, TaskContext())) == differ
    for key in ("mislabelled", "unsure"):
        said = " ".join(item.reason for item in queues[key].rank(given, TaskContext()))
        assert "normal-" not in said

    # two frames side by side
    select(answering, [0, 4])
    press(qtbot, answering, Qt.Key.Key_G)
    panes = answering.comparison.shown.panes
    qtbot.waitUntil(lambda: all(pane.frame and pane.frame.answer for pane in panes))
    assert [pane.said.text().split("model: ")[1].split()[0] for pane in panes] == [answers[0], answers[4]]

    # a training
    snapshot = LabelSnapshot.take(session.workspace)
    folder, _ = make_run(session.project, snapshot.files(("normal", "polyps")), "head", ("normal", "polyps"), TaskContext())
    assert Counter(row.label for row in read_manifest(folder / "manifest.csv")) == {"normal": 8, "polyps": 4}


def test_by_commands(answering, ward, model, tmp_path, capsys):
    answering.close()
    assert run(["predict", str(ward), "--out", str(tmp_path / "p.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert {row["label"] for row in rows} == {"normal", "polyps"}
    assert {row["answer"] for row in rows} <= {"normal", "polyps"}
    assert all(abs(float(row["normal"]) + float(row["polyps"]) - 1) < 1e-3 for row in rows)
    capsys.readouterr()
    assert run(["evaluate", str(ward), "--model", str(model), "--out", str(tmp_path / "report")]) == 0
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text("utf-8"))
    assert {name: scores["n"] for name, scores in metrics["per_class"].items()} == {"normal": 8, "polyps": 4}
    right = sum(row["label"] == row["answer"] for row in rows)
    assert metrics["accuracy"] == pytest.approx(right / 12)
    assert metrics["probe"]["n"] == 12
    assert "normal-cecum means normal" in capsys.readouterr().err
