"""Synthetic borders: the shape of the lit field, where it lies in the frame, and the dark around it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Mask

BORDERS = ("octagon", "round", "tight", "rounded", "side")
BORDER_SHARES = (0.40, 0.20, 0.18, 0.10, 0.12)
"""How often each is drawn. "side" is a field to the right of a column for text."""

_BROADEST = 1.36
"""Fields are not wider than this times their height, however wide the frame is (tight ones are)."""

_SUBPIXEL = 4  # bits of a pixel that OpenCV may be told


@dataclass(frozen=True, slots=True)
class Border:
    """One device's border; the same for every frame of a case."""

    kind: str
    """One of BORDERS."""
    margins: tuple[float, float, float, float]
    """Left, top, right, bottom of the field, in shares of the frame's width and height."""
    cuts: tuple[float, float, float, float]
    """Of the corners, clockwise from the upper left one, in shares of the field's shorter side."""
    rounded: bool
    """Whether the corners are arcs; else they are cut straight."""
    ellipse: tuple[float, float]
    """Radii in shares of half the field's width and height; what lies outside is dark, too. Large: no ellipse."""
    soft_px: int
    """Side of the square by which the edge is blurred, for 576 rows."""
    night: int
    """Grey level of the dark."""
    noise: int
    """Levels by which the dark wavers up and down."""


def draw_border(rng: np.random.Generator, kind: str, size: tuple[int, int]) -> Border:
    """A border of this kind drawn at random for a frame of this width and height."""
    cuts, rounded, ellipse = _draw_shape(rng, kind)
    # real borders have levels of up to 16
    night, noise = (0, 0) if rng.uniform() < 0.35 else (int(rng.integers(0, 17)), int(rng.integers(0, 4)))
    return Border(kind, _draw_margins(rng, kind, size), cuts, rounded, ellipse, int(rng.choice((1, 3, 3, 5, 7))), night, noise)


def _draw_shape(rng: np.random.Generator, kind: str) -> tuple[tuple[float, float, float, float], bool, tuple[float, float]]:
    """Corners, whether they are round, and the ellipse."""
    even, ellipse, rounded = rng.uniform(0.15, 0.33), (9.0, 9.0), kind == "rounded"
    cuts = np.full(4, even)
    if kind == "octagon":
        if rng.uniform() < 0.3:
            cuts += rng.uniform(-0.08, 0.08, 4)
        if rng.uniform() < 0.3:  # barrel: the lens's own edge shows at the sides
            ellipse = (float(rng.uniform(1.02, 1.12)), 1.6)
    elif kind == "round":
        across = rng.uniform(0.98, 1.1)
        ellipse, cuts = (float(across), float(across * rng.uniform(1.0, 1.3))), cuts * 0
    elif kind == "tight":
        cuts = np.where(rng.uniform(size=4) < 0.4, rng.uniform(0.01, 0.07, 4), 0)
    elif kind == "rounded":
        cuts = np.full(4, rng.uniform(0.04, 0.3))
    else:
        cuts = np.array([rng.uniform(0, 0.1), even, even, rng.uniform(0, 0.1)]) if rng.uniform() < 0.5 else cuts
        rounded = bool(rng.uniform() < 0.4)
    one, two, three, four = (float(c) for c in cuts)
    return (one, two, three, four), rounded, ellipse


def _draw_margins(rng: np.random.Generator, kind: str, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Cropped to the field, a little loose, as the processor gives it, or a small picture in a large frame."""
    if kind == "tight":
        sliver = rng.uniform(0, 0.018, 4) * (rng.uniform(size=4) < 0.35)
        left, top, right, bottom = (float(s) for s in sliver)
        return left, top, right, bottom
    place = int(rng.choice(4, p=(0.40, 0.15, 0.35, 0.10)))
    low, high = ((0, 0), (0.004, 0.02), (0.02, 0.08), (0.1, 0.2))[place]
    left, right = rng.uniform(low, high, 2)
    top, bottom = rng.uniform(low, high, 2) * (1 if place == 3 else 0.6)
    if kind == "side":
        left, right = rng.uniform(0.16, 0.34), right * 0.5
    else:
        wide, high = size[0] * (1 - left - right), size[1] * (1 - top - bottom)
        spare, lean = max(0, 1 - _BROADEST * high / wide) * wide / size[0], rng.uniform(0.3, 1)
        left, right = left + lean * spare, right + (1 - lean) * spare
    return float(left), float(top), float(right), float(bottom)


def field_rectangle(border: Border, width: int, height: int) -> tuple[int, int, int, int]:
    """x, y, width and height of the field in a frame of this size, before its corners are cut."""
    left, top, right, bottom = border.margins
    x, y = round(width * left), round(height * top)
    return x, y, max(8, width - x - round(width * right)), max(8, height - y - round(height * bottom))


def field_coverage(border: Border, width: int, height: int) -> NDArray[np.uint8]:
    """How much of each pixel the lit field covers, 0..255, with the edge as soft as the device's; half is the mask's edge."""
    x, y, wide, high = field_rectangle(border, width, height)
    canvas = np.zeros((height, width), np.uint8)
    outline = np.round((_outline(border, wide, high) + np.array((x, y))) * (1 << _SUBPIXEL)).astype(np.int32)
    cv2.fillConvexPoly(canvas, outline, 255, cv2.LINE_8, _SUBPIXEL)  # no smooth edge here: the blur below makes it as soft as the device's
    if min(border.ellipse) < 1.5:
        canvas &= _ellipse(border, x, y, wide, high, canvas.shape)
    side = max(1, round(border.soft_px * height / 576)) | 1  # odd, so that the edge stays where it is
    return np.asarray(cv2.blur(canvas, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)


def field_mask(coverage: NDArray[np.uint8]) -> Mask:
    """The field's shape: where the lit field covers half of a pixel or more."""
    return np.asarray(coverage >= 128, bool)


def _ellipse(border: Border, x: int, y: int, wide: int, high: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    down, across = np.ogrid[0 : shape[0], 0 : shape[1]]
    off = (across - x - (wide - 1) / 2) / (border.ellipse[0] * wide / 2), (down - y - (high - 1) / 2) / (border.ellipse[1] * high / 2)
    return np.where(off[0] ** 2 + off[1] ** 2 <= 1, np.uint8(255), np.uint8(0))


def _outline(border: Border, wide: int, high: int) -> NDArray[np.float64]:
    """Points (N x 2) of a rectangle at 0, 0 whose corners are cut straight or round, clockwise from the upper left."""
    right, bottom = wide - 1.0, high - 1.0
    corners = ((0, 0, 1, 1), (right, 0, -1, 1), (right, bottom, -1, -1), (0, bottom, 1, -1))
    turns = np.linspace(0, np.pi / 2, 13) if border.rounded else np.array((0, np.pi / 2))
    points = []
    for place, (x, y, inward, downward) in enumerate(corners):
        side = border.cuts[place] * min(right, bottom)
        arc = np.column_stack([x + inward * side * (1 - np.sin(turns)), y + downward * side * (1 - np.cos(turns))])
        points.append(arc if place in (1, 3) else arc[::-1])  # OpenCV wants the corners in their order round the field
    return np.concatenate(points)
