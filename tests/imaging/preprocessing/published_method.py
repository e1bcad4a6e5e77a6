"""The published preprocessing once more, written straight from method.md: plain and slow, to hold the program's against."""

import cv2
import numpy as np


def published(frame: np.ndarray) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Crop [x, y, w, h] (the whole frame if it is not cropped), the painted pixels in it, and the 224 x 224 result."""
    height, width = frame.shape[:2]
    bright = opened(cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)[:, :, 0] > 40, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    x0, y0, x1, y1 = 0, 0, width, height
    regions = cv2.findContours(bright.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    if len(regions) > 0:
        areas = [cv2.contourArea(region) for region in regions]
        x, y, w, h = cv2.boundingRect(regions[areas.index(max(areas))])
        if w * h < 0.95 * width * height:
            x0, y0 = max(0, x - 10), max(0, y - 10)
            x1, y1 = min(width, x0 + w + 20), min(height, y0 + h + 20)
    cropped, bright = frame[y0:y1, x0:x1].copy(), bright[y0:y1, x0:x1]
    green = green_pixels(cropped)
    if green.any():
        lender = bright & ~green
        if not lender.any():
            lender = ~green
        if lender.any():
            total = cropped[lender].astype(np.int64).sum(axis=0)
            cropped[green] = total // lender.sum()
    return [x0, y0, x1 - x0, y1 - y0], green, cv2.resize(cropped, (224, 224), interpolation=cv2.INTER_LINEAR)


def green_pixels(frame: np.ndarray) -> np.ndarray:
    hue, saturation, value = cv2.split(cv2.cvtColor(frame, cv2.COLOR_RGB2HSV))
    green = (hue >= 35) & (hue <= 85) & (saturation >= 100) & (value >= 100)
    if not green.any():
        return green
    return grown(~grown(~grown(green, 15), 15), 15)  # closing is growing and shrinking; shrinking is growing of the rest


def grown(mask: np.ndarray, side: int) -> np.ndarray:
    """Dilation with a square: whatever lies within `side // 2` rows and columns of a set pixel. Outside the frame nothing is set."""
    for axis in (0, 1):
        reach = side // 2
        padded = np.pad(mask, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)])
        rows, columns = mask.shape
        mask = np.zeros_like(mask)
        for shift in range(side):
            mask |= padded[shift : shift + rows] if axis == 0 else padded[:, shift : shift + columns]
    return mask


def opened(mask: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Erosion, in which the outside counts as set, then dilation, in which it counts as not set; the shape is symmetrical."""
    for outside, combine in ((True, np.logical_and), (False, np.logical_or)):
        padded = np.pad(mask, shape.shape[0] // 2, constant_values=outside)
        rows, columns = mask.shape
        mask = np.full_like(mask, outside)
        for dy, dx in np.argwhere(shape):
            combine(mask, padded[dy : dy + rows, dx : dx + columns], out=mask)
    return mask


def bilinear(frame: np.ndarray, side: int) -> np.ndarray:
    """Each pixel's centre between its four neighbours, by hand."""
    places = [np.clip((np.arange(side) + 0.5) * length / side - 0.5, 0, length - 1) for length in frame.shape[:2]]
    low = [np.floor(place).astype(int) for place in places]
    high = [np.minimum(first + 1, length - 1) for first, length in zip(low, frame.shape[:2], strict=True)]
    down, across = (place - first for place, first in zip(places, low, strict=True))
    down, across = down[:, None, None], across[None, :, None]
    top = frame[low[0]][:, low[1]] * (1 - across) + frame[low[0]][:, high[1]] * across
    bottom = frame[high[0]][:, low[1]] * (1 - across) + frame[high[0]][:, high[1]] * across
    return top * (1 - down) + bottom * down
