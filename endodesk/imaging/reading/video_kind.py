"""What a video file begins with. Only these kinds reach the decoder: a playlist named .mp4 would have it open other files, or sockets."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain

_LOOKED_AT = 1 << 20  # bytes at each end, where MP4 keeps its tables
_MP4 = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_DEMUXERS = {b"\x1a\x45\xdf\xa3": "matroska", b"\x30\x26\xb2\x75": "asf", b"\x00\x00\x01\xba": "mpeg", b"\x00\x00\x01\xb3": "mpegvideo"}
_MOST_BOXES = 10_000


def kind_of(path: Path) -> str:
    """What FFmpeg calls its kind; UnreadableImage with a sentence for what is no MP4, QuickTime, Matroska, AVI, WMV or MPEG file.

    Refused too: what is encrypted, and an MP4 file that was cut off before its table.
    """
    name = printable(path.name)
    try:
        with open_plain(path) as stream:
            head = stream.read(_LOOKED_AT)
            why = "the file is empty" if not head else _fault(stream, head, os.fstat(stream.fileno()).st_size)
    except (OSError, ValueError) as error:
        raise UnreadableImage(f"{name} cannot be opened as a video: {reason_of(error)}.") from error
    if why:
        raise UnreadableImage(f"{name} cannot be opened as a video: {why}.")
    return _demuxer(head)


def _demuxer(head: bytes) -> str:
    if head[4:8] in _MP4:
        return "mov"
    return "avi" if head[:4] == b"RIFF" and head[8:12] == b"AVI " else _DEMUXERS.get(head[:4], "")


def _fault(stream: BinaryIO, head: bytes, size: int) -> str:
    if not _demuxer(head):
        return "it is no mp4, mov, mkv, avi, wmv or mpg file"
    if head[4:8] not in _MP4:
        return ""
    stream.seek(max(0, size - _LOOKED_AT))
    if b"encv" in head or b"encv" in stream.read(_LOOKED_AT):
        return "it is encrypted. Export it without protection"
    if _is_cut(stream, size):
        return "it is damaged: the file ends too early. Copy it again from its source"
    return ""


def _is_cut(stream: BinaryIO, size: int) -> bool:
    """Whether an MP4 file ends before the table that says where its frames lie."""
    boxes = list(_boxes(stream, size))
    kinds = {kind for kind, _ in boxes}
    return not kinds & {b"moov", b"moof"} and (b"mdat" in kinds or any(end > size for _, end in boxes))


def _boxes(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """Kind and end of each part at the top of an MP4 file; the last may end beyond the file."""
    at = 0
    for _ in range(_MOST_BOXES):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return
        length = int.from_bytes(head[:4], "big")
        if length == 1:  # told by the next eight bytes
            length = int.from_bytes(head[8:16], "big")
        at = size if length == 0 else at + length  # 0: to the end
        yield head[4:8], at
        if length < 8 or at >= size:
            return
