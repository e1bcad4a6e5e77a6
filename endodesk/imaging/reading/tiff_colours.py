"""What the samples of a TIFF file mean: white or black first, how many bits, palettes, inks, alpha, profiles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.colours import as_rgb, eight_bits, white_of
from endodesk.imaging.reading.header import Refused, stretched
from endodesk.imaging.reading.profiles import Conversion, conversion_of

_WHITE_FIRST, _BLACK_FIRST, _RGB, _PALETTE, _INKS, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8
_KINDS = {_WHITE_FIRST: 1, _BLACK_FIRST: 1, _RGB: 3, _PALETTE: 1, _INKS: 4, _YCBCR: 3, _LAB: 3}
"""How many samples the colours take, by PhotometricInterpretation."""
_NAMES = {4: "a mask", 9: "Lab colours", 10: "Lab colours", 32844: "LogLuv colours", 32845: "LogLuv colours"}
_JPEG, _PLANAR = (6, 7), 2
_EIGHT_BIT_PALETTE = 256
_UNSIGNED, _SIGNED, _FLOATING = 1, 2, 3
_PREMULTIPLIED, _ALPHA = 1, 2
_MAXIMUM, _PROFILE, _INK_SET, _COEFFICIENTS, _REFERENCE = 281, 34675, 332, 529, 532
_FULL_RANGE = ((0, 255, 128, 255, 128, 255), (0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1))
_EXPORT = "Export it as PNG, or as TIFF with 8 bits"


@dataclass(frozen=True, slots=True)
class TiffColours:
    """How samples become RGB."""

    mode: str
    alpha: bool
    reading: int
    conversion: Conversion | None
    shown: Callable[[NDArray[Any]], RGB]
    """H x W x samples as RGB; Refused if there is no picture in them."""


def colours_of(page: Any) -> TiffColours:
    """What tifffile's page says. Refused for kinds that are not proven to come out right."""
    photometric, bits, packing = int(page.photometric), page.bitspersample, int(page.compression)
    if photometric not in _KINDS:
        raise Refused(f"it is made of {_NAMES.get(photometric, 'colours of a kind')} that are not read here. {_EXPORT}")
    needed = _KINDS[photometric]
    if not isinstance(bits, int) or page.samplesperpixel < needed or int(page.sampleformat or 1) not in (_UNSIGNED, _SIGNED, _FLOATING):
        raise Refused(f"its samples are of a kind that is not read here. {_EXPORT}")
    samples = _Samples(page, photometric, bits, needed)
    if packing in _JPEG and bits != 8:
        raise Refused(f"it is packed as JPEG of {bits} bits. {_EXPORT}")
    if photometric == _YCBCR and packing not in _JPEG:
        _check_plain_ycbcr(page, bits)
    if photometric == _LAB and bits != 8:
        raise Refused(f"it is made of Lab colours of {bits} bits. {_EXPORT}")
    if photometric == _INKS and page.tags.valueof(_INK_SET, 1) != 1:
        raise Refused(f"its inks are not those of CMYK. {_EXPORT}")
    if not samples.plain and needed > 1:
        raise Refused(f"its colours have {bits} bits or are measurements. {_EXPORT}")
    return TiffColours(samples.mode, samples.alpha is not None, samples.reading, samples.conversion, samples.shown)


def _check_plain_ycbcr(page: Any, bits: int) -> None:
    reference = page.tags.valueof(_REFERENCE, None)
    if bits != 8 or tuple(page.subsampling or (1, 1)) != (1, 1) or (reference is not None and tuple(reference) not in _FULL_RANGE):
        raise Refused(f"it is made of YCbCr colours of a kind that is not read here. {_EXPORT}")


class _Samples:
    """One page's, by what its tags say."""

    def __init__(self, page: Any, photometric: int, bits: int, needed: int) -> None:
        self._photometric, self._bits, self._needed = photometric, bits, needed
        extra = tuple(int(kind) for kind in (page.extrasamples or ()))
        if not extra and photometric == _RGB and page.samplesperpixel == 4:
            extra = (_ALPHA,)  # as most programs take files that do not say
        found = next((place for place, kind in enumerate(extra) if kind in (_PREMULTIPLIED, _ALPHA, 999)), None)
        self.alpha = None if found is None or photometric == _INKS else needed + found
        self._premultiplied = found is not None and extra[found] == _PREMULTIPLIED
        self.plain = int(page.sampleformat or 1) == _UNSIGNED and bits <= 16
        self._palette = np.asarray(page.colormap) if photometric == _PALETTE else None
        self._plain_ycbcr = photometric == _YCBCR and int(page.compression) not in _JPEG
        self._said_white = _said_white(page.tags.valueof(_MAXIMUM, None), bits)
        self.mode = {1: "L", 3: "RGB", 4: "CMYK"}[3 if photometric == _PALETTE else needed]
        self.conversion = conversion_of(page.tags.valueof(_PROFILE, None), self.mode)
        self.reading = 2 if self.conversion or self._was_shown_otherwise(page) else 1

    def _was_shown_otherwise(self, page: Any) -> bool:
        """By programs before 0.2."""
        if self._needed == 1 and not self.plain:
            return self._photometric == _WHITE_FIRST or self._bits == 8 or int(page.sampleformat or 1) == _UNSIGNED
        if self._palette is not None:
            return bool(self._palette.max() < _EIGHT_BIT_PALETTE)
        deep = self._bits > 8 and self._photometric != _INKS and (self.alpha is None or page.planarconfig == _PLANAR)
        return bool(deep or page.index > 0)

    def shown(self, samples: NDArray[Any]) -> RGB:
        if self._palette is not None:
            return as_rgb(self._with_alpha(_looked_up(self._palette, samples[..., 0]), samples), self.conversion)
        if not self.plain:
            return self._measured(samples[..., 0])
        colours = self._eight_bits(samples[..., : self._needed])
        if self._photometric == _INKS:
            return self.conversion(colours) if self.conversion else _converted(colours, "CMYK", "RGB")
        if self._photometric == _WHITE_FIRST:
            colours = np.invert(colours)
        elif self._plain_ycbcr:
            colours = _converted(colours, "YCbCr", "RGB")
        elif self._photometric == _LAB:
            colours = _converted(colours, "LAB", "RGB")
        return as_rgb(self._with_alpha(colours, samples), self.conversion)

    def _measured(self, values: NDArray[Any]) -> RGB:
        grey = stretched(values.astype(np.float32))
        if grey is None:
            raise Refused(f"some of its values are no numbers. {_EXPORT}")
        return np.asarray(255 - grey if self._photometric == _WHITE_FIRST else grey, np.uint8)

    def _eight_bits(self, samples: NDArray[Any]) -> NDArray[np.uint8]:
        if self._bits == 8:
            return np.ascontiguousarray(samples, np.uint8)
        if self._bits != 16:
            return eight_bits(samples.astype(np.uint16), (1 << self._bits) - 1)
        white = self._said_white or (white_of(samples) if self.alpha is None and self._photometric != _INKS else 65535)
        if white == 65535 and self._needed > 1:
            return (samples >> 8).astype(np.uint8)  # colours as Pillow reads them, grey as OpenCV
        return eight_bits(samples, white)

    def _with_alpha(self, colours: NDArray[np.uint8], samples: NDArray[Any]) -> NDArray[np.uint8]:
        if self.alpha is None:
            return colours
        alpha = samples[..., self.alpha]
        alpha = (alpha >> 8).astype(np.uint8) if self._bits == 16 else alpha.astype(np.uint8)
        if self._premultiplied:
            rgba = np.dstack([*(colours[..., min(place, colours.shape[2] - 1)] for place in range(3)), alpha])
            return _converted(rgba, "RGBa", "RGBA")
        return np.dstack([colours, alpha])


def _said_white(maximum: object, bits: int) -> int | None:
    """MaxSampleValue, where it says how many bits of 16 are used; elsewhere it is mere statistics."""
    value = maximum[0] if isinstance(maximum, tuple) and maximum else maximum
    return value if bits == 16 and isinstance(value, int) and value in [(1 << used) - 1 for used in range(8, 16)] else None


def _looked_up(palette: NDArray[np.uint16], places: NDArray[Any]) -> NDArray[np.uint8]:
    colours = palette.T if palette.max() < _EIGHT_BIT_PALETTE else palette.T >> 8  # some programs write 8 bits where 16 are meant
    return np.asarray(colours.astype(np.uint8)[np.minimum(places, len(colours) - 1)])


def _converted(samples: NDArray[np.uint8], mode: str, wanted: str) -> NDArray[np.uint8]:
    size = (samples.shape[1], samples.shape[0])
    picture = Image.frombuffer(mode, size, np.ascontiguousarray(samples), "raw", mode, 0, 1)
    return np.array(picture.convert(wanted), np.uint8)
