"""From a DICOM file to pixels. Only the tags that say how its pixels lie are ever read: a patient's name never reaches this program.

Import it where a file is known to be DICOM: it brings pydicom, which the window must not wait for.
"""

import io
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.datadict import tag_for_keyword
from pydicom.filereader import data_element_generator

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.dicom.coded_stream import CodedStream, coded_stream
from endodesk.imaging.reading.dicom.dicom_colours import Colours, colours_of, shares_colours, tag_was_believed, to_rgb
from endodesk.imaging.reading.dicom.dicom_decode import (
    RUNS,
    Invented,
    bits_of,
    check_stream,
    floating,
    from_runs,
    from_stream,
    uncompressed,
)
from endodesk.imaging.reading.dicom.dicom_frames import CodedFrames, Offsets, coded_frames
from endodesk.imaging.reading.dicom.dicom_grey import between, grey_rules, has_groups, shown_grey
from endodesk.imaging.reading.dicom.dicom_parts import CutShort, Damaged, PixelElement, TooLarge, elements_of, pixel_element
from endodesk.imaging.reading.dicom.dicom_tables import palette
from endodesk.imaging.reading.dicom.dicom_tags import Unsuitable, contradiction, pixel_tags
from endodesk.imaging.reading.header import Header, silenced
from endodesk.imaging.reading.profiles import conversion_of

# Why: docs/decisions/imaging.md 13
_PIXEL_TAGS = [
    "SOPClassUID", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "PixelPresentation", "ICCProfile",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "ExtendedOffsetTable",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence",
    "RedPaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData", "SegmentedRedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableDescriptor", "BluePaletteColorLookupTableData", "SegmentedBluePaletteColorLookupTableData",
]  # fmt: skip
_SPECIFIC = [tag for tag in map(tag_for_keyword, _PIXEL_TAGS) if tag is not None]
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_FLOAT_BITS = {0x08: 32, 0x09: 64}
_UNCOMPRESSED = frozenset({"", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.98"})
_VIDEO = ("1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.7.")
"""How the names of MPEG 2, MPEG 4, HEVC and of streams of these begin."""
_JPEG_XL = "1.2.840.10008.1.2.4.11"
_CUT = "the file ends too early. Copy it again from its source"
_DAMAGED = "its picture data is damaged"
_MOST_BYTES = 800 << 20
"""Of one decoded picture."""
_COLOUR_BYTES, _GREY_BYTES = 14, 22
"""A pixel, with all copies, and as much again as its values take in memory: JPEG 2000 is decoded as numbers of 32 bits, and grey goes
through its measures and tables as floating point."""

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
            self._elements = elements_of(data)
            self._syntax = self._elements.syntax
            if self._syntax.startswith(_VIDEO):
                raise Unsuitable("it holds an MPEG video. Export it as mp4")
            self._dataset, self._pixels = self._read()
            self._tags = pixel_tags(self._dataset, float_bits=_FLOAT_BITS.get(self._pixels.number, 0))
            self._coded: CodedFrames | None = None
            self._pairs = False
            self.frames = self._count_coded() if self._pixels.coded else self._count()
            """That there are, whatever the file says of their number."""
            self._conversion = (
                None if self._tags.colours.startswith("MONOCHROME") else conversion_of(self._dataset.get("ICCProfile"), "RGB")
            )
            reading = 2 if self._conversion or self._was_shown_otherwise() else 1
        tags, profile = self._tags, self._conversion.name if self._conversion else ""
        needed = ((_COLOUR_BYTES if tags.is_colour else _GREY_BYTES) + tags.allocated // 4) * tags.columns * tags.rows
        self.header = Header(
            "DICOM", tags.colours, False, tags.columns, tags.rows, 1, reading=reading, profile=profile, decoding_bytes=needed
        )

    def frame(self, index: int) -> RGB:
        """One of the file's pictures, counted from 0, as H x W x 3 uint8 RGB.

        Grey goes by its own window, else from its darkest to its brightest where it has more than 8 bits.
        """
        with self._sentences():
            if self._frame_bits() // 8 > _MOST_BYTES:
                raise Unsuitable(f"its picture would take more than {_MOST_BYTES >> 20} MB of memory. Export it with 8 bits")
            pixels = self._shown(index)
            return np.ascontiguousarray(self._conversion(pixels) if self._conversion else pixels)

    # --- what there is ----------------------------------------------------------------------------------------------

    def _read(self) -> tuple[pydicom.Dataset, PixelElement]:
        """The tags up to the picture, and where this lies."""
        elements = self._elements
        stream = _WatchedBytes(elements.data)
        stream.seek(elements.start)
        raw = data_element_generator(
            stream, elements.implicit, elements.little, stop_when=lambda tag, *_: tag in _PIXELS, specific_tags=list(_SPECIFIC)
        )
        try:
            dataset = pydicom.Dataset({element.tag: element for element in raw})
        except EOFError:
            raise CutShort from None
        dataset.set_original_encoding(elements.implicit, elements.little)
        pixels = pixel_element(elements, stream.tell())
        if pixels is not None and pixels.cut:
            raise CutShort
        if pixels is not None and pixels.end > pixels.start and "Rows" in dataset:
            return dataset, pixels
        if pixels is None and (stream.short or stream.tell() > len(elements.data)):
            raise CutShort
        if pixels is None and _is_picture(dataset):
            raise Unsuitable("the file ends too early: it announces a picture, and holds none. Copy it again from its source")
        raise Unsuitable("it holds no picture (it may be a report, or a directory)")

    def _count_coded(self) -> int:
        table = self._dataset.get("ExtendedOffsetTable") or b""
        starts = tuple(np.frombuffer(table[: len(table) // 8 * 8], "<u8").tolist())
        said = Offsets(self._tags.claimed, starts)
        self._coded = coded_frames(self._elements.data, self._pixels.start, self._pixels.end, said, runs=self._syntax == RUNS)
        return len(self._coded.spans)

    def _count(self) -> int:
        """Of whole pictures that are not compressed; what the file says counts only where nothing else tells."""
        if self._syntax not in _UNCOMPRESSED:
            raise contradiction("compression")
        tags, length = self._tags, self._pixels.end - self._pixels.start
        size = self._frame_bits()
        if tags.colours in ("YBR_FULL_422", "YBR_PARTIAL_422"):
            self._pairs = shares_colours(length, tags)
            size = size * 2 // 3 if self._pairs else size
        there = length * 8 // size
        if there < 1 or (there < tags.claimed and length * 8 - there * size > 16):
            raise CutShort
        return there

    def _was_shown_otherwise(self) -> bool:
        """By EndoDesk 0.1: too dark, with bits that are none of its value, without its window or table, or in other colours."""
        tags, coded = self._tags, self._coded
        stream = coded_stream(coded.code(0)) if coded is not None and self._syntax != RUNS else None
        dark = tags.allocated == 8 and tags.stored < 8
        shifted = tags.unused_above != tags.allocated - tags.stored
        by_tables = tags.allocated > 8 and ("VOILUTSequence" in self._dataset or tags.colours == "PALETTE COLOR")
        return dark or shifted or by_tables or (has_groups(self._dataset) and not tags.is_colour) or tag_was_believed(tags, stream)

    # --- its values -------------------------------------------------------------------------------------------------

    def _shown(self, index: int) -> NDArray[np.uint8]:
        stored, colours, bits = self._stored(index)
        little = self._elements.little
        if colours != "grey":
            return to_rgb(stored if stored.dtype == np.uint8 and bits == 8 else between(stored, 0, 2.0**bits - 1), colours)
        if self._tags.colours == "PALETTE COLOR":
            return np.asarray(palette(self._dataset, signed=self._tags.signed, little=little).of(stored), np.uint8)
        return shown_grey(stored, grey_rules(self._dataset, self._tags, index, little=little), bits)

    def _stored(self, index: int) -> tuple[NDArray[Any], Colours, int]:
        """A picture's values as the file stores them, (rows, columns) or (rows, columns, 3); what colours these are, and their bits."""
        tags, stream = self._tags, None
        data = memoryview(self._elements.data)[self._pixels.start : self._pixels.end]
        if self._pixels.number in _FLOAT_BITS:
            return floating(data, tags, index, number=self._pixels.number, little=self._elements.little), "grey", tags.stored
        if self._coded is None:
            values = uncompressed(data, tags, index, kind=self._pixels.kind, little=self._elements.little, pairs=self._pairs)
        else:
            code = self._coded.code(index)
            stream = None if self._syntax == RUNS else coded_stream(code)
            if stream is not None:
                check_stream(stream, tags)
            values = self._decoded(code, stream)
        return values, colours_of(tags, stream), bits_of(values, tags, stream)

    def _decoded(self, code: bytes, stream: CodedStream | None) -> NDArray[Any]:
        try:
            if self._syntax == RUNS:
                return from_runs(code, self._tags)
            if stream is not None:
                return from_stream(code, stream, self._tags)
            if self._syntax in _UNCOMPRESSED and len(code) * 8 >= self._frame_bits():
                return uncompressed(memoryview(code), self._tags, 0, kind=self._pixels.kind, little=True, pairs=False)
        except Invented:
            raise CutShort from None
        except (MemoryError, Unsuitable):
            raise
        except Exception:
            if self._syntax != RUNS and not code.rstrip(b"\0").endswith(b"\xff\xd9"):
                raise CutShort from None
            raise Damaged from None
        raise self._unknown_compression()

    def _frame_bits(self) -> int:
        """Of one picture that is not compressed."""
        return self._tags.rows * self._tags.columns * self._tags.samples * self._tags.allocated

    def _unknown_compression(self) -> Unsuitable:
        name = "JPEG XL" if self._syntax.startswith(_JPEG_XL) else pydicom.uid.UID(self._syntax).name
        named = "" if name == self._syntax or not name else f", {name},"
        return Unsuitable(f"its compression{named} is not known here. Export it uncompressed, or as JPEG")

    # --- refusing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Nothing but a sentence leaves; not even as the cause of one, for what pydicom raises quotes the file."""
        try:
            with silenced():
                yield
            return
        except (UnreadableImage, MemoryError):
            raise
        except Exception as error:
            why = _reason(error)
        raise UnreadableImage(f"{self._name} cannot be read: {why}.")


class _WatchedBytes(io.BytesIO):
    """Knows whether less was there than was asked for; the end itself does not count."""

    short = False

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.short = self.short or bool(got and size is not None and len(got) < size)
        return got


def _is_picture(dataset: pydicom.Dataset) -> bool:
    """Whether the file is of a kind that holds one."""
    kind = dataset.get("SOPClassUID")
    return "Rows" in dataset or (kind is not None and "Image Storage" in pydicom.uid.UID(str(kind)).name)


def _reason(error: Exception) -> str:
    if isinstance(error, Unsuitable):
        return str(error)
    if isinstance(error, CutShort):
        return _CUT
    if isinstance(error, TooLarge):
        return "it is deflated, and would fill the memory. Export it uncompressed, or as JPEG"
    if isinstance(error, Damaged | zlib.error):
        return _DAMAGED
    return "its DICOM data is damaged"
