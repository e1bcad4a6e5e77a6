"""The published training loop, written afresh from method.md: every epoch reads, preprocesses and augments each frame, then model.fit."""

import time
from pathlib import Path

import albumentations as A  # noqa: N812
import cv2
import keras
import numpy as np

from endodesk.imaging.preprocessing.pipeline import PAPER
from resources import WEIGHTS
from training.inputs.augment import preprocessing_lambda, transforms
from training.plan.backbones import BACKBONES


class Frames(keras.utils.Sequence):
    """Batches as published: albumentations with the preprocessing as its first step, scaled to 0..1."""

    def __init__(self, files: list[Path], labels: np.ndarray, batch: int) -> None:
        super().__init__()
        self._files, self._labels, self._batch = files, labels, batch
        self._pipeline = A.Compose([preprocessing_lambda(PAPER), *transforms("paper")])

    def __len__(self) -> int:
        return -(-len(self._files) // self._batch)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = slice(number * self._batch, (number + 1) * self._batch)
        frames = [self._pipeline(image=cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB))["image"] for file in self._files[chosen]]
        return np.stack(frames).astype(np.float32) / 255, self._labels[chosen]


def published_epochs(files: list[Path], labels: np.ndarray, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and processor seconds of an epoch of the frozen phase and of one of fine-tuning (of each the second)."""
    base = keras.applications.MobileNetV2(
        input_shape=(224, 224, 3), include_top=False, weights=str(WEIGHTS / BACKBONES["mobilenetv2"].weights_file)
    )
    base.trainable = False
    model = keras.Sequential(
        [
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(256, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(labels.shape[1], activation="softmax"),
        ]
    )
    frames = Frames(files, labels, batch)
    frozen = _second_epoch(model, frames, 1e-3)
    base.trainable = True
    return frozen, _second_epoch(model, frames, 1e-5)


def _second_epoch(model: keras.Model, frames: Frames, learning_rate: float) -> np.ndarray:
    ends: list[np.ndarray] = []
    model.compile(keras.optimizers.Adam(learning_rate), "categorical_crossentropy", metrics=["accuracy"])
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(np.array((time.perf_counter(), time.process_time())))
    )
    model.fit(frames, epochs=2, verbose=0, callbacks=[clock])
    return ends[1] - ends[0]
