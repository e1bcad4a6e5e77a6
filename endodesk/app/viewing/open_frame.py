"""Opening a frame: everything that the window shows of it, computed off the GUI thread."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import reason_of, tr
from endodesk.app.viewing.pictures import step_picture
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import BadBundle, UnreadableImage
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.overrides import NO_OVERRIDES, NOTHING_GIVEN, FrameOverrides
from endodesk.domain.recipes import Recipe
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import StepResult, apply_recipe, place_of_final
from endodesk.imaging.preprocessing.stage import Rectangle
from endodesk.imaging.reading.header import READING, Header
from endodesk.imaging.reading.read import open_image, read_bytes
from endodesk.inference.predictor import Answer, Predictor
from endodesk.system.memory_budget import MEMORY
from endodesk.system.task import TaskContext

GivenOf = Callable[[Sha256, int, int], FrameOverrides]
"""What holds by hand of a frame: content, width, height."""

_KEPT = 9  # frames at full size with their steps: the open one, and those around it
_KEPT_BYTES = 512 * 1024 * 1024  # fewer, if they are huge
_SHOWN_BYTES = 20
"""A pixel: the picture and, where nothing is shared, four of its steps with their masks, and one more while a step is made."""
_PAINTED_BYTES = 4


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class OpenFrame:
    """A frame with its steps and, where there is a model, its answer."""

    record: ImageRecord
    stamp: FileStamp
    """How the file looked before it was read: one that changes meanwhile is read again."""
    header: Header
    image: RGB
    recipe: Recipe
    steps: tuple[StepResult, ...]
    cards: tuple[QImage, ...]
    """A small picture of each step, with its mask drawn over it."""
    predictor: Predictor | None
    """The model that answered; None where none was active when the frame was opened."""
    answer: Answer | None
    place: Rectangle
    """Where the model's input lies in the frame: x, y, width, height in pixels."""
    given: FrameOverrides = NOTHING_GIVEN
    """What held by hand when it was opened."""
    failure: str = ""
    """Why the model gave no answer, as a sentence: then it is of no use for any frame."""

    @property
    def nbytes(self) -> int:
        """Bytes of its pixels and masks, those that steps share once: nearly all of the memory that it holds."""
        arrays: list[NDArray[Any]] = [
            self.image,
            *(step.image for step in self.steps),
            *(step.mask for step in self.steps if step.mask is not None),
        ]
        whole = [array.base if isinstance(array.base, np.ndarray) else array for array in arrays]  # of what was cut out all is held
        return sum({id(array): array.nbytes for array in whole}.values())


class TooHugeAhead(UnreadableImage):
    """The frame is opened when the reader goes there, not before: fetched ahead it would take memory from what is looked at."""


def open_frame(
    path: Path, recipe: Recipe, predictor: Predictor | None, given_of: GivenOf = NO_OVERRIDES.of, *, ahead: bool = False
) -> OpenFrame:
    """Read, preprocess by `recipe` for the eye, and answer by the bundle's own recipe. UnreadableImage if it cannot be read.

    TooHugeAhead for a large frame that nobody waits for (`ahead`).
    """
    stamp = _stamp(path)
    data = read_bytes(path)
    opened = open_image(data, path.name)
    if ahead and _is_huge(opened.header.width, opened.header.height):
        raise TooHugeAhead
    with opened.room(_SHOWN_BYTES):
        image, header = opened.decode(), opened.header
        record = ImageRecord(sha256_bytes(data), path, image.shape[1], image.shape[0], reading=header.reading)
        given = given_of(record.sha256, record.width, record.height)
        steps = tuple(apply_recipe(image, recipe, given))
        cards = tuple(step_picture(step) for step in steps)
        seen, answer, failure = steps, None, ""
        if predictor is not None:
            seen = steps if predictor.bundle.recipe == recipe else tuple(apply_recipe(image, predictor.bundle.recipe, given))
            try:
                answer = predictor.answer_frame(image, seen, given)
            except BadBundle as error:  # the frame is as good as it was
                failure = str(error)
        place = place_of_final(image, seen)
        frame = OpenFrame(record, stamp, header, image, recipe, steps, cards, predictor, answer, place, given, failure)
        # the picture itself is counted where it was decoded
        MEMORY.keep(frame, frame.nbytes - image.nbytes + _PAINTED_BYTES * record.width * record.height)
        return frame


def ensure_known(database: Database, frame: OpenFrame) -> None:
    """A correction must have a frame to refer to, also when the folder is still being read. EndoDeskError if it cannot be written."""
    if database.images.get(frame.record.sha256) is None:
        database.images.add([(frame.record, frame.stamp)])


def _is_huge(width: int, height: int) -> bool:
    """Whether such a frame takes so much of all memory that it is there only while it is looked at."""
    return width * height * _SHOWN_BYTES > MEMORY.limit_bytes // 4


def _stamp(path: Path) -> FileStamp:
    try:
        return FileStamp.of(path, READING)
    except OSError as error:
        raise UnreadableImage(tr("{file} cannot be read: {reason}.").format(file=path.name, reason=reason_of(error))) from error


def _is_as_read(frame: OpenFrame) -> bool:
    try:
        return FileStamp.of(frame.record.path, READING) == frame.stamp
    except OSError:
        return False


class FrameOpener:
    """Opens frames in the background, keeps the last few, and fetches those around the open one ahead."""

    def __init__(self, jobs: Jobs, given_of: GivenOf = NO_OVERRIDES.of) -> None:
        self._jobs, self._given_of = jobs, given_of
        self._kept: OrderedDict[Path, OpenFrame] = OrderedDict()
        self._waiting: dict[Path, TaskContext] = {}
        self._wanted: Path | None = None
        self._done: Callable[[OpenFrame], None] = lambda _: None
        self._failed: Callable[[Path, str], None] = lambda *_: None
        self._recipe: Recipe | None = None
        self._predictor: Predictor | None = None

    def use(self, recipe: Recipe, predictor: Predictor | None) -> None:
        """Open frames by this recipe and model from now on; what was computed before is dropped."""
        for task in self._waiting.values():
            task.cancel()
        self._waiting.clear()
        self._kept.clear()
        self._wanted = None
        self._recipe, self._predictor = recipe, predictor

    def open(self, path: Path, *, around: list[Path], done: Callable[[OpenFrame], None], failed: Callable[[Path, str], None]) -> None:
        """Call `done` with the frame, at once if it is kept; a frame asked for earlier and not shown yet is dropped."""
        self._wanted, self._done, self._failed = path, done, failed
        near = {path, *around}
        for other in [p for p in self._waiting if p not in near]:
            self._waiting.pop(other).cancel()
        if path in self._kept and not _is_as_read(self._kept[path]):  # exchanged since it was fetched ahead
            del self._kept[path]
        if path in self._kept:
            self._kept.move_to_end(path)
            done(self._kept[path])
        else:
            self._let_go_of_huge()
        for wanted in [path, *around]:
            if wanted not in self._kept and wanted not in self._waiting:
                self._start(wanted, Urgency.NOW if wanted == path else Urgency.SOON)

    def _start(self, path: Path, urgency: Urgency) -> None:
        recipe, predictor = self._recipe, self._predictor
        if recipe is None:
            raise RuntimeError("use() comes first")

        def open_job(_: TaskContext) -> OpenFrame | None:
            try:
                return open_frame(path, recipe, predictor, self._given_of, ahead=urgency is not Urgency.NOW)
            except TooHugeAhead:
                return None

        task = self._waiting[path] = self._jobs.submit(
            open_job,
            done=lambda frame: self._arrived(task, path, frame),
            failed=lambda reason: self._broke(task, path, reason),
            urgency=urgency,
        )

    # Why: docs/decisions/system.md 11
    def _let_go_of_huge(self) -> None:
        """Before another frame is opened: the one left and the one opened would else take their memory at the same time."""
        for path in [path for path, frame in self._kept.items() if _is_huge(frame.record.width, frame.record.height)]:
            del self._kept[path]

    def _arrived(self, task: TaskContext, path: Path, frame: OpenFrame | None) -> None:
        """None: it is too huge to be fetched ahead."""
        if not self._expected(task, path):
            return
        if frame is None:
            if path == self._wanted:  # the reader has come there meanwhile
                self._start(path, Urgency.NOW)
            return
        self._kept[path] = frame
        # the one that arrived is kept, however huge
        while len(self._kept) > _KEPT or (len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > _KEPT_BYTES):
            self._kept.popitem(last=False)
        if path == self._wanted:
            self._done(frame)

    def _broke(self, task: TaskContext, path: Path, reason: str) -> None:
        if self._expected(task, path) and path == self._wanted:  # of one fetched ahead the reader hears when going there
            self._failed(path, reason)

    def _expected(self, task: TaskContext, path: Path) -> bool:
        """False for what was cancelled too late: its recipe or model may be another one, or nobody wants it any more."""
        if self._waiting.get(path) is not task:
            return False
        del self._waiting[path]
        return True
