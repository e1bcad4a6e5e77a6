"""DICOM values become what they stand for: every layout of bits and colours, windows and tables, palettes, floating point."""

import io
import struct

import cv2
import numpy as np
import pydicom
import pytest
from dicom_files import dicom_bytes, lookup_table, palette_tags
from pydicom.dataset import Dataset
from pydicom.pixels.processing import convert_color_space
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import open_film
from endodesk.imaging.reading.read import decode_image, read_header

RNG = np.random.default_rng(7)
PICTURE = cv2.GaussianBlur(np.kron(RNG.integers(0, 256, (4, 5, 3), np.uint8), np.ones((16, 16, 1), np.uint8)), (9, 9), 3)
YBR = convert_color_space(PICTURE.copy(), "RGB", "YBR_FULL")
GREEN = PICTURE[..., 1]
WIDE = GREEN.astype(np.uint16) << 4
FULL = {"WindowCenter": 128, "WindowWidth": 256}
DEEP = {"BitsStored": 12, "HighBit": 11}


def off(data: bytes, wanted: np.ndarray) -> float:
    """Largest difference between what is shown and what it should be."""
    wanted = wanted if wanted.ndim == 3 else np.repeat(wanted[..., None], 3, 2)
    return float(np.abs(decode_image(data, "a").astype(float) - wanted).max())


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data, "a")
    return str(caught.value)


def grey(pixels: np.ndarray, **tags) -> bytes:
    return dicom_bytes(pixels, photometric="MONOCHROME2", **tags)


def from_darkest(values: np.ndarray) -> np.ndarray:
    return (values - values.min()) / (values.max() - values.min()) * 255


# --- colours that are not compressed ----------------------------------------------------------------------------------


def in_pairs(ybr: np.ndarray) -> bytes:
    pairs = np.empty((ybr.shape[0], ybr.shape[1] // 2, 4), np.uint8)
    pairs[..., 0], pairs[..., 1], pairs[..., 2:] = ybr[:, ::2, 0], ybr[:, 1::2, 0], ybr[:, ::2, 1:]
    return pairs.tobytes()


def test_ybr_full_422_opens_in_either_length():
    halved = YBR.copy()
    halved[:, 1::2, 1:] = halved[:, ::2, 1:]
    wanted = convert_color_space(halved, "YBR_FULL", "RGB")
    assert off(dicom_bytes(YBR, photometric="YBR_FULL_422", PixelData=in_pairs(YBR)), wanted) == 0
    full = decode_image(dicom_bytes(YBR, photometric="YBR_FULL"), "a")
    assert off(dicom_bytes(YBR, photometric="YBR_FULL_422"), full) == 0
    assert off(dicom_bytes(YBR, photometric="YBR_FULL_422", PlanarConfiguration=1), full) == 0
    assert "film of 2 frames" in refusal(dicom_bytes(YBR, photometric="YBR_FULL_422", PixelData=in_pairs(YBR) * 2))
    assert "contradicts" in refusal(dicom_bytes(YBR, photometric="YBR_FULL_422", PixelData=in_pairs(YBR) * 3))  # or 2 in full length


def test_colours_of_video_use_less_than_8_bits():
    part = np.round(YBR * [219 / 255, 224 / 255, 224 / 255] + [16, 128 - 128 * 224 / 255, 128 - 128 * 224 / 255]).astype(np.uint8)
    assert off(dicom_bytes(part, photometric="YBR_PARTIAL_422"), PICTURE) <= 4


def test_colour_needs_no_planar_configuration():
    data = dicom_bytes(PICTURE)
    at = data.index(b"\x28\x00\x06\x00US")
    assert off(data[:at] + data[at + 10 :], PICTURE) == 0


@pytest.mark.parametrize("kind", ["HSV", "ARGB", "CMYK", "YBR_PARTIAL_420"])
def test_retired_kinds_of_colour_are_named(kind):
    assert f"its colours, {kind}, are of a kind" in refusal(dicom_bytes(PICTURE, photometric=kind))


# --- bits -------------------------------------------------------------------------------------------------------------


def test_only_the_bits_of_a_value_count():
    noise = RNG.integers(0, 16, GREEN.shape).astype(np.uint16)
    low = GREEN.astype(np.uint16)
    assert off(grey(low | noise << 8, BitsStored=8, HighBit=7, **FULL), GREEN) == 0
    assert off(grey(low << 4 | noise << 12 | noise, BitsStored=8, HighBit=11, **FULL), GREEN) == 0
    signed = GREEN.astype(np.int16) - 128
    assert off(grey(signed * 8, **DEEP, WindowCenter=0, WindowWidth=2048), GREEN) <= 1
    assert read_header(grey(low << 4, BitsStored=8, HighBit=11), "a").reading == 2


def test_fewer_than_8_bits_use_the_whole_range():
    assert off(grey(GREEN >> 4, BitsStored=4, HighBit=3), np.round((GREEN >> 4) * 17.0)) == 0
    assert off(dicom_bytes(PICTURE >> 3, BitsStored=5, HighBit=4), np.round((PICTURE >> 3) * (255 / 31))) == 0
    bits = np.packbits((GREEN > 128).ravel(), bitorder="little").tobytes()
    assert off(grey(GREEN, BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=bits), (GREEN > 128) * 255) == 0


@pytest.mark.parametrize("kind", ["u4", "i4", "u8", "i2"])
def test_many_bits_are_stretched(kind):
    assert off(grey(GREEN.astype(kind) * 100), from_darkest(GREEN.astype(float))) <= 1


@pytest.mark.parametrize(("keyword", "kind"), [("FloatPixelData", "<f4"), ("DoubleFloatPixelData", "<f8")])
def test_floating_point_is_stretched(keyword, kind):
    dataset = pydicom.dcmread(io.BytesIO(grey(GREEN)))
    del dataset.PixelData
    values = (GREEN * 0.3 - 7).astype(kind)
    setattr(dataset, keyword, values.tobytes())
    stream = io.BytesIO()
    dataset.save_as(stream)
    assert off(stream.getvalue(), from_darkest(GREEN.astype(float))) <= 1
    assert "no numbers" in refusal(stream.getvalue().replace(values[3, 3].tobytes(), b"\xff" * values.itemsize))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_every_way_to_write_a_file_opens(syntax):
    assert off(dicom_bytes(PICTURE, syntax=syntax), PICTURE) == 0


def test_a_deflated_file_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("endodesk.imaging.reading.dicom.dicom_parts._MOST_INFLATED", 5000)
    data = dicom_bytes(np.zeros((64, 64, 3), np.uint8), syntax=DeflatedExplicitVRLittleEndian)
    assert "fill the memory" in refusal(data)
    monkeypatch.undo()
    assert "ends too early" in refusal(data[:-8])


@pytest.mark.parametrize("words", [True, False])
def test_big_endian_opens_in_bytes_and_in_words(words):
    raw = PICTURE.tobytes()
    raw = np.frombuffer(raw, np.uint16).byteswap().tobytes() if words else raw
    assert off(big_endian(PICTURE, b"RGB ", b"OW" if words else b"OB", raw), PICTURE) == 0
    deep = GREEN.astype(">u2") * 257
    assert off(big_endian(deep, b"MONOCHROME2 ", b"OW", deep.astype(">u2").tobytes()), from_darkest(GREEN.astype(float))) <= 1


def big_endian(pixels: np.ndarray, photometric: bytes, kind: bytes, raw: bytes) -> bytes:
    bits, samples = 8 * pixels.dtype.itemsize, 3 if pixels.ndim == 3 else 1
    numbers = {0x02: samples, 0x06: 0, 0x10: pixels.shape[0], 0x11: pixels.shape[1], 0x100: bits, 0x101: bits, 0x102: bits - 1, 0x103: 0}
    values = {number: (b"US", struct.pack(">H", value)) for number, value in numbers.items()} | {0x04: (b"CS", photometric)}
    elements = [struct.pack(">HH2sH", 0x28, number, vr, len(value)) + value for number, (vr, value) in sorted(values.items())]
    syntax = b"1.2.840.10008.1.2.2\0"
    header = b"\0" * 128 + b"DICM" + struct.pack("<HH2sH", 2, 0x10, b"UI", len(syntax)) + syntax
    return header + b"".join(elements) + struct.pack(">HH2sHI", 0x7FE0, 0x10, kind, 0, len(raw)) + raw


# --- windows and tables -----------------------------------------------------------------------------------------------


def group(centre: float, width: float, slope: float = 1) -> Dataset:
    window, scale, both = Dataset(), Dataset(), Dataset()
    window.WindowCenter, window.WindowWidth = centre, width
    scale.RescaleSlope, scale.RescaleIntercept, scale.RescaleType = slope, 0, "US"
    both.FrameVOILUTSequence, both.PixelValueTransformationSequence = [window], [scale]
    return both


def test_the_first_of_several_windows_counts():
    assert off(grey(WIDE, **DEEP, WindowCenter=[2048, 100], WindowWidth=[4096, 10]), GREEN) <= 1


def test_windows_and_scales_in_groups_count_for_their_frames(tmp_path):
    shared = grey(WIDE, **DEEP, SharedFunctionalGroupsSequence=[group(2048, 4096)])
    assert off(shared, GREEN) <= 1
    assert read_header(shared, "a").reading == 2
    each = [group(2048, 4096), group(4096, 8192, 2)]
    (tmp_path / "a.dcm").write_bytes(grey(np.stack([WIDE, WIDE]), NumberOfFrames=2, **DEEP, PerFrameFunctionalGroupsSequence=each))
    film = open_film(tmp_path / "a.dcm")
    assert all(np.abs(film.frame(number)[..., 0].astype(int) - GREEN).max() <= 1 for number in range(2))


def test_a_window_may_have_soft_ends():
    wanted = 255 / (1 + np.exp(-4 * (WIDE.astype(float) - 2000) / 1000))
    assert off(grey(WIDE, **DEEP, WindowCenter=2000, WindowWidth=1000, VOILUTFunction="SIGMOID"), wanted) <= 1


def test_tables_longer_than_their_entries_are_wide():
    table = lookup_table(0, 8, 255 - (np.arange(4096) >> 4))
    assert off(grey(WIDE, **DEEP, VOILUTSequence=table), 255 - GREEN) == 0
    modality = lookup_table(0, 16, np.arange(256) * 200)
    assert off(grey(GREEN, ModalityLUTSequence=modality, WindowCenter=25500, WindowWidth=51000), GREEN) <= 1


INDEX = (np.arange(64 * 80).reshape(64, 80) * 7 % 4096).astype(np.uint16)
COLOURS = RNG.integers(0, 256, (4096, 3), np.uint8)


@pytest.mark.parametrize(
    ("entries", "bits", "first"),
    [
        (COLOURS, 8, 0),
        (COLOURS, 8, 100),
        (COLOURS.astype(np.uint16) * 257, 16, 0),
        (COLOURS.astype(np.uint16), 8, 0),
        (COLOURS.astype(np.uint16), 16, 0),
    ],
)
def test_palettes_of_any_length_and_depth(entries, bits, first):
    wanted = COLOURS[np.clip(INDEX.astype(int) - first, 0, None)]
    assert off(dicom_bytes(INDEX, photometric="PALETTE COLOR", **palette_tags(entries, first=first, bits=bits)), wanted) == 0


def test_beyond_a_palette_its_last_colour_stands():
    index = (INDEX % 256).astype(np.uint8)
    shown = dicom_bytes(index, photometric="PALETTE COLOR", **palette_tags(COLOURS[:200]))
    assert off(shown, COLOURS[np.minimum(index, 199)]) == 0


def segmented(*segments: int) -> dict:
    tags = {}
    for name in ("Red", "Green", "Blue"):
        tags[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        tags[f"Segmented{name}PaletteColorLookupTableData"] = bytes(segments) + b"\0" * (len(segments) % 2)
    return tags


def test_palettes_in_segments_unfold():
    index = (INDEX % 256).astype(np.uint8)
    wanted = np.concatenate([[10, 20], np.linspace(20, 240, 255)[1:]])
    assert off(dicom_bytes(index, photometric="PALETTE COLOR", **segmented(0, 2, 10, 20, 1, 254, 240)), wanted[index]) <= 1
    repeated = np.concatenate([np.repeat([[10, 20, 30, 40]], 2, 0).ravel(), np.linspace(40, 200, 249)[1:]])
    tags = segmented(0, 4, 10, 20, 30, 40, 2, 1, 0, 0, 0, 0, 1, 248, 200)
    assert off(dicom_bytes(index, photometric="PALETTE COLOR", **tags), repeated[index]) <= 1


def test_segments_that_never_end_are_refused():
    index = (INDEX % 256).astype(np.uint8)
    for tags in (
        segmented(0, 1, 5, 2, 200, 3, 0, 0, 0),
        segmented(1, 250, 5),
        segmented(7, 1, 1),
        segmented(*[0, 1, 5] + [1, 255, 9] * 300),
    ):
        assert "palette" in refusal(dicom_bytes(index, photometric="PALETTE COLOR", **tags))


def test_values_of_a_supplemental_palette_are_coloured_among_the_grey_ones():
    wanted = np.repeat(GREEN[..., None], 3, 2)
    coloured = GREEN >= 150
    wanted[coloured] = COLOURS[GREEN[coloured].astype(int) - 150]
    assert off(grey(GREEN, PixelPresentation="COLOR", **palette_tags(COLOURS[:106], first=150)), wanted) == 0
