"""The active model asked about all frames of a project at once, without a window: what it said before is not asked again."""

import numpy as np

from endodesk.app.answers.classifier import BatchWriter, FrameClassifier
from endodesk.app.answers.probability_table import Probabilities
from endodesk.app.frames.active_overrides import ActiveOverrides, CurrentFeatures
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads


def answer_all(project: Project, frames: FrameRows, task: TaskContext) -> tuple[ModelBundle, Probabilities, CurrentFeatures]:
    """The model, its answers and the features behind them; both are kept in the project, as the window keeps them.

    BadRequest if there is no model; BadBundle; Cancelled: what was answered by then is kept.
    """
    active = project.active_model
    if active is None:
        raise BadRequest(tr("There is no model: add one, or train one."))
    database, overrides = project.database, ActiveOverrides(project.database)
    database.overrides.drop_stale()
    answered = _said(project, active.bundle)
    cache = project.cache_folder if project.keeps_pictures else None
    classifier = FrameClassifier.prepare(database, overrides, cache, active.folder, set(answered))
    writer = BatchWriter(database, classifier, lambda _: None)
    due = [
        (row, image)
        for row, image in enumerate(frames.sha256s)
        if not frames.is_unreadable(row) and not (image and classifier.is_done(image))
    ]
    try:
        asked = in_threads(lambda one: classifier.classify(one[0], frames.path(one[0]), one[1]), due)
        for done, found in enumerate(asked):
            writer.put(found)
            task.report(done, len(due), "answering")
    finally:
        writer.flush()
    said = _said(project, active.bundle)
    values = np.array(list(said.values()), np.float32).reshape(len(said), len(active.bundle.classes))
    places = {image: place for place, image in enumerate(said)}
    return active.bundle, Probabilities(active.bundle.classes.names, places, values), classifier.features


def _said(project: Project, bundle: ModelBundle) -> dict[Sha256, np.ndarray]:
    found: dict[Sha256, np.ndarray] = {}
    for images, values in project.database.predictions.pieces_of(bundle.id, len(bundle.classes)):
        found.update(zip(images, values, strict=True))
    return found
