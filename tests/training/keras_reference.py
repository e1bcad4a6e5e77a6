"""Keras' own answers for the test frames of a run: probabilities, and Grad-CAM by GradientTape. Run as a script, not a test."""

import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from endodesk.domain.ticket import Ticket
from endodesk.imaging.recipes import recipe_named
from training.dataset import preprocessed
from training.run_folder import open_run


def main(run: Path, cache: Path, out: Path) -> None:
    plan = open_run(run)
    finals = preprocessed(plan.part("test")[:4], recipe_named(plan.config.recipe), cache, Ticket())
    model = keras.saving.load_model(run / "bundle" / "model.keras")
    frames = tf.constant(finals.astype(np.float32))
    probabilities = model(frames, training=False).numpy()
    maps = np.stack([grad_cam(model, frames, index) for index in range(probabilities.shape[1])], axis=1)
    np.savez(out, finals=finals, probabilities=probabilities, maps=maps)


def grad_cam(model: keras.Model, frames: tf.Tensor, class_index: int) -> np.ndarray:
    """N x 7 x 7 for a class' logit (Selvaraju et al., 2017), not scaled."""
    head = model.get_layer("head")
    features = model.get_layer("mobilenetv2")(frames, training=False)
    with tf.GradientTape() as tape:
        tape.watch(features)
        hidden = head.get_layer("dense")(tf.reduce_mean(features, axis=(1, 2)))
        last = head.get_layer("probabilities")
        logit = (hidden @ last.kernel + last.bias)[:, class_index]
    weights = tf.reduce_mean(tape.gradient(logit, features), axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * features, axis=-1)).numpy()


if __name__ == "__main__":
    main(*(Path(text) for text in sys.argv[1:4]))
