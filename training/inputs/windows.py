"""Matched windows as a training takes them in: cut from the frame, then preprocessed and cached as frames are."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.window_examples import FrameWindow, window_final, window_rows
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.inputs.frame_cache import SHAPE, FrameCache


def preprocessed_windows(
    windows: Sequence[FrameWindow], rows: Sequence[ManifestRow], recipe: Recipe, cache: Path, task: TaskContext
) -> tuple[list[ManifestRow], NDArray[np.uint8]]:
    """A row for each window of these frames (its own label and name; the frame's file, group and centre), and N x 224 x 224 x 3.

    Raises as `preprocessed`, and BadRequest for a window that does not lie within its frame.
    """
    chosen, frames = window_rows(windows, rows), FrameCache(cache, recipe)
    finals = np.empty((len(chosen), *SHAPE), np.uint8)
    for done, final in enumerate(in_threads(lambda one: _final(*one, recipe, frames), chosen)):
        finals[done] = final
        task.report(done + 1, len(chosen), "windows")
    return [replace(row, sha256=window.name, phash="", label=window.label) for window, row in chosen], finals


def _final(window: FrameWindow, row: ManifestRow, recipe: Recipe, cache: FrameCache) -> RGB:
    final = cache.get(window.name)
    if final is None:
        final = window_final(window, row, recipe)
        cache.put(window.name, final)
    return final
