"""Examples: every frame preprocessed once, kept in a cache by content and recipe, and in memory while a run lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import NO_OVERRIDES, NOTHING_GIVEN, Overrides
from endodesk.domain.recipes import Recipe
from endodesk.imaging.hashing import sha256_bytes, sha256_file
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.read import decode_image, read_bytes
from endodesk.system.os_errors import reason_of
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.inputs.frame_cache import SHAPE, FrameCache


@dataclass(frozen=True, slots=True)
class Examples:
    """The preprocessed frames of one part with what they are."""

    rows: tuple[ManifestRow, ...]
    finals: NDArray[np.uint8]
    """N x 224 x 224 x 3, RGB."""
    labels: NDArray[np.intp]
    """N, index of the class."""
    weights: Floats
    """N, what each frame counts in the loss; their mean is 1."""

    def __len__(self) -> int:
        return len(self.rows)

    def one_hot(self, classes: int) -> Floats:
        """Labels as cross-entropy takes them: N x C float32, 1 for the frame's class and 0 for the others."""
        return np.eye(classes, dtype=np.float32)[self.labels]


def examples(rows: Sequence[ManifestRow], finals: NDArray[np.uint8], classes: ClassSet, *, balance: str) -> Examples:
    """Rows with their preprocessed frames; unless `balance` is "none", every class has the same sum of weights."""
    labels = np.array([classes.index(row.label) for row in rows], np.intp)
    return Examples(tuple(rows), finals, labels, class_weights(labels, balanced=balance != "none"))


def class_weights(labels: NDArray[np.intp], *, balanced: bool) -> Floats:
    """N, what each frame counts in the loss: all the same, or such that every class that is there has the same sum."""
    if not balanced or not len(labels):
        return np.ones(len(labels), np.float32)
    counts = np.bincount(labels)
    return (len(labels) / np.count_nonzero(counts) / counts[labels]).astype(np.float32)


def verify_files(rows: Sequence[ManifestRow], task: TaskContext) -> None:
    """BadRequest naming the first frame that is gone or is not what it was when the manifest was written."""
    for done, problem in enumerate(in_threads(_problem, rows), 1):
        if problem:
            raise BadRequest(problem)
        task.report(done, len(rows), "verifying")


def preprocessed(
    rows: Sequence[ManifestRow], recipe: Recipe, cache: Path, task: TaskContext, overrides: Overrides = NO_OVERRIDES
) -> NDArray[np.uint8]:
    """N x 224 x 224 x 3 uint8 in the order of the rows, from the cache folder or made and put there.

    `overrides` are those of single frames. A frame is kept under another name for each outline that was drawn on it.
    Raises UnreadableImage or BadRequest for a frame that cannot be read or is not the one of its row, or if there can be
    no cache in that place; OSError if the cache cannot be written, Cancelled.
    """
    frames = FrameCache(cache, recipe)
    finals = np.empty((len(rows), *SHAPE), np.uint8)
    for index, final in enumerate(in_threads(lambda row: preprocessed_frame(row, frames, overrides), rows)):
        finals[index] = final
        task.report(index + 1, len(rows), "preprocessing")
    return finals


def _problem(row: ManifestRow) -> str:
    try:
        same = sha256_file(row.file) == row.sha256
    except OSError as error:
        return f"{row.file} cannot be read any more: {reason_of(error)}. Prepare the training again without it."
    return "" if same else f"{row.file} has changed since the training was prepared. Prepare it again."


def preprocessed_frame(row: ManifestRow, cache: FrameCache, overrides: Overrides) -> RGB:
    """The one frame of a row, from the cache or made and put there; raises as `preprocessed`."""
    given = overrides.frames.get(row.sha256, NOTHING_GIVEN)
    name = given.name_of(row.sha256)
    final = cache.get(name)
    if final is None:
        data = read_bytes(row.file)
        if sha256_bytes(data) != row.sha256:
            # hours may lie between the check of all files and this
            raise BadRequest(f"{row.file} has changed since the training was prepared. Prepare it again.")
        final = preprocess(decode_image(data, row.file.name), cache.recipe, given)
        cache.put(name, final)
    return final
