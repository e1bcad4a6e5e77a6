"""JPEG, PNG, BMP and WebP: Pillow looks at the header; who decodes stands here for each, with what must be true before."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading import jpeg, png
from endodesk.imaging.reading.colours import as_rgb
from endodesk.imaging.reading.header import CUT, DAMAGED, MAX_PIXELS, Header, Refused, silenced
from endodesk.imaging.reading.profiles import Conversion, conversion_of

_FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "MPO")
_ORIENTATION = 274
_WINDOWS_HEADER = 14
"""Where in a BMP file its own header begins."""
_BY_PILLOW_BYTES = 16
"""A pixel: Pillow's picture, its converted copy and the array of that, 4 each, and what is shown."""
_EMBEDDED = {4: "JPEG", 5: "PNG"}

Stored = Callable[[int], RGB]
"""The pixels as the file has them, at 1, or about 1/2, 1/4 or 1/8 of their size where that is quicker. Refused if they are not whole."""


def open_picture(data: bytes) -> tuple[Header, Stored]:
    """Header and decoder of a file. Refused where it is none of these kinds, or its markers tell that it is not whole."""
    if data[:2] == b"\xff\xd8":
        return _open_jpeg(data)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _open_png(data)
    header, conversion = _described(data)
    header = replace(header, decoding_bytes=_BY_PILLOW_BYTES * header.width * header.height)
    if header.format == "WEBP":
        if 8 + int.from_bytes(data[4:8], "little") > len(data):
            raise Refused(CUT)
        return header, lambda _: as_rgb(_webp(data) if header.pages == 1 else _by_pillow(data, "RGBA"), conversion)
    if header.format != "BMP":
        raise Refused(DAMAGED)
    return header, lambda _: as_rgb(_by_pillow(data, "RGBA" if header.alpha else "RGB"), conversion)


def _open_jpeg(data: bytes) -> tuple[Header, Stored]:
    if len(data) < 4:
        raise Refused("it is not an image, or it is damaged")
    segments = jpeg.read_segments(data)
    header, conversion = _described(data)
    header = replace(header, decoding_bytes=jpeg.decoding_bytes(data, segments, converted=conversion is not None))
    jpeg.check_whole(data, segments)

    def stored(shrink: int) -> RGB:
        samples = jpeg.decode(data, header, segments, shrink)
        if header.mode == "CMYK":
            return conversion(samples) if conversion else _from_inks(samples)
        if conversion is None:
            return samples
        return conversion(samples if header.mode == "RGB" else np.ascontiguousarray(samples[..., 0]))

    return header, stored


def _open_png(data: bytes) -> tuple[Header, Stored]:
    header, conversion = _described(data)
    if header.width * header.height <= MAX_PIXELS:  # else a better sentence is ready
        png.check_size(data)
    header = replace(header, decoding_bytes=png.decoding_bytes(data))
    png.check_colours(data)
    return header, lambda _: as_rgb(png.decode(data), conversion)


def _from_inks(samples: NDArray[np.uint8]) -> RGB:
    picture = Image.frombuffer("CMYK", (samples.shape[1], samples.shape[0]), samples, "raw", "CMYK", 0, 1)
    return np.array(picture.convert("RGB"), np.uint8)


def _described(data: bytes) -> tuple[Header, Conversion | None]:
    try:
        with _opened(data) as picture:
            width, height = picture.size
            orientation = _orientation(picture, png.exif_block(data) if picture.format == "PNG" else b"")
            if orientation >= 5:
                width, height = height, width
            conversion = conversion_of(_profile(data, picture), _colours(picture.mode))
            deep = picture.format == "PNG" and png.was_shown_otherwise(data)
            header = Header(
                picture.format or "",
                picture.mode,
                picture.has_transparency_data,
                width,
                height,
                orientation,
                pages=_pages(picture),
                reading=2 if conversion or deep else 1,
                profile=conversion.name if conversion else "",
            )
            return header, conversion
    except Image.DecompressionBombError as error:
        raise Refused("it says that it has more pixels than are opened. Scale it down first") from error
    except Refused:
        raise
    except Exception as error:  # Pillow's plugins raise anything on hostile bytes
        raise Refused(_why_not(data)) from error


def _why_not(data: bytes) -> str:
    if data[:2] == b"BM" and (kind := _EMBEDDED.get(int.from_bytes(data[30:34], "little"))):
        return f"it is a BMP that holds a {kind}. Export it as {kind}"
    return "it is not an image, or it is damaged"


def _colours(mode: str) -> str:
    """Of which colours a profile for pixels of this mode speaks."""
    return "CMYK" if mode == "CMYK" else "L" if mode in ("1", "L", "LA", "I;16", "I") else "RGB"


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with silenced(), Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        yield picture


def _profile(data: bytes, picture: Image.Image) -> bytes | None:
    if picture.format == "BMP":
        return _bmp_profile(data)
    if picture.format == "PNG" and (coding := png.coding(data)):
        return coding.profile(_colours(picture.mode))
    return picture.info.get("icc_profile")


def _orientation(picture: Image.Image, block: bytes) -> int:
    try:  # the plain method: PNG's own decodes the whole picture to look for a block behind it
        exif = Image.Image.getexif(picture)
        if block:
            exif.load(b"Exif\0\0" + block)
        return int(exif.get(_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the frame
        return 1


def _pages(picture: Any) -> int:
    if picture.format == "MPO":
        kinds = [str(entry["Attribute"]["MPType"]) for entry in picture.mpinfo.get(0xB002, [])]
        return max(1, sum("Thumbnail" not in kind for kind in kinds))
    return int(getattr(picture, "n_frames", 1))


def _bmp_profile(data: bytes) -> bytes | None:
    """What the fifth version of the header may bring along."""
    header = data[_WINDOWS_HEADER:]
    if int.from_bytes(header[:4], "little") < 124 or header[56:60] != b"DEBM":
        return None
    start, size = int.from_bytes(header[112:116], "little"), int.from_bytes(header[116:120], "little")
    return header[start : start + size]


def _webp(data: bytes) -> NDArray[np.uint8]:
    from imagecodecs import WebpError, webp_decode

    try:
        return np.asarray(webp_decode(data), np.uint8)
    except WebpError:
        return _by_pillow(data, "RGBA")


def _by_pillow(data: bytes, mode: str) -> NDArray[np.uint8]:
    try:
        with _opened(data) as picture:
            return np.array(picture.convert(mode), np.uint8)
    except MemoryError:
        raise
    except Exception as error:  # as above: hostile bytes raise anything
        raise Refused(CUT if "truncated" in str(error) else DAMAGED) from error
