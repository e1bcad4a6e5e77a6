"""TIFF files compressed by libtiff's own tiffcp: each codec, with predictors, planes, tiles and orders of bytes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .case import Case, Make, Missing, Still, command
from .picture import LOSSLESS, LOSSY, RGB, Within, as_rgb, deep, drawn, grey
from .png_cases import coarse, indexed, over_black, with_alpha
from .tiff_cases import BLACK_IS_0, COLOUR, INKS, PALETTE, WHITE_IS_0
from .tiff_writer import page, tiff

_PLAIN = ("lzw", "zip", "packbits", "zstd", "lzma", "lzw:2", "zip:2", "zstd:2", "lzma:2")
_WAYS = {"": (), "separate": ("-p", "separate"), "tiles": ("-t", "-w", "64", "-l", "32"), "mm": ("-B",), "big": ("-8",), "row": ("-r", "1")}
_WAYS |= {"separate-tiles": ("-p", "separate", "-t", "-w", "32", "-l", "32"), "big-mm-tiles": ("-8", "-B", "-t", "-w", "64", "-l", "64")}


def cases() -> Iterator[Case]:
    """All."""
    rgb = {"rgb-8": (drawn(), COLOUR, 8), "rgb-16": (deep(drawn()), COLOUR, 16)}
    for codec in _PLAIN:
        for kind, (values, photometric, bits) in rgb.items():
            for way, words in _WAYS.items():
                if kind == "rgb-16" and way == "separate-tiles":
                    continue  # tiffcp itself mixes them up
                if way in ("", "separate", "separate-tiles") or codec in ("lzw", "zip:2"):
                    planar = bits == 16 and "separate" in words  # tiffcp takes apart those of 8 bits alone
                    yield _one(
                        f"{kind}-{codec}-{way}", tiff([page(values, photometric, bits, planar=planar)]), ("-c", codec, *words), drawn()
                    )
    yield from _other_pixels()
    yield from _fax()
    yield from _jpeg()
    yield from _cut()


def _other_pixels() -> Iterator[Case]:
    numbers, colours, right = indexed(8)
    table = {320: ("H", colours.astype(np.uint16).T.ravel() * 257)}
    few, shown = coarse(4)
    sources = {
        "grey-8": (tiff([page(grey(), BLACK_IS_0, 8)]), as_rgb(grey())),
        "grey-16": (tiff([page(deep(grey()), BLACK_IS_0, 16)]), as_rgb(grey())),
        "grey-4": (tiff([page(few, BLACK_IS_0, 4)]), shown),
        "white-is-0-16": (tiff([page(deep(255 - grey()), WHITE_IS_0, 16)]), as_rgb(grey())),
        "palette-8": (tiff([page(numbers, PALETTE, 8, more=table)]), right),
        "alpha-8": (tiff([page(with_alpha(drawn()), COLOUR, 8, more={338: ("H", 2)})]), over_black(drawn())),
        "alpha-16": (tiff([page(with_alpha(deep(drawn())), COLOUR, 16, more={338: ("H", 2)})]), over_black(drawn())),
    }
    for kind, (data, picture) in sources.items():
        for codec in ("lzw", "zip", "zip:2") if kind[-2:] in ("-8", "16") else ("lzw", "packbits"):
            yield _one(f"{kind}-{codec}", data, ("-c", codec), picture)
    for kind, values, photometric, picture in (("grey", grey(), BLACK_IS_0, as_rgb(grey())), ("rgb", drawn(), COLOUR, drawn())):
        data = tiff([page((values / 255).astype(np.float32), photometric, 32, kind=3)])
        for codec in ("lzw", "zip:3", "lzw:3", "zstd:3"):
            yield _one(f"float-{kind}-{codec}", data, ("-c", codec), picture, confirmed=False)
    inks = np.concatenate([255 - drawn(), np.zeros((*drawn().shape[:2], 1), np.uint8)], -1)
    yield _one("cmyk-lzw", tiff([page(inks, INKS, 8)]), ("-c", "lzw"), drawn(), Within(1.5, 3))
    turned = np.ascontiguousarray(drawn()[:, ::-1].swapaxes(0, 1))
    yield _one(
        "orientation-lzw", tiff([page(turned, COLOUR, 8, more={274: ("H", 8)})]), ("-c", "lzw", "-t", "-w", "32", "-l", "32"), _by_8(turned)
    )


def _by_8(stored: RGB) -> RGB:
    return np.ascontiguousarray(stored.swapaxes(0, 1)[::-1])


def _fax() -> Iterator[Case]:
    numbers, right = coarse(1)
    for name, photometric, values in (("black-is-0", BLACK_IS_0, numbers), ("white-is-0", WHITE_IS_0, 1 - numbers)):
        data = tiff([page(values, photometric, 1)])
        for codec in ("g3", "g3:1d", "g3:2d:fill", "g4", "lzw", "packbits"):
            yield _one(f"{name}-1-{codec.replace(':', '_')}", data, ("-c", codec), right)
        yield _one(f"{name}-1-g4-reversed", data, ("-c", "g4", "-f", "lsb2msb"), right)


def _jpeg() -> Iterator[Case]:
    rgb, plain = tiff([page(drawn(), COLOUR, 8)]), tiff([page(grey(), BLACK_IS_0, 8)])
    for way in ("", "tiles", "mm", "big"):
        yield _one(f"jpeg-ycc-{way}", rgb, ("-c", "jpeg:95", "-r", "48", *_WAYS[way]), drawn(), Within(5.0, 28.0))
        yield _one(f"jpeg-rgb-{way}", rgb, ("-c", "jpeg:r:95", *_WAYS[way]), drawn(), LOSSY)
        yield _one(f"jpeg-grey-{way}", plain, ("-c", "jpeg:95", *_WAYS[way]), as_rgb(grey()), LOSSY)
    yield _one("jpeg-separate", rgb, ("-c", "jpeg:r:95", "-p", "separate"), drawn(), LOSSY)
    yield _one("webp", rgb, ("-c", "webp"), drawn(), Within(5.0, 28.0), confirmed=False)
    yield _one("webp-tiles", rgb, ("-c", "webp", "-t", "-w", "64", "-l", "64"), drawn(), Within(5.0, 28.0), confirmed=False)


def _cut() -> Iterator[Case]:
    rgb = tiff([page(drawn(), COLOUR, 8)])
    for codec in ("lzw", "zip", "jpeg:r:95", "zstd"):
        for share in (40, 80):
            yield Still("tiff", _named(f"cut-{codec}-{share}"), _holed_by(rgb, codec, share), [], LOSSLESS)


def _holed_by(data: bytes, codec: str, share: int) -> Make:
    """Compressed, and from a share on the pixels are nothing but zeros: tiffcp writes the directory behind them."""

    def make(path: Path) -> None:
        _tiffcp(data, path, ("-c", codec, "-r", "40"))
        whole = path.read_bytes()
        directory = int.from_bytes(whole[4:8], "little")
        start = 8 + (directory - 8) * share // 100
        hole = min(directory - start, (directory - 8) // 6)
        path.write_bytes(whole[:start] + b"\0" * hole + whole[start + hole :])

    return make


def _one(name: str, data: bytes, words: tuple[str, ...], right: RGB, within: Within = LOSSLESS, confirmed: bool = True) -> Still:
    return Still("tiff", _named(name), lambda path: _tiffcp(data, path, words), [right], within, confirmed)


def _named(name: str) -> str:
    return f"tiffcp-{name.strip('-').replace(':', '_')}.tif"


def _tiffcp(data: bytes, path: Path, words: tuple[str, ...]) -> None:
    source = path.with_name("source.tif")
    source.write_bytes(data)
    command("tiffcp", *words, source, path)
    if not path.exists():
        raise Missing("tiffcp wrote nothing")
