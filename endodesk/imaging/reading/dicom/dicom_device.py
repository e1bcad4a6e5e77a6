"""Which device a DICOM file comes from, by its own words: manufacturer and station. No other tag is read, none of a patient among them."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from endodesk.domain.images import printable
from endodesk.imaging.reading.dicom.dicom_kind import HEAD_BYTES, is_dicom
from endodesk.imaging.reading.dicom.dicom_parts import elements_of
from endodesk.imaging.reading.header import silenced
from endodesk.system.plain_files import open_plain

_MANUFACTURER, _STATION = 0x00080070, 0x00081010
_FIRST_BYTES = 1 << 20
"""Elements come in the order of their tags: these stand before all pixels."""
_LONGEST = 64


def device_of(path: Path) -> str:
    """Manufacturer and station, or the one that is there, in one line; empty for other files, damaged ones and those that say neither."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    return _said_by(str(path), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=100_000)
def _said_by(path: str, _changed_ns: int, _bytes: int) -> str:
    """As `device_of`, once for a file as it is: each check of a split asks again."""
    try:
        with open_plain(path) as stream:
            head = stream.read(HEAD_BYTES)
            if not is_dicom(head):
                return ""
            data = head + stream.read(_FIRST_BYTES)
        with silenced():
            words = _values(data)
    except Exception:  # a file that says nothing is no reason not to train: the readers of DICOM raise anything on damaged bytes
        return ""
    told = (" ".join(printable(words.get(tag, "")).split())[:_LONGEST] for tag in (_MANUFACTURER, _STATION))
    return " ".join(filter(None, told))


def _values(data: bytes) -> dict[int, str]:
    from pydicom.filereader import data_element_generator  # who has no such file does without pydicom

    elements = elements_of(data)
    stream: Any = BytesIO(elements.data)
    stream.seek(elements.start)
    raw = data_element_generator(
        stream, elements.implicit, elements.little, stop_when=lambda tag, *_: tag > _STATION, specific_tags=[_MANUFACTURER, _STATION]
    )
    found: dict[int, str] = {}
    for element in raw:
        if element.tag in (_MANUFACTURER, _STATION) and isinstance(value := getattr(element, "value", None), bytes):
            found[int(element.tag)] = value.decode("utf-8", "replace").strip(" \0")
    return found
