"""The steps of the published preprocessing, to the pixel. Their constants: method.md."""

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask, as_mask
from endodesk.imaging.preprocessing.colour_tables import green_pixels, lighter
from endodesk.imaging.preprocessing.stage import Stage


# Why: docs/decisions/imaging.md 1
def find_bright_field(stage: Stage, *, l_above: int, open_px: int, whole_share: float, margin_px: int) -> Stage:
    """Lit where L of 8-bit LAB is above a threshold; the crop is the largest bright region's box (method.md, step 1)."""
    frame = stage.picture
    height, width = frame.shape[:2]
    bright: cv2.typing.MatLike
    if stage.drawn and stage.drawn.field is not None:
        # drawn as having no area: all of the frame is field
        bright = stage.drawn.field if stage.drawn.field.any() else np.ones((height, width), np.uint8)
    else:
        ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (open_px, open_px))
        bright = cv2.morphologyEx(lighter(frame, l_above), cv2.MORPH_OPEN, ellipse)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    rectangle = None
    if contours:
        x, y, w, h = cv2.boundingRect(max(contours, key=cv2.contourArea))
        if w * h < whole_share * width * height:
            left, top = max(0, x - margin_px), max(0, y - margin_px)
            # from the shifted corner, as published: with a field at the left edge the right margin is wider (method.md, step 1)
            right, bottom = min(width, left + w + 2 * margin_px), min(height, top + h + 2 * margin_px)
            rectangle = (left, top, right - left, bottom - top)
    field = as_mask(bright)
    return Stage(frame, field, rectangle, found=field)


def crop_to_field(stage: Stage) -> Stage:
    """Cut out the rectangle that an earlier step found, the field mask with it."""
    if stage.rectangle is None:
        return Stage(stage.picture, stage.field)
    x, y, w, h = stage.rectangle
    cut = (slice(y, y + h), slice(x, x + w))
    return Stage(stage.picture[cut], None if stage.field is None else stage.field[cut], crop=stage.rectangle)


def paint_green_over(stage: Stage, *, hue_low: int, hue_high: int, saturation_low: int, value_low: int, close_px: int) -> Stage:
    """Whatever is green becomes the mean colour of what is bright and not green (method.md, step 2)."""
    frame = stage.picture
    by_hand = stage.drawn.box if stage.drawn else None
    green = green_pixels(frame, (hue_low, saturation_low, value_low), (hue_high, 255, 255)) if by_hand is None else by_hand
    x, y, w, h = cv2.boundingRect(green)
    if not w:
        return Stage(frame, stage.field, found=green.view(bool))
    grown = 3 * close_px  # further than closing and dilation reach
    place = slice(max(0, y - grown), y + h + grown), slice(max(0, x - grown), x + w + grown)
    if by_hand is None:
        square = np.ones((close_px, close_px), np.uint8)
        green[place] = cv2.dilate(cv2.morphologyEx(green[place], cv2.MORPH_CLOSE, square), square)
    mask = green.view(bool)
    # method.md, step 2: bright and not green; where nothing is, all that is not green
    source = ~mask if stage.field is None else stage.field & ~mask
    if not source.any():
        source = ~mask
    if not source.any():  # a frame that is green all over has no colour to lend
        return Stage(frame, stage.field, found=mask)
    image = frame.copy()  # the frame itself stays the picture of the step before
    image[place][mask[place]] = _mean_colour(frame, source)
    return Stage(image, stage.field, found=mask)


def _mean_colour(image: RGB, where: Mask) -> list[int]:
    """Truncated to whole numbers, exactly: OpenCV's own quotient may lie a hair below one."""
    count = int(np.count_nonzero(where))
    return [round(mean * count) // count for mean in cv2.mean(image, where.view(np.uint8))[:3]]


def resize(stage: Stage, *, size_px: int) -> Stage:
    """To the model's input, bilinear (method.md, step 3); area averaging would change the published pixels."""
    return Stage(np.asarray(cv2.resize(stage.picture, (size_px, size_px), interpolation=cv2.INTER_LINEAR), np.uint8))
