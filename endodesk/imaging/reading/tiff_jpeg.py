"""JPEG as it lies in strips and tiles of TIFF: without its tables, and with its colours told by the TIFF file instead."""

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
