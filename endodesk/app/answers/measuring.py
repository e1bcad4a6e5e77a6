"""Measuring frames by what a model sees: pictures of one place look alike to it also where their hashes are far apart."""

from collections.abc import Sequence

import numpy as np

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NO_OVERRIDES, Overrides
from endodesk.imaging.pixels import Floats
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads


def measure_features(
    predictor: Predictor, rows: Sequence[ManifestRow], task: TaskContext, overrides: Overrides = NO_OVERRIDES
) -> dict[Sha256, Floats]:
    """The mean of the backbone's last feature map for each frame (K numbers), by the model's own recipe (an ensemble's first network).

    Frames that cannot be read any more are left out. Cancelled by the task.
    """

    def one(row: ManifestRow) -> Floats | None:
        try:
            image = read_image(row.file)
            final = preprocess(image, predictor.bundle.recipe, overrides.of(row.sha256, image.shape[1], image.shape[0]))
        except UnreadableImage:
            return None
        return np.asarray(predictor.networks[0].view(final).features.mean(axis=(0, 1)), np.float32)

    found: dict[Sha256, Floats] = {}
    for done, (row, features) in enumerate(zip(rows, in_threads(one, rows), strict=True), 1):
        if features is not None:
            found[row.sha256] = features
        task.report(done, len(rows), "measuring")
    return found
