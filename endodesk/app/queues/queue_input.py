"""Gathering what the queues need of the open project: once, in the background, when a queue is asked for."""

import numpy as np

from endodesk.app.frames.frame_groups import group_frames
from endodesk.app.frames.frame_list import FrameEntry
from endodesk.app.queues.queue_maker import QueueSource
from endodesk.app.queues.queues import QueueInput
from endodesk.app.retraining.retraining import learnt_here
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.images import Sha256
from endodesk.system.task import TaskContext
from training.plan.run_folder import MANIFEST


def gather(source: QueueSource, task: TaskContext) -> QueueInput:
    """Each frame once, at the first of its rows; those not read yet, unreadable or set aside are left out."""
    first: dict[Sha256, int] = {}
    entries: list[FrameEntry] = []
    for row in range(len(source.frames)):
        entry = source.frames[row]
        if row % 1000 == 0:
            task.raise_if_cancelled()
        if entry.sha256 and not entry.unreadable:
            entries.append(entry)
            first.setdefault(entry.sha256, row)
    first = {image: row for image, row in first.items() if not source.unfit(image)}
    images, rows = list(first), np.fromiter(first.values(), np.int64, len(first))
    groups = dict(zip((entry.sha256 for entry in entries), group_frames(source.project, entries), strict=True))
    features = source.answers.features
    trained = _trained_on(source)
    return QueueInput(
        rows=rows,
        labels=[label.name if (label := source.label_of(row)) else "" for row in first.values()],
        classes=source.answers.classes,
        probabilities=source.answers.probabilities(images),
        features=features.get(images) if features else np.full((len(images), 0), np.nan, np.float16),
        groups=np.array([groups[image] for image in images], np.int64),
        trained=np.array([image in trained for image in images], np.bool_),
    )


def _trained_on(source: QueueSource) -> set[Sha256]:
    """Frames that the active model has learned from, where a run of this project made it. BadRequest if its list is damaged."""
    bundle = source.predictor.bundle if source.predictor else None
    if bundle is None or not learnt_here(source.project, bundle):
        return set()
    manifest = source.project.runs_folder / bundle.run / MANIFEST
    return {row.sha256 for row in read_manifest(manifest) if row.part == "train"}
