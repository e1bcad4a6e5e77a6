"""What is packed in strips and tiles of TIFF: JPEG without its tables, its colours told by the TIFF file instead; and sound LZW.

imagecodecs (2026.3.6) believes codes of LZW, and one that stands for nothing yet ends the whole program.
"""

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from endodesk.imaging.reading.header import CUT, DAMAGED, MAX_PIXELS, Refused

_YCBCR = 6
_COLOURS = {1: "GRAY", 3: "RGB", 4: "CMYK"}
_ADOBE = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0"


def decode_part(part: bytes, tables: bytes | None, photometric: int, samples: int) -> NDArray[np.uint8]:
    """H x W x `samples`, uint8: YCbCr as RGB, all else as it is stored. Refused for whatever the decoder had to guess."""
    whole = _with_colours(part, photometric)
    if tables and len(tables) > 4:
        whole = tables[: tables.rfind(b"\xff\xd9")] + whole[2:]
    if samples not in _COLOURS:
        raise Refused(DAMAGED)
    try:
        height, width, _, _ = simplejpeg.decode_jpeg_header(whole)
        if height * width > MAX_PIXELS:
            raise Refused(DAMAGED)
        return np.asarray(simplejpeg.decode_jpeg(whole, _COLOURS[samples]))
    except ValueError as error:
        raise Refused(CUT if "remature end" in str(error) else DAMAGED) from error


def _with_colours(part: bytes, photometric: int) -> bytes:
    """With a marker right before its scan that says what the TIFF file says; libjpeg goes by the last one."""
    scan = part.find(b"\xff\xda")
    if scan < 0:
        raise Refused(CUT)
    said = _ADOBE + (b"\1" if photometric == _YCBCR else b"\0")
    return part[:scan].replace(b"JFIF\0", b"none\0") + said + part[scan:]


# --- LZW ---

_CLEAR, _LAST, _FIRST, _MOST = 256, 257, 258, 4096


def _places() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of the codes behind a "clear": at which bit each begins, of how many bits it is, and the highest that can stand there."""
    number = np.arange(_MOST - _FIRST + 1)
    free = _FIRST + number - 1  # the entry that each one makes
    widths = np.select([free < 511, free < 1023, free < 2047], [9, 10, 11], 12)
    return np.concatenate(([0], np.cumsum(widths)[:-1])), widths, np.where(number == 0, _LAST, free)


_STARTS, _WIDTHS, _HIGHEST = _places()
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def is_sound_lzw(part: bytes, *, turned: bool = False) -> bool:
    """Whether each code stands for something up to the end, or of the bytes; `turned`: each byte begins with its lowest bit."""
    data = np.frombuffer((part.translate(_TURNED) if turned else part) + bytes(4), np.uint8).astype(np.int64)
    place, bits = 0, 8 * len(part)
    if _codes(data, np.array([0]), np.array([9]))[0] != _CLEAR:
        return False
    while place + 9 <= bits:
        starts = place + 9 + _STARTS
        count = int(np.searchsorted(starts + _WIDTHS, bits, "right"))
        codes = _codes(data, starts[:count], _WIDTHS[:count])
        stops = np.flatnonzero((codes == _CLEAR) | (codes == _LAST))
        stop = int(stops[0]) if len(stops) else count
        if (codes[:stop] > _HIGHEST[:stop]).any():
            return False
        if stop == count or codes[stop] == _LAST:
            return count < len(_STARTS) or stop < count
        place = int(starts[stop]) + int(_WIDTHS[stop]) - 9
    return True


def _codes(data: NDArray[np.int64], starts: NDArray[np.int64], widths: NDArray[np.int64]) -> NDArray[np.int64]:
    at = starts >> 3
    word = data[at] << 16 | data[at + 1] << 8 | data[at + 2]
    return np.asarray(word >> (24 - (starts & 7) - widths) & ((1 << widths) - 1), np.int64)
