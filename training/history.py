"""History: one row an epoch, in history.csv, in TensorBoard, and as an event to whoever watches."""

import csv
from collections.abc import Callable
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any, Self

import tensorflow as tf

from endodesk.domain.runs import RunEvent, RunEventKind
from training.loop import EpochRow

_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


class History:
    """Writes the rows of both phases, one running file. TensorBoard folders: tensorboard/train and tensorboard/validation."""

    def __init__(self, run: Path, tell: Callable[[RunEvent], None], histogram_freq: int) -> None:
        """What is trained is drawn as histograms every `histogram_freq` epochs (0: never). An older history is replaced."""
        self._csv, self._tell = run / "history.csv", tell
        self._freq, self._epochs = histogram_freq, 0
        self._boards = {part: tf.summary.create_file_writer(str(run / "tensorboard" / part)) for part in ("train", "validation")}
        with self._csv.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow([field.name for field in fields(EpochRow)])

    def recorder(self, total: int, variables: list[Any]) -> Callable[[EpochRow], None]:
        """For a phase of at most `total` epochs that trains these variables."""
        return lambda row: self._add(row, total, variables)

    def _add(self, row: EpochRow, total: int, variables: list[Any]) -> None:
        self._epochs += 1
        with self._csv.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow([f"{value:.6g}" if isinstance(value, float) else value for value in astuple(row)])
        self._draw(row, variables)
        metrics = {name: value for name, value in asdict(row).items() if name in _METRICS}
        self._tell(RunEvent(RunEventKind.EPOCH, phase=row.phase, done=row.epoch, total=total, metrics=metrics))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for board in self._boards.values():
            board.close()

    def _draw(self, row: EpochRow, variables: list[Any]) -> None:
        for part, loss, accuracy in (("train", row.loss, row.accuracy), ("validation", row.val_loss, row.val_accuracy)):
            with self._boards[part].as_default(step=self._epochs):
                tf.summary.scalar("epoch_loss", loss)
                tf.summary.scalar("epoch_accuracy", accuracy)
        if self._freq and self._epochs % self._freq == 0:
            with self._boards["train"].as_default(step=self._epochs):
                for variable in variables:
                    tf.summary.histogram(variable.path, variable.value)
        for board in self._boards.values():
            board.flush()
