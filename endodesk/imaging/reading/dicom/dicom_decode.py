"""From the bytes of one picture of a DICOM file to its values, by decoders that do not invent what is missing.

What a stream says of itself is to be checked against the tags before.
"""

from itertools import pairwise
from typing import Any

import imagecodecs
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import UID, ExplicitVRLittleEndian

from endodesk.imaging.reading.dicom.coded_stream import CodedStream
from endodesk.imaging.reading.dicom.dicom_colours import colours_of, from_pairs
from endodesk.imaging.reading.dicom.dicom_parts import Damaged
from endodesk.imaging.reading.dicom.dicom_tags import PixelTags, contradiction
from endodesk.imaging.reading.jpeg import with_more

RUNS = "1.2.840.10008.1.2.5"
_BY_PYDICOM = {"JPEG 2000": "1.2.840.10008.1.2.4.90", "JPEG-LS": "1.2.840.10008.1.2.4.80"}
_FILLING = 128
"""Bytes that the last run of a coded plane may make beyond it."""
_END = b"\xff\xd9"
_JP2 = b"\x00\x00\x00\x0cjP  "
_FLOATS = {0x08: ("FloatPixelData", "<f4", ">f4"), 0x09: ("DoubleFloatPixelData", "<f8", ">f8")}


# Why: docs/decisions/imaging.md 21
class Invented(Exception):
    """A decoder would have to make up a part of the picture."""


def from_stream(code: bytes, stream: CodedStream, tags: PixelTags) -> NDArray[Any]:
    """H x W (x 3), colours as the stream has them. Invented where it ends too early; Damaged, and whatever decoders raise."""
    if stream.kind == "JPEG-LS" and not code.rstrip(b"\0").endswith(_END):
        raise Invented  # CharLS would look for more of it for minutes
    if stream.kind == "JPEG 2000" and not _boxes_end(code):
        raise Damaged
    if stream.kind in _BY_PYDICOM:
        syntax = _BY_PYDICOM[stream.kind]
        return _by_pydicom(
            encapsulate([code], has_bot=False), syntax, tags, 0, allocated=max(tags.allocated, 8 if stream.bits <= 8 else 16)
        )
    if not stream.whole:
        raise Invented
    if stream.kind == "JPEG" and stream.bits == 8:
        return _unconverted(_strict(code), stream)
    pixels = _unconverted(code, stream)
    end = code.rfind(_END)
    if end < 0:
        raise Invented
    picture = code[:end].rstrip(b"\xff")  # some fill up before the end marker
    if not np.array_equal(pixels, _unconverted(with_more(picture) + _END, stream)):
        raise Invented
    if not tags.signed:
        return pixels
    unused = 8 * pixels.itemsize - stream.bits
    return _shifted(pixels.view(f"i{pixels.itemsize}"), unused, unused)


def _boxes_end(code: bytes) -> bool:
    """Whether the boxes before a JPEG 2000 stream lead somewhere: pydicom would stay at one without a length for ever."""
    place = 12
    while code.startswith(_JP2) and place < len(code) and code[place + 4 : place + 8] != b"jp2c":
        length = int.from_bytes(code[place : place + 4], "big")
        if length == 0:
            return False
        place += length
    return True


def check_stream(stream: CodedStream, tags: PixelTags) -> None:
    """Before room is made for what the stream asks for. Unsuitable where the tags say otherwise."""
    if (stream.width, stream.height) != (tags.columns, tags.rows):
        raise contradiction("size")
    if stream.bits > tags.allocated or (stream.signed and not tags.signed and stream.kind != "JPEG 2000"):
        raise contradiction("bits")
    colours_of(tags, stream)


def bits_of(values: NDArray[Any], tags: PixelTags, stream: CodedStream | None) -> int:
    """How many bits the values use: those of the stream, of which the tags may leave some out. Unsuitable if values need more."""
    if stream is None or stream.bits == tags.stored:
        return tags.stored
    if stream.bits < tags.stored:
        return stream.bits
    if float(values.max()) >= 1.25 * 2**tags.stored:  # lossy compression overshoots
        raise contradiction("bits")
    return tags.stored


def from_runs(code: bytes, tags: PixelTags) -> NDArray[Any]:
    """Of RLE. ValueError and others for what is cut or of another size."""
    starts = [int.from_bytes(code[at : at + 4], "little") for at in range(4, 4 + 4 * min(code[0], 15), 4)]
    plane = tags.rows * tags.columns
    made = [_unrolled(code[start:end], plane + _FILLING) for start, end in pairwise([*starts, len(code)])]
    if max(made, default=0) > plane + _FILLING:
        raise Damaged
    # pylibjpeg is quick, but what does not fit makes it panic, on stderr, with what is no Exception
    values = _by_pydicom(encapsulate([code], has_bot=False), RUNS, tags, 0, plugin="" if set(made) == {plane} else "pydicom")
    return _without_unused(values, tags)


def _unrolled(segment: bytes, most: int) -> int:
    """How many bytes its runs make; counted no further than beyond `most`, for few bytes could fill the memory. -1 if the last is cut."""
    place, made, end = 0, 0, len(segment)
    while place < end - 1 and made <= most:  # a byte alone is filling
        head = segment[place]
        if head < 128:
            place, made = place + head + 2, made + head + 1
        elif head > 128:
            place, made = place + 2, made + 257 - head
        else:
            place += 1
    return made if place <= end or made > most else -1


def uncompressed(data: memoryview, tags: PixelTags, index: int, *, kind: str, little: bool, pairs: bool) -> NDArray[Any]:
    """One of the pictures in data that holds at least as many. `pairs`: two pixels share a colour."""
    if pairs:
        length = tags.rows * tags.columns * 2 * tags.allocated // 8
        values = np.frombuffer(data[index * length : (index + 1) * length], _type(tags, little))
        return from_pairs(_without_unused(values, tags), tags.rows, tags.columns)
    syntax = ExplicitVRLittleEndian if little else UID("1.2.840.10008.1.2.2")
    values = _by_pydicom(data, syntax, tags, index, kind=kind)
    return values if tags.allocated == 1 else _without_unused(values, tags)


def floating(data: memoryview, tags: PixelTags, index: int, *, number: int, little: bool) -> NDArray[Any]:
    """One of the pictures of floating point numbers; `number` as in PixelElement."""
    size = tags.rows * tags.columns
    values = np.frombuffer(data, _FLOATS[number][1 if little else 2], size, index * size * tags.allocated // 8)
    return values.astype(values.dtype.newbyteorder("=")).reshape(tags.rows, tags.columns)


def _by_pydicom(
    data: bytes | memoryview, syntax: str, tags: PixelTags, index: int, *, kind: str = "OW", allocated: int | None = None, plugin: str = ""
) -> NDArray[Any]:
    options: dict[str, Any] = {
        "rows": tags.rows,
        "columns": tags.columns,
        "samples_per_pixel": tags.samples,
        "number_of_frames": index + 1,
        "bits_allocated": allocated or tags.allocated,
        "bits_stored": tags.stored,
        "pixel_representation": int(tags.signed),
        "photometric_interpretation": "RGB" if tags.is_colour else "MONOCHROME2",
        "planar_configuration": tags.planar,
        "pixel_keyword": "PixelData",
        "pixel_vr": kind or "OW",
        "correct_unused_bits": False,
    }
    array, _ = get_decoder(UID(syntax)).as_array(data, raw=True, index=index, decoding_plugin=plugin, **options)
    return np.asarray(array)


def _type(tags: PixelTags, little: bool) -> np.dtype[Any]:
    return np.dtype(f"{'<' if little else '>'}{'i' if tags.signed else 'u'}{tags.allocated // 8}")


def _without_unused(values: NDArray[Any], tags: PixelTags) -> NDArray[Any]:
    """Values without the bits above and below them, in which other things may be kept (overlays)."""
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    return _shifted(values, tags.unused_above, tags.allocated - tags.stored)


def _shifted(values: NDArray[Any], left: int, right: int) -> NDArray[Any]:
    return values if right == 0 else np.right_shift(np.left_shift(values, left), right)


def _unconverted(code: bytes, stream: CodedStream) -> NDArray[Any]:
    """The components as they are: libjpeg is told that they are what is asked for."""
    as_is = "RGB" if stream.components == 3 else "GRAYSCALE"
    return np.asarray(imagecodecs.jpeg8_decode(code, colorspace=as_is, outcolorspace=as_is))


def _strict(code: bytes) -> bytes:
    """A JPEG stream that libjpeg has nothing to say about. Invented where it ends too early, Damaged where it is otherwise bad."""
    said = ""
    for candidate in (code, _closed(code)):
        try:
            simplejpeg.decode_jpeg(candidate, colorspace="GRAY", strict=True)
        except ValueError as error:
            said += str(error)
            continue
        return candidate
    raise Invented if "premature" in said.lower() else Damaged


def _closed(code: bytes) -> bytes:
    """With its end marker right behind the picture: some fill up with zeros before it, some leave it out."""
    code = code.rstrip(b"\0")
    return code.removesuffix(_END).rstrip(b"\0") + _END
