"""Answers: what a bundle says of labelled frames, from the file through LiteRT and numpy."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from endodesk.domain.classes import ClassSet, merged
from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import Unreadable
from endodesk.domain.overrides import NO_OVERRIDES, Overrides
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.named_frame import read_named
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores, in_threads
from training.evaluation.scores import Numbers


@dataclass(frozen=True, slots=True)
class LabelledFrame:
    """A file with its label, the group that it is resampled with, and its centre, where one is named."""

    path: Path
    label: str
    group: str
    centre: str = ""


@dataclass(frozen=True, slots=True)
class Predictions:
    """A model's answers to labelled frames: the N that could be read, and the files that could not."""

    frames: tuple[LabelledFrame, ...]
    truth: NDArray[np.intp]
    """N, index of the label."""
    probabilities: Numbers
    """N x C, in the order of `classes`."""
    classes: ClassSet
    unreadable: tuple[Unreadable, ...]
    overrides: Overrides = NO_OVERRIDES
    """What held by hand of the frames when they were asked about."""
    places: tuple[int, ...] = ()
    """For each of the model's own classes its place in `classes`, where some of its words mean one class; empty where each is its own."""

    @property
    def groups(self) -> list[str]:
        """The group of each of `frames`, in their order: frames of one group are resampled together."""
        return [frame.group for frame in self.frames]

    @property
    def centres(self) -> list[str]:
        """The centre of each of `frames`, in their order; empty where it has no name."""
        return [frame.centre for frame in self.frames]


def answer_frames(
    predictor: Predictor,
    frames: Sequence[LabelledFrame],
    task: TaskContext | None = None,
    overrides: Overrides = NO_OVERRIDES,
    class_of: Callable[[str], str] = str,
    hide: Callable[[RGB], RGB] | None = None,
) -> Predictions:
    """Ask a loaded bundle about files with labels of its own classes; unreadable files are told and do not count. Cancelled.

    `class_of` tells the class that a word of the bundle means, if labels have other words; those that mean one are summed. With `hide`
    it is asked about what that leaves of the preprocessed frames (224 x 224 x 3); BadRequest if its networks see them differently.
    """
    paths, task = [frame.path for frame in frames], task or TaskContext()
    if hide:
        return _held_against(frames, _answers_hidden(predictor, paths, task, overrides, hide), predictor, overrides, class_of)
    found = predictor.predict_files(paths, workers=cores(), task=task, overrides=overrides)
    answers = (said if isinstance(said, Unreadable) else said.probabilities for _, said in found)
    return _held_against(frames, answers, predictor, overrides, class_of)


def answer_features(
    predictor: Predictor,
    frames: Sequence[LabelledFrame],
    features: Floats,
    unreadable: Mapping[Path, str],
    overrides: Overrides = NO_OVERRIDES,
    class_of: Callable[[str], str] = str,
) -> Predictions:
    """As `answer_frames`, by what the bundle's one backbone saw of the frames: N x K pooled features.

    Those of `unreadable` files, each with its reason, are told and do not count.
    """
    with threadpool_limits(1):  # the same sums in the same order, however many cores there are: a proof is held to their last digit
        rows = predictor.networks[0].head.probabilities(features)
    answers: list[Sequence[float] | Unreadable] = [
        Unreadable(frame.path, unreadable[frame.path]) if frame.path in unreadable else row
        for frame, row in zip(frames, rows.tolist(), strict=True)
    ]
    return _held_against(frames, answers, predictor, overrides, class_of)


def _held_against(
    frames: Sequence[LabelledFrame],
    answers: Iterable[Sequence[float] | Unreadable],
    predictor: Predictor,
    overrides: Overrides,
    class_of: Callable[[str], str],
) -> Predictions:
    """Answers in the order of the frames, in the words of their labels."""
    names, places = merged(predictor.bundle.classes, class_of)
    classes = ClassSet(names)
    read, probabilities, unreadable = [], [], []
    for frame, answer in zip(frames, answers, strict=True):
        if isinstance(answer, Unreadable):
            unreadable.append(answer)
        else:
            read.append(frame)
            probabilities.append(np.bincount(places, answer))
    truth = np.array([classes.index(frame.label) for frame in read], np.intp)
    table = np.array(probabilities, np.float64).reshape(-1, len(classes))  # also if none could be read
    joined = places if len(classes) < len(places) else ()
    return Predictions(tuple(read), truth, table, classes, tuple(unreadable), overrides, joined)


def _answers_hidden(
    predictor: Predictor, paths: Sequence[Path], task: TaskContext, overrides: Overrides, hide: Callable[[RGB], RGB]
) -> Iterator[Sequence[float] | Unreadable]:
    def one(path: Path) -> Sequence[float] | Unreadable:
        try:
            _, image, given, _ = read_named(path, overrides)
        except UnreadableImage as error:
            return Unreadable(path, str(error))
        return predictor.answer(hide(preprocess(image, predictor.bundle.recipe, given))).probabilities

    with closing(in_threads(one, paths, workers=cores())) as found:  # closed at once where the caller stops early
        for done, path in enumerate(paths):
            task.report(done, len(paths), path.name)
            yield next(found)
    task.report(len(paths), len(paths))
