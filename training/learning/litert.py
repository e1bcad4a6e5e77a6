"""From a Keras model to a LiteRT file."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from endodesk.system.atomic import write_file


def to_litert(model: Any) -> bytes:
    """The model in inference mode as float32 LiteRT bytes, batch size open; within 1e-4 of Keras (checked where it is used).

    The variables become constants first, so that nothing goes by a SavedModel: 4 s where `from_keras_model` takes 13.
    """
    call = tf.function(lambda frames: model(frames, training=False), autograph=False)  # a frozen program has no sources for AutoGraph
    concrete = call.get_concrete_function(tf.TensorSpec((None, *model.input.shape[1:]), tf.float32))
    constant = convert_variables_to_constants_v2(concrete, lower_control_flow=False)
    converted = tf.lite.TFLiteConverter.from_concrete_functions([constant]).convert()
    return bytes(converted)


def frozen_litert(model: Any, name: str, folder: Path) -> Path:
    """LiteRT file of (a lower part of) an untouched backbone; made once and kept in the folder by `name` and weights."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_made_of(model, name)}.tflite"
    if not path.is_file():
        write_file(path, to_litert(model))
    return path


def _made_of(model: Any, name: str) -> str:
    """16 hexadecimal digits from the weights themselves: wherever they came from, another network is another file."""
    digest = hashlib.sha256(f"{tf.__version__} {name}".encode())  # another converter may write the same weights otherwise
    for weights in model.get_weights():
        digest.update(np.ascontiguousarray(weights).data)
    return digest.hexdigest()[:16]
