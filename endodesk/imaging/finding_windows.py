"""Matched windows: of one frame a square that holds the finding, and one as large that shows none, so that only the mucosa differs."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.pipeline import CLEAN, apply_recipe
from endodesk.imaging.preprocessing.stage import Rectangle

SIDES = (0.3, 0.4, 0.5, 0.6)
"""Of the frame's shorter side."""
LEAST_PX = 48
"""Windows that are smaller show too little."""
HELD, COVERED = 0.8, 0.4
"""A window holds a finding that lies in it by so much, or that covers so much of it."""
MARGIN = 0.02
"""Of the frame's shorter side: how far a window without the finding stays from its outline, which nobody draws to the pixel."""
_EDGE = 0.006
"""Of the frame's longer side: how far windows stay from a box."""
_STEPS = 24
"""Places of a window along its own side that are tried."""


@dataclass(frozen=True, slots=True)
class WindowPair:
    """Two squares of one size in one frame, in its pixels."""

    finding: Rectangle
    without: Rectangle


# Why: docs/decisions/training.md 36
def window_pairs(finding: Mask, usable: Mask, *, seed: int, pairs: int = 1) -> tuple[WindowPair, ...]:
    """At most so many pairs, each of another size; the same ones for the same seed. Empty where there is no room for one.

    `finding` is what lies within the outline (H x W); `usable` is what windows may show: the lit field without a box.
    """
    if finding.shape != usable.shape or not finding.any():
        return ()
    shorter = min(finding.shape)
    reach = 2 * max(1, round(MARGIN * shorter)) + 1
    near = cv2.dilate(finding.astype(np.uint8), np.ones((reach, reach), np.uint8))
    total, inside, beside, open_to = int(finding.sum()), _sums(finding), _sums(near), _sums(usable)
    chance = np.random.default_rng(seed)
    found: list[WindowPair] = []
    for share in chance.permutation(SIDES):
        side = round(float(share) * shorter)
        if side < LEAST_PX or len(found) == pairs:
            continue
        room = _within(open_to, side) == side * side
        held = _within(inside, side)
        holding = np.argwhere(room & ((held >= HELD * total) | (held >= COVERED * side * side)))
        without = np.argwhere(room & (_within(beside, side) == 0))
        if len(holding) and len(without):
            found.append(WindowPair(*(_square(places[chance.integers(len(places))], side) for places in (holding, without))))
    return tuple(found)


def usable_part(image: RGB, given: FrameOverrides = NOTHING_GIVEN) -> Mask:
    """What windows may show of a frame (H x W): the lit field as the recipe `clean` finds it, without a ScopeGuide box."""
    found = {step.name: step.mask for step in apply_recipe(image, CLEAN, given) if step.name in ("box", "lit-field")}
    field, box = found["lit-field"], found["box"]
    usable = np.ones(image.shape[:2], bool) if field is None else field
    if box is not None and box.any():
        by_px = 2 * max(2, round(_EDGE * max(image.shape))) + 1  # it is found on a small copy of the frame
        usable = usable & (cv2.dilate(box.astype(np.uint8), np.ones((by_px, by_px), np.uint8)) == 0)
    return np.asarray(usable, np.bool_)


def cut(image: RGB, window: Rectangle) -> RGB:
    """The window's pixels. ValueError if it does not lie within the frame."""
    x, y, width, height = window
    if not (x >= 0 and y >= 0 and width > 0 and height > 0 and x + width <= image.shape[1] and y + height <= image.shape[0]):
        raise ValueError(f"the window {window} does not lie within a frame of {image.shape[1]} x {image.shape[0]}")
    return np.ascontiguousarray(image[y : y + height, x : x + width])


def _sums(mask: Mask | NDArray[Any]) -> NDArray[np.int32]:
    """Pixels of the mask above and left of each corner."""
    return np.asarray(cv2.integral((np.asarray(mask) != 0).astype(np.uint8)), np.int32)


def _step(side: int) -> int:
    return max(1, side // _STEPS)


def _within(sums: NDArray[np.int32], side: int) -> NDArray[np.int32]:
    """Pixels of a mask in each square of this side, by row and column of its place in steps."""
    step = _step(side)
    whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return whole[::step, ::step]


def _square(place: NDArray[np.intp], side: int) -> Rectangle:
    row, column = (int(value) * _step(side) for value in place)
    return column, row, side, side
