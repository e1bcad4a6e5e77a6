"""DICOM files that hold a compressed stream: each codec, each label."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .case import Case, Still, command
from .dicom_cases import COLUMNS, ROWS, mono, still, windowed
from .dicom_writer import (
    BASELINE,
    EXPLICIT,
    EXTENDED,
    HTJ2K_LOSSLESS,
    J2K,
    J2K_LOSSLESS,
    JPEG_LS,
    JPEG_LS_NEAR,
    JXL_LOSSLESS,
    LOSSLESS_JPEG,
    LOSSLESS_SV1,
    RLE,
    described,
    dicom,
    fragments,
)
from .jpeg_cases import libjpeg, pillow, renamed, without_marker
from .picture import LOSSLESS, LOSSY, ROUNDED, Within, as_rgb, deep, drawn, grey
from .png_cases import indexed
from .tiff_cases import ycc

COARSE = Within(5.0, 28.0)


def cases() -> Iterator[Case]:
    """All."""
    yield from _jpeg()
    yield from _lossless_jpeg()
    yield from _jpeg_ls()
    yield from _jpeg_2000()
    yield from _run_lengths()
    yield from _by_dcmtk()


def packed(
    syntax: str, stream: bytes, samples: int, photometric: str, bits: int = 8, *, ended: bool = True, pieces: int = 1, **says: Any
) -> bytes:
    """A file of one picture whose stream is given; in so many pieces."""
    step = -(-len(stream) // pieces // 2) * 2
    parts = [stream[at : at + step] for at in range(0, len(stream), step)]
    told = described(ROWS, COLUMNS, samples, photometric, bits, pixels=fragments(parts, ended=ended)) | says
    return dicom(syntax, **told)


def encoded(encoder: str, values: np.ndarray, **options: object) -> bytes:
    """By an encoder of imagecodecs."""
    import imagecodecs

    return bytes(getattr(imagecodecs, encoder)(np.array(values), **options))


def _colour_streams() -> dict[str, Callable[[], bytes]]:
    return {
        "ycc-jfif": lambda: pillow(drawn()),
        "ycc-bare": lambda: without_marker(pillow(drawn()), 0xE0),
        "ycc-ids-0": lambda: renamed(without_marker(pillow(drawn()), 0xE0), (0, 1, 2)),
        "rgb-adobe": _rgb_stream,
        "rgb-bare": lambda: without_marker(_rgb_stream(), 0xEE),
        "rgb-adobe-ids-1": lambda: renamed(_rgb_stream(), (1, 2, 3)),
    }


def _rgb_stream() -> bytes:
    return libjpeg("-rgb", "-sample", "1x1")


def _jpeg() -> Iterator[Case]:
    for name, stream in _colour_streams().items():
        for label in ("RGB", "YBR_FULL", "YBR_FULL_422"):
            title = f"jpeg-{name}-labelled-{label.lower()}"
            yield still(title, lambda s=stream, p=label: packed(BASELINE, s(), 3, p), drawn(), LOSSY, confirmed=False)
    for sampling in (1, 2):
        stream = pillow(drawn(), subsampling=sampling)
        yield still(f"jpeg-sampled-{sampling}", lambda s=stream: packed(BASELINE, s, 3, "YBR_FULL_422"), drawn(), COARSE)
        bare = without_marker(stream, 0xE0)
        yield still(f"jpeg-sampled-{sampling}-bare-rgb", lambda s=bare: packed(BASELINE, s, 3, "RGB"), drawn(), COARSE, confirmed=False)
    yield still("jpeg-planar-told", lambda: packed(BASELINE, pillow(drawn()), 3, "YBR_FULL", planar=1), drawn(), LOSSY, confirmed=False)
    yield still("jpeg-no-planar", lambda: packed(BASELINE, pillow(drawn()), 3, "YBR_FULL", planar=None), drawn(), LOSSY, confirmed=False)
    yield still(
        "jpeg-progressive", lambda: packed(BASELINE, pillow(drawn(), progressive=True), 3, "YBR_FULL"), drawn(), LOSSY, confirmed=False
    )
    yield still("jpeg-grey", lambda: packed(BASELINE, pillow(grey()), 1, "MONOCHROME2"), as_rgb(grey()), LOSSY)
    yield still("jpeg-white-is-0", lambda: packed(BASELINE, pillow(255 - grey()), 1, "MONOCHROME1"), as_rgb(grey()), LOSSY)
    twelve = lambda values: encoded("jpeg8_encode", deep(values, 12), level=97, bitspersample=12)  # noqa: E731
    yield still("jpeg-12", lambda: packed(EXTENDED, twelve(grey()), 1, "MONOCHROME2", 12), as_rgb(grey()), LOSSY)
    windows = {"centre": 1200, "width": 1000}
    right = windowed(deep(grey(), 12), 1200, 1000)
    yield still("jpeg-12-window", lambda: packed(EXTENDED, twelve(grey()), 1, "MONOCHROME2", 12, **windows), right, COARSE)
    yield still("jpeg-8-extended", lambda: packed(EXTENDED, pillow(drawn()), 3, "YBR_FULL"), drawn(), LOSSY, confirmed=False)


def _lossless_jpeg() -> Iterator[Case]:
    for syntax, name in ((LOSSLESS_JPEG, "57"), (LOSSLESS_SV1, "70")):
        yield still(f"lossless-{name}-grey", lambda s=syntax: packed(s, _lossless(grey()), 1, "MONOCHROME2"), as_rgb(grey()))
        yield still(f"lossless-{name}-rgb", lambda s=syntax: packed(s, _lossless(drawn()), 3, "RGB"), drawn(), confirmed=False)
        for bits in (12, 16):
            data = lambda s=syntax, b=bits: packed(s, _lossless(deep(grey(), b), b), 1, "MONOCHROME2", b)  # noqa: E731
            yield still(f"lossless-{name}-grey-{bits}", data, as_rgb(grey()))


def _lossless(values: np.ndarray, bits: int = 8) -> bytes:
    return encoded("jpeg8_encode", values, lossless=True, bitspersample=bits)


def _jpeg_ls() -> Iterator[Case]:
    yield still("jpeg-ls-rgb", lambda: packed(JPEG_LS, encoded("jpegls_encode", drawn()), 3, "RGB"), drawn(), confirmed=False)
    yield still(
        "jpeg-ls-ybr", lambda: packed(JPEG_LS, encoded("jpegls_encode", ycc(drawn())), 3, "YBR_FULL"), drawn(), ROUNDED, confirmed=False
    )
    yield still(
        "jpeg-ls-near",
        lambda: packed(JPEG_LS_NEAR, encoded("jpegls_encode", drawn(), level=3), 3, "RGB"),
        drawn(),
        Within(3, 5),
        confirmed=False,
    )
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        data = lambda v=values, b=bits: packed(JPEG_LS, encoded("jpegls_encode", v), 1, "MONOCHROME2", b)  # noqa: E731
        yield still(f"jpeg-ls-grey-{bits}", data, as_rgb(grey()))


def _jpeg_2000() -> Iterator[Case]:
    def stream(values: np.ndarray, *, mixed: bool = True, level: int = 0, form: str = "j2k") -> bytes:
        reversible = {"reversible": True} if level == 0 else {"reversible": False}
        return encoded("jpeg2k_encode", values, codecformat=form, level=level, mct=mixed, **reversible)

    for label, syntax in (("YBR_RCT", J2K_LOSSLESS), ("RGB", J2K_LOSSLESS), ("YBR_ICT", J2K), ("YBR_FULL", J2K_LOSSLESS)):
        if label != "YBR_FULL":
            mixed = lambda p=label, s=syntax: packed(s, stream(drawn(), level=0 if s == J2K_LOSSLESS else 60), 3, p)  # noqa: E731
            yield still(f"j2k-mixed-{label.lower()}", mixed, drawn(), LOSSY if syntax == J2K else LOSSLESS, confirmed=False)
    yield still("j2k-plain-rgb", lambda: packed(J2K_LOSSLESS, stream(drawn(), mixed=False), 3, "RGB"), drawn(), confirmed=False)
    yield still(
        "j2k-plain-ybr-full",
        lambda: packed(J2K_LOSSLESS, stream(ycc(drawn()), mixed=False), 3, "YBR_FULL"),
        drawn(),
        ROUNDED,
        confirmed=False,
    )
    yield still(
        "j2k-plain-labelled-rct", lambda: packed(J2K_LOSSLESS, stream(drawn(), mixed=False), 3, "YBR_RCT"), drawn(), confirmed=False
    )
    yield still("j2k-in-jp2", lambda: packed(J2K_LOSSLESS, stream(drawn(), form="jp2"), 3, "YBR_RCT"), drawn(), confirmed=False)
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        data = lambda v=values, b=bits: packed(J2K_LOSSLESS, j2k_grey(v, b), 1, "MONOCHROME2", b)  # noqa: E731
        yield still(f"j2k-grey-{bits}", data, as_rgb(grey()), confirmed=False)
    yield still(
        "j2k-16-told-12",
        lambda: packed(J2K_LOSSLESS, j2k_grey(deep(grey(), 12), 16), 1, "MONOCHROME2", 12),
        as_rgb(grey()),
        confirmed=False,
    )
    yield still("htj2k", lambda: packed(HTJ2K_LOSSLESS, encoded("htj2k_encode", drawn(), level=0), 3, "YBR_RCT"), drawn(), confirmed=False)
    yield still("jxl", lambda: packed(JXL_LOSSLESS, encoded("jpegxl_encode", drawn(), lossless=True), 3, "RGB"), drawn(), confirmed=False)


def j2k_grey(values: np.ndarray, bits: int) -> bytes:
    """One channel in a codestream of its own, nothing lost."""
    return encoded("jpeg2k_encode", values, codecformat="j2k", level=0, reversible=True, bitspersample=bits)


def run_lengths(planes: Sequence[bytes]) -> bytes:
    """RLE as PS3.5 annex G has it: a head of 64 bytes, then each plane of bytes by PackBits."""
    import imagecodecs

    parts = [bytes(imagecodecs.packbits_encode(np.frombuffer(plane, np.uint8))) for plane in planes]
    parts = [part + b"\0" * (len(part) % 2) for part in parts]
    places = [64 + sum(len(part) for part in parts[:index]) for index in range(len(parts))]
    head = np.array([len(parts), *places] + [0] * (15 - len(parts)), "<u4").tobytes()
    return head + b"".join(parts)


def byte_planes(values: np.ndarray) -> list[bytes]:
    """Of 16 bits the high bytes first."""
    channels = [values] if values.ndim == 2 else [values[..., index] for index in range(3)]
    return [
        part.tobytes()
        for one in channels
        for part in ([one >> 8, one & 255] if one.dtype == np.uint16 else [one])
        for part in [part.astype(np.uint8)]
    ]


def _run_lengths() -> Iterator[Case]:
    yield still("rle-rgb", lambda: packed(RLE, run_lengths(byte_planes(drawn())), 3, "RGB"), drawn(), confirmed=False)
    yield still("rle-rgb-planar", lambda: packed(RLE, run_lengths(byte_planes(drawn())), 3, "RGB", planar=1), drawn())
    yield still("rle-ybr", lambda: packed(RLE, run_lengths(byte_planes(ycc(drawn()))), 3, "YBR_FULL", planar=1), drawn(), ROUNDED)
    yield still("rle-rgb-16", lambda: packed(RLE, run_lengths(byte_planes(deep(drawn()))), 3, "RGB", 16, planar=1), drawn())
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        yield still(
            f"rle-grey-{bits}", lambda v=values, b=bits: packed(RLE, run_lengths(byte_planes(v)), 1, "MONOCHROME2", b), as_rgb(grey())
        )
    numbers, colours, right = indexed(8)
    tables = {f"{name}_table": [256, 0, 16] for name in ("red", "green", "blue")}
    entries = {name: (colours[:, index].astype("<u2") * 257).tobytes() for index, name in enumerate(("red", "green", "blue"))}
    yield still("rle-palette", lambda: packed(RLE, run_lengths(byte_planes(numbers)), 1, "PALETTE COLOR", **tables, **entries), right)
    yield still("rle-plane-missing", lambda: packed(RLE, run_lengths(byte_planes(drawn())[:2]), 3, "RGB"), None, confirmed=False)
    yield still(
        "rle-plane-short",
        lambda: packed(RLE, run_lengths([*byte_planes(drawn())[:2], byte_planes(drawn())[2][:9000]]), 3, "RGB"),
        None,
        confirmed=False,
    )


def _by_dcmtk() -> Iterator[Case]:
    sources = {
        "rgb": dicom(EXPLICIT, **described(ROWS, COLUMNS, 3, "RGB", 8, pixels=drawn().tobytes())),
        "grey-12": mono("MONOCHROME2", deep(grey(), 12), 12),
    }
    ways = {
        "baseline": ("dcmcjpeg", "+eb", "+q", "95", "+s4"), "baseline-422": ("dcmcjpeg", "+eb", "+q", "95", "+s2"),
        "baseline-rgb": ("dcmcjpeg", "+eb", "+cr", "+q", "95"), "progressive": ("dcmcjpeg", "+ep", "+q", "95", "+s4"),
        "extended": ("dcmcjpeg", "+ee", "+q", "95", "+s4"), "sv1": ("dcmcjpeg", "+e1"), "lossless": ("dcmcjpeg", "+el"),
        "lossless-6": ("dcmcjpeg", "+el", "+sv", "6"), "jpeg-ls": ("dcmcjpls",), "rle": ("dcmcrle",), "big": ("dcmconv", "+tb"),
        "implicit": ("dcmconv", "+ti"), "deflated": ("dcmconv", "+td"),
    }  # fmt: skip
    for kind, data in sources.items():
        for name, words in ways.items():
            if kind == "grey-12" and ("rgb" in name or "422" in name or name == "baseline"):
                continue
            right = drawn() if kind == "rgb" else as_rgb(grey())
            within = COARSE if name.startswith(("base", "prog", "ext")) else LOSSLESS
            # dcmtk says YBR_FULL of a stream that it wrote as YCbCr, RGB of one that it did not: nothing contradicts here.
            yield Still("dicom", f"dcmtk-{kind}-{name}.dcm", lambda p, d=data, w=words: _converted(d, p, w), [right], within)
    yield Still("dicom", "img2dcm.dcm", _img2dcm, [drawn()], LOSSY)


def _converted(data: bytes, path: Path, words: tuple[str, ...]) -> None:
    source = path.with_name("source.dcm")
    source.write_bytes(data)
    command(*words, source, path)


def _img2dcm(path: Path) -> None:
    source = path.with_name("source.jpg")
    source.write_bytes(pillow(drawn()))
    command("img2dcm", source, path)
