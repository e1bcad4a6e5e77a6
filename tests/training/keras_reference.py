"""Keras' own answers for the test frames of a run: probabilities, and Grad-CAM by GradientTape. Run as a script, not a test."""

import dataclasses
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.system.task import TaskContext
from training.inputs.examples import preprocessed
from training.inputs.features import Stem
from training.learning.frozen import frozen_learner
from training.learning.head_learner import HeadLearner
from training.learning.keras_network import build_network
from training.learning.learner import Learner
from training.learning.learning_rates import Rate
from training.learning.litert import frozen_litert
from training.plan.run_folder import RunPlan, open_run


def main(run: Path, cache: Path, out: Path) -> None:
    plan = open_run(run)
    finals = preprocessed(plan.part("test")[:4], recipe_named(plan.config.recipe), cache, TaskContext())
    model = keras.saving.load_model(run / "bundle" / "model.keras")
    frames = tf.constant(finals.astype(np.float32))
    probabilities = model(frames, training=False).numpy()
    maps = np.stack([grad_cam(model, frames, index) for index in range(probabilities.shape[1])], axis=1)
    averages = averaging()
    ours, in_numpy, theirs = frozen_losses(plan, model, finals, cache)
    losses = {"frozen_losses": ours, "numpy_losses": in_numpy, "keras_losses": theirs}
    np.savez(out, finals=finals, probabilities=probabilities, maps=maps, **losses, **averages)


def frozen_losses(plan: RunPlan, trained: keras.Model, finals: np.ndarray, cache: Path) -> tuple[list[float], list[float], list[float]]:
    """The loss before each of four steps on one batch: of the frozen phase and the quick update on LiteRT features, and of Keras' `fit`.

    The same head weights on ImageNet's backbone; without dropout, whose random numbers differ.
    """
    config = dataclasses.replace(plan.config, head=dataclasses.replace(plan.config.head, dropout=0.0))
    labels = np.eye(3, dtype=np.float32)[[0, 1, 2, 1]]
    network = build_network(config.scaling, config.head, 3)
    network.head.set_weights(trained.get_layer("head").get_weights())
    stem = Stem(frozen_litert(network.backbone, f"whole {config.scaling}", cache), pooled=True)
    batch = (np.stack([stem(final) for final in finals]), labels, np.ones(4, np.float32))
    learner = frozen_learner(network.head, config, steps=1)
    head = trained.get_layer("head")
    in_numpy = HeadLearner(tuple(head.get_weights()), config.head, Rate(config.frozen.learning_rate))
    ours, quick = [], []
    for learns, losses in ((learner, ours), (in_numpy, quick)):
        for _ in range(4):
            losses.append(learns.validate(iter([batch]), TaskContext()).loss)
            learns.learn(batch)

    network = build_network(config.scaling, config.head, 3)
    network.head.set_weights(trained.get_layer("head").get_weights())
    network.backbone.trainable = False
    network.whole.compile(keras.optimizers.Adam(config.frozen.learning_rate), "categorical_crossentropy")
    theirs = [float(network.whole.train_on_batch(finals.astype(np.float32), labels)) for _ in range(4)]
    return ours, quick, theirs


def averaging() -> dict[str, np.ndarray]:
    """Weights (BatchNorm's statistics too) after each of five steps, those that `averaged` shows, and those it leaves; a smoothed loss."""
    layers = keras.Sequential([keras.Input((3,)), keras.layers.BatchNormalization(), keras.layers.Dense(2, activation="softmax")])
    rng = np.random.default_rng(1)
    batch = (rng.normal(size=(8, 3)).astype(np.float32), np.eye(2, dtype=np.float32)[[0, 1] * 4], np.ones(8, np.float32))
    surprise = -np.log(layers(batch[0], training=True).numpy())
    expected = (surprise * (0.8 * batch[1] + 0.1)).sum()  # 0.2 of each label spread over both classes
    learner = Learner(lambda x, training: layers(x, training=training), [layers], lambda: 0.0, Rate(0.1), smoothing=0.2, average=0.5)

    def flat() -> np.ndarray:
        return np.concatenate([weight.ravel() for weight in layers.get_weights()])

    steps, losses = [flat()], []
    for _ in range(5):
        losses.append(learner.learn(batch)[0])
        steps.append(flat())
    with learner.averaged():
        shown = flat()
    return {"steps": np.stack(steps), "shown": shown, "left": flat(), "smoothed": np.array([losses[0], expected])}


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
