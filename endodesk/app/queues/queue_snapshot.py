"""What the queues need of the open project: taken at one moment on the main thread, put together in a job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from endodesk.app.answers.probability_table import Probabilities
from endodesk.app.frames.active_overrides import CurrentFeatures
from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_groups import group_frames
from endodesk.app.frames.frame_list import FrameEntry, FrameRows
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import learnt_here
from endodesk.app.queues.queues import QueueInput
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.plan.run_folder import MANIFEST


@dataclass(frozen=True, slots=True, eq=False)
class QueueSnapshot:
    """What queues are made of, at one moment and by one model: answers of two models mixed would rank frames by nothing."""

    project: Project
    frames: FrameRows
    reviews: ReviewTable
    classes: LabelSet
    """The classes of the project: class folders of other names are no labels."""
    answers: Probabilities
    features: CurrentFeatures | None
    """The features behind the answers; None while the model is not loaded."""
    bundle: ModelBundle | None
    """The model that gave the answers; None while no model is loaded."""
    only_of: str = ""
    """The reader who sees their own labels alone; empty for what holds of all."""
    candidate: Path | None = None
    """The folder of a bundle whose answers count in the place of the model's, where it sees the frames as that does."""
    blind: bool = False
    """Whether the reader is not to know what the model says: every queue tells that, by its order alone."""


def gather(taken: QueueSnapshot, task: TaskContext) -> QueueInput:
    """Each frame once, at the first of its rows; those not read yet, unreadable or set aside are left out.

    Reads the database: a job. BadRequest if the list of frames that the model has learnt from is damaged.
    """
    readable = readable_rows(taken, task)
    first = each_once(taken, readable)
    images, rows = list(first), np.fromiter((row for row, _ in first.values()), np.int64, len(first))
    # copies too: a frame that lies in two cases makes them one
    entries = [entry for _, entry in readable]
    groups = dict(zip((entry.sha256 for entry in entries), group_frames(taken.project, entries), strict=True))
    class_of, place_of = taken.classes.class_of, {image: place for place, image in enumerate(images)}
    disputed = {place_of[image]: image for image in taken.reviews.disputed(class_of) if image in place_of}
    taken = _by_candidate(taken, images)
    trained, answers = _trained_on(taken), taken.answers.in_classes(taken.classes)
    return QueueInput(
        rows=rows,
        labels=[label_in(taken, entry) for _, entry in first.values()],
        classes=answers.classes,
        probabilities=answers.of(images),
        features=taken.features.get(images) if taken.features else np.full((len(images), 0), np.nan, np.float16),
        groups=np.array([groups[image] for image in images], np.int64),
        trained=np.array([image in trained for image in images], np.bool_),
        disputed={
            place: tuple(class_of(stored.correction.value) for stored in taken.reviews.words_of(image).labels)
            for place, image in disputed.items()
        },
    )


def readable_rows(taken: QueueSnapshot, task: TaskContext) -> list[tuple[int, FrameEntry]]:
    """Rows whose frame is known and can be shown, copies included."""
    found = []
    for row, entry in enumerate(taken.frames):
        if row % 1000 == 0:
            task.raise_if_cancelled()
        if entry.sha256 and not entry.unreadable:
            found.append((row, entry))
    return found


def each_once(taken: QueueSnapshot, readable: Iterable[tuple[int, FrameEntry]]) -> dict[Sha256, tuple[int, FrameEntry]]:
    """Of each content the first row, in their order, but for frames that are set aside."""
    first: dict[Sha256, tuple[int, FrameEntry]] = {}
    for row, entry in readable:
        if entry.sha256:
            first.setdefault(entry.sha256, (row, entry))
    return {image: found for image, found in first.items() if not taken.reviews.marks_of(image).unfit}


def label_in(taken: QueueSnapshot, entry: FrameEntry) -> str:
    """What a frame is called, as far as the reader may know; empty where it has no label."""
    own = taken.only_of and taken.reviews.own_label_of(entry, taken.classes, taken.only_of)
    label = own if taken.only_of else taken.reviews.label_of(entry, taken.classes)
    return label.name if label else ""


def _by_candidate(taken: QueueSnapshot, images: Sequence[Sha256]) -> QueueSnapshot:
    """With the candidate's answers: its head's, to what the model in use saw of the frames."""
    if taken.candidate is None or taken.bundle is None or taken.features is None:
        return taken
    new = Predictor(taken.candidate)
    if not new.bundle.sees_as(taken.bundle):
        return taken
    features = taken.features.get(images)
    values = np.full((len(images), len(new.bundle.classes)), np.nan, np.float32)
    seen = np.flatnonzero(np.isfinite(features).all(axis=1))
    values[seen] = new.networks[0].head.probabilities(features[seen].astype(np.float32))
    places = {images[place]: place for place in seen.tolist()}
    return replace(taken, answers=Probabilities(new.bundle.classes.names, places, values), bundle=new.bundle)


def _trained_on(taken: QueueSnapshot) -> set[Sha256]:
    """Frames that the active model has learned from, where a run of this project made it."""
    bundle = taken.bundle
    if bundle is None or not learnt_here(taken.project, bundle):
        return set()
    manifest = taken.project.runs_folder / bundle.run / MANIFEST
    return {row.sha256 for row in read_manifest(manifest) if row.part == "train"}
