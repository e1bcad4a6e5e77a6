"""Synthetic pictures: what the sensor sees of a case, and what the processor makes of it within its border."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB
from endodesk.imaging.synthetic.camera import Lens, draw_pose, look
from endodesk.imaging.synthetic.colour import draw_palette, paint
from endodesk.imaging.synthetic.device import Device
from endodesk.imaging.synthetic.distractors import lay_traps
from endodesk.imaging.synthetic.tissue import tissue

_SMALL = 256
"""Up to this width a coarser skin does."""

_SENSOR_ROWS = 400
"""The picture is made at most this high and then enlarged, as video processors do: real frames are soft, too."""

_GRAIN = 96
"""Side of the tile of noise."""


def sensor_picture(
    finding: str, case_seed: int, pose: np.random.Generator, traps: np.random.Generator, size: tuple[int, int]
) -> tuple[RGB, tuple[str, ...]]:
    """What fills the field's bounding box, of this width and height; and the names of the traps in it."""
    case = np.random.default_rng((3, case_seed))  # its own stream, not the device's
    lens = Lens(half_angle=float(np.radians(case.uniform(55, 68))), exposure=float(case.uniform(1.15, 1.9)))
    palette = draw_palette(case, finding)
    patient = tissue(finding, case_seed, "fine" if size[0] > _SMALL else "coarse")
    shrink = min(1.0, _SENSOR_ROWS / size[1])
    surface = look(patient, lens, draw_pose(pose, finding), round(size[1] * shrink), round(size[0] * shrink))
    picture, struck = lay_traps(paint(patient, palette, surface, finding, pose, lens.exposure), traps)
    crisp = cv2.addWeighted(picture, 1.5, cv2.GaussianBlur(picture, (7, 7), 1.6), -0.5, 0)  # the processor's edge enhancement
    return np.asarray(crisp if shrink == 1 else cv2.resize(crisp, size, interpolation=cv2.INTER_CUBIC), np.uint8), struck


def show(picture: RGB, coverage: NDArray[np.uint8], at: tuple[int, int], device: Device, rng: np.random.Generator) -> RGB:
    """The frame: noise, falloff towards the corners, the dark border that wavers. `at`: x and y of the picture's upper left corner."""
    high, wide = picture.shape[:2]
    part = (slice(at[1], at[1] + high), slice(at[0], at[0] + wide))
    seen = cv2.subtract(picture, cv2.merge([_tiled(rng.integers(0, 7, (_GRAIN, _GRAIN), np.uint8), high, wide)] * 3))
    light = cv2.multiply(coverage[part], _falloff(high, wide, device.falloff), scale=1 / 255)
    lit = cv2.multiply(seen, cv2.merge([light] * 3), scale=1 / 255)
    border = device.border
    waver = rng.integers(-border.noise, border.noise + 1, (_GRAIN, _GRAIN)) + border.night
    dark = cv2.multiply(_tiled(waver.clip(0, 255).astype(np.uint8), *coverage.shape), 255 - coverage, scale=1 / 255)
    image = cv2.merge([dark] * 3)
    image[part] = cv2.add(image[part], lit)
    return np.asarray(image, np.uint8)


def compressed(image: RGB, quality: int) -> RGB:
    """The frame as a JPEG file of this quality gives it back; 0: as it is."""
    if not quality:
        return image
    file = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR_RGB), np.uint8)


def _tiled(tile: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    return np.tile(tile, (height // _GRAIN + 1, width // _GRAIN + 1))[:height, :width]


@lru_cache(maxsize=8)
def _falloff(height: int, width: int, lost: float) -> NDArray[np.uint8]:
    y, x = np.ogrid[-1:1:64j, -1:1:64j]  # smooth: enlarged from 64 x 64
    kept = (1 - lost * ((x * x + y * y) / 2) ** 2).astype(np.float32)
    return np.asarray(255 * cv2.resize(kept, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
