"""DICOM files that hold a compressed stream: each codec, each label, also labels that contradict the stream; in pieces, cut, without an end."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .case import Case, Film, Still, bytes_of, command
from .dicom_cases import COLUMNS, ROWS, mono, still, windowed
from .dicom_writer import (
    BASELINE,
    EXPLICIT,
    EXTENDED,
    H264,
    HTJ2K_LOSSLESS,
    J2K,
    J2K_LOSSLESS,
    JPEG_LS,
    JPEG_LS_NEAR,
    JXL_LOSSLESS,
    LOSSLESS_JPEG,
    LOSSLESS_SV1,
    MPEG2,
    RLE,
    described,
    dicom,
    fragments,
)
from .film_writer import encode
from .jpeg_cases import libjpeg, pillow, renamed, without_marker
from .picture import LOSSLESS, LOSSY, RGB, ROUNDED, Within, as_rgb, deep, drawn, grey, numbered
from .png_cases import indexed
from .tiff_cases import ycc

_COARSE = Within(5.0, 28.0)


def cases() -> Iterator[Case]:
    """All."""
    yield from _jpeg()
    yield from _lossless_jpeg()
    yield from _jpeg_ls()
    yield from _jpeg_2000()
    yield from _run_lengths()
    yield from _by_dcmtk()
    yield from _in_pieces()
    yield from _contradicting()
    yield from _broken()
    yield from _films()


def packed(syntax: str, stream: bytes, samples: int, photometric: str, bits: int = 8, *, ended: bool = True, pieces: int = 1, **says: Any) -> bytes:
    """A file of one picture whose stream is given; in so many pieces."""
    step = -(-len(stream) // pieces // 2) * 2
    parts = [stream[at : at + step] for at in range(0, len(stream), step)]
    told = described(ROWS, COLUMNS, samples, photometric, bits, pixels=fragments(parts, ended=ended)) | says
    return dicom(syntax, **told)


def _encoded(encoder: str, values: np.ndarray, **options: object) -> bytes:
    import imagecodecs

    return bytes(getattr(imagecodecs, encoder)(np.array(values), **options))


def _colour_streams() -> dict[str, bytes]:
    plain, rgb = pillow(drawn()), libjpeg("-rgb", "-sample", "1x1")
    return {
        "ycc-jfif": plain,
        "ycc-bare": without_marker(plain, 0xE0),
        "ycc-ids-0": renamed(without_marker(plain, 0xE0), (0, 1, 2)),
        "rgb-adobe": rgb,
        "rgb-bare": without_marker(rgb, 0xEE),
        "rgb-adobe-ids-1": renamed(rgb, (1, 2, 3)),
    }


def _jpeg() -> Iterator[Case]:
    for name, stream in _colour_streams().items():
        for label in ("RGB", "YBR_FULL", "YBR_FULL_422"):
            title = f"jpeg-{name}-labelled-{label.lower()}"
            yield still(title, lambda s=stream, p=label: packed(BASELINE, s, 3, p), drawn(), LOSSY, confirmed=False)
    for sampling in (1, 2):
        stream = pillow(drawn(), subsampling=sampling)
        yield still(f"jpeg-sampled-{sampling}", lambda s=stream: packed(BASELINE, s, 3, "YBR_FULL_422"), drawn(), _COARSE)
        bare = without_marker(stream, 0xE0)
        yield still(f"jpeg-sampled-{sampling}-bare-rgb", lambda s=bare: packed(BASELINE, s, 3, "RGB"), drawn(), _COARSE, confirmed=False)
    yield still("jpeg-planar-told", lambda: packed(BASELINE, pillow(drawn()), 3, "YBR_FULL", planar=1), drawn(), LOSSY, confirmed=False)
    yield still("jpeg-no-planar", lambda: packed(BASELINE, pillow(drawn()), 3, "YBR_FULL", planar=None), drawn(), LOSSY, confirmed=False)
    yield still("jpeg-progressive", lambda: packed(BASELINE, pillow(drawn(), progressive=True), 3, "YBR_FULL"), drawn(), LOSSY, confirmed=False)
    yield still("jpeg-grey", lambda: packed(BASELINE, pillow(grey()), 1, "MONOCHROME2"), as_rgb(grey()), LOSSY)
    yield still("jpeg-white-is-0", lambda: packed(BASELINE, pillow(255 - grey()), 1, "MONOCHROME1"), as_rgb(grey()), LOSSY)
    twelve = lambda values: _encoded("jpeg8_encode", deep(values, 12), level=97, bitspersample=12)  # noqa: E731
    yield still("jpeg-12", lambda: packed(EXTENDED, twelve(grey()), 1, "MONOCHROME2", 12), as_rgb(grey()), LOSSY)
    windows = {"centre": 1200, "width": 1000}
    right = windowed(deep(grey(), 12), 1200, 1000)
    yield still("jpeg-12-window", lambda: packed(EXTENDED, twelve(grey()), 1, "MONOCHROME2", 12, **windows), right, _COARSE)
    yield still("jpeg-8-extended", lambda: packed(EXTENDED, pillow(drawn()), 3, "YBR_FULL"), drawn(), LOSSY, confirmed=False)


def _lossless_jpeg() -> Iterator[Case]:
    for syntax, name in ((LOSSLESS_JPEG, "57"), (LOSSLESS_SV1, "70")):
        whole = lambda values, bits=8: _encoded("jpeg8_encode", values, lossless=True, bitspersample=bits)  # noqa: E731
        yield still(f"lossless-{name}-grey", lambda s=syntax: packed(s, whole(grey()), 1, "MONOCHROME2"), as_rgb(grey()))
        yield still(f"lossless-{name}-rgb", lambda s=syntax: packed(s, whole(drawn()), 3, "RGB"), drawn(), confirmed=False)
        for bits in (12, 16):
            data = lambda s=syntax, b=bits: packed(s, whole(deep(grey(), b), b), 1, "MONOCHROME2", b)  # noqa: E731
            yield still(f"lossless-{name}-grey-{bits}", data, as_rgb(grey()))


def _jpeg_ls() -> Iterator[Case]:
    yield still("jpeg-ls-rgb", lambda: packed(JPEG_LS, _encoded("jpegls_encode", drawn()), 3, "RGB"), drawn(), confirmed=False)
    yield still("jpeg-ls-ybr", lambda: packed(JPEG_LS, _encoded("jpegls_encode", ycc(drawn())), 3, "YBR_FULL"), drawn(), ROUNDED, confirmed=False)
    yield still("jpeg-ls-near", lambda: packed(JPEG_LS_NEAR, _encoded("jpegls_encode", drawn(), level=3), 3, "RGB"), drawn(), Within(3, 5), confirmed=False)
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        data = lambda v=values, b=bits: packed(JPEG_LS, _encoded("jpegls_encode", v), 1, "MONOCHROME2", b)  # noqa: E731
        yield still(f"jpeg-ls-grey-{bits}", data, as_rgb(grey()))


def _jpeg_2000() -> Iterator[Case]:
    def stream(values: np.ndarray, *, mixed: bool = True, level: int = 0, form: str = "j2k") -> bytes:
        reversible = {"reversible": True} if level == 0 else {"reversible": False}
        return _encoded("jpeg2k_encode", values, codecformat=form, level=level, mct=mixed, **reversible)

    for label, syntax in (("YBR_RCT", J2K_LOSSLESS), ("RGB", J2K_LOSSLESS), ("YBR_ICT", J2K), ("YBR_FULL", J2K_LOSSLESS)):
        if label != "YBR_FULL":
            mixed = lambda p=label, s=syntax: packed(s, stream(drawn(), level=0 if s == J2K_LOSSLESS else 60), 3, p)  # noqa: E731
            yield still(f"j2k-mixed-{label.lower()}", mixed, drawn(), LOSSY if syntax == J2K else LOSSLESS, confirmed=False)
    yield still("j2k-plain-rgb", lambda: packed(J2K_LOSSLESS, stream(drawn(), mixed=False), 3, "RGB"), drawn(), confirmed=False)
    yield still("j2k-plain-ybr-full", lambda: packed(J2K_LOSSLESS, stream(ycc(drawn()), mixed=False), 3, "YBR_FULL"), drawn(), ROUNDED, confirmed=False)
    yield still("j2k-plain-labelled-rct", lambda: packed(J2K_LOSSLESS, stream(drawn(), mixed=False), 3, "YBR_RCT"), drawn(), confirmed=False)
    yield still("j2k-in-jp2", lambda: packed(J2K_LOSSLESS, stream(drawn(), form="jp2"), 3, "YBR_RCT"), drawn(), confirmed=False)
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        data = lambda v=values, b=bits: packed(J2K_LOSSLESS, _j2k_grey(v, b), 1, "MONOCHROME2", b)  # noqa: E731
        yield still(f"j2k-grey-{bits}", data, as_rgb(grey()), confirmed=False)
    yield still("j2k-16-told-12", lambda: packed(J2K_LOSSLESS, _j2k_grey(deep(grey(), 12), 16), 1, "MONOCHROME2", 12), as_rgb(grey()), confirmed=False)
    yield still("htj2k", lambda: packed(HTJ2K_LOSSLESS, _encoded("htj2k_encode", drawn(), level=0), 3, "YBR_RCT"), drawn(), confirmed=False)
    yield still("jxl", lambda: packed(JXL_LOSSLESS, _encoded("jpegxl_encode", drawn(), lossless=True), 3, "RGB"), drawn(), confirmed=False)


def _j2k_grey(values: np.ndarray, bits: int) -> bytes:
    return _encoded("jpeg2k_encode", values, codecformat="j2k", level=0, reversible=True, bitspersample=bits)


def run_lengths(planes: Sequence[bytes]) -> bytes:
    """RLE as PS3.5 annex G has it: a head of 64 bytes, then each plane of bytes by PackBits."""
    import imagecodecs

    parts = [bytes(imagecodecs.packbits_encode(np.frombuffer(plane, np.uint8))) for plane in planes]
    parts = [part + b"\0" * (len(part) % 2) for part in parts]
    places = [64 + sum(len(part) for part in parts[:index]) for index in range(len(parts))]
    head = np.array([len(parts), *places] + [0] * (15 - len(parts)), "<u4").tobytes()
    return head + b"".join(parts)


def _planes(values: np.ndarray) -> list[bytes]:
    """Of 16 bits the high bytes first."""
    channels = [values] if values.ndim == 2 else [values[..., index] for index in range(3)]
    return [part.tobytes() for one in channels for part in ([one >> 8, one & 255] if one.dtype == np.uint16 else [one]) for part in [part.astype(np.uint8)]]


def _run_lengths() -> Iterator[Case]:
    yield still("rle-rgb", lambda: packed(RLE, run_lengths(_planes(drawn())), 3, "RGB"), drawn(), confirmed=False)
    yield still("rle-rgb-planar", lambda: packed(RLE, run_lengths(_planes(drawn())), 3, "RGB", planar=1), drawn())
    yield still("rle-ybr", lambda: packed(RLE, run_lengths(_planes(ycc(drawn()))), 3, "YBR_FULL", planar=1), drawn(), ROUNDED)
    yield still("rle-rgb-16", lambda: packed(RLE, run_lengths(_planes(deep(drawn()))), 3, "RGB", 16, planar=1), drawn())
    for bits in (8, 12, 16):
        values = grey() if bits == 8 else deep(grey(), bits)
        yield still(f"rle-grey-{bits}", lambda v=values, b=bits: packed(RLE, run_lengths(_planes(v)), 1, "MONOCHROME2", b), as_rgb(grey()))
    numbers, colours, right = indexed(8)
    tables = {f"{name}_table": [256, 0, 16] for name in ("red", "green", "blue")}
    entries = {name: (colours[:, index].astype("<u2") * 257).tobytes() for index, name in enumerate(("red", "green", "blue"))}
    yield still("rle-palette", lambda: packed(RLE, run_lengths(_planes(numbers)), 1, "PALETTE COLOR", **tables, **entries), right)
    yield still("rle-plane-missing", lambda: packed(RLE, run_lengths(_planes(drawn())[:2]), 3, "RGB"), None, confirmed=False)
    yield still("rle-plane-short", lambda: packed(RLE, run_lengths([*_planes(drawn())[:2], _planes(drawn())[2][:9000]]), 3, "RGB"), None, confirmed=False)


def _by_dcmtk() -> Iterator[Case]:
    sources = {"rgb": dicom(EXPLICIT, **described(ROWS, COLUMNS, 3, "RGB", 8, pixels=drawn().tobytes())), "grey-12": mono("MONOCHROME2", deep(grey(), 12), 12)}
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
            within = _COARSE if name.startswith(("base", "prog", "ext")) else LOSSLESS
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


def _in_pieces() -> Iterator[Case]:
    stream = pillow(drawn())
    for pieces in (2, 5):
        yield still(f"pieces-{pieces}", lambda n=pieces: packed(BASELINE, stream, 3, "YBR_FULL", pieces=n), drawn(), LOSSY)
    told = described(ROWS, COLUMNS, 3, "YBR_FULL", 8)
    yield still("offset-table", lambda: dicom(BASELINE, **told, pixels=fragments([stream], offsets=[0])), drawn(), LOSSY)
    yield still("no-last-delimiter", lambda: packed(BASELINE, stream, 3, "YBR_FULL", ended=False), drawn(), LOSSY, confirmed=False)
    yield still("no-last-delimiter-j2k", lambda: packed(J2K_LOSSLESS, _j2k_grey(grey(), 8), 1, "MONOCHROME2", ended=False), as_rgb(grey()), confirmed=False)
    yield still("more-behind-stream", lambda: packed(BASELINE, stream + bytes(100), 3, "YBR_FULL"), drawn(), LOSSY, confirmed=False)
    two = [stream, pillow(np.ascontiguousarray(drawn()[::-1]))]
    yield still("two-pictures-one-told", lambda: dicom(BASELINE, **told, pixels=fragments(two)), drawn(), LOSSY, confirmed=False)
    yield still("no-preamble-jpeg", lambda: packed(BASELINE, stream, 3, "YBR_FULL", preamble=False), drawn(), LOSSY, confirmed=False)


def _contradicting() -> Iterator[Case]:
    stream = pillow(drawn())
    loose = {"confirmed": False}
    yield still("grey-told-colour-held", lambda: packed(BASELINE, stream, 1, "MONOCHROME2"), drawn(), LOSSY, **loose)
    yield still("colour-told-grey-held", lambda: packed(BASELINE, pillow(grey()), 3, "YBR_FULL"), as_rgb(grey()), LOSSY, **loose)
    for rows, columns in ((160, 120), (240, 160), (60, 160), (120, 80)):
        title = f"told-{columns}x{rows}"
        yield still(title, lambda r=rows, c=columns: packed(BASELINE, stream, 3, "YBR_FULL", rows=r, columns=c), drawn(), LOSSY, **loose)
        j2k = lambda r=rows, c=columns: packed(J2K_LOSSLESS, _j2k_grey(grey(), 8), 1, "MONOCHROME2", rows=r, columns=c)  # noqa: E731
        yield still(f"{title}-j2k", j2k, as_rgb(grey()), **loose)
    yield still("told-12-bits-held-8", lambda: packed(BASELINE, pillow(grey()), 1, "MONOCHROME2", 12), as_rgb(grey()), LOSSY, **loose)
    yield still("told-8-bits-held-12", lambda: packed(JPEG_LS, _encoded("jpegls_encode", deep(grey(), 12)), 1, "MONOCHROME2", 8), as_rgb(grey()), **loose)
    yield still("told-baseline-held-j2k", lambda: packed(BASELINE, _j2k_grey(grey(), 8), 1, "MONOCHROME2"), as_rgb(grey()), **loose)
    yield still("told-j2k-held-jpeg", lambda: packed(J2K_LOSSLESS, pillow(grey()), 1, "MONOCHROME2"), as_rgb(grey()), LOSSY, **loose)
    yield still("told-baseline-held-lossless", lambda: packed(BASELINE, _encoded("jpeg8_encode", grey(), lossless=True), 1, "MONOCHROME2"), as_rgb(grey()), **loose)
    yield still("told-plain-held-jpeg", lambda: packed(EXPLICIT, stream, 3, "RGB"), drawn(), LOSSY, **loose)
    signed = (grey().astype(np.int16) - 128).astype(np.int8).view(np.uint8)
    yield still("signed-jpeg-ls", lambda: packed(JPEG_LS, _encoded("jpegls_encode", signed), 1, "MONOCHROME2", signed=1), as_rgb(grey()), **loose)


def _broken() -> Iterator[Case]:
    streams = {
        "jpeg": (BASELINE, pillow(drawn()), 3, "YBR_FULL"), "progressive": (BASELINE, pillow(drawn(), progressive=True), 3, "YBR_FULL"),
        "j2k": (J2K_LOSSLESS, _j2k_grey(grey(), 8), 1, "MONOCHROME2"), "jpeg-ls": (JPEG_LS, _encoded("jpegls_encode", grey()), 1, "MONOCHROME2"),
        "rle": (RLE, run_lengths(_planes(drawn())), 3, "RGB"), "lossless": (LOSSLESS_SV1, _encoded("jpeg8_encode", grey(), lossless=True), 1, "MONOCHROME2"),
    }  # fmt: skip
    for name, (syntax, stream, samples, label) in streams.items():
        whole = packed(syntax, stream, samples, label)
        for share in (67, 90):
            yield still(f"{name}-file-cut-{share}", lambda d=whole, s=share: d[: len(d) * s // 100], None, confirmed=False)
            short = stream[: len(stream) * share // 100]
            yield still(f"{name}-stream-cut-{share}", lambda x=syntax, d=short, n=samples, p=label: packed(x, d, n, p), None, confirmed=False)
            if name != "rle":
                ended = short + (b"\xff\xd9")
                yield still(f"{name}-stream-cut-{share}-ended", lambda x=syntax, d=ended, n=samples, p=label: packed(x, d, n, p), None, confirmed=False)
    yield still("no-pieces", lambda: dicom(BASELINE, **described(ROWS, COLUMNS, 3, "YBR_FULL", 8), pixels=fragments([])), None, confirmed=False)


def _films() -> Iterator[Case]:
    frames = [numbered(index) for index in range(6)]
    streams = [pillow(frame) for frame in frames]
    even = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    places = [sum(8 + len(one) for one in even[:index]) for index in range(6)]
    halves = [half for one in even for half in (one[: len(one) // 4 * 2], one[len(one) // 4 * 2 :])]
    parted = [sum(16 + len(one) for one in even[:index]) for index in range(6)]

    def film(name: str, pixels: bytes, right: list[RGB], *, syntax: str = BASELINE, label: str = "YBR_FULL", count: int = 6, some: bool = False, **says: Any) -> Film:
        told = described(144, 176, 3, label, 8, frames=count, pixels=pixels) | says
        return Film("dicom", f"film-{name}.dcm", bytes_of(lambda: dicom(syntax, **told)), right, LOSSY, some=some)

    yield film("jpeg", fragments(streams), frames)
    yield film("jpeg-table", fragments(even, offsets=places), frames)
    yield film("jpeg-halves-table", fragments(halves, offsets=parted), frames)
    yield film("jpeg-halves", fragments(halves), frames)
    yield film("jpeg-no-last-delimiter", fragments(streams, ended=False), frames)
    yield film("jpeg-table-wrong", fragments(even, offsets=[place + 8 for place in places]), frames)
    yield film("jpeg-table-short", fragments(even, offsets=places[:4]), frames, some=True)
    yield film("jpeg-told-4", fragments(streams), frames, count=4, some=True)
    yield film("jpeg-told-9", fragments(streams), frames, count=9, some=True)
    yield film("jpeg-number-missing", fragments(streams), frames, frames=None)
    yield film("jpeg-cut", fragments([*streams[:5], streams[5][:1500]], ended=False), frames, some=True)
    yield film("rle", fragments([run_lengths(_planes(frame)) for frame in frames]), frames, syntax=RLE, label="RGB")
    yield film("j2k", fragments([_encoded("jpeg2k_encode", frame, codecformat="j2k", level=0, reversible=True, mct=True) for frame in frames]), frames, syntax=J2K_LOSSLESS, label="YBR_RCT")
    for syntax, options, suffix, name in ((H264, "-c:v libx264 -crf 8 -pix_fmt yuv420p", "mp4", "h264"), (MPEG2, "-c:v mpeg2video -q:v 2", "m2v", "mpeg2")):
        told = described(144, 176, 3, "YBR_PARTIAL_420", 8, frames=6)
        make = lambda path, s=syntax, o=options, x=suffix, t=told: _of_film(path, s, o, x, t)  # noqa: E731
        yield Film("dicom", f"film-{name}.dcm", make, frames, Within(6, 60))


def _of_film(path: Path, syntax: str, options: str, suffix: str, told: dict[str, Any]) -> None:
    inner = path.with_name(f"inner.{suffix}")
    encode(inner, options, frames=6)
    path.write_bytes(dicom(syntax, **told, pixels=fragments([inner.read_bytes()])))
