"""TIFF: tifffile reads what a file says of itself; what must be true for its picture to be whole is checked before and after decoding.

Import it where a file is known to be TIFF: it brings tifffile, and imagecodecs with the first that is packed.
"""

import io
import logging
import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.header import CUT, DAMAGED, MAX_PIXELS, Header, Refused, silenced
from endodesk.imaging.reading.tiff_colours import TiffColours, colours_of
from endodesk.imaging.reading.tiff_directories import pictures_of
from endodesk.imaging.reading.tiff_parts import decode_part, is_sound_lzw

_LZW, _JPEG, _OLD_JPEG = 5, 7, 6
_PACKINGS = {1, 2, 3, 4, 5, _OLD_JPEG, _JPEG, 8, 32946, 32773, 34925, 50000, 50001}
"""None, CCITT, LZW, JPEG, Deflate, PackBits, LZMA, Zstandard, WebP."""
_NAMES = {33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 34892: "lossy DNG"}
_NAMES |= {34661: "JBIG", 34925: "LZMA", 50002: "JPEG XL", 52546: "JPEG XL", 34933: "PNG", 34934: "JPEG XR", 34887: "LERC", 34676: "LogLuv"}
_MAX_SAMPLES = 8
_MAX_BYTES = 8 * MAX_PIXELS
_MAX_PARTS = 200_000
_SPARE_BYTES = 1 << 20
_COPIES_BYTES = 16
"""A pixel: what the steps to 8 bits, or Pillow's conversions, take at the least."""
_STACK = re.compile(r"^images=(\d{1,9})\s*$", re.MULTILINE)
_EXPORT = "Export it as PNG, or as TIFF with 8 bits"

logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)  # what it says stands in our sentences


def open_tiff(data: bytes) -> tuple[Header, Callable[[int], RGB]]:
    """Header and decoder. Refused where the first picture is of a kind that is not read, or not whole as far as its header tells."""
    try:
        pictures = pictures_of(data)
        with silenced(), tifffile.TiffFile(io.BytesIO(data)) as file:
            page: Any = file.pages[pictures.frame]
            colours = _checked(page, data)
            header = _header(page, colours, pictures.count)
    except Refused:
        raise
    except Exception as error:  # hostile bytes raise anything
        raise Refused("it is not an image, or it is damaged") from error
    return header, lambda _: _decoded(page, data, colours)


def _header(page: Any, colours: TiffColours, count: int) -> Header:
    turn = page.tags.valueof(274, 1)
    turn = turn if isinstance(turn, int) and 1 <= turn <= 8 else 1
    width, height = (page.imagelength, page.imagewidth) if turn >= 5 else (page.imagewidth, page.imagelength)
    stack = _STACK.search(page.description) if page.description.startswith("ImageJ=") else None
    count = max(count, int(stack[1])) if stack else count
    name = colours.conversion.name if colours.conversion else ""
    said = Header("TIFF", colours.mode, colours.alpha, width, height, turn, pages=count, reading=colours.reading, profile=name)
    a_pixel = max(_COPIES_BYTES, 2 * page.samplesperpixel * page.dtype.itemsize + 4)
    return replace(said, decoding_bytes=a_pixel * width * height)


def _checked(page: Any, data: bytes) -> TiffColours:
    """What its samples mean; Refused for whatever is not proven to come out right."""
    if page.compression not in _PACKINGS:
        raise Refused(f"it is packed as {_NAMES.get(int(page.compression), 'a kind')}, which is not read here. {_EXPORT}")
    if page.imagewidth * page.imagelength > MAX_PIXELS:
        raise Refused(f"it has {page.imagewidth} x {page.imagelength} pixels, more than are opened. Scale it down first")
    if page.imagedepth > 1:
        raise Refused("it is a volume, not a picture. Export its slices as PNG")
    colours = colours_of(page)
    if page.imagewidth < 1 or page.imagelength < 1 or page.dtype is None:
        raise Refused(DAMAGED)
    if page.samplesperpixel > _MAX_SAMPLES or math.prod(page.shaped) * page.dtype.itemsize > _MAX_BYTES:
        raise Refused(f"it has more samples than are opened. {_EXPORT}")
    if page.compression == _OLD_JPEG:
        _old_stream(page, data)
    else:
        _check_parts(page, data)
    return colours


def _old_stream(page: Any, data: bytes) -> bytes:
    """JPEG of TIFF's sixth version: one whole file of its own, else nobody ever said well enough how it lies (TIFF Technical Note 2)."""
    start, length = (int(np.ravel(page.tags.valueof(tag, 0))[0]) for tag in (513, 514))
    if length <= 0 or data[start : start + 2] != b"\xff\xd8":
        raise Refused(f"it is packed as JPEG of the old kind, in pieces, which is not read here. {_EXPORT}")
    if start + length > len(data):
        raise Refused(CUT)
    return data[start : start + length]


def _check_parts(page: Any, data: bytes) -> None:
    """Whether all strips or tiles are there; missing ones would be shown as black."""
    offsets, counts = page.dataoffsets, page.databytecounts
    wanted = math.prod(page.chunked)
    if wanted > _MAX_PARTS:
        raise Refused(f"it has more than {_MAX_PARTS} tiles. {_EXPORT}")
    if len(offsets) < wanted or len(counts) < wanted or not all(offsets[:wanted]) or not all(counts[:wanted]):
        raise Refused("parts of its picture are missing. Copy it again from its source")
    spare = 0 if page.compression != 1 else max(counts)  # of what is not packed, the decoder tells how much is needed
    if any(offset + count > len(data) + spare or offset >= len(data) for offset, count in zip(offsets, counts, strict=False)):
        raise Refused(CUT)
    height, width = (page.tilelength, page.tilewidth) if page.is_tiled else (min(page.rowsperstrip, page.imagelength), page.imagewidth)
    depth = page.samplesperpixel * page.dtype.itemsize
    if height * width * depth > 4 * page.imagewidth * page.imagelength * depth + _SPARE_BYTES or (page.is_tiled and page.tiledepth > 1):
        raise Refused(DAMAGED)


def _decoded(page: Any, data: bytes, colours: TiffColours) -> RGB:
    try:
        with silenced():
            return colours.shown(_samples(page, data))
    except (Refused, MemoryError):
        raise
    except Exception as error:  # as above
        ends = zip(page.dataoffsets, page.databytecounts, strict=False)
        raise Refused(CUT if any(offset + count > len(data) for offset, count in ends) else DAMAGED) from error


def _samples(page: Any, data: bytes) -> NDArray[Any]:
    """H x W x samples as the file stores them; YCbCr in JPEG as RGB."""
    planes, _, height, width, together = page.shaped
    if page.compression == _OLD_JPEG:
        whole = decode_part(_old_stream(page, data), None, int(page.photometric), together)
        if planes > 1 or whole.shape[:2] != (height, width):
            raise Refused(DAMAGED)
        return whole
    as_jpeg = page.compression == _JPEG
    samples: NDArray[Any] = np.empty((planes, height, width, together), np.uint8 if as_jpeg else page.dtype)
    places = zip(page.dataoffsets, page.databytecounts, strict=False)
    for index, (offset, count) in zip(range(math.prod(page.chunked)), places, strict=False):
        if as_jpeg:
            _, (plane, _, top, left, _), (_, rows, columns, _) = page.decode(None, index)
            part = decode_part(data[offset : offset + count], page.jpegtables, int(page.photometric), together)
            if part.shape[0] < min(rows, height - top) or part.shape[1] < min(columns, width - left):
                raise Refused(DAMAGED)
        else:
            coded = data[offset : offset + count]
            if page.compression == _LZW and not is_sound_lzw(coded, turned=page.fillorder == 2):
                raise Refused(DAMAGED)
            decoded, (plane, _, top, left, _), _ = page.decode(coded, index)
            part = decoded[0]
        samples[plane, top : top + part.shape[0], left : left + part.shape[1]] = part[: height - top, : width - left]
    if planes == 1:
        return np.asarray(samples[0])
    return np.ascontiguousarray(np.moveaxis(samples[..., 0], 0, -1))
