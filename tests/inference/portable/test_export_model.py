"""Models as one file for other programs: run by LiteRT and by OpenCV's own reader of ONNX, they answer as the bundle does."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Never

import cv2
import numpy as np
import pytest

import resources
from endodesk.cli.main import run
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.inference.bundle import read_bundle
from endodesk.inference.ensemble import make_ensemble
from endodesk.inference.portable.export_model import export_model
from endodesk.inference.portable.onnx_file import OnnxGraph, onnx_bytes
from endodesk.inference.predictor import Predictor

STARTER = Path(resources.__file__).parent / "models" / "starter"


def no_keras(*_: object) -> Never:
    """Never asked here: what it is asked for in these tests is refused before."""
    raise AssertionError


@pytest.mark.parametrize("form", ["onnx", "tflite"])
def test_a_model_in_one_file_answers_alike(tmp_path, form):
    out = tmp_path / "out"
    made = export_model(STARTER, form, out, keras=no_keras)
    assert made.files == (f"model.{form}",)
    assert made.difference < 1e-6
    about = json.loads((out / "model.json").read_bytes())
    bundle = Predictor(STARTER).bundle
    assert about["classes"] == list(bundle.classes)
    assert [step["name"] for step in about["preprocessing"][0]["steps"]] == [step.name for step in bundle.recipe.steps]
    with np.load(out / "check.npz") as check:
        assert np.abs(Predictor(STARTER).predict_final(check["frames"]) - check["model"]).max() < 1e-6
        assert len(np.unique(check["model"].argmax(axis=1))) >= 1
        assert check["model"].std() > 0.01, "frames that are answered alike would prove nothing"


def test_another_program_reads_it_with_several_frames_at_once(tmp_path):
    export_model(STARTER, "onnx", tmp_path / "out", keras=no_keras)
    network = cv2.dnn.readNetFromONNX(str(tmp_path / "out" / "model.onnx"))
    with np.load(tmp_path / "out" / "check.npz") as check:
        frames, wanted = check["frames"].astype(np.float32), check["model"]
    network.setInput(frames[:1], "frames")
    assert np.abs(network.forward("probabilities") - wanted[:1]).max() < 1e-6


@pytest.mark.slow
def test_an_ensemble_is_a_file_a_member(tmp_path):
    other = tmp_path / "other"
    shutil.copytree(STARTER, other)
    told = replace(read_bundle(other), temperature=2.5)
    (other / "bundle.json").write_text(json.dumps(told.to_json()))
    make_ensemble([STARTER, other], tmp_path / "both")
    made = export_model(tmp_path / "both", "onnx", tmp_path / "out", keras=no_keras)
    assert made.files == ("model-1.onnx", "model-2.onnx")
    assert made.difference < 1e-6
    with np.load(tmp_path / "out" / "check.npz") as check:
        assert np.abs(check["model-1"] - check["model-2"]).max() > 0.01, "the temperature is in the file"


@pytest.mark.slow
def test_kerass_own_file_answers_with_the_temperature_worked_in_and_takes_weights_alone(tmp_path, tiny_bundle):
    bundle = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, bundle)
    keep_keras(bundle)
    told = replace(read_bundle(bundle), temperature=2.5)
    (bundle / "bundle.json").write_text(json.dumps(told.to_json()))
    assert "which answers as the bundle does" in exported_by_the_command(bundle, tmp_path / "out")
    about = json.loads((tmp_path / "out" / "model.json").read_bytes())
    assert about["check"]["greatest_difference"] < 1e-5
    with np.load(tmp_path / "out" / "check.npz") as check:
        assert np.abs(check["model"] - Predictor(tiny_bundle).predict_final(check["frames"])).max() > 1e-4, "the temperature counts"
    (bundle / "model.keras").write_bytes(b"no zip")
    assert "does not hold the weights of this model" in exported_by_the_command(bundle, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def keep_keras(bundle):
    """The file that a training keeps, of the fixture's network but for its head."""
    made = "build_network('-1..1', HeadConfig(units=8), 3).whole.save(sys.argv[1])"
    code = f"import sys; from training.learning.keras_network import build_network; from training.plan.config import HeadConfig; {made}"
    subprocess.run([sys.executable, "-c", code, str(bundle / "model.keras")], check=True, capture_output=True, timeout=300)


def exported_by_the_command(bundle, out):
    """What it says; in a child, as pytest stays free of TensorFlow."""
    command = [sys.executable, "-m", "endodesk", "export-model", str(bundle), "--format", "keras", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return " ".join((done.stdout + done.stderr).split())


def test_what_answers_otherwise_is_not_kept(tmp_path, monkeypatch):
    from endodesk.inference.portable import export_model as room

    monkeypatch.setattr(room, "_lite", lambda path: lambda frames: np.full((len(frames), 4), 0.25, np.float32))
    with pytest.raises(BadBundle, match="answers otherwise"):
        export_model(STARTER, "tflite", tmp_path / "out", keras=no_keras)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "told"), [("keras", "keeps no Keras file"), ("pickle", "choose one of: onnx, tflite, keras"), ("onnx", "is there already")]
)
def test_what_cannot_be_exported_is_a_sentence(tmp_path, form, told):
    if form == "onnx":
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine.txt").write_bytes(b"mine")
    with pytest.raises(BadRequest, match=told):
        export_model(STARTER, form, tmp_path / "out", keras=no_keras)
    assert not (tmp_path / "out" / "model.json").exists()


def test_operations_that_are_not_translated_are_named(tmp_path, monkeypatch):
    from endodesk.inference.portable import whole_onnx

    monkeypatch.setattr(whole_onnx, "_ELEMENTWISE", {})
    with pytest.raises(BadRequest, match=r"operations \(MUL\) that are not translated"):
        export_model(STARTER, "onnx", tmp_path / "out", keras=no_keras)


@pytest.mark.slow
def test_the_command_takes_a_bundle_or_a_project(tmp_path, images, starter, capsys):
    assert run(["export-model", str(images), "--format", "tflite", "--out", str(tmp_path / "none")]) == 2
    assert "neither a model bundle nor a project" in capsys.readouterr().err
    shutil.copytree(STARTER, starter)
    assert run(["export", str(images), "--format", "csv", "--out", str(tmp_path / "makes-the-project.csv")]) == 0
    capsys.readouterr()
    assert run(["export-model", str(images), "--format", "tflite", "--out", str(tmp_path / "out")]) == 0
    assert "answers as the bundle does" in capsys.readouterr().out
    assert (tmp_path / "out" / "model.tflite").is_file()


def test_numbers_below_zero_and_large_ones_are_written_as_protobuf_has_them():
    graph = OnnxGraph()
    graph.node("Softmax", [graph.node("Reshape", ["x", graph.constant(np.array([-1, 300], np.int64))])], "y", axis=-1)
    data = onnx_bytes(graph, "x", ("x", (2,)), ("y", (300,)))
    assert b"\x18" + b"\xff" * 9 + b"\x01" in data, "-1 as 64 bits"
    assert b"\xac\x02" in data, "300 in two bytes"
