"""JPEG: what must be true of a file that is shown whole, and its pixels by a decoder that tells what it had to guess."""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.header import CUT, DAMAGED, Header, Refused, silenced

_SOI, _EOI, _SOS, _DHT = 0xD8, 0xD9, 0xDA, 0xC4
_JFIF, _ADOBE = 0xE0, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, 0xCC}
_NEEDED = _FRAMES | {_DHT, 0xCC, 0xDB, 0xDD, _SOS}
_WITHOUT_LENGTH = frozenset((*range(0xD0, 0xD8), _SOI, 0x01))
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_LOSSLESS = 3
_MAX_SCANS = 100
_SCAN_HEAD_BYTES = 6  # of one component
_MORE = bytes(1 + (180 + n * 89) % 251 for n in range(400))
"""Its first bit is 1: decoders that run out of bytes go on with zeros."""
_MAX_WORK_PX = 2_000_000_000
"""Pixels times scans: each scan passes over the whole picture."""
_OTHER_PROCESSES = {
    5: "a hierarchically coded",
    6: "a hierarchically coded",
    7: "a hierarchically coded",
    9: "an arithmetically coded",  # its end may be left out where it is zeros: nothing tells a whole file from a cut one
    10: "an arithmetically coded",
    11: "a losslessly coded",
}
_COLOURS = {"RGB": "RGB", "L": "RGB", "CMYK": "CMYK"}


@dataclass(frozen=True, slots=True)
class Segments:
    """A file up to its first scan."""

    places: tuple[tuple[int, int, int], ...]
    """(marker, where its content begins, where it ends) each, the first scan's header last."""
    process: int
    """N of the marker SOFn: 0 and 1 are sequential, 2 is progressive."""
    bits: int
    components: tuple[int, ...]
    size: tuple[int, int]
    """Height and width."""


def read_segments(data: bytes) -> Segments:
    """Refused where the file is no JPEG that is read here, or not whole as far as its markers tell."""
    places = tuple(_segments(data))
    frame = next(((marker - 0xC0, start) for marker, start, _ in places if marker in _FRAMES), None)
    if not places or places[-1][0] != _SOS or frame is None:
        raise Refused(CUT)
    process, start = frame
    head = data[start : start + 6]
    components = tuple(data[start + 6 : start + 6 + 3 * head[5] : 3])
    found = Segments(places, process, head[0], components, (int.from_bytes(head[1:3], "big"), int.from_bytes(head[3:5], "big")))
    if process in _OTHER_PROCESSES or process > 11:  # the third is lossless
        raise Refused(f"it is {_OTHER_PROCESSES.get(process, 'a hierarchically coded')} JPEG. Export it as an ordinary JPEG, or as PNG")
    if found.bits != 8:
        raise Refused(f"it is a JPEG of {found.bits} bits. Export it with 8 bits, or as PNG")
    return found


def check_whole(data: bytes, segments: Segments) -> None:
    """Refused where scans are missing: decoders show what is there, blurred or without its colours, and say nothing."""
    _, start, end = segments.places[-1]
    if data.find(b"\xff\xd9", end) < 0:
        raise Refused(CUT)
    if segments.process == 2 or data[start] < len(segments.components):
        _check_scans(data, segments)


def decoding_bytes(data: bytes, segments: Segments, *, converted: bool) -> int:
    """As `Header.decoding_bytes`."""
    inks, (_, start, _) = len(segments.components) == 4, segments.places[-1]
    samples = 4 if inks else 3
    in_scans = segments.process % 8 == 2 or data[start] < len(segments.components)
    # two bytes for each coefficient, until the last scan has come
    decoding = samples + (2 * len(segments.components) if in_scans else 0)
    colouring = samples + 12 if inks or converted else 0
    return max(decoding, colouring) * math.prod(segments.size)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    place = 2
    while (place := data.find(b"\xff", place)) >= 0 and place + 4 <= len(data):
        marker = data[place + 1]
        if marker in (0x00, 0xFF):
            place += 1
        elif marker in _WITHOUT_LENGTH:
            place += 2
        elif marker == _EOI:
            return
        else:
            end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
            yield marker, place + 4, end
            if marker == _SOS:
                return
            place = end


def _check_scans(data: bytes, segments: Segments) -> None:
    height, width = segments.size
    missing = {component: np.full(64, -1) for component in segments.components}
    for count, (start, end) in enumerate(_scans(data, segments), 1):
        if count > _MAX_SCANS or count * height * width > _MAX_WORK_PX:
            raise Refused("it has more passes than are opened here. Export it as PNG")
        body = data[start:end]
        if len(body) < _SCAN_HEAD_BYTES:
            raise Refused(CUT)
        first, last, low = (body[-3], body[-2], body[-1] & 15) if segments.process == 2 else (0, 63, 0)
        for component in body[1 : 1 + 2 * body[0] : 2]:
            if component in missing:
                missing[component][first : last + 1] = low
    if any(state.any() for state in missing.values()):
        raise Refused(CUT)


def _scans(data: bytes, segments: Segments) -> Iterator[tuple[int, int]]:
    """Where the headers of all scans begin and end."""
    _, start, end = segments.places[-1]
    yield start, end
    while found := _NEXT_MARKER.search(data, end):
        marker, start = data[found.start() + 1], found.end() + 2
        if marker == _EOI:
            return
        end = found.end() + int.from_bytes(data[found.end() : start], "big")
        if marker == _SOS and end - start >= 4:
            yield start, end


def decode(data: bytes, header: Header, segments: Segments, shrink: int = 1) -> NDArray[np.uint8]:
    """H x W x 3 RGB, or x 4 CMYK (255 is full ink), as the file stores it; at 1/`shrink` of its size (2, 4 or 8).

    Refused for whatever the decoder had to guess.
    """
    height, width = segments.size
    asked = {"min_height": -(-height // shrink), "min_width": -(-width // shrink)} if shrink > 1 else {}
    mode = _COLOURS[header.mode]
    pixels = None if segments.process == _LOSSLESS else _decoded(data, segments, colorspace=mode, **asked)
    if pixels is None:
        pixels, shrink = _compared(data, segments, mode), 1
    if pixels.shape[:2] != (-(-height // shrink), -(-width // shrink)):
        raise Refused(DAMAGED)
    return 255 - pixels if header.mode == "CMYK" else pixels


def decoded_strictly(data: bytes) -> RGB | None:
    """Of a file that this program wrote: H x W x 3 RGB; None unless all of it is there."""
    try:
        return np.asarray(simplejpeg.decode_jpeg(data))
    except ValueError:
        return None


def _decoded(data: bytes, segments: Segments, **asked: Any) -> NDArray[np.uint8] | None:
    """None for colours that are stored more coarsely in a way that simplejpeg does not know."""
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, **asked))
    except ValueError as error:
        if "subsampling" in str(error):
            return None
        if "remature end" in str(error):
            raise Refused(CUT) from error
        return _decoded_tidied(_tidied(data, segments), **asked)


def _compared(data: bytes, segments: Segments, mode: str) -> NDArray[np.uint8]:
    """By Pillow, whose libjpeg guesses in silence: so bytes are added before the end. In a whole file they come after the last pixel."""
    end = data.rfind(b"\xff\xd9")
    if segments.process == 2 or end < segments.places[-1][2]:
        raise Refused("its colours are sampled in a way that is not read here. Export it as PNG")
    try:
        one, other = (_by_pillow(stream, mode) for stream in (data, with_more(data[:end]) + data[end:]))
    except (OSError, SyntaxError) as error:
        raise Refused(DAMAGED) from error
    if not np.array_equal(one, other):
        raise Refused(CUT)
    return one


def with_more(code: bytes) -> bytes:
    """A stream without its end marker, and what could come next, be it within an interval between restarts or a new one.

    Nothing that a decoder would show, unless the stream lacks a part.
    """
    *_, last = [7, *(code[found.end() - 1] for found in _RESTART.finditer(code))]
    return code + _MORE + bytes((0xFF, 0xD0 | (last + 1) & 7)) + _MORE


def _by_pillow(data: bytes, mode: str) -> NDArray[np.uint8]:
    with silenced(), Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        pixels = np.array(picture.convert(mode), np.uint8)
    return 255 - pixels if mode == "CMYK" else pixels


# Why: docs/decisions/imaging.md 25
def _decoded_tidied(data: bytes, **asked: Any) -> NDArray[np.uint8]:
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, **asked))
    except ValueError as error:
        shorter = _without_padding(data, str(error))
        if shorter is None:
            raise Refused(CUT if "remature end" in str(error) else DAMAGED) from error
    try:
        return np.asarray(simplejpeg.decode_jpeg(shorter, **asked))
    except ValueError as error:
        raise Refused(DAMAGED) from error


def _tidied(data: bytes, segments: Segments) -> bytes:
    """The file with nothing before its first scan that could be complained of, but does not say what the pixels are."""
    parts = [b"\xff\xd8"]
    for marker, start, end in segments.places:
        body = bytearray(data[start:end])
        if marker == _JFIF and body[:5] == b"JFIF\0" and len(body) >= 14:
            body[5] = 1  # the version
        elif marker == _ADOBE and body[:5] == b"Adobe" and len(body) >= 12:
            if body[11] > 2:  # libjpeg's own rule for unknown ones
                body[11] = 2 if len(segments.components) == 4 else 1
        elif marker not in _NEEDED:
            continue
        if marker == _SOS and segments.process < 2:
            body[-3:] = b"\0\x3f\0"  # says nothing in sequential files, and some cameras write otherwise
        parts.append(bytes((0xFF, marker)) + data[start - 2 : start] + body)
    return b"".join(parts) + data[segments.places[-1][2] :]


def _without_padding(data: bytes, complaint: str) -> bytes | None:
    """The file without the zeros that some cameras write before its end marker; None if there is something else."""
    found = _EXTRANEOUS.search(complaint)
    start = data.find(b"\xff\xda")
    end = data.find(b"\xff\xd9", start)
    if found is None or start < 0 or end < 0:
        return None
    padding = data[end - int(found[1]) : end]
    return data[: end - len(padding)] + data[end:] if not any(padding) else None
