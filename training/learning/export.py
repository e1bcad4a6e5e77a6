"""Export: a trained network as the files of a bundle."""

import shutil
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.errors import TrainingFailed
from endodesk.inference.predictor import Predictor
from training.learning.bundle_folder import write_head
from training.learning.keras_network import KerasNetwork
from training.learning.litert import to_litert

TOLERANCE = 1e-4
"""By how much a probability of LiteRT and numpy may differ from Keras'."""


def write_network(network: KerasNetwork, folder: Path, *, backbone: Path | None = None) -> None:
    """backbone.tflite, head.npz and model.keras; `backbone` is a LiteRT file of the same weights, if there is one already."""
    if backbone is None:
        (folder / "backbone.tflite").write_bytes(to_litert(network.backbone))
    else:
        shutil.copyfile(backbone, folder / "backbone.tflite")  # the conversion would take seconds, to the same end
    dense, logits = network.head.get_layer("dense"), network.head.get_layer("probabilities")
    write_head(folder, [*dense.get_weights(), *logits.get_weights()])
    keras.saving.save_model(network.whole, folder / "model.keras")


# Why: docs/decisions/evaluation.md 8
def prove(predictor: Predictor, network: KerasNetwork, finals: NDArray[np.uint8]) -> float:
    """Greatest difference between the bundle's probabilities and Keras' on N x 224 x 224 x 3 frames.

    TrainingFailed if it is above the tolerance: then the bundle is not the network that was trained.
    """
    keras_says = np.asarray(network.whole(finals.astype(np.float32), training=False))
    difference = float(np.abs(predictor.predict_final(finals) - keras_says).max())
    if not difference <= TOLERANCE:  # so NaN is refused too
        raise TrainingFailed(f"The exported model differs from the trained one by {difference:.2g}; it was not kept. Please report this.")
    return difference
