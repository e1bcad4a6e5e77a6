"""Names for frames: SHA-256 of the bytes (the same file) and perceptual hash of the pixels (the same picture)."""

import hashlib
from pathlib import Path

from PIL import Image

from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import RGB


def sha256_bytes(data: bytes) -> Sha256:
    """SHA-256 as lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(data).hexdigest())


def sha256_file(path: Path) -> Sha256:
    """SHA-256 of a file, read in pieces. OSError if it cannot be read."""
    with path.open("rb") as stream:
        return Sha256(hashlib.file_digest(stream, "sha256").hexdigest())


def phash(image: RGB) -> str:
    """`imagehash.phash` (8x8) of the RGB frame as 16 hexadecimal digits (method.md, Split)."""
    import imagehash  # brings scipy: only who hashes pays for it

    return str(imagehash.phash(Image.fromarray(image)))
