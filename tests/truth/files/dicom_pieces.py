"""DICOM files whose stream stands in pieces, contradicts its label, is cut, or holds a film."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .case import Case, Film, bytes_of
from .dicom_cases import COLUMNS, ROWS, still
from .dicom_streams import byte_planes, encoded, j2k_grey, packed, run_lengths
from .dicom_writer import BASELINE, EXPLICIT, H264, J2K_LOSSLESS, JPEG_LS, LOSSLESS_SV1, MPEG2, RLE, described, dicom, fragments
from .film_writer import encode
from .jpeg_cases import pillow
from .picture import LOSSY, RGB, Within, as_rgb, deep, drawn, grey, numbered


def cases() -> Iterator[Case]:
    """All."""
    yield from _in_pieces()
    yield from _contradicting()
    yield from _broken()
    yield from _films()


def _in_pieces() -> Iterator[Case]:
    stream = pillow(drawn())
    for pieces in (2, 5):
        yield still(f"pieces-{pieces}", lambda n=pieces: packed(BASELINE, stream, 3, "YBR_FULL", pieces=n), drawn(), LOSSY)
    told = described(ROWS, COLUMNS, 3, "YBR_FULL", 8)
    yield still("offset-table", lambda: dicom(BASELINE, **told, pixels=fragments([stream], offsets=[0])), drawn(), LOSSY)
    yield still("no-last-delimiter", lambda: packed(BASELINE, stream, 3, "YBR_FULL", ended=False), drawn(), LOSSY, confirmed=False)
    yield still(
        "no-last-delimiter-j2k",
        lambda: packed(J2K_LOSSLESS, j2k_grey(grey(), 8), 1, "MONOCHROME2", ended=False),
        as_rgb(grey()),
        confirmed=False,
    )
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
        j2k = lambda r=rows, c=columns: packed(J2K_LOSSLESS, j2k_grey(grey(), 8), 1, "MONOCHROME2", rows=r, columns=c)  # noqa: E731
        yield still(f"{title}-j2k", j2k, as_rgb(grey()), **loose)
    yield still("told-12-bits-held-8", lambda: packed(BASELINE, pillow(grey()), 1, "MONOCHROME2", 12), as_rgb(grey()), LOSSY, **loose)
    yield still(
        "told-8-bits-held-12",
        lambda: packed(JPEG_LS, encoded("jpegls_encode", deep(grey(), 12)), 1, "MONOCHROME2", 8),
        as_rgb(grey()),
        **loose,
    )
    yield still("told-baseline-held-j2k", lambda: packed(BASELINE, j2k_grey(grey(), 8), 1, "MONOCHROME2"), as_rgb(grey()), **loose)
    yield still("told-j2k-held-jpeg", lambda: packed(J2K_LOSSLESS, pillow(grey()), 1, "MONOCHROME2"), as_rgb(grey()), LOSSY, **loose)
    yield still(
        "told-baseline-held-lossless",
        lambda: packed(BASELINE, encoded("jpeg8_encode", grey(), lossless=True), 1, "MONOCHROME2"),
        as_rgb(grey()),
        **loose,
    )
    yield still("told-plain-held-jpeg", lambda: packed(EXPLICIT, stream, 3, "RGB"), drawn(), LOSSY, **loose)
    signed = (grey().astype(np.int16) - 128).astype(np.int8).view(np.uint8)
    yield still(
        "signed-jpeg-ls", lambda: packed(JPEG_LS, encoded("jpegls_encode", signed), 1, "MONOCHROME2", signed=1), as_rgb(grey()), **loose
    )


def _broken() -> Iterator[Case]:
    near, lossless = encoded("jpegls_encode", grey()), encoded("jpeg8_encode", grey(), lossless=True)
    streams = {
        "jpeg": (BASELINE, pillow(drawn()), 3, "YBR_FULL"), "progressive": (BASELINE, pillow(drawn(), progressive=True), 3, "YBR_FULL"),
        "j2k": (J2K_LOSSLESS, j2k_grey(grey(), 8), 1, "MONOCHROME2"), "jpeg-ls": (JPEG_LS, near, 1, "MONOCHROME2"),
        "rle": (RLE, run_lengths(byte_planes(drawn())), 3, "RGB"), "lossless": (LOSSLESS_SV1, lossless, 1, "MONOCHROME2"),
    }  # fmt: skip
    for name, (syntax, stream, samples, label) in streams.items():
        whole = packed(syntax, stream, samples, label)
        for share in (67, 90):
            yield still(f"{name}-file-cut-{share}", lambda d=whole, s=share: d[: len(d) * s // 100], None, confirmed=False)
            short = stream[: len(stream) * share // 100]
            yield still(
                f"{name}-stream-cut-{share}", lambda x=syntax, d=short, n=samples, p=label: packed(x, d, n, p), None, confirmed=False
            )
            if name != "rle":
                ended = short + (b"\xff\xd9")
                yield still(
                    f"{name}-stream-cut-{share}-ended",
                    lambda x=syntax, d=ended, n=samples, p=label: packed(x, d, n, p),
                    None,
                    confirmed=False,
                )
    yield still(
        "no-pieces", lambda: dicom(BASELINE, **described(ROWS, COLUMNS, 3, "YBR_FULL", 8), pixels=fragments([])), None, confirmed=False
    )


def _films() -> Iterator[Case]:
    frames = [numbered(index) for index in range(6)]
    streams = [pillow(frame) for frame in frames]
    even = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    places = [sum(8 + len(one) for one in even[:index]) for index in range(6)]
    halves = [half for one in even for half in (one[: len(one) // 4 * 2], one[len(one) // 4 * 2 :])]
    parted = [sum(16 + len(one) for one in even[:index]) for index in range(6)]

    def film(
        name: str,
        pixels: bytes,
        right: list[RGB],
        *,
        syntax: str = BASELINE,
        label: str = "YBR_FULL",
        count: int = 6,
        some: bool = False,
        **says: Any,
    ) -> Film:
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
    yield film("jpeg-number-missing", fragments(streams), frames, some=True, frames=None)
    yield film("jpeg-cut", fragments([*streams[:5], streams[5][:1500]], ended=False), frames, some=True)
    yield film("rle", fragments([run_lengths(byte_planes(frame)) for frame in frames]), frames, syntax=RLE, label="RGB")
    whole = [encoded("jpeg2k_encode", frame, codecformat="j2k", level=0, reversible=True, mct=True) for frame in frames]
    yield film("j2k", fragments(whole), frames, syntax=J2K_LOSSLESS, label="YBR_RCT")
    ways = {"h264": (H264, "-c:v libx264 -crf 8 -pix_fmt yuv420p", "mp4"), "mpeg2": (MPEG2, "-c:v mpeg2video -q:v 2", "m2v")}
    for name, (syntax, options, suffix) in ways.items():
        told = described(144, 176, 3, "YBR_PARTIAL_420", 8, frames=6)
        make = lambda path, s=syntax, o=options, x=suffix, t=told: _of_film(path, s, o, x, t)  # noqa: E731
        yield Film("dicom", f"film-{name}.dcm", make, frames, Within(6, 60))


def _of_film(path: Path, syntax: str, options: str, suffix: str, told: dict[str, Any]) -> None:
    inner = path.with_name(f"inner.{suffix}")
    encode(inner, options, frames=6)
    path.write_bytes(dicom(syntax, **told, pixels=fragments([inner.read_bytes()])))
