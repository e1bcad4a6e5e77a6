"""Damaged streams that killed, stopped or upset a decoder: a sentence, and nothing on stderr."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from dicom_files import coded_bytes

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.read import decode_image

GREY = np.random.default_rng(1).integers(0, 60, (64, 64), np.uint8)


def test_a_code_of_lzw_that_stands_for_nothing_is_a_sentence(tmp_path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", GREY, compression="lzw", photometric="minisblack")
    data = (tmp_path / "a.tif").read_bytes()
    place = data.index(imagecodecs.lzw_encode(GREY)[:8])
    damaged = data[:place] + bytes.fromhex("807f20503824160d") + data[place + 8 :]  # "clear", and a code that stands for nothing yet
    for file, turned in ((data, False), (damaged, False), (data, True), (damaged, True)):
        shown = with_turned_bits(file) if turned else file
        if file is damaged:
            with pytest.raises(UnreadableImage, match="damaged"):
                decode_image(shown, "a.tif")
        else:
            assert np.array_equal(decode_image(shown, "a.tif")[..., 0], GREY)


def with_turned_bits(data: bytes) -> bytes:
    """The same TIFF with FillOrder 2: each byte of its strips begins with its lowest bit."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        tags = {tag.code: tag for tag in page.tags}
        entry, parts = tags[305].offset, list(zip(page.dataoffsets, page.databytecounts, strict=True))  # Software becomes FillOrder
    turned = bytearray(data)
    for start, count in parts:
        turned[start : start + count] = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data[start : start + count])
    turned[entry : entry + 12] = struct.pack("<HHIHH", 266, 3, 1, 2, 0)
    return bytes(turned)


def test_a_box_of_jpeg_2000_without_a_length_is_a_sentence() -> None:
    code = bytearray(imagecodecs.jpeg2k_encode(np.stack([GREY] * 3, -1), codecformat="jp2", level=0))
    data = coded_bytes([bytes(code)], np.stack([GREY] * 3, -1), photometric="RGB", syntax="1.2.840.10008.1.2.4.90")
    place = data.index(b"ftyp") - 4
    with pytest.raises(UnreadableImage, match="damaged"):
        decode_image(data[:place] + bytes(4) + data[place + 4 :], "a.dcm")


def test_runs_beyond_the_picture_are_no_panic(capfd: pytest.CaptureFixture[str]) -> None:
    header = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56)
    for seed in range(60):
        runs = np.random.default_rng(seed).integers(0, 256, 8000, np.uint8).tobytes()
        data = coded_bytes([header + runs], GREY, photometric="MONOCHROME2", syntax="1.2.840.10008.1.2.5")
        with pytest.raises(UnreadableImage, match="damaged"):
            decode_image(data, "a.dcm")
    assert capfd.readouterr().err == ""
