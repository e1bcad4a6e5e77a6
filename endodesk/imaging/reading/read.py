"""From a file to pixels. Every file is hostile: sizes are checked before anything is decoded."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.dicom_kind import is_dicom
from endodesk.imaging.reading.header import Header, silenced, stretched
from endodesk.system.os_errors import reason_of

MAX_FILE_BYTES = 400 * 1024 * 1024
MAX_PIXELS = 100_000_000
MIN_SIDE_PX = 16
_FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP", "MPO")
_ORIENTATION = 274

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
    """The file's bytes; UnreadableImage if it is missing, empty, too large, a folder, or may not be read."""
    name = printable(path.name)
    try:
        if path.is_dir():
            raise UnreadableImage(f"{name} cannot be read: it is a folder.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableImage(f"{name} is larger than {MAX_FILE_BYTES >> 20} MB and was left alone.")
        data = path.read_bytes() if path.is_file() else b""  # a pipe would keep us waiting
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

    def __init__(self, data: bytes, name: str, header: Header, stored: Callable[[], RGB | None]) -> None:
        """`stored` decodes the pixels as the file has them; None if it cannot."""
        _check(data, printable(name), header)
        self.header = header
        self._name, self._stored = printable(name), stored

    def decode(self) -> RGB:
        """The picture as `read_image` gives it; UnreadableImage if it cannot be shown whole."""
        try:
            pixels = self._stored()
        except MemoryError as error:
            raise UnreadableImage(f"{self._name} is too large for the memory that is free.") from error
        if pixels is None:
            raise UnreadableImage(f"{self._name} cannot be read: its picture data is damaged.")
        return upright(pixels, self.header)


def open_image(data: bytes, name: str) -> OpenImage:
    """For who wants both a file's header and its pixels: its header is read once. UnreadableImage as `read_header`."""
    if is_dicom(data):
        from endodesk.imaging.reading.dicom import one_picture  # brings pydicom: only who has such files waits for it

        file = one_picture(data, name)
        return OpenImage(data, name, file.header, lambda: file.frame(0))
    header = _header(data, printable(name))
    return OpenImage(data, name, header, lambda: _by_cv2(data, header) if _suits_cv2(header) else _by_pillow(data))


def _header(data: bytes, name: str) -> Header:
    """The header as the file states it, its sizes not checked yet."""
    try:
        with _opened(data) as picture:
            return _described(picture)
    except Image.DecompressionBombError as error:
        raise UnreadableImage(f"{name} is larger than {MAX_PIXELS // 1_000_000} megapixels and was left alone.") from error
    except Exception as error:  # Pillow's plugins raise anything on hostile bytes
        raise UnreadableImage(f"{name} cannot be read: it is not an image, or it is damaged.") from error


def _check(data: bytes, name: str, header: Header) -> None:
    width, height = header.width, header.height
    if width * height > MAX_PIXELS:
        raise UnreadableImage(
            f"{name} has {width} x {height} pixels; more than {MAX_PIXELS // 1_000_000} megapixels are not opened. Scale it down first."
        )
    if min(width, height) < MIN_SIDE_PX:
        raise UnreadableImage(f"{name} has only {width} x {height} pixels; a frame has at least {MIN_SIDE_PX} x {MIN_SIDE_PX}.")
    if _is_cut_short(data, header.format):
        raise UnreadableImage(f"{name} cannot be read: the file ends too early. Copy it again from its source.")


def upright(pixels: RGB, header: Header) -> RGB:
    """Pixels as the file stores them, turned as its header says; contiguous."""
    turn = _TURNS.get(header.orientation)
    return np.ascontiguousarray(turn(pixels) if turn else pixels)


def decoded_by_cv2(data: bytes, flags: int) -> NDArray[Any] | None:
    """`cv2.imdecode` with these flags, never turned; None for what it cannot decode."""
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with silenced(), Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        yield picture


def _described(picture: Image.Image) -> Header:
    width, height = picture.size
    orientation = _orientation(picture)
    if orientation >= 5:
        width, height = height, width
    return Header(picture.format or "", picture.mode, picture.has_transparency_data, width, height, orientation)


def _suits_cv2(header: Header) -> bool:
    """OpenCV is quick and keeps 16 bits, but it turns TIFF files by half, and overlooks the alpha of grey PNG and of BMP files."""
    if header.format in ("JPEG", "MPO"):
        return header.mode in ("RGB", "L")
    if header.format == "PNG":
        return header.mode in ("RGB", "RGBA", "LA", "P") or not header.alpha
    return header.format == "WEBP"


def _by_cv2(data: bytes, header: Header) -> RGB | None:
    if header.format in ("JPEG", "MPO"):  # always 8 bit, never alpha
        return decoded_by_cv2(data, cv2.IMREAD_COLOR_RGB)
    pixels = decoded_by_cv2(data, cv2.IMREAD_UNCHANGED)
    if pixels is None:
        return _by_pillow(data)
    if pixels.dtype == np.uint16:
        pixels = _eight_bits(pixels)
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    if pixels.shape[2] == 4:
        return _over_black(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA))
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _by_pillow(data: bytes) -> RGB | None:
    """TIFF (set upright by Pillow), BMP, CMYK, floating point: rare enough for the slow way."""
    try:
        with _opened(data) as picture:
            if picture.mode in ("F", "I"):
                return stretched(np.asarray(picture, np.float32))
            if picture.mode.startswith("I;16"):
                return np.asarray(cv2.cvtColor(_eight_bits(np.asarray(picture, np.uint16)), cv2.COLOR_GRAY2RGB), np.uint8)
            if picture.has_transparency_data:
                return _over_black(np.asarray(picture.convert("RGBA"), np.uint8))
            return np.array(picture.convert("RGB"), np.uint8)
    except MemoryError:
        raise
    except Exception:  # as above: hostile bytes raise anything
        return None


def _eight_bits(pixels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return (pixels // 257).astype(np.uint8)  # 65535 is 255


def _over_black(rgba: cv2.typing.MatLike) -> RGB:
    alpha = rgba[..., 3]
    return np.asarray(cv2.multiply(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), cv2.merge([alpha] * 3), scale=1 / 255), np.uint8)


# Why: docs/decisions/imaging.md 2
def _is_cut_short(data: bytes, kind: str) -> bool:
    """Decoders fill a cut JPEG with grey and say nothing; its end marker must follow the last scan."""
    if kind in ("JPEG", "MPO"):
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    return kind == "PNG" and not _reaches_end(data)


def _reaches_end(png: bytes) -> bool:
    """Whether all chunks lie within the file. OpenCV makes room, up to 4 GB and for 15 s, for whatever length a chunk claims."""
    place = 8
    while place + 8 <= len(png):
        if png[place + 4 : place + 8] == b"IEND":
            return True
        place += 12 + int.from_bytes(png[place : place + 4], "big")
    return False


def _orientation(picture: Image.Image) -> int:
    if picture.format == "TIFF":
        return 1  # Pillow has turned it, and its size too
    try:  # the plain method: PNG's own decodes the whole picture to look for a block behind it
        return int(Image.Image.getexif(picture).get(_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the frame
        return 1
