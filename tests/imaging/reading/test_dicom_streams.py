"""Coded pictures in DICOM: what their stream says counts before the tags, and nothing is shown that is not there."""

import struct

import cv2
import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from dicom_files import coded_bytes, dicom_bytes, jpeg_code
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import get_encoder
from pydicom.pixels.processing import convert_color_space
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import open_film
from endodesk.imaging.reading.read import decode_image, read_header

RNG = np.random.default_rng(5)
PICTURE = cv2.GaussianBlur(np.kron(RNG.integers(0, 256, (6, 8, 3), np.uint8), np.ones((16, 16, 1), np.uint8)), (9, 9), 3)
YBR = convert_color_space(PICTURE.copy(), "RGB", "YBR_FULL")
GREEN = PICTURE[..., 1]
DEEP = GREEN.astype(np.uint16) << 4
WHOLE_WINDOW = {"BitsStored": 12, "HighBit": 11, "WindowCenter": 2048, "WindowWidth": 4096}
CUT, CONTRADICTS = "ends too early. Copy it again", "contradicts its picture data"


def off(data: bytes, wanted: np.ndarray = PICTURE) -> float:
    """Mean difference between what is shown and what it should be."""
    wanted = wanted if wanted.ndim == 3 else np.repeat(wanted[..., None], 3, 2)
    return float(np.abs(decode_image(data, "a").astype(float) - wanted).mean())


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data, "a")
    return str(caught.value)


def jpeg(photometric: str, pixels: np.ndarray = PICTURE, **options) -> bytes:
    return coded_bytes([jpeg_code(pixels, **options)], pixels, photometric=photometric, syntax=JPEGBaseline8Bit)


def jpeg_2000(pixels: np.ndarray, photometric: str, *, transform: bool, like: np.ndarray | None = None, **tags) -> bytes:
    code = imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k", mct=transform)
    return coded_bytes([code], pixels if like is None else like, photometric=photometric, syntax=JPEG2000Lossless, **tags)


# --- colours ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT"])
@pytest.mark.parametrize(
    "stream",
    [
        {"ids": "\1\2\3", "subsampling": 0},
        {"ids": "\1\2\3", "subsampling": 2},
        {"ids": "\0\1\2", "subsampling": 2},
        {"jfif": True},
        {"adobe": 1},
        {"ids": "RGB", "keep_rgb": True},
        {"adobe": 0, "ids": "\1\2\3", "keep_rgb": True},
    ],
    ids=str,
)
def test_jpeg_has_the_colours_of_its_stream_whatever_the_tag(label, stream):
    assert off(jpeg(label, **stream)) < 2


def test_jpeg_that_says_nothing_has_the_colours_of_its_tag():
    assert off(jpeg("RGB", ids="\0\1\2", keep_rgb=True)) < 1  # one table for all: no colours of light and difference
    assert off(jpeg("YBR_FULL", ids="\0\1\2", subsampling=0)) < 1
    assert CONTRADICTS in refusal(jpeg("RGB", ids="\0\1\2", subsampling=0))


def test_a_stream_read_against_its_tag_is_known_to_have_been_shown_otherwise():
    assert read_header(jpeg("RGB", ids="\1\2\3"), "a").reading == 2
    assert read_header(jpeg("YBR_FULL_422", adobe=1), "a").reading == 2
    assert read_header(jpeg("YBR_FULL_422", ids="\1\2\3"), "a").reading == 1
    assert read_header(dicom_bytes(PICTURE), "a").reading == 1


@pytest.mark.parametrize("label", ["RGB", "YBR_RCT", "YBR_ICT"])
@pytest.mark.parametrize("transform", [True, False])
def test_jpeg_2000_has_the_colours_of_its_own_flag(label, transform):
    assert off(jpeg_2000(PICTURE, label, transform=transform)) == 0


def test_jpeg_2000_in_ybr_is_turned_unless_its_flag_says_otherwise():
    assert off(jpeg_2000(YBR, "YBR_FULL", transform=False)) < 1
    assert CONTRADICTS in refusal(jpeg_2000(PICTURE, "YBR_FULL", transform=True))
    boxed = imagecodecs.jpeg2k_encode(PICTURE, level=0, codecformat="jp2", colorspace="SYCC", mct=False)
    assert CONTRADICTS in refusal(coded_bytes([boxed], PICTURE, photometric="RGB", syntax=JPEG2000Lossless))


def test_jpeg_ls_with_a_transform_of_its_own_is_rgb():
    red, green, blue = (PICTURE[..., place].astype(int) for place in range(3))
    turned = np.stack([red - green + 128, green, blue - green + 128], -1).astype(np.uint8)
    code = imagecodecs.jpegls_encode(turned)
    transformed = code[:2] + b"\xff\xe8\x00\x07mrfx\x01" + code[2:]
    assert off(coded_bytes([transformed], PICTURE, photometric="RGB", syntax=JPEGLSLossless)) == 0
    assert CONTRADICTS in refusal(coded_bytes([transformed], PICTURE, photometric="YBR_FULL", syntax=JPEGLSLossless))
    planes = bytes(jpeg_ls.encode_array(np.ascontiguousarray(PICTURE.transpose(2, 0, 1)), interleave_mode=0))
    assert off(coded_bytes([planes], PICTURE, photometric="RGB", syntax=JPEGLSLossless)) == 0


def test_lossless_jpeg_in_ybr_is_turned_and_one_with_a_marker_of_another_kind_refused():
    code = imagecodecs.jpeg8_encode(YBR, lossless=True, predictor=1, colorspace="YCBCR", outcolorspace="YCBCR")
    assert off(coded_bytes([code], PICTURE, photometric="YBR_FULL", syntax=JPEGLosslessSV1)) < 1
    jfif = code[:2] + b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + code[2:]
    assert CONTRADICTS in refusal(coded_bytes([jfif], PICTURE, photometric="RGB", syntax=JPEGLosslessSV1))


# --- bits, size, compression ------------------------------------------------------------------------------------------


def test_bits_are_those_of_the_stream():
    narrow = coded_bytes([jpeg_code(GREEN)], DEEP, photometric="MONOCHROME2", syntax=JPEGBaseline8Bit)
    assert off(narrow, GREEN) < 1
    assert off(jpeg_2000(PICTURE, "RGB", transform=False, like=PICTURE.astype(np.uint16))) == 0
    assert off(jpeg_2000(DEEP, "MONOCHROME2", transform=False, **WHOLE_WINDOW), GREEN) < 1
    wide = PICTURE.astype(np.uint16) << 4
    assert off(jpeg_2000(wide, "RGB", transform=False, BitsStored=12, HighBit=11)) < 1
    assert "bits contradicts" in refusal(jpeg_2000(wide, "RGB", transform=False, BitsStored=8, HighBit=7))


def test_deep_jpeg_opens():
    lossy = imagecodecs.jpeg8_encode(DEEP, level=95, bitspersample=12)
    assert off(coded_bytes([lossy], DEEP, photometric="MONOCHROME2", syntax=JPEGExtended12Bit, **WHOLE_WINDOW), GREEN) < 1
    lossless = imagecodecs.jpeg8_encode(DEEP, lossless=True, predictor=1, bitspersample=12)
    assert off(coded_bytes([lossless], DEEP, photometric="MONOCHROME2", syntax=JPEGLosslessSV1, **WHOLE_WINDOW), GREEN) < 1


@pytest.mark.parametrize("kind", ["12 bits", "lossless", "16 bits"])
def test_a_stream_may_be_filled_up_before_its_end(kind):
    code, like, label, syntax = CODES[kind]  # as dcmtk writes them
    data = [coded_bytes([one], like, photometric=label, syntax=syntax) for one in (code, code[:-2] + b"\xff" + code[-2:])]
    assert np.array_equal(*(decode_image(one, "a") for one in data))


@pytest.mark.parametrize(
    ("pixels", "like", "label", "what"),
    [
        (PICTURE, GREEN, "MONOCHROME2", "colours"),
        (GREEN, PICTURE, "RGB", "colours"),
        (PICTURE[:64], PICTURE, "YBR_FULL_422", "size"),
    ],
)
def test_what_cannot_both_be_true_is_refused_by_its_name(pixels, like, label, what):
    data = coded_bytes([jpeg_code(pixels)], like, photometric=label, syntax=JPEGBaseline8Bit)
    assert f"its {what} contradicts its picture data" in refusal(data)


def test_a_stream_under_the_name_of_another_compression_opens_and_unknown_ones_are_named():
    code = jpeg_code(PICTURE, jfif=True)
    assert off(coded_bytes([code], PICTURE, photometric="YBR_FULL_422", syntax=JPEG2000Lossless)) < 2
    strange = coded_bytes([b"abcd" * 500], PICTURE, photometric="RGB", syntax="1.2.840.10008.1.2.4.100")
    assert "MPEG video" in refusal(strange)
    assert "JPEG XL" in refusal(strange.replace(b"1.2.840.10008.1.2.4.100", b"1.2.840.10008.1.2.4.110"))
    assert off(dicom_bytes(PICTURE, syntax="1.2.840.10008.1.2.1.98", PixelData=encapsulate([PICTURE.tobytes()]))) == 0


# --- cut files --------------------------------------------------------------------------------------------------------


def runs(pixels: np.ndarray) -> bytes:
    size = {"rows": pixels.shape[0], "columns": pixels.shape[1], "samples_per_pixel": 3, "number_of_frames": 1}
    kind = {"bits_allocated": 8, "bits_stored": 8, "pixel_representation": 0, "photometric_interpretation": "RGB"}
    return bytes(get_encoder(RLELossless).encode(pixels.tobytes(), **size, **kind, planar_configuration=0))


CODES = {
    "jpeg": (jpeg_code(PICTURE, jfif=True), PICTURE, "YBR_FULL_422", JPEGBaseline8Bit),
    "progressive": (jpeg_code(PICTURE, jfif=True, progressive=True), PICTURE, "YBR_FULL_422", JPEGBaseline8Bit),
    "12 bits": (imagecodecs.jpeg8_encode(DEEP, level=95, bitspersample=12), DEEP, "MONOCHROME2", JPEGExtended12Bit),
    "lossless": (imagecodecs.jpeg8_encode(PICTURE, lossless=True, predictor=1), PICTURE, "RGB", JPEGLosslessSV1),
    "16 bits": (imagecodecs.jpeg8_encode(DEEP, lossless=True, predictor=1, bitspersample=16), DEEP, "MONOCHROME2", JPEGLosslessSV1),
    "2000": (imagecodecs.jpeg2k_encode(PICTURE, level=0, codecformat="j2k", mct=True), PICTURE, "YBR_RCT", JPEG2000Lossless),
    "ls": (imagecodecs.jpegls_encode(PICTURE), PICTURE, "RGB", JPEGLSLossless),
    "runs": (runs(PICTURE), PICTURE, "RGB", RLELossless),
}


@pytest.mark.parametrize("kind", CODES)
def test_no_rest_is_invented_for_a_stream_that_is_cut(kind):
    code, like, label, syntax = CODES[kind]
    tags = {"photometric": label, "syntax": syntax}
    decode_image(coded_bytes([code], like, **tags), "a")
    for keep in (len(code) // 3, len(code) // 2, len(code) - 40, len(code) - 6):
        for end in (b"", b"\xff\xd9"):
            refused = refusal(coded_bytes([code[:keep] + end], like, **tags))
            assert CUT in refused or "damaged" in refused
            if kind in ("jpeg", "lossless", "16 bits"):
                assert CUT in refused


def test_a_file_that_is_cut_anywhere_in_its_picture_says_so():
    code, like, label, syntax = CODES["jpeg"]
    for data in (coded_bytes([code], like, photometric=label, syntax=syntax), dicom_bytes(PICTURE)):
        start = data.rindex(b"\xe0\x7f\x10\x00") + 12
        for keep in (start + 5, start + 30, (start + len(data)) // 2, len(data) - 40, 400, 900):
            assert "ends too early" in refusal(data[:keep])


def test_a_whole_picture_opens_without_its_last_marks():
    whole = jpeg("YBR_FULL_422", jfif=True)
    for lacking in (8, 5, 1):
        assert off(whole[:-lacking]) < 2
    code = jpeg_code(PICTURE, jfif=True)
    for odd in (code[:-2], code[:-2] + b"\0\0\0\xff\xd9", code + b"\0\0"):  # filled up, or without its own end
        assert off(coded_bytes([odd], PICTURE, photometric="YBR_FULL_422", syntax=JPEGBaseline8Bit)) < 2


def test_a_damaged_stream_is_not_called_cut():
    code = jpeg_code(PICTURE, jfif=True)
    strange = code[:-2] + b"\x11" * 20 + code[-2:]
    assert "its picture data is damaged" in refusal(coded_bytes([strange], PICTURE, photometric="YBR_FULL_422", syntax=JPEGBaseline8Bit))


# --- pieces -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("claimed", [1, 2, 5])
def test_frames_are_told_apart_however_they_lie(tmp_path, table, pieces, claimed):
    codes = [jpeg_code(pixels, jfif=True) for pixels in (PICTURE, 255 - PICTURE)]
    data = encapsulate(codes, fragments_per_frame=pieces, has_bot=table)
    check_film(tmp_path, PixelData=data, NumberOfFrames=claimed)


def test_frames_are_found_by_the_extended_table(tmp_path):
    codes = [jpeg_code(pixels, jfif=True) for pixels in (PICTURE, 255 - PICTURE)]
    data, offsets, lengths = encapsulate_extended(codes)
    check_film(tmp_path, PixelData=data, NumberOfFrames=2, ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths)


def check_film(folder, **tags) -> None:
    pictures = np.stack([PICTURE, 255 - PICTURE])
    (folder / "film.dcm").write_bytes(dicom_bytes(pictures, photometric="YBR_FULL_422", syntax=JPEGBaseline8Bit, **tags))
    film = open_film(folder / "film.dcm")
    assert film.frames == 2
    assert all(np.abs(film.frame(number).astype(int) - pictures[number]).mean() < 2 for number in range(2))


def test_a_film_cut_between_two_frames_is_refused():
    codes = [jpeg_code(pixels, jfif=True) for pixels in (PICTURE, 255 - PICTURE)]
    data = coded_bytes(codes, np.stack([PICTURE] * 2), photometric="YBR_FULL_422", syntax=JPEGBaseline8Bit, NumberOfFrames=2)
    assert CUT in refusal(data[: data.rindex(b"\xfe\xff\x00\xe0")])


@pytest.mark.parametrize("claimed", ["0", "", " 1 ", "abc", "-3", "1A"])
def test_an_odd_number_of_frames_is_one(claimed):
    data = jpeg("YBR_FULL_422", jfif=True)
    rows = data.index(b"\x28\x00\x10\x00US")
    value = claimed.encode() + b" " * (len(claimed) % 2)
    said = b"\x28\x00\x08\x00IS" + struct.pack("<H", len(value)) + value
    assert off(data[:rows] + said + data[rows:]) < 2


def test_the_end_mark_within_a_picture_is_no_end():
    inside = PICTURE.copy()
    inside.reshape(-1)[5000:5008] = list(b"\xfe\xff\xdd\xe0\0\0\0\0")
    assert off(dicom_bytes(inside, syntax="1.2.840.10008.1.2.1.98", PixelData=encapsulate([inside.tobytes()])), inside) == 0
