"""The directories of a TIFF file: which picture is the frame, how many there are, and whether one is a camera's raw one."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from endodesk.imaging.reading.header import CUT, Refused

_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT, _COLOURS, _PARTS, _DNG = 254, 255, 256, 257, 262, 330, 50706
_REDUCED, _MASK = 1, 4
_RAW_COLOURS = (32803, 34892)
_MAX_ENTRIES = 300_000
"""In all directories: what lies is to be found out within a second."""
_MAX_PARTS = 64
_SIZES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True, slots=True)
class _Directory:
    values: dict[int, tuple[int, ...]]
    """Those of the tags above, by tag."""
    following: int

    def one(self, tag: int, otherwise: int = 0) -> int:
        return next(iter(self.values.get(tag, ())), otherwise)

    @property
    def is_frame(self) -> bool:
        return not self.one(_SUBFILE) & (_REDUCED | _MASK) and self.one(_OLD_SUBFILE) != 2


class _Layout:
    """How numbers lie: bytes' order, and whether places have 32 or 64 bits."""

    def __init__(self, data: bytes) -> None:
        self._left = _MAX_ENTRIES
        self._data, self._order = data, "<" if data[:2] == b"II" else ">"
        self.big = 43 in (data[2], data[3])
        self.first = self._number(8, "Q") if self.big else self._number(4, "I")

    def _number(self, place: int, size: str) -> int:
        if place + struct.calcsize(size) > len(self._data):
            raise Refused(CUT)
        return int(struct.unpack_from(self._order + size, self._data, place)[0])

    def directory(self, place: int) -> _Directory:
        """What stands there; Refused if the file ends before it does."""
        count = self._number(place, "Q" if self.big else "H")
        place += 8 if self.big else 2
        length = 20 if self.big else 12
        self._left -= 1 + count
        if self._left < 0:
            raise Refused("it has more pictures than are opened. Export the frame alone")
        following = self._number(place + count * length, "Q" if self.big else "I")
        values: dict[int, tuple[int, ...]] = {}
        for entry in range(place, place + count * length, length):
            tag = self._number(entry, "H")
            if tag in (_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT, _COLOURS, _PARTS, _DNG):
                values[tag] = self._values(entry)
        return _Directory(values, following)

    def _values(self, entry: int) -> tuple[int, ...]:
        size = _SIZES.get(self._number(entry + 2, "H"))
        if size is None:
            return ()
        count = min(self._number(entry + 4, "Q" if self.big else "I"), _MAX_PARTS)
        place = entry + (12 if self.big else 8)
        if count * struct.calcsize(size) > (8 if self.big else 4):
            place = self._number(place, "Q" if self.big else "I")
        return tuple(self._number(place + index * struct.calcsize(size), size) for index in range(count))


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a TIFF file holds."""

    frame: int
    """Which of its directories is the frame: the first that is no preview and no mask."""
    count: int
    """How many pictures there are, previews and masks not counted."""


def pictures_of(data: bytes) -> Pictures:
    """Refused for camera raw files: what other programs show of them is a preview; and if the file ends before its first directory."""
    layout = _Layout(data)
    if data[8:10] == b"CR" and not layout.big:
        raise _raw()
    directories = list(_chain(layout))
    if not directories:
        raise Refused(CUT)
    frames = [index for index, directory in enumerate(directories) if directory.is_frame]
    frame = frames[0] if frames else 0
    for directory in directories[: frame + 1]:
        _check_raw(layout, directory)
    return Pictures(frame, max(1, len(frames)))


def _chain(layout: _Layout) -> Iterator[_Directory]:
    place, seen = layout.first, set[int]()
    while place and place not in seen:
        seen.add(place)
        try:
            directory = layout.directory(place)
        except Refused:
            return
        yield directory
        place = directory.following


def _check_raw(layout: _Layout, directory: _Directory) -> None:
    if _DNG in directory.values or directory.one(_COLOURS) in _RAW_COLOURS:
        raise _raw()
    for place in directory.values.get(_PARTS, ()):
        try:
            part = layout.directory(place)
        except Refused:
            continue
        larger = part.one(_WIDTH) * part.one(_HEIGHT) > directory.one(_WIDTH) * directory.one(_HEIGHT)
        if part.one(_COLOURS) in _RAW_COLOURS or (larger and part.is_frame):
            raise _raw()


def _raw() -> Refused:
    return Refused("it is a camera's raw file, of which only a preview could be shown. Export it as JPEG or PNG")
