"""Answers: what a bundle says of labelled frames, from the file through LiteRT and numpy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet, merged
from endodesk.domain.images import Unreadable
from endodesk.domain.overrides import NO_OVERRIDES, Overrides
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores
from training.evaluation.scores import Numbers


@dataclass(frozen=True, slots=True)
class LabelledFrame:
    """A file with its label, and the group that it is resampled with."""

    path: Path
    label: str
    group: str


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


def answer_frames(
    predictor: Predictor,
    frames: Sequence[LabelledFrame],
    task: TaskContext | None = None,
    overrides: Overrides = NO_OVERRIDES,
    class_of: Callable[[str], str] = str,
) -> Predictions:
    """Ask a loaded bundle about files with labels of its own classes; unreadable files are told and do not count. Cancelled.

    `class_of` tells the class that a word of the bundle means, if labels have other words; those that mean one are summed.
    """
    names, places = merged(predictor.bundle.classes, class_of)
    classes = ClassSet(names)
    read, probabilities, unreadable = [], [], []
    answers = predictor.predict_files([frame.path for frame in frames], workers=cores(), task=task, overrides=overrides)
    for frame, (_, prediction) in zip(frames, answers, strict=True):
        if isinstance(prediction, Unreadable):
            unreadable.append(prediction)
        else:
            read.append(frame)
            probabilities.append(np.bincount(places, prediction.probabilities))
    truth = np.array([classes.index(frame.label) for frame in read], np.intp)
    table = np.array(probabilities, np.float64).reshape(-1, len(classes))  # also if none could be read
    joined = places if len(classes) < len(places) else ()
    return Predictions(tuple(read), truth, table, classes, tuple(unreadable), overrides, joined)
