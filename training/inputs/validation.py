"""The validation frames of a phase, as its trained layers take them in: as they are, and with their source hidden."""

from collections.abc import Iterator

import numpy as np

from endodesk.imaging.pixels import Floats
from endodesk.system.task import TaskContext
from training.inputs.augment import Augmenter
from training.inputs.batches import Batch, Inputs
from training.inputs.colour_transfer import ColourTransfer
from training.inputs.examples import Examples
from training.inputs.features import Stem, Views
from training.inputs.sampling import in_batches
from training.plan.config import Config

# Why: docs/decisions/training.md 13
_SHIFT_SEED = 0
"""Not the run's: runs are to be compared on the same shifted frames."""


class Validation:
    """Made once a phase; the same batches after each epoch. Colours that frames are given are those of the training frames."""

    def __init__(self, val: Examples, stem: Stem, config: Config, task: TaskContext, colours: ColourTransfer) -> None:
        self._batch, self._weights, self._labels = config.training.batch, val.weights, val.one_hot(len(config.classes))
        self._inputs = Views(val, stem).all(0, task, "validation frames")  # without an augmenter every view is the frame itself
        self._shifted: list[Inputs] = []
        if config.input.shift != "none":
            hiding = Views(val, stem, Augmenter(config.input.shift, _SHIFT_SEED, colours))
            numbers = range(config.input.shift_views)
            self._shifted = [hiding.all(view, task, f"shifted validation frames, view {view + 1} of {len(numbers)}") for view in numbers]

    def batches(self) -> Iterator[Batch]:
        """The validation frames as they are, in batches, the same ones each time."""
        yield from self._of(self._inputs)

    def shifted(self) -> Iterator[Batch] | None:
        """Every view of each frame with its source hidden; None if that is not asked for."""
        return (batch for inputs in self._shifted for batch in self._of(inputs)) if self._shifted else None

    def _of(self, inputs: Inputs) -> Iterator[Batch]:
        for chosen in in_batches(len(inputs), self._batch):
            yield inputs[chosen], self._labels[chosen], self._weights[chosen]


def training_weights(train: Examples, config: Config) -> Floats:
    """What each training frame counts in the loss: all the same where classes are balanced by drawing."""
    return np.ones(len(train), np.float32) if config.training.class_balance == "sampling" else train.weights
