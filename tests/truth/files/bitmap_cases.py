"""BMP and WebP files: every depth and order that their headers have, by hand; lossy, lossless, clear and moving WebP by Pillow."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from . import profiles
from .case import Case, Still, bytes_of
from .jpeg_cases import exif
from .picture import LOSSLESS, RGB, TURNED, Within, as_rgb, drawn, grey
from .png_cases import indexed, over_black, packed, with_alpha

_COARSE = Within(5.0, 28.0)


def cases() -> Iterator[Case]:
    """All."""
    yield from _bmp()
    yield from _bmp_profiled()
    yield from _bmp_run_lengths()
    yield from _bmp_broken()
    yield from _webp()
    yield from _webp_broken()


def _still(kind: str, name: str, data: object, right: RGB | None, within: Within = LOSSLESS, confirmed: bool = True) -> Still:
    return Still(kind, f"{name}.{kind}", bytes_of(data), [] if right is None else [right], within, confirmed)


def bmp(
    rows: np.ndarray,
    bits: int,
    *,
    palette: bytes = b"",
    compression: int = 0,
    top_down: bool = False,
    masks: tuple[int, ...] = (),
    version: int = 40,
) -> bytes:
    """`rows` as bytes, top to bottom, each not yet filled up; the width is that of the drawn picture."""
    height, width = rows.shape[0], drawn().shape[1]
    data = rows if compression in (1, 2) else np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    body = (data if top_down or compression in (1, 2) else data[::-1]).tobytes()
    return _bmp_file(width, -height if top_down else height, bits, body, palette, compression, masks, version)


def _bmp_file(
    width: int, height: int, bits: int, body: bytes, palette: bytes, compression: int, masks: tuple[int, ...], version: int
) -> bytes:
    if version == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", version, width, height, 1, bits, compression, len(body), 2835, 2835, len(palette) // 4, 0)
        kept = masks if version == 40 else (*masks, 0, 0, 0, 0)[:4]
        head += b"".join(struct.pack("<I", mask) for mask in kept)
        head = head.ljust(version, b"\0") if version > 40 else head
        if version >= 108:
            head = head[:56] + b"BGRs" + head[60:]
    start = 14 + len(head) + len(palette)
    return struct.pack("<2sIHHI", b"BM", start + len(body), 0, 0, start) + head + palette + body


def _words(rgb: RGB, places: tuple[int, int, int], widths: tuple[int, int, int], size: int) -> np.ndarray:
    """Pixels as whole numbers of `size` bytes, each colour at its place."""
    word = np.zeros(rgb.shape[:2], np.uint32)
    for index, (place, width) in enumerate(zip(places, widths, strict=True)):
        word |= (rgb[..., index].astype(np.uint32) >> (8 - width)) << place
    return word.astype(f"<u{size}").view(np.uint8).reshape(rgb.shape[0], -1)


def _few_bits(rgb: RGB, widths: tuple[int, int, int]) -> RGB:
    channels = [np.round((rgb[..., i] >> (8 - w)) * (255 / ((1 << w) - 1))) for i, w in enumerate(widths)]
    return np.stack(channels, -1).astype(np.uint8)


def _bgr(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rgb[..., [2, 1, 0, *range(3, rgb.shape[2])]]).reshape(rgb.shape[0], -1)


def _table(colours: np.ndarray, entry: int = 4) -> bytes:
    return np.pad(colours[:, ::-1], ((0, 0), (0, entry - 3))).astype(np.uint8).tobytes()


def _bmp_of(bits: int) -> tuple[np.ndarray, bytes, RGB]:
    numbers, colours, right = indexed(bits)
    return packed(numbers, bits), _table(colours), right


def _bmp() -> Iterator[Case]:
    for bits in (1, 4, 8):
        rows, table, right = _bmp_of(bits)
        for top_down in (False, True):
            name = f"palette-{bits}{'-top-down' if top_down else ''}"
            yield _still("bmp", name, lambda r=rows, b=bits, t=table, d=top_down: bmp(r, b, palette=t, top_down=d), right)
        colours = indexed(bits)[1]
        yield _still("bmp", f"os2-{bits}", lambda r=rows, b=bits, c=colours: bmp(r, b, palette=_table(c, 3), version=12), right)
    yield _still("bmp", "grey-8", lambda: bmp(grey(), 8, palette=_table(as_rgb(np.arange(256, dtype=np.uint8)))), as_rgb(grey()))
    for version in (12, 40, 108, 124):
        yield _still("bmp", f"rgb-24-{version}", lambda v=version: bmp(_bgr(drawn()), 24, version=v), drawn())
    yield _still("bmp", "rgb-24-top-down", lambda: bmp(_bgr(drawn()), 24, top_down=True), drawn())
    with_zero = np.concatenate([drawn(), np.zeros((*drawn().shape[:2], 1), np.uint8)], -1)
    yield _still("bmp", "rgb-32", lambda: bmp(_bgr(with_zero), 32), drawn())
    yield _still("bmp", "rgb-32-top-down", lambda: bmp(_bgr(with_zero), 32, top_down=True), drawn())
    noise = with_alpha(drawn(), grey())
    yield _still("bmp", "rgb-32-fourth-unused", lambda: bmp(_bgr(noise), 32), drawn(), confirmed=False)
    full = (0xFF0000, 0xFF00, 0xFF)
    yield _still("bmp", "rgb-32-fields", lambda: bmp(_bgr(with_zero), 32, compression=3, masks=full), drawn())
    swapped = _words(drawn(), (0, 8, 16), (8, 8, 8), 4)
    yield _still("bmp", "rgb-32-fields-swapped", lambda: bmp(swapped, 32, compression=3, masks=(0xFF, 0xFF00, 0xFF0000)), drawn())
    high = _words(drawn(), (24, 16, 8), (8, 8, 8), 4)
    yield _still("bmp", "rgb-32-fields-high", lambda: bmp(high, 32, compression=3, masks=(0xFF000000, 0xFF0000, 0xFF00)), drawn())
    ten = _words(drawn(), (22, 12, 2), (8, 8, 8), 4)
    yield _still(
        "bmp", "rgb-32-fields-10", lambda: bmp(ten, 32, compression=3, masks=(0x3FF00000, 0xFFC00, 0x3FF)), drawn(), confirmed=False
    )
    for version in (108, 124):
        data = lambda v=version: bmp(_bgr(with_alpha(drawn())), 32, compression=3, masks=(*full, 0xFF000000), version=v)  # noqa: E731
        yield _still("bmp", f"rgba-32-{version}", data, over_black(drawn()))
    yield _still("bmp", "rgb-16", lambda: bmp(_words(drawn(), (10, 5, 0), (5, 5, 5), 2), 16), _few_bits(drawn(), (5, 5, 5)))
    for name, places, widths, masks in (
        ("565", (11, 5, 0), (5, 6, 5), (0xF800, 0x7E0, 0x1F)),
        ("555", (10, 5, 0), (5, 5, 5), (0x7C00, 0x3E0, 0x1F)),
    ):
        rows = _words(drawn(), places, widths, 2)
        yield _still("bmp", f"rgb-16-fields-{name}", lambda r=rows, m=masks: bmp(r, 16, compression=3, masks=m), _few_bits(drawn(), widths))
    four = _words(drawn(), (8, 4, 0), (4, 4, 4), 2)
    yield _still(
        "bmp",
        "rgb-16-fields-444",
        lambda: bmp(four, 16, compression=3, masks=(0xF00, 0xF0, 0xF)),
        _few_bits(drawn(), (4, 4, 4)),
        confirmed=False,
    )


def _bmp_profiled() -> Iterator[Case]:
    """Version 5 of the header: the profile stands behind the pixels."""
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        whole, profile = bytearray(bmp(_bgr(numbers), 24, version=124)), profiles.profile(name)
        whole[14 + 56 : 14 + 60] = b"DEBM"
        whole[14 + 112 : 14 + 120] = struct.pack("<II", len(whole) - 14, len(profile))
        data = bytes(whole) + profile
        yield _still("bmp", f"icc-{name}", lambda d=data: d, profiles.shown(numbers, name), Within(2.5, 9.0), confirmed=False)


def _run_lengths(rows: np.ndarray) -> bytes:
    """Runs of one number each, of 8 bits."""
    out = bytearray()
    for row in rows[::-1]:
        start = 0
        for at in range(1, len(row) + 1):
            if at == len(row) or row[at] != row[start] or at - start == 255:
                out += bytes([at - start, row[start]])
                start = at
        out += b"\0\0"
    return bytes(out) + b"\0\1"


def _bmp_run_lengths() -> Iterator[Case]:
    numbers, colours, right = indexed(8)
    table, runs = _table(colours), _run_lengths(numbers)
    yield _still("bmp", "runs-8", lambda: _bmp_file(160, 120, 8, runs, table, 1, (), 40), right)
    absolute = b"".join(bytes([0, 160]) + row.tobytes() + b"\0\0" for row in numbers[::-1]) + b"\0\1"
    yield _still("bmp", "runs-8-absolute", lambda: _bmp_file(160, 120, 8, absolute, table, 1, (), 40), right)
    few, colours4, right4 = indexed(4)
    runs4 = b"".join(b"".join(bytes([2, int(a) << 4 | int(b)]) for a, b in row.reshape(-1, 2)) + b"\0\0" for row in few[::-1]) + b"\0\1"
    yield _still("bmp", "runs-4", lambda: _bmp_file(160, 120, 4, runs4, _table(colours4), 2, (), 40), right4)
    yield _still("bmp", "runs-8-cut", lambda: _bmp_file(160, 120, 8, runs[: len(runs) // 2], table, 1, (), 40), None, confirmed=False)
    yield _still(
        "bmp",
        "runs-8-ended-early",
        lambda: _bmp_file(160, 120, 8, runs[: len(runs) // 2 // 2 * 2] + b"\0\1", table, 1, (), 40),
        None,
        confirmed=False,
    )


def _bmp_broken() -> Iterator[Case]:
    whole = bmp(_bgr(drawn()), 24)
    for share in (30, 60, 99):
        yield _still("bmp", f"cut-{share}", lambda s=share: whole[: len(whole) * s // 100], None)
    yield _still(
        "bmp", "pixels-behind-the-end", lambda: whole[:10] + struct.pack("<I", len(whole) - 1000) + whole[14:], None, confirmed=False
    )
    yield _still("bmp", "taller", lambda: whole[:22] + struct.pack("<i", 500) + whole[26:], None, confirmed=False)
    gap = whole[:10] + struct.pack("<I", 254) + whole[14:54] + b"\0" * 200 + whole[54:]
    yield _still("bmp", "gap-before-pixels", lambda: gap, drawn(), confirmed=False)
    yield _still("bmp", "more-behind", lambda: whole + b"more" * 100, drawn(), confirmed=False)
    inside = bmp(np.frombuffer(b"\xff\xd8\xff", np.uint8)[None].repeat(120, 0), 24, compression=4)
    yield _still("bmp", "jpeg-inside", lambda: inside, None, confirmed=False)


def _webp_bytes(rgb: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "WEBP", **({"quality": 95} | options))
    return stream.getvalue()


def _webp() -> Iterator[Case]:
    for quality in (100, 90, 75):
        for method in (0, 4):
            yield _still(
                "webp", f"lossy-{quality}-{method}", lambda q=quality, m=method: _webp_bytes(drawn(), quality=q, method=m), drawn(), _COARSE
            )
    for method in (0, 6):
        yield _still("webp", f"lossless-{method}", lambda m=method: _webp_bytes(drawn(), lossless=True, method=m), drawn())
    exact = {"lossless": True, "exact": True}
    yield _still("webp", "lossless-alpha", lambda: _webp_bytes(with_alpha(drawn()), **exact), over_black(drawn()))
    yield _still("webp", "lossless-alpha-inexact", lambda: _webp_bytes(with_alpha(drawn()), lossless=True), over_black(drawn()))
    yield _still("webp", "lossy-alpha", lambda: _webp_bytes(with_alpha(drawn())), over_black(drawn()), _COARSE)
    yield _still("webp", "lossy-alpha-coarse", lambda: _webp_bytes(with_alpha(drawn()), alpha_quality=40), over_black(drawn()), _COARSE)
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        data = lambda n=name, a=numbers: _webp_bytes(a, lossless=True, icc_profile=profiles.profile(n))  # noqa: E731
        yield _still("webp", f"icc-{name}", data, profiles.shown(numbers, name), Within(2.5, 9.0))
    for orientation in (1, 3, 5, 6, 8):
        turned = np.ascontiguousarray(TURNED[orientation](drawn()))
        yield _still(
            "webp", f"exif-{orientation}", lambda a=turned, o=orientation: _webp_bytes(a, exif=exif(o)), drawn(), _COARSE, confirmed=False
        )
    frames = [Image.fromarray(np.ascontiguousarray(np.roll(drawn(), 9 * number, 0))) for number in range(3)]
    yield _still("webp", "animated", lambda: _animated(frames), drawn(), confirmed=False)
    yield _still("webp", "17x33", lambda: _webp_bytes(drawn(17, 33), lossless=True), drawn(17, 33))
    yield _still("webp", "161x121", lambda: _webp_bytes(drawn(161, 121)), drawn(161, 121), _COARSE)


def _animated(frames: list[Image.Image]) -> bytes:
    stream = io.BytesIO()
    frames[0].save(stream, "WEBP", save_all=True, append_images=frames[1:], lossless=True, duration=100)
    return stream.getvalue()


def _webp_broken() -> Iterator[Case]:
    for name, data in {
        "lossy": _webp_bytes(drawn()),
        "lossless": _webp_bytes(drawn(), lossless=True),
        "alpha": _webp_bytes(with_alpha(drawn())),
    }.items():
        for share in (30, 60, 97):
            yield _still("webp", f"{name}-cut-{share}", lambda d=data, s=share: d[: len(d) * s // 100], None)
        short = data[: len(data) * 2 // 3 // 2 * 2]
        told = short[:4] + struct.pack("<I", len(short) - 8) + short[8:]
        yield _still("webp", f"{name}-cut-and-told", lambda d=told: d, None)
