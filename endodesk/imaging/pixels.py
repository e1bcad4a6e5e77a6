"""The array types that the rooms above domain speak."""

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
"""Height x width x 3, red first."""

Mask = NDArray[np.bool_]
"""Height x width."""

Floats = NDArray[np.float32]
