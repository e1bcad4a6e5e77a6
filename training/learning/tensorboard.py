"""TensorBoard: curves, histograms and the confusion matrix of the validation frames, in RUN/tensorboard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from training.learning.confusion_picture import confusion_picture
from training.learning.loop import Confusion
from training.plan.epochs import EpochRow

_PARTS = ("train", "validation", "shifted")


class TensorBoard:
    """Folders tensorboard/train, /validation and, where asked for, /shifted, as Keras' own callback calls them."""

    def __init__(self, run: Path, classes: Sequence[str], histogram_freq: int, *, shifted: bool) -> None:
        """What is trained is drawn as histograms every `histogram_freq` epochs (0: never)."""
        self._classes, self._freq = classes, histogram_freq
        parts = _PARTS if shifted else _PARTS[:2]
        self._boards = {part: tf.summary.create_file_writer(str(run / "tensorboard" / part)) for part in parts}

    def add(self, step: int, row: EpochRow, confusion: Confusion, trained: Sequence[Any]) -> None:
        """Draw an epoch's figures, confusion matrix and, when it is their turn, histograms; flushed, so that it shows at once."""
        figures: dict[str, dict[str, float | None]] = {
            "train": {"epoch_loss": row.loss, "epoch_accuracy": row.accuracy, "epoch_waited": row.waited},
            "validation": {"epoch_loss": row.val_loss, "epoch_accuracy": row.val_accuracy},
            "shifted": {"epoch_loss": row.shifted_loss, "epoch_accuracy": row.shifted_accuracy},
        }
        for part, board in self._boards.items():
            with board.as_default(step=step):
                for name, value in figures[part].items():
                    tf.summary.scalar(name, value)
        with self._boards["validation"].as_default(step=step):
            tf.summary.image("confusion", confusion_picture(confusion, self._classes)[None])
        if self._freq and step % self._freq == 0:
            with self._boards["train"].as_default(step=step):
                for variable in trained:
                    tf.summary.histogram(variable.path, variable.value)  # its name alone would be the same for every kernel
        for board in self._boards.values():
            board.flush()

    def close(self) -> None:
        """Write out what is left, and close the files."""
        for board in self._boards.values():
            board.close()
