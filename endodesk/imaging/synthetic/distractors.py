"""Synthetic traps: what real pictures hold that is neither field, box nor text, and is taken for them. None of it is in a mask.

TRAPS says how often each comes, in shares of frames; 55 % of the frames have none. The shares are about what contact sheets of the real
frames show by eye, with bile, instruments and underexposed frames somewhat more often than there.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.synthetic.tissue import noise

_GRID = (96, 120)
"""Rows and columns on which soft shapes are made."""


def lay_traps(picture: RGB, rng: np.random.Generator) -> tuple[RGB, tuple[str, ...]]:
    """The picture (as it fills the field's bounding box) with the traps drawn for it, and their names."""
    streams = rng.spawn(len(TRAPS))  # a stream a trap: another share of one leaves the others as they were
    struck = tuple(name for (name, (share, _)), stream in zip(TRAPS.items(), streams, strict=True) if stream.uniform() < share)
    for (name, (_, lay)), stream in zip(TRAPS.items(), streams, strict=True):
        if name in struck:
            picture = lay(picture, stream)
    return picture, struck


def _dark_end(picture: RGB, rng: np.random.Generator) -> RGB:
    """The lumen, or a shadow, at a corner or side of the field: as dark as the border."""
    share = _blob(rng, _at_edge(rng), rng.uniform(0.2, 0.5), rng.uniform(0.5, 1.6), rough=0.12)
    return _dim(picture, share * share * (3 - 2 * share), rng.uniform(0.02, 0.18))


def _glare(picture: RGB, rng: np.random.Generator) -> RGB:
    """A wall that is too near the lamp: white and without a drawing."""
    share = _full(_blob(rng, _at_edge(rng), rng.uniform(0.15, 0.4), 1.0), picture) * np.float32(rng.uniform(70, 280))
    return np.asarray(cv2.add(picture, cv2.merge([share.clip(0, 255).astype(np.uint8)] * 3)), np.uint8)


def _bile(picture: RGB, rng: np.random.Generator) -> RGB:
    """A puddle of yellow to green fluid, half of the time in a corner, and specks of it."""
    green = rng.uniform() ** 2
    colour = np.array((rng.uniform(170, 215) * (1 - 0.42 * green), rng.uniform(112, 138), rng.uniform(15, 60)))
    at = _at_edge(rng) if rng.uniform() < 0.5 else rng.uniform(0.2, 0.8, 2)
    share = _full(_blob(rng, at, rng.uniform(0.08, 0.3), rng.uniform(0.1, 0.5), rough=0.5), picture)
    for _ in range(int(rng.integers(5, 60))):
        place = (round(rng.uniform() * picture.shape[1]), round(rng.uniform() * picture.shape[0]))
        cv2.circle(share, place, max(1, round(rng.exponential(0.006) * picture.shape[0])), 1.0, -1)
    lamp = cv2.extractChannel(picture, 0)  # red: the tissue's brightest
    fluid = cv2.merge([cv2.convertScaleAbs(lamp, alpha=level / 190) for level in colour])
    share *= _full(np.clip(0.6 + 0.3 * noise(rng, *_GRID, (6, 7), 3), 0.15, 0.95), picture)
    return np.asarray(cv2.blendLinear(picture, fluid, 1 - share, share), np.uint8)


def _bubbles(picture: RGB, rng: np.random.Generator) -> RGB:
    """Froth: rings with a highlight each, close together."""
    out, height = picture.copy(), picture.shape[0]
    middle = rng.uniform(0.1, 0.9, 2) * picture.shape[1::-1]
    for _ in range(int(rng.integers(15, 90))):
        x, y = (round(float(v)) for v in middle + rng.normal(0, 0.12 * height, 2))
        radius = max(2, round(height * min(0.03, 0.004 + rng.exponential(0.007))))
        cv2.circle(out, (x, y), radius, (235, 225, 215), 1, cv2.LINE_AA)
        cv2.circle(out, (x - radius // 3, y - radius // 3), max(1, radius // 4), (255, 250, 245), -1, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(picture, 0.35, out, 0.65, 0), np.uint8)


def _instrument(picture: RGB, rng: np.random.Generator) -> RGB:
    """A black shaft (the scope itself, looking back) or a pale catheter that comes in over an edge."""
    height, width = picture.shape[:2]
    start = _at_edge(rng) * (width, height)
    end = start + (rng.uniform(0.35, 0.65, 2) * (width, height) - start) * rng.uniform(0.5, 1)
    black = rng.uniform() < 0.6
    thick = height * (rng.uniform(0.12, 0.3) if black else rng.uniform(0.04, 0.08))
    tone = np.array((14, 14, 18)) if black else np.array((205, 210, 225)) * rng.uniform(0.5, 1)
    out = picture.copy()
    first, last = (np.round(point).astype(int).tolist() for point in (2 * start - end, end))
    for share, level in ((1.0, 0.7), (0.7, 1.0), (0.15, 1.8)):
        cv2.line(out, first, last, (tone * level).clip(0, 255).tolist(), max(1, round(thick * share)), cv2.LINE_AA)
    return out


def _underexposed(picture: RGB, rng: np.random.Generator) -> RGB:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=rng.uniform(0.22, 0.5)), np.uint8)


def _overexposed(picture: RGB, rng: np.random.Generator) -> RGB:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=rng.uniform(1.3, 1.8), beta=rng.uniform(0, 20)), np.uint8)


def _blurred(picture: RGB, rng: np.random.Generator) -> RGB:
    """The whole picture out of focus, or moved while it was taken."""
    side = max(3, round(picture.shape[0] * rng.uniform(0.01, 0.04))) | 1
    if rng.uniform() < 0.5:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), side / 4), np.uint8)
    moved, turn = np.zeros((side, side), np.float32), rng.uniform(0, np.pi)
    reach = np.array((np.cos(turn), np.sin(turn))) * side / 2
    first, last = (np.round(side / 2 + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(moved, first, last, 1.0)
    return np.asarray(cv2.filter2D(picture, -1, moved / moved.sum()), np.uint8)


TRAPS: dict[str, tuple[float, Callable[[RGB, np.random.Generator], RGB]]] = {
    "bile": (0.12, _bile),
    "bubbles": (0.05, _bubbles),
    "dark end": (0.10, _dark_end),
    "glare": (0.12, _glare),
    "instrument": (0.04, _instrument),
    "blurred": (0.07, _blurred),
    "underexposed": (0.04, _underexposed),
    "overexposed": (0.03, _overexposed),
}


def _at_edge(rng: np.random.Generator) -> NDArray[np.float64]:
    """Place across and down in shares of the picture: near one of its corners, or sides."""
    place = np.array((rng.choice((0.0, 1.0)), rng.choice((0.0, 1.0))))
    if rng.uniform() < 0.5:
        place[int(rng.integers(2))] = rng.uniform(0.2, 0.8)
    return np.asarray(place + rng.uniform(-0.06, 0.06, 2))


def _blob(rng: np.random.Generator, at: NDArray[np.float64], radius: float, soft: float, rough: float = 0.2) -> Floats:
    """1 inside, 0 outside, on the grid; radius in shares of the picture's height, `soft` of the radius."""
    rows, columns = _GRID
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = (x / rows - at[0] * columns / rows), (y / rows - at[1])
    turn, squash = rng.uniform(0, np.pi), rng.uniform(1, 1.8)
    off = np.hypot(x * np.cos(turn) + y * np.sin(turn), (y * np.cos(turn) - x * np.sin(turn)) * squash) / radius
    return np.asarray(np.clip((1 - off + rough * noise(rng, rows, columns, (4, 5), 2)) / soft + 0.5, 0, 1), np.float32)


def _full(blob: Floats, picture: RGB) -> Floats:
    return np.asarray(cv2.resize(blob, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _dim(picture: RGB, share: Floats, rest: float) -> RGB:
    kept = (255 * (1 - _full(share, picture) * np.float32(1 - rest))).astype(np.uint8)
    return np.asarray(cv2.multiply(picture, cv2.merge([kept] * 3), scale=1 / 255), np.uint8)
