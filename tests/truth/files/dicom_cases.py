"""DICOM files that are not compressed: colours, greys, windows, tables, signs, orders of bytes; and broken ones."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from . import profiles
from .case import Case, Film, Still, bytes_of
from .dicom_writer import BIG, DEFLATED, EXPLICIT, IMPLICIT, described, dicom
from .picture import LOSSLESS, RGB, ROUNDED, Within, as_rgb, deep, drawn, grey, numbered
from .png_cases import indexed
from .tiff_cases import ycc

ROWS, COLUMNS = 120, 160


def cases() -> Iterator[Case]:
    """All that are not compressed."""
    yield from _coloured()
    yield from _profiled()
    yield from _grey()
    yield from _windowed()
    yield from _by_table()
    yield from _palettes()
    yield from _written_otherwise()
    yield from _broken()
    yield from _films()


def still(name: str, data: object, right: RGB | None, within: Within = LOSSLESS, confirmed: bool = True) -> Still:
    """One of the kind."""
    return Still("dicom", f"{name}.dcm", bytes_of(data), [] if right is None else [right], within, confirmed)


def _colour(photometric: str, data: bytes, syntax: str = EXPLICIT, **says: Any) -> bytes:
    how = {name: says.pop(name) for name in ("preamble", "meta") if name in says}
    return dicom(syntax, **how, **(described(ROWS, COLUMNS, 3, photometric, 8) | {"pixels": data} | says))


def mono(photometric: str, values: np.ndarray, bits: int, syntax: str = EXPLICIT, **says: Any) -> bytes:
    """One channel; `values` in the width that they are stored in."""
    order = ">" if syntax == BIG else "<"
    pixels = values.astype(values.dtype.newbyteorder(order)).tobytes()
    if syntax == BIG and values.dtype.itemsize == 1:
        pixels = np.frombuffer(pixels, np.uint8).reshape(-1, 2)[:, ::-1].tobytes()  # bytes in words, and these turned
    return dicom(syntax, **(described(ROWS, COLUMNS, 1, photometric, bits) | {"pixels": pixels} | says))


def _planes(values: np.ndarray) -> bytes:
    return np.moveaxis(values, -1, 0).tobytes()


def _sampled_422() -> bytes:
    values = ycc(drawn()).astype(np.float64)
    blue, red = (values[..., index].reshape(ROWS, COLUMNS // 2, 2).mean(-1) for index in (1, 2))
    return np.stack([values[:, ::2, 0], values[:, 1::2, 0], blue, red], -1).round().astype(np.uint8).tobytes()


def _coloured() -> Iterator[Case]:
    for syntax, name in ((EXPLICIT, "explicit"), (IMPLICIT, "implicit"), (DEFLATED, "deflated")):
        yield still(f"rgb-{name}", lambda s=syntax: _colour("RGB", drawn().tobytes(), s), drawn())
        yield still(f"rgb-planar-{name}", lambda s=syntax: _colour("RGB", _planes(drawn()), s, planar=1), drawn())
        yield still(f"ybr-full-{name}", lambda s=syntax: _colour("YBR_FULL", ycc(drawn()).tobytes(), s), drawn(), ROUNDED)
    yield still("ybr-full-planar", lambda: _colour("YBR_FULL", _planes(ycc(drawn())), planar=1), drawn(), ROUNDED)
    yield still("ybr-full-422", lambda: _colour("YBR_FULL_422", _sampled_422()), drawn(), Within(5, 28))
    yield still("ybr-full-422-in-full-length", lambda: _colour("YBR_FULL_422", ycc(drawn()).tobytes()), drawn(), ROUNDED, confirmed=False)
    yield still("rgb-without-planar", lambda: _colour("RGB", drawn().tobytes(), planar=None), drawn(), confirmed=False)
    yield still("ybr-without-planar", lambda: _colour("YBR_FULL", ycc(drawn()).tobytes(), planar=None), drawn(), ROUNDED, confirmed=False)
    for bits in (10, 12, 16):
        for planar in (0, 1):
            values = deep(drawn(), bits).astype("<u2")
            pixels = _planes(values) if planar else values.tobytes()
            says = described(ROWS, COLUMNS, 3, "RGB", bits, planar=planar, pixels=pixels)
            yield still(f"rgb-{bits}-{'planar' if planar else 'plain'}", lambda s=says: dicom(EXPLICIT, **s), drawn(), confirmed=bits == 16)
    big = np.ascontiguousarray(deep(drawn()).astype(">u2")).tobytes()
    yield still("rgb-16-big-endian", lambda: dicom(BIG, **described(ROWS, COLUMNS, 3, "RGB", 16, pixels=big)), drawn())
    yield still("unknown-colours", lambda: _colour("HSV", drawn().tobytes()), None, confirmed=False)
    yield still(
        "argb", lambda: dicom(EXPLICIT, **described(ROWS, COLUMNS, 4, "ARGB", 8, pixels=bytes(ROWS * COLUMNS * 4))), None, confirmed=False
    )


def _profiled() -> Iterator[Case]:
    for name in profiles.NAMES:
        numbers = profiles.stored(drawn(), name)
        data = lambda a=numbers, n=name: _colour("RGB", a.tobytes(), icc=profiles.profile(n))  # noqa: E731
        yield still(f"icc-{name}", data, profiles.shown(numbers, name), Within(2.5, 9.0), confirmed=False)


def _grey() -> Iterator[Case]:
    for bits in (8, 10, 12, 14, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        turned = (255 - grey()) if bits == 8 else deep(255 - grey(), bits)
        for syntax, name in ((EXPLICIT, "explicit"), (IMPLICIT, "implicit"), (BIG, "big-endian"), (DEFLATED, "deflated")):
            if syntax == EXPLICIT or bits in (8, 12):
                yield still(f"grey-{bits}-{name}", lambda v=values, b=bits, s=syntax: mono("MONOCHROME2", v, b, s), as_rgb(grey()))
        yield still(f"white-is-0-{bits}", lambda v=turned, b=bits: mono("MONOCHROME1", v, b), as_rgb(grey()))
    for bits in (8, 12, 16):
        room = np.int8 if bits == 8 else np.int16
        values = ((grey() if bits == 8 else deep(grey(), bits)).astype(np.int32) - (1 << (bits - 1))).astype(room)
        yield still(f"signed-{bits}", lambda v=values, b=bits: mono("MONOCHROME2", v, b, signed=1), as_rgb(grey()), confirmed=False)
        kept = values.view(np.uint8 if bits == 8 else np.uint16) & ((1 << bits) - 1)
        yield still(
            f"signed-{bits}-high-bits-clear", lambda v=kept, b=bits: mono("MONOCHROME2", v, b, signed=1), as_rgb(grey()), confirmed=False
        )
    upper = deep(grey(), 12) | (np.arange(COLUMNS, dtype=np.uint16) % 16 << 12)
    yield still("grey-12-with-more-above", lambda: mono("MONOCHROME2", upper, 12), as_rgb(grey()))
    shifted = deep(grey(), 12) << 4
    yield still("grey-12-in-the-high-bits", lambda: mono("MONOCHROME2", shifted, 12, high=15), as_rgb(grey()), confirmed=False)
    flat = dicom(
        EXPLICIT,
        **described(ROWS, COLUMNS, 1, "MONOCHROME2", 1, allocated=1, pixels=np.packbits(grey() > 127, bitorder="little").tobytes()),
    )
    yield still("grey-1", lambda: flat, as_rgb(((grey() > 127) * 255).astype(np.uint8)), confirmed=False)
    wide = np.round(grey() / 255 * 0xFFFFFFFF).astype(np.uint32)
    yield still("grey-32", lambda: mono("MONOCHROME2", wide, 32), as_rgb(grey()), confirmed=False)


def windowed(values: np.ndarray, centre: float, width: float, function: str = "LINEAR") -> RGB:
    """DICOM PS3.3 C.11.2.1.2, to 0..255."""
    values = values.astype(np.float64)
    if function == "SIGMOID":
        shown = 255 / (1 + np.exp(-4 * (values - centre) / width))
    elif function == "LINEAR_EXACT":
        shown = 255 * ((values - centre) / width + 0.5)
    else:
        shown = 255 * ((values - (centre - 0.5)) / (width - 1) + 0.5)
    return as_rgb(np.clip(shown, 0, 255).round().astype(np.uint8))


def _windowed() -> Iterator[Case]:
    values = deep(grey(), 12)
    for function in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        for centre, width in ((2048, 4096), (1200, 1000), (3000, 300)):
            says = {"centre": centre, "width": width, "function": function}
            right = windowed(values, centre, width, function)
            near = LOSSLESS if function != "SIGMOID" else ROUNDED
            yield still(
                f"window-{centre}-{width}-{function.lower()}",
                lambda s=says: mono("MONOCHROME2", values, 12, **s),
                right,
                near,
                function == "LINEAR",
            )
    for centre, width in ((128, 256), (100, 60)):
        right = windowed(grey(), centre, width)
        yield still(f"window-8-{centre}-{width}", lambda c=centre, w=width: mono("MONOCHROME2", grey(), 8, centre=c, width=w), right)
    inverted = 255 - windowed(values, 1200, 1000)
    yield still("window-white-is-0", lambda: mono("MONOCHROME1", values, 12, centre=1200, width=1000), inverted)
    right = windowed(values, 1200, 1000)
    yield still("windows-several", lambda: mono("MONOCHROME2", values, 12, centre=[1200, 3000], width=[1000, 300]), right)
    rescaled = values * 2.0 - 1024
    says = {"slope": 2, "intercept": -1024, "modality": "CT"}
    yield still("rescaled", lambda: mono("MONOCHROME2", values, 12, **says), as_rgb(grey()))
    yield still("rescaled-window", lambda: mono("MONOCHROME2", values, 12, centre=1000, width=2000, **says), windowed(rescaled, 1000, 2000))
    signed = (values.astype(np.int32) - 2048).astype(np.int16)
    yield still("signed-window", lambda: mono("MONOCHROME2", signed, 12, signed=1, centre=-200, width=1500), windowed(signed, -200, 1500))
    yield still(
        "negative-slope",
        lambda: mono("MONOCHROME2", values, 12, slope=-1, intercept=4095, centre=2048, width=4096),
        windowed(4095 - values, 2048, 4096),
    )
    yield still("window-of-nothing", lambda: mono("MONOCHROME2", values, 12, centre=1000, width=0), as_rgb(grey()), confirmed=False)
    yield still("window-8-of-identity-slope", lambda: mono("MONOCHROME2", grey(), 8, slope=1, intercept=0), as_rgb(grey()))


def _by_table() -> Iterator[Case]:
    values = deep(grey(), 12)
    curve = np.round(255 * (np.arange(4096) / 4095) ** 2).astype("<u2")
    right = as_rgb(curve[values].astype(np.uint8))
    table = {"table": [4096, 0, 8], "entries": curve.tobytes()}
    yield still("voi-table-8", lambda: mono("MONOCHROME2", values, 12, voi=[table]), right)
    deeper = np.round(65535 * (np.arange(4096) / 4095) ** 2).astype("<u2")
    wide = {"table": [4096, 0, 16], "entries": deeper.tobytes()}
    yield still("voi-table-16", lambda: mono("MONOCHROME2", values, 12, voi=[wide]), right, ROUNDED)
    part = {"table": [1000, 1000, 16], "entries": np.round(np.linspace(0, 65535, 1000)).astype("<u2").tobytes()}
    clipped = as_rgb(np.round(np.clip((values.astype(float) - 1000) / 999, 0, 1) * 255).astype(np.uint8))
    yield still("voi-table-part", lambda: mono("MONOCHROME2", values, 12, voi=[part]), clipped, ROUNDED)
    modality = {"table": [4096, 0, 16], "kind": "US", "entries": deeper.tobytes()}
    squared = as_rgb(np.round(deeper[values] / 257.0).astype(np.uint8))
    yield still("modality-table", lambda: mono("MONOCHROME2", values, 12, modality_table=[modality]), squared, ROUNDED)
    windows = {"centre": 32768, "width": 65536}
    yield still("modality-table-window", lambda: mono("MONOCHROME2", values, 12, modality_table=[modality], **windows), squared, ROUNDED)


def _palettes() -> Iterator[Case]:
    numbers, colours, right = indexed(8)
    deeper = colours.astype("<u2") * 257
    tables = {name: [256, 0, 16] for name in ("red_table", "green_table", "blue_table")}
    entries = {name: deeper[:, index].tobytes() for index, name in enumerate(("red", "green", "blue"))}
    yield still("palette-8-of-16", lambda: mono("PALETTE COLOR", numbers, 8, **tables, **entries), right)
    small = {name: [256, 0, 8] for name in tables}
    plain = {name: colours[:, index].tobytes() for index, name in enumerate(("red", "green", "blue"))}
    yield still("palette-8-of-8", lambda: mono("PALETTE COLOR", numbers, 8, **small, **plain), right, confirmed=False)
    loose = {name: colours[:, index].astype("<u2").tobytes() for index, name in enumerate(("red", "green", "blue"))}
    yield still("palette-8-of-8-in-16", lambda: mono("PALETTE COLOR", numbers, 8, **small, **loose), right, confirmed=False)
    later = {name: [200, 40, 16] for name in tables}
    part = {name: deeper[40:240, index].tobytes() for index, name in enumerate(("red", "green", "blue"))}
    shown = colours[np.clip(numbers, 40, 239)]
    yield still("palette-from-40", lambda: mono("PALETTE COLOR", numbers, 8, **later, **part), shown)
    many = np.random.default_rng(0).integers(0, 65536, (65536, 3)).astype("<u2")
    full = {name: [0, 0, 16] for name in tables}
    parts = {name: many[:, index].tobytes() for index, name in enumerate(("red", "green", "blue"))}
    shown = np.round(many[deep(grey())] / 257.0).astype(np.uint8)
    yield still("palette-16", lambda: mono("PALETTE COLOR", deep(grey()), 16, **full, **parts), shown)
    yield still("palette-missing", lambda: mono("PALETTE COLOR", numbers, 8), None, confirmed=False)
    less = entries | {"green": deeper[:100, 1].tobytes()}
    yield still("palette-short", lambda: mono("PALETTE COLOR", numbers, 8, **tables, **less), None, confirmed=False)


def _written_otherwise() -> Iterator[Case]:
    whole = _colour("RGB", drawn().tobytes())
    yield still("no-preamble", lambda: _colour("RGB", drawn().tobytes(), preamble=False), drawn(), confirmed=False)
    yield still(
        "no-head-implicit", lambda: _colour("RGB", drawn().tobytes(), IMPLICIT, preamble=False, meta=False), drawn(), confirmed=False
    )
    yield still("no-head-explicit", lambda: _colour("RGB", drawn().tobytes(), preamble=False, meta=False), drawn(), confirmed=False)
    yield still(
        "no-head-grey-12",
        lambda: mono("MONOCHROME2", deep(grey(), 12), 12, IMPLICIT, preamble=False, meta=False),
        as_rgb(grey()),
        confirmed=False,
    )
    yield Still("dicom", "no-suffix", bytes_of(lambda: whole), [drawn()])
    yield Still("dicom", "named.jpg", bytes_of(lambda: whole), [drawn()])
    yield Still(
        "dicom",
        "named-without-preamble.jpg",
        bytes_of(lambda: _colour("RGB", drawn().tobytes(), preamble=False)),
        [drawn()],
        confirmed=False,
    )
    yield still("more-behind", lambda: whole + bytes(300), drawn(), confirmed=False)
    yield still("odd-length", lambda: _odd(), drawn(161, 121))
    yield still("says-one-frame", lambda: _colour("RGB", drawn().tobytes(), frames=1), drawn())
    yield still("says-nothing-of-samples", lambda: _colour("RGB", drawn().tobytes(), samples=None), drawn(), confirmed=False)
    yield still("syntax-says-implicit", lambda: _lying(whole), drawn(), confirmed=False)


def _odd() -> bytes:
    return dicom(EXPLICIT, **described(121, 161, 3, "RGB", 8, pixels=drawn(161, 121).tobytes()))


def _lying(data: bytes) -> bytes:
    return data.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)


def _broken() -> Iterator[Case]:
    pixels = {"rgb": _colour("RGB", drawn().tobytes()), "planar": _colour("RGB", _planes(drawn()), planar=1)}
    pixels |= {"grey-12": mono("MONOCHROME2", deep(grey(), 12), 12), "deflated": _colour("RGB", drawn().tobytes(), DEFLATED)}
    for name, data in pixels.items():
        for share in (40, 97):
            yield still(f"{name}-cut-{share}", lambda d=data, s=share: d[: len(d) * s // 100], None)
    yield still("pixels-short", lambda: _colour("RGB", drawn().tobytes()[:30000]), None)
    yield still("pixels-long", lambda: _colour("RGB", drawn().tobytes() + bytes(7000)), drawn(), confirmed=False)
    yield still("rows-doubled", lambda: _colour("RGB", drawn().tobytes(), rows=240), None)
    yield still("allocated-16-for-8", lambda: _colour("RGB", drawn().tobytes(), allocated=16, stored=16, high=15), None)
    yield still("stored-more-than-allocated", lambda: mono("MONOCHROME2", grey(), 8, stored=12, high=11), as_rgb(grey()), confirmed=False)
    yield still("no-pixels", lambda: _colour("RGB", drawn().tobytes(), pixels=None), None)
    yield still("no-rows", lambda: _colour("RGB", drawn().tobytes(), rows=None), None)
    yield still("no-photometric", lambda: _colour("", drawn().tobytes()).replace(b"\x28\0\4\0CS\0\0", b""), drawn(), confirmed=False)


def _films() -> Iterator[Case]:
    frames = [numbered(index) for index in range(6)]
    stack = b"".join(frame.tobytes() for frame in frames)

    def film(name: str, right: list[RGB], *, some: bool = False, **says: Any) -> Film:
        told = described(144, 176, 3, "RGB", 8, frames=6, pixels=stack) | says
        syntax = told.pop("syntax", EXPLICIT)
        return Film("dicom", f"film-{name}.dcm", bytes_of(lambda: dicom(syntax, **told)), right, LOSSLESS, some=some)

    yield film("rgb", frames)
    yield film("implicit", frames, syntax=IMPLICIT)
    yield film("planar", frames, planar=1, pixels=b"".join(_planes(frame) for frame in frames))
    yield film("deflated", frames, syntax=DEFLATED)
    yield film("says-4-of-6", frames, some=True, frames=4)
    yield film("says-9-of-6", frames, some=True, frames=9)
    yield film("cut", frames[:4], some=True, pixels=stack[: len(stack) * 5 // 6 - 4000])
    deeper = np.stack([deep(frame[..., 0], 12) for frame in frames])
    wide = described(144, 176, 1, "MONOCHROME2", 12, pixels=deeper.tobytes(), centre=2048, width=4096)
    yield film("grey-12", [windowed(one, 2048, 4096) for one in deeper], **wide)
