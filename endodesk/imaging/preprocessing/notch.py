"""Notches: black corners with upright edges, which only a cut-out has. An octagon's corner has slanting edges, a dark fold ragged ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Mask

Ints = NDArray[np.intp]
Corner = tuple[int, int]
"""Columns and rows of a rectangle that starts in the corner."""

_INSIDE = 0.06  # where the runs start, in shares of the shorter side: a strip of tissue may be left below a box
_SHORTEST_EDGE = 0.015
_DEEPEST = 0.65
_STRAY = 0.06  # rows or columns that may end too early: compression
SURE = 0.97
_LEAST_AGREEMENT = 0.5  # of the edges; real cut-outs have 0.7 and more, and the median is 1


@dataclass(frozen=True, slots=True)
class Notch:
    """One or two rectangles from the corner (two boxes that overlap make a step), and how well their edges fit."""

    rectangles: tuple[Corner, ...] = ()
    agreement: float = 0.0
    """Share of the rows and columns (the worse of the two) whose black run ends at the edge, to a pixel: 0..1."""


def find_notch(black: Mask, smallest_share: float, largest_share: float) -> Notch:
    """The notch at the first row and column of a window; without rectangles if there is none.

    From a point inside, the black runs of a rectangle all end at the same column and the same row.
    """
    height, width = black.shape
    start = max(3, round(_INSIDE * min(height, width)))
    if min(height, width) <= 2 * start or not black[start, start]:
        return Notch()
    # two pixels beyond the deepest edge, so that a longer run is told from one that ends there
    near = black[start : int(_DEEPEST * height) + 2, start : int(_DEEPEST * width) + 2]
    runs = start + _runs(near, 1), start + _runs(near, 0)
    rights = _frequent(runs[0], _SHORTEST_EDGE * height, _INSIDE * width, _DEEPEST * width)
    downs = _frequent(runs[1], _SHORTEST_EDGE * width, _INSIDE * height, _DEEPEST * height)
    corners = [(right, down) for right, down in product(rights, downs) if min(right, down) > start + 2]
    best = max((Notch((corner,), _agreement((corner,), runs, start)) for corner in corners), key=_agrees, default=Notch())
    if best.agreement < SURE:  # one rectangle that fits needs no second one
        step = max((Notch(pair, _agreement(pair, runs, start)) for pair in _steps(corners)), key=_agrees, default=Notch())
        if step.agreement > best.agreement + 0.05:  # a step must earn its second rectangle
            best = step
    area = max((right * down for right, down in best.rectangles), default=0) / (height * width)
    fits = best.agreement >= _LEAST_AGREEMENT and smallest_share <= area <= largest_share
    return best if fits else Notch()


def _agrees(notch: Notch) -> float:
    return notch.agreement


def _steps(corners: Sequence[Corner]) -> Iterator[tuple[Corner, Corner]]:
    for wide, high in product(corners, corners):
        if wide[0] > high[0] and wide[1] < high[1]:
            yield wide, high


def _agreement(rectangles: tuple[Corner, ...], runs: tuple[Ints, Ints], start: int) -> float:
    shares = []
    for axis in (0, 1):
        expected = np.zeros(max(corner[1 - axis] for corner in rectangles) - start, np.intp)
        for corner in rectangles:
            part = expected[: corner[1 - axis] - start]
            np.maximum(part, corner[axis], out=part)
        beyond = runs[axis][: len(expected)] - expected
        if (beyond < -1).mean() > _STRAY:  # tissue inside
            return 0.0
        shares.append(float((np.abs(beyond) <= 1).mean()))
    return min(shares)


def _runs(black: Mask, axis: int) -> Ints:
    """How many pixels of each row (axis 1) or column (axis 0) are black before the first that is not."""
    ends = np.asarray(black.argmin(axis=axis), np.intp)
    ends[(ends == 0) & black.take(0, axis)] = black.shape[axis]
    return ends


def _frequent(lengths: Ints, least: float, low: float, high: float) -> list[int]:
    """Up to four lengths that occur most often, to a pixel."""
    exact = np.bincount(lengths, minlength=int(high) + 3)
    near = np.convolve(exact, (1, 1, 1), "same")  # compression moves an edge by a pixel
    near[: int(low)] = near[int(high) :] = 0
    found = []
    for _ in range(4):
        peak = int(near.argmax())
        if near[peak] < least:
            break
        peak += int(exact[peak - 1 : peak + 2].argmax()) - 1
        found.append(peak)
        near[max(0, peak - 2) : peak + 3] = 0  # its neighbours are the same edge
    return found
