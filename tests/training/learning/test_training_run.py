"""Real trainings in real child processes."""

import csv
import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from endodesk.dataset.manifest import scan_class_folder
from endodesk.domain.errors import Cancelled, TrainingFailed
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.evaluation.calibration import calibrate, tempered
from training.evaluation.compared_models import read_comparisons
from training.evaluation.predictions import LabelledFrame, answer_frames
from training.plan.checkpoint import can_be_resumed
from training.plan.config import FineTuning, FrozenPhase, Paths, Trackers, load_config
from training.plan.launch import launch
from training.plan.run_folder import prepare_run

WINDOW_MODULES = (
    *(f"endodesk.dataset.{name}" for name in ("manifest", "near_duplicates", "leaks", "leak_report", "split", "split_folder", "folds")),
    *(f"training.plan.{name}" for name in ("config", "run_folder", "launch", "checkpoint", "backbones")),
    *(f"training.evaluation.{name}" for name in ("evaluate", "calibration", "metrics", "plots", "report")),
    *(f"training.crossval.{name}" for name in ("crossval", "crossval_report")),
)
needs_training = pytest.mark.slow


@pytest.mark.slow
def test_the_window_may_import_these_without_the_libraries_of_training():
    code = f"import sys; {'; '.join(f'import {name}' for name in WINDOW_MODULES)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    tops = {name.split(".")[0] for name in loaded}
    assert tops.isdisjoint({"tensorflow", "keras", "albumentations", "sklearn", "matplotlib", "PySide6", "scipy", "sqlalchemy"})


@needs_training
class TestAFinishedRun:
    def test_leaves_a_whole_bundle(self, trained_run):
        bundle = read_bundle(trained_run.bundle)
        assert set(bundle.files) == {"backbone.tflite", "head.npz", "model.keras", "MODEL_CARD.md"}
        assert list(bundle.classes) == ["esophagitis", "polyps", "ulcerative-colitis"]
        assert bundle.synthetic
        assert (bundle.run, bundle.split_fingerprint) == ("first", trained_run.plan.fingerprint)
        assert bundle.metrics["n"] == len(trained_run.plan.part("test"))
        assert trained_run.finished.bundle == str(trained_run.bundle)
        assert not [path for path in trained_run.folder.iterdir() if path.name.startswith(".")]

    def test_tells_phases_epochs_and_figures(self, trained_run):
        phases = [e.phase for e in trained_run.events if e.kind is RunEventKind.PHASE]
        assert phases == ["verifying", "starting", "preprocessing", "frozen", "fine-tuning", "exporting", "evaluating"]
        epochs = [(e.phase, e.done, e.total) for e in trained_run.events if e.kind is RunEventKind.EPOCH]
        assert epochs == [("frozen", 1, 3), ("frozen", 2, 3), ("frozen", 3, 3), ("fine-tuning", 1, 2), ("fine-tuning", 2, 2)]
        figures = {"loss", "accuracy", "val_loss", "val_accuracy", "shifted_loss", "shifted_accuracy", "waited"}
        assert all(set(e.metrics) == figures for e in trained_run.events if e.kind is RunEventKind.EPOCH)
        assert any(e.kind is RunEventKind.ALIVE for e in trained_run.events)
        assert {e.phase for e in trained_run.events if e.kind is RunEventKind.PROGRESS} >= {"preprocessing", "frozen", "fine-tuning"}
        seconds = [e.seconds for e in trained_run.events]
        assert seconds == sorted(seconds)
        assert trained_run.finished.metrics["part"] == "test"
        assert "Fine-tuning" in trained_run.finished.message

    def test_writes_history_metrics_tensorboard_and_card(self, trained_run):
        rows = history(trained_run.folder)
        figures = ["loss", "accuracy", "val_loss", "val_accuracy", "shifted_loss", "shifted_accuracy"]
        assert list(rows[0]) == ["phase", "epoch", *figures, "waited", "seconds"]
        assert [(row["phase"], row["epoch"]) for row in rows] == [
            *(("frozen", str(epoch)) for epoch in (1, 2, 3)),
            *(("fine-tuning", str(epoch)) for epoch in (1, 2)),
        ]
        assert all(0 <= float(row["waited"]) < 1 for row in rows)
        assert all(row["shifted_loss"] != row["val_loss"] for row in rows)
        assert "the steps waited for input for" in (trained_run.folder / "run.log").read_text()
        metrics = json.loads((trained_run.folder / "metrics.json").read_text())
        assert metrics["confusion"] == trained_run.finished.metrics["confusion"]
        assert metrics["model"] == read_bundle(trained_run.bundle).id
        assert (trained_run.folder / "confusion.png").stat().st_size > 1000
        for part in ("train", "validation", "shifted"):
            (events,) = (trained_run.folder / "tensorboard" / part).iterdir()
            assert b"epoch_loss" in events.read_bytes()
        assert b"confusion" in next((trained_run.folder / "tensorboard" / "validation").iterdir()).read_bytes()
        assert b"dense/kernel" in next((trained_run.folder / "tensorboard" / "train").iterdir()).read_bytes()
        card = (trained_run.bundle / "MODEL_CARD.md").read_text()
        for words in ("Research use only", "must not be used", "generated frames", "Wilson", trained_run.plan.fingerprint):
            assert words in card

    def test_is_calibrated_on_validation_and_reported(self, trained_run):
        bundle, metrics = read_bundle(trained_run.bundle), trained_run.finished.metrics
        rows = trained_run.plan.part("val")
        answers = answer_frames(Predictor(trained_run.bundle), [LabelledFrame(row.file, row.label, row.group) for row in rows])
        again = calibrate(answers.truth, tempered(answers.probabilities, 1 / bundle.temperature))
        assert again.temperature == pytest.approx(bundle.temperature, rel=1e-3)
        assert bundle.temperature == metrics["calibration"]["temperature"] != 1
        assert bundle.not_sure_below is None  # nine validation frames are too few to choose one
        assert metrics["groups"] == len({row.group for row in trained_run.plan.part("test")})
        assert metrics["probe"]["whole"]["balanced_accuracy"] == metrics["balanced_accuracy"]
        assert bundle.metrics["intervals"] == metrics["intervals"]
        page = (trained_run.folder / "report.html").read_text()
        for words in ("the test part of the split", trained_run.plan.fingerprint, "generated frames", bundle.id):
            assert words in page
        assert "Shortcut probe" in (trained_run.bundle / "MODEL_CARD.md").read_text()

    def test_learns_the_synthetic_frames(self, trained_run):
        """Nine test frames tell little after three epochs; the loss of the training frames does."""
        frozen = [row for row in history(trained_run.folder) if row["phase"] == "frozen"]
        assert float(frozen[-1]["loss"]) < 0.9 * float(frozen[0]["loss"])
        assert float(frozen[-1]["accuracy"]) > 0.5  # chance is a third

    def test_is_what_keras_trained(self, trained_run, keras_answers):
        """Must hold: LiteRT and numpy within 1e-4 of Keras, on a fine-tuned backbone, before its probabilities are scaled."""
        predictor = Predictor(trained_run.bundle)
        scaled = predictor.predict_final(keras_answers["finals"])
        ours = tempered(np.asarray(scaled, np.float64), 1 / predictor.bundle.temperature)
        assert np.abs(ours - keras_answers["probabilities"]).max() < 1e-4

    @pytest.mark.parametrize("which", ["frozen_losses", "numpy_losses"])
    def test_its_frozen_phase_is_keras_own(self, keras_answers, which):
        """Must hold: the same head weights give the same loss within 1e-4, and so does a step of training."""
        ours, keras = keras_answers[which], keras_answers["keras_losses"]
        assert len(ours) == 4
        assert np.abs(ours - keras).max() < 1e-4
        assert ours[-1] < ours[0] - 0.01  # it did learn between the two looks

    def test_averaged_weights_follow_the_steps_and_step_aside(self, keras_answers):
        steps, average = keras_answers["steps"], keras_answers["steps"][0]
        for number, weights in enumerate(steps[1:], 1):
            kept = min(0.5, (1 + number) / (10 + number))
            average = kept * average + (1 - kept) * weights
        assert np.allclose(keras_answers["shown"], average, atol=1e-5)
        assert (keras_answers["left"] == steps[-1]).all()
        assert np.abs(average - steps[-1]).max() > 1e-3
        loss, expected = keras_answers["smoothed"]
        assert loss == pytest.approx(expected, rel=1e-4)

    def test_shows_keras_own_heat_maps(self, trained_run, keras_answers):
        """Must hold: correlation above 0.99 with Grad-CAM by GradientTape, every class of every frame."""
        predictor = Predictor(trained_run.bundle)
        told = 0
        for final, maps in zip(keras_answers["finals"], keras_answers["maps"], strict=True):
            answer = predictor.answer(final)
            for index, reference in enumerate(maps):
                ours = predictor.heat_map(answer, index)
                if reference.max() > 0 and reference.std() > 0:
                    assert np.corrcoef(ours.ravel(), reference.ravel())[0, 1] > 0.99
                    told += 1
                else:
                    assert ours.std() == pytest.approx(0, abs=1e-6)
        assert told >= 4

    def test_cannot_be_run_over(self, trained_run):
        before = (trained_run.folder / "history.csv").read_bytes()
        with pytest.raises(TrainingFailed, match="finished model already"):
            launch(trained_run.folder, on_event=lambda _: None, task=TaskContext())
        assert (trained_run.folder / "history.csv").read_bytes() == before


def history(run):
    with (run / "history.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def figures(run):
    """History without what is a matter of the clock."""
    return [{name: value for name, value in row.items() if name not in ("waited", "seconds")} for row in history(run)]


@pytest.fixture
def head_only(tiny_config):
    return dataclasses.replace(tiny_config, finetune=FineTuning(epochs=0))


SPIES = """
import json, sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") else None)
from training.__main__ import main
code = main(sys.argv[2:])
json.dump([sorted(set(seen)), "wandb" in sys.modules], open(sys.argv[1], "w"))
sys.exit(code)
"""


@needs_training
def test_the_same_seed_gives_the_same_history_no_socket_is_opened_and_the_active_model_stands_beside(
    trained_run, frame_rows, head_only, tmp_path
):
    """The frozen phase of a second run with the same seed repeats the first one's to the last digit."""
    config = dataclasses.replace(head_only, paths=dataclasses.replace(head_only.paths, active=str(trained_run.bundle)))
    prepare_run(tmp_path / "again", frame_rows, config)
    command = [sys.executable, "-c", SPIES, str(tmp_path / "seen.json"), str(tmp_path / "again"), "--watch-stdin"]
    finished = launch(tmp_path / "again", on_event=lambda _: None, task=TaskContext(), command=command)
    assert json.loads((tmp_path / "seen.json").read_text()) == [[], False]

    assert figures(tmp_path / "again") == [row for row in figures(trained_run.folder) if row["phase"] == "frozen"]
    [beside] = read_comparisons(tmp_path / "again")
    assert beside.comparison.old["accuracy"] == trained_run.finished.metrics["accuracy"]
    assert beside.comparison.new["accuracy"] == finished.metrics["accuracy"]
    assert beside.hidden is not None  # the same frames with their source hidden
    assert (beside.hidden.n, beside.hidden.groups) == (beside.comparison.n, beside.comparison.groups)
    assert (beside.who, beside.comparison.n, beside.model) == ("active", finished.metrics["n"], read_bundle(trained_run.bundle).id)
    assert read_bundle(tmp_path / "again" / "bundle").parent == read_bundle(trained_run.bundle).id


@needs_training
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_killed_while_fine_tuning_and_resumed_it_ends_as_the_run_that_was_not(trained_run, frame_rows, tiny_config, fake_wandb, tmp_path):
    """Must hold. Weights & Biases (a fake) is told all the while, and changes nothing."""
    run = tmp_path / "run"
    prepare_run(run, frame_rows, dataclasses.replace(tiny_config, trackers=Trackers(wandb="offline")))
    with pytest.raises(TrainingFailed, match="signal 9"):
        launch_and_kill(run, lambda event: (event.phase, event.message) == ("fine-tuning", "epoch 2 of 2"))
    assert can_be_resumed(run)
    assert not (run / "bundle").exists()
    events = []
    finished = launch(run, on_event=events.append, task=TaskContext(), resume=True, online=True)

    assert figures(run) == figures(trained_run.folder)
    assert finished.metrics["confusion"] == trained_run.finished.metrics["confusion"]
    assert finished.metrics["loss"] == trained_run.finished.metrics["loss"]
    epochs = [(event.phase, event.done) for event in events if event.kind is RunEventKind.EPOCH]
    assert epochs == [(row["phase"], int(row["epoch"])) for row in figures(run)]  # curves are whole
    assert not (run / "checkpoints").exists()
    told = [json.loads(line) for line in fake_wandb.read_text().splitlines()]
    assert [call["mode"] for call in told if call["what"] == "init"] == ["offline"] * 2
    assert len({call["id"] for call in told if call["what"] == "init"}) == 1
    assert {call["step"] for call in told if call["what"] == "log"} == {1, 2, 3, 4, 5}
    assert told[-1]["what"] == "finish"
    assert str(tmp_path) not in str([call["config"] for call in told if call["what"] == "init"])  # no path leaves the house


FAKE_WANDB = """
import json, os
from pathlib import Path
def _tell(what, **more):
    with Path(os.environ["FAKE_WANDB"]).open("a") as stream: print(json.dumps({"what": what, **more}), file=stream)
class Settings(dict): pass
class Run:
    def log(self, values, step): _tell("log", step=step, val_loss=values["val_loss"], confusion=values["confusion"])
    def finish(self): _tell("finish")
def init(*, id, mode, config, **more): _tell("init", id=id, mode=mode, config=config); return Run()
"""


@pytest.fixture
def fake_wandb(tmp_path, monkeypatch):
    """A `wandb` that writes down what it is told, on the child's path; the file it writes."""
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "wandb.py").write_text(FAKE_WANDB)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"), prepend=os.pathsep)
    monkeypatch.setenv("FAKE_WANDB", str(tmp_path / "told.jsonl"))
    return tmp_path / "told.jsonl"


@needs_training
def test_cancelled_in_the_middle_leaves_no_bundle(frame_rows, tiny_config, tmp_path):
    prepare_run(tmp_path / "run", frame_rows, tiny_config)
    task, events, asked = TaskContext(), [], []

    def heard(event):
        events.append(event)
        if event.kind is RunEventKind.PHASE and event.phase == "preprocessing":
            task.cancel()
            asked.append(time.monotonic())

    with pytest.raises(Cancelled):
        launch(tmp_path / "run", on_event=heard, task=task)
    assert time.monotonic() - asked[0] < 10
    assert events[-1].kind is RunEventKind.CANCELLED
    assert not (tmp_path / "run" / "bundle").exists()


def launch_and_kill(run, when):
    command = f"echo $$ > {run.parent / 'pid'}; exec {sys.executable} -m training {run} --watch-stdin --resume --online"

    def heard(event):
        if when(event):
            os.kill(int((run.parent / "pid").read_text()), 9)

    launch(run, on_event=heard, task=TaskContext(), command=["sh", "-c", command])


@needs_training
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_killed_in_the_middle_is_one_sentence_and_no_bundle(frame_rows, tiny_config, tmp_path):
    prepare_run(tmp_path / "run", frame_rows, tiny_config)
    with pytest.raises(TrainingFailed, match=r"signal 9\), perhaps because memory ran out"):
        launch_and_kill(tmp_path / "run", lambda event: event.kind is RunEventKind.ALIVE)
    assert not (tmp_path / "run" / "bundle").exists()


def by_hand(run: Path, *arguments: str, **more):
    return subprocess.run([sys.executable, "-m", "training", str(run), *arguments], timeout=60, **more)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda run: (run / "manifest.csv").unlink(), "not a prepared training"),
        (lambda run: (run / "config.toml").write_text("sed = 1"), "sed is not a key"),
        (lambda run: (run / "manifest.csv").write_text("file\n"), "columns"),
    ],
)
@needs_training
def test_user_errors_are_one_sentence_and_exit_2(frame_rows, tiny_config, tmp_path, spoil, says):
    prepare_run(tmp_path / "run", frame_rows, tiny_config)
    spoil(tmp_path / "run")
    ended = by_hand(tmp_path / "run", capture_output=True)
    events = [RunEvent.from_line(line) for line in ended.stdout.decode().splitlines()]
    assert ended.returncode == 2
    assert None not in events  # the protocol only, on stdout
    assert events[-1].kind is RunEventKind.FAILED
    assert says in events[-1].message
    assert ended.stderr == b""


@pytest.mark.slow
def test_no_such_run_folder_is_exit_2(tmp_path):
    ended = by_hand(tmp_path / "none", capture_output=True)
    assert ended.returncode == 2
    assert RunEvent.from_line(ended.stdout.decode().splitlines()[-1]).kind is RunEventKind.FAILED


@needs_training
def test_a_vanished_frame_is_named(frame_rows, tiny_config, tmp_path):
    gone = tmp_path / "gone.png"
    gone.write_bytes(frame_rows[0].file.read_bytes())
    rows = [dataclasses.replace(frame_rows[0], file=gone), *frame_rows[1:]]
    prepare_run(tmp_path / "run", rows, tiny_config)
    gone.unlink()
    ended = by_hand(tmp_path / "run", capture_output=True)
    assert ended.returncode == 2
    assert "gone.png cannot be read any more" in RunEvent.from_line(ended.stdout.decode().splitlines()[-1]).message


@needs_training
def test_frames_that_vanish_during_training_are_told_and_it_goes_on_once_they_are_back(frame_rows, head_only, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    rows = [dataclasses.replace(row, file=images / f"{row.sha256}.png") for row in frame_rows]
    for row, original in zip(rows, frame_rows, strict=True):
        row.file.write_bytes(original.file.read_bytes())
    plan = prepare_run(tmp_path / "run", rows, head_only)
    away = tmp_path / "away"

    def heard(event):
        if event.kind is RunEventKind.EPOCH and not away.exists():
            images.rename(away)

    with pytest.raises(TrainingFailed, match=f"None of the {len(plan.part('val'))} frames of the val part can be read any more"):
        launch(tmp_path / "run", on_event=heard, task=TaskContext())
    assert not (tmp_path / "run" / "bundle").exists()
    away.rename(images)
    gone, warnings = plan.part("test")[0].file, []

    def heard_again(event):
        if event.phase == "exporting":
            gone.unlink(missing_ok=True)
        if event.kind is RunEventKind.WARNING:
            warnings.append(event.message)

    ended = launch(tmp_path / "run", on_event=heard_again, task=TaskContext(), resume=True)
    assert read_bundle(Path(ended.bundle)).metrics["n"] == len(plan.part("test")) - 1
    assert any("Not measured" in told and gone.name in told for told in warnings)


@needs_training
@pytest.mark.skipif(os.name == "nt", reason="file size limits are POSIX")
def test_a_disk_that_takes_no_more_is_a_sentence_and_no_half_bundle(trained_run, frame_rows, head_only, tmp_path):
    """No file may pass 9.5 MB here: the backbone still fits, model.keras does not."""
    prepare_run(tmp_path / "run", frame_rows, head_only)
    limited = f"ulimit -f {19 * 1024}; exec {sys.executable} -m training {tmp_path / 'run'}"
    ended = subprocess.run(["sh", "-c", limited], capture_output=True, timeout=120)
    last = RunEvent.from_line(ended.stdout.decode().splitlines()[-1])
    assert (ended.returncode, last.kind) == (2, RunEventKind.FAILED)
    assert "file too large" in last.message
    assert not [path for path in (tmp_path / "run").iterdir() if "bundle" in path.name]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="closing descriptors by a shell")
def test_works_without_stdout(tmp_path):
    ended = subprocess.run(["sh", "-c", f"exec {sys.executable} -m training {tmp_path / 'none'} >&- 2>&-"], timeout=60)
    assert ended.returncode == 2


@needs_training
def test_stops_when_its_parent_is_gone(frame_rows, tiny_config, tmp_path):
    prepare_run(tmp_path / "run", frame_rows, tiny_config)
    ended = by_hand(tmp_path / "run", "--watch-stdin", stdin=subprocess.DEVNULL, capture_output=True)
    assert ended.returncode == 3
    assert RunEvent.from_line(ended.stdout.decode().splitlines()[-1]).kind is RunEventKind.CANCELLED


@needs_training
def test_real_frames_train_too(tmp_path, backend_cache):
    """A few real frames of each class, head only."""
    frames = Path(__file__).parents[4] / "shared" / "data" / "frames"
    if not frames.is_dir():
        pytest.skip("the real frames (../shared/data) are not here")
    for label in ("esophagitis", "polyps", "ulcerative-colitis"):
        (tmp_path / "frames" / label).mkdir(parents=True)
        for path in sorted((frames / label).iterdir())[:7]:
            (tmp_path / "frames" / label / path.name).symlink_to(path)
    rows = scan_class_folder(tmp_path / "frames").rows
    config = dataclasses.replace(load_config("head"), frozen=FrozenPhase(epochs=6, views=1), paths=Paths(cache=str(backend_cache)))
    prepare_run(tmp_path / "run", rows, config)
    finished = launch(tmp_path / "run", on_event=lambda _: None, task=TaskContext())
    assert finished.metrics["n"] == 3
    assert read_bundle(tmp_path / "run" / "bundle").synthetic is False
