"""A frame between two steps."""

from dataclasses import dataclass

from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.sketch import Sketch

Rectangle = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A frame between two steps: its pixels, and what is known of its lit field."""

    image: RGB
    field: Mask | None = None
    """What is lit; same size as `image`."""
    rectangle: Rectangle | None = None
    """Where to crop; None to leave the frame whole."""
    mask: Mask | None = None
    """What the last step found, for the eye and for steps.json; same size as `image`."""
    crop: Rectangle | None = None
    """What the last step cut out of its input."""
    sketch: Sketch | None = None
    """What steps find is sought on a small copy of the frame; it is handed on until the frame is cropped."""
