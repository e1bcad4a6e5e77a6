"""From a file to pixels. Every file is hostile: sizes are checked before anything is decoded."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from endodesk.domain.errors import TooLargeForMemory, UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.dicom.dicom_kind import is_dicom
from endodesk.imaging.reading.header import MAX_PIXELS as MAX_PIXELS
from endodesk.imaging.reading.header import Header, Refused
from endodesk.imaging.reading.kinds import foreign_sentence
from endodesk.imaging.reading.stills import Stored, open_picture
from endodesk.system.memory_budget import MEMORY, NeverFits
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain

MAX_FILE_BYTES = 400 * 1024 * 1024
MIN_SIDE_PX = 3
"""Pictures of 1 x 1 and 2 x 2 hold a place in pages and programs; from 3 on they are somebody's (DICOM has maps of doses so small)."""
TIFF_BEGINNINGS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_TURNS: dict[int, Callable[[RGB], RGB]] = {  # EXIF orientation -> what sets the picture upright
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a[::-1].swapaxes(0, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a.swapaxes(0, 1)[::-1],
}


def read_image(path: Path) -> RGB:
    """The frame upright, as H x W x 3 uint8 RGB: 16 bits become 8, grey becomes RGB, alpha lies over black.

    Of several pictures in a file the first. Raises UnreadableImage with a sentence for whatever cannot be shown whole.
    """
    return decode_image(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """The file's bytes; UnreadableImage if it is missing, empty, too large, no plain file, or may not be read."""
    name = printable(path.name)
    try:
        with open_plain(path) as stream:
            if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
                raise UnreadableImage(f"{name} is larger than {MAX_FILE_BYTES >> 20} MB and was left alone.")
            data = stream.read()
    except OSError as error:
        raise UnreadableImage(f"{name} cannot be read: {reason_of(error)}.") from error
    except ValueError as error:
        raise UnreadableImage(f"{name} cannot be read: no file can have this name.") from error
    if not data:
        raise UnreadableImage(f"{name} cannot be read: the file is empty.")
    return data


def read_header(data: bytes, name: str) -> Header:
    """Format, colour mode, upright size and orientation; UnreadableImage if it is no whole image of a size we open."""
    return open_image(data, name).header


def decode_image(data: bytes, name: str) -> RGB:
    """As `read_image`, from the file's bytes; `name` is for the sentence."""
    return open_image(data, name).decode()


class OpenImage:
    """A file whose header was read, and its size found to be one we open; nothing is decoded yet."""

    def __init__(self, name: str, header: Header, stored: Callable[[], RGB | None], smaller: Callable[[int], RGB] | None = None) -> None:
        """`stored` decodes the pixels as the file has them, None if it cannot; `smaller` the same at about 1/2, 1/4 or 1/8."""
        _check(printable(name), header)
        self.header = header
        self._name, self._stored, self._smaller = printable(name), stored, smaller

    def decode(self, shrink: int = 1) -> RGB:
        """The picture as `read_image` gives it; UnreadableImage if it cannot be shown whole.

        With `shrink` 2, 4 or 8 it may be smaller by as much, where that is quicker.
        """
        with self.room():
            try:
                with _refusals(self._name):
                    pixels = self._smaller(shrink) if shrink > 1 and self._smaller else self._stored()
            except MemoryError as error:
                raise UnreadableImage(f"{self._name} is too large for the memory that is free.") from error
            if pixels is None:
                raise UnreadableImage(f"{self._name} cannot be read: its picture data is damaged.")
            picture = upright(pixels, self.header)
            MEMORY.keep(picture, picture.nbytes)
            return picture

    @contextmanager
    def room(self, bytes_a_pixel: int = 0) -> Iterator[None]:
        """Within the block there is memory to decode it, or to fill more with it. Waits for it; UnreadableImage where it is never there."""
        with room_for(self._name, max(self.header.decoding_bytes, bytes_a_pixel * self.header.width * self.header.height)):
            yield


def open_image(data: bytes, name: str) -> OpenImage:
    """For who wants both a file's header and its pixels: its header is read once. UnreadableImage as `read_header`."""
    if is_dicom(data):
        from endodesk.imaging.reading.dicom.dicom_file import one_picture  # brings pydicom: only who has such files waits for it

        file = one_picture(data, name)
        return OpenImage(name, file.header, lambda: file.frame(0))
    shown = printable(name)
    if sentence := foreign_sentence(data, shown):
        raise UnreadableImage(sentence)
    with _refusals(shown):
        header, stored = _opened(data)
    return OpenImage(name, header, lambda: stored(1), stored)


def _opened(data: bytes) -> tuple[Header, Stored]:
    if data[:4] in TIFF_BEGINNINGS:
        from endodesk.imaging.reading.tiff import open_tiff  # brings tifffile

        return open_tiff(data)
    return open_picture(data)


@contextmanager
def room_for(name: str, needed: int) -> Iterator[None]:
    """Room for a file of that name as `MEMORY.room`; TooLargeForMemory with what to do if there never is."""
    with ExitStack() as held:
        try:
            held.enter_context(MEMORY.room(needed))
        except NeverFits as reason:
            told = f"{name} is not opened: {reason}. Scale it down first, or allow more memory in the settings."
            raise TooLargeForMemory(told) from reason
        yield


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """A reader's reason becomes a sentence with the file's name."""
    try:
        yield
    except Refused as reason:
        raise UnreadableImage(f"{name} cannot be read: {reason}.") from reason


def _check(name: str, header: Header) -> None:
    width, height = header.width, header.height
    if width * height > MAX_PIXELS:
        raise UnreadableImage(
            f"{name} has {width} x {height} pixels; more than {MAX_PIXELS // 1_000_000} megapixels are not opened. Scale it down first."
        )
    if min(width, height) < MIN_SIDE_PX:
        raise UnreadableImage(f"{name} has only {width} x {height} pixels; a frame has at least {MIN_SIDE_PX} x {MIN_SIDE_PX}.")


def upright(pixels: RGB, header: Header) -> RGB:
    """Pixels as the file stores them, turned as its header says; contiguous."""
    turn = _TURNS.get(header.orientation)
    return np.ascontiguousarray(turn(pixels) if turn else pixels)
