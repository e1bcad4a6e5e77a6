"""Films: what holds many frames, a video or a DICOM file of many pictures. Both behind the same face."""

from pathlib import Path
from typing import Protocol

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.dicom.dicom_kind import HEAD_BYTES, is_dicom, may_be_dicom
from endodesk.imaging.reading.read import MAX_PIXELS, read_bytes, room_for
from endodesk.system.plain_files import open_plain
from endodesk.system.task import TaskContext

_DICOM_RATE = 25.0  # a second, to play by; when each picture was taken is told by tags that are not read


class Film(Protocol):
    """Frames by number, from 0. Any thread may ask, one at a time."""

    rate: float
    """Frames a second."""

    @property
    def frames(self) -> int:
        """How many there are: counted, not believed."""

    def seconds(self, index: int) -> float:
        """When a frame is shown, from the first one on."""

    def at(self, seconds: float) -> int:
        """The frame that is shown then; the first or the last beyond the ends."""

    def frame(self, index: int) -> RGB:
        """Its pixels; UnreadableImage if they cannot be decoded, IndexError if there is none of that number."""

    def close(self) -> None:
        """Let go of the file."""


def open_film(path: Path, task: TaskContext | None = None) -> Film:
    """By what the file begins with. UnreadableImage with a sentence if it is no film; Cancelled by the task."""
    if is_dicom_file(path):
        return DicomFilm(path)
    from endodesk.imaging.reading.video import Video

    return Video(path, task)


def is_dicom_file(path: Path) -> bool:
    """Whether the file begins as DICOM does; False for one that cannot be read."""
    try:
        with open_plain(path) as stream:
            return is_dicom(stream.read(HEAD_BYTES))
    except (OSError, ValueError):
        return False


def holds_film(path: Path) -> bool:
    """Whether a file named like DICOM, or without an ending, has many pictures."""
    if not may_be_dicom(path.name) or not is_dicom_file(path):
        return False
    try:
        return DicomFilm(path).frames > 1
    except UnreadableImage:
        return False


class DicomFilm:
    """The pictures of a DICOM file."""

    def __init__(self, path: Path) -> None:
        from endodesk.imaging.reading.dicom.dicom_file import DicomFile  # brings pydicom

        self._file, self.rate = DicomFile(read_bytes(path), path.name), _DICOM_RATE
        self._name = printable(path.name)
        if self._file.header.width * self._file.header.height > MAX_PIXELS:
            raise UnreadableImage(
                f"{printable(path.name)} has frames of more than {MAX_PIXELS // 1_000_000} megapixels and was left alone."
            )

    @property
    def frames(self) -> int:
        """How many pictures the file holds: counted, whatever it says."""
        return self._file.frames

    def seconds(self, index: int) -> float:
        """When a picture is shown, from the first one on, played at 25 a second."""
        return index / self.rate

    def at(self, seconds: float) -> int:
        """The picture that is shown then, as `seconds` counts; the first or the last beyond the ends."""
        return max(0, min(int(seconds * self.rate + 0.001), self.frames - 1))  # rounding must not show the frame before

    def frame(self, index: int) -> RGB:
        """Its pixels; UnreadableImage if they cannot be decoded, IndexError if there is none of that number."""
        if not 0 <= index < self.frames:
            raise IndexError(index)
        with room_for(self._name, self._file.header.decoding_bytes):
            return self._file.frame(index)

    def close(self) -> None:
        """There is nothing to let go of: the file was read whole when it was opened."""
