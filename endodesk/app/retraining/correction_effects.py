"""What each correction did: which trainings used it, in which part, and which frames a model answers otherwise, or less surely, for it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from endodesk.app.answers.classifier import pooled
from endodesk.app.frames.active_overrides import CurrentFeatures
from endodesk.app.frames.frame_list import FrameEntry
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import CANDIDATE, trained_here
from endodesk.app.queues.queue_snapshot import QueueSnapshot, each_once, label_in, readable_rows
from endodesk.app.retraining.least_squares import LeastSquaresHead
from endodesk.dataset.manifest import ManifestRow, read_manifest
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import Overrides
from endodesk.imaging.pixels import Floats
from endodesk.imaging.reading.named_frame import read_named
from endodesk.inference.head import Head, softmax
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores, in_threads
from training.plan.run_folder import BUNDLE, MANIFEST

MOVED = 0.01
"""A frame counts as moved from such a difference of a class' score on: one point of a hundred."""
_MOST_MOVED = 24
"""Frames kept for each correction: those that it moved most."""
_BLOCK_NUMBERS = 4_000_000
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class MovedFrame:
    """A frame whose scores a correction changed."""

    file: str
    image: Sha256
    label: str
    """As the model learnt or was measured by it; empty where it was not in the training."""
    towards: str
    """The class that gained most."""
    points: float
    """How much that class gained, of 100."""
    answer: str
    """What the model says."""
    without: str
    """What it would say without the correction."""


@dataclass(frozen=True, slots=True)
class CorrectionEffect:
    """A label that a reader gave otherwise than the class folder, or where that says nothing, as a training took it."""

    file: str
    image: Sha256
    label: str
    before: str
    """What the class folder says; empty if it is no class."""
    part: str
    """train, val or test of the model's training."""
    trainings: tuple[str, ...]
    """All trainings that made a model and had the frame with this label, the oldest first, with the part in brackets."""
    moved: int
    """Frames whose scores it changed by a point or more, itself left out."""
    changed: int
    """Frames that are answered otherwise for it, itself left out."""
    frames: tuple[MovedFrame, ...]
    """Those that it moved most."""


@dataclass(frozen=True, slots=True)
class CorrectionEffects:
    """What came of looking at one model."""

    model: str
    n: int
    """Frames that were looked at."""
    corrections: tuple[CorrectionEffect, ...]
    """What moved most frames first; those of the validation and test frames last."""
    notes: tuple[str, ...]


# Why: docs/decisions/evaluation.md 16
def effects_of_corrections(taken: QueueSnapshot, overrides: Overrides, folder: Path, task: TaskContext) -> CorrectionEffects:
    """Of the corrections that the training of the bundle in `folder` has learnt from, on all frames of the project. For a job.

    BadRequest with why it cannot be told: a model from elsewhere, an ensemble, nothing corrected, answers that are kept from the reader;
    BadBundle; Cancelled.
    """
    if taken.blind:
        raise BadRequest(tr("What models say is kept from you. Turn View > Blind first off to see what corrections did."))
    model = Predictor(folder, task=task)
    bundle = model.bundle
    if len(model.networks) > 1:
        raise BadRequest(tr("{model} is an ensemble: look at one of the models that it is made of.").format(model=bundle.name))
    if not trained_here(taken.project, bundle):
        told = tr("{model} was not trained in this project, so what it learnt from is not known here.")
        raise BadRequest(told.format(model=bundle.name))
    entries = [entry for _, entry in each_once(taken, readable_rows(taken, task)).values()]
    place_of = {entry.sha256: place for place, entry in enumerate(entries) if entry.sha256}
    all_rows = read_manifest(taken.project.runs_folder / bundle.run / MANIFEST)
    rows = [row for row in all_rows if row.sha256 in place_of and row.label in bundle.classes]
    before = [_before(taken, entries[place_of[row.sha256]], bundle.classes.names) for row in rows]
    corrected = [(row, was) for row, was in zip(rows, before, strict=True) if was != row.label]
    if not corrected:
        told = tr("{model} has learnt from no correction: every label of its training is what the class folder says.")
        raise BadRequest(told.format(model=bundle.name))
    features = taken.features if taken.bundle and bundle.sees_as(taken.bundle) else None
    hidden = _hidden(model, entries, features, overrides, task)
    found = _effects(taken, model, entries, hidden, rows, corrected, task)
    notes = []
    if gone := len(all_rows) - len(rows):
        notes.append(tr("Frames of the training that are not here any more, and do not count: {n:,}.").format(n=gone))
    if unread := int(np.isnan(hidden[:, 0]).sum()):
        notes.append(tr("Frames that could not be read, or hold something else by now: {n:,}.").format(n=unread))
    return CorrectionEffects(bundle.name, len(entries) - unread, found, tuple(notes))


def _before(taken: QueueSnapshot, entry: FrameEntry, classes: Sequence[str]) -> str:
    """What the frame would be called without any reader, as the model calls it; empty where that is none of its classes."""
    if entry.folder_label not in taken.classes:
        return ""
    today = taken.classes.class_of(entry.folder_label)
    return next((name for name in classes if taken.classes.class_of(name) == today), "")


def _hidden(
    model: Predictor, entries: Sequence[FrameEntry], kept: CurrentFeatures | None, overrides: Overrides, task: TaskContext
) -> Floats:
    """N x H: what the first layer of the head makes of each frame; NaN where it cannot be read or holds something else by now."""
    head, images = model.networks[0].head, [entry.sha256 for entry in entries if entry.sha256]
    hidden = np.full((len(entries), len(head.dense_bias)), np.nan, np.float32)

    def made(features: Floats) -> Floats:
        return np.asarray(np.maximum(features @ head.dense_kernel + head.dense_bias, 0), np.float32)

    if kept:
        # Why: docs/decisions/app.md 26
        with threadpool_limits(1, "blas"):
            for start in range(0, len(entries), _BLOCK):
                task.report(start, 2 * len(entries), "features")
                hidden[start : start + _BLOCK] = made(kept.get(images[start : start + _BLOCK]).astype(np.float32))
    missing: list[int] = np.flatnonzero(np.isnan(hidden[:, 0])).tolist()

    def read(place: int) -> Floats | None:
        try:
            name, image, given, _ = read_named(entries[place].path, overrides)
        except UnreadableImage:
            return None
        return pooled(model.answer_frame(image, given=given).features) if name == images[place] else None

    # one core less than there are: the reader goes on working meanwhile
    for done, (place, features) in enumerate(zip(missing, in_threads(read, missing, workers=max(1, cores() - 1)), strict=True)):
        task.report(len(entries) - len(missing) + done, 2 * len(entries), "features")
        if features is not None:
            hidden[place] = made(features[None])[0]
    return hidden


@dataclass(slots=True)
class _Reach:
    """How far M corrections reached, as far as frames were looked at."""

    moved: NDArray[np.intp]
    """M: frames that each moved."""
    changed: NDArray[np.intp]
    """M: answers that each changed."""
    places: NDArray[np.intp]
    """M x K: the frames that each moved most, by place."""
    pulls: Floats
    """M x K: how much; 0 where there are fewer."""

    @classmethod
    def of(cls, m: int) -> Self:
        """None has reached anything yet."""
        return cls(np.zeros(m, np.intp), np.zeros(m, np.intp), np.zeros((m, 0), np.intp), np.zeros((m, 0), np.float32))

    def add(self, start: int, pulls: Floats, steps: Floats, values: Floats) -> None:
        """M x N pulls on the frames from place `start` on, whose probabilities (N x C) are `values`."""
        self.moved += (np.abs(pulls) * np.abs(steps).max(axis=1)[:, None] >= MOVED).sum(axis=1)
        first, second = np.partition(values, -2, axis=1)[:, [-1, -2]].T
        span = steps.max(axis=1) - steps.min(axis=1)
        which, frames = np.nonzero(np.abs(pulls) * span[:, None] > first - second)  # none of the others can be answered otherwise
        without = (values[frames] - pulls[which, frames, None] * steps[which]).argmax(axis=1)
        np.add.at(self.changed, which[without != values[frames].argmax(axis=1)], 1)
        places = np.broadcast_to(np.arange(start, start + pulls.shape[1]), pulls.shape)
        self.places, self.pulls = np.hstack([self.places, places]), np.hstack([self.pulls, pulls])
        if self.pulls.shape[1] > _MOST_MOVED:
            most = np.argpartition(np.abs(self.pulls), -_MOST_MOVED, axis=1)[:, -_MOST_MOVED:]
            self.places = np.take_along_axis(self.places, most, axis=1)
            self.pulls = np.take_along_axis(self.pulls, most, axis=1)


def _effects(
    taken: QueueSnapshot,
    model: Predictor,
    entries: Sequence[FrameEntry],
    hidden: Floats,
    rows: Sequence[ManifestRow],
    corrected: Sequence[tuple[ManifestRow, str]],
    task: TaskContext,
) -> tuple[CorrectionEffect, ...]:
    classes, head = model.bundle.classes, model.networks[0].head
    there = {entry.sha256: place for place, entry in enumerate(entries) if entry.sha256 and not np.isnan(hidden[place, 0])}
    train = [row for row in rows if row.part == "train" and row.sha256 in there]
    learnt_at = {row.sha256: place for place, row in enumerate(train)}
    asked = [(row, was) for row, was in corrected if row.part == "train" and row.sha256 in learnt_at]
    reach, steps, values = _Reach.of(len(asked)), np.zeros((len(asked), len(classes)), np.float32), _values(head, hidden)
    if asked:
        with threadpool_limits(1, "blas"):  # Why: docs/decisions/app.md 26
            learnt = np.array([there[row.sha256] for row in train], np.intp)
            squares = LeastSquaresHead(hidden[learnt], np.array([classes.index(row.label) for row in train], np.intp), len(classes))
            places = np.array([learnt_at[row.sha256] for row, _ in asked], np.intp)
            effects = squares.effects(places, np.array([classes.index(was) if was else -1 for _, was in asked], np.intp))
            steps = effects.steps
            own = learnt[places]
            block = max(1, min(_BLOCK, _BLOCK_NUMBERS // len(asked)))
            for start in range(0, len(entries), block):
                task.report(len(entries) + start, 2 * len(entries), "corrections")
                pulls = np.nan_to_num(effects.pulls(hidden[start : start + block]))
                mine = np.flatnonzero((own >= start) & (own < start + block))
                pulls[mine, own[mine] - start] = 0
                reach.add(start, pulls, steps, values[start : start + block])
    used = _trainings(taken.project, {row.sha256: row.label for row, _ in corrected})
    number = {row.sha256: n for n, (row, _) in enumerate(asked)}

    def told(row: ManifestRow, was: str) -> CorrectionEffect:
        n = number.get(row.sha256)
        frames = () if n is None else tuple(_moved(taken, entries, classes.names, values, reach, n, steps[n]))
        moved, changed = (0, 0) if n is None else (int(reach.moved[n]), int(reach.changed[n]))
        place = entries[there[row.sha256]].place if row.sha256 in there else str(row.file)
        return CorrectionEffect(place, row.sha256, row.label, was, row.part, tuple(used[row.sha256]), moved, changed, frames)

    found = [told(row, was) for row, was in corrected]
    found.sort(key=lambda one: (one.part != "train", -one.changed, -one.moved, one.file))
    return tuple(found)


def _values(head: Head, hidden: Floats) -> Floats:
    """N x C probabilities from what the head's first layer made of the frames; even ones where that is not known."""
    logits = (np.nan_to_num(hidden) @ head.logits_kernel + head.logits_bias) / head.temperature
    return np.asarray(softmax(logits), np.float32)


def _moved(
    taken: QueueSnapshot, entries: Sequence[FrameEntry], classes: Sequence[str], values: Floats, reach: _Reach, n: int, step: Floats
) -> Iterator[MovedFrame]:
    """The frames that correction `n` moved most, the most first."""
    for k in np.argsort(-np.abs(reach.pulls[n])).tolist():
        place, change = int(reach.places[n, k]), reach.pulls[n, k] * step
        entry = entries[place]
        if entry.sha256 and float(np.abs(change).max()) >= MOVED:
            answers = (int(one.argmax()) for one in (change, values[place], values[place] - change))
            towards, answer, without = (classes[one] for one in answers)
            yield MovedFrame(entry.place, entry.sha256, label_in(taken, entry), towards, 100 * float(change.max()), answer, without)


def _trainings(project: Project, labels: Mapping[Sha256, str]) -> Mapping[Sha256, list[str]]:
    """Of each of these frames, with this label, the trainings that made a model and had it, by name, with its part."""
    found: dict[Sha256, list[str]] = defaultdict(list)
    made_models = {stored.bundle.run for stored in project.database.models.all()}
    for run in sorted(project.runs_folder.glob("*/"), key=lambda run: run.name.removeprefix(CANDIDATE)):
        if run.name in made_models or (run / BUNDLE).is_dir():
            for row in read_manifest(run / MANIFEST):
                if row.part and labels.get(row.sha256) == row.label:
                    found[row.sha256].append(f"{run.name} ({row.part})")
    return found
