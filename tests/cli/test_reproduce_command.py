"""`endodesk reproduce`: a real project, its quick update, and everything that may be otherwise than when it was signed."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from frame_folders import CLASSES, everything_in, png, put
from other_bundles import with_another_head

import resources
from endodesk.app.headless import read_frames
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.retraining.kept_models import copy_model
from endodesk.app.retraining.model_choice import find_model
from endodesk.app.retraining.proof.model_proof import proof_of
from endodesk.app.retraining.proof.proof_signing import sign_run
from endodesk.app.retraining.proof.reproduction import reproduce
from endodesk.app.signers import remember
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest, write_manifest
from endodesk.domain.errors import Cancelled
from endodesk.domain.label_set import LabelSet
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from training.plan.config import PRESETS

STARTER = Path(resources.__file__).parent / "models" / "starter"
EACH = 10
pytestmark = pytest.mark.slow


def at_home(patch, base):
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        patch.setenv(f"XDG_{name}_HOME", str(base / "home" / name))
    patch.setattr(resources, "STARTER_MODEL", STARTER)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder of three classes, and beside it its project with a quick update; one of its labels is a reader's."""
    base = tmp_path_factory.mktemp("proof")
    with pytest.MonkeyPatch.context() as patch:
        at_home(patch, base)
        for place, name in enumerate(CLASSES):
            for n in range(EACH):
                put(base / "ward" / name / f"{name}-{n}" / "0.png", png(1000 * place + 10 * n, name, 64))
        Project.of_images(base / "ward", at=base / "ward-endodesk", label_set=LabelSet.of(CLASSES)).close()
        label(base, "polyps/polyps-3/0.png", "polyps", "--confirm")
        assert run(["retrain", str(base / "ward-endodesk")]) == 0
    return base


def label(base, file, name, *more):
    put(base / "labels.csv", f"file,label\n{file},{name}\n".encode())
    assert run(["label", str(base / "ward-endodesk"), str(base / "labels.csv"), "--reader", "Ana", *more]) == 0


@pytest.fixture
def ward(trained, tmp_path, monkeypatch):
    """A copy of both on the same PC; the frames are found by their content."""
    at_home(monkeypatch, trained)
    for name in ("ward", "ward-endodesk"):
        shutil.copytree(trained / name, tmp_path / name)
    return tmp_path / "ward-endodesk"


def update_of(ward):
    [found] = [folder for folder in (ward / "models").iterdir() if folder.name != read_bundle(STARTER).id]
    return found


def run_of(ward):
    [found] = (ward / "runs").iterdir()
    return found


def reproduced(ward, capsys, model=""):
    capsys.readouterr()
    code = run(["reproduce", model or update_of(ward).name, str(ward)])
    told = capsys.readouterr()
    return code, " ".join(told.out.split()), " ".join(told.err.split())


def test_a_quick_update_is_the_same_to_the_last_digit_and_a_label_given_since_is_named(ward, capsys):
    label(ward.parent, "polyps/polyps-3/0.png", "esophagitis")
    label(ward.parent, "esophagitis/esophagitis-1/0.png", "polyps")
    before, cache = everything_in(ward / "runs"), {path.name for path in (ward / "cache").iterdir()}
    assert run(["predict", str(ward), "--out", str(ward.parent / "answers.csv")]) == 0  # what the window keeps of frames has no part in it
    code, out, err = reproduced(ward, capsys)
    assert code == 0, out + err
    assert "Signed by" in out
    assert "with the key of this account" in out
    assert "numbers of the head are the same to the last digit" in out
    assert "Difference: 0." in out
    assert "2 labels are not as they were:" in out
    assert "polyps/polyps-3/0.png was polyps, now esophagitis" in out
    assert "esophagitis/esophagitis-1/0.png was esophagitis, now polyps" in out
    assert everything_in(ward / "runs") == before
    assert {path.name for path in (ward / "cache").iterdir()} == cache
    assert len(list((ward / "models").iterdir())) == 2


def test_features_that_were_kept_and_those_made_anew_lead_to_the_same_head(ward):
    def kept():
        return sum(path.stat().st_size for path in (ward / "cache" / "features").iterdir())

    assert kept() == 0
    assert run(["enough", str(ward)]) == 0  # keeps features of all frames
    assert kept() > 0
    assert run(["retrain", str(ward)]) == 0
    first, second = sorted((ward / "runs").iterdir())
    assert (first / "bundle" / "head.npz").read_bytes() == (second / "bundle" / "head.npz").read_bytes()


def changed_json(file, change):
    told = json.loads(file.read_text("utf-8"))
    change(told)
    file.write_text(json.dumps(told), "utf-8")


def replaced(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def rows_changed(ward, change):
    manifest = run_of(ward) / "manifest.csv"
    write_manifest(manifest, change(read_manifest(manifest)))


def one_row(rows, **changes):
    at = next(n for n, row in enumerate(rows) if "polyps-3" in str(row.file))
    return [*rows[:at], replace(rows[at], **changes), *rows[at + 1 :]]


def in_record(ward, *statements):
    with sqlite3.connect(ward / "project.sqlite") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')  # whoever changes rows past the program drops them first
        for statement in statements:
            assert connection.execute(statement).rowcount == 1
    connection.close()


TAMPERED = {
    "a figure": (
        lambda ward: changed_json(update_of(ward) / "bundle.json", lambda told: told["metrics"].update(accuracy=0.123)),
        "accuracy is 0.123 among the model's figures;",
    ),
    "a figure of the run": (
        lambda ward: changed_json(run_of(ward) / "metrics.json", lambda told: told["macro"].update(f1=0.123)),
        "macro.f1 is 0.123 in the training's figures;",
    ),
    "what it was compared with": (
        lambda ward: replaced(run_of(ward) / "comparison.json", "mended", "broken"),
        "comparison.json of the training",
    ),
    "a weight": (lambda ward: (update_of(ward) / "head.npz").write_bytes(b"0"), "head.npz"),
    "a setting": (lambda ward: replaced(run_of(ward) / "config.toml", "epochs = 40", "epochs = 41"), "frozen.epochs is 41 in"),
    "a flipped label": (
        lambda ward: rows_changed(ward, lambda rows: one_row(rows, label="esophagitis")),
        "polyps/polyps-3/0.png is esophagitis (train) in the training's list of frames; polyps (train) was signed.",
    ),
    "a frame in another part": (
        lambda ward: rows_changed(ward, lambda rows: one_row(rows, part="val")),
        "polyps/polyps-3/0.png is polyps (val) in the training's list of frames; polyps (train) was signed.",
    ),
    "a frame left out": (
        lambda ward: rows_changed(ward, lambda rows: [row for row in rows if "polyps-3" not in str(row.file)]),
        "polyps/polyps-3/0.png is missing from the training's list of frames; polyps (train) was signed.",
    ),
    "a frame put in": (
        lambda ward: rows_changed(ward, lambda rows: [*rows, replace(rows[0], sha256="0" * 64)]),
        "was put into the training's list of frames after it was signed.",
    ),
    "a group": (lambda ward: rows_changed(ward, lambda rows: one_row(rows, group="x")), "manifest.csv of the training was changed."),
    "an outline put in": (lambda ward: put(run_of(ward) / "overrides.json", b"{}"), "overrides.json of the training was not there"),
    "the record's word": (
        lambda ward: in_record(ward, "UPDATE correction SET label = 'esophagitis' WHERE label = 'polyps'"),
        "The record of that time calls polyps/polyps-3/0.png esophagitis; the training took polyps.",
    ),
    "the record's events": (
        lambda ward: in_record(ward, "UPDATE event SET digest = 'x' WHERE id = (SELECT max(id) FROM event)"),
        "of the record is another one than when the labels were taken on",
    ),
    "the proof": (lambda ward: replaced(update_of(ward) / "proof.json", '"accuracy":', '"accuracy": '), "proof.json was changed"),
    "a signed figure": (lambda ward: replaced(update_of(ward) / "proof.json", '"n":', '"m":'), "it is not as it was signed"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_not_as_it_was_is_named_and_nothing_is_trained(ward, capsys, what):
    tamper, named = TAMPERED[what]
    tamper(ward)
    before = everything_in(ward / "runs")
    code, out, err = reproduced(ward, capsys)
    assert (code, "Not as it was:" in out) == (1, True), out + err
    assert named in out
    assert "Trained anew" not in out
    assert everything_in(ward / "runs") == before


def test_frames_that_are_gone_or_changed_are_named(ward, trained, capsys):
    kept = {name: (trained / "ward/polyps" / name / "0.png").read_bytes() for name in ("polyps-3", "polyps-4")}
    try:
        for folder in (trained, ward.parent):
            (folder / "ward/polyps/polyps-3/0.png").unlink()
            put(folder / "ward/polyps/polyps-4/0.png", png(77))
        code, out, _ = reproduced(ward, capsys)
    finally:
        for name, data in kept.items():
            put(trained / "ward/polyps" / name / "0.png", data)
    assert code == 1
    assert "polyps/polyps-3/0.png is not here any more." in out
    assert "polyps/polyps-4/0.png is not the picture that it was." in out


def test_a_base_that_is_gone_is_named(ward, trained, capsys, monkeypatch):
    base = read_bundle(STARTER).id
    monkeypatch.setattr(resources, "STARTER_MODEL", ward / "none")
    shutil.rmtree(ward / "models" / base)
    kept = (trained / "ward-endodesk" / "models" / base).rename(trained / "aside")
    try:
        code, out, _ = reproduced(ward, capsys)
    finally:
        kept.rename(trained / "ward-endodesk" / "models" / base)
    assert code == 1
    assert f"The model that it goes on from ({base}) is not here any more." in out


def test_a_head_that_was_not_learnt_from_these_labels_is_not_reproduced(ward, capsys, monkeypatch):
    """Signed by who has the key: everything holds, and only training anew shows it."""
    run_folder, other = run_of(ward), with_another_head(update_of(ward), ward.parent / "other")
    shutil.rmtree(run_folder / "bundle")
    shutil.copytree(other, run_folder / "bundle")
    project = Project.open(ward)
    try:
        assert sign_run(project, run_folder) == ""
        folder = keep_bundle(project, run_folder / "bundle")
    finally:
        project.close()
    assert proof_of(folder).holds
    code, out, _ = reproduced(ward, capsys, folder.name)
    assert code == 1
    assert "The head is not the same to the last digit:" in out


def test_a_training_that_was_stopped_is_repeated_to_where_it_was(ward, tmp_path, capsys):
    config = tmp_path / "short.toml"
    config.write_text((PRESETS / "quick.toml").read_text("utf-8").replace("epochs = 40", "epochs = 2"), "utf-8")
    assert run(["retrain", str(ward), "--config", str(config)]) == 0
    stopped = max((ward / "runs").iterdir())
    replaced(stopped / "config.toml", "epochs = 2\n", "epochs = 40\n")
    told = {"by": "Ana", "at": "2026-11-30T20:00:00+00:00", "phase": "frozen", "epoch": 2, "of": 40}
    changed_json(stopped / "bundle" / "bundle.json", lambda bundle: bundle["metrics"].update(stopped=told))
    shutil.rmtree(ward / "models" / read_bundle(stopped / "bundle").id)
    project = Project.open(ward)
    try:
        assert sign_run(project, stopped) == ""
        kept = keep_bundle(project, stopped / "bundle")
    finally:
        project.close()
    code, out, _ = reproduced(ward, capsys, kept.name)
    assert code == 0
    assert "Difference: 0." in out


def test_a_model_without_a_proof_or_from_elsewhere_is_told(ward, tmp_path, capsys):
    code, out, _ = reproduced(ward, capsys, "starter")
    assert (code, "This model has no proof" in out) == (1, True)
    for folder in (update_of(ward), run_of(ward)):
        (folder / "proof.json").rename(folder / "aside.json")
    assert "the one that the model names" not in reproduced(ward, capsys)[1]
    kept = (run_of(ward) / "manifest.csv").read_bytes()
    rows_changed(ward, lambda rows: one_row(rows, part="val"))
    code, out, _ = reproduced(ward, capsys)
    assert (code, "This model has no proof" in out, "list of frames is not the one that the model names" in out) == (1, True, True)
    (run_of(ward) / "manifest.csv").write_bytes(kept)
    (run_of(ward) / "aside.json").rename(run_of(ward) / "proof.json")  # that of the run will do
    assert "Difference: 0." in reproduced(ward, capsys)[1]
    (run_of(ward) / "proof.json").unlink()
    project = Project.open(ward)
    try:
        keep_bundle(project, run_of(ward) / "bundle")  # as when the same model is trained again
    finally:
        project.close()
    assert proof_of(update_of(ward)).holds
    Project.of_images(tmp_path / "ward", at=tmp_path / "other", label_set=LabelSet.of(CLASSES)).close()
    project = Project.open(tmp_path / "other")
    try:
        kept = keep_bundle(project, update_of(ward))  # as Model > Models > Add from folder does
        copy_model(next(stored for stored in project.database.models.all() if stored.folder == kept), tmp_path / "copy")
    finally:
        project.close()
    assert proof_of(kept).holds
    assert proof_of(tmp_path / "copy").holds
    code, out, _ = reproduced(tmp_path / "other", capsys, kept.name)
    assert (code, "Its training is not in this project" in out, "Signed by" in out) == (1, True, True)
    assert run(["export-model", str(kept), "--format", "onnx", "--out", str(tmp_path / "onnx")]) == 0
    assert (tmp_path / "onnx" / "proof.json").read_bytes() == (kept / "proof.json").read_bytes()


def test_on_another_pc_the_key_is_not_known(ward, home, capsys, monkeypatch):
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    checked = proof_of(update_of(ward))
    assert checked.holds
    assert "a key that is not known here" in checked.signer
    remember(checked.proof.name, "00" * 32)
    assert "another key than" in " ".join(proof_of(update_of(ward)).faults)


def test_what_is_named_wrongly_is_a_mistake_of_use(ward, images, capsys):
    assert reproduced(ward, capsys, "nothing")[0] == 2
    assert run(["reproduce", "active", str(images)]) == 2
    assert "There is no project for" in capsys.readouterr().err


def test_a_training_of_the_whole_network_is_within_the_tolerance(ward, tmp_path, capsys):
    config = tmp_path / "tiny.toml"
    config.write_text(
        'name = "tiny"\n[input]\naugmentation = "none"\n[frozen]\nepochs = 2\nviews = 1\n[finetune]\nepochs = 1\nfrom_block = 16\n', "utf-8"
    )
    assert run(["retrain", str(ward), "--config", str(config)]) == 0
    bundle = read_bundle(max((ward / "runs").iterdir()) / "bundle")
    code, out, err = reproduced(ward, capsys, bundle.id)
    assert code == 0, out + err
    assert "Difference: 0.0000 and 0.0000; the tolerance is 0.333." in out
    assert "Its weights are the same to the last digit." in out
    checked = proof_of(ward / "models" / bundle.id)
    assert (checked.holds, checked.proof.base) == (True, "")


def test_cancelled_it_leaves_nothing(ward):
    before = everything_in(ward / "runs"), {path.name for path in (ward / "cache").iterdir()}
    task, project = TaskContext(), Project.open(ward)
    try:
        work = read_frames(project, ward, TaskContext())
        model = find_model(project, update_of(ward).name)
        with pytest.raises(Cancelled):
            reproduce(project, model, work.frames.snapshot(), work.reviews.snapshot(), task, lambda _: task.cancel())
    finally:
        project.close()
    assert (everything_in(ward / "runs"), {path.name for path in (ward / "cache").iterdir()}) == before
