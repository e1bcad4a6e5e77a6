"""Synthetic devices: what scope and processor make of any picture - size, border, burnt-in text, ScopeGuide box, compression."""

from dataclasses import dataclass, replace

import numpy as np

from endodesk.imaging.synthetic.border import BORDER_SHARES, BORDERS, Border, draw_border
from endodesk.imaging.synthetic.box import BOX_KINDS, Box, draw_box
from endodesk.imaging.synthetic.burnt_in_text import Text, draw_text

__all__ = ["BORDERS", "BOX_KINDS", "Device", "draw_device"]

_WHOLE = ((720, 576), (768, 576), (640, 480), (1280, 1024), (1350, 1080), (1920, 1080), (320, 256), (480, 480))
_WHOLE_SHARES = (0.50, 0.12, 0.08, 0.10, 0.05, 0.06, 0.05, 0.04)
"""Frames as the processor gives them."""

_CROPPED = ((502, 640), (476, 552))
"""Limits of width and height of frames that were cropped to the field."""


@dataclass(frozen=True, slots=True)
class Device:
    """One processor's look, the same for every frame of a case. A device knows nothing of findings."""

    size: tuple[int, int]
    """Width and height of a frame."""
    border: Border
    box: Box
    text: Text
    falloff: float
    """Share of the light that is lost in the field's corners."""
    jpeg: int
    """Quality 1..100; 0: not compressed."""


def draw_device(seed: int, *, border: str | None = None, box_kind: str | None = None) -> Device:
    """The device of a seed (0 or more); with this border or kind of box, if given, and all else as it was."""
    streams = [np.random.default_rng((1, seed, part)) for part in range(5)]  # a stream a part: a border that is given changes nothing else
    drawn = BORDERS[int(streams[0].choice(len(BORDERS), p=BORDER_SHARES))]
    kind = drawn if border is None else border
    size = _draw_size(streams[1], kind)
    shape = draw_border(np.random.default_rng((1, seed, 5, BORDERS.index(kind))), kind, size)
    left, top, right, bottom = shape.margins
    return Device(
        size=size,
        border=shape,
        box=draw_box(streams[2], box_kind),
        text=draw_text(streams[3], (left, top, 1 - right, 1 - bottom)),
        falloff=float(streams[4].choice((0.08, 0.16, 0.3, 0.5), p=(0.3, 0.4, 0.2, 0.1))),
        jpeg=0 if streams[4].uniform() < 0.1 else int(streams[4].integers(75, 97)),
    )


def _draw_size(rng: np.random.Generator, border: str) -> tuple[int, int]:
    cropped = border != "side" and rng.uniform() < 0.35
    if cropped:
        return int(rng.integers(*_CROPPED[0])), int(rng.integers(*_CROPPED[1]))
    return _WHOLE[int(rng.choice(len(_WHOLE), p=_WHOLE_SHARES))]


def resized(device: Device, width: int | None) -> Device:
    """The device with frames of another width and the same aspect ratio."""
    return device if width is None else replace(device, size=(width, round(width * device.size[1] / device.size[0])))
