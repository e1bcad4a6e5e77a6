import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import training.learning.job
import training.plan.launch
from endodesk.cli.main import run as run_command
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.errors import BadRequest, Cancelled, MissingExtra
from endodesk.domain.runs import RunEvent
from training.learning.job import open_job
from training.learning.weights_and_biases import WeightsAndBiases, check_wandb
from training.plan.backbones import DOWNLOAD
from training.plan.channel import Channel
from training.plan.config import Config, Trackers, load_config
from training.plan.epochs import EpochRow
from training.plan.run_folder import prepare_run

ROW = EpochRow("frozen", 1, 1.0, 0.5, 0.9, 0.6, None, None, 0.01, 2.0)


@pytest.mark.skipif(importlib.util.find_spec("wandb") is not None, reason="it is installed")
def test_it_is_missed_only_where_it_was_asked_for():
    check_wandb("off")
    for mode in ("online", "offline"):
        with pytest.raises(MissingExtra, match=r"pip install 'endodesk\[wandb\]'"):
            check_wandb(mode)


@pytest.mark.parametrize("broken", ["raise RuntimeError('no key')", "def init(**_): raise OSError('no network\\nat all')"])
def test_trouble_with_it_is_told_once_and_never_ends_a_training(tmp_path, monkeypatch, broken):
    (tmp_path / "wandb.py").write_text(f"class Settings(dict): pass\n{broken}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "wandb", raising=False)
    told = []
    tracker = WeightsAndBiases(tmp_path, Config(trackers=Trackers("online")), ["a", "b"], "split", told.append)
    tracker.add(1, ROW, np.eye(2, dtype=np.int64), [])
    tracker.close()
    [warning] = told
    assert warning.startswith("Weights & Biases cannot be used (no ")
    assert warning.count("\n") == 0


class Heard(Channel):
    """Keeps what a watcher would be told."""

    def __init__(self) -> None:
        super().__init__(None)
        self.told: list[str] = []

    def tell(self, event: RunEvent) -> None:
        self.told.append(event.message)


@pytest.mark.parametrize("mode", ["online", "offline"])
def test_a_run_from_anybody_tells_nobody_unless_it_was_asked_for_here(
    mode: str, frame_rows: tuple[ManifestRow, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its config.toml came with the project."""
    monkeypatch.setattr(training.learning.job, "check_wandb", lambda mode: asked.append(mode))
    asked: list[str] = []
    prepare_run(tmp_path / "run", frame_rows, replace(load_config("default"), trackers=Trackers(wandb=mode)))
    channel = Heard()
    assert open_job(tmp_path / "run", channel).plan.config.trackers == Trackers(wandb="off")
    assert [told for told in channel.told if "--online" in told] == [
        "This training would tell Weights & Biases, which you did not ask for: nothing is told. "
        f"If you want that: endodesk train --resume {tmp_path / 'run'} --online"
    ]
    assert open_job(tmp_path / "run", Heard(), online=True).plan.config.trackers == Trackers(wandb=mode)
    assert asked == ["off", mode]


def test_a_run_from_anybody_fetches_no_weights(frame_rows: tuple[ManifestRow, ...], tmp_path: Path) -> None:
    prepare_run(tmp_path / "run", frame_rows, replace(load_config("default"), weights=DOWNLOAD))
    with pytest.raises(BadRequest, match=r"which you did not ask for.*--resume .* --online$"):
        open_job(tmp_path / "run", Heard())
    assert open_job(tmp_path / "run", Heard(), online=True).plan.config.weights == DOWNLOAD


@pytest.mark.parametrize("asked", [True, False])
def test_going_on_asks_for_the_network_by_a_word_of_its_own(asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    def never(run: Path, *, online: bool, resume: bool, **_: object) -> None:
        started.append((run, online, resume))
        raise Cancelled

    monkeypatch.setattr(training.plan.launch, "launch", never)
    run_command(["train", "--resume", str(tmp_path), *(["--online"] if asked else [])])
    assert started == [(tmp_path, asked, True)]
