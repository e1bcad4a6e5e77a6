"""`endodesk label` and `endodesk retrain`: a project's work without its window, by the real command line and child process."""

import contextlib
import csv
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import cv2
import numpy as np
import pytest
from frame_folders import CLASSES, everything_in, png, put
from sessions import settle

import resources
from endodesk.app.preferences import Preferences
from endodesk.app.project.project import Project, project_folder
from endodesk.app.project.project_runs import learnt_here, trained_here
from endodesk.app.project.stored_pictures import measure_stored
from endodesk.app.session import Session
from endodesk.cli.main import run
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext

STARTER = Path(resources.__file__).parent / "models" / "starter"


@pytest.fixture
def images(tmp_path, starter):
    """Frames of three classes in six cases each; the starter model is there."""
    shutil.copytree(STARTER, starter)
    folder = tmp_path / "Fälle 内視鏡"
    for place, name in enumerate(CLASSES):
        for case in range(6):
            put(folder / name / f"case-{case}" / "0.png", png(1000 * place + 10 * case, name))
    return folder


@pytest.fixture
def table(tmp_path):
    def write(*rows, header="file,label"):
        path = tmp_path / "labels.csv"
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return path

    return write


def standing(images):
    project = Project.of_images(images)
    try:
        stored = project.database.corrections.current().values()
        return sorted((one.correction.value, one.correction.reader) for one in stored)
    finally:
        project.close()


def test_a_label_goes_to_what_the_file_holds_when_it_is_labelled(images, table, tmp_path):
    """Frames of one size and one time, as out of a ZIP archive, were renumbered between two runs; even inode and times may be the same."""
    first, second = (
        put(images / "polyps" / f"{n}.bmp", cv2.imencode(".bmp", np.full((32, 40, 3), 60 * n, np.uint8))[1].tobytes()) for n in (1, 2)
    )
    assert run(["label", str(images), str(table("polyps/1.bmp,esophagitis")), "--reader", "Ana"]) == 0
    data, stamp = {file: file.read_bytes() for file in (first, second)}, first.stat()
    first.write_bytes(data[second])
    second.write_bytes(data[first])
    os.utime(first, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    _forge_stamps(images)
    assert run(["label", str(images), str(table("polyps/1.bmp,ulcerative-colitis")), "--reader", "Ana"]) == 0
    project = Project.of_images(images)
    try:
        said = {image: stored.correction.value for image, stored in project.database.corrections.current().items()}
    finally:
        project.close()
    assert said == {hashlib.sha256(data[first]).hexdigest(): "esophagitis", hashlib.sha256(data[second]).hexdigest(): "ulcerative-colitis"}


def _forge_stamps(images):
    """As if each file looked just as it did when it was read: what a file system without times and numbers of its own would say."""
    with contextlib.closing(sqlite3.connect(project_folder(images) / "project.sqlite")) as file, file:
        for (path,) in file.execute("SELECT path FROM image_path").fetchall():
            looked = Path(path).stat()
            file.execute(
                "UPDATE image_path SET mtime_ns = ?, ctime_ns = ?, inode = ? WHERE path = ?",
                (looked.st_mtime_ns, looked.st_ctime_ns, looked.st_ino, path),
            )


def test_a_table_labels_frames_as_one_step_and_says_what_it_did(images, table, capsys):
    before = everything_in(images)
    rows = ["esophagitis/case-0/0.png,polyps", "ulcerative-colitis/case-1/0.png,polyps", "polyps/case-2/0.png,", "elsewhere.png,polyps"]
    assert run(["label", str(images), str(table(*rows)), "--reader", "Ana"]) == 0
    assert standing(images) == [("polyps", "Ana"), ("polyps", "Ana")]
    with contextlib.closing(sqlite3.connect(project_folder(images) / "project.sqlite")) as record:
        [told] = record.execute("SELECT reader, told FROM event WHERE kind = 'import'")
    assert told == ("Ana", '{"file": "labels.csv", "labels": 2}')
    said = capsys.readouterr()
    assert "2 frames labelled; 0 had that label" in said.out
    assert "1 files of the table are not in the folder, or cannot be read: elsewhere.png" in said.err
    assert run(["label", str(images), str(table(*rows)), "--reader", "Ben"]) == 0
    assert "0 frames labelled; 2 had that label" in capsys.readouterr().out
    assert standing(images) == [("polyps", "Ana"), ("polyps", "Ana")]
    assert everything_in(images) == before


def test_what_a_frame_is_labelled_anyway_is_a_reading_only_to_confirm(images, table, capsys):
    rows = table("esophagitis/case-0/0.png,esophagitis", "polyps/case-1/0.png,polyps")
    assert run(["label", str(images), str(rows), "--reader", "Ana"]) == 0  # an untouched predictions.csv is nobody's reading
    assert standing(images) == []
    assert "0 frames labelled; 2 had that label" in capsys.readouterr().out
    for reader in ("Ana", "Ben", "Ben"):
        assert run(["label", str(images), str(rows), "--reader", reader, "--confirm"]) == 0
    assert standing(images) == [("esophagitis", "Ben"), ("polyps", "Ben")]
    assert [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()] == ["2", "2", "0"]


def test_a_project_is_named_by_its_file_too(images, table):
    Project.of_images(images).close()
    file = next(project_folder(images).glob("*.endodesk"))
    assert run(["label", str(file), str(table("esophagitis/case-0/0.png,polyps"))]) == 0
    assert len(standing(images)) == 1


def test_a_command_tells_what_happened_to_the_projects_file(images, table, capsys):
    file = project_folder(images) / "project.sqlite"
    assert run(["label", str(images), str(table("polyps/case-0/0.png,esophagitis")), "--reader", "Ann"]) == 0
    older = shutil.copy(file, file.with_name("older"))
    assert run(["label", str(images), str(table("polyps/case-1/0.png,esophagitis")), "--reader", "Ann"]) == 0
    file.unlink()
    capsys.readouterr()
    assert run(["label", str(images), str(table("polyps/case-2/0.png,esophagitis")), "--reader", "Ann"]) == 0
    assert "was missing" in capsys.readouterr().err
    assert standing(images) == 3 * [("esophagitis", "Ann")]
    shutil.move(older, file)
    assert run(["label", str(images), str(table("polyps/case-3/0.png,esophagitis")), "--reader", "Ann"]) == 0
    assert "labels.kept.jsonl holds labels that this project may lack" in capsys.readouterr().err
    assert standing(images) == 2 * [("esophagitis", "Ann")]


@pytest.mark.slow
def test_the_windows_undo_takes_the_whole_table_back(images, table, qtbot):
    run(["label", str(images), str(table("esophagitis/case-0/0.png,polyps", "polyps/case-1/0.png,esophagitis"))])
    assert len(standing(images)) == 2
    project = Project.of_images(images)
    session = Session(project)
    try:
        session.start()
        settle(qtbot, session)
        session.undo()
        assert not project.database.corrections.current()
    finally:
        session.close()
        project.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "header", "told"),
    [
        (["polyps/case-1/0.png,adenoma"], "file,label", "'adenoma' is not a class of this project"),
        (["polyps/case-1/0.png,polyps", "polyps/case-1/0.png,esophagitis"], "file,label", "two labels"),
        (["polyps/case-1/0.png,polyps"], "name,label", "columns file and label"),
        (["../outside.png,polyps", "/etc/passwd,polyps"], "file,label", "not in the folder"),
    ],
)
def test_a_wrong_table_gives_no_label(images, table, capsys, rows, header, told):
    assert run(["label", str(images), str(table(*rows, header=header))]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "Traceback" not in said.err
    assert standing(images) == []


def test_an_open_window_keeps_the_command_out(images, table, capsys):
    window = Project.of_images(images)
    try:
        assert run(["label", str(images), str(table("polyps/case-1/0.png,polyps"))]) == 2
    finally:
        window.close()
    assert "open in another EndoDesk window" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_never_opened_is_answered_by_the_starter_model_which_is_told(images, tmp_path, home, capsys):
    assert run(["predict", str(images), "--out", str(tmp_path / "p.csv")]) == 0
    said, model = capsys.readouterr().err, read_bundle(STARTER)
    assert f"This folder has no model of its own: answered by the starter model, {model.name}." in said
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert {row["model"] for row in rows} == {model.id}
    assert len(rows) == 18
    assert not list(home.rglob("project.sqlite"))  # no project is made
    assert run(["predict", str(images), "--model", str(STARTER), "--out", str(tmp_path / "p.csv")]) == 0
    assert "starter" not in capsys.readouterr().err  # it was named
    assert run(["label", str(images), str(tmp_path / "p.csv")]) == 0  # the project has it now
    capsys.readouterr()
    assert run(["predict", str(images), "--out", str(tmp_path / "p.csv")]) == 0
    assert "starter" not in capsys.readouterr().err


@pytest.mark.slow
def test_retraining_learns_from_the_labels_and_is_used_only_if_asked(images, tmp_path, capsys):
    assert run(["retrain", str(images)]) == 0
    said = capsys.readouterr().out
    assert "The active model is what it was" in said
    assert "Research use only" in said
    assert run(["retrain", str(images), "--use", "--why", "few frames prove nothing", "--reader", "Ana"]) == 0
    project = Project.of_images(images)
    try:
        models, last = project.database.models.all(), project.database.models.promotions()[-1]
        active = project.active_model
        assert len(models) == 2  # the starter, and its update, the same both times
        assert active.bundle.parent in {stored.bundle.id for stored in models}
        assert trained_here(project, active.bundle)
        assert not learnt_here(project, active.bundle)  # its beginnings are the starter's, which may have seen any frame
        assert (last.reader, last.bundle) == ("Ana", active.bundle.id)
    finally:
        project.close()
    assert run(["predict", str(images), "--out", str(tmp_path / "p.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert {row["model"] for row in rows} == {active.bundle.id}
    assert sum(row["label"] == row["answer"] for row in rows) > len(rows) * 0.8  # three plain colours


def test_a_retraining_that_cannot_be_is_a_sentence(images, tmp_path, capsys):
    assert run(["retrain", str(images), "--config", "nonsense"]) == 2
    assert "There is no configuration nonsense" in capsys.readouterr().err
    assert run(["retrain", str(tmp_path / "nowhere")]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("keeps", [True, False])
def test_a_retraining_leaves_no_picture_where_none_may_be_kept(images, keeps):
    Preferences().set("keep_pictures", keeps)
    assert run(["retrain", str(images)]) == 0
    sizes = measure_stored(project_folder(images), TaskContext())
    assert (sizes["prepared"].files > 0) == keeps
    assert (sizes["features"].files, sizes["thumbnails"].files) == ((2, 0) if keeps else (0, 0))
