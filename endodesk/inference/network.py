"""Network: a loaded member of a bundle, from a preprocessed frame to probabilities and a heat map."""

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from endodesk.domain.errors import BadBundle
from endodesk.domain.member_networks import Member
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.stage import Rectangle
from endodesk.inference.backbone import Backbone
from endodesk.inference.head import Head


@dataclass(frozen=True, slots=True)
class View:
    """What one network made of one frame, and what it takes to ask further."""

    probabilities: Floats
    """One of each class, C in all, summing to 1."""
    features: Floats
    """R x C x K, for heat maps of any class."""
    place: Rectangle | None = None
    """Where its input lies in the frame; None where that was not asked for."""


class Network:
    """Backbone and head. Safe from several threads: each gets an interpreter of its own."""

    def __init__(self, folder: Path, member: Member, *, classes: int, threads: int) -> None:
        """From a proven bundle's folder; BadBundle if it cannot be run, or does not answer for so many classes."""
        self.member = member
        self.head = Head.load(folder / member.head_file, member.temperature)
        self._folder, self._threads, self._local = folder, threads, threading.local()
        # reads the backbone now: a model that cannot be run is told when it is opened
        if self.head.classes != classes or self._backbone.channels != self.head.dense_kernel.shape[0]:
            raise BadBundle(f"The model in {folder.name} does not fit its own class list or backbone.")

    @property
    def operations(self) -> frozenset[str]:
        """What its backbone is made of, by LiteRT's names."""
        return self._backbone.operations

    @property
    def _backbone(self) -> Backbone:
        if not hasattr(self._local, "backbone"):
            # an interpreter runs one frame at a time
            self._local.backbone = Backbone(self._folder / self.member.backbone_file, threads=self._threads)
        return self._local.backbone  # type: ignore[no-any-return]

    def view(self, final: RGB, place: Rectangle | None = None) -> View:
        """For a preprocessed frame (224 x 224 x 3 uint8). BadBundle if its weights give no numbers."""
        features = self._backbone.features(final[None])
        probabilities = self.head.probabilities(features.mean(axis=(1, 2)))[0]
        if not np.isfinite(probabilities).all():
            raise BadBundle(f"The model in {self._folder.name} gives no numbers for a frame; its weights are damaged.")
        return View(probabilities, features[0], place)

    def heat_map(self, view: View, class_index: int) -> Floats:
        """R x C in 0..1 over its own input."""
        return self.head.heat_map(view.features, class_index)
