"""ICC profiles: the colours of a file whose numbers mean others than sRGB's."""

import functools
import io
import struct
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
_USUAL_GAMMA, _NEAR_GAMMA, _NEAR_CORNER = 2.2, 0.1, 0.01
_D50 = np.array([0.9642, 1.0, 0.8249])


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


@dataclass(frozen=True, slots=True)
class Coding:
    """What a file without a profile says of its numbers: light is their power `gamma`; x and y of white, red, green and blue (CIE 1931)."""

    gamma: float
    corners: tuple[tuple[float, float], ...] = ((0.3127, 0.329), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))

    @property
    def is_usual(self) -> bool:
        """Whether it is sRGB, as far as such words can say it: its curve has no exponent."""
        usual = (value for corner in Coding(0).corners for value in corner)
        near = (abs(value - other) < _NEAR_CORNER for value, other in zip((v for c in self.corners for v in c), usual, strict=True))
        return abs(self.gamma - _USUAL_GAMMA) < _NEAR_GAMMA and all(near)

    def profile(self, mode: str) -> bytes:
        """The same as an ICC profile (version 2), for `conversion_of`. Source: ICC.1:2001-04."""
        curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(self.gamma * 256))
        words = f"gamma {self.gamma:.2f}".encode()
        tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", len(words) + 1) + words + bytes(79), b"wtpt": _as_xyz(_D50)}
        if mode == "L":
            tags[b"kTRC"] = curve
        else:
            white, *primaries = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in self.corners)
            mixed = np.stack(primaries, axis=1)
            light = _adapted(white) @ (mixed * np.linalg.solve(mixed, white))
            tags |= {letter + b"XYZ": _as_xyz(light[:, place]) for place, letter in enumerate((b"r", b"g", b"b"))}
            tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
        return _as_file(b"GRAY" if mode == "L" else b"RGB ", tags)


def _adapted(white: NDArray[np.float64]) -> NDArray[np.float64]:
    """From colours under a white to those under D50 that look alike (Bradford)."""
    eye = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    return np.asarray(np.linalg.inv(eye) @ np.diag((eye @ _D50) / (eye @ white)) @ eye, np.float64)


def _as_xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def _as_file(colours: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        padded = tag + bytes(-len(tag) % 4)
        table += name + struct.pack(">II", start + len(body), len(tag))
        body += padded
    head = struct.pack(">I4xI4s4s4s12x4s28x", start + len(body), 0x02100000, b"mntr", colours, b"XYZ ", b"acsp") + _as_xyz(_D50)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


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
