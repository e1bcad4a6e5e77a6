import importlib.util

import numpy as np
import pytest

from endodesk.domain.errors import MissingExtra
from training.learning.weights_and_biases import WeightsAndBiases, check_wandb
from training.plan.config import Config, Trackers
from training.plan.epochs import EpochRow

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
