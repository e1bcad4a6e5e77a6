"""The array types that the rooms above domain speak."""

import cv2
import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
"""Height x width x 3, red first."""

Mask = NDArray[np.bool_]
"""Height x width."""

Bytes = NDArray[np.uint8]
"""Height x width, 0 or 1 a pixel: a mask as OpenCV wants it."""

Floats = NDArray[np.float32]


def as_mask(zeros_and_ones: cv2.typing.MatLike) -> Mask:
    """OpenCV's kind of mask as ours, without copying it."""
    return np.asarray(zeros_and_ones, np.uint8).view(np.bool_)
