"""TIFF files by hand, so that no library's idea of them counts: depths, signs, orders, planes, tiles, colours, alpha, turns, profiles."""

from collections.abc import Iterator

import numpy as np

from . import profiles
from .case import Case, Still, bytes_of
from .jpeg_cases import pillow
from .picture import LOSSLESS, LOSSY, RGB, TURNED, Within, as_rgb, deep, drawn, grey
from .png_cases import coarse, indexed, over_black, with_alpha
from .tiff_writer import directory_first, page, tiff

NEAR = Within(2.5, 9.0)
ROUND = Within(1.0, 1.0)
BLACK_IS_0, WHITE_IS_0, COLOUR, PALETTE, MASK, INKS, YCC, LAB = 1, 0, 2, 3, 4, 5, 6, 8


def cases() -> Iterator[Case]:
    """All that are made by hand."""
    yield from _deep()
    yield from _laid_out()
    yield from _other_numbers()
    yield from _of_other_colours()
    yield from _transparent()
    yield from _turned()
    yield from _profiled()
    yield from _several()
    yield from _broken()


def still(name: str, data: object, right: RGB | None, within: Within = LOSSLESS, confirmed: bool = True) -> Still:
    """One of the kind."""
    return Still("tiff", f"{name}.tif", bytes_of(data), [] if right is None else [right], within, confirmed)


def one(name: str, values: np.ndarray, photometric: int, bits: int, right: RGB | None, within: Within = LOSSLESS, **more: object) -> Still:
    """A file of one uncompressed page."""
    big, confirmed = bool(more.pop("big", False)), bool(more.pop("confirmed", True))
    order = str(more.get("order", "<"))
    return still(name, lambda: tiff([page(values, photometric, bits, **more)], order=order, big=big), right, within, confirmed)


def _deep() -> Iterator[Case]:
    for bits in (1, 2, 4):
        numbers, right = coarse(bits)
        yield one(f"grey-{bits}", numbers, BLACK_IS_0, bits, right)
        yield one(f"white-is-0-{bits}", (1 << bits) - 1 - numbers, WHITE_IS_0, bits, right)
        numbers, colours, right = indexed(bits)
        yield one(f"palette-{bits}", numbers, PALETTE, bits, right, more=_table(colours))
    numbers, colours, right = indexed(8)
    yield one("palette-8", numbers, PALETTE, 8, right, more=_table(colours))
    yield one("palette-8-of-8-bits", numbers, PALETTE, 8, right, more={320: ("H", colours.T.ravel())}, confirmed=False)
    for bits in (8, 10, 12, 14, 16, 32):
        many = _scaled(grey(), bits)
        for order in "<>":
            end = "-mm" if order == ">" else ""
            yield one(f"grey-{bits}{end}", many, BLACK_IS_0, bits, as_rgb(grey()), order=order, confirmed=bits in (8, 16))
            yield one(
                f"white-is-0-{bits}{end}",
                _scaled(255 - grey(), bits),
                WHITE_IS_0,
                bits,
                as_rgb(grey()),
                order=order,
                confirmed=bits in (8, 16),
            )
            for planar in (False, True):
                name = f"rgb-{bits}{'-planar' if planar else ''}{end}"
                yield one(name, _scaled(drawn(), bits), COLOUR, bits, drawn(), order=order, planar=planar, confirmed=bits in (8, 16))
    for bits in (10, 12, 14):
        yield one(
            f"grey-{bits}-in-16", deep(grey(), bits), BLACK_IS_0, 16, as_rgb(grey()), more={281: ("H", (1 << bits) - 1)}, confirmed=False
        )
        most = {281: ("H", [(1 << bits) - 1] * 3)}
        yield one(f"rgb-{bits}-in-16", deep(drawn(), bits), COLOUR, 16, drawn(), more=most, confirmed=False)
        below = {281: ("H", (1 << bits) - 1)}
        values = deep(255 - grey(), bits)
        yield one(f"white-is-0-{bits}-in-16", values, WHITE_IS_0, 16, as_rgb(grey()), more=below, confirmed=False)
    yield one("rgb-4", (drawn() >> 4).astype(np.uint8), COLOUR, 4, (drawn() >> 4) * 17)


def _laid_out() -> Iterator[Case]:
    for bits in (8, 16):
        for planar in (False, True):
            for tile in (16, 64):
                name = f"tiles-{tile}-{bits}{'-planar' if planar else ''}"
                yield one(name, _scaled(drawn(), bits), COLOUR, bits, drawn(), planar=planar, tile=tile)
        yield one(f"tiles-grey-{bits}", _scaled(grey(), bits), BLACK_IS_0, bits, as_rgb(grey()), tile=32)
        for rows in (1, 7, 120, 5000):
            yield one(f"rows-{rows}-{bits}", _scaled(drawn(), bits), COLOUR, bits, drawn(), rows=rows)
        yield one(f"big-{bits}", _scaled(drawn(), bits), COLOUR, bits, drawn(), big=True)
        yield one(f"big-mm-{bits}", _scaled(drawn(), bits), COLOUR, bits, drawn(), big=True, order=">")
    wide = drawn(161, 121)
    yield one("odd-size", wide, COLOUR, 8, wide)
    yield one("odd-size-tiles-planar-16", deep(wide), COLOUR, 16, wide, tile=32, planar=True)
    reverse = np.array([int(f"{value:08b}"[::-1], 2) for value in range(256)], np.uint8)
    numbers, right = coarse(1)
    yield still("bits-reversed-1", lambda: _reversed_bits(numbers, reverse), right)


def _other_numbers() -> Iterator[Case]:
    for bits, dtype in ((8, np.int8), (16, np.int16), (32, np.int32)):
        low = -(1 << (bits - 1))
        for name, picture, photometric in (("grey", grey(), BLACK_IS_0), ("rgb", drawn(), COLOUR)):
            values = (_scaled(picture, bits).astype(np.int64) + low).astype(dtype)
            right = as_rgb(picture) if picture.ndim == 2 else picture
            yield one(f"signed-{name}-{bits}", values, photometric, bits, right, ROUND, kind=2, confirmed=False)
    for bits, dtype in ((16, np.float16), (32, np.float32), (64, np.float64)):
        for top in (1.0, 255.0, 65535.0):
            if bits == 16 and top > 1000:
                continue
            name = f"{bits}-{top:g}"
            yield one(
                f"float-grey-{name}", (grey() / 255 * top).astype(dtype), BLACK_IS_0, bits, as_rgb(grey()), ROUND, kind=3, confirmed=False
            )
            rgb = (drawn() / 255 * top).astype(dtype)
            yield one(f"float-rgb-{name}", rgb, COLOUR, bits, drawn(), ROUND, kind=3, confirmed=False)
            yield one(f"float-rgb-planar-{name}", rgb, COLOUR, bits, drawn(), ROUND, kind=3, planar=True, confirmed=False)
    missing = (grey() / 255).astype(np.float32)
    missing[5, 5] = np.nan
    yield one("float-not-a-number", missing, BLACK_IS_0, 32, as_rgb(grey()), Within(1.5, 6), kind=3, confirmed=False)


def _of_other_colours() -> Iterator[Case]:
    inks = np.concatenate([255 - drawn(), np.zeros((*drawn().shape[:2], 1), np.uint8)], -1)
    for bits in (8, 16):
        for planar in (False, True):
            yield one(f"cmyk-{bits}{'-planar' if planar else ''}", _scaled(inks, bits), INKS, bits, drawn(), Within(1.5, 3), planar=planar)
    lab = profiles.lab(drawn())
    eight = np.stack([lab[..., 0] * 2.55, lab[..., 1], lab[..., 2]], -1).round().astype(np.int16).astype(np.uint8)
    yield one("lab-8", eight, LAB, 8, drawn(), Within(4.0, 30.0), confirmed=False)
    sixteen = np.stack([lab[..., 0] * 655.35, lab[..., 1] * 256, lab[..., 2] * 256], -1).round().astype(np.int32).astype(np.uint16)
    yield one("lab-16", sixteen, LAB, 16, drawn(), Within(4.0, 30.0), confirmed=False)
    for across, down in ((1, 1), (2, 1), (2, 2), (4, 1), (4, 2)):
        more = {
            530: ("H", [across, down]),
            532: ("2I", [(0, 1), (255, 1), (128, 1), (255, 1), (128, 1), (255, 1)]),
            529: ("2I", [(299, 1000), (587, 1000), (114, 1000)]),
        }
        yield still(f"ycc-{across}{down}", lambda a=across, d=down, m=more: _sampled(a, d, m), drawn(), Within(5.0, 30.0))
    yield one("mask", coarse(1)[0], MASK, 1, None, confirmed=False)
    yield one("filter-array", _scaled(grey(), 16), 32803, 16, None, confirmed=False)
    yield one("unknown-colours", drawn(), 4242, 8, None, confirmed=False)


def _transparent() -> Iterator[Case]:
    for bits in (8, 16):
        for planar in (False, True):
            end = f"{bits}{'-planar' if planar else ''}"
            plain, over = _scaled(drawn(), bits), over_black(drawn())
            loose = with_alpha(plain)
            yield one(f"alpha-unassociated-{end}", loose, COLOUR, bits, over, planar=planar, more={338: ("H", 2)})
            tied = with_alpha(_scaled(over, bits))
            yield one(f"alpha-associated-{end}", tied, COLOUR, bits, over, Within(1.5, 3), planar=planar, more={338: ("H", 1)})
            yield one(f"extra-unspecified-{end}", loose, COLOUR, bits, drawn(), planar=planar, more={338: ("H", 0)}, confirmed=False)
        yield one(
            f"grey-alpha-{bits}", with_alpha(_scaled(grey(), bits)), BLACK_IS_0, bits, over_black(as_rgb(grey())), more={338: ("H", 2)}
        )
        two = with_alpha(with_alpha(_scaled(drawn(), bits)), 255 - grey())
        yield one(f"extra-two-{bits}", two, COLOUR, bits, drawn(), more={338: ("H", [0, 0])}, confirmed=False)


def _turned() -> Iterator[Case]:
    for orientation, turn in TURNED.items():
        turned, tag = np.ascontiguousarray(turn(drawn())), {274: ("H", orientation)}
        yield one(f"orientation-{orientation}", turned, COLOUR, 8, drawn(), more=tag)
        yield one(f"orientation-{orientation}-16-planar", deep(turned), COLOUR, 16, drawn(), more=tag, planar=True)
        grey_turned = np.ascontiguousarray(turn(grey()))
        yield one(f"orientation-{orientation}-grey-tiles", grey_turned, BLACK_IS_0, 8, as_rgb(grey()), more=tag, tile=32)


def _profiled() -> Iterator[Case]:
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        more = {34675: ("u", profiles.profile(name))}
        yield one(f"icc-{name}", numbers, COLOUR, 8, profiles.shown(numbers, name), NEAR, more=more)
        yield one(f"icc-{name}-16-planar", deep(numbers), COLOUR, 16, profiles.shown(numbers, name), NEAR, more=more, planar=True)
    tag = {34675: ("u", profiles.grey_profile(1.0))}
    right = as_rgb(profiles.shown_grey(grey(), 1.0))
    yield one("icc-grey-1.0", grey(), BLACK_IS_0, 8, right, NEAR, more=tag)
    yield one("icc-grey-1.0-16", deep(grey()), BLACK_IS_0, 16, right, NEAR, more=tag)


def _several() -> Iterator[Case]:
    first, second = page(drawn(), COLOUR, 8), page(np.ascontiguousarray(drawn()[::-1]), COLOUR, 8)
    small = page(drawn(64, 48), COLOUR, 8, more={254: ("I", 1)})
    yield still("pages-3", lambda: tiff([first, second, first]), drawn())
    yield still("pages-of-kinds", lambda: tiff([page(deep(grey()), BLACK_IS_0, 16), second]), as_rgb(grey()))
    yield still("preview-behind", lambda: tiff([first, small]), drawn())


def _broken() -> Iterator[Case]:
    for name, told in {"rgb": page(drawn(), COLOUR, 8), "deep-planar": page(deep(drawn()), COLOUR, 16, planar=True)}.items():
        for where, data in {"behind": tiff([told]), "in-front": directory_first(*told)}.items():
            for share in (30, 60, 95):
                yield still(f"{name}-{where}-cut-{share}", lambda d=data, s=share: d[: len(d) * s // 100], None)
    yield still("directory-in-front", lambda: directory_first(*page(drawn(), COLOUR, 8)), drawn())
    tags, pieces = page(drawn(), COLOUR, 8)
    yield still("strips-short", lambda: tiff([(tags, [*pieces[:-1], pieces[-1][:500]])]), None)
    yield still("strip-missing", lambda: tiff([(tags, pieces[:-1])]), None)
    yield still("taller-than-its-strips", lambda: tiff([({**tags, 257: ("I", 400)}, pieces)]), None)
    yield still("bits-of-kinds", lambda: tiff([({**tags, 258: ("H", [8, 16, 8])}, pieces)]), None, confirmed=False)
    yield still("old-jpeg", _old_jpeg, drawn(), LOSSY, confirmed=False)


# --- made by hand -----------------------------------------------------------------------------------------------------


def _table(colours: np.ndarray) -> dict[int, tuple[str, object]]:
    return {320: ("H", colours.astype(np.uint16).T.ravel() * 257)}


def _scaled(values: np.ndarray, bits: int) -> np.ndarray:
    if bits <= 8:
        return values
    return np.round(values.astype(np.float64) / 255 * ((1 << bits) - 1)).astype(np.uint16 if bits <= 16 else np.uint32)


def _reversed_bits(numbers: np.ndarray, reverse: np.ndarray) -> bytes:
    tags, pieces = page(numbers, BLACK_IS_0, 1)
    return tiff([({**tags, 266: ("H", 2)}, [reverse[np.frombuffer(piece, np.uint8)].tobytes() for piece in pieces])])


def ycc(rgb: RGB) -> np.ndarray:
    """As JFIF has it, from 0 to 255."""
    red, green, blue = (rgb[..., index].astype(np.float64) for index in range(3))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    both = [128 + (blue - light) / 1.772, 128 + (red - light) / 1.402]
    return np.clip(np.stack([light, *both], -1).round(), 0, 255).astype(np.uint8)


def _sampled(across: int, down: int, more: dict[int, tuple[str, object]]) -> bytes:
    values = ycc(drawn())
    height, width = values.shape[:2]
    light = (
        values[..., 0]
        .reshape(height // down, down, width // across, across)
        .transpose(0, 2, 1, 3)
        .reshape(height // down, width // across, -1)
    )
    colour = (
        values[..., 1:].astype(np.float64).reshape(height // down, down, width // across, across, 2).mean((1, 3)).round().astype(np.uint8)
    )
    tags, _ = page(values, YCC, 8, rows=height, more=more)
    return tiff([(tags, [np.concatenate([light, colour], -1).tobytes()])])


def _old_jpeg() -> bytes:
    """Compression 6 of TIFF 6.0: a whole JPEG file somewhere in the file."""
    stream = pillow(drawn())
    tags = {
        256: ("I", 160),
        257: ("I", 120),
        258: ("H", [8, 8, 8]),
        259: ("H", 6),
        262: ("H", YCC),
        277: ("H", 3),
        278: ("I", 120),
        284: ("H", 1),
    }
    tags |= {512: ("H", 1), 513: ("I", 8), 514: ("I", len(stream)), 530: ("H", [1, 1])}
    return tiff([(tags, [stream])])
