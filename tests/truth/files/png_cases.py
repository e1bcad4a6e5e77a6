"""PNG files, written by hand: each colour type and depth, interlaced or not, with transparency, profiles and turns; and broken ones."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from . import profiles
from .case import Case, Still, bytes_of
from .jpeg_cases import exif
from .picture import LOSSLESS, RGB, TURNED, Within, as_rgb, deep, drawn, grey

_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NAMES = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgba"}


def chunk(kind: bytes, data: bytes) -> bytes:
    """With its length and sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values: np.ndarray, colour: int, bits: int, *, interlaced: bool = False, before: bytes = b"", after: bytes = b"") -> bytes:
    """`values` rows x columns (x channels), in the numbers of the file; `before` and `after` the pixels, ready chunks."""
    height, width = values.shape[:2]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced)))
    parts = [values[y::dy, x::dx] for x, y, dx, dy in _PASSES] if interlaced else [values]
    rows = b"".join(_filtered(part, bits) for part in parts if part.size)
    return _SIGNATURE + head + before + chunk(b"IDAT", zlib.compress(rows, 6)) + after + chunk(b"IEND", b"")


def _filtered(values: np.ndarray, bits: int) -> bytes:
    """Rows with a filter each in turn: none, the difference to the left, that to the row above."""
    rows = packed(values, bits)
    step = max(1, bits * (values.shape[2] if values.ndim == 3 else 1) // 8)
    out = []
    for number, row in enumerate(rows):
        way = number % 3
        left = np.concatenate([np.zeros(step, np.uint8), row[:-step]]) if row.size > step else np.zeros_like(row)
        above = rows[number - 1] if number else np.zeros_like(row)
        out.append(bytes([way]) + (row - (0, left, above)[way]).astype(np.uint8).tobytes())
    return b"".join(out)


def packed(values: np.ndarray, bits: int) -> np.ndarray:
    """Rows of bytes: highest bits first, each row filled up."""
    flat = values.reshape(values.shape[0], -1)
    if bits in (8, 16):
        return np.frombuffer(flat.astype(f">u{bits // 8}").tobytes(), np.uint8).reshape(flat.shape[0], -1)
    single = (flat[..., None].astype(np.uint32) >> np.arange(bits - 1, -1, -1, dtype=np.uint32)) & 1
    return np.packbits(single.reshape(flat.shape[0], -1).astype(np.uint8), axis=1)


def cases() -> Iterator[Case]:
    """All."""
    for interlaced in (False, True):
        yield from _plain(interlaced)
    yield from _transparent()
    yield from _described()
    yield from _broken()


def _still(name: str, data: object, right: RGB | None, within: Within = LOSSLESS, confirmed: bool = True) -> Still:
    return Still("png", f"{name}.png", bytes_of(data), [] if right is None else [right], within, confirmed)


def coarse(bits: int) -> tuple[np.ndarray, RGB]:
    """Grey in few bits: the numbers, and what they show."""
    numbers = grey() >> (8 - bits)
    return numbers, as_rgb(np.round(numbers * (255 / ((1 << bits) - 1))).astype(np.uint8))


def indexed(bits: int) -> tuple[np.ndarray, np.ndarray, RGB]:
    """Numbers, their colours (n x 3), and what they show."""
    colours = np.random.default_rng(bits).integers(0, 256, (1 << bits, 3), np.uint8)
    numbers = grey() >> (8 - bits)
    return numbers, colours, colours[numbers]


def alpha() -> np.ndarray:
    """From clear to solid, from left to right, and a part that is wholly clear."""
    values = np.linspace(40, 255, drawn().shape[1]).round().astype(np.uint8)[None].repeat(drawn().shape[0], 0)
    values[100:, 100:] = 0
    return values


def over_black(rgb: np.ndarray, opacity: np.ndarray | None = None) -> RGB:
    """As it lies over black."""
    opacity = alpha() if opacity is None else opacity
    return np.round(rgb.astype(np.float64) * opacity[..., None] / 255).astype(np.uint8)


def with_alpha(values: np.ndarray, opacity: np.ndarray | None = None) -> np.ndarray:
    """Channels and opacity, in the depth of the values."""
    opacity = alpha() if opacity is None else opacity
    opacity = deep(opacity) if values.dtype == np.uint16 else opacity
    return np.concatenate([values.reshape(*values.shape[:2], -1), opacity[..., None]], -1)


def _plain(interlaced: bool) -> Iterator[Case]:
    end = "-interlaced" if interlaced else ""

    def one(colour: int, bits: int, values: np.ndarray, right: RGB, before: bytes = b"") -> Case:
        data = lambda: png(values, colour, bits, interlaced=interlaced, before=before)  # noqa: E731
        return _still(f"{_NAMES[colour]}-{bits}{end}", data, right)

    for bits in (1, 2, 4):
        yield one(0, bits, *coarse(bits))
    yield one(0, 8, grey(), as_rgb(grey()))
    yield one(0, 16, deep(grey()), as_rgb(grey()))
    yield one(2, 8, drawn(), drawn())
    yield one(2, 16, deep(drawn()), drawn())
    for bits in (1, 2, 4, 8):
        numbers, colours, right = indexed(bits)
        yield one(3, bits, numbers, right, chunk(b"PLTE", colours.tobytes()))
    yield one(4, 8, with_alpha(grey()), over_black(as_rgb(grey())))
    yield one(4, 16, with_alpha(deep(grey())), over_black(as_rgb(grey())))
    yield one(6, 8, with_alpha(drawn()), over_black(drawn()))
    yield one(6, 16, with_alpha(deep(drawn())), over_black(drawn()))


def _transparent() -> Iterator[Case]:
    numbers, colours, right = indexed(4)
    opacity = np.arange(16, dtype=np.uint8) * 17
    before = chunk(b"PLTE", colours.tobytes()) + chunk(b"tRNS", opacity.tobytes())
    yield _still("palette-4-clear", lambda: png(numbers, 3, 4, before=before), over_black(right, opacity[numbers]))
    few = chunk(b"PLTE", colours.tobytes()) + chunk(b"tRNS", b"\0\x80")
    short = np.concatenate([[0, 128], np.full(14, 255)]).astype(np.uint8)
    yield _still("palette-4-clear-short", lambda: png(numbers, 3, 4, before=few), over_black(right, short[numbers]))
    for bits in (8, 16):
        values = deep(drawn(), bits) if bits == 16 else drawn()
        clear = chunk(b"tRNS", struct.pack(">3H", *(int(v) for v in values[2, 50])))
        hidden = (drawn() == drawn()[2, 50]).all(-1)
        yield _still(
            f"rgb-{bits}-clear-colour",
            lambda v=values, b=bits, c=clear: png(v, 2, b, before=c),
            np.where(hidden[..., None], 0, drawn()).astype(np.uint8),
        )
        values = deep(grey(), bits) if bits == 16 else grey()
        clear = chunk(b"tRNS", struct.pack(">H", int(values[70, 22])))
        right = as_rgb(np.where(grey() == grey()[70, 22], 0, grey()).astype(np.uint8))
        yield _still(f"grey-{bits}-clear-value", lambda v=values, b=bits, c=clear: png(v, 0, b, before=c), right)
    bits4, shown4 = coarse(4)
    clear = chunk(b"tRNS", struct.pack(">H", 9))
    yield _still("grey-4-clear-value", lambda: png(bits4, 0, 4, before=clear), np.where(bits4[..., None] == 9, 0, shown4).astype(np.uint8))


def _described() -> Iterator[Case]:
    near = Within(2.0, 8.0)
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        right = profiles.shown(numbers, name)
        before = chunk(b"iCCP", b"profile\0\0" + zlib.compress(profiles.profile(name)))
        yield _still(f"icc-{name}", lambda n=numbers, b=before: png(n, 2, 8, before=b), right, near)
        yield _still(f"icc-{name}-16", lambda n=numbers, b=before: png(deep(n), 2, 16, before=b), right, near)
        opaque = lambda n=numbers, b=before: png(with_alpha(n), 6, 8, before=b)  # noqa: E731
        yield _still(f"icc-{name}-alpha", opaque, over_black(right), near)
    for gamma in (1.0, 1.8):
        before = chunk(b"iCCP", b"profile\0\0" + zlib.compress(profiles.grey_profile(gamma)))
        right = as_rgb(profiles.shown_grey(grey(), gamma))
        yield _still(f"icc-grey-{gamma}", lambda b=before: png(grey(), 0, 8, before=b), right, near)
        yield _still(f"icc-grey-{gamma}-16", lambda b=before: png(deep(grey()), 0, 16, before=b), right, near)
    numbers, colours, _ = indexed(8)
    before = chunk(b"iCCP", b"profile\0\0" + zlib.compress(profiles.profile("adobe"))) + chunk(b"PLTE", colours.tobytes())
    yield _still("icc-adobe-palette", lambda: png(numbers, 3, 8, before=before), profiles.shown(colours[None], "adobe")[0][numbers], near)
    same = chunk(b"gAMA", struct.pack(">I", 45455))
    yield _still("gamma-of-srgb", lambda: png(drawn(), 2, 8, before=same), drawn(), Within(1.5, 6.0))
    for gamma in (1.0, 1.8):
        told = chunk(b"gAMA", struct.pack(">I", round(100000 / gamma)))
        right = as_rgb(profiles.shown_grey(grey(), gamma))
        yield _still(f"gamma-{gamma}", lambda c=told: png(grey(), 0, 8, before=c), right, near, confirmed=False)
    corners = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
    told = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"cHRM", corners)
    numbers = profiles.stored(drawn(), "adobe")
    yield _still("corners-adobe", lambda: png(numbers, 2, 8, before=told), profiles.shown(numbers, "adobe"), near, confirmed=False)
    over = chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 100000))
    yield _still("srgb-over-gamma", lambda: png(drawn(), 2, 8, before=over), drawn())
    yield _still("significant-bits", lambda: png(drawn(), 2, 8, before=chunk(b"sBIT", b"\5\6\5")), drawn())
    yield _still("significant-bits-16", lambda: png(deep(drawn()), 2, 16, before=chunk(b"sBIT", b"\x0c\x0c\x0c")), drawn())
    yield _still("background", lambda: png(with_alpha(drawn()), 6, 8, before=chunk(b"bKGD", b"\0\xff\0\0\0\xff")), over_black(drawn()))
    for orientation, turn in TURNED.items():
        turned = np.ascontiguousarray(turn(drawn()))
        tag = chunk(b"eXIf", exif(orientation)[6:])
        yield _still(f"exif-{orientation}", lambda a=turned, c=tag: png(a, 2, 8, before=c), drawn(), confirmed=False)
    late = chunk(b"eXIf", exif(6)[6:])
    yield _still("exif-6-behind", lambda: png(np.ascontiguousarray(TURNED[6](drawn())), 2, 8, after=late), drawn(), confirmed=False)
    yield _still("animated", _animated, drawn())
    yield _still("many-pieces", lambda: _in_pieces(png(drawn(), 2, 8)), drawn())
    yield _still("text", lambda: png(drawn(), 2, 8, before=chunk(b"tEXt", b"Comment\0IEND")), drawn())
    yield _still("more-behind", lambda: png(drawn(), 2, 8) + b"more" * 100, drawn())


def _broken() -> Iterator[Case]:
    whole = {
        "rgb": png(drawn(), 2, 8),
        "palette": _palette_file(),
        "interlaced": png(drawn(), 2, 8, interlaced=True),
        "deep": png(deep(drawn()), 2, 16),
    }
    for name, data in whole.items():
        for share in (30, 60, 95):
            yield _still(f"{name}-cut-{share}", lambda d=data, s=share: d[: len(d) * s // 100], None)
        place = data.find(b"IDAT")
        yield _still(f"{name}-one-bit", lambda d=data, p=place: _flipped(d, p + 4 + (len(d) - p) // 2), None)
        right = indexed(8)[2] if name == "palette" else drawn()
        # the chunk's sum is wrong, and the stream's own is right: the picture is proven whole
        yield _still(f"{name}-sum", lambda d=data: _flipped(d, len(d) - 14), right, confirmed=False)
        yield _still(f"{name}-head-sum", lambda d=data: _flipped(d, 30), None, confirmed=False)
        yield _still(f"{name}-rows-missing", lambda d=data: _shortened(d), None)
    yield _still("text-sum", lambda: png(drawn(), 2, 8, before=chunk(b"tEXt", b"a\0b")[:-1] + b"\0"), drawn(), confirmed=False)
    yield _still("no-end", lambda: png(drawn(), 2, 8)[:-12], drawn(), confirmed=False)
    yield _still("adler", _bad_adler, None, confirmed=False)
    yield _still("no-palette", lambda: png(indexed(8)[0], 3, 8), None, confirmed=False)
    numbers, colours, _ = indexed(4)
    yield _still("palette-short", lambda: png(numbers, 3, 4, before=chunk(b"PLTE", colours[:8].tobytes())), None, confirmed=False)


def _palette_file() -> bytes:
    numbers, colours, _ = indexed(8)
    return png(numbers, 3, 8, before=chunk(b"PLTE", colours.tobytes()))


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


def _pixels(data: bytes) -> tuple[int, int]:
    """Where the only chunk of pixels begins (at its length), and how long its data is."""
    place = data.find(b"IDAT") - 4
    return place, int.from_bytes(data[place : place + 4], "big")


def _exchanged(data: bytes, stream: bytes) -> bytes:
    place, length = _pixels(data)
    return data[:place] + chunk(b"IDAT", stream) + data[place + 12 + length :]


def _shortened(data: bytes) -> bytes:
    place, length = _pixels(data)
    rows = zlib.decompress(data[place + 8 : place + 8 + length])
    return _exchanged(data, zlib.compress(rows[: len(rows) * 2 // 3]))


def _bad_adler() -> bytes:
    data = png(drawn(), 2, 8)
    place, length = _pixels(data)
    return _exchanged(data, data[place + 8 : place + 4 + length] + b"\1\2\3\4")


def _in_pieces(data: bytes) -> bytes:
    place, length = _pixels(data)
    stream = data[place + 8 : place + 8 + length]
    pieces = b"".join(chunk(b"IDAT", stream[at : at + 100]) for at in range(0, length, 100))
    return data[:place] + pieces + chunk(b"IDAT", b"") + data[place + 12 + length :]


def _animated() -> bytes:
    stream = io.BytesIO()
    frames = [Image.fromarray(np.ascontiguousarray(np.roll(drawn(), 9 * number, 0))) for number in range(3)]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()
