"""LearntFrames: what a model has learnt from, as little as it takes to tell how far other frames lie from it."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle
from endodesk.imaging.pixels import Floats
from endodesk.system.plain_files import open_plain

DIRECTIONS = 32
_ARRAYS = "axes", "points", "limit", "backbone", "recipe"
_MOST_BYTES = 4 * 1024 * 1024


# Why: docs/decisions/inference.md 11
@dataclass(frozen=True, slots=True, eq=False)
class LearntFrames:
    """Features of a model's training frames in a few directions, for all models that see frames as it does."""

    axes: NDArray[np.float16]
    """K x D: the directions in which they differ most, and their mean."""
    points: NDArray[np.float16]
    """M x D, of each frame."""
    limit: float
    """Of distances: 95 % of the frames lie nearer to frames of other groups."""
    backbone: str
    """SHA-256 of the file of the backbone that saw them."""
    recipe: str
    """Fingerprint of the recipe that preprocessed them."""

    def holds_for(self, bundle: ModelBundle) -> bool:
        """Whether a model's features can be held against these."""
        first = bundle.networks[0]
        return (bundle.files[first.backbone_file], first.recipe.fingerprint) == (self.backbone, self.recipe)

    def turned(self, features: NDArray[np.floating]) -> Floats:
        """N x K features in, N x D out."""
        return np.asarray(unit(features) @ self.axes.astype(np.float32), np.float32)

    def save(self, path: Path) -> None:
        """As an npz file without pickles."""
        values = (self.axes, self.points, np.float32(self.limit), np.array(self.backbone), np.array(self.recipe))
        named: dict[str, Any] = dict(zip(_ARRAYS, values, strict=True))
        np.savez_compressed(path, **named)

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` has written. BadBundle for anything else."""
        try:
            with open_plain(path) as stream:
                data = stream.read(_MOST_BYTES + 1)
            with zipfile.ZipFile(BytesIO(data)) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
            if max(len(data), unpacked) > _MOST_BYTES:
                raise BadBundle(f"{path.name} is too large to tell what a model has learnt from.")
            with np.load(BytesIO(data), allow_pickle=False) as kept:
                axes, points, limit, backbone, recipe = (kept[name] for name in _ARRAYS)
            if axes.ndim != 2 or points.ndim != 2 or axes.shape[1] != points.shape[1]:
                raise BadBundle(f"{path.name} does not fit itself.")
            return cls(axes.astype(np.float16), points.astype(np.float16), float(limit), str(backbone), str(recipe))
        except BadBundle:
            raise
        except Exception as error:  # the readers of zip and npy files raise anything on hostile bytes
            raise BadBundle(f"{path.name} does not tell what a model has learnt from.") from error


def unit(features: NDArray[np.floating]) -> Floats:
    """Each row with length 1."""
    values = np.asarray(features, np.float32)
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12), np.float32)


def main_axes(features: NDArray[np.floating]) -> NDArray[np.float16]:
    """K x D: the directions that keep most of N x K features of length 1."""
    values = unit(features)
    _, directions = np.linalg.eigh(values.T @ values)
    return np.asarray(directions[:, ::-1][:, :DIRECTIONS], np.float16)
