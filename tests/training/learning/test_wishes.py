"""What a run is asked while it goes: to wait, to go on, to keep the best so far. Real children."""

import csv
import dataclasses
import json
import subprocess
import sys
import time

import pytest

from endodesk.domain.runs import GO_ON, PAUSE, stop_wish
from endodesk.domain.runs import RunEventKind as K
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from training.plan.config import FineTuning, FrozenPhase
from training.plan.launch import Wishes, launch, why_not_trained
from training.plan.run_folder import prepare_run

needs_training = [pytest.mark.slow, pytest.mark.skipif(bool(why_not_trained()), reason="needs TensorFlow")]


@pytest.fixture
def long_config(tiny_config):
    """More epochs than anybody waits for."""
    return dataclasses.replace(
        tiny_config,
        frozen=FrozenPhase(epochs=3, views=1),
        finetune=FineTuning(epochs=500, from_block=16, learning_rate=1e-4),
        training=dataclasses.replace(tiny_config.training, patience=10_000, histogram_freq=0),
    )


def epochs_done(run):
    with (run / "history.csv").open(newline="") as stream:
        return [(row["phase"], int(row["epoch"])) for row in csv.DictReader(stream)]


class Watcher:
    """Hears a run and wishes; `react` is given each event and the wishes."""

    def __init__(self, react):
        self.react, self.events, self.wishes = react, [], Wishes()

    def __call__(self, event):
        self.events.append((time.monotonic(), event))
        self.react(event, self.wishes.put)

    def launch(self, run, **more):
        return launch(run, on_event=self, task=TaskContext(), wishes=self.wishes, **more)


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_training)])
def test_it_waits_while_paused_and_stopped_by_a_reader_it_gives_the_best_so_far(frame_rows, long_config, tmp_path, mark):
    run, waits_s = tmp_path / "run", 3.0
    prepare_run(run, frame_rows, long_config)
    paused = []

    def react(event, wish):
        if event.kind is K.EPOCH and (event.phase, event.done) == ("fine-tuning", 1):
            wish(PAUSE)
        elif event.kind is K.PAUSED:
            paused.append(time.monotonic())
        elif event.kind is K.ALIVE and paused and time.monotonic() > paused[0] + waits_s:
            wish(GO_ON)
        elif event.kind is K.EPOCH and (event.phase, event.done) == ("fine-tuning", 3):
            wish(stop_wish(" Dr. Ana \n Ruiz "))

    watcher = Watcher(react)
    finished = watcher.launch(run)
    gone_on = next(at for at, event in watcher.events if event.kind is K.GOES_ON)
    still = [event for at, event in watcher.events if paused[0] + 1.5 < at < gone_on]
    assert {event.kind for event in still} == {K.ALIVE}
    assert len({(event.seconds, event.left) for event in still}) == 1  # a pause is no time of the run, nor of its speed
    stopped = finished.metrics["stopped"]
    phase, epoch = epochs_done(run)[-1]
    assert (stopped["by"], stopped["phase"], stopped["epoch"], stopped["of"]) == ("Dr. Ana Ruiz", phase, epoch, 500)
    assert 3 <= epoch < 10
    assert read_bundle(run / "bundle").metrics["stopped"] == stopped
    told = f"Stopped by Dr. Ana Ruiz after epoch {epoch} of 500 (fine-tuning)"
    assert told in finished.message
    assert told in (run / "bundle" / "MODEL_CARD.md").read_text("utf-8")
    assert watcher.events[-1][1].share > 0.9


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_training)])
def test_stopped_before_fine_tuning_came_to_anything_the_head_is_kept_also_if_killed_then(frame_rows, long_config, tmp_path, mark):
    run = tmp_path / "run"
    prepare_run(run, frame_rows, long_config)

    def react(event, wish):
        if (event.kind, event.phase) == (K.PHASE, "fine-tuning"):
            wish(stop_wish("Ann"))
        elif (event.kind, event.phase) == (K.PHASE, "exporting"):
            raise BrokenPipeError  # the watcher dies, and its child with it

    with pytest.raises(BrokenPipeError):
        Watcher(react).launch(run)
    assert json.loads((run / "stopped.json").read_text())["by"] == "Ann"
    finished = Watcher(lambda event, wish: None).launch(run, resume=True)
    assert (finished.metrics["selected"], finished.metrics["stopped"]["epoch"]) == ("frozen", 0)
    assert epochs_done(run)[-1] == ("frozen", 3)


@pytest.mark.slow
def test_what_is_no_wish_is_not_heard_and_fills_no_memory(tmp_path):
    lines = b"pauses\nstop\0\n\ngo on\n" + b"x" * 3_000_000
    ended = subprocess.run(
        [sys.executable, "-m", "training", str(tmp_path / "none"), "--watch-stdin"], input=lines, capture_output=True, timeout=60
    )
    assert ended.returncode in (2, 3)  # it may hear the end of its stdin first
    assert b"paused" not in ended.stdout
    assert b"Traceback" not in ended.stderr
