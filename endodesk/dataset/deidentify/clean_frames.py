"""Frames as they are passed on: pixels alone, re-encoded without loss, with text and borders blackened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from endodesk.dataset.deidentify.pseudonyms import Pseudonyms
from endodesk.domain.acts import PortableFrame
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Sha256, Unreadable
from endodesk.domain.overrides import Overrides
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.masking import masked
from endodesk.imaging.preprocessing.sketch import shrunk
from endodesk.imaging.reading.read import decode_image, read_bytes
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads

THUMBNAIL_PX = 240


@dataclass(frozen=True, slots=True, eq=False)
class CleanFrame:
    """One frame without its name and without what its file tells beside pixels."""

    frame: PortableFrame
    """The frame that it was made of."""
    name: str
    """Its pseudonym."""
    png: bytes
    sha256: Sha256
    """Of the PNG."""
    text_share: float
    box_share: float
    beside_share: float

    @property
    def thumbnail(self) -> RGB:
        """A small copy, for the sheet."""
        picture = cv2.imdecode(np.frombuffer(self.png, np.uint8), cv2.IMREAD_COLOR_RGB)
        return shrunk(np.asarray(picture, np.uint8), THUMBNAIL_PX)


def clean_frames(
    frames: Sequence[PortableFrame], names: Pseudonyms, drawn: Overrides, task: TaskContext, what: str
) -> Iterator[CleanFrame | Unreadable]:
    """One after the other, in their order; `what` stands beside the progress. BadRequest if a file is not what it was, Cancelled."""
    made = in_threads(lambda frame: _clean(frame, names, drawn), frames)
    for done, one in enumerate(made, 1):
        task.report(done, len(frames), what)
        yield one


def _clean(frame: PortableFrame, names: Pseudonyms, drawn: Overrides) -> CleanFrame | Unreadable:
    path = Path(frame.place)
    try:
        data = read_bytes(path)
        image = decode_image(data, path.name)
    except UnreadableImage as error:
        return Unreadable(path, str(error))
    sha256 = sha256_bytes(data)
    if sha256 != frame.sha256:
        raise BadRequest(f"{path} was changed while the frames were exported. Try again.")
    height, width = image.shape[:2]
    result = masked(image, drawn.of(sha256, width, height))
    done, png = cv2.imencode(".png", result.image[..., ::-1])  # pixels alone: OpenCV writes no text, no times, no profile
    if not done:
        return Unreadable(path, f"{path.name} cannot be written as PNG.")
    told = png.tobytes()
    return CleanFrame(frame, names.frame(sha256), told, sha256_bytes(told), result.text_share, result.box_share, result.beside_share)
