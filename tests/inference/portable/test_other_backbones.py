"""Every backbone that training knows, as one file: as LiteRT and OpenCV run it, it answers as backbone and head do."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from endodesk.inference.backbone import Backbone, run_lite
from endodesk.inference.head import Head
from endodesk.inference.portable.whole_lite import with_head
from endodesk.inference.portable.whole_onnx import to_onnx
from training.plan.backbones import BACKBONES

# TensorFlow stays out of pytest
MAKE = """
import sys
import keras
from training.learning.litert import to_litert
name, own, path = sys.argv[1:]
options = {"include_preprocessing": False} if own == "optional" else {}
if name == "EfficientNetLite0":
    from training.learning.efficientnet_lite import efficientnet_lite0
    base = efficientnet_lite0(keras.Input((224, 224, 3)))
else:
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(224, 224, 3), **options)
frames = keras.Input((224, 224, 3))
scaled = keras.layers.Rescaling([1 / 58.0, 1 / 57.0, 1 / 57.5], offset=[-2.1, -2.0, -1.8])(frames)
open(path, "wb").write(to_litert(keras.Model(frames, base(scaled, training=False))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_each_backbone_answers_alike(tmp_path, name):
    path, spec = tmp_path / "backbone.tflite", BACKBONES[name]
    command = [sys.executable, "-c", MAKE, spec.title, spec.own_scaling, str(path)]
    made = subprocess.run(command, cwd=Path(__file__).parents[3], check=False, capture_output=True, timeout=240)
    assert made.returncode == 0, made.stderr.decode()[-2000:]
    backbone, chance = Backbone(path), np.random.default_rng(0)
    shapes = ((backbone.channels, 32), (32,), (32, 4), (4,))
    head = Head(*(chance.normal(size=shape).astype(np.float32) for shape in shapes), temperature=1.7)
    frames = chance.integers(0, 256, (2, 224, 224, 3), np.uint8)
    wanted = head.probabilities(backbone.features(frames).mean(axis=(1, 2)))
    (tmp_path / "whole.tflite").write_bytes(with_head(path.read_bytes(), head))
    (tmp_path / "whole.onnx").write_bytes(to_onnx(path.read_bytes(), head, name))
    network = cv2.dnn.readNetFromONNX(str(tmp_path / "whole.onnx"))
    for frame, want in zip(frames.astype(np.float32), wanted, strict=True):
        network.setInput(frame[None], "frames")
        assert np.abs(network.forward("probabilities")[0] - want).max() < 1e-5
        assert np.abs(run_lite(tmp_path / "whole.tflite", frame[None])[0] - want).max() < 1e-5
