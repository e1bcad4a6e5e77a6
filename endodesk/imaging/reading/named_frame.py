"""A frame from its file, with its name by content and what holds of it by hand: the beginning of every answer."""

from pathlib import Path

from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NO_OVERRIDES, FrameOverrides, Overrides
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.read import decode_image, read_bytes


def read_named(path: Path, overrides: Overrides = NO_OVERRIDES) -> tuple[Sha256, RGB, FrameOverrides]:
    """Name, pixels, and what of the overrides is this frame's. The file is read once. UnreadableImage if it cannot be."""
    data = read_bytes(path)
    image, name = decode_image(data, path.name), sha256_bytes(data)
    return name, image, overrides.of(name, image.shape[1], image.shape[0])
