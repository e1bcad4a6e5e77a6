"""OpenCV's own LAB and HSV answers, to the pixel, without converting every pixel: what two channels settle is looked up."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB

Table = NDArray[np.uint8]
"""65,536 entries, one for each pair of neighbouring channels: the first plus 256 times the second."""

Limits = tuple[int, int, int]
"""Hue, saturation and value."""

_FIRST, _SECOND = (np.ascontiguousarray(half, np.uint8) for half in np.indices((256, 256))[::-1])


# Why: docs/decisions/imaging.md 7
def lighter(image: RGB, l_above: int) -> NDArray[np.uint8]:
    """255 where L of 8-bit LAB is above the threshold (at most 120), else 0: same height and width as `image`."""
    image = np.ascontiguousarray(image)
    least = cv2.LUT(_pairs(image, 1), _least_red(l_above))  # a table of 65,536 entries: from OpenCV 5 on
    return np.asarray(cv2.compare(image[..., 0], least, cv2.CMP_GE), np.uint8)


def green_pixels(image: RGB, low: Limits, high: Limits) -> NDArray[np.uint8]:
    """1 where HSV (OpenCV's units) lies within both limits, else 0: same height and width as `image`."""
    image = np.ascontiguousarray(image)
    green = np.asarray(cv2.LUT(_pairs(image, 0), _may_be_green(low, high)), np.uint8)
    places = np.flatnonzero(green.view(bool))
    if len(places):  # cvtColor refuses a picture without pixels
        hsv = cv2.cvtColor(image.reshape(-1, 1, 3)[places], cv2.COLOR_RGB2HSV)
        green.reshape(-1)[places] = _within(hsv, low, high)[:, 0]
    return green


def _pairs(image: RGB, channel: int) -> NDArray[np.uint16]:
    """Each pixel's `channel` and the one after it as one number; height x width. The image is contiguous."""
    # two neighbouring bytes are read as one number where they lie: nothing is copied to be put together
    return np.ndarray(image.shape[:2], "<u2", image, channel, image.strides[:2]).astype(np.uint16)


@lru_cache(maxsize=8)
def _least_red(l_above: int) -> Table:
    """For green and blue: the red from which on L is above the threshold. L never falls as red rises; 255 is always enough."""
    # bisection through OpenCV itself, which may round otherwise on another machine; a test asks for all 16.7 million colours
    low, high = np.zeros((256, 256), np.uint8), np.full((256, 256), 255, np.uint8)
    for _ in range(8):
        middle = low + (high - low) // 2
        light = cv2.cvtColor(np.dstack([middle, _FIRST, _SECOND]), cv2.COLOR_RGB2LAB)[..., 0] > l_above
        low, high = np.where(light, low, np.minimum(middle + 1, high)), np.where(light, middle, high)
    return high.reshape(1, -1)


@lru_cache(maxsize=8)
def _may_be_green(low: Limits, high: Limits) -> Table:
    """For red and green: 1 if there is a blue that makes the colour one within the limits."""
    found = np.zeros((256, 256), np.uint8)
    for blue in range(256):
        colours = np.dstack([_FIRST, _SECOND, np.full_like(found, blue)])
        found |= _within(cv2.cvtColor(colours, cv2.COLOR_RGB2HSV), low, high)
    return found.reshape(1, -1)


def _within(hsv: cv2.typing.MatLike, low: Limits, high: Limits) -> NDArray[np.uint8]:
    return np.asarray(cv2.inRange(hsv, np.array(low), np.array(high)), np.uint8) & np.uint8(1)
