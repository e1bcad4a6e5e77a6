"""What the readers of all kinds of image files share: what a file says of itself, and how its numbers become grey."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB

READING = 2
"""Version of the reading room: raised whenever some kind of file is shown otherwise than before, or is read that was refused.

Files that an older one looked at are looked at again; of frames of those kinds answers, features and hashes are made anew.
"""
MAX_PIXELS = 100_000_000
CUT = "the file ends too early. Copy it again from its source"
DAMAGED = "its picture data is damaged. Copy it again from its source"
_SILENCE = threading.RLock()


class Refused(Exception):
    """A file is not shown; its text is the reason, as it stands behind "NAME cannot be read: " and before a full stop."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an image file says of itself before it is decoded. Sizes in pixels, upright."""

    format: str
    mode: str
    alpha: bool
    """Whether parts of it may be transparent."""
    width: int
    height: int
    orientation: int
    """As EXIF counts: 1 is upright."""
    pages: int = 1
    """How many pictures the file holds; the first is the frame."""
    reading: int = 1
    """The version since which such a file is shown as it is; above 1 where EndoDesk 0.1 showed it wrongly."""
    profile: str = ""
    """The name of the ICC profile by which its colours are converted; empty if they are not."""
    decoding_bytes: int = 0
    """About how much memory decoding fills at once: the picture and all copies on the way to it. Never much less."""


@contextmanager
def silenced() -> Iterator[None]:
    """Warnings of what reads files unsaid: on stderr they would only repeat what our sentences say.

    One thread at a time, as the filters of warnings belong to the whole process.
    """
    with _SILENCE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# Why: docs/decisions/imaging.md 15
def stretched(values: NDArray[np.float32]) -> RGB | None:
    """Numbers without a known white: the darkest becomes 0, the brightest 255. None if they are not all numbers."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all():
        return None
    grey = (255 * ((values - low) / max(high - low, 1e-9))).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
