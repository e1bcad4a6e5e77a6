"""The dense part of a bundle in numpy: probabilities, and the heat map by exact algebra."""

import math
import zipfile
from pathlib import Path
from typing import Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from endodesk.domain.errors import BadBundle
from endodesk.imaging.pixels import Floats

HEAD_ARRAYS = ("dense_kernel", "dense_bias", "logits_kernel", "logits_bias")
"""Names of the arrays in head.npz, in the order in which `Head` takes them."""
HeadArrays = tuple[Floats, Floats, Floats, Floats]
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_MAX_BYTES = 64 * 1024 * 1024  # ours have 1.3 MB; a foreign archive may unpack to any size


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """N x C logits in, N x C probabilities out, in numbers of the same precision."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))  # the largest is exp(0): none overflows
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


class Head:
    """Global average pooling has been done; then Dense + ReLU, Dense, softmax (paper, section III.3)."""

    def __init__(
        self, dense_kernel: Floats, dense_bias: Floats, logits_kernel: Floats, logits_bias: Floats, temperature: float = 1.0
    ) -> None:
        """Shapes K x H, H, H x C, C; logits are divided by the temperature. BadBundle if they do not fit each other."""
        shapes = dense_kernel.shape, dense_bias.shape, logits_kernel.shape, logits_bias.shape
        fits = [len(s) for s in shapes] == [2, 1, 2, 1] and shapes[0][1] == shapes[1][0] == shapes[2][0] and shapes[2][1] == shapes[3][0]
        if not fits or not all(np.isfinite(a).all() for a in (dense_kernel, dense_bias, logits_kernel, logits_bias)):
            raise BadBundle("The model's head has weights that do not fit together; it cannot be used.")
        self.dense_kernel, self.dense_bias = dense_kernel, dense_bias
        self.logits_kernel, self.logits_bias = logits_kernel, logits_bias
        self.temperature = temperature

    @classmethod
    def load(cls, path: Path, temperature: float = 1.0) -> Self:
        """From head.npz; never unpickles, and never takes more memory than 64 MB, whatever the file declares."""
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise BadBundle(f"{path.name} is too large to be a head.")
            with zipfile.ZipFile(path) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > _MAX_BYTES:
                    raise BadBundle(f"{path.name} is too large to be a head.")
                kernel, bias, logits_kernel, logits_bias = (_array(archive, f"{name}.npy") for name in HEAD_ARRAYS)
            return cls(kernel, bias, logits_kernel, logits_bias, temperature)
        except BadBundle:
            raise
        except Exception as error:  # the readers of zip and npy files raise anything on hostile bytes
            raise BadBundle(f"{path.name} is not the head of a model.") from error

    @property
    def arrays(self) -> HeadArrays:
        """What it is made of, in the order in which they are given."""
        return self.dense_kernel, self.dense_bias, self.logits_kernel, self.logits_bias

    @property
    def classes(self) -> int:
        """C: how many classes the head tells apart."""
        return int(self.logits_bias.shape[0])

    def probabilities(self, pooled: Floats) -> Floats:
        """N x K pooled features in, N x C probabilities out."""
        hidden = np.maximum(pooled @ self.dense_kernel + self.dense_bias, 0)
        logits = (hidden @ self.logits_kernel + self.logits_bias) / self.temperature
        return np.asarray(softmax(logits), np.float32)

    def heat_map(self, features: Floats, class_index: int) -> Floats:
        """Grad-CAM (Selvaraju et al., 2017) of a class' logit: R x C x K features in, R x C in 0..1 out.

        Pooling is a mean and the head is linear but for one ReLU, so the gradient is a product of matrices:
        d logit / d feature = dense_kernel . (active * logits_kernel[:, class]) / cells. All zero where nothing speaks for it.
        """
        pooled = features.mean(axis=(0, 1))
        active = (pooled @ self.dense_kernel + self.dense_bias) > 0
        gradient: NDArray[np.float32] = self.dense_kernel @ (active * self.logits_kernel[:, class_index])
        heat = np.maximum(features @ gradient, 0)
        top = float(heat.max())
        return np.asarray(heat / top if top > 0 else heat, np.float32)


def _array(archive: zipfile.ZipFile, name: str) -> Floats:
    """ValueError, and nothing read, where more is declared than is there: numpy would make room for it first."""
    size = archive.getinfo(name).file_size
    with archive.open(name) as stream:
        read_header = _HEADERS[npy.read_magic(stream)]
        shape, _, kind = read_header(stream)
    if kind.kind != "f" or min(shape, default=0) < 0 or math.prod(shape) * kind.itemsize > size:
        raise ValueError(f"{name} does not hold the numbers that it declares")
    with archive.open(name) as stream:
        return np.asarray(npy.read_array(stream, allow_pickle=False), np.float32)
