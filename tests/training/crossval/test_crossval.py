"""Cross-validation: planning, going on, cancelling, figures. Trainings are a fake that leaves a whole bundle; test_cli has a real one."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from endodesk.dataset.manifest import scan_class_folder
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, Cancelled, TrainingFailed
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.synthetic.frames import write_frames
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import Progress, TaskContext
from training.crossval import crossval
from training.crossval.crossval import CrossvalPlan, FoldResult, clear_cache, open_crossval, plan_crossval, run_crossval
from training.crossval.crossval_figures import NOTHING_CHOSEN, kept_phase, over_folds, over_models, t_interval
from training.crossval.crossval_report import read_external, write_results
from training.crossval.fold_progress import FoldProgress
from training.crossval.left_out import plan_left_out
from training.evaluation.metrics import measure
from training.plan.checkpoint import LAST, Checkpoints
from training.plan.config import Config, FineTuning, Paths, Split
from training.plan.epochs import EpochRow
from training.plan.run_folder import open_run

CONFIG = Config(name="mine", split=Split(near=2, case="none"), finetune=FineTuning(epochs=0))


@pytest.fixture
def plan(frame_rows) -> CrossvalPlan:
    return plan_crossval(frame_rows, CONFIG, folds=3)


# --- planning ---------------------------------------------------------------------------------------------------------


def test_each_fold_is_a_run_whose_test_part_is_the_fold(plan, frame_rows):
    assert plan.config.classes == ("esophagitis", "polyps", "ulcerative-colitis")
    assert [run.name for run in plan.runs] == ["fold-1", "fold-2", "fold-3"]
    assert Counter(row.sha256 for run in plan.runs for row in run.test) == Counter(row.sha256 for row in frame_rows)
    for run in plan.runs:
        assert Counter(row.part for row in run.rows)["val"] >= 3
        assert all(row.group for row in run.rows)


def test_cases_and_near_frames_group_as_in_any_run(frame_rows):
    plan = plan_crossval(frame_rows, replace(CONFIG, split=Split(near=2, case="folder")), folds=2)
    for run in plan.runs:
        parts = {}
        for row in run.rows:
            assert parts.setdefault(row.case, row.part) == row.part


def test_repeats_deal_anew_and_have_folders_of_their_own(frame_rows, plan):
    twice = plan_crossval(frame_rows, CONFIG, folds=3, repeats=2)
    assert [run.name for run in twice.runs][3:] == ["repeat-2-fold-1", "repeat-2-fold-2", "repeat-2-fold-3"]
    assert twice.dealt[0] == plan.dealt[0] != twice.dealt[1]


@pytest.mark.parametrize(
    ("change", "how", "says"),
    [
        (lambda rows: [], {}, "no labelled frames"),
        (lambda rows: [row for row in rows if row.label == "polyps"], {}, r"one class only \(polyps\)"),
        (lambda rows: rows, {"folds": 1}, "2 to 50 folds"),
        (lambda rows: rows, {"folds": 21}, r"21 folds need 21 groups of each class .*esophagitis has 20: take --folds 20"),
        (lambda rows: rows, {"repeats": 0}, "1 to 100 repeats"),
        (lambda rows: [*rows[:2], *rows[-2:]], {"folds": 2}, "a fold has none left to train on or to stop by"),
    ],
)
def test_what_cannot_be_dealt_is_a_sentence(frame_rows, change, how, says):
    with pytest.raises(BadRequest, match=says):
        plan_crossval(change(frame_rows), CONFIG, **how)


# --- the folder -------------------------------------------------------------------------------------------------------


def test_the_same_plan_is_gone_on_with_and_another_is_refused(tmp_path, frame_rows, plan):
    out = tmp_path / "cv"
    open_crossval(out, plan)
    before = (out / "plan.json").read_bytes()
    open_crossval(out, replace(plan, config=replace(plan.config, paths=Paths(cache=str(tmp_path)))))  # where it is done is no matter
    assert (out / "plan.json").read_bytes() == before
    others = {
        "configuration": plan_crossval(frame_rows, replace(CONFIG, recipe="paper"), folds=3),
        "number of folds": plan_crossval(frame_rows, CONFIG, folds=4),
        "choice of frames": plan_crossval(frame_rows[:-1], CONFIG, folds=3),
    }
    for what, other in others.items():
        with pytest.raises(BadRequest, match=f"another {what}; name a new folder"):
            open_crossval(out, other)
    assert (out / "plan.json").read_bytes() == before
    open_crossval(out, plan_crossval(frame_rows, CONFIG, folds=3, repeats=2))  # more repeats may follow
    open_crossval(out, plan)  # and fewer be asked for again


def test_a_folder_that_holds_something_else_is_refused(tmp_path, plan):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadRequest, match="holds no cross-validation"):
        open_crossval(tmp_path, plan)
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(BadRequest, match="holds no cross-validation"):
        open_crossval(tmp_path, plan)
    with pytest.raises(BadRequest, match="cannot be written"):
        open_crossval(tmp_path / "notes.txt" / "cv", plan)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "plan.json"]


# --- running ----------------------------------------------------------------------------------------------------------


@dataclass
class Trainer:
    """In the place of `launch`: a training that takes no time and leaves the tiny bundle."""

    bundle: Path
    then: Callable[[Path], object] = lambda run: None
    trained: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    metrics: dict[str, object] = field(default_factory=dict)

    def __call__(self, run: Path, *, on_event: Callable[[RunEvent], None], task: TaskContext, resume: bool, online: bool) -> None:
        assert online, "its configuration was named on the command line"
        plan = open_run(run)
        self.resumed += [run.name] if resume else []
        on_event(RunEvent(RunEventKind.PHASE, phase="frozen", total=2))
        on_event(RunEvent(RunEventKind.WARNING, message="The sky is blue."))
        on_event(RunEvent(RunEventKind.EPOCH, phase="frozen", done=1, total=2))
        self.then(run)
        task.raise_if_cancelled()
        shutil.copytree(self.bundle, run / "bundle")
        made = replace(read_bundle(self.bundle), split_fingerprint=plan.fingerprint, metrics=self.metrics)
        (run / "bundle" / "bundle.json").write_text(json.dumps(made.to_json()))
        self.trained.append(run.name)


@pytest.fixture
def trainer(tiny_bundle, monkeypatch) -> Trainer:
    found = Trainer(tiny_bundle)
    monkeypatch.setattr(crossval, "launch", found)
    return found


def go(plan: CrossvalPlan, out: Path, task: TaskContext | None = None) -> tuple[list[FoldResult], list[float | None], list[str]]:
    left: list[float | None] = []
    warnings: list[str] = []
    open_crossval(out, plan)
    results = run_crossval(plan, out, told=lambda _, seconds: left.append(seconds), warn=warnings.append, task=task or TaskContext())
    return results, left, warnings


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_folds_give_one_answer_for_every_frame_and_their_figures(tmp_path, plan, trainer):
    told: list[Progress] = []
    out = tmp_path / "cv"
    results, left, warnings = go(plan, out, TaskContext(told.append, interval=0))
    assert trainer.trained == ["fold-1", "fold-2", "fold-3"]
    assert warnings == ["The sky is blue."]  # once
    assert left[-1] == 0
    assert left[0] > 0
    percents = [progress.done for progress in told]
    assert percents == sorted(percents)
    assert told[0].total == 100
    assert {progress.text for progress in told} >= {"fold 2 of 3: frozen", "fold 3 of 3: frozen 1/2"}
    assert len({path.name for path in (out / "cache").iterdir()} - {"x"}) == 1  # one recipe, kept for all folds

    result = write_results(plan, results, out, None, TaskContext())
    clear_cache(plan, out)
    rows = table(out / "predictions.csv")
    assert Counter(row["sha256"] for row in rows) == Counter(row.sha256 for row in plan.rows)
    for row in rows:
        probabilities = [float(row[name]) for name in plan.config.classes]
        assert sum(probabilities) == pytest.approx(1, abs=1e-4)
        assert row["answer"] == plan.config.classes[int(np.argmax(probabilities))]
    right = sum(row["answer"] == row["label"] for row in rows)
    assert result["pooled"]["accuracy"] == pytest.approx(right / len(rows))
    assert result["over_folds"]["accuracy"]["mean"] == pytest.approx(np.mean([fold["accuracy"] for fold in result["per_fold"]]))
    assert json.loads((out / "crossval.json").read_text()) == result
    assert "external" not in result
    assert sorted(path.name for path in out.iterdir()) == ["crossval.json", "fold-1", "fold-2", "fold-3", "plan.json", "predictions.csv"]


def test_it_goes_on_with_the_folds_that_are_missing(tmp_path, plan, trainer):
    out = tmp_path / "cv"
    first, _, _ = go(plan, out)
    shutil.rmtree(out / "fold-2" / "bundle")
    (out / "fold-3" / "bundle" / "head.npz").write_bytes(b"?")
    trainer.trained.clear()
    again, left, _ = go(plan, out)
    assert trainer.trained == ["fold-2", "fold-3"]
    assert left[0] is None
    assert again[0].trained_s == 0
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.probabilities, other.probabilities)


def test_cancelled_leaves_whole_folds_only(tmp_path, plan, trainer):
    task, out = TaskContext(), tmp_path / "cv"
    trainer.then = lambda run: task.cancel() if run.name == "fold-2" else None
    with pytest.raises(Cancelled):
        go(plan, out, task)
    assert sorted(path.name for path in out.glob("fold-*")) == ["fold-1"]
    trainer.then = lambda run: None
    go(plan, out)
    assert trainer.trained == ["fold-1", "fold-2", "fold-3"]


def epoch_ends(run: Path) -> None:
    Checkpoints(run, resume=False).save([EpochRow("frozen", 1, 1.0, 0.5, 0.9, 0.6, None, None, 0.0, 1.0)], [])


@pytest.fixture
def interrupted(tmp_path, plan, trainer) -> Path:
    """A cross-validation that was cancelled in its second fold, after an epoch of it."""
    task, out = TaskContext(), tmp_path / "cv"

    def epoch_and_cancel(run: Path) -> None:
        if run.name == "fold-2":
            epoch_ends(run)
            task.cancel()

    trainer.then = epoch_and_cancel
    with pytest.raises(Cancelled):
        go(plan, out, task)
    trainer.then = lambda run: None
    return out


def test_an_interrupted_fold_goes_on_after_its_last_epoch(interrupted, plan, trainer):
    (interrupted / "fold-2" / "run.log").write_text("the story so far")
    results, _, warnings = go(plan, interrupted)
    assert (trainer.trained, trainer.resumed) == (["fold-1", "fold-2", "fold-3"], ["fold-2"])
    assert (interrupted / "fold-2" / "run.log").read_text() == "the story so far"
    assert warnings == ["The sky is blue."]
    assert len(results) == 3


def spoil_checkpoint(fold: Path) -> None:
    (fold / "checkpoints" / LAST).write_bytes(b"?")


def change_configuration(fold: Path) -> None:
    text = (fold / "config.toml").read_text()
    (fold / "config.toml").write_text(text.replace('"mobilenetv2"', '"mobilenetv3large"').replace('weights = ""', 'weights = "random"'))
    assert open_run(fold).config.backbone == "mobilenetv3large"
    epoch_ends(fold)


def move_a_frame(fold: Path) -> None:
    text = (fold / "manifest.csv").read_text()
    (fold / "manifest.csv").write_text(text.replace("/frames/", "/moved/", 1))
    epoch_ends(fold)


def leave_a_damaged_bundle(fold: Path) -> None:
    (fold / "bundle").mkdir()


@pytest.mark.parametrize("spoil", [spoil_checkpoint, change_configuration, move_a_frame, leave_a_damaged_bundle])
def test_a_fold_that_cannot_go_on_as_it_was_begins_anew(spoil, interrupted, plan, trainer):
    spoil(interrupted / "fold-2")
    (interrupted / "fold-2" / "run.log").write_text("gone")
    go(plan, interrupted)
    assert (trainer.trained, trainer.resumed) == (["fold-1", "fold-2", "fold-3"], [])
    assert not (interrupted / "fold-2" / "run.log").exists()


def test_what_the_kept_epoch_reached_on_shifted_validation_frames_is_told(tmp_path, plan, trainer):
    phases = [{"phase": "frozen", "val_accuracy": 0.9, "shifted_accuracy": 0.7}, {"phase": "fine-tuning", "val_accuracy": 1.0}]
    trainer.metrics = {"selected": "frozen", "phases": phases}
    results, _, _ = go(plan, tmp_path / "cv")
    told = write_results(plan, results, tmp_path / "cv", None, TaskContext())
    assert [fold["validation"] for fold in told["per_fold"]] == [phases[0]] * 3
    assert [fold["ece"] for fold in told["per_fold"]] == [result.metrics["ece"] for result in results]
    summary = told["over_folds"]
    assert [summary[name]["mean"] for name in ("val_accuracy", "shifted_accuracy")] == pytest.approx([0.9, 0.7])
    assert summary["ece"]["mean"] == pytest.approx(np.mean([fold["ece"] for fold in told["per_fold"]]))


def test_a_fold_that_fails_keeps_its_log_and_the_sentence_is_told(tmp_path, plan, trainer):
    def fail(run: Path) -> None:
        (run / "run.log").write_text("why")
        raise TrainingFailed("It went astray.")

    trainer.then = fail
    with pytest.raises(TrainingFailed, match="astray"):
        go(plan, tmp_path / "cv")
    assert (tmp_path / "cv" / "fold-1" / "run.log").read_text() == "why"


def test_another_hospitals_frames_are_reported_apart_by_fold_and_averaged(tmp_path, plan, trainer, frame_rows):
    write_frames(tmp_path / "other", cases_per_finding=1, frames_per_case=3, width=100)
    folder = tmp_path / "other" / "frames"
    shutil.rmtree(folder / "esophagitis")
    shutil.move(folder / "ulcerative-colitis", folder / "warts")
    known = next(row for row in frame_rows if row.label == "polyps")
    shutil.copy(known.file, folder / "polyps" / "known.png")
    (folder / "polyps" / "cut.png").write_bytes(b"?")

    external = read_external(folder, plan, TaskContext())
    assert (len(external.rows), external.known_already, external.left_out) == (3, 1, {"warts": 3})
    assert [unreadable.path.name for unreadable in external.unreadable] == ["cut.png"]
    out = tmp_path / "cv"
    results, _, _ = go(plan, out)
    told = write_results(plan, results, out, external, TaskContext())["external"]
    assert told["note"] == NOTHING_CHOSEN
    assert len(told["per_fold"]) == 3
    assert set(told["over_folds"]) == {"accuracy", "balanced_accuracy", "macro_f1", "ece", "recall polyps"}
    recalls = [fold["per_class"]["polyps"]["recall"] for fold in told["per_fold"]]
    assert told["over_folds"]["recall polyps"]["mean"] == pytest.approx(np.mean(recalls))
    rows = table(out / "external.csv")
    assert Counter(row["fold"] for row in rows) == {"1": 3, "2": 3, "3": 3, "mean": 3}
    mean = np.mean([[float(row["polyps"]) for row in rows if row["fold"] == fold] for fold in "123"], axis=0)
    assert [float(row["polyps"]) for row in rows if row["fold"] == "mean"] == pytest.approx(list(mean), abs=1e-5)
    write_results(plan, results, out, None, TaskContext())
    assert not (out / "external.csv").exists()  # the files tell of one and the same measurement


def test_folders_elsewhere_may_be_called_like_those_that_were_made_one_class(tmp_path, frames_folder):
    """Four folders of frames, three classes, one of them of two folders; elsewhere one of these and the class itself."""
    words = ("polyps", "inflamed=esophagitis", "inflamed=ulcerative-colitis")
    rows = scan_class_folder(frames_folder, words).rows
    plan = plan_crossval(rows, replace(CONFIG, classes=("polyps", "inflamed")), folds=2)
    assert Counter(row.label for row in plan.rows) == {"polyps": 20, "inflamed": 40}
    write_frames(tmp_path, cases_per_finding=1, frames_per_case=2, width=100)
    folder = tmp_path / "frames"
    shutil.move(folder / "ulcerative-colitis", folder / "inflamed")
    class_of = {"polyps": "polyps", "esophagitis": "inflamed", "ulcerative-colitis": "inflamed"}
    assert Counter(row.label for row in read_external(folder, plan, TaskContext(), class_of).rows) == {"polyps": 2, "inflamed": 4}
    assert read_external(folder, plan, TaskContext()).left_out == {"esophagitis": 2}


def test_nothing_to_measure_elsewhere_is_a_sentence(tmp_path, plan):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadRequest, match="no subfolders"):
        read_external(tmp_path / "empty", plan, TaskContext())
    write_frames(tmp_path / "other", cases_per_finding=1, frames_per_case=1, width=100)
    for name in ("esophagitis", "ulcerative-colitis"):
        shutil.rmtree(tmp_path / "other" / "frames" / name)
    shutil.move(tmp_path / "other" / "frames" / "polyps", tmp_path / "other" / "frames" / "warts")
    with pytest.raises(BadRequest, match="no frame that could be measured"):
        read_external(tmp_path / "other" / "frames", plan, TaskContext())


# --- figures and progress ---------------------------------------------------------------------------------------------


def test_the_interval_over_folds_is_students_with_the_correction_for_shared_training_frames():
    values = [0.90, 0.92, 0.95, 0.91, 0.97]
    low, high = t_interval(values, folds=5)
    half = 2.7764451 * np.std(values, ddof=1) * np.sqrt(1 / 5 + 1 / 4)
    assert (low, high) == (pytest.approx(0.93 - half), pytest.approx(min(1, 0.93 + half)))
    assert t_interval([0.9], folds=5) is None
    assert t_interval([0.9, 0.9, 0.9], folds=3) is None  # no spread, no measure of doubt


def test_figures_that_a_fold_lacks_are_averaged_over_the_others():
    classes = ClassSet(("a", "b"))
    one = measure(np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]), classes, ["1", "2"])
    two = measure(np.array([0, 0]), np.array([[0.9, 0.1], [0.2, 0.8]]), classes, ["3", "4"])
    summary = over_folds([one, two], folds=2)
    assert summary["recall a"]["mean"] == pytest.approx(0.75)
    assert (summary["recall b"]["mean"], summary["recall b"]["folds"], summary["recall b"]["interval"]) == (1.0, 1, None)


def test_the_interval_over_models_is_of_their_mean_by_resampling_groups_of_frames():
    classes, rng = ClassSet(("a", "b", "c", "d")), np.random.default_rng(1)
    truth, groups = np.full(60, 1), [str(number // 3) for number in range(60)]  # frames of one class only, three a video
    said = [rng.dirichlet((1, 3, 1, 1), 60) for _ in range(3)]
    each = [measure(truth, table, classes, groups) for table in said]
    alone = over_models(each[:1], truth, said[:1], classes, groups)["recall b"]
    assert alone["interval"] == each[0]["intervals"]["per_class"]["b"]["recall"]
    together = over_models(each, truth, said, classes, groups)
    assert set(together) == {"accuracy", "balanced_accuracy", "macro_f1", "ece", "recall b"}
    recall, recalls = together["recall b"], [metrics["per_class"]["b"]["recall"] for metrics in each]
    assert (recall["mean"], recall["sd"]) == (pytest.approx(np.mean(recalls)), pytest.approx(np.std(recalls, ddof=1)))
    by_group = np.mean([table.argmax(axis=1) == 1 for table in said], axis=0).reshape(20, 3).mean(axis=1)
    half = 1.96 * by_group.std() / np.sqrt(20)
    assert recall["interval"] == pytest.approx([recall["mean"] - half, recall["mean"] + half], abs=0.02)
    same = over_models(each[:1] * 3, truth, said[:1] * 3, classes, groups)["recall b"]
    assert (same["interval"], same["sd"]) == (pytest.approx(alone["interval"]), pytest.approx(0))  # more models are not more frames


def test_the_kept_phase_is_found_by_its_name():
    phases = [{"phase": "frozen", "val_loss": 1}, {"phase": "fine-tuning", "val_loss": 2}]
    assert kept_phase({"selected": "fine-tuning", "phases": phases}) == phases[1]
    assert kept_phase({}) == {}


def test_progress_never_goes_back_and_ends_below_the_whole():
    told: list[Progress] = []
    task = TaskContext(told.append, interval=0)
    for number in range(2):
        watch = FoldProgress(task, number, 2)
        watch.heard(RunEvent(RunEventKind.PHASE, phase="frozen", total=4))
        for done in range(1, 5):
            watch.heard(RunEvent(RunEventKind.EPOCH, phase="frozen", done=done, total=4, share=done / 4))
    percents = [progress.done for progress in told]
    assert percents == sorted(percents)
    assert percents[-1] == 99
    assert {12, 25, 50, 62, 75} <= {*percents}
    task.cancel()
    with pytest.raises(Cancelled):
        FoldProgress(task, 1, 2)


# --- one centre left out at a time ---------------------------------------------------------------------------------------


@pytest.fixture
def of_centres(frame_rows):
    """Two hospitals with all classes; a third with polyps alone; one frame of esophagitis without a centre, and a copy elsewhere."""
    rows = []
    for label in ("esophagitis", "polyps", "ulcerative-colitis"):
        own = [row for row in frame_rows if row.label == label]
        names = ["hanoi", "oslo", "sousse"] if label == "polyps" else ["hanoi", "oslo"]
        rows += [replace(row, centre=names[place % len(names)]) for place, row in enumerate(own)]
    first = next(place for place, row in enumerate(rows) if row.label == "esophagitis")
    rows[first] = replace(rows[first], centre="")
    return rows


def test_each_centre_is_tested_by_a_model_that_learnt_from_the_others(tmp_path, of_centres, trainer):
    one, other = (next(row for row in of_centres if row.centre == name and row.label == "polyps") for name in ("sousse", "oslo"))
    rows = [replace(row, phash=other.phash) if row is one else row for row in of_centres]  # a copy in another hospital
    plan = plan_left_out(rows, CONFIG)
    assert plan.centres == ("hanoi", "oslo", "sousse")
    for centre, run in zip(plan.centres, plan.runs, strict=True):
        tested = {row.sha256 for row in run.rows if row.part == "test"}
        assert tested == {row.sha256 for row in rows if row.centre == centre}
        learnt = [row for row in run.rows if row.part != "test"]
        assert {row.part for row in learnt} == {"train", "val"}
        assert centre not in {row.centre for row in learnt}
        assert {row.group for row in learnt}.isdisjoint(row.group for row in run.test)
    told = " ".join(plan.warnings)
    assert "1 frame of other centres belongs together with frames of oslo" in told
    assert "1 frame has no centre: all models learn from them" in told
    assert "From sousse there are frames of polyps only" in told

    out = tmp_path / "cv"
    results, _, _ = go(plan, out)
    result = write_results(plan, results, out, None, TaskContext())
    lines = table(out / "predictions.csv")
    for centre in plan.centres:
        own = [row for row in lines if row["centre"] == centre and row["label"] == "polyps"]
        recall = sum(row["answer"] == "polyps" for row in own) / len(own)
        figure = result["centres"]["each"][centre]["figures"]["recall polyps"]
        assert figure["value"] == pytest.approx(recall)
        assert figure["interval"][0] <= recall <= figure["interval"][1]
        assert figure["n"] == len(own)
    recalls = [own["figures"]["recall polyps"]["value"] for own in result["centres"]["each"].values()]
    over = result["centres"]["over"]["recall polyps"]
    assert over["mean"] == pytest.approx(np.mean(recalls))
    assert over["worst"] == min(recalls)
    assert "recall esophagitis" not in result["centres"]["each"]["sousse"]["figures"]
    page = (out / "report.html").read_text()
    assert "sousse" in page
    assert "mean of the centres" in page
    open_crossval(out, plan_left_out(rows, CONFIG))  # gone on with
    swapped = [replace(row, centre="oslo") if row is rows[2] else row for row in rows]
    with pytest.raises(BadRequest, match="another choice of frames"):
        open_crossval(out, plan_left_out(swapped, CONFIG))


def test_a_class_of_one_centre_alone_is_not_asked_of_the_model_without_it(of_centres):
    rows = [row for row in of_centres if row.label != "esophagitis" or row.centre == "oslo"]
    plan = plan_left_out(rows, CONFIG)
    run = plan.runs[plan.centres.index("oslo")]
    assert plan.classes_of(run) == ("polyps", "ulcerative-colitis")
    assert {row.label for row in run.rows} == {"polyps", "ulcerative-colitis"}
    [told] = [note for note in plan.warnings if note.startswith("Without oslo")]
    n = sum(row.label == "esophagitis" for row in rows)
    assert told.endswith(f"does not know this class, and {n} of its frames are not asked about.")


def test_what_cannot_be_left_out_is_told_or_refused(of_centres):
    with pytest.raises(BadRequest, match=r"two at least must be named: .*--centre above"):
        plan_left_out([replace(row, centre="hanoi") for row in of_centres], CONFIG)
    one_sided = [replace(row, centre="hanoi" if row.label == "polyps" else "oslo") for row in of_centres]
    with pytest.raises(
        BadRequest, match=r"No centre can be left out\. hanoi cannot be left out: without it there are no frames of the clas"
    ):
        plan_left_out(one_sided, CONFIG)
    alone = [replace(row, centre="oslo" if row.centre == "hanoi" else row.centre or "oslo") for row in of_centres]
    plan = plan_left_out(alone, CONFIG)  # without oslo there are polyps alone
    assert plan.centres == ("sousse",)
    assert "oslo cannot be left out: without it there are frames of polyps only." in plan.warnings
