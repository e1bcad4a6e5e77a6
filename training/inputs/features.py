"""Features: frames through the frozen part of the backbone, by LiteRT in threads, as many times faster than Keras as it is."""

import queue
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from endodesk.imaging.pixels import RGB
from endodesk.inference.backbone import Backbone
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores, in_threads
from training.inputs.batches import Inputs
from training.inputs.examples import Examples

if TYPE_CHECKING:  # a quick update goes without the library of augmentations
    from training.inputs.augment import Augmenter


class Stem:
    """What lies below the trained layers. Safe from several threads: each call borrows one of a few interpreters."""

    def __init__(self, path: Path | None, *, pooled: bool = False, workers: int = 0) -> None:
        """`path` is a LiteRT file, or None to hand frames through as they are; `pooled` averages the feature map."""
        self._pooled = pooled
        self._free: queue.SimpleQueue[Backbone] | None = None
        if path is not None:
            self._free = queue.SimpleQueue()
            for _ in range(workers or cores()):
                self._free.put(Backbone(path))

    def __call__(self, final: RGB) -> Inputs:
        """224 x 224 x 3 uint8 in; float32 features (R x C x K, or K if pooled) out, or the frame as it is."""
        if self._free is None:
            return final
        backbone = self._free.get()
        try:
            features = backbone.features(final[None])[0]
        finally:
            self._free.put(backbone)
        return np.asarray(features.mean(axis=(0, 1)) if self._pooled else features, np.float32)


class Views:
    """What the trained layers get to see of some frames: augmented or not, through the stem."""

    def __init__(self, examples: Examples, stem: Stem, augmenter: "Augmenter | None" = None) -> None:
        """Without an augmenter every view is the frame itself."""
        self.examples, self._stem, self._augmenter = examples, stem, augmenter

    def one(self, index: int, view: int) -> Inputs:
        """What the trained layers see of frame `index` in its view number `view`: features, or the frame itself if there is no stem."""
        final = self.examples.finals[index]
        if self._augmenter is not None:
            final = self._augmenter(final, frame=self.examples.rows[index].sha256, view=view)
        return self._stem(final)

    def some(self, indices: Iterable[int], views: Iterable[int]) -> Inputs:
        """A batch of frames and the view of each, in the caller's thread."""
        return stacked([self.one(int(index), int(view)) for index, view in zip(indices, views, strict=True)])

    def all(self, view: int, task: TaskContext, text: str = "features") -> Inputs:
        """One view of every frame, N x what the stem gives; made in threads, with progress. Cancelled by the task."""
        found: list[Inputs] = []
        for features in in_threads(lambda index: self.one(index, view), range(len(self.examples))):
            found.append(features)
            task.report(len(found), len(self.examples), text)
        return stacked(found)


class KeptViews:
    """Views that are made once, when they are first asked for."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._made: dict[tuple[int, int], Inputs] = {}

    def make(self, asked: Iterable[tuple[int, int]], task: TaskContext, text: str) -> None:
        """See to it that these (frame, view) are there; in threads, with progress."""
        missing = [pair for pair in dict.fromkeys(asked) if pair not in self._made]  # asked for twice, it is made once
        for done, features in enumerate(in_threads(lambda pair: self._views.one(*pair), missing), 1):
            self._made[missing[done - 1]] = features
            task.report(done, len(missing), text)

    def some(self, asked: Iterable[tuple[int, int]]) -> Inputs:
        """N x ..., in the caller's thread; several may be at it."""
        return stacked([self._one(pair) for pair in asked])

    def _one(self, pair: tuple[int, int]) -> Inputs:
        if (made := self._made.get(pair)) is None:
            made = self._made[pair] = self._views.one(*pair)  # two threads may make it at once: both make the same
        return made


def stacked(arrays: Sequence[Inputs]) -> Inputs:
    """N arrays of one shape as one array, N x that shape."""
    return cast("Inputs", np.stack(arrays))  # numpy's types lose the number format
