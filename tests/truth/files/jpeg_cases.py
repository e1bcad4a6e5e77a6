"""JPEG files: each way of sampling, coding and colouring them, each orientation and profile, and how they break."""

import io
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from . import profiles
from .case import Case, Still, bytes_of, command
from .picture import LOSSLESS, LOSSY, RGB, TURNED, Within, as_rgb, deep, drawn, grey

_END = b"\xff\xd9"
_SCANS = (
    "0,1,2: 0-0, 0, 1; 0: 1-5, 0, 2; 2: 1-63, 0, 1; 1: 1-63, 0, 1; 0: 6-63, 0, 2; "
    "0: 1-63, 2, 1; 0,1,2: 0-0, 1, 0; 2: 1-63, 1, 0; 1: 1-63, 1, 0; 0: 1-63, 1, 0;"
)
_COARSE = Within(5.0, 28.0)
"""Colours of one in four or more pixels, or a low quality: fine edges of colour are gone."""


def pillow(rgb: np.ndarray, **options: object) -> bytes:
    """By Pillow, at a good quality unless told otherwise."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", **({"quality": 95, "subsampling": 0} | options))
    return stream.getvalue()


def libjpeg(*options: str, rgb: np.ndarray | None = None) -> bytes:
    """By cjpeg, libjpeg's own command."""
    rgb = drawn() if rgb is None else rgb
    letter, size = ("5", rgb.shape) if rgb.ndim == 2 else ("6", rgb.shape)
    head = f"P{letter} {size[1]} {size[0]} 255\n".encode()
    return command("cjpeg", "-quality", "95", *options, data=head + rgb.tobytes())


def cases() -> Iterator[Case]:
    """All."""
    yield from _coded()
    yield from _coloured()
    yield from _turned()
    yield from _profiled()
    yield from _of_odd_size()
    yield from _broken()
    yield from _dressed()


def _still(name: str, data: object, right: RGB | None, within: Within = LOSSY, confirmed: bool = True) -> Still:
    return Still("jpeg", f"{name}.jpg", bytes_of(data), [] if right is None else [right], within, confirmed)


def _coded() -> Iterator[Case]:
    for quality in (100, 90, 75):
        for sampling in (0, 1, 2):
            within = LOSSY if sampling == 0 and quality > 80 else _COARSE
            yield _still(
                f"pillow-{quality}-{sampling}", lambda q=quality, s=sampling: pillow(drawn(), quality=q, subsampling=s), drawn(), within
            )
    for sampling in ("1x1", "2x1", "1x2", "2x2", "4x1", "4x2", "1x4", "2x4", "3x1", "1x1,2x2,1x1", "2x2,1x2,2x1"):
        for way in ((), ("-progressive",), ("-arithmetic",)):
            # Colours that are finer than the brightness, or sampled in a way of their own, may be refused like anything else.
            name = f"sampled-{sampling.replace(',', '_')}{''.join(way)}"
            yield _still(name, lambda s=sampling, w=way: libjpeg("-sample", s, *w), drawn(), LOSSY if sampling == "1x1" else _COARSE)
    ways = {"optimised": ("-optimize",), "restart-1": ("-restart", "1"), "restart-3b": ("-restart", "3B"), "floats": ("-dct", "float")}
    ways |= {"arithmetic-progressive": ("-arithmetic", "-progressive"), "progressive-restart": ("-progressive", "-restart", "2")}
    for name, way in ways.items():
        yield _still(name, lambda w=way: libjpeg("-sample", "1x1", *w), drawn())
    yield _still("scans-of-each-colour", lambda: _scanned("0; 1; 2;"), drawn())
    yield _still("progressive-script", lambda: _scanned(_SCANS), drawn())
    yield _still("quality-30", lambda: pillow(drawn(), quality=30), drawn(), Within(9.0, 45.0))
    yield _still("12-bits", _of_12_bits, drawn(), LOSSY, confirmed=False)
    yield _still("12-bits-grey", lambda: _of_12_bits(grey()), as_rgb(grey()), LOSSY, confirmed=False)
    yield _still("lossless", _lossless, drawn(), LOSSLESS, confirmed=False)
    yield _still("lossless-grey", lambda: _lossless(grey()), as_rgb(grey()), LOSSLESS, confirmed=False)
    yield _still("jpeg-ls", _jpeg_ls, drawn(), LOSSLESS, confirmed=False)


def _coloured() -> Iterator[Case]:
    yield _still("grey", lambda: pillow(grey()), as_rgb(grey()))
    yield _still("grey-progressive", lambda: pillow(grey(), progressive=True), as_rgb(grey()))
    yield _still("grey-sampled-2x2", lambda: libjpeg("-sample", "2x2", rgb=grey()), as_rgb(grey()))
    yield _still("rgb", lambda: pillow(drawn(), keep_rgb=True), drawn())
    yield _still("rgb-of-libjpeg", lambda: libjpeg("-rgb"), drawn())
    yield _still("rgb-no-marker", lambda: without_marker(libjpeg("-rgb"), 0xEE), drawn())
    yield _still("ycc-no-marker", lambda: without_marker(pillow(drawn()), 0xE0), drawn())
    yield _still("ycc-ids-0-1-2", lambda: renamed(pillow(drawn()), (0, 1, 2)), drawn())
    yield _still("ycc-ids-7-8-9-jfif", lambda: renamed(pillow(drawn()), (7, 8, 9)), drawn())
    yield _still("rgb-adobe-over-ids", lambda: renamed(libjpeg("-rgb"), (1, 2, 3)), drawn())
    yield _still("cmyk", _cmyk, drawn())
    yield _still("cmyk-black", lambda: _cmyk(black=60), _of_inks(60))
    yield _still("ycck", lambda: _ycck(0), drawn(), _COARSE)
    yield _still("ycck-black", lambda: _ycck(60), _of_inks(60), _COARSE)


def _turned() -> Iterator[Case]:
    for orientation, turn in TURNED.items():
        data = lambda o=orientation, t=turn: pillow(np.ascontiguousarray(t(drawn())), exif=exif(o))  # noqa: E731
        yield _still(f"orientation-{orientation}", data, drawn(), LOSSY, confirmed=True)
    yield _still("orientation-6-grey", lambda: pillow(np.ascontiguousarray(TURNED[6](grey())), exif=exif(6)), as_rgb(grey()))
    yield _still(
        "orientation-8-progressive", lambda: pillow(np.ascontiguousarray(TURNED[8](drawn())), exif=exif(8), progressive=True), drawn()
    )
    yield _still("orientation-5-big-endian", lambda: pillow(np.ascontiguousarray(TURNED[5](drawn())), exif=exif(5, ">")), drawn())
    yield _still("orientation-0", lambda: pillow(drawn(), exif=exif(0)), drawn())
    yield _still("orientation-9", lambda: pillow(drawn(), exif=exif(9)), drawn())
    yield _still("exif-damaged", lambda: pillow(drawn(), exif=exif(6)[:16]), drawn(), confirmed=False)


def _profiled() -> Iterator[Case]:
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        data = lambda n=name, a=numbers: pillow(a, icc_profile=profiles.profile(n))  # noqa: E731
        yield _still(f"icc-{name}", data, profiles.shown(numbers, name), Within(4.0, 16.0))
    turned = np.ascontiguousarray(TURNED[6](profiles.stored(drawn(), "adobe")))
    yield _still(
        "icc-adobe-turned", lambda: pillow(turned, exif=exif(6), icc_profile=profiles.profile("adobe")), _round("adobe"), Within(4.0, 16.0)
    )
    for gamma in (1.0, 1.8, 2.2):
        right = as_rgb(profiles.shown_grey(grey(), gamma))
        yield _still(f"icc-grey-{gamma}", lambda g=gamma: pillow(grey(), icc_profile=profiles.grey_profile(g)), right, Within(4.0, 16.0))
    yield _still("icc-damaged", lambda: pillow(drawn(), icc_profile=profiles.profile("srgb")[:200]), drawn(), confirmed=False)
    yield _still("icc-grey-on-colour", lambda: pillow(drawn(), icc_profile=profiles.grey_profile(1.8)), drawn(), confirmed=False)


def _of_odd_size() -> Iterator[Case]:
    for width, height in ((17, 33), (161, 121), (16, 500), (33, 16), (159, 119)):
        for sampling in (0, 2):
            rgb = drawn(width, height)
            data = lambda a=rgb, s=sampling: pillow(a, subsampling=s)  # noqa: E731
            yield _still(f"{width}x{height}-{sampling}", data, rgb, _COARSE)


def _broken() -> Iterator[Case]:
    whole = {"baseline": pillow(drawn()), "progressive": pillow(drawn(), progressive=True)}
    for name, data in whole.items():
        start = data.find(b"\xff\xda") + 20
        for share in (10, 50, 75, 95):
            cut = data[: start + (len(data) - start) * share // 100].rstrip(b"\xff")
            yield _still(f"{name}-cut-{share}", lambda c=cut: c, None, LOSSY)
            if name == "baseline":
                yield _still(f"{name}-cut-{share}-ended", lambda c=cut: c + _END, None, LOSSY)
                yield _still(f"{name}-cut-{share}-ended-and-more", lambda c=cut: c + _END + b"\0" * 5000, None, LOSSY)
            else:  # each scan but the last may be whole: what it shows counts
                yield _still(f"{name}-cut-{share}-ended", lambda c=cut: c + _END, None if share < 90 else drawn(), LOSSY)
    arithmetic = libjpeg("-arithmetic")
    for share in (30, 60, 90):
        cut = arithmetic[: len(arithmetic) * share // 100].rstrip(b"\xff")
        yield _still(f"arithmetic-cut-{share}-ended", lambda c=cut: c + _END, None)
    in_head = whole["progressive"].rfind(b"\xff\xda") + 5
    yield _still("progressive-cut-in-a-head", lambda: whole["progressive"][:in_head] + _END, None)
    scans = [place for place in range(len(whole["progressive"])) if whole["progressive"][place : place + 2] == b"\xff\xda"]
    for number, place in enumerate(scans[1:], 1):
        cut = whole["progressive"][:place]
        head = cut[: _last_tables(cut)]
        yield _still(f"progressive-{number}-scans", lambda c=head: c + _END, drawn(), LOSSY, confirmed=False)
    yield _still("restart-one-lost", lambda: _without_interval(libjpeg("-restart", "2"), 3), None)
    yield _still("restart-two-swapped", lambda: _swapped_intervals(libjpeg("-restart", "2")), None)
    yield _still("taller-than-its-data", lambda: _resized(pillow(drawn()), 200), None)
    yield _still("lower-than-its-data", lambda: _resized(pillow(drawn()), 64), None, confirmed=False)
    yield _still("hole-of-zeros", lambda: _holed(pillow(drawn()), b"\0"), None)
    yield _still("hole-of-markers", lambda: _holed(pillow(drawn()), b"\xff\xd3"), None)
    yield _still("no-end-marker", lambda: pillow(drawn())[:-2], drawn())


def _dressed() -> Iterator[Case]:
    small = pillow(drawn(64, 48))
    yield _still("more-behind", lambda: pillow(drawn()) + b"end of film" * 50, drawn())
    yield _still("another-behind", lambda: pillow(drawn()) + pillow(np.ascontiguousarray(drawn()[::-1])), drawn())
    yield _still("preview-inside", lambda: pillow(drawn(), exif=exif(1) + small), drawn())
    data = pillow(drawn(), exif=exif(1) + small)
    yield _still("preview-inside-cut", lambda: data[: len(data) * 3 // 4], None)
    yield _still("preview-inside-cut-early", lambda: data[: data.find(b"\xff\xda", data.find(_END)) + 60], None)
    yield _still("comment", lambda: pillow(drawn(), comment=b"\xff\xd9" * 100), drawn())
    yield _still("fill-bytes", lambda: pillow(drawn()).replace(b"\xff\xdb", b"\xff\xff\xff\xdb"), drawn())
    yield _still("mpo", _mpo, drawn())


# --- made by hand -----------------------------------------------------------------------------------------------------


def exif(orientation: int, order: str = "<") -> bytes:
    """An EXIF block of one tag."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    return b"Exif\0\0" + head + struct.pack(f"{order}IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


def without_marker(jpeg: bytes, marker: int) -> bytes:
    """Without its segments of this kind."""
    place = jpeg.find(bytes([0xFF, marker]))
    return jpeg if place < 0 else jpeg[:place] + jpeg[place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big") :]


def renamed(jpeg: bytes, ids: tuple[int, int, int]) -> bytes:
    """With other numbers for its components, in the frame's header and in that of its only scan."""
    data = bytearray(jpeg)
    frame, scan = next(data.find(m) for m in (b"\xff\xc0", b"\xff\xc2") if m in data), data.find(b"\xff\xda")
    for index, number in enumerate(ids):
        data[frame + 10 + 3 * index], data[scan + 5 + 2 * index] = number, number
    return bytes(data)


def _last_tables(cut: bytes) -> int:
    """Where the last table of codes begins, if nothing but tables stand behind it."""
    place = cut.rfind(b"\xff\xc4")
    return place if place > 0 and place + 2 + int.from_bytes(cut[place + 2 : place + 4], "big") >= len(cut) else len(cut)


def _scanned(script: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scans.txt"
        path.write_text(script.replace(": ", ": ").replace("; ", ";\n"), "ascii")
        return libjpeg("-sample", "1x1", "-scans", str(path))


def _of_12_bits(values: np.ndarray | None = None) -> bytes:
    import imagecodecs

    values = drawn() if values is None else values
    return bytes(imagecodecs.jpeg8_encode(deep(values, 12), level=97, bitspersample=12))


def _lossless(values: np.ndarray | None = None) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.jpeg8_encode(np.array(drawn() if values is None else values), lossless=True))


def _jpeg_ls() -> bytes:
    import imagecodecs

    return bytes(imagecodecs.jpegls_encode(drawn()))


def _inks(black: int) -> np.ndarray:
    return np.concatenate([255 - drawn(), np.full((*drawn().shape[:2], 1), black, np.uint8)], -1)


def _of_inks(black: int) -> RGB:
    inks = _inks(black).astype(np.float64) / 255
    return np.round(255 * (1 - inks[..., :3]) * (1 - inks[..., 3:])).astype(np.uint8)


def _cmyk(black: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.frombytes("CMYK", (drawn().shape[1], drawn().shape[0]), _inks(black).tobytes()).save(stream, "JPEG", quality=97, subsampling=0)
    return stream.getvalue()


def _ycck(black: int) -> bytes:
    import imagecodecs

    inverted = np.ascontiguousarray(255 - _inks(black))  # as Adobe stores inks
    return bytes(imagecodecs.jpeg8_encode(inverted, level=97, colorspace="CMYK", outcolorspace="YCCK"))


def _round(name: str) -> RGB:
    return profiles.shown(profiles.stored(drawn(), name), name)


def _mpo() -> bytes:
    stream = io.BytesIO()
    first, second = Image.fromarray(drawn()), Image.fromarray(np.ascontiguousarray(drawn()[::-1]))
    first.save(stream, "MPO", save_all=True, append_images=[second], quality=95, subsampling=0)
    return stream.getvalue()


@cache
def _intervals(jpeg: bytes) -> tuple[bytes, ...]:
    """The file's pieces, each behind a restart marker but the first, which is the head."""
    start = jpeg.find(b"\xff\xda")
    places = [at for at in range(start, len(jpeg) - 1) if jpeg[at] == 0xFF and 0xD0 <= jpeg[at + 1] <= 0xD7]
    return tuple(jpeg[one:other] for one, other in zip([0, *places], [*places, len(jpeg)], strict=True))


def _without_interval(jpeg: bytes, number: int) -> bytes:
    pieces = _intervals(jpeg)
    return b"".join(pieces[:number] + pieces[number + 1 :])


def _swapped_intervals(jpeg: bytes) -> bytes:
    pieces = list(_intervals(jpeg))
    pieces[1], pieces[2] = pieces[2], pieces[1]
    return b"".join(pieces)


def _resized(jpeg: bytes, height: int) -> bytes:
    place = jpeg.find(b"\xff\xc0")
    return jpeg[: place + 5] + height.to_bytes(2, "big") + jpeg[place + 7 :]


def _holed(jpeg: bytes, filling: bytes) -> bytes:
    start = (jpeg.find(b"\xff\xda") + len(jpeg)) // 2
    return jpeg[:start] + filling * (300 // len(filling)) + jpeg[start + 300 :]
