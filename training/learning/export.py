"""Export: a trained network as the files of a bundle."""

import shutil
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.errors import BadBundle, EndoDeskError, TrainingFailed
from endodesk.inference.predictor import Predictor
from endodesk.system.plain_files import plain_bytes
from training.learning.bundle_folder import write_head
from training.learning.keras_network import KerasNetwork, build_network
from training.learning.litert import to_litert
from training.plan.backbones import RANDOM
from training.plan.config import HeadConfig
from training.plan.keras_file import WRITE_KERAS

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


# Why: docs/decisions/inference.md 10
def write_keras(bundle: Path, path: Path, frames: NDArray[np.float32]) -> NDArray[Any]:
    """A bundle's one network as a Keras file, with its temperature worked in; what that answers to N x 224 x 224 x 3 frames (0..255).

    Of the file that the training kept the weights alone are read, into a network built here: what else it holds may be anybody's code.
    BadBundle if they are not those of such a network.
    """
    network, kept = Predictor(bundle).networks[0], bundle / "model.keras"
    member, head = network.member, network.head
    config = HeadConfig(units=head.dense_kernel.shape[1])
    made = build_network(member.scaling, config, head.classes, backbone=member.backbone, weights=RANDOM)
    try:
        made.whole.load_weights(kept)
    except Exception as error:  # the readers of HDF5 raise anything on files that are none
        raise BadBundle(f"{kept.name} does not hold the weights of this model; take the model from its source again.") from error
    made.head.get_layer("dense").set_weights([head.dense_kernel, head.dense_bias])
    made.head.get_layer("probabilities").set_weights([head.logits_kernel / head.temperature, head.logits_bias / head.temperature])
    keras.saving.save_model(made.whole, path)
    return np.asarray(made.whole(frames, training=False))


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


def main(arguments: Sequence[str] | None = None) -> int:
    """What `training.plan.keras_file` asks of its child; the exit code, and on stderr a sentence if it is not 0."""
    told = [one for one in arguments or sys.argv[1:] if one != WRITE_KERAS]
    bundle, path, asked, answered = map(Path, told)
    try:
        frames = np.load(BytesIO(plain_bytes(asked)), allow_pickle=False)
        np.save(answered, write_keras(bundle, path, frames))
    except EndoDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
