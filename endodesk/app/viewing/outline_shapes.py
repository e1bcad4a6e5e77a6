"""Outlines as shapes that one draws: rectangle, ellipse, polygon. All are kept as polygons."""

import math
from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np

from endodesk.app.language import tr
from endodesk.domain.overrides import Outline, Part
from endodesk.imaging.pixels import Mask
from endodesk.imaging.preprocessing.pipeline import StepResult
from endodesk.imaging.preprocessing.steps import STEPS

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in shares of the frame."""
_ON_ELLIPSE = 64
_CLOSE = 0.004
_MOST_FOUND = 16
FIRST: dict[Part, Edges] = {Part.BOX: (0.03, 0.68, 0.27, 0.97), Part.FIELD: (0.05, 0.05, 0.95, 0.95)}
"""Where to begin if nothing was found: a box mostly lies below, on the left."""


class Shape(StrEnum):
    """How an outline is drawn."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"


SHAPES: dict[Part, tuple[Shape, ...]] = {Part.BOX: (Shape.RECTANGLE,), Part.FIELD: tuple(Shape)}


def part_name(part: Part) -> str:
    """What a reader calls the part, in the language of the window."""
    return tr("ScopeGuide box") if part is Part.BOX else tr("Field of view")


def edges_of(outline: Outline) -> Edges:
    """The bounding box of an outline, which must have corners."""
    xs, ys = zip(*outline, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def drawn_as(shape: Shape, edges: Edges) -> Outline:
    """A rectangle or an ellipse that fills these edges; a polygon begins as a rectangle."""
    left, top, right, bottom = edges
    if shape is not Shape.ELLIPSE:
        return ((left, top), (right, top), (right, bottom), (left, bottom))
    turns = (2 * math.pi * n / _ON_ELLIPSE for n in range(_ON_ELLIPSE))
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    return clipped([(x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns])


def clipped(points: Sequence[tuple[float, float]]) -> Outline:
    """Points as an outline; each beyond the frame is moved to its nearest edge."""
    return tuple((min(1.0, max(0.0, x)), min(1.0, max(0.0, y))) for x, y in points)


def shape_of(outline: Outline) -> Shape:
    """The shape that an outline was drawn as, as far as one can see from its corners."""
    for shape in (Shape.RECTANGLE, Shape.ELLIPSE):
        ideal = drawn_as(shape, edges_of(outline))
        if len(ideal) == len(outline) and np.abs(np.array(ideal) - np.array(outline)).max() < _CLOSE:
            return shape
    return Shape.POLYGON


def moved(outline: Outline, x: float, y: float) -> Outline:
    """An outline moved by shares of the frame, as far as the frame goes."""
    left, top, right, bottom = edges_of(outline)
    x, y = min(1 - right, max(-left, x)), min(1 - bottom, max(-top, y))
    return clipped([(px + x, py + y) for px, py in outline])


def resized(outline: Outline, x: float, y: float) -> Outline:
    """An outline with its right and lower edge moved by shares of the frame; it keeps some width and height."""
    left, top, right, bottom = edges_of(outline)
    across, down = max(right - left, 1e-6), max(bottom - top, 1e-6)
    wider, higher = max(0.01, min(1 - left, across + x)) / across, max(0.01, min(1 - top, down + y)) / down
    return clipped([(left + (px - left) * wider, top + (py - top) * higher) for px, py in outline])


def found_outline(part: Part, steps: Sequence[StepResult], size: tuple[int, int]) -> Outline:
    """What the recipe's steps found, to begin with, in a frame of width and height; empty if they found nothing."""
    x, y = 0, 0
    for step in steps:
        if STEPS[step.name].finds is part and step.mask is not None and step.mask.any():
            return _around(step.mask, part, (x, y), size)
        if step.crop:
            x, y = x + step.crop[0], y + step.crop[1]
    return ()


def _around(mask: Mask, part: Part, corner: tuple[int, int], size: tuple[int, int]) -> Outline:
    places = np.asarray(cv2.findNonZero(mask.view(np.uint8)), np.int32)
    x, y, w, h = cv2.boundingRect(places)
    if part is Part.BOX:
        hull = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float64)
    else:
        hull, near = np.asarray(cv2.convexHull(places)), 0.5  # fields are convex: what the mask lacks is dark lumen
        while len(hull) > _MOST_FOUND:
            hull, near = np.asarray(cv2.approxPolyDP(hull, near, True)), 1.5 * near
        hull = hull.reshape(-1, 2).astype(np.float64) + 0.5
    if len(hull) < 3:
        return ()
    return clipped([((float(px) + corner[0]) / size[0], (float(py) + corner[1]) / size[1]) for px, py in hull])
