"""Small copies of frames for the gallery: decoded small, kept on disk by the frame's SHA-256."""

import contextlib
import shutil
import zlib
from pathlib import Path

import cv2
import numpy as np

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.header import READING
from endodesk.imaging.reading.jpeg import decoded_strictly
from endodesk.imaging.reading.read import open_image, read_bytes
from endodesk.system.atomic import write_file

SIDE_PX = 192
_SHRINKS = (8, 4, 2)
_SUM_BYTES = 4


class ThumbnailStore:
    """JPEG files of at most 192 x 192 pixels under a cache folder, each with its checksum. A damaged or missing one is made again."""

    def __init__(self, cache: Path) -> None:
        self._folder = cache / f"thumbnails-{READING}"

    def drop_older(self) -> None:
        """Thumbnails that older programs made, some of them of another picture than is shown now, are removed. May take seconds."""
        for folder in self._folder.parent.glob("thumbnails*"):
            if folder != self._folder:
                shutil.rmtree(folder, ignore_errors=True)

    def get(self, path: Path, known: Sha256 | None = None) -> tuple[Sha256, RGB]:
        """The frame's name and its thumbnail; UnreadableImage if the file cannot be shown.

        Where the name is known the file itself is read only if there is no thumbnail yet.
        """
        if known is not None and (thumbnail := _read_kept(self._place(known))) is not None:
            return known, thumbnail
        data = read_bytes(path)
        name = sha256_bytes(data)
        kept = self._place(name)
        thumbnail = _read_kept(kept)
        if thumbnail is None:
            thumbnail = make_thumbnail(data, path.name)
            with contextlib.suppress(OSError):  # a full disk costs speed, not the picture
                _keep(kept, thumbnail)
        return name, thumbnail

    def _place(self, name: Sha256) -> Path:
        return self._folder / name[:2] / f"{name}.jpg"


def make_thumbnail(data: bytes, name: str, side_px: int = SIDE_PX) -> RGB:
    """The frame upright, its longer side `side_px`; JPEGs are decoded at an eighth, a quarter or half of their size."""
    opened = open_image(data, name)
    longer = max(opened.header.width, opened.header.height)
    small = opened.decode(next((shrink for shrink in _SHRINKS if longer // shrink >= side_px), 1))
    scale = side_px / max(small.shape[:2])
    size = (max(1, round(small.shape[1] * scale)), max(1, round(small.shape[0] * scale)))
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR), np.uint8)


def _read_kept(path: Path) -> RGB | None:
    try:
        data = read_bytes(path)
    except UnreadableImage:
        return None
    jpeg = data[:-_SUM_BYTES]
    # a flipped bit mostly decodes to another picture without an error; one of an older program has no sum
    return decoded_strictly(jpeg) if data[-_SUM_BYTES:] == _sum_of(jpeg) else None


def _keep(path: Path, thumbnail: RGB) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    done, encoded = cv2.imencode(".jpg", thumbnail[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    if done:  # thousands are made while one looks: one that a power cut damages is made again
        jpeg = encoded.tobytes()
        write_file(path, jpeg + _sum_of(jpeg), durable=False)


def _sum_of(jpeg: bytes) -> bytes:
    """CRC-32: decoders pass over what stands behind the end of a picture."""
    return zlib.crc32(jpeg).to_bytes(_SUM_BYTES, "big")
