"""A frame from its file, with its name by content and what holds of it by hand: the beginning of every answer."""

from pathlib import Path
from typing import NamedTuple

from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NO_OVERRIDES, FrameOverrides, Overrides
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.header import Header
from endodesk.imaging.reading.read import open_image, read_bytes


class NamedFrame(NamedTuple):
    """A frame as its file holds it at this moment."""

    name: Sha256
    image: RGB
    given: FrameOverrides
    """What of the overrides is this frame's."""
    header: Header


def read_named(path: Path, overrides: Overrides = NO_OVERRIDES) -> NamedFrame:
    """The file is read once. UnreadableImage if it cannot be."""
    data = read_bytes(path)
    opened = open_image(data, path.name)
    image, name = opened.decode(), sha256_bytes(data)
    return NamedFrame(name, image, overrides.of(name, image.shape[1], image.shape[0]), opened.header)
