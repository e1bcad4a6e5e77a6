"""What Keras and LiteRT say of backbones with random weights, as a JSON file. Run as a script, not a test: it needs TensorFlow."""

import json
import os
import sys
from importlib.util import find_spec
from math import prod
from pathlib import Path

import cv2
import keras
import numpy as np

from endodesk.domain.errors import TrainingFailed
from endodesk.imaging.synthetic.frames import render_frame
from endodesk.inference.backbone import Backbone
from training.learning.efficientnet_lite import efficientnet_lite0
from training.learning.keras_network import KerasNetwork, build_network
from training.learning.litert import to_litert
from training.plan.backbones import AS_TRAINED, BACKBONES, DOWNLOAD
from training.plan.config import HeadConfig

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
RANGES = ((0.7, 1.3), (-0.3, 0.3), (-0.3, 0.3), (0.5, 1.5))
"""Of a BatchNorm's gamma, beta, mean and variance."""


def described(name: str, work: Path) -> dict[str, object]:
    spec, file = BACKBONES[name], work / f"{name}.weights.h5"
    images = [render_frame("polyps", case_seed=seed, frame_seed=1, width=240).image for seed in (1, 2)]
    frames = np.stack([cv2.resize(image, (224, 224)) for image in images]).astype(np.float32)
    own = kerass_own(spec.title) if spec.in_keras else lite0s_own()
    own.save_weights(file)
    network = built(name, str(file))
    features = np.asarray(network.backbone(frames, training=False))
    (work / "whole.tflite").write_bytes(to_litert(network.backbone))
    litert = Backbone(work / "whole.tflite")
    lowers, uppers = ([cut(number) for number in range(1, len(spec.blocks))] for cut in (network.lower, network.upper))
    middle = spec.last_block // 2
    return {
        "shape": list(features.shape[1:]),
        "spread": float(features.std()),
        "litert": far(litert.features(frames.astype(np.uint8)), features),
        "operations": sorted(litert.operations),
        "own": far(np.asarray(own(frames, training=False)), features),
        "cut": far(np.asarray(uppers[middle](lowers[middle](frames, training=False), training=False)), features),
        "cuts": [list(lower.output.shape[1:]) for lower in lowers],
        "weights": len(network.backbone.weights),
        "weights_below_and_above": [len(lower.weights) + len(upper.weights) for lower, upper in zip(lowers, uppers, strict=True)],
    }


def built(name: str, weights: str) -> KerasNetwork:
    return build_network(AS_TRAINED, HeadConfig(units=8), 3, backbone=name, weights=weights)


def far(one: np.ndarray, other: np.ndarray) -> float:
    """Greatest difference, over the spread."""
    return float(np.abs(one - other).max() / other.std())


def kerass_own(title: str) -> keras.Model:
    """As `keras.applications` makes it for 0..255 with ImageNet's constants inside, which is what published weights are for.

    Its weights are as of a network that has learnt: Keras' first ones give next to nothing at the end of a deep one.
    """
    return as_learnt(getattr(keras.applications, title)(include_top=False, weights=None, input_shape=(224, 224, 3)))


def lite0s_own() -> keras.Model:
    """As it was published, for 0..255."""
    frames = keras.Input((224, 224, 3))
    return as_learnt(efficientnet_lite0((frames - 127.0) / 128.0))


def as_learnt(model: keras.Model) -> keras.Model:
    rng = np.random.default_rng(3)
    for layer in model.layers:
        weights = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(low, high, w.shape) for w, (low, high) in zip(weights, RANGES, strict=True)])
        elif isinstance(layer, keras.layers.Normalization) and weights:
            layer.set_weights([MEAN, STD**2, np.array(0)])
            layer.finalize_state()
        else:
            layer.set_weights([rng.normal(0, (2 / np.prod(w.shape[:-1])) ** 0.5, w.shape) if w.ndim > 1 else w for w in weights])
    return model


def seen() -> list[int]:
    """ImageNet's class of scikit-learn's two pictures, of those that are likely for one of them; none where the pictures are missing."""
    folder = Path(str(find_spec("sklearn").origin)).parent / "datasets" / "images"
    files = [folder / name for name in ("china.jpg", "flower.jpg")]
    if not all(file.is_file() for file in files):
        return []
    with np.load(Path(__file__).with_name("lite0_top.npz")) as top:
        classes, kernel, bias = top["classes"], top["kernel"].astype(np.float32), top["bias"].astype(np.float32)
    frames = [cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)[:, 106:533] for file in files]  # 427 x 640: the square in the middle
    small = np.stack([cv2.resize(frame, (224, 224), interpolation=cv2.INTER_AREA) for frame in frames]).astype(np.float32)
    network = build_network(AS_TRAINED, HeadConfig(units=8), 3, backbone="efficientnetlite0")
    logits = np.asarray(network.backbone(small, training=False)).mean(axis=(1, 2)) @ kernel.T + bias
    return [int(one) for one in classes[logits.argmax(axis=1)]]


def refused(weights: str) -> str:
    try:
        built("mobilenetv3large", weights)
    except TrainingFailed as error:
        return str(error)
    return ""


def main(out: Path) -> None:
    keras.utils.set_random_seed(1)
    (out.parent / "no network.h5").write_text("Dear colleague")
    told: dict[str, object] = {name: described(name, out.parent) for name in BACKBONES if name != "mobilenetv2"}
    told["seen"] = seen()
    told["parameters"] = sum(prod(weights.shape) for weights in built("efficientnetlite0", "random").backbone.trainable_weights)
    others = out.parent / "efficientnetb0.weights.h5"
    told["refused"] = [refused(weights) for weights in (str(out.parent / "no network.h5"), str(out.parent / "gone.h5"), str(others))]
    os.environ |= dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # nobody listens: offline wherever it runs
    told["offline"] = refused(DOWNLOAD)
    out.write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
