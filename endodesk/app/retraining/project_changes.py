"""Where a new model answers otherwise than the active one, over all frames of the project: labelled or not, learnt from or not."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from endodesk.app.answers.probability_table import Probabilities
from endodesk.app.frames.active_overrides import CurrentFeatures
from endodesk.app.frames.frame_list import FrameEntry
from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import active_bundle
from endodesk.app.project.project_runs import frames_learnt_here
from endodesk.app.queues.queue_snapshot import QueueSnapshot, each_once, label_in, readable_rows
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, Unreadable
from endodesk.domain.overrides import Overrides
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores

_BLOCK = 4096
"""Frames whose features are in memory at once: 10 MB."""


class Outcome(IntEnum):
    """What another answer means; in the order in which cards stand."""

    BROKEN = 0
    """The active model said the label, the new one does not."""
    CHANGED = 1
    """Neither says the label, or there is none."""
    MENDED = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A frame that the two models answer otherwise."""

    file: str
    image: Sha256
    label: str
    """Empty where there is none."""
    new: str
    """The new model's answer."""
    old: str

    @property
    def outcome(self) -> Outcome:
        """By the label."""
        return Outcome.MENDED if self.new == self.label else Outcome.BROKEN if self.old == self.label else Outcome.CHANGED


@dataclass(frozen=True, slots=True)
class ProjectChanges:
    """What came of asking both models about all frames."""

    n: int
    """Frames that both have answered."""
    labelled: int
    """How many of these have a label."""
    changes: tuple[Change, ...]
    """Broken, then changed, then mended."""
    counts: Mapping[Outcome, int]
    """How many came out so."""
    notes: tuple[str, ...]
    """What did not count, and what makes a model look too good, a sentence each."""


# Why: docs/decisions/app.md 51
def changes_in_project(taken: QueueSnapshot, overrides: Overrides, folder: Path, task: TaskContext) -> ProjectChanges:
    """Of the active model's answers, as the window knows them, and those of the bundle in `folder`; by the project's classes. For a job.

    Each content once, those set aside left out. What is not known is asked: from features where both models share what makes them, else
    from the file. BadRequest without an active model, and while answers are kept from the reader; BadBundle; Cancelled.
    """
    if taken.blind:
        raise BadRequest(tr("What models say is kept from you. Turn View > Blind first off to see where they differ."))
    if taken.bundle is None or (active := active_bundle(taken.project)) is None:
        raise BadRequest(tr("There is no active model to compare with."))
    once = each_once(taken, readable_rows(taken, task))
    entries = [entry for _, entry in once.values()]
    new = Predictor(folder, task=task)
    old_values = taken.answers.of(list(once))
    missing = np.flatnonzero(np.isnan(old_values[:, 0])) if len(once) else np.empty(0, np.intp)
    total = len(entries) + len(missing)
    features = taken.features if new.bundle.sees_as(taken.bundle) else None
    new_values = _ask(new, entries, features, overrides, task.part(0, max(1, total)))
    if len(missing):
        old = Predictor(active.folder, task=task)
        asked = [entries[place] for place in missing.tolist()]
        old_values[missing] = _ask(old, asked, taken.features, overrides, task.part(len(entries), total))
    return _held(taken, entries, _said(taken, new.bundle, new_values), _said(taken, taken.bundle, old_values), new.bundle)


def _ask(
    predictor: Predictor, entries: Sequence[FrameEntry], features: CurrentFeatures | None, overrides: Overrides, task: TaskContext
) -> NDArray[np.float32]:
    """N x C; NaN for a frame that cannot be read, or holds something else by now."""
    values = np.full((len(entries), len(predictor.bundle.classes)), np.nan, np.float32)
    images = [entry.sha256 for entry in entries if entry.sha256]
    if features and len(predictor.networks) == 1:
        # Why: docs/decisions/app.md 26
        with threadpool_limits(1, "blas"):
            for start in range(0, len(entries), _BLOCK):
                task.report(start, len(entries), "comparing")
                kept = features.get(images[start : start + _BLOCK])
                known = np.flatnonzero(~np.isnan(kept[:, 0]))
                values[start + known] = predictor.networks[0].head.probabilities(kept[known].astype(np.float32))
    rest: list[int] = np.flatnonzero(np.isnan(values[:, 0])).tolist()
    paths, piece = [entries[place].path for place in rest], task.part(len(entries) - len(rest), len(entries))
    # one core less than there are: the reader goes on working meanwhile
    found = predictor.predict_files(paths, workers=max(1, cores() - 1), task=piece, overrides=overrides)
    for place, (_, said) in zip(rest, found, strict=True):
        if not isinstance(said, Unreadable) and said.image == images[place]:
            values[place] = said.probabilities
    return values


def _said(taken: QueueSnapshot, bundle: ModelBundle, values: NDArray[np.float32]) -> list[str]:
    """Each frame's class, as the project calls it; empty where there is no answer."""
    images = [Sha256(str(place)) for place in range(len(values))]
    table = Probabilities(bundle.classes.names, {image: place for place, image in enumerate(images)}, values).in_classes(taken.classes)
    joined = table.of(images)
    known = ~np.isnan(joined[:, 0]) if len(joined) else np.empty(0, np.bool_)
    answers = np.where(known[:, None], joined, 0).argmax(axis=1) if len(joined) else np.empty(0, np.intp)
    return [table.classes[answer] if there else "" for answer, there in zip(answers, known, strict=True)]


def _held(
    taken: QueueSnapshot, entries: Sequence[FrameEntry], new: Sequence[str], old: Sequence[str], bundle: ModelBundle
) -> ProjectChanges:
    counted = [(entry, label_in(taken, entry), one, other) for entry, one, other in zip(entries, new, old, strict=True) if one and other]
    changes = [
        Change(entry.place, entry.sha256, label, one, other) for entry, label, one, other in counted if one != other and entry.sha256
    ]
    notes = []
    if gone := len(entries) - len(counted):
        notes.append(tr("Frames that do not count, since they could not be read, or hold something else by now: {n:,}.").format(n=gone))
    known = [set(map(taken.classes.class_of, model.classes)) for model in (bundle, taken.bundle) if model]
    if foreign := sum(bool(label) and not all(label in classes for classes in known) for _, label, _, _ in counted):
        notes.append(tr("Frames with a label that one of the models cannot say: {n:,}.").format(n=foreign))
    for model in (bundle, taken.bundle):
        with contextlib.suppress(BadRequest):  # a damaged list of an old run is told by whoever needs it
            learnt = frames_learnt_here(taken.project, model) if model else set()
            if model and (n := sum(entry.sha256 in learnt for entry, *_ in counted)):
                told = tr("{model} has learnt from some of these frames ({n:,}): its figures are too good.")
                notes.append(told.format(model=model.name, n=n))
    changes.sort(key=lambda change: (change.outcome, change.label, change.file))
    counts = Counter(change.outcome for change in changes)
    labelled = sum(bool(label) for _, label, _, _ in counted)
    return ProjectChanges(len(counted), labelled, tuple(changes), {outcome: counts[outcome] for outcome in Outcome}, tuple(notes))
