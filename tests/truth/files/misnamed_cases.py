"""Files whose name says another format than they have. What is read is read by what it is; the rest is refused, never shown wrong."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image

from .bitmap_cases import bmp
from .case import Case, Still, bytes_of, command
from .jpeg_cases import pillow
from .picture import LOSSLESS, RGB, Within, as_rgb, deep, drawn, grey
from .png_cases import png
from .tiff_cases import COLOUR
from .tiff_writer import page, tiff

_COARSE = Within(6.0, 40.0)


def cases() -> Iterator[Case]:
    """All."""
    known = {
        "png": lambda: png(drawn(), 2, 8),
        "tiff": lambda: tiff([page(drawn(), COLOUR, 8)]),
        "webp": lambda: _by_pillow("WEBP", lossless=True),
        "bmp": lambda: bmp(np.ascontiguousarray(drawn()[..., ::-1]).reshape(120, -1), 24),
    }
    for kind, data in known.items():
        for suffix in ("jpg", "png", "tif", "bmp", "webp", "dcm"):
            yield _one(f"{kind}.{suffix}", data, drawn())
    for suffix in ("png", "tif", "bmp", "webp", "dcm"):
        yield _one(f"jpeg.{suffix}", lambda: pillow(drawn()), drawn(), _COARSE)
    for suffix in ("jpg", "png", "webp", "tif"):
        yield from _foreign(suffix)
    yield from _no_pictures()


def _foreign(suffix: str) -> Iterator[Case]:
    yield _one(f"gif.{suffix}", lambda: _by_pillow("GIF"), drawn(), _COARSE)
    yield _one(f"gif-moving.{suffix}", _moving_gif, drawn(), _COARSE)
    yield _one(f"jp2.{suffix}", lambda: _by_pillow("JPEG2000", irreversible=False, mct=1), drawn())
    yield _one(f"j2k.{suffix}", lambda: _encoded("jpeg2k_encode", drawn(), codecformat="j2k", level=0), drawn())
    yield _one(f"jxl.{suffix}", lambda: _encoded("jpegxl_encode", drawn(), lossless=True), drawn())
    yield _one(f"jxr.{suffix}", lambda: _encoded("jpegxr_encode", drawn(), level=1.0), drawn())
    yield _one(f"avif.{suffix}", lambda: _by_pillow("AVIF", quality=95), drawn(), _COARSE)
    yield _one(f"ppm.{suffix}", lambda: _by_pillow("PPM"), drawn())
    yield _one(f"pgm-16.{suffix}", lambda: b"P5 160 120 65535\n" + deep(grey()).astype(">u2").tobytes(), as_rgb(grey()))
    yield _one(f"tga.{suffix}", lambda: _by_pillow("TGA"), drawn())
    yield _one(f"pcx.{suffix}", lambda: _by_pillow("PCX"), drawn())
    yield _one(f"qoi.{suffix}", lambda: _encoded("qoi_encode", drawn()), drawn())
    yield _one(f"psd.{suffix}", lambda: _by_imagemagick("psd"), drawn())
    yield _one(f"exr.{suffix}", lambda: _by_ffmpeg("exr"), drawn(), _COARSE)
    yield _one(f"ico.{suffix}", lambda: _by_pillow("ICO", sizes=[(160, 120)]), drawn())


def _no_pictures() -> Iterator[Case]:
    none = {
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\1\0meta" + b"\0" * 4000,
        "pdf": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" * 50,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="99" height="99"/></svg>',
        "html": b"<html><img src='x.png'></html>" * 20,
        "zip": b"PK\3\4" + bytes(2000),
        "zeros": bytes(5000),
        "noise": np.random.default_rng(3).integers(0, 256, 5000, np.uint8).tobytes(),
        "text": b"polyps, esophagitis\n" * 100,
        "empty": b"",
        "jpeg-head": pillow(drawn())[:300],
        "png-head": png(drawn(), 2, 8)[:33],
        "tiff-head": tiff([page(drawn(), COLOUR, 8)])[:8],
    }
    for kind, data in none.items():
        for suffix in ("jpg", "tif"):
            yield _one(f"{kind}.{suffix}", lambda d=data: d, None)


def _one(name: str, data: object, right: RGB | None, within: Within = LOSSLESS) -> Still:
    return Still("misnamed", f"really-{name}", bytes_of(data), [] if right is None else [right], within, confirmed=False)


def _by_pillow(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(drawn()).save(stream, kind, **options)
    return stream.getvalue()


def _moving_gif() -> bytes:
    stream = io.BytesIO()
    frames = [Image.fromarray(np.ascontiguousarray(np.roll(drawn(), 9 * number, 0))) for number in range(3)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def _encoded(encoder: str, values: np.ndarray, **options: object) -> bytes:
    import imagecodecs

    return bytes(getattr(imagecodecs, encoder)(np.array(values), **options))


def _plain() -> bytes:
    return b"P6 160 120 255\n" + drawn().tobytes()


def _by_imagemagick(kind: str) -> bytes:
    return command("convert", "ppm:-", f"{kind}:-", data=_plain())


def _by_ffmpeg(kind: str) -> bytes:
    read = ["ffmpeg", "-nostdin", "-v", "error", "-f", "ppm_pipe", "-i", "-"]
    return command(*read, "-frames:v", "1", "-c:v", kind, "-f", "image2pipe", "-", data=_plain())
