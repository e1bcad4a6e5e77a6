"""Every file either becomes RGB pixels or one sentence: nothing else escapes, nothing hangs, nothing is shown wrong in silence."""

import io
import os
import re
import struct
import time
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
import simplejpeg
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading import read
from endodesk.imaging.reading.read import decode_image, read_header, read_image

RNG = np.random.default_rng(7)
PICTURE = np.kron(RNG.integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
"""48 x 64 in blocks of 8: JPEG keeps it, and no two turns of it look alike."""
ALPHA = np.kron(RNG.integers(0, 256, (6, 8), np.uint8), np.ones((8, 8), np.uint8))
GREY = np.asarray(Image.fromarray(PICTURE).convert("L"))
FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP")
CMYK_TOO = [("JPEG", "CMYK"), ("TIFF", "CMYK")]
BEST = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True, "exact": True}}


def encoded(image: Image.Image | np.ndarray, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(stream, kind, **{**BEST.get(kind, {}), **options})
    return stream.getvalue()


def by_cv2(pixels: np.ndarray, suffix: str) -> bytes:
    return cv2.imencode(suffix, pixels)[1].tobytes()


def over_black(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return rgb * (alpha[..., None] / 255)


def grey_rgb(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[..., None], 3, axis=2)


def assert_pixels(data: bytes, wanted: np.ndarray, *, within: float = 1) -> None:
    pixels = decode_image(data, "frame")
    assert (pixels.dtype, pixels.shape) == (np.uint8, wanted.shape)
    assert pixels.flags.c_contiguous
    assert np.abs(pixels.astype(float) - wanted).max() <= within


def refusal(path: Path) -> str:
    """The sentence with which a file is refused: one line that begins with its name."""
    with pytest.raises(UnreadableImage) as caught:
        read_image(path)
    sentence = str(caught.value)
    assert re.fullmatch(r"[^\n\r]+\w\.", sentence)
    if path.name.isprintable():
        assert sentence.startswith(f"{path.name} ")
    return sentence


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["frame.jpg", "Größe Ünï 胃.png", "a [1] {2} %s*.tif", "two\nlines.jpg", "no suffix"])
def test_whole_files_open_whatever_their_name(tmp_path: Path, kind: str, name: str) -> None:
    pixels = read_image(written(tmp_path, name, encoded(PICTURE, kind)))
    assert np.abs(pixels.astype(int) - PICTURE).max() <= (3 if kind == "JPEG" else 0)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_truncated_files_are_refused(tmp_path: Path, kind: str, share: float) -> None:
    data = encoded(PICTURE, kind)
    refusal(written(tmp_path, "cut.png", data[: int(share * len(data))]))


def test_a_truncated_progressive_jpeg_and_one_cut_by_its_end_marker_are_refused(tmp_path: Path) -> None:
    noise = RNG.integers(0, 256, (200, 300, 3), np.uint8)
    data = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    for keep in (len(data) // 2, len(data) * 3 // 4, len(data) - 2):
        assert "ends too early" in refusal(written(tmp_path, "cut.jpg", data[:keep]))


def test_a_jpeg_with_something_behind_its_end_opens() -> None:
    assert_pixels(encoded(PICTURE, "JPEG") + b"\0" * 200_000, PICTURE, within=3)
    assert_pixels(encoded(PICTURE, "PNG") + b"\0" * 200_000, PICTURE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\0", "not an image"),
        (b"Dear colleague, please find enclosed", "not an image"),
        (b"\xff\xd8\xff", "not an image"),
        (b"\x89PNG\r\n\x1a\n", "not an image"),
        (b"RIFF\x20\0\0\0WEBPVP8 ", "not an image"),
        (b"GIF89a" + b"\1" * 100, "is a GIF file"),
        (b"%PDF-1.4", "is a PDF document, not an image"),
        (encoded(np.zeros((1, 1, 3), np.uint8), "PNG"), "only 1 x 1 pixels"),
        (encoded(np.zeros((2, 400, 3), np.uint8), "JPEG"), "only 400 x 2 pixels"),
    ],
)
def test_what_is_no_frame_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refusal(written(tmp_path, "frame.jpg", data))


def test_places_that_hold_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.jpg")
    assert "no such file" in refusal(tmp_path / "gone.jpg")
    assert "not a directory" in refusal(written(tmp_path, "file", b"x") / "frame.jpg")
    assert "no file can have this name" in refusal(tmp_path / "nul\0.jpg")
    refusal(tmp_path / ("long" * 100 + ".jpg"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_does_not_keep_the_program_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    refusal(tmp_path / "pipe.jpg")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "secret.jpg", encoded(PICTURE, "JPEG"))
    path.chmod(0)
    assert "permission denied" in refusal(path)


def test_a_name_that_is_no_text_still_makes_a_printable_sentence(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe\n.jpg"))
    path.write_bytes(b"")
    assert refusal(path).encode("utf-8").startswith("\N{REPLACEMENT CHARACTER}".encode())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("kind", "mode"), [(k, m) for k in ("JPEG", "PNG", "TIFF", "WEBP") for m in ("RGB", "L")] + CMYK_TOO)
def test_every_exif_orientation_is_set_upright(orientation: int, kind: str, mode: str) -> None:
    quarter = {6: -1, 8: 1, 5: -1, 7: 1}.get(orientation, 0)  # turns counterclockwise, after or before a mirror
    stored = Image.fromarray(PICTURE).convert(mode)
    turned = np.rot90(np.asarray(stored.convert("RGB")), quarter)
    wanted = {2: turned[:, ::-1], 3: turned[::-1, ::-1], 4: turned[::-1], 5: turned[:, ::-1], 7: turned[:, ::-1]}.get(orientation, turned)
    exif = Image.Exif()
    exif[274] = orientation
    data = encoded(stored, kind, exif=exif)
    header = read_header(data, "frame")
    assert (header.height, header.width) == wanted.shape[:2]
    assert_pixels(data, wanted, within=3)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_there_is_not_is_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    assert_pixels(encoded(PICTURE, "JPEG", exif=exif), PICTURE, within=3)


def test_a_damaged_exif_block_does_not_cost_the_frame() -> None:
    assert_pixels(encoded(PICTURE, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 30), PICTURE, within=3)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_alpha_lies_over_black(kind: str) -> None:
    assert_pixels(encoded(np.dstack([PICTURE, ALPHA]), kind), over_black(PICTURE, ALPHA))
    grey_alpha = Image.merge("LA", [Image.fromarray(GREY), Image.fromarray(ALPHA)])
    assert_pixels(encoded(grey_alpha, kind), over_black(grey_rgb(GREY), ALPHA))


def test_transparent_colours_and_palettes_lie_over_black() -> None:
    clear = tuple(int(c) for c in PICTURE[0, 0])
    wanted = np.where((clear == PICTURE).all(axis=2)[..., None], 0, PICTURE)
    assert_pixels(encoded(PICTURE, "PNG", transparency=clear), wanted)
    assert_pixels(encoded(GREY, "PNG", transparency=int(GREY[0, 0])), grey_rgb(np.where(GREY[0, 0] == GREY, 0, GREY)))
    palette = Image.fromarray(PICTURE).quantize(32)
    alphas = RNG.integers(0, 256, 32, np.uint8)
    shown = np.asarray(palette.convert("RGB"))
    assert_pixels(encoded(palette, "PNG", transparency=alphas.tobytes()), over_black(shown, alphas[np.asarray(palette)]))
    for kind in ("PNG", "BMP", "TIFF"):
        assert_pixels(encoded(palette, kind), shown, within=0)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_become_eight(suffix: str) -> None:
    colour, grey = RNG.integers(0, 65536, (40, 50, 3), np.uint16), RNG.integers(0, 65536, (40, 50), np.uint16)
    colour[0, 0], grey[0, 0] = 65535, 65535
    assert_pixels(by_cv2(colour[..., ::-1], suffix), colour / 257)
    assert_pixels(by_cv2(grey, suffix), grey_rgb(grey / 257))
    alpha = RNG.integers(0, 65536, (40, 50), np.uint16)
    assert_pixels(by_cv2(np.dstack([colour[..., ::-1], alpha]), suffix), over_black(colour / 257, alpha / 257), within=2)


def test_grey_bilevel_and_cmyk_files_become_rgb() -> None:
    for kind in ("PNG", "BMP", "TIFF"):
        assert_pixels(encoded(GREY, kind), grey_rgb(GREY), within=0)
        assert_pixels(encoded(Image.fromarray(GREY > 127), kind), grey_rgb(255 * (GREY > 127)), within=0)
    assert_pixels(encoded(GREY, "JPEG"), grey_rgb(GREY), within=3)
    assert_pixels(encoded(Image.fromarray(PICTURE).convert("CMYK"), "JPEG"), PICTURE, within=3)


def bmp32(fourth: int, *, masks: bool) -> bytes:
    """A 32-bit BMP: with masks its fourth byte is alpha, without it is nothing, as most Windows programs write it."""
    body = np.dstack([PICTURE[::-1, :, ::-1], np.full(PICTURE.shape[:2], fourth, np.uint8)]).tobytes()
    header = struct.pack("<IiiHHIIiiII", 108 if masks else 40, 64, 48, 1, 32, 3 if masks else 0, len(body), 2835, 2835, 0, 0)
    if masks:
        header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48)
    return b"BM" + struct.pack("<IHHI", 14 + len(header) + len(body), 0, 0, 14 + len(header)) + header + body


def test_the_fourth_byte_of_a_bmp_is_alpha_only_where_the_file_says_so() -> None:
    assert_pixels(bmp32(0, masks=False), PICTURE, within=0)
    assert_pixels(bmp32(51, masks=True), PICTURE * 0.2)


def test_floating_point_and_32_bit_grey_are_stretched_and_nans_refused(tmp_path: Path) -> None:
    values = RNG.random((40, 50), np.float32) * 3 - 1
    stretched = 255 * (values - values.min()) / (values.max() - values.min())
    assert_pixels(encoded(Image.fromarray(values), "TIFF"), grey_rgb(stretched))
    assert_pixels(encoded(Image.fromarray(np.full((20, 20), 0.5, np.float32)), "TIFF"), np.zeros((20, 20, 3)))
    values[3, 3] = np.nan
    refusal(written(tmp_path, "nan.tif", encoded(Image.fromarray(values), "TIFF")))


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "PNG"])
def test_of_several_pictures_the_first_is_shown(kind: str) -> None:
    assert_pixels(encoded(PICTURE, kind, save_all=True, append_images=[Image.fromarray(255 - PICTURE)]), PICTURE, within=0)


def test_very_wide_frames_open_and_more_than_100_megapixels_do_not(tmp_path: Path) -> None:
    wide = np.zeros((20, 20_000, 3), np.uint8)
    wide[:, 10_000:] = 200
    for kind in ("PNG", "JPEG", "TIFF"):
        assert_pixels(encoded(wide, kind), wide, within=3)
    huge = encoded(Image.new("1", (20_000, 5_100)), "PNG")
    started = time.process_time()
    assert "20000 x 5100" in refusal(written(tmp_path, "huge.png", huge))
    assert time.process_time() - started < 0.5  # decoding it takes longer


def png_chunk(kind: bytes, body: bytes, *, claimed: int | None = None) -> bytes:
    return struct.pack(">I", len(body) if claimed is None else claimed) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + png_chunk(b"IEND", b"")


PIXELS = png_chunk(b"IDAT", zlib.compress(bytes(48 * (1 + 64 * 3))))
LIES: dict[str, Callable[[], bytes]] = {
    "png of 900 megapixels": lambda: png(30_000, 30_000, PIXELS),
    "png of 2^31 squared": lambda: png(2**31 - 1, 2**31 - 1, PIXELS),
    "png with a chunk of 4 GB": lambda: png(64, 48, png_chunk(b"IDAT", b"x" * 50, claimed=0xFFFFFF00)),
    "png with a chunk of 2 GB before the pixels": lambda: png(64, 48, png_chunk(b"tEXt", b"x", claimed=0x7FFFFFFF), PIXELS),
    "png larger than its pixels": lambda: png(9_000, 9_000, PIXELS),
    "jpeg of 65500 squared": lambda: encoded(PICTURE, "JPEG").replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 65_500, 65_500)),
    "bmp of 2^31 squared": lambda: (d := encoded(PICTURE, "BMP"))[:18] + struct.pack("<ii", 2**31 - 1, 2**31 - 1) + d[26:],
    "bmp of 81 megapixels": lambda: (d := encoded(PICTURE, "BMP"))[:18] + struct.pack("<ii", 9_000, 9_000) + d[26:],
}


@pytest.mark.parametrize("lie", LIES)
def test_headers_that_lie_are_refused_quickly(tmp_path: Path, lie: str) -> None:
    path = written(tmp_path, "lie.jpg", LIES[lie]())
    started = time.process_time()
    refusal(path)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
@pytest.mark.parametrize("before", [True, False])
def test_text_that_explodes_does_no_harm(kind: bytes, before: bool) -> None:
    bomb = zlib.compress(bytes(64 * 1024 * 1024))
    text = png_chunk(kind, b"key\0" + (b"\1\0\0\0" if kind == b"iTXt" else b"\0") + bomb)
    started = time.process_time()
    try:
        assert decode_image(png(64, 48, *([text, PIXELS] if before else [PIXELS, text])), "bomb.png").max() == 0
    except UnreadableImage as error:
        assert str(error).startswith("bomb.png ")  # noqa: PT017  (either is well, if it is quick)
    assert time.process_time() - started < 2


def test_ordinary_text_does_not_cost_the_frame() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "x" * 100_000, zip=True)
    assert_pixels(encoded(PICTURE, "PNG", pnginfo=told), PICTURE, within=0)


def test_a_header_is_read_without_the_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the pixels were decoded")

    files = {kind: encoded(PICTURE, kind) for kind in FORMATS}
    monkeypatch.setattr(Image.core, "zip_decoder", never)
    monkeypatch.setattr(Image.core, "jpeg_decoder", never)
    monkeypatch.setattr(simplejpeg, "decode_jpeg", never)
    monkeypatch.setattr(imagecodecs, "png_decode", never)
    for kind, data in files.items():
        header = read_header(data, "frame")
        assert (header.format, header.width, header.height, header.orientation) == (kind, 64, 48, 1)


def test_a_lack_of_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(simplejpeg, "decode_jpeg", out_of_memory)
    with pytest.raises(UnreadableImage, match=r"^frame.jpg is too large for the memory that is free\.$"):
        decode_image(encoded(PICTURE, "JPEG"), "frame.jpg")


def test_too_large_a_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_FILE_BYTES", 1024)
    assert "left alone" in refusal(written(tmp_path, "large.bmp", encoded(PICTURE, "BMP")))


def test_threads_that_read_at_once_leave_pythons_warnings_as_they_were() -> None:
    files = [encoded(PICTURE, "JPEG", exif=b"Exif\0\0damaged"), encoded(PICTURE, "TIFF"), b"none"] * 60
    before = list(warnings.filters)

    def one(data: bytes) -> bool:
        try:
            return decode_image(data, "frame").shape == PICTURE.shape
        except UnreadableImage:
            return data == b"none"

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(one, files))
    assert warnings.filters == before


def _samples() -> list[bytes]:
    exif = Image.Exif()
    exif[274] = 6
    picture, grey = Image.fromarray(PICTURE), Image.fromarray(GREY)
    whole = [encoded(picture, kind, exif=exif) for kind in ("JPEG", "PNG", "TIFF", "WEBP")]
    whole += [encoded(picture.convert("RGBA"), kind) for kind in ("PNG", "TIFF", "WEBP", "BMP")]
    whole += [encoded(picture, "TIFF", compression=kind) for kind in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg")]
    whole += [encoded(grey.convert("1"), "TIFF", compression="group4"), encoded(picture.quantize(9), "PNG"), encoded(grey, "BMP")]
    whole += [encoded(picture.convert("CMYK"), "JPEG"), encoded(picture, "JPEG", progressive=True), encoded(picture.quantize(9), "BMP")]
    return [*whole, by_cv2(np.dstack([PICTURE, ALPHA]).astype(np.uint16) * 257, ".png"), by_cv2(PICTURE.astype(np.uint16) * 257, ".tif")]


SAMPLES = _samples()
EDITS = st.lists(
    st.tuples(st.one_of(st.integers(0, 120), st.integers(0, 10_000)), st.binary(min_size=0, max_size=6), st.integers(0, 6)), max_size=6
)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(which=st.integers(0, len(SAMPLES) - 1), edits=EDITS, keep=st.one_of(st.just(1.0), st.floats(0, 1)))
@example(which=len(SAMPLES) - 2, edits=[(33, b"\xff\x00\x20\x00", 4)], keep=1.0)  # a chunk of 4 GB: took OpenCV 15 s
def test_damaged_files_give_pixels_or_a_sentence(which: int, edits: list[tuple[int, bytes, int]], keep: float) -> None:
    data = bytearray(SAMPLES[which])
    for place, put, dropped in edits:
        data[place % len(data) : place % len(data) + dropped] = put
    started = time.process_time()
    try:
        pixels = decode_image(bytes(data[: int(keep * len(data))]), "frame")
    except UnreadableImage as error:
        assert re.fullmatch(r"frame [^\n]+\.", str(error))  # noqa: PT017
    else:
        assert (pixels.dtype, pixels.ndim, pixels.shape[2]) == (np.uint8, 3, 3)
        assert min(pixels.shape[:2]) >= read.MIN_SIDE_PX
        assert pixels.flags.c_contiguous
    assert time.process_time() - started < 5
