"""DICOM files open like any other frame, whatever way they hold their pixels; nothing of a patient leaves them."""

import logging
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from dicom_files import PLANTED, dicom_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.dicom import dicom_file
from endodesk.imaging.reading.read import decode_image, read_header, read_image
from endodesk.imaging.thumbnail_store import make_thumbnail

RNG = np.random.default_rng(3)
PICTURE = np.kron(RNG.integers(0, 256, (5, 6, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
DEEP = np.kron(RNG.integers(0, 4096, (5, 6), np.uint16), np.ones((8, 8), np.uint16))


def shipped(name: str) -> bytes:
    """A file inside pydicom's own wheel."""
    path = get_testdata_file(name, download=False)
    assert path, f"pydicom no longer ships {name}"
    with open(path, "rb") as stream:  # noqa: PTH123
        return stream.read()


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data, "frame.dcm")
    sentence = str(caught.value)
    assert re.fullmatch(r"frame\.dcm [^\n\r]+\w\)?\.", sentence)
    assert not any(word in sentence for word in PLANTED)
    assert caught.value.__cause__ is None  # a log of it would quote the file
    return sentence


# --- pixels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("planar", [0, 1])
def test_colours_come_as_they_are_in_either_order(planar):
    data = dicom_bytes(PICTURE, PlanarConfiguration=planar)
    assert np.array_equal(decode_image(data, "a"), PICTURE)
    header = read_header(data, "a")
    assert (header.format, header.width, header.height, header.orientation) == ("DICOM", 48, 40, 1)
    assert make_thumbnail(data, "a").shape == (160, 192, 3)


@pytest.mark.parametrize("use", [read_header, decode_image, make_thumbnail])
def test_a_file_is_parsed_once_whatever_is_made_of_it(monkeypatch, use):
    parsed, elements_of = [], dicom_file.elements_of

    def counting(data):
        parsed.append(1)
        return elements_of(data)

    monkeypatch.setattr(dicom_file, "elements_of", counting)
    use(dicom_bytes(PICTURE), "a")
    assert len(parsed) == 1


SAME_PICTURE = {
    "SC_rgb_rle.dcm": 0, "SC_rgb_gdcm_KY.dcm": 0, "SC_rgb_jpeg_gdcm.dcm": 0, "SC_rgb_rle_16bit.dcm": 0.5, "SC_rgb_rle_32bit.dcm": 0.5,
    "SC_ybr_full_422_uncompressed.dcm": 1, "SC_rgb_jpeg_dcmtk.dcm": 1, "SC_rgb_dcmtk_+eb+cr.dcm": 1, "SC_rgb_dcmtk_+eb+cy+n1.dcm": 3,
    "SC_rgb_dcmtk_+eb+cy+s2.dcm": 1, "SC_rgb_jls_lossy_line.dcm": 1, "SC_rgb_jls_lossy_sample.dcm": 1, "SC_rgb_jpeg_lossy_gdcm.dcm": 3,
}  # fmt: skip
"""Shipped with pydicom: one picture as RLE, JPEG 2000, JPEG lossless, 16 and 32 bits, YBR, JPEG, JPEG-LS; mean difference allowed."""


@pytest.mark.parametrize(("name", "within"), SAME_PICTURE.items())
def test_every_way_of_holding_a_picture_gives_the_same_pixels(name, within):
    wanted = decode_image(shipped("SC_rgb_rle.dcm"), "a")
    assert wanted.shape == (100, 100, 3)
    assert np.abs(decode_image(shipped(name), name).astype(float) - wanted).mean() <= within


@pytest.mark.parametrize("name", ["MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_RLE.dcm", "MR_small_expb.dcm"])
def test_16_bits_are_the_same_in_every_compression(name):
    assert np.array_equal(decode_image(shipped(name), name), decode_image(shipped("MR_small.dcm"), "a"))


@pytest.mark.parametrize("name", ["examples_jpeg2k.dcm", "examples_rgb_color.dcm", "examples_palette.dcm", "693_J2KI.dcm"])
def test_shipped_examples_open(name):
    pixels = decode_image(shipped(name), name)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert int(pixels.max()) - int(pixels.min()) > 200


def test_a_palette_gives_its_colours():
    index = np.kron(np.arange(6, dtype=np.uint8).reshape(2, 3), np.ones((16, 16), np.uint8))
    colours = RNG.integers(0, 256, (256, 3), np.uint8)
    tables = {}
    for place, name in enumerate(("Red", "Green", "Blue")):
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        tables[f"{name}PaletteColorLookupTableData"] = colours[:, place].tobytes()
    assert np.array_equal(decode_image(dicom_bytes(index, photometric="PALETTE COLOR", **tables), "a"), colours[index])


def test_grey_is_shown_by_its_window_and_inverted_where_white_is_low():
    window = {"BitsStored": 12, "HighBit": 11, "WindowCenter": 1000, "WindowWidth": 501}
    wanted = np.clip((DEEP.astype(float) - 749.5) / 500 * 255, 0, 255)
    shown = decode_image(dicom_bytes(DEEP, photometric="MONOCHROME2", **window), "a")
    assert np.abs(shown - wanted[..., None]).max() <= 0.51
    assert np.array_equal(decode_image(dicom_bytes(DEEP, photometric="MONOCHROME1", **window), "a"), 255 - shown)


def test_rescaling_comes_before_the_window():
    scaled = dicom_bytes(DEEP, photometric="MONOCHROME2", RescaleSlope=2, RescaleIntercept=-100, WindowCenter=1900, WindowWidth=1001)
    plain = dicom_bytes(DEEP, photometric="MONOCHROME2", WindowCenter=1000.25, WindowWidth=501)
    assert np.abs(decode_image(scaled, "a").astype(int) - decode_image(plain, "a")).max() <= 1


def test_without_a_window_8_bits_stay_and_more_are_stretched():
    grey = np.clip(DEEP // 40 + 20, 0, 200).astype(np.uint8)
    assert np.array_equal(decode_image(dicom_bytes(grey, photometric="MONOCHROME2", RescaleSlope=1, RescaleIntercept=0), "a")[..., 1], grey)
    deep = decode_image(dicom_bytes(DEEP, photometric="MONOCHROME2"), "a")
    assert (deep.min(), deep.max()) == (0, 255)
    for bad in (0, 1, -5):
        assert np.array_equal(decode_image(dicom_bytes(DEEP, photometric="MONOCHROME2", WindowCenter=100, WindowWidth=bad), "a"), deep)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("test-SR.dcm", "holds no picture"),
        ("rtplan.dcm", "holds no picture"),
        ("MR_truncated.dcm", "ends too early"),
        ("rtplan_truncated.dcm", "ends too early"),
        ("JPEG2000-embedded-sequence-delimiter.dcm", "its size contradicts its picture data"),
        ("meta_missing_tsyntax.dcm", "holds no picture"),
        ("examples_ybr_color.dcm", "a film of 30 frames"),
        ("SC_rgb_rle_2frame.dcm", "a film of 2 frames"),
    ],
)
def test_what_is_no_frame_is_refused_with_the_reason(name, reason):
    assert reason in refusal(shipped(name))


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"PixelData": b""}, "holds no picture"),
        ({"Rows": 65535, "Columns": 65535}, "ends too early"),
        ({"Rows": 0}, "what size"),
        ({"BitsAllocated": 64, "BitsStored": 64}, "ends too early"),
        ({"BitsAllocated": 24, "BitsStored": 24}, "bits"),
        ({"PhotometricInterpretation": "HSV"}, "colours"),
        ({"SamplesPerPixel": 4}, "colours"),
    ],
)
def test_tags_that_lie_are_refused(tags, reason):
    assert reason in refusal(dicom_bytes(PICTURE, **tags))


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded():
    coded = {"Rows": 60000, "Columns": 60000}
    data = shipped("SC_rgb_jpeg_gdcm.dcm")
    for key, value in (("Rows", 100), ("Columns", 100)):  # US 100 -> US 60000, in the file's own bytes
        tag = {"Rows": b"\x28\x00\x10\x00US\x02\x00", "Columns": b"\x28\x00\x11\x00US\x02\x00"}[key]
        at = data.index(tag + value.to_bytes(2, "little")) + len(tag)
        data = data[:at] + coded[key].to_bytes(2, "little") + data[at + 2 :]
    assert "megapixels" in refusal(data)


@pytest.mark.parametrize(("claimed", "there"), [(1, 3), (3, 3), (900_000_000, 3)])
def test_the_number_of_frames_is_counted_not_believed(claimed, there):
    pictures = np.stack([PICTURE] * there)
    assert f"a film of {there} frames" in refusal(dicom_bytes(pictures, NumberOfFrames=claimed))


def test_one_frame_that_claims_to_be_many_opens():
    assert np.array_equal(decode_image(dicom_bytes(PICTURE[None], NumberOfFrames=500), "a"), PICTURE)


WHOLE = [dicom_bytes(PICTURE), shipped("SC_rgb_jpeg_dcmtk.dcm"), shipped("SC_rgb_gdcm_KY.dcm"), shipped("SC_rgb_jls_lossy_line.dcm")]


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, len(WHOLE) - 1),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.2, 1),
)
def test_damage_gives_pixels_or_a_sentence(which, changes, keep):
    data = bytearray(WHOLE[which])
    for place, byte in changes:
        data[132 + int(place * (len(data) - 132))] = byte
    try:
        pixels = decode_image(bytes(data[: int(keep * len(data))]), "frame.dcm")
    except UnreadableImage as error:
        refused = str(error)
    else:
        assert (pixels.ndim, pixels.dtype) == (3, np.uint8)
        return
    assert re.fullmatch(r"frame\.dcm [^\n\r]+\.", refused)


# --- a patient's data -------------------------------------------------------------------------------------------------


def test_nothing_of_a_patient_is_logged_warned_of_or_told(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    odd = dicom_bytes(PICTURE, InstanceNumber=7).replace(b"19520417", b"1952O4l7")  # no date: pydicom would quote it
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        (tmp_path / "odd.dcm").write_bytes(odd)
        assert np.array_equal(read_image(tmp_path / "odd.dcm"), PICTURE)
        for cut in (200, 400, 700, len(odd) - 100):
            refusal(odd[:cut])
    told = caplog.text + "".join(capfd.readouterr()) + "".join(str(one.message) for one in warned)
    assert not any(word in told for word in (*PLANTED, "1952O4l7"))


def test_pydicom_is_loaded_only_for_a_file_that_is_dicom():
    code = (
        "import sys, endodesk.imaging.reading.read as r, cv2, numpy as np\n"
        "r.decode_image(cv2.imencode('.png', np.zeros((20, 20, 3), np.uint8))[1].tobytes(), 'a')\n"
        "sys.exit('pydicom' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
