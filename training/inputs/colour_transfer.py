"""ColourTransfer: the colours of the training frames, given to other frames at random, so that a colour tells neither class nor device."""

from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Floats
from training.inputs.examples import Examples

_MOST_PER_CLASS = 500
_WEAKEST = 0.5
"""Least share of the way from a frame's own colours to the other's."""
_STEEPEST = 2.0
"""Most that the contrast of a channel is changed by, either way."""
_LEVELS = np.arange(256, dtype=np.float32)


class ColourTransfer:
    """Mean and standard deviation of the channels of 8-bit LAB, of some frames of each class (Reinhard et al., 2001, colour transfer)."""

    def __init__(self, classes: list[Floats]) -> None:
        """Per class that has frames: n x 2 x 3, means and standard deviations."""
        self._classes = classes

    @classmethod
    def of(cls, examples: Examples) -> Self:
        """Measure the colours of the first 500 frames of each class that has any."""
        indices = (np.flatnonzero(examples.labels == label)[:_MOST_PER_CLASS] for label in np.unique(examples.labels))
        return cls([np.array([_mean_and_spread(_lab(examples.finals[i])) for i in chosen], np.float32) for chosen in indices])

    def exchanged(self, frame: RGB, rng: np.random.Generator) -> RGB:
        """The frame (H x W x 3 uint8) with the colours, or half of it at least, of a random frame of a random class."""
        colours = self._classes[rng.integers(len(self._classes))]  # the class first, or a common class would lend its colours most
        mean, spread = colours[rng.integers(len(colours))]
        lab, strength = _lab(frame), rng.uniform(_WEAKEST, 1)
        own_mean, own_spread = _mean_and_spread(lab)
        own_spread = np.maximum(own_spread, 1e-3)  # the frame may be of one colour
        gain = np.clip(1 + (spread / own_spread - 1) * strength, 1 / _STEEPEST, _STEEPEST)
        curves = (_LEVELS[:, None] - own_mean) * gain + own_mean + (mean - own_mean) * strength
        # a curve of 256 levels a channel, instead of arithmetic for each pixel
        changed = cv2.LUT(lab, np.clip(np.rint(curves), 0, 255).astype(np.uint8).reshape(1, 256, 3))
        return np.asarray(cv2.cvtColor(changed, cv2.COLOR_LAB2RGB), np.uint8)


def _lab(frame: RGB) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2LAB), np.uint8)


def _mean_and_spread(lab: NDArray[np.uint8]) -> Floats:
    mean, spread = cv2.meanStdDev(lab)
    return np.array([mean[:, 0], spread[:, 0]], np.float32)
