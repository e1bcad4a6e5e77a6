"""ProbabilityTable: what the active model said, by frame, as one matrix."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats


class ProbabilityTable:
    """Probabilities of many frames, in the class order of one model. One thread writes, any may ask."""

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.classes = tuple(classes)
        self._place: dict[Sha256, int] = {}
        self._used = 0
        self._values = np.full((64, len(self.classes)), np.nan, np.float32)

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, image: Sha256 | None) -> bool:
        return image in self._place

    def put(self, images: Sequence[Sha256], probabilities: Floats) -> None:
        """N frames and N x C; a frame's earlier answer gives way."""
        while self._used + len(images) > len(self._values):  # first: another thread may ask for a frame as soon as it has a place
            self._values = np.concatenate([self._values, np.full_like(self._values, np.nan)])
        self._values[[self._place_of(image) for image in images]] = probabilities

    def drop(self, images: Iterable[Sha256]) -> None:
        """As if the model had not been asked; their places stay empty."""
        for image in images:
            self._place.pop(image, None)

    def _place_of(self, image: Sha256) -> int:
        place = self._place.setdefault(image, self._used)
        self._used += place == self._used
        return place

    def get(self, image: Sha256 | None) -> Floats | None:
        """C probabilities; None if the model was not asked yet."""
        place = self._place.get(image) if image else None
        return None if place is None else self._values[place]

    def of(self, images: Sequence[Sha256 | None]) -> NDArray[np.float32]:
        """N x C in the order of the images; NaN where there is no answer."""
        places = np.array([self._place.get(image, -1) if image else -1 for image in images], np.intp)
        found = np.full((len(places), len(self.classes)), np.nan, np.float32)
        found[places >= 0] = self._values[places[places >= 0]]
        return found
