"""TIFF: one picture in every arrangement is shown as that picture, or refused with the reason."""

import io
import itertools
import struct
import time
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.read import decode_image, read_header

PICTURE = np.kron(np.random.default_rng(5).integers(0, 256, (6, 8, 3), np.uint8), np.ones((16, 16, 1), np.uint8))
"""96 x 128 in blocks of 16: JPEG keeps it."""
GREY = np.asarray(Image.fromarray(PICTURE).convert("L"))
GREY_RGB = np.repeat(GREY[..., None], 3, axis=2)
ALPHA = np.tile(np.linspace(0, 255, 128).astype(np.uint8), (96, 1))
DEEP, DEEP_GREY, DEEP_ALPHA = (pixels.astype(np.uint16) * 257 for pixels in (PICTURE, GREY, ALPHA))
OVER_BLACK = PICTURE * (ALPHA[..., None] / 255)
TWELVE = (GREY.astype(np.uint32) * 4095 // 255).astype(np.uint16)
MAXIMUM = [(281, "H", 1, 4095, True)]
ORDERS: list[dict[str, Any]] = [{"byteorder": "<"}, {"byteorder": ">"}, {"byteorder": "<", "bigtiff": True}]


def written(pixels: np.ndarray, **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, **options)
    return stream.getvalue()


def assert_shows(data: bytes, wanted: np.ndarray, *, within: float = 1) -> None:
    pixels, header = decode_image(data, "frame"), read_header(data, "frame")
    assert (pixels.dtype, pixels.shape, pixels.flags.c_contiguous) == (np.uint8, wanted.shape, True)
    assert (header.height, header.width) == wanted.shape[:2]
    assert np.abs(pixels.astype(float) - wanted).max() <= within


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data, "frame.tif")
    return str(caught.value)


DEEP_KINDS: dict[str, tuple[np.ndarray, np.ndarray, dict[str, Any]]] = {
    "colours": (PICTURE, DEEP, {"photometric": "rgb"}),
    "planar colours": (PICTURE, np.moveaxis(DEEP, -1, 0), {"photometric": "rgb", "planarconfig": "separate"}),
    "planar colours and alpha": (
        OVER_BLACK,
        np.moveaxis(np.dstack([DEEP, DEEP_ALPHA]), -1, 0),
        {"photometric": "rgb", "planarconfig": "separate", "extrasamples": ["unassalpha"]},
    ),
    "grey": (GREY_RGB, DEEP_GREY, {"photometric": "minisblack"}),
    "white first": (GREY_RGB, 65535 - DEEP_GREY, {"photometric": "miniswhite"}),
    "12 bits, told": (GREY_RGB, TWELVE, {"photometric": "minisblack", "extratags": MAXIMUM}),
    "12 bits, untold": (GREY_RGB, TWELVE, {"photometric": "minisblack"}),
    "12 bits, white first": (GREY_RGB, 4095 - TWELVE, {"photometric": "miniswhite", "extratags": MAXIMUM}),
    "10 bits, packed": (GREY_RGB, TWELVE >> 2, {"photometric": "minisblack", "bitspersample": 10}),
    "12 bits, packed": (GREY_RGB, TWELVE, {"photometric": "minisblack", "bitspersample": 12}),
    "14 bits, packed": (GREY_RGB, TWELVE << 2, {"photometric": "minisblack", "bitspersample": 14}),
    "grey and alpha": (
        GREY_RGB * (ALPHA[..., None] / 255),
        np.dstack([DEEP_GREY, DEEP_ALPHA]),
        {"photometric": "minisblack", "planarconfig": "contig", "extrasamples": ["unassalpha"]},
    ),
}


def old_jpeg(stream: bytes, *, there: int) -> bytes:
    """JPEG as TIFF's sixth version had it: a whole file of its own, of which so many bytes are there."""
    tags = [
        (256, 4, 128),
        (257, 4, 96),
        (258, 3, 8),
        (259, 3, 6),
        (262, 3, 6),
        (273, 4, 8),
        (277, 3, 3),
        (278, 4, 96),
        (279, 4, len(stream)),
    ]
    tags += [(513, 4, 8), (514, 4, len(stream))]
    place = 8 + len(stream)
    entries = b"".join(struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value) for tag, kind, value in tags)
    return (
        b"II*\0" + struct.pack("<I", place) + stream[:there].ljust(len(stream), b"\0") + struct.pack("<H", len(tags)) + entries + bytes(4)
    )


def test_a_whole_jpeg_of_the_old_kind_is_shown_and_a_cut_one_refused() -> None:
    stream = io.BytesIO()
    Image.fromarray(PICTURE).save(stream, "JPEG", quality=95, subsampling=0)
    code = stream.getvalue()
    assert_shows(old_jpeg(code, there=len(code)), np.asarray(Image.open(stream)))
    for there in (len(code) * 2 // 3, 2, 0):
        assert refusal(old_jpeg(code, there=there)).startswith("frame.tif cannot be read: ")


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("kind", DEEP_KINDS)
def test_more_than_eight_bits_in_every_arrangement(kind: str, order: dict[str, Any]) -> None:
    wanted, pixels, options = DEEP_KINDS[kind]
    if "bitspersample" in options and order["byteorder"] == ">":
        pytest.skip("tifffile writes these wrongly")
    assert_shows(written(pixels, **options, **order), wanted, within=2)


PACKINGS = (None, "lzw", "deflate", "packbits", "lzma", "zstd")
PARTS: list[dict[str, Any]] = [{"rowsperstrip": 37}, {"tile": (32, 48)}]


@pytest.mark.parametrize(("packing", "parts"), list(itertools.product(PACKINGS, PARTS)), ids=str)
def test_every_packing_in_strips_and_tiles_with_and_without_predictor(packing: str | None, parts: dict[str, Any]) -> None:
    for predictor in (False, True) if packing not in (None, "packbits") else (False,):
        options = {"compression": packing, **parts, **({"predictor": True} if predictor else {})}
        assert_shows(written(PICTURE, photometric="rgb", **options), PICTURE, within=0)
        assert_shows(written(DEEP, photometric="rgb", **options), PICTURE)
        assert_shows(written(np.moveaxis(PICTURE, -1, 0), photometric="rgb", planarconfig="separate", **options), PICTURE, within=0)
        assert_shows(written(255 - GREY, photometric="miniswhite", **options), GREY_RGB, within=0)


def test_jpeg_in_strips_and_tiles_in_all_its_colours() -> None:
    for parts in ({"rowsperstrip": 32}, {"tile": (32, 48)}):
        options: dict[str, Any] = {"compression": "jpeg", "compressionargs": {"level": 100}, **parts}
        assert_shows(written(GREY, photometric="minisblack", **options), GREY_RGB, within=4)
        assert_shows(written(255 - GREY, photometric="miniswhite", **options), GREY_RGB, within=4)
    stream = io.BytesIO()
    Image.fromarray(PICTURE).save(stream, "TIFF", compression="jpeg", quality=100)
    assert_shows(stream.getvalue(), np.asarray(Image.open(stream).convert("RGB")), within=2)


@pytest.mark.parametrize(
    ("wanted", "pixels", "options"),
    [
        (OVER_BLACK, np.dstack([PICTURE, ALPHA]), {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
        (OVER_BLACK, np.dstack([OVER_BLACK.round().astype(np.uint8), ALPHA]), {"photometric": "rgb", "extrasamples": ["assocalpha"]}),
        (PICTURE, np.dstack([PICTURE, ALPHA]), {"photometric": "rgb", "extrasamples": ["unspecified"]}),
        (255.0 * (GREY_RGB > 127), GREY > 127, {"photometric": "minisblack"}),
        (255.0 * (GREY_RGB > 127), GREY <= 127, {"photometric": "miniswhite"}),
        ((GREY_RGB >> 4) * 17, GREY >> 4, {"photometric": "minisblack", "bitspersample": 4}),
        (PICTURE, np.asarray(Image.fromarray(PICTURE).convert("CMYK")), {"photometric": "separated"}),
        (PICTURE, np.asarray(Image.fromarray(PICTURE).convert("CMYK")).astype(np.uint16) * 257, {"photometric": "separated"}),
        (PICTURE, np.asarray(Image.fromarray(PICTURE).convert("YCbCr")), {"photometric": "ycbcr"}),
    ],
)
def test_colours_of_other_kinds(wanted: np.ndarray, pixels: np.ndarray, options: dict[str, Any]) -> None:
    assert_shows(written(pixels, **options), wanted, within=3)


def test_palettes_of_sixteen_bits_and_of_eight_that_were_meant_so() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (3, 256)).astype(np.uint16)
    for stored in (colours * 257, colours):
        assert_shows(written(GREY, photometric="palette", colormap=stored), colours.T[GREY], within=0)


def test_measurements_are_stretched_and_white_first_is_inverted() -> None:
    low, high = int(GREY.min()), int(GREY.max())
    wanted = (GREY_RGB.astype(float) - low) * 255 / (high - low)
    for pixels in (GREY.astype(np.float64), GREY.astype(np.float16), GREY.astype(np.int16) - 300, (GREY.astype(int) - 128).astype(np.int8)):
        assert_shows(written(pixels, photometric="minisblack"), wanted)
        assert_shows(written(pixels, photometric="miniswhite"), 255 - wanted)
    assert_shows(written(GREY.astype(np.uint32) << 24, photometric="minisblack"), wanted)


def test_of_several_pictures_the_first_that_is_no_preview_is_shown_and_all_are_counted() -> None:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as file:
        file.write(np.ascontiguousarray(255 - PICTURE[::2, ::2]), photometric="rgb", subfiletype=1)
        file.write(PICTURE, photometric="rgb", subfiletype=0)
        file.write(255 - PICTURE, photometric="rgb", subfiletype=2)
    assert_shows(stream.getvalue(), PICTURE, within=0)
    header = read_header(stream.getvalue(), "frame")
    assert (header.pages, header.reading) == (2, 2)
    assert read_header(written(np.stack([PICTURE] * 3), photometric="rgb"), "frame").pages == 3
    assert read_header(written(np.stack([GREY] * 5), imagej=True), "frame").pages == 5


def test_what_was_always_shown_so_is_of_the_first_reading() -> None:
    cmyk = np.asarray(Image.fromarray(PICTURE).convert("CMYK"))
    for pixels, photometric in (
        (PICTURE, "rgb"),
        (GREY, "minisblack"),
        (255 - GREY, "miniswhite"),
        (cmyk, "separated"),
        (GREY > 9, "minisblack"),
    ):
        header = read_header(written(pixels, photometric=photometric), "frame")
        assert (header.reading, header.pages, header.profile) == (1, 1, "")
    for wanted, pixels, options in DEEP_KINDS.values():
        assert read_header(written(pixels, **options), "frame").reading == (1 if wanted.dtype == float and pixels.shape[0] != 4 else 2)


@pytest.mark.parametrize("packing", [None, "lzw", "deflate", "jpeg", "zstd"])
def test_a_tiff_that_lacks_a_part_is_refused(packing: str | None) -> None:
    whole = written(PICTURE, photometric="rgb", compression=packing, rowsperstrip=16)
    with tifffile.TiffFile(io.BytesIO(whole)) as file:
        page = file.pages.first
        offsets, counts, places = page.dataoffsets, page.databytecounts, (page.tags[273].valueoffset, page.tags[279].valueoffset)
    assert "the file ends too early" in refusal(whole[: offsets[-1] + counts[-1] // 2])
    without = bytearray(whole)
    struct.pack_into("<I", without, places[0] + 8, 0)
    assert "missing" in refusal(bytes(without))
    hurt = bytearray(whole)
    hurt[offsets[2] + counts[2] // 3 : offsets[2] + counts[2]] = bytes(counts[2] - counts[2] // 3)
    if packing:
        refusal(bytes(hurt))


def subfile(directory: bytes, photometric: int) -> bytes:
    """A TIFF whose first picture has another, larger one of these colours under it, as cameras lay raw pictures."""
    start = len(directory)
    entries = [(254, 4, 0), (256, 4, 4000), (257, 4, 3000), (262, 3, photometric)]
    under = struct.pack("<H", 4) + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries) + bytes(4)
    place = directory.index(struct.pack("<HHI", 65100, 4, 1))
    return directory[:place] + struct.pack("<HHII", 330, 4, 1, start) + directory[place + 12 :] + under


@pytest.mark.parametrize("photometric", [32803, 34892, 2])
def test_the_preview_of_a_camera_raw_file_is_not_its_frame(photometric: int) -> None:
    data = written(PICTURE, photometric="rgb", extratags=[(65100, "I", 1, 77, True)])
    assert "camera's raw file" in refusal(subfile(data, photometric))
    assert "camera's raw file" in refusal(written(PICTURE, photometric="rgb", extratags=[(50706, "B", 4, (1, 4, 0, 0), True)]))


@pytest.mark.parametrize(
    ("pixels", "options", "told"),
    [
        (PICTURE, {"photometric": "rgb", "compression": "jpeg2000"}, "JPEG 2000"),
        (PICTURE.astype(np.float32), {"photometric": "rgb"}, "measurements"),
        (DEEP, {"photometric": "cielab"}, "Lab colours of 16 bits"),
        (np.stack([GREY] * 16), {"photometric": "minisblack", "volumetric": True}, "a volume"),
    ],
)
def test_kinds_that_are_not_proven_are_refused_by_name(pixels: np.ndarray, options: dict[str, Any], told: str) -> None:
    assert told in refusal(written(pixels, **options))


@pytest.mark.slow
def test_directories_without_end_are_refused_quickly() -> None:
    count = 60_000
    entry = struct.pack("<HHII", 256, 4, 1, 64)
    directory = struct.pack("<H", count) + entry * count
    chain = b"".join(directory + struct.pack("<I", 8 + (number + 1) * (len(directory) + 4)) for number in range(8))
    started = time.process_time()
    refusal(b"II*\0\x08\0\0\0" + chain)
    assert time.process_time() - started < 3
