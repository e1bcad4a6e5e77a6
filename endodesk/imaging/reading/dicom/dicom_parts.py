"""What a DICOM file is made of: how it is written, where its elements begin, and where its picture data lies.

Only lengths and the transfer syntax are looked at here; no value is.
"""

import struct
import zlib
from dataclasses import dataclass

from endodesk.imaging.reading.dicom.dicom_kind import is_bare, is_explicit

_DEFLATED = "1.2.840.10008.1.2.1.99"
_EXPLICIT, _IMPLICIT, _BIG_ENDIAN = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
_SYNTAX = 0x0010
_MOST_INFLATED = 400 << 20  # bytes: as large as a file may be
_UNDEFINED = 0xFFFFFFFF
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"


class CutShort(Exception):
    """The file ends before what it announces."""


class TooLarge(Exception):
    """A deflated file that would fill the memory."""


class Damaged(Exception):
    """Something else stands where an element must begin."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements behind the file's own header."""

    data: bytes
    start: int
    """Where in the data the first element begins."""
    syntax: str
    """Transfer syntax; empty where the file does not name it and it cannot be told from the elements."""
    implicit: bool
    little: bool


@dataclass(frozen=True, slots=True)
class PixelElement:
    """The value that holds the picture."""

    number: int
    """Of its tag in group 7FE0: 8 float, 9 double, 10h whole numbers."""
    kind: str
    """Its VR; empty in files that do not name it."""
    start: int
    end: int
    """Of its value; the end of the data where the length is not defined, or lies beyond it."""
    coded: bool
    """Made of items, as compressed pictures are."""
    cut: bool
    """Whether it should be longer."""


def elements_of(data: bytes) -> Elements:
    """Behind 132, 4 or no bytes of preamble, and the header. CutShort, TooLarge or zlib.error where a deflated file does not inflate."""
    start = 132 if data[128:132] == b"DICM" else 4 if data[:4] == b"DICM" else 0
    start, syntax = _behind_header(data, start)
    if syntax == _DEFLATED:
        data, start, syntax = _inflated(data, start), 0, _EXPLICIT
    explicit = is_explicit(data[start : start + 6])
    little = syntax != _BIG_ENDIAN if syntax else not (explicit and data[start : start + 1] == b"\0")
    if not syntax:
        syntax = "" if not is_bare(data[start:]) else _IMPLICIT if not explicit else _EXPLICIT if little else _BIG_ENDIAN
    return Elements(data, start, syntax, not explicit, little)


def pixel_element(elements: Elements, place: int) -> PixelElement | None:
    """What begins at `place` if it holds pixels. Items in a value of a defined length are taken for what they are. CutShort."""
    data, order = elements.data, "<" if elements.little else ">"
    if place + 8 > len(data):
        return None
    group, number = struct.unpack_from(order + "HH", data, place)
    if group != 0x7FE0 or number not in (0x08, 0x09, 0x10):
        return None
    explicit = is_explicit(data[place : place + 6])
    kind = data[place + 4 : place + 6].decode("ascii") if explicit else ""
    start = place + (12 if explicit else 8)
    if start > len(data):
        raise CutShort
    length = int(struct.unpack_from(order + "I", data, start - 4)[0])
    coded = length == _UNDEFINED or data[start : start + 4] == _ITEM
    end = len(data) if length == _UNDEFINED else start + length
    return PixelElement(number, kind, start, min(end, len(data)), coded, end > len(data))


def fragments_of(data: bytes, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    """Where the items of coded pixel data lie, the table of offsets first, and whether the end is marked.

    CutShort where an item is longer than the file, Damaged where none begins.
    """
    items: list[tuple[int, int]] = []
    while True:
        head = data[start : min(start + 8, end)]
        if head[:4] == _END:
            return items, True
        if len(head) < 8:
            if _END.startswith(head[:4]):
                return items, False
            raise CutShort
        length = int.from_bytes(head[4:], "little")
        if head[:4] != _ITEM or length == _UNDEFINED:
            raise Damaged
        if start + 8 + length > end:
            raise CutShort
        items.append((start + 8, start + 8 + length))
        start += 8 + length


def _behind_header(data: bytes, start: int) -> tuple[int, str]:
    """Where the header's group ends, and the transfer syntax that it names."""
    syntax = ""
    while data[start : start + 2] == b"\x02\x00" and start + 12 <= len(data):
        number = int.from_bytes(data[start + 2 : start + 4], "little")
        if not is_explicit(data[start : start + 6]):
            value, length = start + 8, int.from_bytes(data[start + 4 : start + 8], "little")
        elif data[start + 4 : start + 6] in (b"OB", b"UN", b"UT", b"SQ", b"OW"):
            value, length = start + 12, int.from_bytes(data[start + 8 : start + 12], "little")
        else:
            value, length = start + 8, int.from_bytes(data[start + 6 : start + 8], "little")
        start = value + length
        if start > len(data):
            raise CutShort
        if number == _SYNTAX:
            syntax = data[value:start].rstrip(b"\0 ").decode("ascii", "replace")
    return start, syntax


def _inflated(data: bytes, start: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(memoryview(data)[start:], _MOST_INFLATED)
    if inflater.unconsumed_tail:
        raise TooLarge
    if not inflater.eof:
        raise CutShort
    return inflated
