"""TIFF files written by hand: any tags, any pieces of pixels, either order of bytes, small and big."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .png_cases import packed

Tags = Mapping[int, tuple[str, Any]]
"""Tag -> (type, values): "H" and "I" whole numbers of 2 and 4 bytes, "B" bytes, "f" floating point, "2I" a fraction."""
_TYPES = {"B": 1, "s": 2, "H": 3, "I": 4, "2I": 5, "u": 7, "h": 8, "f": 11, "d": 12, "Q": 16}


def tiff(pages: Sequence[tuple[Tags, Sequence[bytes]]], *, order: str = "<", big: bool = False) -> bytes:
    """Each page its tags and its strips (or tiles, if the tag 322 is among them)."""
    magic = struct.pack(f"{order}HHHQ", 43, 8, 0, 16) if big else struct.pack(f"{order}HI", 42, 8)
    out = bytearray((b"II" if order == "<" else b"MM") + magic)
    link = len(out) - (8 if big else 4)
    for tags, pieces in pages:
        places = []
        for piece in pieces:
            places.append(len(out))
            out += piece + b"\0" * (len(piece) % 2)
        where, lengths = (324, 325) if 322 in tags else (273, 279)
        full = {**tags, where: ("Q" if big else "I", places), lengths: ("Q" if big else "I", [len(piece) for piece in pieces])}
        start = _directory(out, full, order, big)
        struct.pack_into(f"{order}{'Q' if big else 'I'}", out, link, start)
        link = len(out) - (8 if big else 4)
    return bytes(out)


def directory_first(tags: Tags, pieces: Sequence[bytes]) -> bytes:
    """A file of one page with its directory in front of its pixels, as many programs write it."""
    places, out = [0] * len(pieces), bytearray()
    for _ in range(2):  # how long the directory is, is known once it is written
        out = bytearray(b"II*\0\0\0\0\0")
        full = {**tags, 273: ("I", places), 279: ("I", [len(piece) for piece in pieces])}
        out[4:8] = _directory(out, full, "<", False).to_bytes(4, "little")
        places = [len(out) + sum(len(piece) for piece in pieces[:index]) for index in range(len(pieces))]
    return bytes(out) + b"".join(pieces)


def _directory(out: bytearray, tags: Tags, order: str, big: bool) -> int:
    """Written at the end, its values before it; where it begins."""
    entries, room = [], 8 if big else 4
    for tag, (kind, values) in sorted(tags.items()):
        data, count = _values(kind, values, order)
        if len(data) > room:
            out += b"\0" * (len(out) % 2)
            place = len(out)
            out += data
            data = struct.pack(f"{order}{'Q' if big else 'I'}", place)
        entries.append(struct.pack(f"{order}HH{'Q' if big else 'I'}", tag, _TYPES[kind], count) + data.ljust(room, b"\0"))
    out += b"\0" * (len(out) % 2)
    start = len(out)
    out += struct.pack(f"{order}{'Q' if big else 'H'}", len(entries)) + b"".join(entries) + b"\0" * room
    return start


def _values(kind: str, values: Any, order: str) -> tuple[bytes, int]:
    if kind in ("u", "s"):
        return bytes(values), len(values)
    listed = list(values) if isinstance(values, (list, tuple, np.ndarray)) else [values]
    if kind == "2I":
        return b"".join(struct.pack(f"{order}II", *pair) for pair in listed), len(listed)
    return struct.pack(f"{order}{len(listed)}{kind}", *(value if kind in "fd" else int(value) for value in listed)), len(listed)


def page(  # what a file may say of its pixels is much
    values: np.ndarray,
    photometric: int,
    bits: int,
    *,
    order: str = "<",
    planar: bool = False,
    rows: int = 40,
    tile: int = 0,
    kind: int = 1,
    more: Tags | None = None,
) -> tuple[Tags, list[bytes]]:
    """One uncompressed page of `values` (rows x columns, or x channels); `kind` 1 whole numbers, 2 signed, 3 floating point."""
    height, width = values.shape[:2]
    channels = values.shape[2] if values.ndim == 3 else 1
    tags: dict[int, tuple[str, Any]] = {
        256: ("I", width), 257: ("I", height), 258: ("H", [bits] * channels), 259: ("H", 1), 262: ("H", photometric), 277: ("H", channels),
        278: ("I", rows), 284: ("H", 2 if planar else 1), 339: ("H", [kind] * channels),
    }  # fmt: skip
    if tile:
        del tags[278]
        tags |= {322: ("I", tile), 323: ("I", tile)}
    planes = [values[..., index] for index in range(channels)] if planar and channels > 1 else [values]
    pieces = [data for plane in planes for data in _pieces(plane, bits, order, rows, tile)]
    return {**tags, **(more or {})}, pieces


def _pieces(values: np.ndarray, bits: int, order: str, rows: int, tile: int) -> list[bytes]:
    if not tile:
        return [_packed(values[top : top + rows], bits, order) for top in range(0, values.shape[0], rows)]
    height, width = values.shape[:2]
    room = [(0, -height % tile), (0, -width % tile)] + [(0, 0)] * (values.ndim - 2)
    whole = np.pad(values, room, mode="edge")
    squares = [(top, left) for top in range(0, whole.shape[0], tile) for left in range(0, whole.shape[1], tile)]
    return [_packed(whole[top : top + tile, left : left + tile], bits, order) for top, left in squares]


def _packed(values: np.ndarray, bits: int, order: str) -> bytes:
    if bits >= 8 and bits in (8, 16, 32, 64):
        return values.astype(values.dtype.newbyteorder(order)).tobytes()
    return packed(values, bits).tobytes()
