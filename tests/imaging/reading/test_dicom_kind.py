"""DICOM files are known by what they begin with: without an ending, without the 128 bytes and the four letters."""

import os

import numpy as np
import pytest
from dicom_files import coded_bytes, dicom_bytes, jpeg_code
from pydicom.data import get_testdata_file
from pydicom.uid import ImplicitVRLittleEndian, JPEGBaseline8Bit

from endodesk.app.frames.scan import list_images
from endodesk.dataset.manifest import class_files
from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import holds_film
from endodesk.imaging.reading.read import decode_image
from endodesk.system.task import TaskContext

PICTURE = np.kron(np.random.default_rng(3).integers(0, 256, (5, 6, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
FILE = dicom_bytes(PICTURE)
FIRST = b"\x08\x00\x16\x00"
"""The tag that the elements behind the header begin with."""


@pytest.mark.parametrize(
    "data",
    [
        FILE[128:],
        FILE[132:],
        FILE[FILE.index(FIRST) :],
        (implicit := dicom_bytes(PICTURE, syntax=ImplicitVRLittleEndian))[implicit.index(FIRST) :],
    ],
    ids=["four letters first", "header first", "no header", "no header, implicit"],
)
def test_files_without_their_first_bytes_open(data):
    assert np.array_equal(decode_image(data, "a"), PICTURE)


def test_a_compressed_file_without_its_header_opens():
    smooth = np.repeat(np.repeat(np.arange(48, dtype=np.uint8)[None, :, None] * 5, 40, 0), 3, 2)
    whole = coded_bytes([jpeg_code(smooth, jfif=True)], smooth, photometric="YBR_FULL_422", syntax=JPEGBaseline8Bit)
    assert np.abs(decode_image(whole[whole.index(FIRST) :], "a").astype(int) - smooth).mean() < 3


@pytest.mark.parametrize(
    "data", [b"\x08\x00" * 400, b"\x02\0\0\0UL\4\0" * 60, b"\x08\x00\x05\x00" + b"x" * 500, b"DICM" + b"\0" * 600, b"DICM"]
)
def test_what_only_begins_alike_is_no_picture(data):
    with pytest.raises(UnreadableImage):
        decode_image(data, "a")


NAMES = ("IM000001", "1.2.840.113619.2.1", "scan.0002", "left.IMA")


@pytest.fixture
def folder(tmp_path):
    for label in ("polyps", "normal"):
        inside = tmp_path / label
        inside.mkdir()
        for name in NAMES:
            (inside / name).write_bytes(FILE)
        (inside / "a.dcm").write_bytes(FILE)
        (inside / "notes").write_text("a text without an ending", encoding="utf-8")
        (inside / "report.txt").write_bytes(FILE)
        (inside / ".hidden").write_bytes(FILE)
        with open(get_testdata_file("DICOMDIR", download=False) or "", "rb") as stream:  # noqa: PTH123
            (inside / "DICOMDIR").write_bytes(stream.read())
        if hasattr(os, "mkfifo"):
            os.mkfifo(inside / "IM000009")
    return tmp_path


def test_the_window_and_the_command_line_list_files_without_an_ending_if_they_are_dicom(folder):
    wanted = {*NAMES, "a.dcm"}
    listed = list_images(folder, TaskContext())
    assert {path.name for path in listed.files if path.parent.name == "polyps"} == wanted
    assert [path.name for path in listed.files if path.parent.name == "polyps"].index("IM000001") >= 0
    files, unreadable = class_files(folder)
    assert {file.path.name for file in files if file.label == "polyps"} == wanted
    assert not unreadable


def test_a_film_without_an_ending_is_one(tmp_path):
    (tmp_path / "IM000001").write_bytes(dicom_bytes(np.stack([PICTURE] * 2), NumberOfFrames=2))
    assert holds_film(tmp_path / "IM000001")
    assert not holds_film(tmp_path / "IM000002")
