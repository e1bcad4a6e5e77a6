"""Answering: frames read, answered and stored in batches, by several threads at once. No Qt."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from endodesk.app.frames.active_overrides import ActiveOverrides, CurrentFeatures
from endodesk.app.language import reason_of, tr
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import BadBundle, EndoDeskError, UnreadableImage
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.domain.reviews import Prediction
from endodesk.imaging.hashing import kept_hash, sha256_bytes
from endodesk.imaging.pixels import Floats
from endodesk.imaging.reading.header import READING
from endodesk.imaging.reading.read import open_image, read_bytes
from endodesk.inference.feature_file import FEATURES, FeatureFile, FeatureMemory
from endodesk.inference.predictor import Predictor

_log = logging.getLogger(__name__)
_ASKED_BYTES = 12
"""A pixel: the picture, and what steps that work on all of it, and the perceptual hash, make of it on the way to an answer."""
_BATCH, _BATCH_S = 64, 0.3  # frames, seconds: one transaction for all of them, 0.16 ms a frame


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedFrame:
    """What came of the file of a row: an answer, a copy of a frame that has one, or the reason why it cannot be read."""

    row: int
    image: Sha256 | None
    """None where it cannot be read."""
    probabilities: tuple[float, ...] = ()
    """Empty where it cannot be read, and for a copy of a frame that another row answers for."""
    reason: str = ""
    record: ImageRecord | None = None
    stamp: FileStamp | None = None
    features: Floats | None = None
    """K numbers, the mean over the feature map; None where they are kept already."""
    given: FrameOverrides = NOTHING_GIVEN
    """What was drawn of the frame by hand when it was answered."""


class FrameClassifier:
    """One model asked about many frames, each content once. Any thread may use it."""

    def __init__(
        self, predictor: Predictor, features: CurrentFeatures, overrides: ActiveOverrides, answered: set[Sha256], hashed: set[Sha256]
    ) -> None:
        """`answered` are the frames with a stored answer of this model, `hashed` those whose perceptual hash is known."""
        self.predictor, self.features, self._overrides, self._hashed = predictor, features, overrides, hashed
        self._lock = threading.Lock()
        self._claimed = {image for image in answered if image in features}  # due until both are stored

    @classmethod
    def prepare(
        cls, database: Database, overrides: ActiveOverrides, cache: Path | None, folder: Path, answered: set[Sha256]
    ) -> "FrameClassifier":
        """Load a model for many frames at once: one thread a frame. Without a cache, features live in memory. BadBundle, EndoDeskError."""
        predictor = Predictor(folder, threads=1)  # the other cores have frames of their own
        channels = predictor.networks[0].head.dense_kernel.shape[0]
        try:
            file = FeatureFile(cache / FEATURES, predictor.bundle, channels) if cache else FeatureMemory(channels)
        except OSError as error:
            raise EndoDeskError(tr("{folder} cannot be written to: {reason}.").format(folder=cache, reason=reason_of(error))) from error
        return cls(predictor, CurrentFeatures(file, overrides), overrides, answered, set(database.images.hashes()))

    def is_done(self, image: Sha256) -> bool:
        """Whether a frame was answered, or a thread is about to."""
        return image in self._claimed  # no lock: a look-up in a set is one step for other threads

    def note(self, image: Sha256) -> None:
        """Count a frame as done: it was answered elsewhere, and its features are kept."""
        with self._lock:
            self._claimed.add(image)

    def forget(self, images: Iterable[Sha256]) -> None:
        """Count frames as not done: something else holds of them, so they are to be answered again."""
        with self._lock:
            self._claimed.difference_update(images)

    def classify(self, row: int, path: Path, image: Sha256 | None) -> ClassifiedFrame:
        """Answer for one file; `image` is its content where that is known already, and then it may not even be read."""
        alone = len(self.predictor.networks) == 1  # of an ensemble the features of the first network say not enough
        if image is not None and (self.is_done(image) or (alone and image in self.features)):
            return self._known(row, image) or self._read(row, path)
        return self._read(row, path)

    def _known(self, row: int, image: Sha256) -> ClassifiedFrame | None:
        """An answer without reading the file: it was answered, or its features are known; None if these are damaged."""
        if not self._claim(image):
            return ClassifiedFrame(row, image)
        given = self._overrides.of_known(image)
        features = self.features.file.get([given.name_of(image)])
        if np.isnan(features).any():
            self._give_back(image)
            return None
        return ClassifiedFrame(
            row, image, _numbers(self.predictor.networks[0].head.probabilities(features.astype(np.float32))), given=given
        )

    def _read(self, row: int, path: Path) -> ClassifiedFrame:
        try:
            stamp = FileStamp.of(path, READING)  # first: a file that changes while it is read will be read again
            data = read_bytes(path)
        except (UnreadableImage, OSError) as error:
            unread = tr("{file} cannot be read: {reason}.")
            reason = str(error) if isinstance(error, UnreadableImage) else unread.format(file=path.name, reason=reason_of(error))
            return ClassifiedFrame(row, None, reason=reason)
        image = sha256_bytes(data)
        if not self._claim(image):
            return ClassifiedFrame(row, image)
        try:
            opened = open_image(data, path.name)
            with opened.room(_ASKED_BYTES):
                pixels = opened.decode()
                given = self._overrides.of(image, pixels.shape[1], pixels.shape[0])
                answer = self.predictor.answer_frame(pixels, None, given)
                # the perceptual hash is taken along while the pixels are there; an empty one leaves the stored one as it is
                told = "" if image in self._hashed else kept_hash(pixels)
        except UnreadableImage as error:
            self._give_back(image)
            return ClassifiedFrame(row, None, reason=str(error))
        except BaseException:  # whatever it is: who keeps a claim counts as answered
            self._give_back(image)
            raise
        record = ImageRecord(image, path, pixels.shape[1], pixels.shape[0], told, opened.header.reading)
        features = None if given.name_of(image) in self.features.file else pooled(answer.features)
        return ClassifiedFrame(row, image, answer.probabilities, "", record, stamp, features, given)

    def _claim(self, image: Sha256) -> bool:
        """Whether the caller is to answer it: of copies looked at at once only one is."""
        with self._lock:
            if image in self._claimed:
                return False
            self._claimed.add(image)
            return True

    def _give_back(self, image: Sha256) -> None:
        with self._lock:
            self._claimed.discard(image)


class BatchWriter:
    """Gathers what threads find, stores it many frames at a time, and then tells of it."""

    def __init__(self, database: Database, classifier: FrameClassifier, tell: Callable[[list[ClassifiedFrame]], None]) -> None:
        self._database, self._classifier, self._tell = database, classifier, tell
        self._lock, self._storing = threading.Lock(), threading.Lock()  # two: others go on gathering while a batch is stored
        self._batch: list[ClassifiedFrame] = []
        self._since = time.monotonic()

    def put(self, frame: ClassifiedFrame) -> None:
        """Gather what a thread found; stores the batch when it is full or old. EndoDeskError if it cannot be written."""
        with self._lock:
            self._batch.append(frame)
            due = len(self._batch) >= _BATCH or time.monotonic() - self._since >= _BATCH_S
        if due:
            self.flush()

    def flush(self) -> None:
        """Store what was gathered until now, then tell of it: an answer on show is on disk."""
        with self._lock:
            batch, self._batch, self._since = self._batch, [], time.monotonic()
        if not batch:
            return
        with self._storing:
            self._store(batch)
        self._tell(batch)

    def _store(self, batch: Iterable[ClassifiedFrame]) -> None:
        said = [found for found in batch if found.image and found.probabilities]
        # first: an answer refers to its frame
        self._database.images.add((found.record, found.stamp) for found in said if found.record and found.stamp)
        bundle = self._classifier.predictor.bundle.id
        self._database.predictions.add(Prediction(found.image, bundle, found.probabilities, found.given) for found in said if found.image)
        new = {found.given.name_of(found.image): found.features for found in said if found.image and found.features is not None}
        keep_features(self._classifier.features, new)


def keep_features(file: CurrentFeatures, features: dict[Sha256, Floats]) -> None:
    """A full disk costs the features, which can be made again, not the answers."""
    try:
        file.add(features)
    except OSError:
        _log.warning("features were not kept", exc_info=True)


def pooled(features: Floats) -> Floats:
    """The mean of an R x C x K feature map over its cells: K numbers."""
    return np.asarray(features.mean(axis=(0, 1)), np.float32)


def _numbers(probabilities: Floats) -> tuple[float, ...]:
    if not np.isfinite(probabilities).all():
        raise BadBundle(tr("The model gives no numbers for a frame; its weights are damaged."))
    return tuple(float(value) for value in probabilities[0])
