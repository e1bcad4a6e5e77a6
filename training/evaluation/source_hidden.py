"""What a model says of the mucosa alone: without rim and corners of the frame, and in the same colours whatever the device."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB

_SIDE = 0.7
"""Of the frame's: about the square that fits into the circle that many devices show."""
_MEAN, _SPREAD = (128.0, 150.0, 145.0), (40.0, 8.0, 8.0)
"""Of the channels of 8-bit LAB afterwards: those of mucosa in white light, roughly."""


# Why: docs/decisions/evaluation.md 15
def source_hidden(final: RGB) -> RGB:
    """A preprocessed frame (224 x 224 x 3 uint8) without what tells where it comes from; the same pixels each time."""
    height, width = final.shape[:2]
    top, left = round(height * (1 - _SIDE) / 2), round(width * (1 - _SIDE) / 2)
    inside = cv2.resize(final[top : height - top, left : width - left], (width, height), interpolation=cv2.INTER_LINEAR)
    lab = cv2.cvtColor(inside, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean, spread = lab.mean(axis=(0, 1)), np.maximum(lab.std(axis=(0, 1)), 1)  # 1: the frame may be of one colour
    even = (lab - mean) / spread * np.array(_SPREAD) + np.array(_MEAN)
    return np.asarray(cv2.cvtColor(np.clip(np.rint(even), 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), np.uint8)
