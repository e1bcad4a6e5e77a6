"""Stills are shown as they truly are: whole or not at all, in the colours that their profiles mean, each kind by its own name."""

import io
import os
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
from dicom_files import dicom_bytes
from PIL import Image, ImageCms

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import is_image_name
from endodesk.imaging.reading.read import decode_image, read_header
from endodesk.imaging.thumbnail_store import make_thumbnail

PICTURE = cv2.GaussianBlur(
    np.kron(np.random.default_rng(5).integers(0, 256, (15, 20, 3), np.uint8), np.ones((16, 16, 1), np.uint8)), (9, 9), 3
)
"""240 x 320."""
IMAGE = Image.fromarray(PICTURE)
GREY = np.asarray(IMAGE.convert("L"))
CUT, DAMAGED = "the file ends too early", "its picture data is damaged"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def shown(data: bytes) -> np.ndarray:
    """The frame, after its thumbnail was found to show the same."""
    pixels = decode_image(data, "frame")
    small = cv2.resize(pixels, (64, 48), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(cv2.resize(make_thumbnail(data, "frame"), (64, 48), interpolation=cv2.INTER_AREA) - small).mean() < 3
    return pixels.astype(int)


def refusal(data: bytes) -> str:
    """One sentence for the frame and for its thumbnail."""
    with pytest.raises(UnreadableImage) as frame:
        decode_image(data, "frame.jpg")
    with pytest.raises(UnreadableImage) as thumbnail:
        make_thumbnail(data, "frame.jpg")
    assert str(frame.value) == str(thumbnail.value)
    assert re.fullmatch(r"frame\.jpg [^\n]+\.", str(frame.value))
    return str(frame.value)


JPEG = encoded(IMAGE, "JPEG", quality=90)
PROGRESSIVE = encoded(IMAGE, "JPEG", quality=90, progressive=True)
RIGHT = decode_image(JPEG, "frame").astype(int)
SCAN, END = JPEG.find(b"\xff\xda"), len(JPEG) - 2


def scans_of(data: bytes) -> list[bytes]:
    """A progressive file cut before each of its scans but the first, and ended properly."""
    tables = [found.start() for found in re.finditer(rb"\xff[\xda\xc4]", data)]
    scans = [place for place in tables if data[place + 1] == 0xDA]
    return [data[: next(place for place in tables if place > scan)] + b"\xff\xd9" for scan in scans[:-1]]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [True, False])
def test_a_jpeg_that_was_cut_and_ended_properly_is_refused(share: float, mode: str, progressive: bool) -> None:
    data = encoded(IMAGE.convert(mode), "JPEG", quality=90, progressive=progressive)
    first = data.find(b"\xff\xda") + 20
    assert CUT in refusal(data[: first + int(share * (len(data) - first))].rstrip(b"\xff") + b"\xff\xd9")


def test_a_progressive_jpeg_without_its_last_scans_is_refused() -> None:
    cuts = scans_of(PROGRESSIVE)
    assert len(cuts) > 5
    assert all(CUT in refusal(cut) for cut in cuts)
    assert np.abs(shown(PROGRESSIVE) - RIGHT).max() <= 2


HARMLESS: dict[str, Callable[[], bytes]] = {
    "zeros before the end": lambda: JPEG[:END] + bytes(60) + JPEG[END:],
    "filler before the end": lambda: JPEG[:END] + b"\xff" * 60 + JPEG[END:],
    "bytes between markers": lambda: JPEG[:20] + b"abcde" + JPEG[20:],
    "another version of JFIF": lambda: JPEG.replace(b"JFIF\0\1", b"JFIF\0\5"),
    "an Adobe marker of no known kind": lambda: JPEG[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\x07" + JPEG[20:],
    "a damaged profile": lambda: JPEG[:20] + b"\xff\xe2\0\x14ICC_PROFILE\0\x02\x01abcd" + JPEG[20:],
    "a scan without its spectral end": lambda: JPEG[: SCAN + 11] + bytes(3) + JPEG[SCAN + 14 :],
    "a start of a scan behind the end": lambda: JPEG + b"abc\xff\xda\0\0" * 9,
}


@pytest.mark.parametrize("harm", HARMLESS)
def test_what_does_not_touch_pixels_does_not_cost_the_frame(harm: str) -> None:
    assert np.array_equal(shown(HARMLESS[harm]()), RIGHT)


def test_a_jpeg_stream_that_came_out_of_step_is_refused() -> None:
    assert DAMAGED in refusal(JPEG[:END] + b"left over from a damaged stream" + JPEG[END:])
    start = JPEG.find(b"\xff\xc0") + 5
    assert DAMAGED in refusal(JPEG[:start] + struct.pack(">H", 160) + JPEG[start + 2 :])  # says it is lower than it is


def test_a_lossless_jpeg_is_shown_and_a_cut_one_refused() -> None:
    whole = imagecodecs.jpeg8_encode(PICTURE, lossless=True, predictor=1)
    assert np.array_equal(shown(whole), PICTURE)
    assert CUT in refusal(whole[: len(whole) * 2 // 3] + b"\xff\xd9")


def test_other_jpegs_are_named() -> None:
    start = JPEG.find(b"\xff\xc0")
    assert "hierarchically coded" in refusal(JPEG[: start + 1] + b"\xc5" + JPEG[start + 2 :])
    assert "12 bits" in refusal(JPEG[: start + 1] + b"\xc1\0\x11\x0c" + JPEG[start + 5 :])


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(stream: bytes, *before: bytes, bits: int = 8) -> bytes:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 240, bits, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + png_chunk(b"IDAT", stream) + png_chunk(b"IEND", b"")


ROWS = b"".join(b"\0" + row.tobytes() for row in PICTURE)
STREAM = zlib.compress(ROWS)


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (zlib.compress(ROWS[: len(ROWS) // 2]), CUT),
        (STREAM[: len(STREAM) // 2], CUT),
        (STREAM[:-4], CUT),
        (STREAM[:-4] + b"oops", DAMAGED),
        (zlib.compress(b"\7" + ROWS[1:]), DAMAGED),
    ],
)
def test_a_png_whose_stream_is_not_whole_is_refused(stream: bytes, told: str) -> None:
    assert told in refusal(png(stream))


def test_few_bytes_that_would_fill_the_memory_are_left_alone() -> None:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9_990, 9_990, 16, 6, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + png_chunk(b"IEND", b"")
    assert "unpacks to 761 MB" in refusal(bomb)


@pytest.mark.parametrize("interlaced", [True, False])
def test_the_transparent_grey_of_a_png_of_few_bits(interlaced: bool) -> None:
    two = GREY[:48, :64] >> 6
    passes = (
        ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        if interlaced
        else ((0, 0, 1, 1),)
    )
    rows = []
    for left, top, across, down in passes:
        for row in two[top::down, left::across]:
            padded = np.pad(row, (0, -len(row) % 4)).reshape(-1, 4)
            rows.append(b"\0" + (padded @ np.array([64, 16, 4, 1])).astype(np.uint8).tobytes())
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 2, 0, 0, 0, int(interlaced)))
    body = png_chunk(b"tRNS", b"\0\2") + png_chunk(b"IDAT", zlib.compress(b"".join(rows))) + png_chunk(b"IEND", b"")
    assert np.array_equal(decode_image(b"\x89PNG\r\n\x1a\n" + head + body, "frame")[..., 1], np.where(two == 2, 0, two * 85))


def test_colours_that_a_png_codes_otherwise_are_refused_by_name() -> None:
    assert "HDR (PQ)" in refusal(png(STREAM, png_chunk(b"cICP", bytes((9, 16, 0, 1)))))
    assert np.array_equal(shown(png(STREAM, png_chunk(b"cICP", bytes((1, 13, 0, 1))))), PICTURE)


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_few_bits_in_sixteen_are_shown_by_their_own_white(bits: int) -> None:
    white = (1 << bits) - 1
    deep = (PICTURE.astype(np.uint32) * white // 255).astype(np.uint16)
    deep[0, 0] = white
    data = cv2.imencode(".png", deep[..., ::-1])[1].tobytes()
    assert np.abs(shown(data)[1:] - PICTURE[1:]).max() <= 1
    assert read_header(data, "frame").reading == 2


def test_a_dark_frame_of_sixteen_bits_stays_dark() -> None:
    dark = PICTURE.astype(np.uint16) * 20
    assert np.abs(shown(cv2.imencode(".png", dark[..., ::-1])[1].tobytes()) - dark / 257).max() <= 1


def adobe_rgb() -> bytes:
    """A profile with wider primaries than sRGB's: its red and green columns exchanged would be seen from afar."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    columns = {}
    for entry in range(132, 132 + 12 * struct.unpack_from(">I", profile, 128)[0], 12):
        columns[bytes(profile[entry : entry + 4])] = struct.unpack_from(">I", profile, entry + 4)[0] + 8
    for kind, colour in (
        (b"rXYZ", (0.60974, 0.31111, 0.01947)),
        (b"gXYZ", (0.20528, 0.62567, 0.06087)),
        (b"bXYZ", (0.14919, 0.06322, 0.74457)),
    ):
        struct.pack_into(">iii", profile, columns[kind], *(round(part * 65536) for part in colour))
    return bytes(profile)


ADOBE_RGB, SRGB = adobe_rgb(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LOSSLESS = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}


def by_arithmetic(pixels: np.ndarray) -> np.ndarray:
    """Adobe RGB's primaries, sRGB's curve, to sRGB, by the matrices of both (D50)."""
    adobe = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
    srgb = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
    part = pixels / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ (np.linalg.inv(srgb) @ adobe).T
    light = light.clip(0, 1)
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_colours_go_to_srgb_by_the_profile(kind: str) -> None:
    options = LOSSLESS.get(kind, {})
    plain, tagged, same = (encoded(IMAGE, kind, icc_profile=profile, **options) for profile in (None, ADOBE_RGB, SRGB))
    wanted = by_arithmetic(decode_image(plain, "frame"))
    assert np.abs(wanted - decode_image(plain, "frame")).max() > 20
    assert np.abs(shown(tagged) - wanted).max() <= 2
    assert np.array_equal(shown(same), shown(plain))
    readings = [(read_header(data, "frame").reading, bool(read_header(data, "frame").profile)) for data in (plain, same, tagged)]
    assert readings == [(1, False), (1, False), (2, True)]


def gamma_chunk(gamma: float) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", round(100_000 / gamma)))


def test_what_a_png_says_of_its_numbers_is_heard_where_it_has_no_profile() -> None:
    light = (PICTURE / 255) ** 1.5
    wanted = 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    told = png(STREAM, gamma_chunk(1.5))
    assert np.abs(shown(told) - wanted).max() <= 2
    assert (read_header(told, "frame").reading, read_header(told, "frame").profile) == (2, "gamma 1.50")
    srgb = png_chunk(b"sRGB", b"\0")
    for usual in (png(STREAM, gamma_chunk(2.2)), png(STREAM, srgb, gamma_chunk(1.5)), png(STREAM, gamma_chunk(90.0)), png(STREAM)):
        assert np.array_equal(shown(usual), PICTURE)
        assert (read_header(usual, "frame").reading, read_header(usual, "frame").profile) == (1, "")


def test_adobes_corners_without_a_profile_are_those_of_its_profile() -> None:
    corners = png_chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000))
    by_words = shown(png(STREAM, gamma_chunk(1.8), corners))
    straight = shown(png(STREAM, gamma_chunk(1.8)))
    red, green = PICTURE.astype(int)[..., 0], PICTURE.astype(int)[..., 1]
    assert (by_words - straight)[..., 0][red - green > 60].mean() > 5  # its green lies further out: reds come out redder
    assert (by_words - straight)[..., 0][green - red > 60].mean() < -5


def test_a_png_is_turned_by_its_exif_block_wherever_it_stands() -> None:
    exif = Image.Exif()
    exif[274] = 6
    block = png_chunk(b"eXIf", exif.tobytes()[6:])
    first = png(STREAM, block)
    late = png(STREAM)[:-12] + block + png(STREAM)[-12:]
    for data in (first, late):
        assert np.array_equal(shown(data), np.rot90(PICTURE, -1))


@pytest.mark.parametrize("interlaced", [False, True])
def test_numbers_that_the_palette_lacks_are_refused(interlaced: bool) -> None:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 3, 0, 0, int(interlaced)))
    numbers = np.arange(256, dtype=np.uint8) % 40
    rows = np.zeros((16, 17), np.uint8)
    rows[:, 1:] = numbers.reshape(16, 16)
    passes = [rows[top::down, 1:][:, left::right] for left, top, right, down in PASSES] if interlaced else [rows[:, 1:]]
    stream = zlib.compress(b"".join(b"\0" + row.tobytes() for part in passes for row in part))
    for entries, is_whole in ((40, True), (39, False)):
        colours = np.arange(3 * entries, dtype=np.uint8).tobytes()
        data = b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"PLTE", colours) + png_chunk(b"IDAT", stream) + png_chunk(b"IEND", b"")
        if is_whole:
            assert np.array_equal(decode_image(data, "frame")[..., 0], 3 * numbers.reshape(16, 16))
        else:
            assert DAMAGED in refusal(data)


PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def test_a_profile_in_dicom_is_heard() -> None:
    plain, tagged, same = (dicom_bytes(PICTURE, **tags) for tags in ({}, {"ICCProfile": ADOBE_RGB}, {"ICCProfile": SRGB}))
    assert np.array_equal(shown(plain), PICTURE)
    assert np.array_equal(shown(same), PICTURE)
    assert np.abs(shown(tagged) - by_arithmetic(PICTURE)).max() <= 2
    assert [read_header(data, "frame").reading for data in (plain, same, tagged)] == [1, 1, 2]


def test_a_profile_that_cannot_be_used_is_passed_over() -> None:
    for profile in (b"x" * 300, ADOBE_RGB[:200], ADOBE_RGB.replace(b"RGB XYZ", b"CMYKXYZ"), ADOBE_RGB[:12] + b"link" + ADOBE_RGB[16:]):
        assert np.array_equal(shown(encoded(IMAGE, "PNG", icc_profile=profile)), PICTURE)


KINDS = {
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic": "HEIC",
    b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic": "HEIC",
    b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf": "AVIF",
    b"\0\0\0\x18ftypisom\0\0\0\0isomavc1": "a video (MP4)",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG 2000",
    b"\0\0\0\x0cJXL \r\n\x87\n": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"8BPS\0\1": "Photoshop",
    b"PK\x03\x04": "a ZIP archive",
    b"%PDF-1.7": "a PDF document",
    b"\n<!DOCTYPE html><html>": "a web page",
    b'<?xml version="1.0"?><svg ': "SVG",
    b"II\x2a\0\x10\0\0\0CR\x02\0": "camera's raw file",
    b"FUJIFILMCCD-RAW ": "camera raw (RAF)",
}


@pytest.mark.parametrize("beginning", KINDS)
def test_kinds_are_told_by_content_and_named(beginning: bytes) -> None:
    assert KINDS[beginning] in refusal(beginning + bytes(4000))


def test_folders_of_kinds_that_are_not_read_are_listed() -> None:
    assert all(is_image_name(Path(f"a{suffix}")) for suffix in (".heic", ".HEIF", ".avif", ".gif", ".jxl", ".jp2", ".jfif"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
def test_a_header_says_how_many_pictures_there_are(kind: str) -> None:
    data = encoded(IMAGE, kind, save_all=True, append_images=[Image.fromarray(255 - PICTURE), IMAGE.rotate(180)])
    assert read_header(data, "frame").pages == 3
    assert np.abs(shown(data) - PICTURE).mean() < 5


def test_no_decoder_speaks_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    whole = [JPEG, PROGRESSIVE, png(STREAM, png_chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile" * 40)))]
    whole += [encoded(IMAGE.convert("CMYK"), "JPEG"), png(STREAM + b"more"), png(zlib.compress(ROWS + b"more"))]
    whole += [encoded(IMAGE, kind, **options) for kind in ("TIFF", "WEBP") for options in ({}, {"save_all": True})]
    whole.append(encoded(IMAGE, "BMP"))
    whole += [encoded(IMAGE, "TIFF", compression=packing) for packing in ("jpeg", "tiff_lzw", "tiff_deflate")]
    rng = np.random.default_rng(1)
    for data in [*whole, *(damage() for damage in HARMLESS.values())]:
        for place in (None, len(data) // 3, *rng.integers(0, len(data), 4)):
            for hurt in (
                (data,) if place is None else (data[:place], data[:place] + b"\xff\xd9", data[:place] + os.urandom(3) + data[place + 3 :])
            ):
                try:
                    make_thumbnail(hurt, "frame")
                    decode_image(hurt, "frame")
                except UnreadableImage:
                    pass
    assert capfd.readouterr() == ("", "")
