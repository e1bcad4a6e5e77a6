"""Names for frames: SHA-256 of the bytes (the same file) and perceptual hash of the pixels (the same picture)."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.domain.images import NO_STRUCTURE, Sha256
from endodesk.imaging.lanczos import reduced
from endodesk.imaging.pixels import RGB
from endodesk.imaging.structure import has_structure
from endodesk.system.plain_files import open_plain

_BLOCK_PX = 4_000_000
_HASHED_PX = 32  # what imagehash shrinks a frame to before it looks


def sha256_bytes(data: bytes) -> Sha256:
    """SHA-256 as lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(data).hexdigest())


def sha256_file(path: Path) -> Sha256:
    """SHA-256 of a file, read in pieces. OSError if it cannot be read."""
    with open_plain(path) as stream:
        return Sha256(hashlib.file_digest(stream, "sha256").hexdigest())


def phash(image: RGB) -> str:
    """`imagehash.phash` (8x8) of the RGB frame as 16 hexadecimal digits (method.md, Split)."""
    return _phash(reduced(_grey(image), _HASHED_PX))


def joining_hash(image: RGB) -> str:
    """The `phash` that a frame may be joined with others by: empty for one without structure, whose hash means nothing."""
    cells = reduced(_grey(image), _HASHED_PX)
    return _phash(cells) if has_structure(cells) else ""


def kept_hash(image: RGB) -> str:
    """As `joining_hash`, in the form that is kept: there an empty one says that nobody has looked yet."""
    return joining_hash(image) or NO_STRUCTURE


def _phash(cells: NDArray[np.uint8]) -> str:
    import imagehash  # brings scipy: only who hashes pays for it

    return str(imagehash.phash(Image.fromarray(cells)))


def _grey(image: RGB) -> NDArray[np.uint8]:
    """Pillow's mode L, which OpenCV's grey differs from; with a fourth channel, Pillow takes the pixels as they lie."""
    height, width = image.shape[:2]
    grey, rows = np.empty((height, width), np.uint8), max(1, _BLOCK_PX // width)
    for top in range(0, height, rows):  # of huge pictures some rows at a time: these copies take four times as much as the result
        pixels = np.ascontiguousarray(cv2.cvtColor(image[top : top + rows], cv2.COLOR_RGB2RGBA))
        grey[top : top + rows] = np.asarray(Image.frombuffer("RGBA", (width, len(pixels)), pixels, "raw", "RGBA", 0, 1).convert("L"))
    return grey
