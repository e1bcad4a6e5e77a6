"""What corrections did: of a model that was trained here, in the real window, with real answers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frame_folders import CLASSES, png, put
from sessions import use_bundle
from watching import settle, words

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.retraining.correction_effects import effects_of_corrections
from endodesk.dataset.manifest import ManifestRow, write_manifest
from endodesk.domain.errors import BadRequest
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from endodesk.ui.training.corrections_dialog import CorrectionsDialog
from endodesk.ui.training.models_dialog import ModelsDialog

pytestmark = pytest.mark.slow

RUN = "2026-03-01 10.00.00"


@pytest.fixture
def images(tmp_path):
    """Four frames a class, and two without one."""
    for place, name in enumerate(CLASSES):
        for n in range(4):
            put(tmp_path / "frames" / name / f"{name[:3]}{n}.png", png(10 * place + n, name))
    for n in range(2):
        put(tmp_path / "frames" / "new" / f"new{n}.png", png(50 + n))
    return tmp_path / "frames"


@pytest.fixture
def answered(window, tiny_bundle, qtbot):
    session = window.session
    session.use_classes(session.workspace.label_set.renewed(CLASSES))  # the folder "new" is none
    use_bundle(session, tiny_bundle)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: session.answers.progress.answered == 14 and session.answers.idle, timeout=60_000)
    settle(qtbot, window)
    return window


def trained(window, tiny_bundle, labels, parts, run=RUN):
    """A model whose training had these labels (by the name of the file, else the folder's); its files are the tiny bundle's."""
    session = window.session
    folder = session.project.runs_folder / run
    shutil.copytree(tiny_bundle, folder / "bundle")
    told = replace(read_bundle(tiny_bundle), name=f"model of {run}", temperature=1.25, run=run)
    (folder / "bundle" / "bundle.json").write_text(json.dumps(told.to_json()), "utf-8")
    rows = []
    for row, name in enumerate(session.workspace.frames.names):
        entry, file = session.workspace.frames[row], Path(name).name
        if label := labels.get(file, entry.folder_label if entry.folder_label in CLASSES else ""):
            rows.append(ManifestRow(entry.path, entry.sha256, "0" * 16, label, part=parts.get(file, "train")))
    write_manifest(folder / "manifest.csv", rows)
    return folder / "bundle"


def looked(qtbot, window, folder):
    dialog = CorrectionsDialog(window.session, folder, window)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.working, timeout=60_000)
    return dialog


def cells(table):
    return [[table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())]


def refitted(session, folder, labels, without):
    """Scores of all frames by a head fitted in another way, with all labels and without one of them."""
    from endodesk.inference.predictor import Predictor

    head = Predictor(folder).networks[0].head
    names = session.workspace.frames.names
    images = [session.workspace.frames[row].sha256 for row in range(len(names))]
    hidden = np.maximum(session.answers.features.get(images).astype(np.float64) @ head.dense_kernel + head.dense_bias, 0)
    learnt = np.array([Path(name).name in labels for name in names])
    hidden /= np.sqrt(np.square(hidden[learnt]).mean())
    inputs = np.column_stack([hidden, np.ones(len(hidden))])
    pull = np.diag([0.3 * learnt.sum()] * hidden.shape[1] + [0])

    def fit(labels):
        taken = [n for n, name in enumerate(names) if Path(name).name in labels]
        truth = np.eye(3)[[CLASSES.index(labels[Path(names[n]).name]) for n in taken]]
        return inputs @ np.linalg.solve(inputs[taken].T @ inputs[taken] + pull, inputs[taken].T @ truth)

    return fit(labels) - fit(without)


def test_each_correction_tells_what_it_moved_and_where_it_was_used(answered, tiny_bundle, qtbot):
    window, given = answered, {"pol0.png": CLASSES[0], "pol1.png": CLASSES[0], "new0.png": CLASSES[1]}
    trained(window, tiny_bundle, {"pol0.png": CLASSES[0]}, {}, run="2026-02-01 10.00.00")
    folder = trained(window, tiny_bundle, given, {"pol1.png": "test"})
    dialog = looked(qtbot, window, folder)
    assert dialog.headline.text() == f"Corrections in the training of model of {RUN}: 3, of which it learnt from 2."
    rows = {row[0]: row[1:] for row in cells(dialog.table)}
    folder_of = {Path(name).name: Path(name).parts[0] for name in window.session.workspace.frames.names}
    assert rows["pol0.png"][:3] == [folder_of["pol0.png"], CLASSES[0], "to train on"]
    assert rows["new0.png"][:3] == ["no class", CLASSES[1], "to train on"]
    assert rows["pol1.png"] == [folder_of["pol1.png"], CLASSES[0], "to test", "-", "-"]
    assert list(rows)[-1] == "pol1.png"  # what moved nothing stands last
    found = {Path(one.file).name: one for one in dialog._corrections}
    labels = {file: given.get(file, name) for file, name in folder_of.items() if file != "pol1.png" and (file in given or name in CLASSES)}
    for file in ("pol0.png", "new0.png"):
        without = {name: label for name, label in labels.items() if name != file}
        if folder_of[file] in CLASSES:
            without[file] = folder_of[file]
        change = 100 * refitted(window.session, folder, labels, without)
        names = [Path(name).name for name in window.session.workspace.frames.names]
        expected = {name: change[n].max() for n, name in enumerate(names) if np.abs(change[n]).max() >= 1 and name != file}
        assert found[file].moved == len(expected)
        assert {Path(one.file).name: one.points for one in found[file].frames} == pytest.approx(expected, abs=0.05)
    dialog.table.selectRow(list(rows).index("pol0.png"))
    assert dialog.trainings.text() == f"Trainings that had it with this label: 2026-02-01 10.00.00 (train), {RUN} (train)."
    assert Path(dialog.cards.model.cards[0].file).name == "pol0.png"
    assert len(dialog.cards.model.cards) == 1 + found["pol0.png"].moved
    told = dialog.cards.model.cards[1].told()
    assert "points" in told
    assert "answer: " in told
    assert "Research use only" in words(dialog)


def test_from_the_list_of_models(answered, tiny_bundle, qtbot):
    window = answered
    folder = keep_bundle(window.session.project, trained(window, tiny_bundle, {"pol0.png": CLASSES[0]}, {}))
    window.do("show_models")
    [models] = window.findChildren(ModelsDialog)
    models.table.selectRow(next(row for row, stored in enumerate(models._models) if stored.folder == folder))
    models._fill_menu()
    [entry] = [action for action in models.menu.actions() if action.text() == "&What corrections did ..."]
    entry.trigger()
    [dialog] = models.findChildren(CorrectionsDialog)
    qtbot.waitUntil(lambda: not dialog.working, timeout=60_000)
    assert dialog.table.rowCount() == 1
    dialog.close()


def test_why_nothing_can_be_told(answered, tiny_bundle, qtbot):
    window = answered
    dialog = looked(qtbot, window, trained(window, tiny_bundle, {}, {}))
    assert dialog.told.text().endswith("has learnt from no correction: every label of its training is what the class folder says.")
    assert not dialog.table.isVisible()
    dialog.close()
    session = window.session
    taken = replace(session.answers_snapshot(), blind=True)
    with pytest.raises(BadRequest, match="kept from you"):
        effects_of_corrections(taken, session.active_overrides.now, tiny_bundle, TaskContext())
    with pytest.raises(BadRequest, match="was not trained in this project"):
        effects_of_corrections(session.answers_snapshot(), session.active_overrides.now, tiny_bundle, TaskContext())


def test_frames_whose_features_are_not_kept_are_read(answered, tiny_bundle):
    session = answered.session
    folder = trained(answered, tiny_bundle, {"pol0.png": CLASSES[0]}, {})
    known = effects_of_corrections(session.answers_snapshot(), session.active_overrides.now, folder, TaskContext())
    read = effects_of_corrections(replace(session.answers_snapshot(), features=None), session.active_overrides.now, folder, TaskContext())
    assert read.n == known.n == 14
    points = [[(one.image, round(one.points, 1)) for one in found.corrections[0].frames] for found in (known, read)]
    assert dict(points[0]) == pytest.approx(dict(points[1]), abs=0.15)
