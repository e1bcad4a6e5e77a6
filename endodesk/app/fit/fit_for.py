"""Will it work here? What is to be expected of the active model on a folder's frames, and what labels of some of them measure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from endodesk.app.fit.choice import FRAMES, SEED, choose
from endodesk.app.fit.chosen_frames import ChosenFrames, chosen_of, keep_chosen
from endodesk.app.fit.distance import share_far
from endodesk.app.fit.estimate import ClassFit, estimated
from endodesk.app.fit.measured import ClassMeasured, measured
from endodesk.app.language import tr
from endodesk.app.project.project_runs import learnt_here
from endodesk.app.queues.queue_snapshot import QueueSnapshot, gather, label_in
from endodesk.app.queues.queues import QueueInput
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.system.collector import collector_paused
from endodesk.system.task import TaskContext

_OTHERS = 0.05
"""Share of frames that may have come or gone since some were chosen."""
FEWEST_FRAMES = 20
"""Of fewer nothing is estimated: a look at each says more."""


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """A frame to be labelled, as the gallery knows it."""

    row: int
    image: Sha256
    label: str
    """Empty until a reader, or its folder, says one."""
    unfit: bool
    """Set aside: it stands for others that cannot be judged, and counts for nothing."""

    @property
    def done(self) -> bool:
        """Whether nothing is left to be done with it."""
        return bool(self.label) or self.unfit


@dataclass(frozen=True, slots=True)
class FolderFit:
    """What is to be expected of a model in a folder."""

    model: ModelBundle
    frames: int
    """Frames that it has answered, without those that it has learnt from."""
    unanswered: int
    learnt: int
    """Frames of the folder that it is known to have learnt from."""
    knows_learnt: bool
    """Whether all that it has learnt from is known here."""
    far: float | None
    """Share that lies farther from what it has learnt than 95 % of that from each other; None where that is not known."""
    classes: tuple[ClassFit, ...]
    rows: tuple[ChosenRow, ...]
    """Frames that were chosen to be labelled, in their order; empty where none were."""
    seed: int
    """By which they were chosen; 0 where none were."""
    chosen_among: int
    """How many frames they were chosen among; 0 where none were."""
    measured: tuple[ClassMeasured, ...]
    """Of the classes, in their order; empty until all chosen frames are dealt with, or where they stand for others than these."""

    @property
    def done(self) -> int:
        """Chosen frames that have a label, or are set aside."""
        return sum(row.done for row in self.rows)

    @property
    def outdated(self) -> bool:
        """Whether frames were chosen, but among others than these: some may have been set aside or answered since, and change nothing."""
        return bool(self.rows) and not _alike(self.chosen_among, self.frames, len(self.rows))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The frames that count."""

    given: QueueInput
    places: NDArray[np.intp]
    said: Floats
    images: tuple[Sha256, ...]
    meant: NDArray[np.bool_]
    """Of all frames those that are asked about, answered and learnt from or not."""


# Why: docs/decisions/evaluation.md 19
def fit_for(taken: QueueSnapshot, task: TaskContext, only: Set[Sha256] | None = None) -> FolderFit:
    """Of all frames that have an answer by now, and are not among those the model has learnt from; or `only` of these. For a job.

    BadRequest if there is no model, or too few frames are answered; Cancelled.
    """
    bundle = _model_of(taken)
    with collector_paused():
        asked = _asked(taken, task, only)
    given, said = asked.given, asked.said
    chosen = chosen_of(taken.project, bundle.id, tuple(given.classes))
    rows = _rows(taken, chosen, task) if chosen else ()
    answered = ~np.isnan(given.probabilities[:, 0])
    return FolderFit(
        model=bundle,
        frames=len(asked.places),
        unanswered=int((asked.meant & ~answered).sum()),
        learnt=int((asked.meant & given.trained).sum()),
        knows_learnt=learnt_here(taken.project, bundle),
        far=_far(asked, bundle, task),
        classes=tuple(estimated(name, said, place) for place, name in enumerate(given.classes)),
        rows=rows,
        seed=chosen.seed if chosen else 0,
        chosen_among=sum(chosen.choice.sizes) if chosen else 0,
        measured=_measured(asked, chosen, rows) if chosen else (),
    )


def choose_frames(
    taken: QueueSnapshot, task: TaskContext, only: Set[Sha256] | None = None, *, most: int = FRAMES, seed: int = SEED
) -> ChosenFrames:
    """Choose the frames that would tell most, and keep the choice in the project. For a job; raises as `fit_for`, and EndoDeskError."""
    bundle = _model_of(taken)
    with collector_paused():
        asked = _asked(taken, task, only)
    choice = choose(asked.said, asked.given.groups[asked.places], task, most=most, seed=seed)
    images = tuple(asked.images[frame.place] for frame in choice.frames)
    frames = tuple(replace(frame, place=place) for place, frame in enumerate(choice.frames))
    chosen = ChosenFrames(bundle.id, tuple(asked.given.classes), replace(choice, frames=frames), images, seed)
    keep_chosen(taken.project, chosen)
    return chosen


def _model_of(taken: QueueSnapshot) -> ModelBundle:
    if taken.bundle is None:
        raise BadRequest(tr("There is no model: choose one under Model > Models, and wait until it has answered."))
    return taken.bundle


def _asked(taken: QueueSnapshot, task: TaskContext, only: Set[Sha256] | None) -> _Asked:
    given = gather(taken, task)
    named = [taken.frames.sha256s[row] or Sha256("") for row in given.rows.tolist()]
    meant = np.ones(len(given), np.bool_) if only is None else np.fromiter((image in only for image in named), np.bool_, len(named))
    counts = meant & ~given.trained & ~np.isnan(given.probabilities[:, 0]) if len(given.classes) else np.zeros(len(given), np.bool_)
    places = np.flatnonzero(counts)
    if len(places) < FEWEST_FRAMES:
        told = tr("Too few frames are answered by now that the model has not learnt from: {n:,}; {least} are needed.")
        raise BadRequest(told.format(n=len(places), least=FEWEST_FRAMES))
    return _Asked(given, places, given.probabilities[places], tuple(named[place] for place in places.tolist()), meant)


def _far(asked: _Asked, bundle: ModelBundle, task: TaskContext) -> float | None:
    features = asked.given.features
    if not features.shape[1]:
        return None
    from threadpoolctl import threadpool_limits

    seen = asked.places[np.isfinite(features[asked.places]).all(axis=1)]
    # Why: docs/decisions/app.md 26
    with threadpool_limits(1, "blas"):
        return share_far(asked.given, seen, bundle, task)


def _rows(taken: QueueSnapshot, chosen: ChosenFrames, task: TaskContext) -> tuple[ChosenRow, ...]:
    """Chosen frames that are still in the folder."""
    wanted, first = set(chosen.images), dict[Sha256, int]()
    for row, image in enumerate(taken.frames.sha256s):
        if row % 10_000 == 0:
            task.raise_if_cancelled()
        if image in wanted:
            first.setdefault(image, row)
    found = []
    for image in chosen.images:
        if (at := first.get(image)) is not None:
            entry, marks = taken.frames[at], taken.reviews.marks_of(image)
            found.append(ChosenRow(at, image, label_in(taken, entry), bool(marks.unfit or entry.unreadable)))
    return tuple(found)


def _measured(asked: _Asked, chosen: ChosenFrames, rows: Sequence[ChosenRow]) -> tuple[ClassMeasured, ...]:
    """What the labels say, once all frames are dealt with; nothing before: who stops where it looks good would measure that."""
    if not rows or not all(row.done for row in rows) or not _alike(sum(chosen.choice.sizes), len(asked.places), len(rows)):
        return ()
    classes, choice = chosen.classes, chosen.choice
    of_image = {row.image: row for row in rows}
    labels = [_label_of(of_image.get(image), classes) for image in chosen.images]
    called = asked.said.argmax(axis=1)
    of_called = [asked.said[called == place] for place in choice.called]
    said = np.stack([(own if len(own) else asked.said).mean(axis=0) for own in of_called])
    return tuple(measured(choice, labels, said, place) for place in range(len(classes)))


def _alike(among: int, frames: int, chosen: int) -> bool:
    return abs(among - frames) <= max(chosen, _OTHERS * among)


def _label_of(row: ChosenRow | None, classes: Sequence[str]) -> int | None:
    """As `measured` takes it; a frame that is gone is as one that is set aside."""
    if row is None or row.unfit:
        return None
    return classes.index(row.label) if row.label in classes else -1
