"""ICC profiles: the colours of a file whose numbers mean others than sRGB's."""

import functools
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB

MAX_PROFILE_BYTES = 8 * 1024 * 1024
_MODES = {b"GRAY": "L", b"RGB ": "RGB", b"CMYK": "CMYK"}
_DEVICES = (b"scnr", b"mntr", b"prtr", b"spac")
_NAME_LENGTH = 60
_ALIKE = 1
"""Levels of 255 by which the usual profiles of sRGB differ from each other."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """From the colours of a profile to sRGB's. Any number of threads may use one."""

    name: str
    """The profile's own, fit for a sentence."""
    mode: str
    """What it takes: "L" (H x W), "RGB" (H x W x 3) or "CMYK" (H x W x 4, 255 is full ink)."""
    transform: Any

    def __call__(self, samples: NDArray[np.uint8]) -> RGB:
        """The samples, uint8, as H x W x 3 RGB."""
        from PIL import ImageCms

        size = (samples.shape[1], samples.shape[0])
        picture = Image.frombuffer(self.mode, size, np.ascontiguousarray(samples), "raw", self.mode, 0, 1)
        return np.array(ImageCms.applyTransform(picture, self.transform), np.uint8)


# Why: docs/decisions/imaging.md 23
def conversion_of(profile: bytes | None, mode: str) -> Conversion | None:
    """How a profile's colours become sRGB's; None where there is nothing to convert.

    That is: without a profile, with one that is sRGB's, and with one that cannot be used (damaged, or of other colours than `mode`).
    """
    if not profile or not 128 < len(profile) <= MAX_PROFILE_BYTES:
        return None
    if _MODES.get(profile[16:20]) != mode or profile[12:16] not in _DEVICES:
        return None
    return _conversion(bytes(profile), mode)


@functools.lru_cache(maxsize=16)
def _conversion(profile: bytes, mode: str) -> Conversion | None:
    from PIL import ImageCms  # brings Little CMS: only who has such files waits for it

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        name = printable(ImageCms.getProfileDescription(source).strip())[:_NAME_LENGTH]
        conversion = Conversion(name or "ICC", mode, transform)
        return None if _changes_nothing(conversion) else conversion
    except Exception:  # Little CMS and Pillow raise anything on hostile bytes; without its profile the frame is as most programs show it
        return None


def _changes_nothing(conversion: Conversion) -> bool:
    if conversion.mode == "CMYK":
        return False
    greys = np.arange(256, dtype=np.uint8)[None]
    rgb_greys = np.repeat(greys[..., None], 3, axis=2)
    if conversion.mode == "L":
        return _close(conversion(greys), rgb_greys)
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    colours = np.concatenate([cube, rgb_greys], axis=1)
    return _close(conversion(colours), colours)


def _close(one: RGB, other: RGB) -> bool:
    return int(np.abs(one.astype(np.int16) - other).max()) <= _ALIKE
