"""Predictor: from a frame to probabilities and heat maps with one bundle."""

import itertools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, UnreadableImage
from endodesk.domain.images import Unreadable
from endodesk.domain.reviews import Prediction
from endodesk.domain.ticket import Ticket
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.read import decode_image, read_bytes
from endodesk.imaging.recipes import preprocess
from endodesk.inference.backbone import Backbone
from endodesk.inference.bundle import read_bundle
from endodesk.inference.head import Head


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says of one frame, and what it takes to ask further."""

    probabilities: tuple[float, ...]
    features: Floats
    """7 x 7 x K, for heat maps of any class."""


class Predictor:
    """A loaded bundle. Safe from several threads: each gets an interpreter of its own."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Read and prove the bundle; `threads` is what one frame may use. Raises BadBundle."""
        self.folder = folder
        self.bundle: ModelBundle = read_bundle(folder)
        self.head = Head.load(folder / "head.npz", self.bundle.temperature)
        self._threads = threads
        self._local = threading.local()
        if self.head.classes != len(self.bundle.classes) or self._backbone.channels != self.head.dense_kernel.shape[0]:
            raise BadBundle(f"The model in {folder.name} does not fit its own class list or backbone.")

    @property
    def _backbone(self) -> Backbone:
        if not hasattr(self._local, "backbone"):
            self._local.backbone = Backbone(self.folder / "backbone.tflite", threads=self._threads)
        return self._local.backbone  # type: ignore[no-any-return]

    def answer(self, final: RGB) -> Answer:
        """For a preprocessed frame (224 x 224 x 3 uint8)."""
        features = self._backbone.features(final[None])
        probabilities = self._probabilities(features.mean(axis=(1, 2)))[0]
        return Answer(tuple(float(p) for p in probabilities), features[0])

    def heat_map(self, answer: Answer, class_index: int) -> Floats:
        """7 x 7 in 0..1 over the preprocessed frame."""
        return self.head.heat_map(answer.features, class_index)

    def predict_final(self, finals: NDArray[np.uint8]) -> Floats:
        """N x 224 x 224 x 3 preprocessed frames in, N x C probabilities out."""
        pooled = [self._backbone.features(final[None]).mean(axis=(1, 2))[0] for final in finals]
        return self._probabilities(np.stack(pooled)) if pooled else np.empty((0, self.head.classes), np.float32)

    def _probabilities(self, pooled: Floats) -> Floats:
        probabilities = self.head.probabilities(pooled)
        if not np.isfinite(probabilities).all():
            raise BadBundle(f"The model in {self.folder.name} gives no numbers for a frame; its weights are damaged.")
        return probabilities

    def predict_file(self, path: Path) -> Prediction:
        """Read, name, preprocess and answer for one file; UnreadableImage if it cannot be read."""
        data = read_bytes(path)
        final = preprocess(decode_image(data, path.name), self.bundle.recipe)
        return Prediction(sha256_bytes(data), self.bundle.id, self.answer(final).probabilities)

    def predict_files(
        self, paths: Sequence[Path], *, workers: int, ticket: Ticket | None = None
    ) -> Iterator[tuple[Path, Prediction | Unreadable]]:
        """All files in their order, `workers` at a time (each with one interpreter); unreadable ones with their reason."""
        ticket = ticket or Ticket()

        def one(path: Path) -> Prediction | Unreadable:
            try:
                return self.predict_file(path)
            except UnreadableImage as error:
                return Unreadable(path, str(error))

        with ThreadPoolExecutor(workers, thread_name_prefix="predict") as pool:
            waiting: list[Future[Prediction | Unreadable]] = []
            todo = iter(paths)
            try:
                for done, path in enumerate(paths):
                    waiting += [pool.submit(one, following) for following in itertools.islice(todo, 4 * workers - len(waiting))]
                    ticket.report(done, len(paths), path.name)
                    yield path, waiting.pop(0).result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)  # who stops early need not wait for what was queued
        ticket.report(len(paths), len(paths))
