"""EfficientNet-Lite0 through the whole path: both phases, bundle, heat map, a quick update, one Keras file."""

import dataclasses

import numpy as np
import pytest

from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor
from endodesk.inference.trial import OPERATIONS
from endodesk.system.task import TaskContext
from training.plan.config import FineTuning, FrozenPhase, Input, Paths, Split, load_config
from training.plan.keras_file import write_keras
from training.plan.launch import launch
from training.plan.run_folder import prepare_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory, frame_rows, tiny_config):
    """A training of its last block alone."""
    folder = tmp_path_factory.mktemp("lite0") / "run"
    phases = {"frozen": FrozenPhase(epochs=2, views=1), "finetune": FineTuning(epochs=1, from_block=15, learning_rate=1e-4)}
    config = dataclasses.replace(tiny_config, backbone="efficientnetlite0", input=Input(), **phases)
    prepare_run(folder, frame_rows, config)
    launch(folder, on_event=lambda event: None, task=TaskContext())
    return folder


def test_it_leaves_a_bundle_that_answers_and_says_where(run):
    bundle = read_bundle(run / "bundle")
    assert (bundle.backbone, bundle.scaling) == ("efficientnetlite0", "127-128")
    assert "EfficientNetLite0 (ImageNet weights)" in (run / "bundle" / "MODEL_CARD.md").read_text("utf-8")
    network = Predictor(run / "bundle").networks[0]
    assert network.operations <= OPERATIONS
    frame = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    view = network.view(frame)
    heat = network.heat_map(view, int(view.probabilities.argmax()))
    assert np.isfinite(heat).all()
    assert heat.max() > heat.min()


def test_its_head_learns_on_without_its_backbone_changing(run, frame_rows, tmp_path):
    base = run / "bundle"
    config = dataclasses.replace(load_config("quick"), synthetic=True, split=Split(case="none"), paths=Paths(base=str(base)))
    prepare_run(tmp_path / "quick", frame_rows, config)
    launch(tmp_path / "quick", on_event=lambda event: None, task=TaskContext())
    made = read_bundle(tmp_path / "quick" / "bundle")
    assert (made.backbone, made.scaling) == ("efficientnetlite0", "127-128")
    assert made.files["backbone.tflite"] == read_bundle(base).files["backbone.tflite"]
    assert made.files["head.npz"] != read_bundle(base).files["head.npz"]


def test_it_is_written_as_one_keras_file_that_answers_alike(run, tmp_path):
    frames = np.random.default_rng(1).integers(0, 256, (2, 224, 224, 3), np.uint8)
    told = write_keras(run / "bundle", tmp_path / "one.keras", frames.astype(np.float32))
    assert np.abs(Predictor(run / "bundle").predict_final(frames) - told).max() < 1e-4
