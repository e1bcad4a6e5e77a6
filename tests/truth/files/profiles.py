"""Colour profiles made by hand (ICC 2.4: primaries and one gamma), and what a picture stored in them truly shows."""

import struct

import numpy as np
from numpy.typing import NDArray

from .picture import RGB

_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {  # red, green and blue as XYZ by D50, and the exponent of the curve (None: that of sRGB)
    "srgb": (((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)), None),
    "adobe": (((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)), 563 / 256),
    "p3": (((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841)), None),
    "prophoto": (((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249)), 461 / 256),
    "swapped": (((0.1431, 0.0606, 0.7141), (0.3851, 0.7169, 0.0971), (0.4361, 0.2225, 0.0139)), None),
}
NAMES = tuple(_PRIMARIES)


def profile(name: str) -> bytes:
    """A profile of a display, by its name in NAMES."""
    colours, gamma = _PRIMARIES[name]
    points = [(f"{letter}XYZ", _xyz(colour)) for letter, colour in zip("rgb", colours, strict=True)]
    return _file(b"RGB ", [*points, *((f"{letter}TRC", _curve(gamma)) for letter in "rgb")])


def grey_profile(gamma: float) -> bytes:
    """A profile of grey with one exponent."""
    return _file(b"GRAY", [("kTRC", _curve(gamma))])


def shown_grey(values: NDArray[np.uint8], gamma: float) -> NDArray[np.uint8]:
    """What grey of this exponent looks like, in sRGB."""
    return np.round(255 * _encoded((values / 255) ** gamma)).astype(np.uint8)


def stored(rgb: RGB, name: str) -> RGB:
    """The numbers that show these sRGB colours in the profile; what lies outside of it is cut off."""
    light = _decoded(rgb / 255.0) @ np.array(_PRIMARIES["srgb"][0]) @ np.linalg.inv(np.array(_PRIMARIES[name][0]))
    light, gamma = np.clip(light, 0, 1), _PRIMARIES[name][1]
    return np.round(255 * (_encoded(light) if gamma is None else light ** (1 / gamma))).astype(np.uint8)


def shown(numbers: RGB, name: str) -> RGB:
    """What these numbers look like, in sRGB."""
    gamma = _PRIMARIES[name][1]
    light = _decoded(numbers / 255.0) if gamma is None else (numbers / 255.0) ** gamma
    light = light @ np.array(_PRIMARIES[name][0]) @ np.linalg.inv(np.array(_PRIMARIES["srgb"][0]))
    return np.round(255 * _encoded(np.clip(light, 0, 1))).astype(np.uint8)


def lab(rgb: RGB) -> NDArray[np.float64]:
    """CIE L*a*b* by D50."""
    xyz = _decoded(rgb / 255.0) @ np.array(_PRIMARIES["srgb"][0]) / np.array(_D50)
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * root[..., 1] - 16, 500 * (root[..., 0] - root[..., 1]), 200 * (root[..., 1] - root[..., 2])], -1)


def _decoded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _curve(gamma: float | None) -> bytes:
    if gamma is not None:
        return b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(gamma * 256), 0)
    points = np.round(65535 * _decoded(np.arange(1024) / 1023)).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", 1024) + points.tobytes()


def _file(space: bytes, special: list[tuple[str, bytes]]) -> bytes:
    text = b"Truth test"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" * 79 + b"\0\0"
    tags = [("desc", described), ("cprt", b"text\0\0\0\0none\0"), ("wtpt", _xyz(_D50)), *special]
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, data in tags:
        table += name.encode() + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s12s4s", size, b"\0\0\0\0", 0x02400000, b"mntr", space, b"XYZ ", struct.pack(">6H", 2020, 1, 1, 0, 0, 0), b"acsp"
    )
    header += b"\0" * 28 + b"".join(_fixed(value) for value in _D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
