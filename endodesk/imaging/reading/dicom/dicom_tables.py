"""Look-up tables of DICOM files: grey to grey, and palettes, whole or in segments."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.reading.dicom.dicom_tags import Unsuitable

_MOST = 65536
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class LookupTable:
    """What stands for each value from the first one on."""

    first: int
    entries: NDArray[Any]
    """n, or n x 3 of 8 bits for colours."""
    bits: int
    """Of an entry."""

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """The entries of values; the first and the last one beyond the ends."""
        places = np.clip(values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64), -(2**40), 2**40) - self.first
        return np.asarray(self.entries[np.clip(places, 0, len(self.entries) - 1).astype(np.int64)])


def table_of(dataset: Any, sequence: str, *, signed: bool, little: bool) -> LookupTable | None:
    """The first table of a sequence; None if there is none. `signed`: whether the values that are looked up are."""
    items = dataset.get(sequence)
    if not items:
        return None
    count, first, bits = _descriptor(items[0].LUTDescriptor, signed)
    entries = _numbers(items[0].LUTData, count, little)
    if not 1 <= bits <= 16 or int(entries.max()) >= 2**bits:
        bits = 16
    return LookupTable(first, entries, bits)


def palette(dataset: Any, *, signed: bool, little: bool) -> LookupTable:
    """Colours by number. Unsuitable where there is no palette, or one that is damaged."""
    count, first, bits = _descriptor(dataset.get("RedPaletteColorLookupTableDescriptor") or (0, 0, 0), signed)
    if bits not in (8, 16):
        raise Unsuitable("its palette is missing or damaged. Export it as RGB")
    parts = []
    for colour in ("Red", "Green", "Blue"):
        whole, pieces = (dataset.get(f"{form}{colour}PaletteColorLookupTableData") for form in ("", "Segmented"))
        if whole:
            parts.append(_numbers(whole, count, little))
        elif pieces:
            parts.append(np.asarray(_unfolded(pieces, bits, little), np.uint16))
        else:
            raise Unsuitable("its palette is missing or damaged. Export it as RGB")
    if len({len(part) for part in parts}) != 1 or len(parts[0]) < 1:
        raise Unsuitable("its palette is missing or damaged. Export it as RGB")
    colours = np.stack(parts, -1)
    if int(colours.max()) > 255:  # 16 bits; some say so, and write 8
        colours = (colours.astype(np.float32) * (255 / 65535) + 0.5).astype(np.uint8)
    return LookupTable(first, colours.astype(np.uint8), 8)


def _descriptor(value: Sequence[int], signed: bool) -> tuple[int, int, int]:
    """Number of entries, the value that the first one stands for, and bits."""
    count, first, bits = (int(number) for number in value)
    if signed and first > 0x7FFF:
        first -= 0x10000
    return count & 0xFFFF or _MOST, first, bits


def _numbers(value: Any, count: int, little: bool) -> NDArray[np.uint16]:
    """Entries as whole numbers: of one byte each, or of two where there are bytes for that."""
    if isinstance(value, int):
        return np.asarray([value], np.uint16)
    if not isinstance(value, bytes):
        return np.asarray(list(value), np.int64).astype(np.uint16)[:count]
    if len(value) >= 2 * count:
        return np.frombuffer(value, "<u2" if little else ">u2", count).astype(np.uint16)
    if len(value) < count:
        raise Unsuitable("a table of its colours or grey values ends too early. Export it anew from its source")
    entries = np.frombuffer(value, np.uint8)
    if not little:  # words of two entries
        entries = entries[: len(entries) // 2 * 2].reshape(-1, 2)[:, ::-1].ravel()
    return entries[:count].astype(np.uint16)


def _unfolded(value: bytes, bits: int, little: bool) -> list[int]:
    """Segments (DICOM PS3.3 C.7.9.2) as entries. Unsuitable beyond the most that a table has."""
    size, order = bits // 8, "<" if little else ">"
    count = len(value) // size
    words = struct.unpack_from(f"{order}{count}{'B' if size == 1 else 'H'}", value)
    entries: list[int] = []
    place = 0
    while place + 1 < count:
        if words[place] != _INDIRECT:
            place = _segment(words, place, entries)
            continue
        at, copies = _pointed(words, place, size, little), words[place + 1]
        place += 2 + 4 // size
        for _ in range(copies):
            at = _segment(words, at, entries)
    return entries


def _pointed(words: Sequence[int], place: int, size: int, little: bool) -> int:
    """The number of the word that an indirect segment goes on from."""
    parts = words[place + 2 : place + 2 + 4 // size]
    if size == 1:
        return int.from_bytes(bytes(parts), "little" if little else "big")
    low, high = parts
    return (high << 16 | low) // 2


def _segment(words: Sequence[int], place: int, entries: list[int]) -> int:
    """Entries of one segment that stands there itself; where the next one begins."""
    form, length = words[place : place + 2]
    if form not in (_DISCRETE, _LINEAR) or len(entries) + length > _MOST or (form == _LINEAR and not entries):
        raise Unsuitable("its palette is missing or damaged. Export it as RGB")
    if form == _DISCRETE:
        entries.extend(words[place + 2 : place + 2 + length])
        return place + 2 + length
    last, end = entries[-1], words[place + 2]
    entries.extend(round(last + (end - last) * step / length) for step in range(1, length + 1))
    return place + 3
