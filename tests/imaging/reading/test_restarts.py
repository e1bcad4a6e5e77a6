"""A coded picture that was cut right before a restart marker: the place where nothing looks as if it were missing."""

import numpy as np
import pytest
from dicom_files import coded_bytes
from pydicom.uid import JPEGLosslessSV1

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.read import decode_image

_BITS = 5  # of each category's code


def segment(marker: int, *content: int) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + bytes(content)


def row_of(values: list[int]) -> bytes:
    """Differences to the pixel on the left, each its category and what makes it one of these; filled with ones, FF stuffed."""
    bits = ""
    for one, before in zip(values, [128, *values], strict=False):
        change = one - before
        category = abs(change).bit_length()
        bits += f"{category:0{_BITS}b}"
        if category:
            bits += f"{change if change > 0 else change + 2**category - 1:0{category}b}"
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")


def lossless(pixels: np.ndarray) -> list[bytes]:
    """The head of a lossless JPEG of 8-bit grey (ITU-T T.81, process 14, predictor 1), then each row with the restart marker before it."""
    height, width = pixels.shape
    sizes = (*height.to_bytes(2, "big"), *width.to_bytes(2, "big"))
    counts = [0] * 16
    counts[_BITS - 1] = 17
    head = b"\xff\xd8" + segment(0xC3, 8, *sizes, 1, 1, 0x11, 0) + segment(0xC4, 0, *counts, *range(17))
    head += segment(0xDD, *width.to_bytes(2, "big")) + segment(0xDA, 1, 1, 0, 1, 0, 0)
    rows = [row_of([int(value) for value in row]) for row in pixels]
    return [head + rows[0], *(bytes((0xFF, 0xD0 | number % 8)) + row for number, row in enumerate(rows[1:]))]


@pytest.mark.parametrize("lacking", [1, 2, 8, 9])
def test_lossless_jpeg_cut_before_a_restart_marker_is_refused(lacking):
    pixels = np.random.default_rng(1).integers(0, 256, (24, 32), np.uint8)
    parts = lossless(pixels)
    whole, cut = (
        coded_bytes([b"".join(some) + b"\xff\xd9"], pixels, photometric="MONOCHROME2", syntax=JPEGLosslessSV1)
        for some in (parts, parts[:-lacking])
    )
    assert np.array_equal(decode_image(whole, "a")[..., 0], pixels)
    with pytest.raises(UnreadableImage, match="ends too early"):
        decode_image(cut, "a")
