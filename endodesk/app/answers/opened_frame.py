"""What a model said of a frame that the reader opened is kept, as if it had been asked in the background."""

from collections.abc import Callable
from dataclasses import replace

from endodesk.app.answers.classifier import keep_features, pooled
from endodesk.app.answers.workers import InferenceWorkers
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.data.database import Database
from endodesk.domain.reviews import Prediction
from endodesk.imaging.hashing import kept_hash


def keep_opened(
    frame: OpenFrame, database: Database, workers: InferenceWorkers | None, is_current: Callable[[OpenFrame], bool]
) -> InferenceWorkers | None:
    """Store the answer, and for the workers' model the features and the perceptual hash. EndoDeskError if that cannot be written.

    `is_current` tells whether the frame was opened with what holds of it now. The workers of whom nothing of the frame is due then, if any:
    it is for the main thread to tell them, which knows whether the answer still holds.
    """
    if frame.predictor is None or frame.answer is None:
        return None
    image, bundle = frame.record.sha256, frame.predictor.bundle.id
    database.predictions.add([Prediction(image, bundle, frame.answer.probabilities, frame.given)])
    # of workers that others have taken the place of, the file of features would cut off what is in it since
    classifier = workers.classifier if workers and not workers.stopped else None
    if classifier and classifier.predictor.bundle.id == bundle and not classifier.is_done(image) and is_current(frame):
        database.images.add([(replace(frame.record, phash=kept_hash(frame.image)), frame.stamp)])
        keep_features(classifier.features, {frame.given.name_of(image): pooled(frame.answer.features)})
        return workers
    return None
