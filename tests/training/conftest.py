"""Shared by the tests of the backend: one small real training of both phases."""

import dataclasses
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.runs import RunEvent
from endodesk.system.task import TaskContext
from training.plan.config import Config, FineTuning, FrozenPhase, Input, Paths, Split, Training, load_config
from training.plan.launch import launch
from training.plan.run_folder import RunPlan, prepare_run

REFERENCE = Path(__file__).with_name("keras_reference.py")


@dataclass(frozen=True)
class TrainedRun:
    folder: Path
    plan: RunPlan
    events: list[RunEvent]
    finished: RunEvent
    cache: Path

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle"


@pytest.fixture(scope="session")
def backend_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept between the trainings of a test session, as between those of a project."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def tiny_config(backend_cache: Path) -> Config:
    """Both phases, as short as they can be and still be themselves."""
    return dataclasses.replace(
        load_config("default"),
        name="tiny",
        synthetic=True,
        input=Input(shift="source", shift_views=1),
        split=Split(case="none"),  # of four cases a class, too few would be left to learn from
        frozen=FrozenPhase(epochs=3, views=1),
        finetune=FineTuning(epochs=2, from_block=16, learning_rate=1e-4, average=0.9),
        training=Training(batch=16, histogram_freq=1, selection="fine-tuned"),
        paths=Paths(cache=str(backend_cache)),
    )


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory: pytest.TempPathFactory, frame_rows: tuple[ManifestRow, ...], tiny_config: Config) -> TrainedRun:
    """A finished training in a child process, exactly as the window starts it."""
    run = tmp_path_factory.mktemp("runs") / "first"
    plan = prepare_run(run, frame_rows, tiny_config)
    events: list[RunEvent] = []
    finished = launch(run, on_event=events.append, task=TaskContext())
    return TrainedRun(run, plan, events, finished, Path(tiny_config.paths.cache))


@pytest.fixture(scope="session")
def keras_answers(trained_run: TrainedRun, tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """What Keras itself says of the test frames with the run's model.keras (in a process of its own: pytest stays free of TensorFlow)."""
    out = tmp_path_factory.mktemp("keras") / "answers.npz"
    with (out.parent / "log.txt").open("w") as log:
        command = [sys.executable, str(REFERENCE), str(trained_run.folder), str(trained_run.cache), str(out)]
        subprocess.run(command, check=True, stdout=log, stderr=log, timeout=180)
    with np.load(out) as arrays:
        return dict(arrays)
