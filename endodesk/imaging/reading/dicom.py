"""From a DICOM file to pixels. Only the tags that say how its pixels lie are ever read: a patient's name never reaches this program.

Import it where a file is known to be DICOM: it brings pydicom, which the window must not wait for.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.encaps import generate_fragments, get_frame, parse_basic_offsets
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, pixel_array

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.coded_size import coded_size
from endodesk.imaging.reading.header import Header, silenced, stretched

# Why: docs/decisions/imaging.md 13
_PIXEL_TAGS: list[int | str | Any] = [
    "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelData", "FloatPixelData", "DoubleFloatPixelData", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence",
    "RedPaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData", "SegmentedRedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableDescriptor", "BluePaletteColorLookupTableData", "SegmentedBluePaletteColorLookupTableData",
]  # fmt: skip
_SAMPLES = {1: ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"), 3: ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT")}
"""Kinds of colour by the number of values a pixel has."""
# Why: docs/decisions/imaging.md 14
_JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
_RUNS = "1.2.840.10008.1.2.5"
_JPEG_LOSSLESS = frozenset({"1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"})
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_VIDEO = "1.2.840.10008.1.2.4.10"
"""How the names of MPEG 2, MPEG 4 and HEVC begin."""

for _name in ("pydicom", "pylibjpeg"):  # their warnings quote values, a patient's name among them
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


def one_picture(data: bytes, name: str) -> "DicomFile":
    """A file of one picture. UnreadableImage with a sentence, without anything from a tag, for whatever cannot be shown."""
    file = DicomFile(data, name)
    if file.frames > 1:
        raise UnreadableImage(f"{printable(name)} is a film of {file.frames} frames: take frames from it by File > Take frames (Ctrl+T).")
    return file


class DicomFile:
    """The pixels of one file. UnreadableImage as `one_picture`; sizes are to be checked before `frame` is asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = printable(name)
        with self._sentences():
            if _DEFLATED in data[132:2048]:  # a few bytes of it could fill the memory
                raise self._refused("its data is deflated as a whole. Export it uncompressed, or as JPEG")
            self._dataset = pydicom.dcmread(io.BytesIO(data), specific_tags=_PIXEL_TAGS)
            self._syntax = str(self._dataset.file_meta.get("TransferSyntaxUID", ""))
            self._check()
            self.frames = self._count()
            """That there are, whatever the file says of their number."""
        height, width = int(self._dataset.Rows), int(self._dataset.Columns)
        self.header = Header("DICOM", str(self._dataset.PhotometricInterpretation), False, width, height, 1)

    def frame(self, index: int) -> RGB:
        """One of the file's pictures, counted from 0, as H x W x 3 uint8 RGB.

        Grey goes by its own window, else from its darkest to its brightest where it has more than 8 bits.
        """
        with self._sentences():
            return self._as_rgb(self._stored(index))

    # --- what there is ----------------------------------------------------------------------------------------------

    def _check(self) -> None:
        dataset = self._dataset
        if self._syntax.startswith(_VIDEO):
            raise self._refused("it holds an MPEG video. Export it as mp4")
        if "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset:
            raise self._refused("its values are measurements, not a picture")
        if not dataset.get("PixelData"):
            raise self._refused("it holds no picture (it may be a report, or a directory)")
        if str(dataset.PhotometricInterpretation) not in _SAMPLES.get(int(dataset.SamplesPerPixel), ()):
            raise self._refused("its colours are of a kind that is not known here. Export it as RGB")
        if int(dataset.BitsAllocated) not in (8, 16, 32) or not 1 <= int(dataset.BitsStored) <= int(dataset.BitsAllocated):
            raise self._refused("its pixels do not have 8, 16 or 32 bits. Export it with 8 bits")
        if min(int(dataset.Rows), int(dataset.Columns)) < 1:
            raise self._refused("its picture data is damaged")

    def _count(self) -> int:
        """Of whole pictures in the file; what the file says counts only where nothing else tells."""
        dataset = self._dataset
        claimed = dataset.get("NumberOfFrames") or 1
        try:
            claimed = max(1, int(claimed))
        except (TypeError, ValueError):
            claimed = 1
        if self._coded:
            offsets = parse_basic_offsets(dataset.PixelData)
            fragments = sum(1 for _ in generate_fragments(_after_offsets(dataset.PixelData)))
            there = len(offsets) if offsets else (1 if claimed == 1 else min(claimed, fragments))
            there = min(there, fragments)
        else:
            samples = 2 if dataset.PhotometricInterpretation == "YBR_FULL_422" else int(dataset.SamplesPerPixel)
            there = len(dataset.PixelData) // (int(dataset.Rows) * int(dataset.Columns) * samples * int(dataset.BitsAllocated) // 8)
        if there < 1:
            raise self._refused("the file ends too early. Copy it again from its source")
        dataset.NumberOfFrames = there
        return there

    @property
    def _coded(self) -> bool:
        return bool(pydicom.uid.UID(self._syntax).is_encapsulated)

    # --- its values -------------------------------------------------------------------------------------------------

    def _stored(self, index: int) -> NDArray[Any]:
        """A picture's values as the file stores them, colours as RGB: (rows, columns) or (rows, columns, 3)."""
        dataset = self._dataset
        if self._coded:
            code = get_frame(dataset.PixelData, index, number_of_frames=self.frames)
            if self._syntax != _RUNS and coded_size(code) != (int(dataset.Columns), int(dataset.Rows)):
                raise self._refused("its picture data is damaged")  # and may ask for any amount of memory
            if self._syntax == _JPEG_EXTENDED and int(dataset.BitsStored) > 8:
                raise self._refused("it is JPEG with more than 8 bits. Export it uncompressed, or as JPEG 2000")
            if self._syntax in _JPEG_LOSSLESS:
                return self._lossless(code)
            if not pydicom.pixels.get_decoder(self._syntax).is_available:
                raise self._refused("it is compressed in a way that is not known here. Export it uncompressed, or as JPEG")
        return np.asarray(pixel_array(dataset, index=index))

    def _lossless(self, code: bytes) -> NDArray[Any]:
        """Pillow's JPEG library knows lossless files of 8 bits, and leaves their colours as they are."""
        if int(self._dataset.BitsAllocated) != 8 or str(self._dataset.PhotometricInterpretation).startswith("YBR"):
            raise self._refused("it is lossless JPEG of a kind that is not known here. Export it uncompressed, or as JPEG 2000")
        with Image.open(io.BytesIO(code), formats=("JPEG",)) as picture:
            return np.array(picture)

    def _as_rgb(self, stored: NDArray[Any]) -> RGB:
        dataset = self._dataset
        if dataset.PhotometricInterpretation == "PALETTE COLOR":
            coloured = apply_color_lut(stored, dataset)[..., :3]
            return np.ascontiguousarray(coloured if coloured.dtype == np.uint8 else _scaled(coloured, 16))
        if stored.ndim == 3:
            return np.ascontiguousarray(stored if stored.dtype == np.uint8 else _scaled(stored, int(dataset.BitsStored)))
        grey = self._windowed(stored)
        return 255 - grey if dataset.PhotometricInterpretation == "MONOCHROME1" else grey

    def _windowed(self, stored: NDArray[Any]) -> RGB:
        """Grey values as RGB by the window or table that the file names."""
        dataset = self._dataset
        values = apply_modality_lut(stored, dataset)
        if dataset.get("VOILUTSequence"):
            bits = int(dataset.VOILUTSequence[0].LUTDescriptor[2])
            return _grey(_scaled(apply_voi_lut(values, dataset, prefer_lut=True), bits))
        window = self._window()
        if window is not None:
            return _grey(_between(values, *window))
        if stored.dtype == np.uint8 and np.array_equal(values, stored):  # also where the file says: times 1, plus 0
            return _grey(stored)
        picture = stretched(values.astype(np.float32))
        if picture is None:
            raise self._refused("its picture data is damaged")
        return picture

    def _window(self) -> tuple[float, float] | None:
        """The first window as its lowest and its highest value; None if there is none that makes sense."""
        centre, width = (_first(self._dataset.get(key)) for key in ("WindowCenter", "WindowWidth"))
        if centre is None or width is None or not np.isfinite((centre, width)).all() or width <= 1:
            return None
        if str(self._dataset.get("VOILUTFunction", "LINEAR")) == "LINEAR":  # DICOM PS3.3 C.11.2.1.2.1
            centre, width = centre - 0.5, width - 1
        return centre - width / 2, centre + width / 2

    # --- refusing ---------------------------------------------------------------------------------------------------

    def _refused(self, why: str) -> UnreadableImage:
        return UnreadableImage(f"{self._name} cannot be read: {why}.")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Nothing but a sentence leaves; not even as the cause of one, for what pydicom raises quotes the file."""
        try:
            with silenced():
                yield
        except (UnreadableImage, MemoryError):
            raise
        except Exception:
            raise self._refused("its DICOM data is damaged") from None


def _after_offsets(pixel_data: bytes) -> bytes:
    """Pixel data behind its table of offsets, whose item is the first."""
    return pixel_data[8 + int.from_bytes(pixel_data[4:8], "little") :]


def _first(value: Any) -> float | None:
    try:
        return None if value is None else float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)
    except (TypeError, ValueError, IndexError):
        return None


def _scaled(values: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """0 to the most that so many bits hold, as 0 to 255."""
    return _between(values, 0, 2.0**bits - 1)


def _between(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    return np.asarray(np.clip((values.astype(np.float32) - low) * (255 / (high - low)) + 0.5, 0, 255), np.uint8)


def _grey(values: NDArray[np.uint8]) -> RGB:
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_GRAY2RGB), np.uint8)
