"""What tells a frame's source, put on preprocessed frames at random, never by class: border, box, writing, and what `clean` leaves."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB

_GREEN = (20, 190, 60)


# Why: docs/decisions/training.md 14
def draw_marks(frame: RGB, rng: np.random.Generator) -> RGB:
    """A copy of a frame (H x W x 3) with a border of a device, a box in a corner and writing, each there in half of the draws."""
    drawn = frame.copy()
    for draw in (_border, _box, _writing):
        if rng.random() < 0.5:
            draw(drawn, rng)
    return drawn


def fill_corner(frame: RGB, rng: np.random.Generator) -> RGB:
    """A copy of a frame (H x W x 3) with a corner made smooth, as the recipe `clean` leaves the place of a box."""
    filled = frame.copy()
    height, width = frame.shape[:2]
    rows, columns = (slice(*_side(size, int(rng.uniform(0.18, 0.45) * size), at_end=bool(rng.integers(2)))) for size in (height, width))
    coarse = cv2.resize(frame, (7, 7), interpolation=cv2.INTER_AREA)
    filled[rows, columns] = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)[rows, columns]
    return filled


def _side(size: int, length: int, *, at_end: bool) -> tuple[int, int]:
    return (size - length, size) if at_end else (0, length)


def _border(frame: RGB, rng: np.random.Generator) -> None:
    """What lies outside a round, octagonal or rectangular field becomes dark."""
    height, width = frame.shape[:2]
    inside = np.zeros((height, width), np.uint8)
    grow = rng.uniform(0.96, 1.35)
    kind = rng.integers(3)
    if kind == 0:
        axes = (int(width / 2 * grow), int(height / 2 * grow))
        cv2.ellipse(inside, (width // 2, height // 2), axes, 0, 0, 360, 255, -1)
    elif kind == 1:
        cut = int(rng.uniform(0.05, 0.25) * width)
        right, bottom = width - 1, height - 1
        corners = [
            (cut, 0),
            (right - cut, 0),
            (right, cut),
            (right, bottom - cut),
            (right - cut, bottom),
            (cut, bottom),
            (0, bottom - cut),
            (0, cut),
        ]
        cv2.fillPoly(inside, [np.array(corners, np.int32)], (255,))
    else:
        left, top, right, bottom = (int(share * width) for share in rng.uniform(0, 0.07, 4))
        inside[top : height - bottom, left : width - right] = 255
    frame[inside == 0] = rng.integers(0, 30, 3)


def _box(frame: RGB, rng: np.random.Generator) -> None:
    """In a corner: black, green or grey, some of them with lines like those of a ScopeGuide."""
    height, width = frame.shape[:2]
    box_h, box_w = int(rng.uniform(0.15, 0.4) * height), int(rng.uniform(0.15, 0.4) * width)
    top, left = (int(rng.integers(2)) * (size - box) for size, box in ((height, box_h), (width, box_w)))
    colour = ((0, 0, 0), _GREEN, (int(rng.integers(40, 200)),) * 3)[int(rng.integers(3))]
    frame[top : top + box_h, left : left + box_w] = colour
    if rng.random() < 0.5:
        points = rng.integers((left, top), (left + box_w, top + box_h), (6, 2)).astype(np.int32)
        cv2.polylines(frame, [points], False, (230, 230, 230), 2, cv2.LINE_AA)


def _writing(frame: RGB, rng: np.random.Generator) -> None:
    """Some short lines of letters and figures in one colour."""
    height, width = frame.shape[:2]
    colour = tuple(int(value) for value in rng.integers(150, 256, 3))
    for _ in range(int(rng.integers(1, 5))):
        text = "".join(chr(code) for code in rng.integers(48, 91, int(rng.integers(3, 12))))  # in ASCII from "0" to "Z"
        place = (int(rng.integers(0, width * 3 // 4)), int(rng.integers(10, height)))
        cv2.putText(frame, text, place, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.25, 0.6)), colour, 1, cv2.LINE_AA)
