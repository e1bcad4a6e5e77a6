"""Dataset: every frame preprocessed once, kept in a cache by content and recipe, and in memory while a run lasts."""

import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.recipes import Recipe
from endodesk.domain.ticket import Ticket
from endodesk.imaging.hashing import sha256_bytes, sha256_file
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.read import decode_image, read_bytes
from endodesk.imaging.recipes import preprocess
from training.manifest import ManifestRow

SHAPE = (INPUT_PX, INPUT_PX, 3)
_PNG_END = b"IEND\xaeB`\x82"
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Examples:
    """The preprocessed frames of one part with what they are."""

    rows: tuple[ManifestRow, ...]
    finals: NDArray[np.uint8]
    """N x 224 x 224 x 3, RGB."""
    labels: NDArray[np.intp]
    """N, index of the class."""
    weights: Floats
    """N, what each frame counts in the loss; their mean is 1."""

    def __len__(self) -> int:
        return len(self.rows)

    def one_hot(self, classes: int) -> Floats:
        """N x C."""
        return np.eye(classes, dtype=np.float32)[self.labels]


def examples(rows: Sequence[ManifestRow], finals: NDArray[np.uint8], classes: ClassSet, *, balance: str) -> Examples:
    """Rows with their preprocessed frames; `balance` "weights" gives every class the same sum of weights."""
    labels = np.array([classes.index(row.label) for row in rows], np.intp)
    weights = np.ones(len(rows), np.float32)
    if balance == "weights" and len(rows):
        counts = np.bincount(labels, minlength=len(classes))
        weights = (len(rows) / np.count_nonzero(counts) / counts[labels]).astype(np.float32)
    return Examples(tuple(rows), finals, labels, weights)


def verify_files(rows: Sequence[ManifestRow], ticket: Ticket) -> None:
    """BadRequest naming the first frame that is gone or is not what it was when the manifest was written."""
    for done, problem in enumerate(in_threads(_problem, rows), 1):
        if problem:
            raise BadRequest(problem)
        ticket.report(done, len(rows), "verifying")


def preprocessed(rows: Sequence[ManifestRow], recipe: Recipe, cache: Path, ticket: Ticket) -> NDArray[np.uint8]:
    """N x 224 x 224 x 3 uint8 in the order of the rows, from the cache folder or made and put there.

    Raises UnreadableImage or BadRequest for a frame that cannot be read or is not the one of its row, OSError if the
    cache cannot be written, Cancelled.
    """
    folder = cache / recipe.fingerprint
    folder.mkdir(parents=True, exist_ok=True)
    finals = np.empty((len(rows), *SHAPE), np.uint8)
    for index, final in enumerate(in_threads(lambda row: _final(row, recipe, folder), rows)):
        finals[index] = final
        ticket.report(index + 1, len(rows), "preprocessing")
    return finals


def in_threads(work: Callable[[_T], _R], items: Iterable[_T], *, workers: int = 0) -> Iterator[_R]:
    """Results in the order of the items, a few items ahead; if the caller stops, what has not begun is dropped."""
    with ThreadPoolExecutor(workers or cores(), thread_name_prefix="dataset") as pool:
        try:
            yield from pool.map(work, items)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _problem(row: ManifestRow) -> str:
    try:
        same = sha256_file(row.file) == row.sha256
    except OSError as error:
        return f"{row.file} cannot be read any more: {(error.strerror or 'unknown reason').lower()}. Prepare the training again without it."
    return "" if same else f"{row.file} has changed since the training was prepared. Prepare it again."


def _final(row: ManifestRow, recipe: Recipe, folder: Path) -> RGB:
    path = folder / f"{row.sha256}.png"
    final = _cached(path)
    if final is None:
        data = read_bytes(row.file)
        if sha256_bytes(data) != row.sha256:
            raise BadRequest(f"{row.file} has changed since the training was prepared. Prepare it again.")
        final = preprocess(decode_image(data, row.file.name), recipe)
        _keep(path, final)
    return final


def _cached(path: Path) -> RGB | None:
    """None if it is not there or not whole: it is made again then."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if not data.endswith(_PNG_END):
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    return np.asarray(pixels, np.uint8) if pixels is not None and pixels.shape == SHAPE else None


def _keep(path: Path, final: RGB) -> None:
    _, data = cv2.imencode(".png", final[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        beside.write_bytes(data.tobytes())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
