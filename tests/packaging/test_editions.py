"""What the launcher does in an installed edition."""

import os
import sys
from pathlib import Path

import pytest
from odd_networks import looked_up, odd_bundle, plain

from endodesk.domain.errors import BadBundle, MissingExtra, TrainingFailed
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.plan.config import load_config
from training.plan.launch import is_complete, launch

PYTHON = sys.executable


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The folder of a frozen program, whose worker ends at once."""
    (tmp_path / "_internal").mkdir()
    worker = tmp_path / "endodesk-worker"
    worker.write_text("#!/bin/sh\nexit 7\n")
    worker.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "EndoDesk"))
    (tmp_path / "config.toml").write_text(load_config("head").to_toml())
    return tmp_path


def test_the_reviewer_edition_says_what_is_missing_and_how_to_get_it(installed):
    with pytest.raises(MissingExtra, match=r"Reviewer edition.*endodesk-full"):
        launch(installed, on_event=lambda event: None, task=TaskContext())


def test_the_reviewer_edition_makes_quick_updates(installed):
    (installed / "config.toml").write_text(load_config("quick").to_toml())
    with pytest.raises(TrainingFailed, match="exit code 7"):  # it was started
        launch(installed, on_event=lambda event: None, task=TaskContext())


def test_the_full_edition_starts_the_worker_beside_it(installed):
    (installed / "_internal" / "tensorflow").mkdir()
    assert is_complete(installed / "EndoDesk")
    with pytest.raises(TrainingFailed, match="exit code 7"):
        launch(installed, on_event=lambda event: None, task=TaskContext())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the worker here is a script")
def test_networks_are_tried_by_the_worker_beside_it(installed, tmp_path):
    worker = Path(__file__).parents[2] / "packaging" / "worker.py"
    (installed / "endodesk-worker").write_text(f'#!/bin/sh\nexec "{PYTHON}" "{worker}" "$@"\n')
    Predictor(odd_bundle(tmp_path / "plain", plain()))
    with pytest.raises(BadBundle, match="GATHER"):
        Predictor(odd_bundle(tmp_path / "odd", looked_up()))
