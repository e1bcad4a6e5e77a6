"""From a file to pixels. Every file is hostile: sizes are checked before anything is decoded."""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.pixels import RGB

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


@dataclass(frozen=True, slots=True)
class Header:
    """What an image file says of itself before it is decoded. Sizes in pixels, upright."""

    format: str
    mode: str
    width: int
    height: int
    orientation: int


def read_image(path: Path) -> RGB:
    """The frame upright, as H x W x 3 uint8 RGB: 16 bits become 8, grey becomes RGB, alpha lies over black.

    Raises UnreadableImage with a sentence for whatever cannot be shown whole.
    """
    return decode_image(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """The file's bytes; UnreadableImage if it is missing, empty, too large or may not be read."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise UnreadableImage(f"{path.name} cannot be read: the file is empty.")
        if size > MAX_FILE_BYTES:
            raise UnreadableImage(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MB and was left alone.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableImage(f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from error


def read_header(data: bytes, name: str) -> Header:
    """Format, colour mode, upright size and orientation; UnreadableImage if it is no whole image of a size we open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs at 89 megapixels; our own limit is below
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
                orientation = _orientation(picture)
                header = Header(picture.format or "", picture.mode, *_upright(width, height, orientation), orientation)
    except Image.DecompressionBombError as error:
        raise UnreadableImage(f"{name} is larger than {MAX_PIXELS // 1_000_000} megapixels and was left alone.") from error
    except Exception as error:  # Pillow's plugins raise anything on hostile bytes
        raise UnreadableImage(f"{name} cannot be read: it is not an image, or it is damaged.") from error
    if width * height > MAX_PIXELS:
        raise UnreadableImage(
            f"{name} has {width} x {height} pixels; more than {MAX_PIXELS // 1_000_000} megapixels are not opened. Scale it down first."
        )
    if min(width, height) < MIN_SIDE_PX:
        raise UnreadableImage(f"{name} has only {width} x {height} pixels; a frame has at least {MIN_SIDE_PX} x {MIN_SIDE_PX}.")
    if _is_cut_short(data, header.format):
        raise UnreadableImage(f"{name} cannot be read: the file ends too early. Copy it again from its source.")
    return header


def decode_image(data: bytes, name: str) -> RGB:
    """As `read_image`, from the file's bytes; `name` is for the sentence."""
    header = read_header(data, name)
    pixels = _by_pillow(data) if header.mode not in _CV2_MODES else _by_cv2(data, header)
    if pixels is None:
        raise UnreadableImage(f"{name} cannot be read: its picture data is damaged.")
    turn = _TURNS.get(header.orientation)
    return np.ascontiguousarray(turn(pixels) if turn else pixels)


_CV2_MODES = {"RGB", "RGBA", "L", "LA", "P", "I;16", "I;16B", "I;16L", "1"}


def _by_cv2(data: bytes, header: Header) -> RGB | None:
    buffer = np.frombuffer(data, np.uint8)
    if header.format in ("JPEG", "MPO"):  # always 8 bit, never alpha
        return _decoded(buffer, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    pixels = _decoded(buffer, cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        return _by_pillow(data)
    if pixels.dtype == np.uint16:
        pixels = (pixels // 257).astype(np.uint8)
    if pixels.dtype != np.uint8:
        return None
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    if pixels.shape[2] == 4:
        colour, alpha = pixels[..., 2::-1].astype(np.uint16), pixels[..., 3:].astype(np.uint16)
        return (colour * alpha // 255).astype(np.uint8)
    return np.asarray(pixels[..., ::-1], np.uint8) if pixels.shape[2] == 3 else None


def _decoded(buffer: NDArray[np.uint8], flags: int) -> NDArray[Any] | None:
    try:
        return cv2.imdecode(buffer, flags)
    except cv2.error:
        return None


def _by_pillow(data: bytes) -> RGB | None:
    """CMYK, YCbCr, Lab, floating point: rare enough for the slow way."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.mode in ("F", "I"):
                    values = np.asarray(picture, np.float64)
                    low, high = float(values.min()), float(values.max())
                    grey = (255 * (values - low) / max(high - low, 1e-9)).astype(np.uint8)
                    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
                return np.asarray(picture.convert("RGB"), np.uint8)
    except Exception:  # as above: hostile bytes raise anything
        return None


def _is_cut_short(data: bytes, kind: str) -> bool:
    """Decoders fill a cut JPEG with grey and say nothing; its end marker must follow the last scan."""
    if kind in ("JPEG", "MPO"):
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    if kind == "PNG":
        return b"IEND" not in data[-64 * 1024 :]
    if kind == "BMP":
        return len(data) < int.from_bytes(data[2:6], "little")
    return False


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the frame
        return 1


def _upright(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation >= 5 else (width, height)
