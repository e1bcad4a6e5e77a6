"""History: one row an epoch, in history.csv, as an event to whoever watches, and to the trackers (TensorBoard, Weights & Biases)."""

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Protocol, Self

from endodesk.domain.runs import RunEvent, RunEventKind
from training.learning.loop import Confusion
from training.plan.epochs import EpochRow
from training.plan.run_folder import HISTORY

_NOT_MEASURED = ("phase", "epoch", "seconds")


class Tracker(Protocol):
    """Whoever is told of each epoch beside the window: TensorBoard, Weights & Biases."""

    def add(self, step: int, row: EpochRow, confusion: Confusion, trained: Sequence[Any]) -> None:
        """Epoch number `step` of the run (from 1): its row, the confusion matrix of the validation frames, and what is trained."""

    def close(self) -> None:
        """The run is over, or broke off: write or send what is left."""


class History:
    """Writes the rows of both phases, one running file."""

    def __init__(self, run: Path, tell: Callable[[RunEvent], None], trackers: Sequence[Tracker], earlier: Sequence[EpochRow] = ()) -> None:
        """`earlier` are the epochs before the run was interrupted; whatever else an older history says is replaced."""
        self._csv, self._tell, self._trackers = run / HISTORY, tell, trackers
        self._epochs, self._total = len(earlier), 0
        self._trained: Sequence[Any] = ()
        with self._csv.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[field.name for field in fields(EpochRow)], *map(_cells, earlier)])

    def begin(self, total: int, trained: Sequence[Any], earlier: Sequence[EpochRow]) -> None:
        """A phase of at most `total` epochs begins, or goes on after some: these are told again, so that curves are whole."""
        self._total, self._trained = total, trained
        for row in earlier:
            self._tell_row(row)

    def add(self, row: EpochRow, confusion: Confusion) -> None:
        """An epoch ended; `confusion` is that of the validation frames."""
        self._epochs += 1
        with self._csv.open("a", encoding="utf-8", newline="") as stream:  # closed after each row: a killed run leaves them all
            csv.writer(stream).writerow(_cells(row))
        for tracker in self._trackers:
            tracker.add(self._epochs, row, confusion, self._trained)
        self._tell_row(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            for tracker in self._trackers:
                stack.callback(tracker.close)  # one that fails keeps none of the others open

    def _tell_row(self, row: EpochRow) -> None:
        self._tell(RunEvent(RunEventKind.EPOCH, phase=row.phase, done=row.epoch, total=self._total, metrics=figures(row)))


def figures(row: EpochRow) -> dict[str, float]:
    """What was measured in an epoch, by name; without what was not asked for."""
    return {name: value for name, value in asdict(row).items() if name not in _NOT_MEASURED and value is not None}


def _cells(row: EpochRow) -> list[str]:
    return ["" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value) for value in asdict(row).values()]
