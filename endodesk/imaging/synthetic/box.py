"""Synthetic ScopeGuide boxes: green with the endoscope's shape in it, or blacked out as data sets are published."""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.synthetic.burnt_in_text import stamp_words

BOX_KINDS = ("", "green", "black")
BOX_SHARES = (0.5, 0.25, 0.25)
"""How often each is drawn; "" is none."""

_GREENS = ((19, 163, 135), (0, 189, 146), (15, 170, 120), (6, 190, 130))


@dataclass(frozen=True, slots=True)
class Box:
    """One device's box; the same for every frame of a case, but for the endoscope's shape."""

    kind: str
    """One of BOX_KINDS."""
    corner: tuple[bool, bool]
    """Whether it is at the right, and whether at the bottom of the field's bounding box."""
    share: tuple[float, float]
    """Width and height in shares of the field's."""
    beyond: tuple[float, float]
    """How far it hangs over the field's side and lower or upper edge, in shares of the field's; negative: tissue shows there."""
    rim: float
    """Thickness of the dark frame about it, in shares of its height; 0: none."""
    rim_level: int
    green: tuple[int, int, int]
    gradient: float
    """By how many levels the green falls from top to bottom."""
    views: int
    """Endoscopes drawn side by side."""
    words: tuple[str, ...]
    """Lines written in a green box."""
    step: tuple[float, float] | None
    """A second black rectangle at the foot of a blacked-out box: width beyond it and height, in shares of the box's."""


def draw_box(rng: np.random.Generator, kind: str | None) -> Box:
    """A box drawn at random; of this kind, if it is given."""
    # drawn in any case, so that a given kind leaves all other numbers as they were
    drawn = BOX_KINDS[int(rng.choice(len(BOX_KINDS), p=BOX_SHARES))]
    kind = drawn if kind is None else kind
    aside = int(rng.choice(4, p=(0.85, 0.05, 0.05, 0.05)))
    usual = rng.uniform() < 0.6
    share = (rng.uniform(0.295, 0.345), rng.uniform(0.265, 0.34)) if usual else (rng.uniform(0.2, 0.4), rng.uniform(0.2, 0.4))
    beyond = (rng.uniform(-0.004, 0.02), rng.uniform(-0.02, 0.005)) if rng.uniform() < 0.75 else (0.0, 0.0)
    framed, stepped = rng.uniform() < 0.4, kind == "black" and rng.uniform() < 0.04
    step = (float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.15, 0.4)))
    green = tuple(int(np.clip(level + rng.integers(-6, 7), 0, 255)) for level in _GREENS[int(rng.integers(len(_GREENS)))])
    words = [f"F{rng.integers(1, 9)}:A1 C:1", *(("M 9000",) if rng.uniform() < 0.4 else ())] if rng.uniform() < 0.5 else []
    return Box(
        kind=kind,
        corner=((False, True), (True, True), (False, False), (True, False))[aside],
        share=(float(share[0]), float(share[1])),
        beyond=(float(beyond[0]), float(beyond[1])),
        rim=float(rng.uniform(0.05, 0.09)) if framed else 0.0,
        rim_level=int(rng.integers(4, 22)),
        green=(green[0], green[1], green[2]),
        gradient=float(rng.uniform(0, 14)) if rng.uniform() < 0.4 else 0.0,
        views=2 if framed and rng.uniform() < 0.2 else 1,
        words=tuple(words),
        step=step if stepped else None,
    )


def lay_box(image: RGB, box: Box, field: tuple[int, int, int, int], rng: np.random.Generator) -> Mask:
    """Draw the box over its corner of the field's bounding box (x, y, width, height); returns the pixels drawn."""
    mask = np.zeros(image.shape[:2], bool)
    if not box.kind:
        return mask
    rows, columns = _place(box, field, image.shape)
    mask[rows, columns] = True
    inset = image[rows, columns]
    if box.step and box.kind == "black":
        _add_step(mask, box, box.step, rows, columns)
    if box.kind == "black":
        image[mask] = 0
    high, wide = inset.shape[:2]
    rim = min(round(box.rim * high), min(high, wide) // 4)
    if rim:
        inset[:rim] = inset[-rim:] = box.rim_level
        inset[:, :rim] = inset[:, -rim:] = box.rim_level
    if box.kind == "green":
        _fill_green(inset[rim : high - rim, rim : wide - rim], box, rng)
    return mask


def _place(box: Box, field: tuple[int, int, int, int], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns that the box covers, cut off where it hangs out of the frame."""
    x, y, wide, high = field
    box_w, box_h = max(3, round(wide * box.share[0])), max(3, round(high * box.share[1]))
    aside, over = round(wide * box.beyond[0]), round(high * box.beyond[1])
    left = x + wide - box_w + aside if box.corner[0] else x - aside
    top = y + high - box_h + over if box.corner[1] else y - over
    return slice(max(0, top), min(shape[0], top + box_h)), slice(max(0, left), min(shape[1], left + box_w))


def _add_step(mask: Mask, box: Box, step: tuple[float, float], rows: slice, columns: slice) -> None:
    """Where a name was covered beside the box."""
    wide, high = columns.stop - columns.start, rows.stop - rows.start
    more, tall = round(step[0] * wide), round(step[1] * high)
    part = slice(rows.stop - tall, rows.stop) if box.corner[1] else slice(rows.start, rows.start + tall)
    mask[part, max(0, columns.start - more) : columns.start] |= box.corner[0]
    mask[part, columns.stop : columns.stop + more] |= not box.corner[0]


def _fill_green(inset: RGB, box: Box, rng: np.random.Generator) -> None:
    high, wide = inset.shape[:2]
    fall = np.linspace(0, box.gradient, high)[:, None, None] if box.gradient else 0
    inset[:] = np.clip(np.array(box.green) - fall, 0, 255)
    for view in range(box.views):
        _draw_scope(inset[:, view * wide // box.views : (view + 1) * wide // box.views], rng)
    if box.views > 1:
        inset[:, wide // 2] = (20, 60, 48)
    dot = max(1, round(high / 150))
    for place, line in enumerate(box.words):
        strokes = np.zeros((high, wide), bool)
        stamp_words(strokes, line, round(0.07 * wide), round((0.03 + 0.45 * place) * high), dot)
        inset[strokes] = (215, 225, 225)


def _draw_scope(inset: RGB, rng: np.random.Generator) -> None:
    """The endoscope's shape as a thin dark line that comes in from below and curls, and the small figure that tells which way is up."""
    high, wide = inset.shape[:2]
    t = np.linspace(0, 1, 40)
    heading = -np.pi / 2 + rng.normal(0, 0.15) + np.cumsum(rng.uniform(-0.9, 0.9) + rng.uniform(2, 5.5) * rng.choice((-1, 1)) * t**1.5) / 40
    reach = high * rng.uniform(0.2, 1.3) / 40
    points = np.array([wide * rng.uniform(0.35, 0.75), high - 1]) + reach * np.cumsum(
        np.column_stack([np.cos(heading), np.sin(heading)]), 0
    )
    line = inset.copy()
    cv2.polylines(line, [np.round(points * 16).astype(np.int32)], False, (50, 62, 54), max(1, round(high / 60)), cv2.LINE_AA, 4)
    x, y, size = (0.12 if rng.uniform() < 0.5 else 0.85) * wide, 0.86 * high, 0.05 * high
    figure = np.array(
        [(x - size, y), (x + size, y), (x + 0.3 * size, y - 0.4 * size), (x, y - 1.8 * size), (x - 0.3 * size, y - 0.4 * size)]
    )
    cv2.fillPoly(line, [np.round(figure).astype(np.int32)], (150, 150, 200))
    inset[:] = line
