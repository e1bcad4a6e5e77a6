"""PNG: chunks and sums are proven before a decoder sees them, and it sees only what says how the pixels lie."""

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.reading.header import CUT, DAMAGED, Refused
from endodesk.imaging.reading.profiles import Coding

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced file: first column and row, and the steps to the next."""
_PIECE_BYTES = 1 << 20
_PACKED_ANEW_BYTES = 256 * 1024 * 1024
_MOST_OF_A_BYTE = 200
_WHOLE = 100_000
_GAMMAS = (20_000, 200_000)
"""What gAMA says in good faith, in parts of 100,000: exponents of 5 to 0.5."""
_FOREIGN_LIGHT = {8: "linear light", 16: "HDR (PQ)", 18: "HDR (HLG)"}
_WIDE_PRIMARIES = {9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of all up to the last, IEND; Refused if that is not reached."""
    place = len(_SIGNATURE)
    while place + 12 <= len(data):  # OpenCV would make room, up to 4 GB and for 15 s, for whatever length a chunk claims
        kind, start = data[place + 4 : place + 8], place + 8
        end = start + int.from_bytes(data[place : place + 4], "big")
        if end + 4 > len(data):
            break
        yield kind, start, end
        if kind == b"IEND":
            return
        place = end + 4
    raise Refused(CUT)


def check_colours(data: bytes) -> bool:
    """Refused where the file says that its numbers are no sRGB and there is no profile to convert them by (cICP)."""
    for kind, start, end in chunks(data):
        if kind == b"cICP" and end - start == 4:
            primaries, light, _, _ = data[start:end]
            if foreign := _FOREIGN_LIGHT.get(light) or _WIDE_PRIMARIES.get(primaries):
                raise Refused(f"its colours are coded as {foreign}. Export it as sRGB with 8 bits")
    return True


def coding(data: bytes) -> Coding | None:
    """What chunks gAMA and cHRM say of the numbers; None if that is sRGB, or nothing, or if a chunk goes before them."""
    found: dict[bytes, bytes] = {}
    for kind, start, end in chunks(data):
        if kind == b"IDAT":
            break
        found.setdefault(kind, data[start:end])
    if not found.keys().isdisjoint((b"iCCP", b"sRGB", b"cICP")) or len(found.get(b"gAMA", b"")) != 4:
        return None
    gamma, corners = int.from_bytes(found[b"gAMA"], "big"), found.get(b"cHRM", b"")
    if not _GAMMAS[0] <= gamma <= _GAMMAS[1]:
        return None
    told = Coding(_WHOLE / gamma)
    if len(corners) == 32:
        numbers = [value / _WHOLE for value in struct.unpack(">8I", corners)]
        told = Coding(told.gamma, tuple(zip(numbers[::2], numbers[1::2], strict=True)))
    return None if told.is_usual or any(not 0 < y < 1 for _, y in told.corners) else told


def exif_block(data: bytes) -> bytes:
    """The EXIF block, wherever it stands; empty if there is none."""
    return next((data[start:end] for kind, start, end in chunks(data) if kind == b"eXIf"), b"")


def check_size(data: bytes) -> None:
    """Refused where a few bytes would fill hundreds of megabytes, as no photograph does. `data` begins with a whole IHDR."""
    size = _raw_bytes(data[16:29])
    if size > _PACKED_ANEW_BYTES and size > _MOST_OF_A_BYTE * len(data):
        raise Refused(f"it unpacks to {size >> 20} MB, {size // len(data)} times its size. Scale it down, or export it with 8 bits")


def decoding_bytes(data: bytes) -> int:
    """As `Header.decoding_bytes`. `data` begins with a whole IHDR."""
    width, height = struct.unpack(">II", data[16:24])
    stored = _raw_bytes(data[16:29])
    copies = 3 if stored <= _PACKED_ANEW_BYTES else 1 + data[28]  # unpacked, packed anew and decoded; interlaced, turned to RGB
    return int(copies * stored + 4 * width * height)


def was_shown_otherwise(data: bytes) -> bool:
    """By programs before 0.2: 16 bits that are not all used, and grey of less than 8 or of 16 bits with a transparent one."""
    depth, colour = data[24:26]
    return (depth == 16 and colour in (0, 2)) or (depth < 8 and colour == 0 and any(kind == b"tRNS" for kind, _, _ in chunks(data)))


def decode(data: bytes) -> NDArray[Any]:
    """H x W grey, or H x W x 2 to 4 (grey and alpha, RGB, RGBA), uint8 or uint16. Refused if not all of it is there, and right."""
    kept, stream = _bare(data)
    _check_palette(kept, stream)
    pixels = _interlaced(kept, stream) if kept[b"IHDR"][12] else _in_rows(_file(kept, stream))
    width, height = struct.unpack(">II", kept[b"IHDR"][:8])
    if pixels.shape[:2] != (height, width):
        raise Refused(DAMAGED)
    return pixels


def _check_palette(kept: dict[bytes, bytes], stream: bytes) -> None:
    """Refused where a pixel has a number that the palette lacks: decoders make it black, without a word."""
    head = kept[b"IHDR"]
    highest, entries = (1 << head[8]) - 1, len(kept.get(b"PLTE", b"")) // 3
    if head[9] != 3 or entries > highest:
        return
    as_grey = {b"IHDR": head[:9] + b"\0" + head[10:]}  # the numbers themselves, spread over 0 to 255
    numbers = _interlaced(as_grey, stream) if head[12] else _in_rows(_file(as_grey, stream))
    if int(numbers.max()) * highest // 255 >= entries:
        raise Refused(DAMAGED)


def _in_rows(file: bytes) -> NDArray[Any]:
    from imagecodecs import png_decode

    try:
        return np.asarray(png_decode(file))
    except (ValueError, RuntimeError, UnicodeError) as error:  # libpng's words come over as any of these
        raise Refused(DAMAGED) from error


def _interlaced(kept: dict[bytes, bytes], stream: bytes) -> NDArray[Any]:
    """By OpenCV: imagecodecs makes libpng warn of these on stderr. But it overlooks which grey is transparent."""
    depth, colour = kept[b"IHDR"][8:10]
    clear = kept.pop(b"tRNS", None) if colour == 0 else None
    pixels = cv2.imdecode(np.frombuffer(_file(kept, stream), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise Refused(DAMAGED)
    if pixels.ndim == 3:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB))
    if clear is None:
        return np.asarray(pixels)
    white = 65535 if pixels.dtype == np.uint16 else 255
    grey = int.from_bytes(clear, "big") * (white // ((1 << depth) - 1))
    return np.dstack([pixels, np.where(pixels == grey, 0, white).astype(pixels.dtype)])


def _bare(data: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """What says how the pixels lie, and the proven stream of them: nothing that a decoder warns of on stderr."""
    kept: dict[bytes, bytes] = {}
    stream: list[bytes] = []
    for kind, start, end in chunks(data):
        if kind == b"IDAT":
            stream.append(data[start:end])
        elif kind in (b"IHDR", b"PLTE", b"tRNS"):
            kept.setdefault(kind, data[start:end])
        elif kind[0] & 32 == 0 and kind != b"IEND":  # a capital: who does not know it cannot show the picture
            raise Refused(DAMAGED)
    head = kept.get(b"IHDR", b"")
    if len(head) != 13 or head[9] not in _CHANNELS or head[12] > 1 or (head[9] == 3 and b"PLTE" not in kept):
        raise Refused(DAMAGED)
    if len(kept.get(b"tRNS", b"")) not in _clear_bytes(head[9], kept.get(b"PLTE", b"")):
        kept.pop(b"tRNS", None)
    if head[9] != 3:
        kept.pop(b"PLTE", None)
    packed = b"".join(stream)
    stream.clear()
    return kept, _proven(packed, _raw_bytes(head))


def _file(kept: dict[bytes, bytes], stream: bytes) -> bytes:
    parts = [_chunk(kind, kept[kind]) for kind in (b"IHDR", b"PLTE", b"tRNS") if kind in kept]
    return b"".join((_SIGNATURE, *parts, _chunk(b"IDAT", stream), _chunk(b"IEND", b"")))


def _clear_bytes(colour: int, palette: bytes) -> range:
    """How long what says which colours are transparent may be."""
    return {0: range(2, 3), 2: range(6, 7), 3: range(1, len(palette) // 3 + 1)}.get(colour, range(0))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))))


def _raw_bytes(head: bytes) -> int:
    """How many bytes the rows take, each with its filter."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if not interlaced:
        return int(height * (1 + (width * depth * _CHANNELS[colour] + 7) // 8))
    total = 0
    for left, top, across, down in _PASSES:
        columns, rows = -(-max(0, width - left) // across), -(-max(0, height - top) // down)
        total += rows * (1 + (columns * depth * _CHANNELS[colour] + 7) // 8) if columns else 0
    return total


def _proven(packed: bytes, size: int) -> bytes:
    """A stream of exactly the picture's bytes, its sum checked.

    It is not packed again: so it is unpacked only once. That needs room, and what is huge is unpacked twice instead.
    """
    if size > _PACKED_ANEW_BYTES:
        return _proven_in_pieces(packed, size)
    from imagecodecs import DeflateError, deflate_decode

    try:
        raw = deflate_decode(packed, out=size)
    except DeflateError:  # damaged, or with more in it than the picture
        raw = _unpacked(packed, size)
    if len(raw) < size:
        raise Refused(CUT)
    return zlib.compress(raw, 0)


def _unpacked(packed: bytes, size: int) -> bytes:
    """The picture of a stream that holds more behind it."""
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(packed, size)
        surplus = len(unpacker.decompress(unpacker.unconsumed_tail, _PIECE_BYTES))
    except zlib.error as error:
        raise Refused(DAMAGED) from error
    if not unpacker.eof and surplus < _PIECE_BYTES:
        raise Refused(CUT)
    return raw


def _proven_in_pieces(packed: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj()
    there, tail = 0, packed
    try:
        while not unpacker.eof and there <= size and (piece := unpacker.decompress(tail, _PIECE_BYTES)):
            there, tail = there + len(piece), unpacker.unconsumed_tail
    except zlib.error as error:
        raise Refused(DAMAGED) from error
    if there > size or not unpacker.eof:
        raise Refused(CUT if there < size else DAMAGED)
    return packed[: len(packed) - len(unpacker.unused_data)]
