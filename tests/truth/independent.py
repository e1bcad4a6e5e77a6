"""Asks ImageMagick or dcmtk what a file shows: not to judge the product, but to doubt the value it is judged by."""

import re
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from .files.case import Missing, Still, command
from .files.picture import RGB, Within, distance, near

_ROOM = Within(5.0, 28.0)
"""Their rounding, their cutting of colours that sRGB has not, their upsampling."""


def confirms(case: Still, path: Path) -> str:
    """Empty if the independent decoder agrees, cannot read the file, or is not to be asked; else what it says."""
    if not case.confirmed:
        return ""
    ways = (_by_dcmtk,) if case.kind == "dicom" else (_by_imagemagick, _by_libtiff) if case.kind == "tiff" else (_by_imagemagick,)
    found = []
    for way in ways if case.right else ():
        try:
            shown = way(path)
        except Missing as missing:
            found.append(str(missing))
            continue
        if any(near(shown, right, _ROOM) for right in case.right):
            return ""
        mean, block = distance(shown, case.right[0])
        found.append(f"off by {mean:.1f} in the mean, {block:.1f} in the worst block")
    return "; ".join(found)


def _by_imagemagick(path: Path) -> RGB:
    program = "/usr/bin/convert" if Path("/usr/bin/convert").exists() else "magick"
    profile = path.with_name("srgb.icc")
    if not profile.exists():
        from .files.profiles import profile as made

        profile.write_bytes(made("srgb"))
    plain = ["-background", "black", "-alpha", "remove", "+set", "comment", "-colorspace", "sRGB", "-depth", "8", "ppm:-"]
    return _of_ppm(command(program, f"{path}[0]", "-auto-orient", "-profile", str(profile), *plain))


def _by_libtiff(path: Path) -> RGB:
    plain = path.with_name("plain.tif")
    command("tiff2rgba", "-c", "none", path, plain)
    with Image.open(plain) as picture:  # four bytes a pixel, not compressed
        return np.asarray(picture.convert("RGB"), np.uint8)


def _by_dcmtk(path: Path) -> RGB:
    failed = Missing("dcmtk is not installed")
    for program in ("dcmj2pnm", "dcml2pnm", "dcm2img"):  # the second knows JPEG-LS, the third is what newer ones have instead
        for way in (("+Wl", "1"), ("+Wi", "1"), ("+Wm",)):  # a table, a window, or from the least to the most
            try:
                return _of_ppm(command(program, *way, "+op", path))
            except Missing as missing:
                failed = missing if shutil.which(program) else failed
    raise failed


def _of_ppm(data: bytes) -> RGB:
    head = re.match(rb"(P\d)\s(?:#.*\n)*(\d+)\s+(\d+)\s", data)
    if not head:
        raise Missing("no picture came out")
    kind, width, height = head[1], int(head[2]), int(head[3])
    channels = 3 if kind in (b"P6", b"P3") else 1
    if kind not in (b"P5", b"P6"):
        raise Missing(f"a picture of the kind {kind!r}")
    pixels = np.frombuffer(data[-width * height * channels :], np.uint8).reshape(height, width, channels)
    return np.repeat(pixels, 3 // channels, -1)
