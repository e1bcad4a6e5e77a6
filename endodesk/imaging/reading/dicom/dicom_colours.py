"""Which colours a DICOM file's values are, by its coded stream before its tags, and how they become RGB."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.processing import convert_color_space

from endodesk.imaging.reading.colours import in_bands
from endodesk.imaging.reading.dicom.coded_stream import CodedStream
from endodesk.imaging.reading.dicom.dicom_tags import PixelTags, contradiction

BAND_PX = 250_000
"""Pixels that are turned at once as floating point: of these the numbers stay in the processor's cache."""

Colours = Literal["grey", "RGB", "YBR", "YBR partial"]
_BY_TAG: dict[str, Colours] = {"RGB": "RGB", "YBR_FULL": "YBR", "YBR_FULL_422": "YBR", "YBR_PARTIAL_422": "YBR partial"}
_OF_JPEG_2000 = ("YBR_RCT", "YBR_ICT")
"""What its decoder turns back: RGB for who comes later, also where the file was uncompressed since."""


# Why: docs/decisions/imaging.md 20
def colours_of(tags: PixelTags, stream: CodedStream | None) -> Colours:
    """Of the values that decoding gives, not converted. Unsuitable where stream and tags contradict each other."""
    if stream is not None and (stream.components != tags.samples or (stream.doubtful and stream.colour != _BY_TAG.get(tags.colours))):
        raise contradiction("colours")
    if not tags.is_colour:
        return "grey"
    if tags.signed:
        raise contradiction("colours")
    if stream is None:
        return "RGB" if tags.colours in _OF_JPEG_2000 else _BY_TAG[tags.colours]
    if tags.colours == "YBR_PARTIAL_422":
        raise contradiction("colours")
    if stream.kind in ("JPEG", "lossless JPEG"):
        return _of_jpeg(tags, stream)
    by_tag = "RGB" if tags.colours in _OF_JPEG_2000 else _BY_TAG[tags.colours]
    if stream.colour not in (None, by_tag) or (stream.kind == "JPEG-LS" and tags.colours in _OF_JPEG_2000):
        raise contradiction("colours")
    return by_tag


def _of_jpeg(tags: PixelTags, stream: CodedStream) -> Colours:
    if stream.colour is not None:
        return stream.colour
    if tags.colours in _OF_JPEG_2000:
        raise contradiction("colours")
    return _BY_TAG[tags.colours]


def tag_was_believed(tags: PixelTags, stream: CodedStream | None) -> bool:
    """Whether a program that goes by the tag, as EndoDesk 0.1 did, shows other colours."""
    if stream is None or stream.kind != "JPEG" or not tags.is_colour:
        return False
    return stream.colour not in (None, _BY_TAG.get(tags.colours)) or (stream.adobe and tags.colours != "RGB")


def to_rgb(values: NDArray[np.uint8], colours: Colours) -> NDArray[np.uint8]:
    """H x W x 3 of 8 bits."""
    if colours == "RGB":
        return values
    return in_bands(values, lambda band: _turned(band, colours), BAND_PX)


def _turned(values: NDArray[np.uint8], colours: Colours) -> NDArray[np.uint8]:
    if colours == "YBR partial":
        values = np.stack([_LIGHT[values[..., 0]], _PART[values[..., 1]], _PART[values[..., 2]]], -1)
    return np.asarray(convert_color_space(values, "YBR_FULL", "RGB"), np.uint8)


def shares_colours(length: int, tags: PixelTags) -> bool:
    """Whether two pixels side by side share a colour in so many bytes of YBR_FULL_422: by their number, for some write all colours.

    Unsuitable where that cannot be told.
    """
    pixels = tags.rows * tags.columns * tags.allocated // 8
    shared, full = 2 * pixels, 3 * pixels
    fits = [size for size in (shared, full) if 0 <= length - tags.claimed * size <= 1]
    fits = fits or [size for size in (shared, full) if length >= size and length % size <= 1]
    if len(fits) > 1:
        raise contradiction("colours")
    shares = fits == [shared] if fits else length < tags.claimed * full
    if shares and (tags.planar or tags.columns % 2):
        raise contradiction("colours")
    return shares


def from_pairs(values: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """Colour of one pixel for two side by side (Y Y Cb Cr), as rows x columns x 3; `columns` is even."""
    pairs = values.reshape(rows, columns // 2, 4)
    full = np.empty((rows, columns, 3), values.dtype)
    full[..., 0] = pairs[..., :2].reshape(rows, columns)
    full[..., 1], full[..., 2] = np.repeat(pairs[..., 2], 2, 1), np.repeat(pairs[..., 3], 2, 1)
    return full


def _stretched(lowest: int, highest: int) -> NDArray[np.uint8]:
    """A table that makes the values of video use all of 8 bits."""
    values = (np.arange(256) - lowest) * 255 / (highest - lowest)
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)


_LIGHT, _PART = _stretched(16, 235), _stretched(16, 240)
