"""What a video file begins with. Only these kinds reach the decoder: a playlist named .mp4 would have it open other files, or sockets."""

from pathlib import Path

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.system.os_errors import reason_of

_LOOKED_AT = 1 << 20  # bytes at each end, where MP4 keeps its tables
_MP4 = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_EBML, _ASF, _MPEG = b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75", (b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")


def refuse_other_kinds(path: Path) -> None:
    """UnreadableImage with a sentence for what is no MP4, QuickTime, Matroska, AVI, WMV or MPEG file, or is encrypted."""
    name = printable(path.name)
    try:
        if not path.is_file():
            raise UnreadableImage(f"{name} cannot be opened as a video: there is no such file.")
        with path.open("rb") as stream:
            head = stream.read(_LOOKED_AT)
            stream.seek(max(0, path.stat().st_size - _LOOKED_AT))
            tail = stream.read(_LOOKED_AT)
    except (OSError, ValueError) as error:
        raise UnreadableImage(f"{name} cannot be opened as a video: {reason_of(error)}.") from error
    if not head:
        raise UnreadableImage(f"{name} cannot be opened as a video: the file is empty.")
    if not _is_video(head):
        raise UnreadableImage(f"{name} cannot be opened as a video: it is no mp4, mov, mkv, avi, wmv or mpg file.")
    if head[4:8] in _MP4 and (b"encv" in head or b"encv" in tail):
        raise UnreadableImage(f"{name} cannot be opened as a video: it is encrypted. Export it without protection.")


def _is_video(head: bytes) -> bool:
    if head[4:8] in _MP4 or head[:4] in (_EBML, _ASF, *_MPEG):
        return True
    return head[:4] == b"RIFF" and head[8:12] == b"AVI "
