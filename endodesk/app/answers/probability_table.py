"""ProbabilityTable: what the active model said, by frame, as one matrix; Probabilities: the same, frozen, for jobs."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import merged
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.imaging.pixels import Floats
from endodesk.system.threads import main_thread_only


class Probabilities:
    """Probabilities of many frames, in the class order of one model. Any thread may read it; nobody changes it."""

    def __init__(self, classes: Sequence[str], places: dict[Sha256, int], values: NDArray[np.float32]) -> None:
        """`values` is M x C, M at least as many as there are places."""
        self.classes, self._place, self._values = tuple(classes), places, values

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, image: Sha256 | None) -> bool:
        return image in self._place

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

    def in_classes(self, label_set: LabelSet) -> "Probabilities":
        """The same by the project's classes: those of the model's that mean one class count together."""
        classes, places = merged(self.classes, label_set.class_of)
        if len(classes) == len(self.classes):
            return Probabilities(classes, self._place, self._values)
        values = np.zeros((len(classes), len(self._values)), np.float32)
        np.add.at(values, list(places), self._values.T)
        return Probabilities(classes, self._place, values.T)


class AnswerInClasses:
    """What a model's probabilities come to, in the project's classes. Made once for many frames: microseconds for each."""

    def __init__(self, label_set: LabelSet, classes: Sequence[str]) -> None:
        """`classes` are the model's, in the order of its probabilities."""
        self.label_set = label_set
        self.names, self._place_of_word = merged(classes, label_set.class_of)
        """The project's classes that the model's mean, each once, in its order; and the place of each of the model's among them."""
        self._places = None if len(self.names) == len(self._place_of_word) else np.array(self._place_of_word)

    def of(self, probabilities: Floats | Sequence[float]) -> tuple[str, float]:
        """The class that it takes a frame for, and how probable it says that is; what means one class counts together."""
        summed = self.sums(probabilities)
        best = int(summed.argmax())
        return self.names[best], float(summed[best])

    def sums(self, probabilities: Floats | Sequence[float]) -> NDArray[np.floating[Any]]:
        """The probability of each of the `names`."""
        return np.asarray(probabilities) if self._places is None else np.bincount(self._places, probabilities).astype(np.float64)

    def words(self, place: int) -> list[int]:
        """The model's classes, as places in its order, that mean the name at this place."""
        return [word for word, name in enumerate(self._place_of_word) if name == place]

    def strongest(self, probabilities: Sequence[float], place: int | None = None) -> int:
        """Of the model's classes that mean the name at this place (None: its answer) the likeliest: whose heat map stands for them."""
        place = int(self.sums(probabilities).argmax()) if place is None else place
        return max(self.words(place), key=probabilities.__getitem__)


class ProbabilityTable(Probabilities):
    """The live one: written on the main thread, as answers come in; jobs get a `snapshot`."""

    def __init__(self, classes: Sequence[str] = ()) -> None:
        super().__init__(classes, {}, np.full((64, len(classes)), np.nan, np.float32))
        self._used = 0

    @main_thread_only
    def snapshot(self) -> Probabilities:
        """What is known now; a few milliseconds for 100,000 frames."""
        return Probabilities(self.classes, self._place.copy(), self._values[: self._used].copy())

    @main_thread_only
    def put(self, images: Sequence[Sha256], probabilities: Floats) -> None:
        """N frames and N x C; a frame's earlier answer gives way."""
        while self._used + len(images) > len(self._values):  # doubled, so that 100,000 frames are copied eleven times in all
            self._values = np.concatenate([self._values, np.full_like(self._values, np.nan)])
        self._values[[self._place_of(image) for image in images]] = probabilities

    @main_thread_only
    def drop(self, images: Iterable[Sha256]) -> None:
        """Forget the answers of frames, as if the model had not been asked; their places in the matrix stay empty."""
        for image in images:
            self._place.pop(image, None)

    def _place_of(self, image: Sha256) -> int:
        place = self._place.setdefault(image, self._used)
        self._used += place == self._used
        return place
