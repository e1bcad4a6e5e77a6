"""What a JPEG, JPEG-LS or JPEG 2000 stream says of its picture, before any decoder makes room for it."""

import re
from dataclasses import dataclass, field
from typing import Literal

_JPEG_2000 = b"\xff\x4f\xff\x51"
_JP2 = b"\x00\x00\x00\x0cjP  "
_SRGB, _GREY, _SYCC = 16, 17, 18
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # tables that share the numbers of frame headers
_LOSSLESS = frozenset({0xC3, 0xCB})
_JPEG_LS = 0xF7
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_MEANING = re.compile(rb"\xff[\x80-\xcf\xd9-\xfe]")
"""A marker with a length, or the end: below are bits that JPEG and JPEG-LS stuff."""

Kind = Literal["JPEG", "lossless JPEG", "JPEG-LS", "JPEG 2000"]
Colour = Literal["RGB", "YBR"]


@dataclass(frozen=True, slots=True)
class CodedStream:
    """Size in pixels, components, bits of each, and what is said of their colours."""

    kind: Kind
    width: int
    height: int
    components: int
    bits: int
    signed: bool = False
    colour: Colour | None = None
    """Of what the decoder gives without converting, as the stream has it; None where it says nothing."""
    doubtful: bool = False
    """No sign to go by where the tags say otherwise: not made for this kind of stream, or contradicted by another one."""
    whole: bool = True
    """Whether what decoders need not tell is there: scans of all components. They tell of anything else themselves."""
    adobe: bool = False
    """Whether Adobe's marker stands in it."""


@dataclass(slots=True)
class _Segments:
    """What stands before the picture's code in a JPEG stream."""

    frame: bytes = b""
    marker: int = 0
    jfif: bool = False
    adobe: int | None = None
    transformed: bool = False
    """JPEG-LS whose colours the decoder turns back (HP's extension)."""
    scanned: set[int] = field(default_factory=set)


def coded_stream(code: bytes) -> CodedStream | None:
    """None if it is no such stream, or one whose components differ in size or bits."""
    if code[:2] == b"\xff\xd8":
        return _jpeg(code)
    start = code.find(_JPEG_2000, 0, 4096)
    return _jpeg_2000(code, start) if start >= 0 else None


def _jpeg(code: bytes) -> CodedStream | None:
    said = _segments(code)
    frame = said.frame
    if len(frame) < 6 or len(frame) < 6 + 3 * frame[5]:
        return None
    ids = tuple(frame[6 : 6 + 3 * frame[5] : 3])
    kind: Kind = "JPEG-LS" if said.marker == _JPEG_LS else "lossless JPEG" if said.marker in _LOSSLESS else "JPEG"
    colour, doubtful = _jpeg_ls_colour(said) if kind == "JPEG-LS" else _jpeg_colour(said, ids, kind)
    return CodedStream(
        kind,
        width=int.from_bytes(frame[3:5], "big"),
        height=int.from_bytes(frame[1:3], "big"),
        components=frame[5],
        bits=frame[0],
        colour=colour if frame[5] == 3 else None,
        doubtful=doubtful and frame[5] == 3,
        whole=said.scanned >= set(ids),
        adobe=said.adobe is not None,
    )


def _segments(code: bytes) -> _Segments:
    said, place = _Segments(), 2
    while place + 4 <= len(code) and code[place] == 0xFF:
        marker = code[place + 1]
        if marker == 0xFF or marker in _ALONE:  # filling
            place += 1 if marker == 0xFF else 2
            continue
        if marker == _END:
            break
        length = int.from_bytes(code[place + 2 : place + 4], "big")
        content = code[place + 4 : place + 2 + length]
        _note(said, marker, content)
        place += 2 + length
        if marker == _SCAN:
            place = _after_scan(code, place)
    return said


def _note(said: _Segments, marker: int, content: bytes) -> None:
    """As libjpeg does: too short a marker of Adobe's is none."""
    if marker == _SCAN:
        said.scanned.update(content[1 : 1 + 2 * content[0] : 2] if content else b"")
    elif (0xC0 <= marker <= 0xCF and marker not in _NO_FRAME) or marker == _JPEG_LS:
        said.frame, said.marker = said.frame or content, said.marker or marker
    elif marker == 0xE0 and len(content) >= 14 and content.startswith(b"JFIF\0"):
        said.jfif = True
    elif marker == 0xEE and len(content) >= 12 and content.startswith(b"Adobe"):
        said.adobe = content[11]
    elif marker == 0xE8 and content.startswith(b"mrfx") and len(content) > 4:
        said.transformed = content[4] != 0


def _after_scan(code: bytes, place: int) -> int:
    """Where the next marker stands that has a meaning of its own."""
    found = _MEANING.search(code, place)
    return found.start() if found else len(code)


# Why: docs/decisions/imaging.md 20
def _jpeg_colour(said: _Segments, ids: tuple[int, ...], kind: Kind) -> tuple[Colour | None, bool]:
    """By libjpeg's rule, and whether to doubt it. Nothing where libjpeg would guess."""
    lossless = kind == "lossless JPEG"  # ids 1, 2, 3 say nothing there
    if said.jfif:
        return "YBR", lossless or said.adobe == 0
    if said.adobe is not None:
        return ("RGB" if said.adobe == 0 else "YBR"), said.adobe > 1
    if bytes(ids) in (b"RGB", b"rgb"):
        return "RGB", False
    if ids == (1, 2, 3) and not lossless:
        return "YBR", False
    samplings, tables = said.frame[7::3][: len(ids)], said.frame[8::3][: len(ids)]
    if len(set(samplings)) > 1:
        return "YBR", False
    return ("YBR", True) if not lossless and len(set(tables)) > 1 else (None, False)  # one table for all is how RGB is coded


def _jpeg_ls_colour(said: _Segments) -> tuple[Colour | None, bool]:
    return ("RGB" if said.transformed else None), False


def _jpeg_2000(code: bytes, start: int) -> CodedStream | None:
    size = code[start + 4 :][: int.from_bytes(code[start + 4 : start + 6], "big")]
    count = int.from_bytes(size[36:38], "big")
    parts = {size[38 + 3 * part : 41 + 3 * part] for part in range(min(count, 5))}
    if len(size) < 41 or len(parts) != 1 or size[39:41] != b"\x01\x01":
        return None
    right, bottom, left, top = (int.from_bytes(size[at : at + 4], "big") for at in range(4, 20, 4))
    colour, doubtful = _jpeg_2000_colour(code, start, start + 4 + len(size))
    signed = bool(size[38] & 0x80)
    return CodedStream(
        "JPEG 2000",
        right - left,
        bottom - top,
        count,
        (size[38] & 0x7F) + 1,
        signed,
        colour if count == 3 else None,
        doubtful and count == 3,
    )


def _jpeg_2000_colour(code: bytes, start: int, place: int) -> tuple[Colour | None, bool]:
    """The decoder turns back a transform that the stream names, and gives RGB then."""
    space = _box_colour(code[:start]) if code.startswith(_JP2) else None
    if space not in (None, _SRGB, _GREY):
        return None, True
    while code[place : place + 1] == b"\xff" and place + 9 <= len(code):
        if code[place + 1] == 0x52:
            return ("RGB" if code[place + 8] or space == _SRGB else None), False
        place += 2 + int.from_bytes(code[place + 2 : place + 4], "big")
    return None, False


def _box_colour(boxes: bytes) -> int | None:
    """The colour space that a JP2 header names by number; 0 for a palette, None for a profile."""
    if b"pclr" in boxes:
        return 0
    at = boxes.find(b"colr\1")
    return int.from_bytes(boxes[at + 7 : at + 11], "big") if at >= 0 else None
