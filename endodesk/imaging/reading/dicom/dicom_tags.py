"""What the tags of a DICOM file say of its pixels, in our own words, with what the standard takes where a tag is missing."""

from dataclasses import dataclass
from typing import Any

_SAMPLES = {
    "MONOCHROME1": 1, "MONOCHROME2": 1, "PALETTE COLOR": 1, "RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_RCT": 3, "YBR_ICT": 3,
    "YBR_PARTIAL_422": 3,
}  # fmt: skip
"""Values of a pixel, by the kinds of colour that we show."""
_NOT_SHOWN = frozenset({"HSV", "ARGB", "CMYK", "YBR_PARTIAL_420", "XYB"})
_WHOLE_BITS = frozenset({1, 8, 16, 32, 64})


class Unsuitable(Exception):
    """The file cannot be shown; its text is the reason and the remedy, with nothing from a tag but words of the standard."""


def contradiction(what: str) -> Unsuitable:
    """The tags say one thing, the picture another."""
    return Unsuitable(f"what it says of its {what} contradicts its picture data. Export it anew from its source")


@dataclass(frozen=True, slots=True)
class PixelTags:
    """How pixels lie; all numbers checked."""

    rows: int
    columns: int
    colours: str
    """Photometric interpretation."""
    samples: int
    planar: int
    allocated: int
    """Bits that a value takes."""
    stored: int
    """Bits of these that belong to it."""
    unused_above: int
    """Bits above the value's highest."""
    signed: bool
    claimed: int
    """Number of pictures, at least 1: to be counted, not believed."""

    @property
    def is_colour(self) -> bool:
        """Whether a pixel has several values."""
        return self.samples > 1


def pixel_tags(dataset: Any, *, float_bits: int) -> PixelTags:
    """From a pydicom data set. `float_bits` is 0, or how many a value of floating point has. Unsuitable for what we do not show."""
    colours = str(dataset.get("PhotometricInterpretation") or ("MONOCHROME2" if float_bits else "")).strip(" \0")
    if colours not in _SAMPLES:
        named = f", {colours}," if colours in _NOT_SHOWN else ""
        raise Unsuitable(f"its colours{named} are of a kind that is not known here. Export it as RGB")
    samples = _whole(dataset, "SamplesPerPixel", _SAMPLES[colours])
    if samples != _SAMPLES[colours]:
        raise Unsuitable("its tags contradict each other about its colours. Export it anew from its source")
    allocated = float_bits or _whole(dataset, "BitsAllocated", 0)
    stored = allocated if float_bits else _whole(dataset, "BitsStored", allocated)
    if allocated not in _WHOLE_BITS or not 1 <= stored <= allocated:
        raise Unsuitable("its pixels do not have 1, 8, 16, 32 or 64 bits. Export it with 8 bits")
    rows, columns = _whole(dataset, "Rows", 0), _whole(dataset, "Columns", 0)
    if min(rows, columns) < 1:
        raise Unsuitable("it does not say what size its picture has. Export it anew from its source")
    high = _whole(dataset, "HighBit", stored - 1)
    return PixelTags(
        rows=rows,
        columns=columns,
        colours=colours,
        samples=samples,
        planar=_whole(dataset, "PlanarConfiguration", 0) if samples > 1 else 0,
        allocated=allocated,
        stored=stored,
        unused_above=allocated - 1 - (high if stored - 1 <= high < allocated else stored - 1),
        signed=_whole(dataset, "PixelRepresentation", 0) == 1 and not float_bits,
        claimed=max(1, _whole(dataset, "NumberOfFrames", 1)),
    )


def first_number(value: Any) -> float | None:
    """Of a value or of several; None where it is none."""
    try:
        return None if value is None else float(value if isinstance(value, str | float | int) else value[0])
    except (TypeError, ValueError, IndexError):
        return None


def _whole(dataset: Any, keyword: str, otherwise: int) -> int:
    value = first_number(dataset.get(keyword))
    return otherwise if value is None or not -(2.0**31) < value < 2.0**31 else int(value)
