"""Whether bytes begin as a DICOM file does, also one without the 128 bytes and the four letters that should come first.

No import of pydicom: this is asked of every file that is opened, and of every file without an ending in a folder.
"""

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from endodesk.system.plain_files import open_plain

HEAD_BYTES = 1024
"""Enough of a file to tell."""
_ENDINGS = frozenset({"dcm", "dicom", "dc3", "dic", "ima"})
_DIRECTORY = b"1.2.840.10008.1.3.10"
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SHORT = frozenset({b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS"})
_ALSO_SHORT = frozenset({b"ST", b"TM", b"UI", b"UL", b"US"})
_FIRST_GROUPS = (2, 8)
_LAST_GROUP = 0x28
_ELEMENTS = 3
"""As many in a row, each with a length that makes sense, are no chance."""


def is_dicom(data: bytes) -> bool:
    """Whether the bytes, or the first `HEAD_BYTES` of them, begin as a DICOM file's."""
    return data[128:132] == b"DICM" or data[:4] == b"DICM" or is_bare(data)


def is_bare(data: bytes) -> bool:
    """Whether the bytes begin with elements in order, as a file does whose first 132 bytes are left out."""
    return any(_begins_with_elements(data[:HEAD_BYTES], order, explicit) for order, explicit in (("<", True), ("<", False), (">", True)))


def is_explicit(element: bytes) -> bool:
    """Whether an element, which begins with its tag, names its kind of value."""
    return element[4:6] in _LONG or element[4:6] in _SHORT or element[4:6] in _ALSO_SHORT


def may_be_dicom(name: str) -> bool:
    """Whether a file of this name may be DICOM: by its ending, or for want of one (IM000001, 1.2.840.113619, scan.0004)."""
    ending = name.rpartition(".")[2]
    return (ending == name or ending.lower() in _ENDINGS or ending.isdecimal()) and name[0] != "."


# Why: docs/decisions/imaging.md 22
def unnamed_dicom(folder: str | Path, names: Iterable[str]) -> list[str]:
    """Of files that no ending calls pictures, those that begin as DICOM with its four letters and list no other files (DICOMDIR)."""
    return [name for name in names if may_be_dicom(name) and _begins_as_picture(os.path.join(folder, name))]  # noqa: PTH118  # speed


def _begins_as_picture(path: str) -> bool:
    try:
        with open_plain(path) as stream:
            head = stream.read(HEAD_BYTES)
    except (OSError, ValueError):
        return False
    return head[128:132] == b"DICM" and _DIRECTORY not in head


def _begins_with_elements(head: bytes, order: str, explicit: bool) -> bool:
    """Tags that rise, from group 2 or 8 on."""
    place, last = 0, (0, -1)
    for number in range(_ELEMENTS):
        if place + 12 > len(head):
            return False
        tag = struct.unpack_from(order + "HH", head, place)
        if tag <= last or (number == 0 and (tag[0] not in _FIRST_GROUPS or tag[1] > 0x20)) or tag[0] > _LAST_GROUP:
            return False
        if is_explicit(head[place:]) != explicit:
            return False
        place, last = place + _size(head, place, order, explicit), tag
    return True


def _size(head: bytes, place: int, order: str, explicit: bool) -> int:
    """Of an element, with what stands before its value."""
    if not explicit:
        return 8 + int(struct.unpack_from(order + "I", head, place + 4)[0])
    if head[place + 4 : place + 6] in _LONG:
        return 12 + int(struct.unpack_from(order + "I", head, place + 8)[0])
    return 8 + int(struct.unpack_from(order + "H", head, place + 6)[0])
