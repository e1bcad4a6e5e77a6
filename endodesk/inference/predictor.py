"""Predictor: from a frame to probabilities and heat maps with one bundle."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Unreadable
from endodesk.domain.overrides import NO_OVERRIDES, NOTHING_GIVEN, FrameOverrides, Overrides
from endodesk.domain.recipes import Recipe
from endodesk.domain.reviews import Prediction
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.pipeline import StepResult, place_of_final, preprocess_placed
from endodesk.imaging.preprocessing.stage import Rectangle
from endodesk.imaging.reading.named_frame import read_named
from endodesk.inference.averaging import mean_heat, mean_probabilities, moved
from endodesk.inference.bundle import read_bundle
from endodesk.inference.network import Network, View
from endodesk.inference.proof import prove
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says of one frame, and what it takes to ask further."""

    probabilities: tuple[float, ...]
    views: tuple[View, ...]
    """What each network made of it, in the order of `Predictor.networks`."""

    @property
    def features(self) -> Floats:
        """7 x 7 x K of the first network."""
        return self.views[0].features


class Predictor:
    """A loaded bundle: one network, or several whose probabilities are averaged. Safe from several threads."""

    def __init__(self, folder: Path, *, threads: int = 1, task: TaskContext | None = None) -> None:
        """Read and prove the bundle, in a child process if it is new; `threads` is what one frame may use. BadBundle, Cancelled."""
        self.folder = folder
        self.bundle: ModelBundle = read_bundle(folder)
        prove(folder, self.bundle, task)
        classes = len(self.bundle.classes)
        self.networks = tuple(Network(folder, member, classes=classes, threads=threads) for member in self.bundle.networks)

    @property
    def one_recipe(self) -> bool:
        """Whether all networks see the frame as `bundle.recipe` shows it."""
        return all(network.member.recipe == self.bundle.recipe for network in self.networks)

    def answer(self, final: RGB) -> Answer:
        """For a frame preprocessed by `bundle.recipe` (224 x 224 x 3 uint8). BadRequest if a network needs another recipe."""
        if not self.one_recipe:
            raise BadRequest(f"The members of {self.bundle.name} preprocess frames differently: ask it about the frame as it was read.")
        return _together([network.view(final) for network in self.networks])

    def answer_frame(self, image: RGB, steps: Sequence[StepResult] | None = None, given: FrameOverrides = NOTHING_GIVEN) -> Answer:
        """For a frame as it was read (H x W x 3 uint8); `steps` are what `bundle.recipe` made of it, if they are there already.

        What is `given` by hand is not sought; `steps` were made with it too.
        """
        seen: dict[Recipe, tuple[RGB, Rectangle]] = {}
        if steps is not None:
            seen[self.bundle.recipe] = steps[-1].image, place_of_final(image, steps)
        for recipe in {network.member.recipe for network in self.networks} - seen.keys():  # members with one recipe share its pixels
            seen[recipe] = preprocess_placed(image, recipe, given)
        return _together([network.view(*seen[network.member.recipe]) for network in self.networks])

    def heat_map(self, answer: Answer, class_index: int) -> Floats:
        """7 x 7 in 0..1 over the frame as `bundle.recipe` shows it."""
        maps = [network.heat_map(view, class_index) for network, view in zip(self.networks, answer.views, strict=True)]
        first = answer.views[0].place
        for number, view in enumerate(answer.views):
            # places are unknown where preprocessed pixels were asked about
            if view.place and first and (view.place != first or maps[number].shape != maps[0].shape):
                maps[number] = moved(maps[number], view.place, first, maps[0].shape)
        return mean_heat(maps, [float(view.probabilities[class_index]) for view in answer.views])

    def predict_final(self, finals: NDArray[np.uint8]) -> Floats:
        """N x 224 x 224 x 3 frames preprocessed by `bundle.recipe` in, N x C probabilities out. BadRequest as `answer`."""
        rows = [self.answer(final).probabilities for final in finals]
        return np.array(rows, np.float32).reshape(-1, len(self.bundle.classes))

    def predict_file(self, path: Path, overrides: Overrides = NO_OVERRIDES) -> Prediction:
        """Read, name, preprocess and answer for one file; UnreadableImage if it cannot be read."""
        name, image, given, header = read_named(path, overrides)
        return Prediction(name, self.bundle.id, self.answer_frame(image, given=given).probabilities, given, header.pages)

    def predict_files(
        self, paths: Sequence[Path], *, workers: int, task: TaskContext | None = None, overrides: Overrides = NO_OVERRIDES
    ) -> Iterator[tuple[Path, Prediction | Unreadable]]:
        """All files in their order, `workers` at a time (each with one interpreter); unreadable ones with their reason."""
        task = task or TaskContext()

        def one(path: Path) -> Prediction | Unreadable:
            try:
                return self.predict_file(path, overrides)
            except UnreadableImage as error:
                return Unreadable(path, str(error))

        with closing(in_threads(one, paths, workers=workers)) as found:  # closed at once where the caller stops early
            for done, path in enumerate(paths):
                task.report(done, len(paths), path.name)
                yield path, next(found)
        task.report(len(paths), len(paths))


def _together(views: Sequence[View]) -> Answer:
    probabilities = mean_probabilities([view.probabilities for view in views])
    return Answer(tuple(float(p) for p in probabilities), tuple(views))
