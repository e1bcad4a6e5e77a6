"""Trainings and answers of a project whose classes are called otherwise than its labels, folders and models call them."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put

import resources
from endodesk.app.headless import label_by_table, opened, retrain
from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.errors import TrainingFailed
from endodesk.domain.label_set import LabelSet
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from training.evaluation.compared_models import read_comparisons
from training.plan.run_folder import open_run

pytestmark = pytest.mark.slow

STARTER = Path(resources.__file__).parent / "models" / "starter"
FOLDERS = (*CLASSES, "normal-cecum", "normal-pylorus")
TODAY = (
    LabelSet.of(("esophagitis", "adenoma", "ulcerative-colitis", "normal"))
    .meant_by("adenoma", "polyps")
    .meant_by("normal", "normal-cecum", "normal-pylorus")
)
EACH = 6


@pytest.fixture
def ward(tmp_path, starter):
    """Five class folders, two of them one class; labels of words of before; the starter model, which says polyps."""
    shutil.copytree(STARTER, starter)
    folder = tmp_path / "ward"
    for place, name in enumerate(FOLDERS):
        for n in range(EACH):
            put(folder / name / f"case-{n}" / "0.png", png(1000 * place + 10 * n, name if name in CLASSES else "normal"))
    table = put(tmp_path / "labels.csv", b"file,label\nesophagitis/case-0/0.png,polyps\nnormal-cecum/case-1/0.png,normal-pylorus\n")
    Project.of_images(folder, label_set=LabelSet.of(FOLDERS)).close()
    with opened(folder, TaskContext()) as work:
        assert label_by_table(work, table, "Ana").given == 2
        work.project.label_set = TODAY
    return folder


def test_a_quick_update_learns_from_labels_of_older_words_and_is_compared_with_the_model_that_says_them(ward, tmp_path):
    warned, events = [], []
    with opened(ward, TaskContext()) as work:
        finished = retrain(
            work, "quick", use=True, task=TaskContext(), warn=warned.append, on_event=events.append, why="few frames prove nothing"
        )
        model = read_bundle(Path(finished.bundle))
        [run_folder] = work.project.runs_folder.iterdir()
        learnt = Counter(row.label for row in read_manifest(run_folder / "manifest.csv"))
    assert learnt == {"esophagitis": EACH - 1, "adenoma": EACH + 1, "ulcerative-colitis": EACH, "normal": 2 * EACH}
    assert set(model.classes) == set(TODAY.names)
    told = [*warned, *(event.message for event in events if event.kind is RunEventKind.WARNING)]
    assert [text for text in told if "other classes" in text] == []
    [beside] = read_comparisons(Path(finished.bundle).parent)
    assert beside.comparison.n == finished.metrics["n"]
    assert run(["predict", str(ward), "--out", str(tmp_path / "p.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert Counter(row["label"] for row in rows) == learnt


def test_the_model_of_before_answers_with_the_classes_of_today(ward, tmp_path):
    assert run(["predict", str(ward), "--out", str(tmp_path / "p.csv"), "--model", str(STARTER)]) == 0
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert {"adenoma", "normal"} <= rows[0].keys()
    assert "polyps" not in rows[0]
    assert {row["answer"] for row in rows} <= set(TODAY.names)
    assert all(abs(sum(float(row[name]) for name in TODAY.names) - 1) < 1e-3 for row in rows)


def test_what_is_found_before_the_child_starts_is_told_once(ward, monkeypatch):
    found = []

    def launched(run_folder, *, on_event, task, online):
        found.extend(open_run(run_folder).warnings)
        for told in (*found, "another one"):
            on_event(RunEvent(RunEventKind.WARNING, message=told))
        raise TrainingFailed("that is all")

    monkeypatch.setattr("endodesk.app.headless.launch", launched)
    like = (ward / "polyps" / "case-0" / "0.png").read_bytes()
    put(ward / "ulcerative-colitis" / "case-0" / "like.png", like + b"\0")  # another file, and to the eye the same
    warned, events = [], []
    with opened(ward, TaskContext()) as work, pytest.raises(TrainingFailed):
        retrain(work, "quick", use=False, task=TaskContext(), warn=warned.append, on_event=events.append)
    told = [*warned, *(event.message for event in events)]
    assert "another one" in told
    assert len(told) == len(set(told))
    assert found
    assert set(found) < set(told)
